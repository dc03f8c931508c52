"""A range of commits, or what is staged, told by module: what changed, why, and what to look at."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from indexer.answer.contacts import day, is_robot
from indexer.guide.changes.api import Difference, differences, parse_ends, row_of
from indexer.guide.changes.citing import RangeSources, fact
from indexer.guide.changes.drafts import drafts
from indexer.guide.changes.grouping import ROOT, ModuleOf, moved_folders
from indexer.guide.changes.ranges import Ranges, Span
from indexer.guide.changes.reviewers import reviewers
from indexer.guide.changes.settings import setting_rows
from indexer.guide.changes.stories import Teller, Told, told_of
from indexer.guide.changes.weighing import Weighed, Weigher, tests_told, weighed, without_reason
from indexer.index.catalog import get_meta
from indexer.index.people import Seen
from indexer.shapes.changes import (
    ApiChange,
    ApiRow,
    ChangeSummary,
    ChangesWanted,
    Counts,
    ModuleChange,
    RangeKind,
    Risk,
    RiskKind,
    StoryForm,
    StoryKind,
)
from indexer.types import Control, Section, Statement, SymbolKind, shown_path

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

_ORDER: Final = {
    StoryKind.FEATURE: 0, StoryKind.REMOVAL: 1, StoryKind.CHANGE: 2, StoryKind.FIX: 3, StoryKind.RELEASE: 4,
    StoryKind.DOCUMENTATION: 5, StoryKind.TEST: 6, StoryKind.BUILD: 7, StoryKind.DEPENDENCY: 8,
}  # fmt: skip


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

    def summary(self, wanted: ChangesWanted, control: Control) -> ChangeSummary:
        """Return what changed. Raises UsageError and NotFoundError as `Ranges.span` does."""
        began = time.perf_counter()
        last = self._last_seen() if wanted.of is RangeKind.SINCE_LAST else ""
        span = self._ranges.span(wanted, last, control)
        with self._desk.catalog.snapshot() as reader:
            made = _Telling(self._desk, reader, span, wanted, self._module_of(reader), control).summary()
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


class _Telling:
    """One summary under way."""

    def __init__(
        self,
        desk: Desk,
        reader: sqlite3.Connection,
        span: Span,
        wanted: ChangesWanted,
        module_of: ModuleOf,
        control: Control,
    ) -> None:
        self._desk = desk
        self._reader = reader
        self._span = span
        self._wanted = wanted
        self._module_of = module_of
        self._control = control
        self._records = {each.oid: each for each in span.records}
        self._sources = RangeSources(desk.catalog, desk.repository, self._records)
        self._teller = Teller(self._sources)
        self._weigher = Weigher(reader)
        self._notices = list(span.notices)
        self._used: dict[tuple[ApiChange, str], list[str]] = {}

    def summary(self) -> ChangeSummary:
        """Tell it all."""
        span, control = self._span, self._control
        files = weighed(self._reader, span.difference.changes)
        told = told_of(span.records)
        control.checkpoint()
        ends, unparsed = parse_ends(span.difference.changes, self._desk.repository, self._desk.pool, control)
        found, annotated = differences(ends, span.start.commit_id, span.end.commit_id, self._sources)
        rows, unset = setting_rows(
            span.difference.changes,
            (span.start.commit_id, span.end.commit_id),
            self._desk.repository,
            self._desk.pool,
            self._sources,
            control,
        )
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
        counts = self._counts(files, told)
        made = ChangeSummary(
            of=self._wanted.of,
            start=span.start,
            end=span.end,
            counts=counts,
            lead=self._sources.kept(list(self._lead(counts, files, told, found, annotated))),
            modules=modules,
            modules_more=max(len(parts) - MOST_MODULES, 0),
            settings=tuple(rows[:MOST_SETTINGS]),
            settings_more=max(len(rows) - MOST_SETTINGS, 0),
            tests=self._sources.kept(tests),
            risks=self._risks(files, bare, found),
            reviewers=tuple(each for each in people if self._sources.kept([each.says])),
            missing=self._sources.kept(list(self._missing(code))),
            notices=tuple(self._notices),
        )
        made = replace(made, drafts=drafts(made, self._wanted.drafts, self._reader, self._desk, span.records))
        return replace(made, dropped=self._sources.dropped)

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
        added, deleted = part.lines
        return ModuleChange(
            name=part.name,
            files=len(part.files),
            lines_added=added,
            lines_deleted=deleted,
            commits=sum(len(each.all) for each in part.told),
            facts=self._sources.kept(list(self._facts(part))),
            stories=shown,
            stories_more=len(part.told) - len(shown),
            api=rows,
            api_more=len(part.api) - len(rows),
            risks=tuple(
                each for each in self._weigher.risks(part.files, bare) if self._sources.kept([each.says])
            ),
        )

    def _story_order(self, story: Told) -> tuple[bool, bool, int, int, int]:
        """Features and what goes before what mends, what says why first, the largest first."""
        why = self._teller.says_why(story)
        return bool(story.undone_by), not why, _ORDER[story.kind], -len(story.paths), -story.record.committed

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
        if difference.change is ApiChange.REMOVED and self._defined_elsewhere(symbol.name):
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

    def _defined_elsewhere(self, name: str) -> bool:
        row = self._reader.execute(
            "SELECT 1 FROM symbol s JOIN entry e ON e.blob_id = s.blob_id WHERE s.name = ? LIMIT 1", (name,)
        ).fetchone()
        return row is not None

    @property
    def _indexed(self) -> bool:
        """Whether the index speaks of the very state that the range ends with."""
        return get_meta(self._reader, "head") == self._span.end.commit_id

    # ------------------------------------------------------------------------ sentences

    def _counts(self, files: Sequence[Weighed], told: Sequence[Told]) -> Counts:
        records = self._span.records
        changes = [each.change for each in files]
        counted = any(each.added is not None for each in changes) or not changes
        return Counts(
            commits=len(records) + self._span.unread,
            merges=sum(len(each.parents) > 1 for each in records),
            reverts=sum(each.form is StoryForm.REVERT for each in told),
            automatic=sum(is_robot(each.author, each.email) for each in records),
            authors=len(
                {each.author.casefold() for each in records if not is_robot(each.author, each.email)}
            ),
            files=len(files),
            added=sum(each.status == "A" for each in changes),
            deleted=sum(each.status == "D" for each in changes),
            moved=sum(each.status == "R" for each in changes),
            lines_added=sum(each.added or 0 for each in changes) if counted else -1,
            lines_deleted=sum(each.deleted or 0 for each in changes) if counted else -1,
            binary=sum(each.added is None and not each.submodule and each.status != "U" for each in changes)
            if self._span.difference.counted
            else 0,
        )

    def _range(self) -> str:
        start, end = self._span.start.commit_id, self._span.end.commit_id
        if not end:
            return "git diff --cached"
        return f"git log {start[:10]}..{end[:10]}" if start else f"git log {end[:10]}"

    def _lead(
        self,
        counts: Counts,
        files: Sequence[Weighed],
        told: Sequence[Told],
        found: Sequence[Difference],
        annotated: int,
    ) -> Iterable[Statement]:
        records = self._span.records
        oids = [each.oid for each in records]
        paths = [each.path for each in files]
        if records:
            days = sorted(day(each.committed) for each in records)
            when = f"on {days[0]}" if days[0] == days[-1] else f"from {days[0]} to {days[-1]}"
            people = _many(counts.authors, "person", "people")
            robots = f", {counts.automatic:,} of them by robots" if counts.automatic else ""
            yield fact(
                f"{_many(counts.commits, 'commit', 'commits')}{robots}, by {people}, {when}.",
                self._range(),
                oids,
            )
        if files:
            parts = [
                _many(number, word, word)
                for number, word in (
                    (counts.added, "added"), (counts.deleted, "deleted"), (counts.moved, "moved"),
                    (counts.binary, "binary"),
                )
                if number
            ]  # fmt: skip
            detail = f" ({', '.join(parts)})" if parts else ""
            lines = (
                f": {counts.lines_added:,} lines added, {counts.lines_deleted:,} deleted"
                if counts.lines_added >= 0
                else ""
            )
            verb = "differs" if counts.files == 1 else "differ"
            yield fact(
                f"{_many(counts.files, 'file', 'files')} {verb}{detail}{lines}.",
                self._range().replace("git log", "git diff --stat"),
                paths,
            )
        elif records:
            yield fact(
                "Both ends have the same files: what was changed was changed back.", self._range(), oids
            )
        else:
            yield fact("Nothing changed.", self._range(), [])
        yield from self._kinds(told)
        yield from self._merges_and_reverts(told)
        if found or annotated:
            yield _api_fact(found, annotated)
        for old, new, count in moved_folders([each.change for each in files])[:3]:
            moved = [each.path for each in files if each.change.status == "R"]
            yield fact(
                f"{shown_path(old)}/ moved to {shown_path(new)}/: {_many(count, 'file', 'files')}.",
                self._range().replace("git log", "git diff -M"),
                moved,
            )
        yield from self._odd(files)

    def _kinds(self, told: Sequence[Told]) -> Iterable[Statement]:
        if len(told) < 2:
            return
        kinds: dict[StoryKind, list[str]] = defaultdict(list)
        for each in told:
            if each.form is StoryForm.PLAIN or each.brought:
                kinds[each.kind].append(each.record.oid)
        words = {
            StoryKind.FEATURE: ("feature", "features"), StoryKind.FIX: ("fix", "fixes"),
            StoryKind.REMOVAL: ("removal", "removals"), StoryKind.CHANGE: ("other change", "other changes"),
            StoryKind.DEPENDENCY: ("update of dependencies", "updates of dependencies"),
            StoryKind.DOCUMENTATION: ("on documents alone", "on documents alone"),
            StoryKind.TEST: ("on tests alone", "on tests alone"),
            StoryKind.BUILD: ("on build and tools", "on build and tools"),
            StoryKind.RELEASE: ("for a release", "for releases"),
        }  # fmt: skip
        parts = [_many(len(kinds[kind]), *words[kind]) for kind in _ORDER if kinds.get(kind)]
        if parts:
            yield fact(
                f"By what their subjects say and what they touch: {_listed(parts)}.",
                self._range(),
                [oid for kind in _ORDER for oid in kinds.get(kind, [])],
            )

    def _merges_and_reverts(self, told: Sequence[Told]) -> Iterable[Statement]:
        merges = [each for each in told if len(each.record.parents) > 1]
        if merges:
            brought = sum(len(each.brought) for each in merges)
            folded = (
                f", told as {_many(len([m for m in merges if m.brought]), 'one', 'one each')}"
                if brought
                else ""
            )
            yield fact(
                f"{_many(len(merges), 'merge', 'merges')} brought {_many(brought, 'commit', 'commits')}{folded}."
                if brought
                else f"{_many(len(merges), 'merge', 'merges')}.",
                f"{self._range()} --merges",
                [each.record.oid for each in merges],
            )
        for each in told:
            if each.form is not StoryForm.REVERT:
                continue
            subject = each.record.message.split("\n", 1)[0]
            known = self._records.get(each.undoes)
            if known is not None:
                text = (
                    f"{each.record.oid[:9]} takes back {known.oid[:9]} of this same range: “{_cut(subject)}”."
                )
            elif each.undoes:
                text = (
                    f"{each.record.oid[:9]} takes back {each.undoes[:9]}, which is older: “{_cut(subject)}”."
                )
            else:
                text = f"{each.record.oid[:9]} takes something back: “{_cut(subject)}”."
            yield fact(
                text,
                f"git show {each.record.oid[:10]}",
                [each.record.oid, *([each.undoes] if each.undoes else [])],
            )

    def _odd(self, files: Sequence[Weighed]) -> Iterable[Statement]:
        """Tell what has no lines to compare: submodules, permissions, kinds of file."""
        for each in files:
            change = each.change
            if change.submodule:
                text = (
                    f"The submodule {each.path} moves from {change.old_oid[:9]} to {change.new_oid[:9]}."
                    if change.status == "M"
                    else f"The submodule {each.path} is {'added' if change.status == 'A' else 'removed'}."
                )
                yield fact(text, self._range().replace("git log", "git diff"), [each.path])
        modes = [each for each in files if each.change.mode_only]
        if modes:
            names = _listed([each.path for each in modes[:4]]) + (
                f" and {len(modes) - 4} more" if len(modes) > 4 else ""
            )
            to = "executable" if modes[0].change.new_mode & 0o111 else "not executable"
            same = all(bool(each.change.new_mode & 0o111) == (to == "executable") for each in modes)
            yield fact(
                f"Only the permission changed of {names}" + (f": now {to}." if same else "."),
                self._range().replace("git log", "git diff --summary"),
                [each.path for each in modes],
            )
        kinds = [each for each in files if each.change.status == "T"]
        for each in kinds[:3]:
            yield fact(
                f"{each.path} became another kind of file ({each.change.old_mode:o}, now {each.change.new_mode:o}).",
                self._range().replace("git log", "git diff --summary"),
                [each.path],
            )

    def _facts(self, part: _Part) -> Iterable[Statement]:
        robots = [each for each in part.told if each.automatic or each.kind is StoryKind.DEPENDENCY]
        if robots:
            yield fact(
                f"{_many(len(robots), 'update', 'updates')} of dependencies, or by robots, "
                f"{'is' if len(robots) == 1 else 'are'} folded here.",
                self._range(),
                [each.record.oid for each in robots],
            )
        undone = [each for each in part.told if each.undone_by]
        if undone:
            yield fact(
                f"{_many(len(undone), 'change was', 'changes were')} taken back again within the range.",
                self._range(),
                [oid for each in undone for oid in (each.record.oid, each.undone_by)],
            )

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
                    else _many(len(uses), "place", "places")
                )
                text = f"`{symbol.qualified}` is {done}, and {more} {'uses' if len(uses) == 1 else 'use'} that name."
                risks.append(Risk(RiskKind.STILL_USED, fact(text, f"uses of the name {symbol.name}", uses)))
        return tuple(each for each in risks if self._sources.kept([each.says]))

    def _missing(self, code: set[str]) -> Iterable[Statement]:
        """Tell how much of what changed in the code has no reason on record."""
        silent, asked = without_reason(self._span.records, self._teller, code)
        if not asked:
            if not self._span.records and code:
                yield fact(
                    "Why this changes is not recorded yet: nothing is committed.",
                    "git diff --cached",
                    sorted(code),
                    Section.MISSING,
                )
            return
        if silent:
            elsewhere = sum(self._teller.reasons(each).points_elsewhere for each in silent)
            text = f"{len(silent)} of {_many(asked, 'commit', 'commits')} by people that change code {'give' if len(silent) != 1 else 'gives'} no reason in the message"
            if elsewhere:
                text += f"; {elsewhere} of them point to an issue or a pull request, which is not in the repository"
            yield fact(
                f"{text}.", f"{self._range()} --format=%B", [each.oid for each in silent], Section.MISSING
            )


def _api_fact(found: Sequence[Difference], annotated: int) -> Statement:
    counts = Counter(each.change for each in found)
    words = {
        ApiChange.ADDED: "added", ApiChange.REMOVED: "removed",
        ApiChange.CHANGED: "changed in signature or value", ApiChange.MOVED: "moved",
    }  # fmt: skip
    parts = [f"{counts[each]:,} {words[each]}" for each in words if counts[each]]
    text = (
        f"Definitions that others can use: {_listed(parts)}."
        if parts
        else "No definition that others can use came, went or changed."
    )
    if annotated:
        text += f" {_many(annotated, 'signature', 'signatures')} differ in annotations alone."
    places = [f"{shown_path(each.shown.place.path)}:{each.shown.symbol.name_line}" for each in found]
    return fact(text, "public definitions at both ends, compared", places)


def _is_code(path: str) -> bool:
    from indexer.guide.changes.subjects import path_kind

    return path_kind(path) is StoryKind.CHANGE


def _many(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def _cut(text: str) -> str:
    return text if len(text) <= 100 else text[:99] + "…"
