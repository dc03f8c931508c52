"""The modules of a repository as the rest of the engine asks for them: tree, map, links and summaries."""

from __future__ import annotations

import sqlite3
import threading
from typing import TYPE_CHECKING

from indexer.guide.modules import rows
from indexer.guide.modules.survey import Survey, survey_key
from indexer.shapes.modules import (
    Dependencies,
    DependenciesWanted,
    FileMap,
    MapWanted,
    ModulesWanted,
    ModuleTree,
)
from indexer.types import Control

if TYPE_CHECKING:
    from indexer.guide.desk import Desk


class Summaries:
    """Callable from several threads."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._survey: Survey | None = None

    def survey(self, reader: sqlite3.Connection) -> Survey:
        """Return what is counted over the whole repository, as of the index that ``reader`` sees."""
        key = survey_key(reader)
        with self._lock:
            if self._survey is None or self._survey.key != key:
                self._survey = Survey(reader)
            return self._survey

    def tree(self, wanted: ModulesWanted, control: Control) -> ModuleTree:
        """Return the modules at and below a path."""
        control.checkpoint()
        with self._desk.catalog.snapshot() as reader:
            survey = self.survey(reader)
            inside = {each.path for each in survey.tree.below(survey.tree.module_of(wanted.path))}
            found = tuple(each for each in rows.rows(survey, {}, {}) if each.path in inside)
        return ModuleTree(found, survey.head)

    def file_map(self, wanted: MapWanted, control: Control) -> FileMap:
        """Return the files of the map."""
        control.checkpoint()
        with self._desk.catalog.snapshot() as reader:
            return rows.file_map(reader, self.survey(reader), wanted, {})

    def dependencies(self, wanted: DependenciesWanted, control: Control) -> Dependencies:
        """Return how modules lean on each other."""
        control.checkpoint()
        with self._desk.catalog.snapshot() as reader:
            survey = self.survey(reader)
            made = {each.path: each for each in rows.rows(survey, {}, {})}
            return rows.dependencies(survey, wanted, made)
