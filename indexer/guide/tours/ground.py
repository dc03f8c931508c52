"""What a route is derived from: the files of an area, and means to say cited things about them."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from indexer.answer.citations import Sources
from indexer.answer.inquiry import Inquiry
from indexer.answer.page import Page
from indexer.errors import NotFoundError
from indexer.guide.anchors import Anchors
from indexer.guide.by_name import Definitions, given_in, taken
from indexer.guide.desk import Desk
from indexer.guide.overview import MINOR, YEAR
from indexer.guide.unasked import unasked
from indexer.index.blame_cache import BlameCache, BlameRun
from indexer.index.passages import file_entry
from indexer.index.symbols import find_symbols
from indexer.shapes.inventory import Inventory, InventoryKind, InventoryWanted
from indexer.shapes.onboarding import TourRole
from indexer.types import Control, FileMark, Statement, SymbolKind, shown_path

Listing = Callable[[InventoryWanted, Control], Inventory]
"""Lists what is declared."""

Says = Callable[[sqlite3.Connection, str], Statement | None]
"""Returns what a folder says of itself, if it does."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What other parts of the guide know."""

    listing: Listing
    says: Says


INVENTORY: Final = (
    InventoryKind.ENDPOINTS,
    InventoryKind.JOBS,
    InventoryKind.COMMANDS,
    InventoryKind.TABLES,
    InventoryKind.ENV,
    InventoryKind.SETTINGS,
)


ALL_EXAMPLES: Final = 0.6
"""Share of the lines of code that must be examples for the repository to be one."""

MIGRATION: Final = re.compile(
    r"(?:^|/)(?:migrations?|south_migrations|db/migrate|alembic/versions|flyway|liquibase)/", re.I
)

WRAPPER: Final = re.compile(r"(?:^|/)(?:mvnw|gradlew)(?:\.cmd|\.bat)?$")
"""A copy of the build tool that lies beside the code, and is none of it."""

WEB: Final = frozenset(("javascript", "typescript", "tsx", "vue", "svelte", "css", "scss", "less", "html"))
PROSE: Final = frozenset(("markdown", "rst", "asciidoc", "text", "org", "csv"))
_NO_CODE: Final = (
    "heading",
    "key",
    "rule",
    "variable",
    "constant",
)


@dataclass(frozen=True, slots=True)
class AreaFile:
    """A current file of the area. ``changes`` are those of the last year before its newest commit."""

    path_id: int
    path: str
    blob_id: int
    language: str
    lines: int
    marks: FileMark
    rank: float
    used_by: int
    changes: int
    defines: bool


class Ground:
    """One area of the indexed state, read within one snapshot."""

    def __init__(
        self,
        desk: Desk,
        reader: sqlite3.Connection,
        area: str,
        role: TourRole,
        control: Control,
        beside: Beside | None = None,
    ) -> None:
        self._beside = beside
        self.desk = desk
        self.reader = reader
        self.role = role
        self.control = control
        self.anchors = Anchors(desk.catalog, desk.repository, desk.sources)
        self._blame = BlameCache(desk.catalog, desk.repository)
        self._kept: dict[str, Counter[str]] = {}
        self.dropped = 0
        self.notices: list[str] = []
        self.quoted: set[str] = set()
        """Reasons that a step quotes already."""
        self.everything = _files(reader)
        self.area = self._area(area)
        self.files = tuple(each for each in self.everything if self.inside(each.path))

    @property
    def sources(self) -> Sources:
        """Reads and cites files."""
        return self.desk.sources

    @property
    def whole(self) -> bool:
        """Whether the area is the whole repository."""
        return not self.area

    @cached_property
    def name(self) -> str:
        """What the repository is called; a place for a name where it has no folder."""
        folder = self.desk.work_tree
        if folder is None:
            return "this repository"
        return shown_path(folder.name)

    @property
    def called(self) -> str:
        """How the area is called in a sentence."""
        return self.name if self.whole else f"{self.area}"

    @property
    def title(self) -> str:
        """What a tour of the area is called."""
        roles = {
            TourRole.ANY: "",
            TourRole.BACKEND: " for the back end",
            TourRole.FRONTEND: " for the front end",
            TourRole.OPS: " for operations",
            TourRole.QA: " for testing",
        }
        name = self.name if self.whole else f"{self.name}: {self.area}"
        return f"{name[:1].upper()}{name[1:]}{roles[self.role]}"

    @cached_property
    def code(self) -> tuple[AreaFile, ...]:
        """Major files of the area, in the role's languages where there are any; first the most used."""
        found = [each for each in self.files if self.is_major(each)]
        if self.role is TourRole.FRONTEND:
            web = [each for each in found if each.language in WEB]
            if web:
                found = web
            else:
                self.notices.append(
                    "No code of a front end was found here: the route shows what there is instead."
                )
        return tuple(sorted(found, key=lambda each: (-each.rank, each.path)))

    @cached_property
    def code_ids(self) -> frozenset[int]:
        """The blobs of the major files."""
        return frozenset(each.blob_id for each in self.code)

    @cached_property
    def system_ids(self) -> frozenset[int]:
        """The blobs of all major files of the repository: who may depend on what is in the area."""
        if self.whole:
            return self.code_ids
        return self.code_ids | {each.blob_id for each in self.everything if self.is_major(each)}

    @cached_property
    def tests(self) -> tuple[AreaFile, ...]:
        """Test files: those of the area, else those of the whole that use it."""
        return tuple(
            each
            for each in self.files
            if each.marks & FileMark.TEST and not each.marks & (FileMark.GENERATED | FileMark.VENDORED)
        )

    @cached_property
    def minor(self) -> FileMark:
        """Marks of files that are no code of its own: tests, copies, documents, configuration.

        Examples too, unless the repository is one: then they are all that there is.
        """
        code = [
            each for each in self.everything if each.defines and not each.marks & (MINOR ^ FileMark.EXAMPLE)
        ]
        # By lines: beside a library of six files there may be thirty small examples of it.
        examples = sum(each.lines for each in code if each.marks & FileMark.EXAMPLE)
        lines = sum(each.lines for each in code)
        return MINOR ^ FileMark.EXAMPLE if examples > ALL_EXAMPLES * lines else MINOR

    def is_major(self, file: AreaFile) -> bool:
        """Whether a file is code of its own; a migration is but a step of a schema's history."""
        return (
            file.defines
            and not file.marks & self.minor
            and not MIGRATION.search(file.path)
            and not WRAPPER.search(file.path)
        )

    def inside(self, path: str) -> bool:
        """Whether a path belongs to the area."""
        return not self.area or path == self.area or path.startswith(f"{self.area}/")

    def file(self, path: str) -> AreaFile | None:
        """Return a current file by its path."""
        return self._by_path.get(path)

    def says(self, folder: str) -> Statement | None:
        """Return what a folder says of itself, or what a document of its name says of it."""
        return None if self._beside is None else self._beside.says(self.reader, folder)

    def inquiry(self) -> Inquiry:
        """Return what composers of answers are given, about nothing in particular, with a fresh page."""
        return unasked(self.reader, Page(self.sources, self.desk.notes.plain()))

    @cached_property
    def inventory(self) -> Inventory:
        """What is declared here: ways in, tables and variables; empty where nobody lists them."""
        if self._beside is None:
            return Inventory(None, self.area)
        wanted = InventoryWanted(INVENTORY, self.area, everywhere=not self.minor & FileMark.EXAMPLE)
        return self._beside.listing(wanted, self.control)

    @cached_property
    def named(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """For each name that a text gives: the file of code that takes it so, and the one that defines it."""
        definitions = Definitions(self.reader, {each.path_id: each.path for each in self.code})
        paths = {each.path_id: each.path for each in self.code}
        given = {each.path_id: given_in(self.reader, each.blob_id, each.path) for each in self.code}
        found: dict[str, list[tuple[str, str]]] = {}
        for each in taken(definitions, given):
            found.setdefault(each.name, []).append((paths[each.source], paths[each.target]))
        return found

    def taken_by_text(self, name: str, path: str) -> frozenset[str]:
        """Return the files that take a definition of ``path``, or one beside it that stands for it, under
        ``name``, given in a text.
        """
        folder = path.rpartition("/")[0]
        return frozenset(
            user
            for user, home in self.named.get(name, ())
            if home.rpartition("/")[0] == folder and user != path
        )

    def naming(self, name: str, *, tests: bool = True) -> int:
        """Return how many files of tests, or of code, name a definition."""
        row = self.reader.execute(
            "SELECT count(DISTINCT r.blob_id) FROM reference r JOIN entry e ON e.blob_id = r.blob_id"
            " WHERE r.name = ?1 AND (e.marks & ?2 != 0) = ?3",
            (name, int(FileMark.TEST), int(tests)),
        ).fetchone()
        return int(row[0])

    @cached_property
    def packages(self) -> frozenset[str]:
        """The names of the folders that code lies in."""
        return frozenset(part for each in self.code for part in each.path.split("/")[:-1])

    @cached_property
    def modules(self) -> frozenset[str]:
        """The names of the folders and files of code: what is taken in by such a name is no definition."""
        stems = (each.path.rpartition("/")[2].partition(".")[0] for each in self.code)
        return self.packages | frozenset(stems)

    def blame(self, path: str) -> Sequence[BlameRun]:
        """Return who wrote the lines of a file; up to a second where nobody asked before."""
        return self._blame.runs(path)

    @cached_property
    def _by_path(self) -> dict[str, AreaFile]:
        return {each.path: each for each in self.everything}

    def kept(self, key: str, work: Callable[[], Counter[str]]) -> Counter[str]:
        """Return what was worked out once for this ground; work it out where it was not."""
        if key not in self._kept:
            self._kept[key] = work()
        return self._kept[key]

    def _area(self, wanted: str) -> str:
        plain = wanted.strip().strip("`").removeprefix("./").rstrip("/")
        if plain in ("", "."):
            return ""
        paths = [each.path for each in self.everything]
        if any(path == plain or path.startswith(f"{plain}/") for path in paths):
            return plain
        if file_entry(self.reader, plain) is not None:
            return plain
        dotted = plain.replace(".", "/")
        if any(path.startswith(f"{dotted}/") for path in paths):
            return dotted
        ends = sorted({_upto(path, dotted) for path in paths if f"/{dotted}/" in f"/{path}"} - {""}, key=len)
        if ends:
            return ends[0]
        found = find_symbols(self.reader, plain, 1)
        if found:
            return found[0].path.rpartition("/")[0]
        raise NotFoundError(
            f"Nothing here is named {wanted!r}.",
            "Name a folder or a file of the repository, or leave --area away for the whole.",
        )


def is_code_kind(kind: SymbolKind) -> bool:
    """Whether a definition is something that does or holds anything."""
    return kind.value not in _NO_CODE


def _upto(path: str, ending: str) -> str:
    """Return the folder of ``path`` that ends in ``ending``, or nothing."""
    folder = path.rpartition("/")[0]
    at = f"/{folder}/".find(f"/{ending}/")
    return folder[: at + len(ending)] if at >= 0 else ""


def _files(reader: sqlite3.Connection) -> tuple[AreaFile, ...]:
    rows = reader.execute(_FILES, (YEAR,)).fetchall()
    return tuple(
        AreaFile(path_id, path, blob_id, language, lines, FileMark(marks), rank, used, changes, bool(defines))
        for path_id, path, blob_id, language, lines, marks, rank, used, changes, defines in rows
    )


_FILES: Final = """
    WITH recent AS (
        SELECT change.path_id, count(*) AS number FROM commits JOIN change ON change.commit_id = commits.id
        WHERE reachable = 1 AND authored > (
            SELECT authored FROM commits WHERE reachable = 1 ORDER BY sequence DESC LIMIT 1) - ?
        GROUP BY change.path_id),
    used AS (SELECT to_path, count(DISTINCT from_path) AS number FROM edge GROUP BY to_path),
    defining AS (SELECT DISTINCT blob_id FROM symbol
        WHERE kind NOT IN ('heading', 'key', 'rule', 'variable', 'constant'))
    SELECT entry.path_id, shown, entry.blob_id, language, lines, entry.marks, rank,
        coalesce(used.number, 0), coalesce(recent.number, 0), defining.blob_id IS NOT NULL
    FROM entry JOIN path ON path.id = entry.path_id JOIN blob ON blob.id = entry.blob_id
    LEFT JOIN recent ON recent.path_id = entry.path_id
    LEFT JOIN used ON used.to_path = entry.path_id
    LEFT JOIN defining ON defining.blob_id = entry.blob_id
    WHERE entry.skipped = '' AND blob.skipped = ''
"""
