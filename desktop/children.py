"""Ends a child of the window, for the window closes."""

from __future__ import annotations

from PySide6.QtCore import QProcess

KILLED_MS = 1_500
"""Until a child that was killed is gone: at once, but on a machine that is busy. A window ends within three
seconds, whatever its children do.
"""


def end_child(child: QProcess) -> None:
    """Kill a child that still runs, and wait until it is gone: Qt complains of one that its object leaves."""
    if child.state() is not QProcess.ProcessState.NotRunning:
        child.kill()
        child.waitForFinished(KILLED_MS)
