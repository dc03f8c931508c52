"""The desktop as a process: builds the one application and its window, and leaves no thread behind.

Started as `python -m desktop.app [FOLDER]`, mostly by `lorebase gui`.
"""

from __future__ import annotations

import argparse
import gc
import os
import signal
import socket
import sys
from functools import partial

from PySide6.QtCore import QEvent, QLoggingCategory, QObject, QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from desktop.preload import Preloader
from desktop.state import WindowState
from desktop.theme import load_fonts
from desktop.window import Window
from indexer.errors import LorebaseError
from indexer.settings import Settings, key_in, load_settings

COLLECT_MS = 2_000
"""How often young garbage is looked for; a few ms each time."""

WHOLE_EVERY = 60
"""Every so many times, all of it."""


class Collector(QObject):
    """Collects garbage on the UI thread alone: anywhere else it could end a widget under Qt's feet."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._times = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)
        # What is loaded by now stays for the life of the process; it need not be walked again.
        gc.collect()
        gc.freeze()
        gc.disable()
        self._timer.start(COLLECT_MS)

    def _collect(self) -> None:
        self._times += 1
        gc.collect(2 if self._times % WHOLE_EVERY == 0 else 1)


class FirstPaint(QObject):
    """Calls ``then`` once, as soon as ``widget`` was painted for the first time."""

    def __init__(self, widget: QWidget, then: QTimer) -> None:
        super().__init__(widget)
        self._widget, self._then = widget, then
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look for the first paint event."""
        if event.type() == QEvent.Type.Paint:
            self._widget.removeEventFilter(self)
            self._then.start(0)
        return False


class Signals(QObject):
    """Closes the window when the process is asked to end; Python alone would wait for its next turn."""

    def __init__(self, window: Window, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._ours, self._python = socket.socketpair()
        for each in (self._ours, self._python):
            each.setblocking(False)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_signal)
        signal.set_wakeup_fd(self._python.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _heard)

    def _on_signal(self) -> None:
        self._ours.recv(64)
        self._window.close()


def _heard(number: int, frame: object) -> None:
    """Do nothing: the byte that Python writes for the signal is what closes the window."""


class Desktop(QObject):
    """The application's one window, from its first paint to its end."""

    def __init__(self, application: QApplication, settings: Settings, folder: str, *, tell: bool) -> None:
        super().__init__(application)
        self._tell = tell
        self._state = WindowState(settings.data_dir)
        self._folder = folder or self._state.open_folder
        self.window = Window(
            settings, self._state, os.environ.get("XDG_RUNTIME_DIR"), partial(key_in, os.environ)
        )
        self._then = QTimer(self)
        self._then.setSingleShot(True)
        self._then.timeout.connect(self._painted)
        self._preloader = Preloader(self)
        self._preloader.engineLoaded.connect(self._engine_loaded)
        self._preloader.allLoaded.connect(self._all_loaded)
        # What was loaded may be told after the window closed: nothing is opened then that would outlive it.
        self._ended = False
        self.window.closed.connect(self._end)
        FirstPaint(self.window.frame, self._then)
        Signals(self.window, self)
        if not self._folder:
            self.window.begin("")
        self.window.show()

    def _painted(self) -> None:
        if self._tell:
            sys.stdout.write("painted\n")
            sys.stdout.flush()
        self._preloader.start()

    def _engine_loaded(self) -> None:
        if self._ended:
            return
        if self._folder and self.window.repository is None:
            self.window.begin(self._folder)
        Collector(self)

    def _all_loaded(self) -> None:
        if not self._ended:
            self.window.prepare()

    def _end(self) -> None:
        self._ended = True


def main(arguments: list[str] | None = None) -> int:
    """Run the desktop; returns the exit code."""
    parser = argparse.ArgumentParser(prog="lorebase gui")
    parser.add_argument("folder", nargs="?", default="")
    parser.add_argument("--tell-painted", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    try:
        settings = load_settings(os.environ)
    except LorebaseError as error:
        sys.stderr.write(f"{error.message}\n{error.hint}\n")
        return error.exit_code
    # A name in a script that no font here has is not worth a line in a log.
    QLoggingCategory.setFilterRules("qt.text.font.db=false")
    application = QApplication(["lorebase"])
    application.setApplicationName("Lorebase")
    application.setDesktopFileName("lorebase")
    application.setStyle("Fusion")
    load_fonts()
    Desktop(application, settings, given.folder, tell=given.tell_painted)
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
