"""A whole window in a test: made, driven by real keys and drops, and closed again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.state import WindowState
from desktop.views.home import HomeView
from desktop.widgets.rail import Place
from desktop.window import Window
from indexer.settings import WindowSettings
from tests.desktop.conftest import Desk, until


@contextmanager
def open_window(desk: Desk, looks: WindowSettings | None = None) -> Iterator[Window]:
    """A shown window over the desk's data folder; nothing is open in it."""
    settings = replace(desk.settings(), window=looks or WindowSettings(scheme="light"))
    window = Window(settings, WindowState(desk.data), str(desk.runtime))
    window.resize(1280, 800)
    window.begin("")
    window.show()
    window.activateWindow()
    until(window.isActiveWindow)
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()


def opened(window: Window, folder: Path) -> HomeView:
    """Open a repository, and wait for its home page."""
    window.open_folder(str(folder))
    assert window.repository is not None, window.frame.notice.text
    home = window.frame.views[Place.HOME]
    assert isinstance(home, HomeView)
    until(lambda: window.repository is not None and window.repository.words_ready)
    until(lambda: home.overview is not None and home.overview.commit_id)
    return home


def typed(widget: QWidget, text: str) -> None:
    """Type as a person does, key by key."""
    QTest.keyClicks(widget, text)


def pressed(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the focus is."""
    held = QApplication.focusWidget()
    assert held is not None, "nothing has the focus"
    QTest.keyClick(held, key, modifier)
    QApplication.processEvents()


def dropped(window: Window, folder: Path) -> None:
    """Drag a folder onto the window and let it go."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    buttons, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(400, 300), Qt.DropAction.CopyAction, data, buttons, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    drop = QDropEvent(QPointF(400, 300), Qt.DropAction.CopyAction, data, buttons, none)
    QApplication.sendEvent(window, drop)
