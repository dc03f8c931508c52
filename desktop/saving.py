"""Writes a report where the person says: Markdown and HTML at once, a PDF by a process of its own."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from PySide6.QtCore import QIODevice, QObject, QProcess, QSaveFile, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

PDF_MS = 60_000


class ReportSaver(QObject):
    """Asks for a place, writes, and tells what became of it."""

    noticed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent

    def save(self, name: str, ending: str, text: str) -> None:
        """Let the person say where, and write there; ``ending`` is md, html or pdf."""
        filters = {"md": "Markdown (*.md)", "html": "HTML (*.html)", "pdf": "PDF (*.pdf)"}
        path, _ = QFileDialog.getSaveFileName(
            self._parent, self.tr("Export for the mentor"), f"{name}.{ending}", filters[ending]
        )
        if path:
            self.write(path, ending, text)

    def write(self, path: str, ending: str, text: str) -> None:
        """Write ``text`` as ``path``; a PDF is painted of it."""
        if ending == "pdf":
            self._paint(path, text)
            return
        file = QSaveFile(path)
        data = text.encode("utf-8", "replace")
        if file.open(QIODevice.OpenModeFlag.WriteOnly) and file.write(data) == len(data) and file.commit():
            self._say_saved(path)
        else:
            self._say_failed(path, file.errorString())

    # ------------------------------------------------------------------------ private

    def _paint(self, path: str, text: str) -> None:
        process = QProcess(self)
        process.setWorkingDirectory(str(Path(__file__).resolve().parent.parent))
        process.finished.connect(partial(self._on_finished, process, path))
        process.errorOccurred.connect(partial(self._on_error, process, path))
        process.start(
            sys.executable,
            ["-m", "desktop.render", "pdf", "--from", "markdown", "--out", path, "--title", Path(path).stem],
        )
        process.write(text.encode("utf-8", "replace"))
        process.closeWriteChannel()
        QTimer.singleShot(PDF_MS, process, process.kill)

    def _on_finished(self, process: QProcess, path: str, code: int, how: QProcess.ExitStatus) -> None:
        if code == 0 and how is QProcess.ExitStatus.NormalExit:
            self._say_saved(path)
        else:
            said = bytes(process.readAllStandardError().data()).decode("utf-8", "replace").strip()
            self._say_failed(path, said.splitlines()[-1] if said else self.tr("it took too long"))
        process.deleteLater()

    def _on_error(self, process: QProcess, path: str, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._say_failed(path, process.errorString())

    def _say_saved(self, path: str) -> None:
        self.noticed.emit(self.tr("Saved as %s.") % path)

    def _say_failed(self, path: str, why: str) -> None:
        self.noticed.emit(self.tr("%(path)s could not be written: %(why)s.") % {"path": path, "why": why})
