"""Loads modules one by one in the pauses after the first paint, so that no first look at a view is slow."""

from __future__ import annotations

from importlib import import_module

from PySide6.QtCore import QObject, QTimer, Signal

ENGINE = (
    "indexer.types",
    "indexer.pages",
    "msgspec",
    "indexer.shapes.changes",
    "indexer.shapes.examples",
    "indexer.shapes.exports",
    "indexer.shapes.inventory",
    "indexer.shapes.logs",
    "indexer.shapes.modules",
    "indexer.shapes.onboarding",
    "indexer.shapes.traces",
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
    "desktop.answer_page",
    "desktop.answering",
    "desktop.mail",
    "desktop.reading",
    "desktop.widgets.sources",
    "desktop.widgets.related",
    "desktop.views.beside",
    "desktop.widgets.code",
    "desktop.widgets.panebar",
    "desktop.markdown",
    "desktop.widgets.papers",
    "desktop.widgets.searched",
    "desktop.views.evidence",
    "desktop.notewriting",
    "desktop.widgets.noteeditor",
    "desktop.widgets.statements",
    "desktop.widgets.flowview",
    "desktop.widgets.gapcard",
    "desktop.widgets.writtencard",
    "desktop.widgets.answer",
    "desktop.views.writedown",
    "desktop.views.writingout",
    "desktop.widgets.answerstate",
    "desktop.widgets.answerside",
    "desktop.widgets.logbars",
    "desktop.widgets.tables",
    "desktop.widgets.logtable",
    "desktop.views.ask",
    "desktop.widgets.commitlist",
    "desktop.change_page",
    "desktop.widgets.changesheet",
    "desktop.whatchanged",
    "desktop.widgets.commitpage",
    "desktop.widgets.timeline",
    "desktop.views.history",
    "desktop.module_page",
    "indexer.drawing.layered",
    "indexer.drawing.graph",
    "desktop.widgets.glance",
    "desktop.widgets.modulehead",
    "desktop.widgets.namedlist",
    "desktop.widgets.modulebody",
    "desktop.views.modulepane",
    "desktop.widgets.graphview",
    "desktop.widgets.crumbs",
    "desktop.widgets.sortable",
    "desktop.widgets.graphpane",
    "indexer.drawing.folders",
    "indexer.drawing.treemap",
    "desktop.widgets.treemap",
    "desktop.widgets.mappane",
    "desktop.widgets.moduletree",
    "desktop.views.modules",
    "desktop.step_page",
    "desktop.widgets.routelist",
    "desktop.widgets.checkcard",
    "desktop.widgets.stepbody",
    "desktop.views.walk",
    "desktop.widgets.mentorpage",
    "desktop.views.onboarding",
    "desktop.widgets.knowledgelist",
    "desktop.widgets.notedesk",
    "desktop.widgets.pinned",
    "desktop.widgets.notepage",
    "desktop.views.knowledge",
    "desktop.diagnostics",
    "desktop.widgets.carecards",
    "desktop.widgets.logtail",
    "desktop.widgets.healthbody",
    "desktop.views.health",
    "desktop.widgets.agentsection",
    "desktop.widgets.modelsection",
    "desktop.widgets.indexingsection",
    "desktop.widgets.editorsection",
    "desktop.views.settings",
    "desktop.widgets.phases",
    "desktop.widgets.jobs",
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
        if not self._left:
            # In a turn of its own: who hears this makes a view.
            self._timer.stop()
            self.allLoaded.emit()
            return
        name = self._left.pop(0)
        import_module(name)
        if name == ENGINE[-1]:
            self.engineLoaded.emit()
