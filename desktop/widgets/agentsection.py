"""The settings of editors and agents: what to paste so that they start the server for a repository."""

from __future__ import annotations

import os

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import tokens
from desktop.engine import Link
from desktop.theme import Theme
from desktop.widgets.settingrow import SettingRow, SettingSection
from desktop.widgets.words import button, words
from indexer.mcp_server.configuration import configuration
from indexer.settings import ENV_DATA


class AgentSection(SettingSection):
    """Copies the configuration of `lorebase mcp` for the repository that is open."""

    noticed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        tr = QCoreApplication.translate
        self._link: Link | None = None
        self.copy = button(theme, tr("AgentSection", "Copy config"), "copy")
        self.told = words(theme, "", tokens.META, "2", wrap=True)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        column.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.told)
        row = SettingRow(
            theme,
            tr("AgentSection", "MCP server"),
            tr("AgentSection", "They may ask, search, and open sources; they can change nothing."),
            holder,
        )
        super().__init__(
            theme,
            tr("AgentSection", "Editors and agents"),
            tr(
                "AgentSection",
                "Claude Desktop, Cursor, VS Code and others read the same index.",
            ),
            (row,),
        )
        self.copy.clicked.connect(self._on_copy)
        self.set_link(None)

    def set_link(self, new: Link | None) -> None:
        """Speak of another repository."""
        self._link = new
        self.copy.setEnabled(new is not None)
        self.told.setText(
            self.tr("Open a repository first: the configuration names it.")
            if new is None
            else self.tr("Paste it into the mcpServers of the editor's settings. The editor starts the rest.")
        )

    def _on_copy(self) -> None:
        if self._link is not None:
            text = configuration(self._link.location, os.environ.get(ENV_DATA))
            QGuiApplication.clipboard().setText(text)
            self.noticed.emit(self.tr("Configuration copied."))
