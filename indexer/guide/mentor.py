"""What a good mentor does without being asked: the parts of the guide, each made when first needed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.guide.changes.telling import Changes
    from indexer.guide.desk import Desk
    from indexer.guide.examples.finder import ExampleFinder
    from indexer.guide.exporting.exporter import Exporter
    from indexer.guide.inventory.listing import Inventories
    from indexer.guide.logs.explaining import Logs
    from indexer.guide.modules.summaries import Summaries
    from indexer.guide.tours.sessions import Sessions
    from indexer.guide.tours.tours import Tours
    from indexer.guide.traces.explainer import Explainer


class Mentor:
    """Holds the guide. Its parts may be called from several threads."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def close(self) -> None:
        """Let go of what the parts hold open."""
        if "modules" in self.__dict__:
            self.modules.close()

    @cached_property
    def modules(self) -> Summaries:
        """The repository as a tree of modules."""
        from indexer.guide.modules.summaries import Summaries

        return Summaries(self._desk, self.inventory)

    @cached_property
    def tours(self) -> Tours:
        """Routes for newcomers."""
        from indexer.guide.tours.ground import Beside
        from indexer.guide.tours.tours import Tours

        return Tours(self._desk, Beside(self.inventory.list, self.modules.says))

    @cached_property
    def sessions(self) -> Sessions:
        """People's walks along them."""
        from indexer.guide.tours.sessions import Sessions

        return Sessions(self._desk, self.tours)

    @cached_property
    def logs(self) -> Logs:
        """Logs, tied to the statements that wrote them."""
        from indexer.guide.logs.explaining import Logs

        return Logs(self._desk)

    @cached_property
    def changes(self) -> Changes:
        """What a range of commits changes."""
        from indexer.guide.changes.telling import Changes

        return Changes(self._desk, self.modules)

    @cached_property
    def traces(self) -> Explainer:
        """Stack traces, laid on the code."""
        from indexer.guide.traces.explainer import Explainer

        return Explainer(self._desk)

    @cached_property
    def inventory(self) -> Inventories:
        """What the repository offers and reads."""
        from indexer.guide.inventory.listing import Inventories

        return Inventories(self._desk)

    @cached_property
    def exporter(self) -> Exporter:
        """The whole knowledge base, written into a folder."""
        from indexer.guide.exporting.exporter import Exporter

        return Exporter(self._desk, self.modules, self.inventory)

    @cached_property
    def examples(self) -> ExampleFinder:
        """The best existing examples of something, to copy from."""
        from indexer.guide.examples.finder import ExampleFinder

        return ExampleFinder(self._desk, self.inventory)
