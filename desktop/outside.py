"""What a window does beyond itself: an editor, a file that is saved, another window, a dropped folder."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QIODevice, QProcess, QSaveFile
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.editor import editor_command, file_in


def edit(setting: str, work_tree: Path | None, path: str, at_line: int) -> str:
    """Open a file of the working copy in the person's editor; returns what went wrong, or nothing."""
    tr = QCoreApplication.translate
    file = file_in(work_tree, path)
    if file is None:
        return tr("Outside", "%s is not in the working copy, so no editor can open it.") % path
    command = editor_command(setting, file, at_line)
    if not command or not QProcess.startDetached(command[0], command[1:], str(file.parent)):
        return tr("Outside", "No editor could be started: set its command in Settings.")
    return ""


def save_markdown(parent: QWidget, name: str, markdown: str) -> str:
    """Let the person say where, and write it whole or not at all; returns what became of it."""
    tr = QCoreApplication.translate
    path, _ = QFileDialog.getSaveFileName(parent, tr("Outside", "Save as Markdown"), name, "Markdown (*.md)")
    if not path:
        return ""
    file = QSaveFile(path)
    data = markdown.encode("utf-8", "replace")
    if file.open(QIODevice.OpenModeFlag.WriteOnly) and file.write(data) == len(data) and file.commit():
        return tr("Outside", "Saved as %s.") % path
    return tr("Outside", "%(path)s could not be written: %(why)s.") % {
        "path": path,
        "why": file.errorString(),
    }


def open_new_window(folder: Path) -> None:
    """Open a repository in another window, a process of its own."""
    root = str(Path(__file__).resolve().parent.parent)
    QProcess.startDetached(sys.executable, ["-m", "desktop.app", str(folder)], root)


def dropped_folder(event: QDropEvent) -> str:
    """Return the first local folder that is dropped, or the folder of the first file."""
    for url in event.mimeData().urls():
        if url.isLocalFile():
            path = Path(url.toLocalFile())
            return str(path if path.is_dir() else path.parent)
    return ""
