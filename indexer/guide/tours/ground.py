"""What a route is derived from: the files of an area, and means to say cited things about them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from typing import Final

from indexer.answer.citations import Sources, cite_fact
from indexer.answer.inquiry import Inquiry
from indexer.answer.page import Page
from indexer.errors import LorebaseError, NotFoundError
from indexer.guide.anchors import Anchors
from indexer.guide.by_name import Definitions, given_in, taken
from indexer.guide.desk import Desk
from indexer.guide.overview import MINOR, YEAR
from indexer.guide.unasked import unasked
from indexer.index.blame_cache import BlameCache, BlameRun
from indexer.index.passages import file_entry
from indexer.index.symbols import FoundSymbol, find_symbols
from indexer.shapes.inventory import Inventory, InventoryKind, InventoryWanted
from indexer.shapes.onboarding import Reading, SelfCheck, StepKind, TourLine, TourRole, TourStep
from indexer.types import Citation, Control, FileMark, Section, Statement, SymbolKind, shown_path

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
)

LINES_A_MINUTE: Final = 20
"""Lines of unknown code that a person reads in a minute and understands; the usual 200 to 400 an hour
of a review would be 3 to 7, but here one reads to know the way, not to find faults."""

WORDS_A_MINUTE: Final = 150
SHORTEST: Final = 3
LONGEST: Final = 25
READ_LINES: Final = 60
"""No more of a definition is asked to be read at one stop."""

ALL_EXAMPLES: Final = 0.6
"""Share of the code that must be examples for the repository to be one."""

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
        examples = [each for each in code if each.marks & FileMark.EXAMPLE]
        return MINOR ^ FileMark.EXAMPLE if len(examples) > ALL_EXAMPLES * len(code) else MINOR

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

    def blame(self, path: str) -> Sequence[BlameRun]:
        """Return who wrote the lines of a file; up to a second where nobody asked before."""
        return self._blame.runs(path)

    @cached_property
    def _by_path(self) -> dict[str, AreaFile]:
        return {each.path: each for each in self.everything}

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


class Laid:
    """One step under way: what it says, what is to be read, and its question."""

    def __init__(self, ground: Ground, kind: StepKind, key: str, title: str) -> None:
        self.ground = ground
        self.inquiry = ground.inquiry()
        self.page = self.inquiry.page
        self.kind = kind
        self.key = key
        self.title = title
        self.reading: list[Reading] = []
        self.introduces: list[str] = []
        self.uses: list[str] = []
        self._matters: TourLine | None = None
        self._check: SelfCheck | None = None

    def read(self, title: str, path: str, start: int, end: int, symbol: str = "") -> bool:
        """Add lines to read, unless they are there already or cannot be cited."""
        source = self.ground.sources.file(path)
        if source is None or not source.lines:
            return False
        start, end = max(start, 1), min(end, len(source.lines))
        if any(each.anchor.path == path and each.anchor.start_line == start for each in self.reading):
            return False
        try:
            anchor = self.ground.anchors.anchor(f"{path}:{start}-{max(start, end)}")
        except LorebaseError:
            return False
        self.reading.append(Reading(title, replace(anchor, symbol=symbol)))
        return True

    def read_symbol(self, symbol: FoundSymbol, lines: int = READ_LINES) -> bool:
        """Add a definition to read, its beginning where it is long."""
        end = min(symbol.end_line, symbol.start_line + lines - 1)
        return self.read(symbol.qualified, symbol.path, symbol.start_line, end, symbol.qualified)

    def fact(self, text: str, query: str, rests_on: Sequence[str], cited: Sequence[Citation] = ()) -> bool:
        """Say something counted."""
        return self.page.fact(Section.WHAT, text, query, rests_on, cited)

    def matters(self, text: str, query: str, rests_on: Sequence[str], cited: Sequence[Citation] = ()) -> None:
        """Say why it matters: something counted again."""
        self._matters = TourLine(Statement(Section.WHAT, text, (*cited, cite_fact(query, rests_on))))

    def ask(
        self,
        question: str,
        answer: str,
        cited: Sequence[Citation | None],
        right: str = "",
        wrong: Sequence[str] = (),
    ) -> None:
        """Set the self-check; with ``right`` and at least two ``wrong`` ones as a choice."""
        citations = tuple(each for each in cited if each is not None)
        if not citations:
            return
        line = TourLine(Statement(Section.WHAT, answer, citations))
        others = [each for each in dict.fromkeys(wrong) if each != right][:3]
        if not right or len(others) < 2:
            self._check = SelfCheck(question, line)
            return
        choices = sorted((right, *others), key=lambda each: _mixed(self.key, each))
        self._check = SelfCheck(question, line, tuple(choices), choices.index(right))

    def step(self) -> TourStep | None:
        """Return the step, or None when there is nothing to say or to read."""
        self.ground.dropped += self.page.dropped
        if not self.page.statements:
            return None
        order = (Section.WHAT, Section.WHY, Section.MISSING)
        lines = tuple(TourLine(each) for section in order for each in self.page.of(section))
        return TourStep(
            key=self.key,
            kind=self.kind,
            title=self.title,
            lines=lines,
            reading=tuple(self.reading),
            matters=self._matters,
            check=self._check,
            minutes=_minutes(lines, self.reading, self._check is not None),
            introduces=tuple(dict.fromkeys(self.introduces)),
            uses=tuple(dict.fromkeys(self.uses)),
        )


def is_code_kind(kind: SymbolKind) -> bool:
    """Whether a definition is something that does or holds anything."""
    return kind.value not in _NO_CODE


def _minutes(lines: Sequence[TourLine], reading: Sequence[Reading], checked: bool) -> int:
    words = sum(len(each.statement.text.split()) for each in lines)
    code = sum(
        min(each.anchor.end_line - each.anchor.start_line + 1, READ_LINES)
        for each in reading
        if each.anchor.start_line
    )
    minutes = words / WORDS_A_MINUTE + code / LINES_A_MINUTE + (1 if checked else 0)
    return max(SHORTEST, min(round(minutes), LONGEST))


def _mixed(key: str, choice: str) -> bytes:
    """Return what puts choices in an order that tells nothing, the same each time."""
    return blake2b(f"{key}\0{choice}".encode("utf-8", "surrogatepass"), digest_size=8).digest()


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
