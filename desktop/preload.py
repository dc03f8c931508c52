"""Loads modules one by one in the pauses after the first paint, so that no first look at a view is slow."""

from __future__ import annotations

from importlib import import_module

from PySide6.QtCore import QObject, QTimer, Signal

ENGINE = (
    "indexer.types",
    "indexer.pages",
    "msgspec",
    "indexer.protocol",
    "indexer.location",
    "indexer.launch",
    "PySide6.QtNetwork",
    "desktop.engine",
    "desktop.repositories",
    "desktop.widgets.painting",
    "desktop.widgets.signs",
    "desktop.widgets.badge",
    "desktop.widgets.reading",
    "desktop.views.home",
    "desktop.widgets.suggestions",
    "desktop.finder",
)
"""What an open repository needs, in small pieces; a module comes after those that it imports."""

VIEWS = (
    "desktop.widgets.palette",
    "desktop.widgets.sources",
    "desktop.widgets.statements",
    "desktop.widgets.flowview",
    "desktop.widgets.code",
    "desktop.widgets.gapcard",
    "desktop.widgets.answer",
    "desktop.widgets.papers",
    "desktop.widgets.searched",
    "desktop.widgets.noteeditor",
    "desktop.widgets.askedlist",
    "desktop.reading",
    "desktop.answering",
    "desktop.views.writedown",
    "desktop.views.evidence",
    "desktop.views.ask",
    "desktop.markdown",
    "desktop.widgets.timeline",
    "desktop.widgets.commitlist",
    "desktop.widgets.commitpage",
    "desktop.views.history",
    "desktop.widgets.knowledgelist",
    "desktop.widgets.notepage",
    "desktop.widgets.notedesk",
    "desktop.views.knowledge",
    "desktop.widgets.jobs",
    "desktop.widgets.carecards",
    "desktop.widgets.healthbody",
    "desktop.views.health",
    "desktop.widgets.settingrow",
    "desktop.views.settings",
)
"""What the other views need."""

PAUSE_MS = 4
"""Between two modules, so that a key or a paint comes between."""


class Preloader(QObject):
    """Emits ``engineLoaded`` when a repository can be opened without a wait."""

    engineLoaded = Signal()
    allLoaded = Signal()
    """Every view can be made without a wait."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._left = [*ENGINE, *VIEWS]
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._load)

    def start(self) -> None:
        """Begin; returns at once."""
        self._timer.start()

    def _load(self) -> None:
        name = self._left.pop(0)
        import_module(name)
        if name == ENGINE[-1]:
            self.engineLoaded.emit()
        if not self._left:
            self._timer.stop()
            self.allLoaded.emit()
