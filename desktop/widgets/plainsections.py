"""Sections of the settings that set nothing: what stays private and where data lies, and the keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop import tokens
from desktop.commands import Command
from desktop.theme import Theme
from desktop.widgets.settingrow import SettingRow, SettingSection
from desktop.widgets.suggestions import key_cap
from desktop.widgets.words import Elided, button, words
from desktop.widgets.wrapping import wrapping


class PrivacySection(SettingSection):
    """Says what leaves this computer, and leads to the folder of everything that is kept."""

    noticed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        tr = QCoreApplication.translate
        self._folder = ""
        self.place = Elided(theme, tokens.CODE, "text", left=True)
        holder, row = wrapping(theme.px(8), theme.px(6))
        self.copy = button(theme, tr("PrivacySection", "Copy the path"), "copy")
        self.open = button(theme, tr("PrivacySection", "Open the folder"), "folder")
        row.addWidget(self.copy)
        row.addWidget(self.open)
        where = QWidget()
        column = QVBoxLayout(where)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        column.addWidget(self.place)
        column.addWidget(holder)
        network = SettingRow(
            theme,
            tr("PrivacySection", "Network"),
            tr(
                "PrivacySection",
                "No account, no telemetry, no search for updates. A model is reached when you ask for"
                " an answer to be written out, and at no other time.",
            ),
            _fact(theme, tr("PrivacySection", "Off, but for a language model that you turn on")),
        )
        data = SettingRow(
            theme,
            tr("PrivacySection", "Where data lies"),
            tr(
                "PrivacySection",
                "Indexes, notes and these settings. Nothing is written into a repository.",
            ),
            where,
        )
        secrets = SettingRow(
            theme,
            tr("PrivacySection", "Secrets"),
            tr("PrivacySection", "Health lists their kind and place, never the value."),
            _fact(theme, tr("PrivacySection", "Cut out before anything is stored")),
        )
        super().__init__(theme, tr("PrivacySection", "Privacy"), "", (network, data, secrets))
        self.copy.clicked.connect(self._copy)
        self.open.clicked.connect(self._open)

    def show_folder(self, folder: str) -> None:
        """Say where data lies."""
        self._folder = folder
        self.place.set_text(folder)

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
        holder = QWidget()
        self._grid = QGridLayout(holder)
        self._grid.setContentsMargins(0, theme.px(6), 0, 0)
        self._grid.setHorizontalSpacing(theme.px(14))
        self._grid.setVerticalSpacing(theme.px(5))
        self._grid.setColumnStretch(1, 1)
        told = tr("KeySection", "Every command is in the palette too: Ctrl+Shift+P.")
        super().__init__(theme, tr("KeySection", "Keys"), told, (holder,))
        self._theme = theme
        self._commands: list[Command] = []
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._fill)

    def set_commands(self, commands: Sequence[Command]) -> None:
        """Show the keys of these commands."""
        self._commands = [each for each in commands if each.key]
        self._later.start()

    def _fill(self) -> None:
        theme, commands = self._theme, self._commands
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        at = 0
        for group in dict.fromkeys(each.group for each in commands):
            title = words(theme, group, tokens.META_STRONG, "2")
            title.setContentsMargins(0, theme.px(8) if at else 0, 0, 0)
            self._grid.addWidget(title, at, 0, 1, 2)
            at += 1
            for each in commands:
                if each.group == group:
                    name = words(theme, each.name, tokens.INTERFACE, wrap=True)
                    self._grid.addWidget(name, at, 1)
                    cap = key_cap(theme, each.shown_key)
                    self._grid.addWidget(cap, at, 0, Qt.AlignmentFlag.AlignLeft)
                    at += 1


def _fact(theme: Theme, state: str) -> QWidget:
    return words(theme, state, tokens.STRONG, wrap=True)
