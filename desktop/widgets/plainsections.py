"""Sections of the settings that set nothing: what stays private and where data lies, and the keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop import tokens
from desktop.commands import Command
from desktop.theme import Theme
from desktop.widgets.settingrow import SettingSection, stacked
from desktop.widgets.suggestions import key_cap
from desktop.widgets.words import Elided, button, words
from desktop.widgets.wrapping import wrapping
from indexer.settings import Settings


class PrivacySection(SettingSection):
    """Says what leaves this computer, and leads to the folder of everything that is kept."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        tr = self.tr
        self._folder = ""
        self.place = Elided(theme, tokens.CODE, "text", left=True)
        holder, row = wrapping(theme.px(8), theme.px(6))
        self.copy = button(theme, tr("Copy the path"), "copy")
        self.copy.clicked.connect(self._copy)
        self.open = button(theme, tr("Open the folder"), "folder")
        self.open.clicked.connect(self._open)
        row.addWidget(self.copy)
        row.addWidget(self.open)
        self.add(
            self.row(
                tr("Network"),
                tr(
                    "No account, no telemetry, no search for updates. A model is reached when you ask for"
                    " an answer to be written out, and at no other time."
                ),
                _fact(theme, tr("Off, but for a language model that you turn on")),
            ),
            self.row(
                tr("Where data lies"),
                tr("Indexes, notes and these settings. Nothing is written into a repository."),
                stacked(theme, self.place, holder),
            ),
            self.row(
                tr("Secrets"),
                tr("Health lists their kind and place, never the value."),
                _fact(theme, tr("Cut out before anything is stored")),
            ),
        )

    @staticmethod
    def called() -> str:
        """Return the heading."""
        return QCoreApplication.translate("PrivacySection", "Privacy")

    def show_settings(self, settings: Settings) -> None:
        """Say where data lies."""
        self._folder = str(settings.data_dir)
        self.place.set_text(self._folder)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._folder)
        self.noticed.emit(self.tr("Path copied."))

    def _open(self) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder)):
            self.noticed.emit(self.tr("No program could be started that shows folders."))


class KeySection(SettingSection):
    """The keys of every command; made a turn after it was told them, as it stands at the page's end."""

    def __init__(self, theme: Theme) -> None:
        tr = QCoreApplication.translate
        super().__init__(theme, tr("KeySection", "Every command is in the palette too: Ctrl+Shift+P."))
        self._sheet = QWidget()
        self.add(self._sheet)
        self._commands: list[Command] = []
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._fill)

    @staticmethod
    def called() -> str:
        """Return the heading."""
        return QCoreApplication.translate("KeySection", "Keys")

    def set_commands(self, commands: Sequence[Command]) -> None:
        """Show the keys of these commands."""
        self._commands = [each for each in commands if each.key]
        self._later.start()

    def _fill(self) -> None:
        """Show the keys on a new sheet: on one that is seen, every label would have the page laid out."""
        theme, commands = self._theme, self._commands
        sheet = QWidget()
        grid = QGridLayout(sheet)
        grid.setContentsMargins(0, theme.px(6), 0, 0)
        grid.setHorizontalSpacing(theme.px(14))
        grid.setVerticalSpacing(theme.px(5))
        grid.setColumnStretch(1, 1)
        at = 0
        for group in dict.fromkeys(each.group for each in commands):
            title = words(theme, group, tokens.META_STRONG, "2")
            title.setContentsMargins(0, theme.px(8) if at else 0, 0, 0)
            grid.addWidget(title, at, 0, 1, 2)
            at += 1
            for each in commands:
                if each.group == group:
                    name = words(theme, each.name, tokens.INTERFACE, wrap=True)
                    grid.addWidget(name, at, 1)
                    grid.addWidget(key_cap(theme, each.shown_key), at, 0, Qt.AlignmentFlag.AlignLeft)
                    at += 1
        self._sheet.hide()
        self._sheet.deleteLater()
        self._sheet = sheet
        self.add(sheet)


def _fact(theme: Theme, state: str) -> QWidget:
    return words(theme, state, tokens.STRONG, wrap=True)
