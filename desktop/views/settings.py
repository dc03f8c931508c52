"""Settings: what the person may choose; each choice holds at once, and is kept in one TOML file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop import tokens
from desktop.asking import Asking
from desktop.commands import Command
from desktop.engine import Link
from desktop.theme import Theme
from desktop.widgets.agentsection import AgentSection
from desktop.widgets.appearancesection import AppearanceSection
from desktop.widgets.editorsection import EditorSection
from desktop.widgets.enginesection import EngineSection
from desktop.widgets.indexingsection import IndexingSection
from desktop.widgets.modelsection import ModelSection
from desktop.widgets.plainsections import KeySection, PrivacySection
from desktop.widgets.scrollpage import ScrollPage, reading_page
from desktop.widgets.segmented import Segmented
from desktop.widgets.settingrow import SettingSection
from desktop.widgets.words import button, words
from indexer.protocol import FINISH, Nothing
from indexer.settings import Settings

WIDTH = 760
SIDE = 184
SIDE_FROM = 860
"""Width of the page, px at 100 %, from which the list of sections stands beside it."""

SECTIONS: tuple[type[SettingSection], ...] = (
    AppearanceSection,
    IndexingSection,
    ModelSection,
    EngineSection,
    EditorSection,
    AgentSection,
    PrivacySection,
    KeySection,
)
"""In the order of the page."""

OneSection = TypeVar("OneSection", bound=SettingSection)


class SettingsView(QWidget):
    """Emits ``settingsChanged`` with the whole of the new settings; the window keeps them.

    Its sections are made one a turn of the event loop: all in one go would hold up a key or a frame by a
    twentieth of a second. Whoever needs all of them at once calls `finish`.
    """

    settingsChanged = Signal(object)
    noticed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._link: Link | None = None
        self._calls = Asking(self)
        self.settings = Settings(Path())
        self._given_key = ""
        self._commands: Sequence[Command] = ()
        self._changed_engine = False
        self.sections: list[SettingSection] = []
        self.setAccessibleName(self.tr("Settings"))
        self._build()
        self._next = QTimer(self)
        self._next.setInterval(0)
        self._next.timeout.connect(self._add_section)
        self._next.start()

    # ------------------------------------------------------------------------ the window's side

    def finish(self) -> None:
        """Make at once what is not there yet."""
        while len(self.sections) < len(SECTIONS):
            self._add_section()

    def section(self, kind: type[OneSection]) -> OneSection:
        """Return a section; the page is made up to its end first."""
        self.finish()
        return next(each for each in self.sections if isinstance(each, kind))

    def set_link(self, new: Link | None) -> None:
        """Know the engine that new settings would be for."""
        self._link = new
        self._calls.set_link(new)
        for section in self.sections:
            section.set_link(new)
        self._show_engine()

    def set_settings(self, settings: Settings) -> None:
        """Show these settings."""
        self.settings = settings
        self._show_values()

    def set_given_key(self, key: str) -> None:
        """Take the key that the environment of this window holds for a language model's server."""
        self._given_key = key
        for section in self.sections:
            section.set_key(key)

    def set_commands(self, commands: Sequence[Command]) -> None:
        """Show the keys of these commands."""
        self._commands = commands
        for section in self.sections:
            section.set_commands(commands)

    def show_place(self, place: object) -> None:
        """Be shown; there is one place here."""

    def focus_first(self) -> None:
        """Put the keyboard on the first choice."""
        self._focus(next(iter(self._controls().values())))

    def keep(self) -> object:
        """Return where the person is, by part and not by pixel: the scale may change."""
        held = QApplication.focusWidget()
        named = [
            name
            for name, each in self._controls().items()
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
        self.finish()
        self._show_engine()

        def settle() -> None:
            bar = self._scroll.verticalScrollBar()
            bar.setValue(round(bar.maximum() * share))
            control = self._controls().get(name)
            if control is not None:
                self._focus(control)

        QTimer.singleShot(0, self, settle)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the list of sections where there is room for it."""
        super().resizeEvent(event)
        self._side.setVisible(self.width() >= self._theme.px(SIDE_FROM))

    # ------------------------------------------------------------------------ the page

    def _build(self) -> None:
        theme = self._theme
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._side = self._make_side()
        row.addWidget(self._side)
        self._scroll = ScrollPage()
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row.addWidget(self._scroll, 1)
        page, self._column = reading_page(theme, WIDTH)
        self._column.addWidget(words(theme, self.tr("Settings"), tokens.TITLE))
        self._column.addSpacing(theme.px(18))
        self._add_section()
        self._scroll.setWidget(page)

    def _add_section(self) -> None:
        """Make the next section, and tell it what the others know."""
        if len(self.sections) == len(SECTIONS):
            self._next.stop()
            return
        made = SECTIONS[len(self.sections)](self._theme)
        made.changed.connect(self._on_changed)
        made.noticed.connect(self.noticed)
        if isinstance(made, EngineSection):
            made.restartWanted.connect(self._restart)
        self.sections.append(made)
        self._column.addWidget(made)
        made.show_settings(self.settings)
        made.set_key(self._given_key)
        made.set_link(self._link)
        made.set_commands(self._commands)
        self._show_engine()

    def _make_side(self) -> QWidget:
        theme = self._theme
        side = QFrame()
        side.setProperty("kind", "pane")
        side.setFixedWidth(theme.px(SIDE))
        side.setAccessibleName(self.tr("Sections of the settings"))
        column = QVBoxLayout(side)
        column.setContentsMargins(theme.px(12), theme.px(24), theme.px(12), theme.px(12))
        column.setSpacing(theme.px(2))
        for kind in SECTIONS:
            made = button(theme, kind.called(), flat=True)
            made.setProperty("aligned", "left")
            made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            made.setAccessibleName(self.tr("Go to %s") % kind.called())
            made.clicked.connect(partial(self.jump, kind))
            column.addWidget(made)
        column.addStretch(1)
        return side

    def jump(self, kind: type[SettingSection], _checked: bool = False) -> None:
        """Bring a section to the top, and the keyboard into it, once it has its place."""
        QTimer.singleShot(0, self, partial(self._bring, self.section(kind)))

    def _bring(self, section: SettingSection) -> None:
        self._scroll.verticalScrollBar().setValue(section.y() + self._theme.px(4))
        for control in section.findChildren(QWidget):
            usable = control.isVisible() and control.isEnabled()
            if usable and control.focusPolicy() & Qt.FocusPolicy.TabFocus:
                control.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def _controls(self) -> dict[str, QWidget]:
        return {name: each for section in self.sections for name, each in section.controls.items()}

    def _focus(self, control: QWidget) -> None:
        if isinstance(control, Segmented):
            control.focus_value()
        else:
            control.setFocus()

    # ------------------------------------------------------------------------ changes

    def _on_changed(self, part: str, changes: dict[str, object]) -> None:
        """Take changed fields of a part of the settings; the same values again are no change."""
        held = getattr(self.settings, part)
        changed = replace(held, **changes)
        if changed == held:
            return
        self.settings = replace(self.settings, **{part: changed})
        self._changed_engine = self._changed_engine or part != "window"
        self._show_values()
        self.settingsChanged.emit(self.settings)

    def _restart(self) -> None:
        if self._link is not None:
            self._link.take_settings(self.settings)
            self._calls.ask(FINISH, Nothing(), self._on_restarted, self._on_not_restarted)

    def _on_restarted(self, _: Nothing) -> None:
        self._changed_engine = False
        self._show_engine()
        self.section(ModelSection).ask_state()

    def _on_not_restarted(self, error: object) -> None:
        """Take it as done: an engine that is gone starts next with these settings."""
        self._on_restarted(Nothing())

    def _show_values(self) -> None:
        for section in self.sections:
            section.show_settings(self.settings)
        self._show_engine()

    def _show_engine(self) -> None:
        for section in self.sections:
            if isinstance(section, EngineSection):
                section.show_waiting(waiting=self._changed_engine and self._link is not None)
