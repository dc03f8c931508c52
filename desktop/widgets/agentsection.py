"""The settings of editors and agents: what to paste so that they start the server for a repository."""

from __future__ import annotations

import os

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication

from desktop import tokens
from desktop.engine import Link
from desktop.theme import Theme
from desktop.widgets.settingrow import SettingSection, stacked
from desktop.widgets.words import button, words
from indexer.mcp_server.configuration import configuration
from indexer.settings import ENV_DATA


class AgentSection(SettingSection):
    """Copies the configuration of `lorebase mcp` for the repository that is open."""

    def __init__(self, theme: Theme) -> None:
        tr = QCoreApplication.translate
        super().__init__(
            theme, tr("AgentSection", "Claude Desktop, Cursor, VS Code and others read the same index.")
        )
        self._link: Link | None = None
        self.copy = button(theme, self.tr("Copy config"), "copy")
        self.copy.clicked.connect(self._on_copy)
        self.told = words(theme, "", tokens.META, "2", wrap=True)
        self.add(
            self.row(
                self.tr("MCP server"),
                self.tr("They may ask, search, and open sources; they can change nothing."),
                stacked(theme, self.copy, self.told),
            )
        )
        self.set_link(None)

    @staticmethod
    def called() -> str:
        """Return the heading."""
        return QCoreApplication.translate("AgentSection", "Editors and agents")

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
