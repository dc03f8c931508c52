"""Settings: what the person may choose; each choice holds at once, and is kept in one TOML file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop import tokens
from desktop.asking import Asking
from desktop.commands import Command
from desktop.editor import editor_command
from desktop.engine import Link
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.turns import in_a_turn
from desktop.widgets.agentsection import AgentSection
from desktop.widgets.modelsection import ModelSection
from desktop.widgets.plainsections import KeySection, PrivacySection
from desktop.widgets.scrollpage import ScrollPage, reading_page
from desktop.widgets.segmented import Segmented
from desktop.widgets.settingrow import NumberField, SettingRow, SettingSection
from desktop.widgets.ticks import Tick
from desktop.widgets.words import button, words
from indexer.protocol import FINISH, Nothing
from indexer.settings import Settings

WIDTH = 760
SIDE = 184
SIDE_FROM = 860
"""Width of the page, px at 100 %, from which the list of sections stands beside it."""

PACKAGED, NONE, OTHER = "packaged", "none", "other"

EDITORS = (
    ("", ""),
    ("VS Code", "code --goto {path}:{line}"),
    ("JetBrains", "idea --line {line} {path}"),
    ("Vim", "gvim +{line} {path}"),
    ("Emacs", "emacsclient --no-wait +{line} {path}"),
)
"""What stands ready; the field takes any other command."""

IN_VIEW = 2
"""Sections that fill a page; the rest is laid out in a turn of its own."""


class SettingsView(QWidget):
    """Emits ``settingsChanged`` with the whole of the new settings; the window keeps them."""

    settingsChanged = Signal(object)
    noticed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._link: Link | None = None
        self._calls = Asking(self)
        self.settings = Settings(Path())
        self._changed_engine = False
        self._jumps: list[QPushButton] = []
        self._sections: list[SettingSection] = []
        self.setAccessibleName(self.tr("Settings"))
        self._make_controls()
        self._build()
        self._show_values()

    # ------------------------------------------------------------------------ the window's side

    def set_link(self, new: Link | None) -> None:
        """Know the engine that new settings would be for."""
        self._link = new
        self._calls.set_link(new)
        self.language_model.set_link(new)
        self.agents.set_link(new)
        self._show_engine()

    def set_settings(self, settings: Settings) -> None:
        """Show these settings."""
        self.settings = settings
        self._show_values()

    def set_given_key(self, key: str) -> None:
        """Take the key that the environment of this window holds for a language model's server."""
        self.language_model.set_key(key)

    def set_commands(self, commands: Sequence[Command]) -> None:
        """Show the keys of these commands."""
        self.keys.set_commands(commands)

    def show_place(self, place: object) -> None:
        """Be shown; there is one place here."""

    def focus_first(self) -> None:
        """Put the keyboard on the first choice."""
        self.scheme.focus_value()

    def keep(self) -> object:
        """Return where the person is, by part and not by pixel: the scale may change."""
        held = QApplication.focusWidget()
        named = [
            name
            for name, each in self._controls()
            if held is not None and (each is held or each.isAncestorOf(held))
        ]
        bar = self._scroll.verticalScrollBar()
        share = bar.value() / bar.maximum() if bar.maximum() else 0.0
        return (named[0] if named else "", share, self._changed_engine)

    def recall(self, kept: object) -> None:
        """Take what `keep` returned."""
        if not isinstance(kept, tuple):
            return
        name, share, self._changed_engine = kept
        self._add_rest()
        self._show_engine()

        def settle() -> None:
            bar = self._scroll.verticalScrollBar()
            bar.setValue(round(bar.maximum() * share))
            control = dict(self._controls()).get(name)
            if isinstance(control, Segmented):
                control.focus_value()
            elif control is not None:
                control.setFocus()

        QTimer.singleShot(0, self, settle)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the list of sections where there is room for it."""
        super().resizeEvent(event)
        wide = self.width() >= self._theme.px(SIDE_FROM)
        self._side.setVisible(wide)

    # ------------------------------------------------------------------------ controls

    def _make_controls(self) -> None:
        theme = self._theme
        self.scheme = Segmented(
            theme,
            self.tr("Colours"),
            (("system", self.tr("As the system")), ("light", self.tr("Light")), ("dark", self.tr("Dark"))),
        )
        self.scheme.chosen.connect(partial(self._set, "window", "scheme"))
        self.scale = Segmented(
            theme, self.tr("Size"), [(each, f"{round(each * 100)}%") for each in tokens.SCALES]
        )
        self.scale.chosen.connect(partial(self._set, "window", "scale"))
        self.working_copy = self._check(self.tr("Read uncommitted changes"), "working_copy")
        self.model = Segmented(
            theme,
            self.tr("Search by meaning"),
            (
                (PACKAGED, self.tr("Packaged model")),
                (NONE, self.tr("Off: words only")),
                (OTHER, self.tr("Another model")),
            ),
        )
        self.model.chosen.connect(self._on_model)
        self.model_name = self._field(self.tr("Name or folder of the model"), self._on_model_name)
        self.model_name.setPlaceholderText(self.tr("A sentence-transformers model: its name, or its folder"))
        self.device = Segmented(
            theme, self.tr("Runs on"), (("cpu", "CPU"), ("cuda", "CUDA"), ("mps", "Apple GPU"))
        )
        self.device.chosen.connect(partial(self._set, "indexing", "device"))
        self.threads = NumberField(
            theme, 0, 64, self.tr("threads"), self.tr("0: as many as there are cores, 4 at most")
        )
        self.threads.valueChanged.connect(partial(self._set, "engine", "embed_threads"))
        self.workers = NumberField(theme, 1, 32, self.tr("processes"))
        self.workers.valueChanged.connect(partial(self._set, "indexing", "parse_workers"))
        self.watch = NumberField(theme, 0, 3600, self.tr("seconds"), self.tr("0: only when you ask"))
        self.watch.valueChanged.connect(partial(self._set_float, "indexing", "watch_seconds"))
        self.largest = NumberField(theme, 50, 100_000, "KB")
        self.largest.valueChanged.connect(self._on_largest)
        self.largest_lines = NumberField(theme, 1, 1_000, "MB")
        self.largest_lines.valueChanged.connect(self._on_largest_lines)
        self.idle = NumberField(theme, 1, 1440, self.tr("minutes"))
        self.idle.valueChanged.connect(self._on_idle)
        self.editor_kind = Segmented(
            theme,
            self.tr("Editor"),
            [(command, name or self.tr("The first one found")) for name, command in EDITORS],
        )
        self.editor_kind.chosen.connect(self._on_editor_kind)
        self.editor = self._field(self.tr("Command of the editor"), self._on_editor)
        self.editor.setFont(theme.font(tokens.CODE))
        self.editor.setPlaceholderText("code --goto {path}:{line}")
        self.editor_told = words(theme, "", tokens.META, "2", wrap=True)
        self.language_model = ModelSection(theme)
        self.language_model.changed.connect(self._on_language_model)
        self.language_model.noticed.connect(self.noticed)
        self.agents = AgentSection(theme)
        self.agents.noticed.connect(self.noticed)
        self.privacy = PrivacySection(theme)
        self.privacy.noticed.connect(self.noticed)
        self.keys = KeySection(theme)
        self.restart = button(theme, self.tr("Restart the engine"), "refresh")
        self.restart.clicked.connect(self._restart)
        self.engine_told = words(theme, "", tokens.INTERFACE, "2", wrap=True)

    def _check(self, text: str, name: str) -> Tick:
        made = Tick(self._theme, text)
        made.toggled.connect(partial(self._set, "indexing", name))
        return made

    def _field(self, name: str, finished: object) -> QLineEdit:
        made = QLineEdit()
        made.setFont(self._theme.font(tokens.INTERFACE))
        made.setAccessibleName(name)
        made.editingFinished.connect(finished)
        return made

    def _controls(self) -> list[tuple[str, QWidget]]:
        names = (
            "scheme",
            "scale",
            "working_copy",
            "model",
            "model_name",
            "device",
            "threads",
            "workers",
            "watch",
            "largest",
            "largest_lines",
            "idle",
            "editor_kind",
            "editor",
            "restart",
        )
        return [(name, getattr(self, name)) for name in names]

    # ------------------------------------------------------------------------ changes

    def _set(self, section: str, name: str, value: object) -> None:
        """Change one setting; the same value again is no change."""
        held = getattr(self.settings, section)
        if getattr(held, name) == value:
            return
        changed = replace(held, **{name: value})
        self.settings = replace(self.settings, **{section: changed})
        self._changed_engine = self._changed_engine or section != "window"
        self._show_values()
        self.settingsChanged.emit(self.settings)

    def _on_language_model(self, changes: dict[str, object]) -> None:
        model = replace(self.settings.model, **changes)  # type: ignore[arg-type]
        if model != self.settings.model:
            self.settings = replace(self.settings, model=model)
            self._changed_engine = True
            self._show_values()
            self.settingsChanged.emit(self.settings)

    def _set_float(self, section: str, name: str, value: int) -> None:
        self._set(section, name, float(value))

    def _on_model(self, chosen: object) -> None:
        if chosen == OTHER:
            self._show_other(True)
            self.model_name.setFocus()
        else:
            self._set("indexing", "model", chosen)

    def _on_model_name(self) -> None:
        name = self.model_name.text().strip()
        if name:
            self._set("indexing", "model", name)

    def _on_largest(self, kilobytes: int) -> None:
        self._set("indexing", "parse_bytes", kilobytes * 1000)

    def _on_largest_lines(self, megabytes: int) -> None:
        self._set("indexing", "lines_bytes", megabytes * 1_000_000)

    def _on_idle(self, minutes: int) -> None:
        self._set("engine", "idle_seconds", minutes * 60.0)

    def _on_editor_kind(self, command: object) -> None:
        self._set("window", "editor", str(command))

    def _on_editor(self) -> None:
        self._set("window", "editor", self.editor.text().strip())

    def _restart(self) -> None:
        if self._link is not None:
            self._link.take_settings(self.settings)
            self._calls.ask(FINISH, Nothing(), self._on_restarted, self._on_not_restarted)

    def _on_restarted(self, _: Nothing) -> None:
        self._changed_engine = False
        self._show_engine()
        self.language_model.ask_state()

    def _on_not_restarted(self, error: object) -> None:
        """Take it as done: an engine that is gone starts next with these settings."""
        self._on_restarted(Nothing())

    # ------------------------------------------------------------------------ showing

    def _show_values(self) -> None:
        """Show what holds; tells nobody."""
        indexing, engine, window = self.settings.indexing, self.settings.engine, self.settings.window
        self.scheme.show_value(window.scheme)
        self.scale.show_value(min(tokens.SCALES, key=lambda each: abs(each - window.scale)))
        packaged = indexing.model in (PACKAGED, NONE)
        self.model.show_value(indexing.model if packaged else OTHER)
        self._show_other(not packaged)
        self.device.show_value(indexing.device)
        for field, value in (
            (self.threads, engine.embed_threads),
            (self.workers, indexing.parse_workers),
            (self.watch, round(indexing.watch_seconds)),
            (self.largest, round(indexing.parse_bytes / 1000)),
            (self.largest_lines, round(indexing.lines_bytes / 1_000_000)),
            (self.idle, round(engine.idle_seconds / 60)),
        ):
            field.show_value(value)
        self.working_copy.blockSignals(True)
        self.working_copy.setChecked(indexing.working_copy)
        self.working_copy.blockSignals(False)
        if not packaged and not self.model_name.hasFocus():
            self.model_name.setText(indexing.model)
        if not self.editor.hasFocus() or self.editor.text().strip() != window.editor:
            self.editor.setText(window.editor)
        known = [command for _, command in EDITORS]
        self.editor_kind.show_value(window.editor if window.editor in known else None)
        self._show_editor()
        self._show_engine()
        self.language_model.show_settings(self.settings.model)
        self.privacy.show_folder(str(self.settings.data_dir))

    def _show_other(self, other: bool) -> None:
        self.other_row.setVisible(other)
        self.device_row.setVisible(other)

    def _show_editor(self) -> None:
        example = Path("/src/example.py")
        found = editor_command(self.settings.window.editor, example, 42)
        if found:
            self.editor_told.setText(self.tr("Runs: %s") % plain(" ".join(found)))
        else:
            self.editor_told.setText(self.tr("No editor was found on this computer. Type its command above."))

    def _show_engine(self) -> None:
        waiting = self._changed_engine and self._link is not None
        self.restart.setEnabled(waiting)
        self.engine_told.setText(
            self.tr("Changes of indexing wait until the engine starts next.")
            if waiting
            else self.tr("The engine works with the settings shown here.")
        )

    def _build(self) -> None:
        theme = self._theme
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._scroll = ScrollPage()
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row.addWidget(self._scroll, 1)
        page, column = reading_page(theme, WIDTH)
        column.addWidget(words(theme, self.tr("Settings"), tokens.TITLE))
        column.addSpacing(theme.px(18))
        self._sections = [
            self._appearance(),
            self._indexing(),
            self.language_model,
            self._engine(),
            self._editor(),
            self.agents,
            self.privacy,
            self.keys,
        ]
        self._column = column
        self._waiting = self._sections[IN_VIEW:]
        for section in self._sections[:IN_VIEW]:
            column.addWidget(section)
        self._scroll.setWidget(page)
        in_a_turn(self, self._add_rest)
        self._side = self._make_side()
        row.insertWidget(0, self._side)

    def _add_rest(self) -> None:
        """Put what stands below the first sections on the page."""
        if self._waiting:
            for section in self._waiting:
                self._column.addWidget(section)
            self._waiting = []

    def _make_side(self) -> QWidget:
        theme = self._theme
        side = QFrame()
        side.setProperty("kind", "pane")
        side.setFixedWidth(theme.px(SIDE))
        side.setAccessibleName(self.tr("Sections of the settings"))
        column = QVBoxLayout(side)
        column.setContentsMargins(theme.px(12), theme.px(24), theme.px(12), theme.px(12))
        column.setSpacing(theme.px(2))
        for section in self._sections:
            made = button(theme, section.title, flat=True)
            made.setProperty("aligned", "left")
            made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            made.setAccessibleName(self.tr("Go to %s") % section.title)
            made.clicked.connect(partial(self._jump, section))
            column.addWidget(made)
            self._jumps.append(made)
        column.addStretch(1)
        return side

    def _jump(self, section: SettingSection) -> None:
        """Bring a section to the top, and the keyboard into it."""
        bar = self._scroll.verticalScrollBar()
        bar.setValue(section.y() + self._theme.px(4))
        for control in section.findChildren(QWidget):
            usable = control.isVisible() and control.isEnabled()
            if usable and control.focusPolicy() & Qt.FocusPolicy.TabFocus:
                control.setFocus(Qt.FocusReason.TabFocusReason)
                return

    # ------------------------------------------------------------------------ sections

    def _row(self, label: str, told: str, control: QWidget) -> SettingRow:
        return SettingRow(self._theme, label, told, control)

    def _appearance(self) -> SettingSection:
        theme = self._theme
        return SettingSection(
            theme,
            self.tr("Appearance"),
            "",
            (
                SettingRow(
                    theme, self.tr("Colours"), self.tr("Followed while the system changes."), self.scheme
                ),
                SettingRow(
                    theme,
                    self.tr("Size"),
                    self.tr("Of text and controls; Ctrl++ and Ctrl+- too."),
                    self.scale,
                ),
            ),
        )

    def _indexing(self) -> SettingSection:
        theme, tr = self._theme, self.tr
        missing = find_spec("sentence_transformers") is None
        self.other_row = SettingRow(
            theme,
            tr("Model"),
            tr("Needs the package sentence-transformers, which is not installed.")
            if missing
            else tr("Loaded from this computer; nothing is downloaded by Lorebase."),
            self.model_name,
        )
        self.device_row = SettingRow(theme, tr("Runs on"), tr("Where this model computes."), self.device)
        return SettingSection(
            theme,
            tr("Indexing"),
            tr("For every repository. Your folders are only read, and nothing in them is run."),
            (
                self._row(tr("Working copy"), tr("Off: only what is committed."), self.working_copy),
                SettingRow(
                    theme, tr("Search by meaning"), tr("Another model makes every vector anew."), self.model
                ),
                self.other_row,
                self.device_row,
                SettingRow(
                    theme, tr("Threads of the model"), tr("Fewer leave more for your own work."), self.threads
                ),
                self._row(tr("Readers"), tr("Processes that parse files."), self.workers),
                self._row(tr("Look for changes every"), tr("HEAD and the working copy."), self.watch),
                self._row(tr("Parse files up to"), tr("Larger ones are cut by lines."), self.largest),
                SettingRow(
                    theme,
                    tr("Read files up to"),
                    tr("Of larger ones only the name is found."),
                    self.largest_lines,
                ),
            ),
        )

    def _engine(self) -> SettingSection:
        theme = self._theme
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        column.addWidget(self.engine_told)
        column.addWidget(self.restart, 0, Qt.AlignmentFlag.AlignLeft)
        return SettingSection(
            theme,
            self.tr("Engine"),
            self.tr("A process of its own answers and indexes, also while no window is open."),
            (
                SettingRow(
                    theme,
                    self.tr("Leaves when idle for"),
                    self.tr("It starts again with the next window."),
                    self.idle,
                ),
                self._row(self.tr("Now"), "", holder),
            ),
        )

    def _editor(self) -> SettingSection:
        theme = self._theme
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        column.addWidget(self.editor)
        column.addWidget(self.editor_told)
        return SettingSection(
            theme,
            self.tr("Editor"),
            self.tr("Opens a cited line in your own editor, with Ctrl+E."),
            (
                self._row(self.tr("Editor"), "", self.editor_kind),
                SettingRow(
                    theme,
                    self.tr("Command"),
                    self.tr("Any program; {path} and {line} are filled in. No shell reads it."),
                    holder,
                ),
            ),
        )
