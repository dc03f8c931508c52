"""A range of commits, or what is staged, told by module: what changed, why, and what to look at."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from indexer.guide.changes.api import Difference, Ends, differences, parse_ends, row_of
from indexer.guide.changes.bodies import touched
from indexer.guide.changes.citing import RangeSources, fact
from indexer.guide.changes.convention import learn
from indexer.guide.changes.declared import declared_rows
from indexer.guide.changes.drafts import Material, drafts
from indexer.guide.changes.grouping import ROOT, ModuleOf
from indexer.guide.changes.leading import ORDER, PRODUCT, Leading
from indexer.guide.changes.parsed import Parser
from indexer.guide.changes.ranges import Ranges, Span
from indexer.guide.changes.reviewers import reviewers
from indexer.guide.changes.settings import merged, setting_rows
from indexer.guide.changes.stories import Teller, Told, told_of
from indexer.guide.changes.template import read_template
from indexer.guide.changes.weighing import Weighed, Weigher, tests_told, weighed
from indexer.guide.changes.wording import many
from indexer.index.catalog import get_meta
from indexer.index.people import Seen
from indexer.shapes.changes import (
    ApiChange,
    ApiRow,
    ChangeSummary,
    ChangesWanted,
    Draft,
    DraftKind,
    ModuleChange,
    RangeKind,
    Risk,
    RiskKind,
    StoryKind,
)
from indexer.types import Control, SymbolKind, shown_path

if TYPE_CHECKING:
    import sqlite3

    from indexer.guide.desk import Desk
    from indexer.guide.modules.summaries import Summaries

MOST_MODULES: Final = 30
MOST_STORIES: Final = 50
"""Told for each module at most, whatever is asked for."""

MOST_API: Final = 40
"""Rows of definitions for each module."""

MOST_SETTINGS: Final = 60
MOST_USES: Final = 20
VISIT_SECONDS: Final = 1_800
"""Looks within this time are one visit: the second one still sees what the first one did."""

_PAGE: Final = "changes"
_BEFORE: Final = "changes before"
_HOME: Final = "overview before"


@dataclass(slots=True)
class _Part:
    """What is gathered of one module."""

    name: str
    files: list[Weighed]
    told: list[Told]
    api: list[Difference]

    @property
    def lines(self) -> tuple[int, int]:
        """Lines added and deleted."""
        added = sum(each.change.added or 0 for each in self.files)
        return added, sum(each.change.deleted or 0 for each in self.files)

    @property
    def weight(self) -> tuple[bool, int, str]:
        """Modules with code first, then the most changed."""
        return not any(each.code for each in self.files), -sum(self.lines) - 20 * len(self.told), self.name


class Changes:
    """Summarises changes; callable from several threads."""

    def __init__(self, desk: Desk, modules: Summaries) -> None:
        self._desk = desk
        self._modules = modules
        self._ranges = Ranges(desk.catalog, desk.repository)
        self._parser = Parser(desk.repository, desk.pool)

    def summary(self, wanted: ChangesWanted, control: Control) -> ChangeSummary:
        """Return what changed. Raises UsageError and NotFoundError as `Ranges.span` does."""
        began = time.perf_counter()
        last = self._last_seen() if wanted.of is RangeKind.SINCE_LAST else ""
        span = self._ranges.span(wanted, last, control)
        with self._desk.catalog.snapshot() as reader:
            tools = _Tools(self._desk, self._parser, reader, self._module_of(reader), control)
            made = _Telling(tools, span, wanted).summary()
        if wanted.of is RangeKind.SINCE_LAST:
            self._look(span.end.commit_id)
        return replace(made, seconds=time.perf_counter() - began)

    def _module_of(self, reader: sqlite3.Connection) -> ModuleOf:
        tree = self._modules.survey(reader).tree
        return lambda path: tree.module_of(path) or ROOT

    def _last_seen(self) -> str:
        """Return the commit that was HEAD when the last visit but this one ended, or nothing."""
        people = self._desk.people
        page, before = (people.seen(self._key(each)) for each in (_PAGE, _BEFORE))
        if page is not None and not 0 <= time.time() - page.at < VISIT_SECONDS:
            return page.commit_id or ""
        if before is not None:
            return before.commit_id or ""
        home = people.seen(self._key(_HOME))
        if page is None and home is not None:
            return home.commit_id or ""
        return "" if page is None else page.commit_id or ""

    def _look(self, head: str) -> None:
        """Remember that HEAD was looked at now."""
        people, now = self._desk.people, int(time.time())
        page = people.seen(self._key(_PAGE))
        seen = {self._key(_PAGE): Seen(head, now)}
        if page is not None and not 0 <= now - page.at < VISIT_SECONDS:
            seen[self._key(_BEFORE)] = page
        elif page is None and (home := people.seen(self._key(_HOME))) is not None:
            seen[self._key(_BEFORE)] = home
        people.see(seen)

    def _key(self, name: str) -> str:
        return f"{name}:{self._desk.folder.name}"


@dataclass(frozen=True, slots=True)
class _Tools:
    """What a summary is made with."""

    desk: Desk
    parser: Parser
    reader: sqlite3.Connection
    module_of: ModuleOf
    control: Control


class _Telling:
    """One summary under way."""

    def __init__(self, tools: _Tools, span: Span, wanted: ChangesWanted) -> None:
        desk, reader = tools.desk, tools.reader
        self._desk = desk
        self._parser = tools.parser
        self._reader = reader
        self._module_of = tools.module_of
        self._control = tools.control
        self._span = span
        self._wanted = wanted
        self._records = {each.oid: each for each in span.records}
        self._sources = RangeSources(desk.catalog, desk.repository, self._records)
        self._teller = Teller(self._sources)
        self._leading = Leading(span)
        self._weigher = Weigher(reader)
        self._notices = list(span.notices)
        self._used: dict[tuple[ApiChange, str], list[str]] = {}

    def summary(self) -> ChangeSummary:
        """Tell it all."""
        span, control = self._span, self._control
        files = weighed(self._reader, span.difference.changes)
        told = told_of(span.records)
        control.checkpoint()
        ends, unparsed = parse_ends(span.difference.changes, self._parser, control)
        found, annotated = differences(ends, span.start.commit_id, span.end.commit_id, self._sources)
        rows, unset = setting_rows(
            span.difference.changes,
            (span.start.commit_id, span.end.commit_id),
            self._parser,
            self._sources,
            control,
        )
        declared = declared_rows(ends, span.start.commit_id, span.end.commit_id, self._sources, control)
        settings = merged([*rows, *declared])
        named = {(each.path, each.name) for each in declared}
        # A constant of a module of settings is a setting, and told once.
        found = [
            each for each in found if (shown_path(each.shown.place.path), each.shown.symbol.name) not in named
        ]
        if unparsed or unset:
            self._notices.append(
                f"Not compared: {unparsed + unset} of the changed files, the smallest changes."
            )
        tests, bare = tests_told(files, span.records)
        parts = self._parts(files, told, found)
        modules = tuple(self._module(each, bare) for each in parts[:MOST_MODULES])
        people, own = reviewers(self._reader, self._sources, self._weigher, files, span.records)
        if own:
            self._notices.append(f"Not named for review, since it is their own work: {', '.join(own)}.")
        code = {each.path for each in files if each.code}
        counts = self._leading.counts(files, told)
        made = ChangeSummary(
            of=self._wanted.of,
            start=span.start,
            end=span.end,
            counts=counts,
            lead=self._sources.kept(list(self._leading.sentences(counts, files, told, found, annotated))),
            modules=modules,
            modules_more=max(len(parts) - MOST_MODULES, 0),
            settings=tuple(settings[:MOST_SETTINGS]),
            settings_more=max(len(settings) - MOST_SETTINGS, 0),
            tests=self._sources.kept(tests),
            risks=self._risks(files, bare, found),
            reviewers=tuple(each for each in people if self._sources.kept([each.says])),
            missing=self._sources.kept(list(self._leading.missing(code, self._teller))),
            notices=tuple(self._notices),
        )
        if self._wanted.drafts:
            made = replace(made, drafts=self._drafts(made, told, files, ends))
        return replace(made, dropped=self._sources.dropped)

    def _drafts(
        self, made: ChangeSummary, told: Sequence[Told], files: Sequence[Weighed], ends: Sequence[Ends]
    ) -> tuple[Draft, ...]:
        base = self._span.end.commit_id or self._span.start.commit_id
        asks = DraftKind.PULL_REQUEST in self._wanted.drafts
        material = Material(
            summary=made,
            told=tuple(told),
            teller=self._teller,
            files=tuple(files),
            touched=tuple(touched(ends, self._sources)),
            convention=learn(self._reader, self._module_of),
            module_of=self._module_of,
            template=read_template(self._desk.repository, base) if asks else "",
        )
        return drafts(material, self._wanted.drafts)

    # ------------------------------------------------------------------------ parts

    def _parts(
        self, files: Sequence[Weighed], told: Sequence[Told], found: Sequence[Difference]
    ) -> list[_Part]:
        parts: dict[str, _Part] = {}

        def part(name: str) -> _Part:
            return parts.setdefault(name, _Part(name, [], [], []))

        for file in files:
            part(self._module_of(file.path)).files.append(file)
        for difference in found:
            part(self._module_of(shown_path(difference.shown.place.path))).api.append(difference)
        for story in told:
            name = self._home_of(story)
            if name is not None:
                part(name).told.append(story)
        return sorted(parts.values(), key=lambda each: each.weight)

    def _home_of(self, story: Told) -> str | None:
        """Return the module that a story is about: where most of its code lies, else of its files."""
        modules: Counter[str] = Counter()
        for path in story.paths:
            shown = shown_path(path)
            modules[self._module_of(shown)] += 10 if _is_code(path) else 1
        return min(modules, key=lambda name: (-modules[name], name)) if modules else None

    def _module(self, part: _Part, bare: set[str]) -> ModuleChange:
        self._control.checkpoint()
        most = min(max(self._wanted.most, 0), MOST_STORIES)
        worth = [each for each in part.told if not each.automatic and each.kind is not StoryKind.DEPENDENCY]
        worth.sort(key=self._story_order)
        stories = [self._teller.story(each) for each in worth[:most]]
        shown = tuple(each for each in stories if each is not None)
        rows = self._api_rows(part.api[:MOST_API])
        added, deleted = part.lines if self._span.difference.counted else (-1, -1)
        return ModuleChange(
            name=part.name,
            files=len(part.files),
            lines_added=added,
            lines_deleted=deleted,
            commits=sum(len(each.all) for each in part.told),
            facts=self._sources.kept(list(self._leading.of_module(part.told))),
            stories=shown,
            stories_more=len(part.told) - len(shown),
            api=rows,
            api_more=len(part.api) - len(rows),
            risks=tuple(
                each for each in self._weigher.risks(part.files, bare) if self._sources.kept([each.says])
            ),
        )

    def _story_order(self, story: Told) -> tuple[bool, bool, bool, int, int, int]:
        """Features and what goes before what mends, what says why first, the largest first."""
        why = self._teller.says_why(story)
        aside = story.kind not in PRODUCT
        return (
            bool(story.undone_by),
            aside,
            not why,
            ORDER[story.kind],
            -len(story.paths),
            -story.record.committed,
        )

    def _api_rows(self, found: Sequence[Difference]) -> tuple[ApiRow, ...]:
        rows = (row_of(each, self._sources, self._uses(each)) for each in found)
        return tuple(each for each in rows if each is not None)

    def _uses(self, difference: Difference) -> list[str]:
        """Return where the name of what is gone or changed is still used, if the index has that state."""
        if difference.change not in (ApiChange.REMOVED, ApiChange.CHANGED):
            return []
        symbol = difference.shown.symbol
        if symbol.kind in (SymbolKind.CONSTANT, SymbolKind.PROPERTY) or not self._indexed:
            return []
        known = self._used.get((difference.change, symbol.name))
        if known is not None:
            return known
        # A name that others bear too tells nothing of who uses this one.
        if self._bearers(symbol.name) > (difference.change is ApiChange.CHANGED):
            return []
        rows = self._reader.execute(
            "SELECT DISTINCT p.shown || ':' || r.line FROM reference r JOIN entry e ON e.blob_id = r.blob_id"
            " JOIN path p ON p.id = e.path_id WHERE r.name = ? AND r.name = ? COLLATE BINARY"
            " AND r.kind IN ('call', 'import', 'inherit', 'type', 'use', 'execute') LIMIT ?",
            (symbol.name, symbol.name, MOST_USES),
        )
        found = [place for (place,) in rows]
        self._used[difference.change, symbol.name] = found
        return found

    def _bearers(self, name: str) -> int:
        """Return how many current definitions have a name."""
        row = self._reader.execute(
            "SELECT count(*) FROM symbol s JOIN entry e ON e.blob_id = s.blob_id WHERE s.name = ?"
            " AND s.kind NOT IN ('heading', 'key', 'variable', 'field')",
            (name,),
        ).fetchone()
        return int(row[0])

    @property
    def _indexed(self) -> bool:
        """Whether the index speaks of the very state that the range ends with."""
        return get_meta(self._reader, "head") == self._span.end.commit_id

    def _risks(
        self, files: Sequence[Weighed], bare: set[str], found: Sequence[Difference]
    ) -> tuple[Risk, ...]:
        risks = self._weigher.risks(files, bare)
        for difference in found:
            uses = self._uses(difference)
            if uses and len(risks) < 12:
                done = "removed" if difference.change is ApiChange.REMOVED else "of another signature"
                symbol = difference.shown.symbol
                more = (
                    f"{MOST_USES} or more places"
                    if len(uses) >= MOST_USES
                    else many(len(uses), "place", "places")
                )
                use = "uses" if len(uses) == 1 else "use"
                text = f"`{symbol.qualified}` is {done}, and {more} {use} that name."
                risks.append(Risk(RiskKind.STILL_USED, fact(text, f"uses of the name {symbol.name}", uses)))
        return tuple(each for each in risks if self._sources.kept([each.says]))


def _is_code(path: str) -> bool:
    from indexer.guide.changes.subjects import path_kind

    return path_kind(path) is StoryKind.CHANGE


def _name(difference: Difference) -> str:
    return difference.shown.symbol.name
