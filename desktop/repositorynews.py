"""What the repository in front tells, shown in the bars and told to every view: progress, state, counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.telling import tell
from desktop.widgets.progress import said, share_done
from desktop.widgets.rail import Place

if TYPE_CHECKING:  # loaded after the first paint
    from desktop.frame import Frame
    from desktop.repositories import OpenRepository
    from indexer.errors import LorebaseError
    from indexer.pages import KnowledgeCounts
    from indexer.types import IndexStatus, Progress


class RepositoryNews(QObject):
    """Listens to one repository at a time. The frame is made anew with the look, and given again then."""

    updated = Signal()
    """The index holds something else now."""
    noticed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._repository: OpenRepository | None = None

    def set_frame(self, frame: Frame) -> None:
        """Show in this frame from now on."""
        self._frame = frame
        self._dress()

    def listen(self, repository: OpenRepository | None) -> None:
        """Tell of another repository, or of none."""
        if self._repository is not None:
            self._connect(self._repository, on=False)
        self._repository = repository
        if repository is not None:
            self._connect(repository, on=True)
        self._dress()

    def ask_counts(self) -> None:
        """Ask how many gaps are open, for the rail."""
        # Late, as the other half of the engine's side.
        from indexer.protocol import COUNTS, Nothing

        shown = self._frame is not None and Place.KNOWLEDGE in self._frame.rail.places()
        if self._repository is not None and shown:
            self._repository.link.call(COUNTS, Nothing(), self._on_counts, self._on_no_counts)

    # ------------------------------------------------------------------------ private

    def _connect(self, repository: OpenRepository, *, on: bool) -> None:
        for signal, slot in (
            (repository.progressed, self._on_progress),
            (repository.statusChanged, self._on_status),
            (repository.updated, self.updated),
            (repository.noticed, self.noticed),
        ):
            (signal.connect if on else signal.disconnect)(slot)

    def _dress(self) -> None:
        """Show in the bars what is open, and how far it is."""
        frame, repository = self._frame, self._repository
        if frame is None:
            return
        if repository is None:
            frame.top.show_repository("", "", "")
            frame.top.show_job(None)
        else:
            status = repository.status
            branch = "" if status is None else status.repository.branch or ""
            commit = "" if status is None else status.freshness.commit_id or ""
            frame.top.show_repository(repository.name, branch, commit)
            frame.top.show_job(None if repository.progress is None else share_done(repository.progress))
        self._show_status(frame)

    def _show_status(self, frame: Frame) -> None:
        repository = self._repository
        if repository is None:
            frame.status.show_status(None, "")
            return
        working = "" if repository.progress is None else said(repository.progress)
        if repository.status is None and not working:
            working = self.tr("Opening")
        frame.status.show_status(repository.status, working)

    def _on_progress(self, progress: Progress | None) -> None:
        frame = self._frame
        assert frame is not None
        frame.top.show_job(None if progress is None else share_done(progress))
        self._show_status(frame)
        for view in (*frame.views.values(), frame.drawer):
            tell(view, "show_progress", progress)

    def _on_status(self, status: IndexStatus) -> None:
        assert self._frame is not None
        self._dress()
        for view in self._frame.views.values():
            tell(view, "show_status", status)

    def _on_counts(self, counts: KnowledgeCounts) -> None:
        if self._frame is not None:
            self._frame.rail.set_count(Place.KNOWLEDGE, counts.gaps_open)

    def _on_no_counts(self, error: LorebaseError) -> None:
        """Show the number that was there: it is a hint, no more."""
