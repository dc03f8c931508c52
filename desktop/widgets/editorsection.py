"""The settings of the person's own editor."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from desktop import tokens
from desktop.editor import editor_command
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.segmented import Segmented
from desktop.widgets.settingrow import SettingSection, stacked, text_field
from desktop.widgets.words import words
from indexer.settings import Settings

EDITORS = (
    ("", ""),
    ("VS Code", "code --goto {path}:{line}"),
    ("JetBrains", "idea --line {line} {path}"),
    ("Vim", "gvim +{line} {path}"),
    ("Emacs", "emacsclient --no-wait +{line} {path}"),
)
"""What stands ready; the field takes any other command."""


class EditorSection(SettingSection):
    """Which command opens a cited line, and what it would run."""

    def __init__(self, theme: Theme) -> None:
        tr = QCoreApplication.translate
        super().__init__(theme, tr("EditorSection", "Opens a cited line in your own editor, with Ctrl+E."))
        self.kind = Segmented(
            theme,
            self.tr("Editor"),
            [(command, name or self.tr("The first one found")) for name, command in EDITORS],
        )
        self.kind.chosen.connect(self._on_kind)
        self.command = text_field(theme, self.tr("Command of the editor"), "code --goto {path}:{line}")
        self.command.editingFinished.connect(self._on_command)
        self.command.setFont(theme.font(tokens.CODE))
        self.told = words(theme, "", tokens.META, "2", wrap=True)
        self.controls = {"editor_kind": self.kind, "editor": self.command}
        self.add(
            self.row(self.tr("Editor"), "", self.kind),
            self.row(
                self.tr("Command"),
                self.tr("Any program; {path} and {line} are filled in. No shell reads it."),
                stacked(theme, self.command, self.told),
            ),
        )

    @staticmethod
    def called() -> str:
        """Return the heading."""
        return QCoreApplication.translate("EditorSection", "Editor")

    def show_settings(self, settings: Settings) -> None:
        """Show what holds; tells nobody."""
        editor = settings.window.editor
        if not self.command.hasFocus() or self.command.text().strip() != editor:
            self.command.setText(editor)
        self.kind.show_value(editor if editor in [command for _, command in EDITORS] else None)
        found = editor_command(editor, Path("/src/example.py"), 42)
        if found:
            self.told.setText(self.tr("Runs: %s") % plain(" ".join(found)))
        else:
            self.told.setText(self.tr("No editor was found on this computer. Type its command above."))

    def _on_kind(self, command: object) -> None:
        self.tell("window", "editor", str(command))

    def _on_command(self) -> None:
        self.tell("window", "editor", self.command.text().strip())
