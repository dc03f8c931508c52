"""The settings of the language model: off unless a person turns it on, all about it in one place."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop import tokens
from desktop.asking import Asking
from desktop.engine import Link
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.segmented import Segmented
from desktop.widgets.settingrow import NumberField, SettingSection, stacked, text_field
from desktop.widgets.ticks import Tick
from desktop.widgets.words import button, link, words
from desktop.widgets.wrapping import WrappingRow, wrapping
from indexer.errors import LorebaseError
from indexer.protocol import (
    LOCAL_ONLY,
    MODEL,
    MODEL_FIND,
    MODEL_KEY,
    MODEL_TEST,
    FindModels,
    FoundKey,
    FoundModels,
    FoundServer,
    GivenKey,
    KeyPlace,
    KeyWanted,
    LocalOnly,
    ModelState,
    ModelTest,
)
from indexer.settings import Settings

OFF = "off"
MOST_FOUND = 12


class ModelSection(SettingSection):
    """Shows ModelSettings, and tells what the person changes of them; the key goes to the engine alone."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            QCoreApplication.translate(
                "ModelSection",
                "An option. It may put evidence into prose; it never adds a fact, and never sets a label."
                " Nothing is sent unless you ask for an answer to be written out.",
            ),
        )
        self._calls = Asking(self)
        self._given = ""
        self._linked = False
        self._found: WrappingRow
        self._make_controls()
        self.add(*self._make_rows())

    # ------------------------------------------------------------------------ the page's side

    @staticmethod
    def called() -> str:
        """Return the heading."""
        return QCoreApplication.translate("ModelSection", "Language model")

    def set_link(self, new: Link | None) -> None:
        """Know the engine, and the repository, that the settings would be for."""
        self._calls.set_link(new)
        self._linked = new is not None
        self.ask_state()

    def set_key(self, key: str) -> None:
        """Take the key that the environment of this window holds."""
        self._given = key

    def ask_state(self) -> None:
        """Ask how the running engine would use the model."""
        self._local.setVisible(self._linked)
        self._calls.ask(MODEL, GivenKey(self._given), self._on_state, self._on_failed)

    def show_settings(self, settings: Settings) -> None:
        """Show what holds; tells nobody."""
        model = settings.model
        self.provider.show_value(model.provider)
        for field, text in ((self.name, model.name), (self.url, model.url)):
            if not field.hasFocus():
                field.setText(text)
        self.context.show_value(model.context_tokens)
        for row in self._only_on:
            row.setVisible(model.provider != OFF)

    # ------------------------------------------------------------------------ layout

    def _make_controls(self) -> None:
        theme, tr = self._theme, self.tr
        self.provider = Segmented(
            theme,
            tr("Language model"),
            (
                (OFF, tr("Off")),
                ("ollama", "Ollama"),
                ("openai", tr("OpenAI-compatible")),
                ("anthropic", "Anthropic"),
            ),
        )
        self.provider.chosen.connect(self._on_provider)
        self.look = button(theme, tr("Look on this machine"), "search")
        self.look.clicked.connect(self._on_look)
        self.name = self._field(tr("Name of the model"), "name", "qwen3:8b")
        self.url = self._field(tr("Address of its server"), "url", tr("Empty: where it usually is"))
        self.context = NumberField(theme, 1_024, 2_000_000, tr("tokens"))
        self.context.valueChanged.connect(partial(self.tell, "model", "context_tokens"))
        self.key = text_field(theme, tr("Key"), tr("Kept in this system’s keyring"))
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.keep = button(theme, tr("Keep"))
        self.keep.clicked.connect(self._on_keep)
        self.forget = button(theme, tr("Forget"), flat=True)
        self.forget.clicked.connect(self._on_forget)
        self.key_told = words(theme, "", tokens.META, "2", wrap=True)
        self.told = words(theme, "", tokens.INTERFACE, "2", wrap=True)
        self.try_it = button(theme, tr("Try it"), "play")
        self.try_it.clicked.connect(self._on_try)
        self.local = Tick(theme, tr("Nothing of this repository leaves this machine"))
        self.local.toggled.connect(self._on_local)

    def _make_rows(self) -> tuple[QWidget, ...]:
        theme, tr = self._theme, self.tr
        found, self._found = wrapping(theme.px(12), theme.px(4))
        name = self.row(tr("Model"), tr("What its server calls it."), self.name)
        url = self.row(tr("Server"), tr("Only this address is ever reached."), self.url)
        context = self.row(
            tr("It may read and write"), tr("What does not fit is left out, and said."), self.context
        )
        key = self.row(tr("Key"), tr("Given to this server alone; never in a file of ours."), self._key_box())
        state = self.row(tr("Now"), "", stacked(theme, self.told, self.try_it))
        self._only_on = (name, url, context, key, state)
        self._local = self.row(tr("This repository"), tr("A mark that holds for every front."), self.local)
        return (
            self.row(tr("Model"), tr("Off: answers are quoted, not written."), self.provider),
            self.row(
                tr("Models that run here"),
                tr("Looks at this machine’s own ports, and at nothing else."),
                stacked(theme, self.look, found),
            ),
            *self._only_on,
            self._local,
        )

    def _key_box(self) -> QWidget:
        holder, row = wrapping(self._theme.px(8), self._theme.px(4))
        row.addWidget(self.keep)
        row.addWidget(self.forget)
        return stacked(self._theme, self.key, holder, self.key_told)

    def _field(self, name: str, setting: str, hint: str) -> QLineEdit:
        made = text_field(self._theme, name, hint)
        made.editingFinished.connect(partial(self._on_typed, made, setting))
        return made

    # ------------------------------------------------------------------------ what the person does

    def _on_provider(self, provider: object) -> None:
        # A name and an address belong to a provider.
        self.changed.emit("model", {"provider": provider, "name": "", "url": ""})

    def _on_typed(self, field: QLineEdit, setting: str) -> None:
        self.tell("model", setting, field.text().strip())

    def _on_look(self) -> None:
        self._clear_found()
        self._calls.ask(MODEL_FIND, FindModels(), self._on_found, self._on_failed)

    def _on_chosen(self, server: FoundServer, name: str, _checked: bool = False) -> None:
        self.changed.emit("model", {"provider": server.provider, "name": name, "url": server.url})

    def _on_keep(self) -> None:
        key = self.key.text().strip()
        self.key.clear()
        if key:
            self._calls.ask(MODEL_KEY, KeyWanted(key), self._on_key, self._on_failed)

    def _on_forget(self) -> None:
        self._calls.ask(MODEL_KEY, KeyWanted(forget=True), self._on_key, self._on_failed)

    def _on_try(self) -> None:
        self.told.setText(self.tr("Asking it for a word; nothing of a repository is sent."))
        self.try_it.setEnabled(False)
        self._calls.ask(MODEL_TEST, GivenKey(self._given), self._on_tried, self._on_not_tried)

    def _on_local(self, on: bool) -> None:
        self._calls.ask(LOCAL_ONLY, LocalOnly(on), self._on_state, self._on_failed)

    # ------------------------------------------------------------------------ answers

    def _on_state(self, state: ModelState) -> None:
        self.local.blockSignals(True)
        self.local.setChecked(state.local_only)
        self.local.blockSignals(False)
        where = self.tr("on this machine") if state.on_this_machine else self.tr("on another machine")
        ready = self.tr("%(name)s %(where)s is ready to write.") % {"name": plain(state.name), "where": where}
        said = plain(state.problem) or ready
        self.told.setText(" ".join((said, *(plain(each) for each in state.notices))))
        self._show_key(state.key)

    def _show_key(self, place: KeyPlace) -> None:
        self.key_told.setText(
            {
                KeyPlace.ENVIRONMENT: self.tr("Taken from the environment."),
                KeyPlace.KEYRING: self.tr("In the keyring of this system."),
                KeyPlace.MEMORY: self.tr("In the memory of the running engine, until that leaves."),
                KeyPlace.NOWHERE: self.tr("None is kept."),
            }[place]
        )

    def _on_key(self, found: FoundKey) -> None:
        self._show_key(found.place)
        if found.notice:
            self.key_told.setText(f"{self.key_told.text()} {plain(found.notice)}")
        self.ask_state()

    def _on_found(self, found: FoundModels) -> None:
        self._clear_found()
        shown = [(server, name) for server in found.servers for name in server.models][:MOST_FOUND]
        for server, name in shown:
            made = link(self._theme, plain(name).replace("&", "&&"))
            made.setAccessibleName(self.tr("Use %s") % plain(name))
            made.setToolTip(plain(server.url))
            made.clicked.connect(partial(self._on_chosen, server, name))
            self._found.addWidget(made)
        if not shown:
            ports = ", ".join(str(each) for each in found.ports)
            none = self.tr("No server of language models answers on this machine (ports %s).") % ports
            self._found.addWidget(words(self._theme, none, tokens.META, "2"))

    def _clear_found(self) -> None:
        while (item := self._found.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()

    def _on_tried(self, found: ModelTest) -> None:
        self.try_it.setEnabled(True)
        values = {"first": f"{found.first_seconds:.1f}", "all": f"{found.seconds:.1f}"}
        self.told.setText(self.tr("It answers: first word after %(first)s s, all after %(all)s s.") % values)

    def _on_not_tried(self, error: LorebaseError) -> None:
        self.try_it.setEnabled(True)
        self._on_failed(error)

    def _on_failed(self, error: LorebaseError) -> None:
        self.told.setText(plain(f"{error.message} {error.hint}".strip()))
