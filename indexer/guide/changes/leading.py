"""The sentences that lead a summary: how much, of what kinds, what was merged, taken back and moved."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from indexer.answer.authorship import is_robot
from indexer.answer.contacts import day
from indexer.guide.changes.api import Difference
from indexer.guide.changes.citing import fact
from indexer.guide.changes.grouping import moved_folders
from indexer.guide.changes.ranges import Span
from indexer.guide.changes.stories import Teller, Told
from indexer.guide.changes.weighing import Weighed, without_reason
from indexer.guide.changes.wording import cut, listed, many
from indexer.shapes.changes import ApiChange, Counts, StoryForm, StoryKind
from indexer.types import Section, Statement, shown_path

NAMED: Final = 4
"""Things named in one sentence."""

FOLDERS: Final = 3
"""Moved folders that are told."""

REVERTS: Final = 5
SUBMODULES: Final = 5
"""Told by themselves; the rest is counted."""

PRODUCT: Final = frozenset((StoryKind.FEATURE, StoryKind.REMOVAL, StoryKind.CHANGE, StoryKind.FIX))
"""Kinds that change the product itself."""

ORDER: Final = {
    StoryKind.FEATURE: 0, StoryKind.REMOVAL: 1, StoryKind.CHANGE: 2, StoryKind.FIX: 3, StoryKind.RELEASE: 4,
    StoryKind.DOCUMENTATION: 5, StoryKind.TEST: 6, StoryKind.BUILD: 7, StoryKind.DEPENDENCY: 8,
}  # fmt: skip


class Leading:
    """Says of a range what can be counted over the whole of it."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self._records = {each.oid: each for each in span.records}

    def counts(self, files: Sequence[Weighed], told: Sequence[Told]) -> Counts:
        """Return what the range holds, counted."""
        records = self._span.records
        changes = [each.change for each in files]
        counted = self._span.difference.counted
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

    @property
    def query(self) -> str:
        """The command of git that shows the same."""
        start, end = self._span.start.commit_id, self._span.end.commit_id
        if not end:
            return "git diff --cached"
        return f"git log {start[:10]}..{end[:10]}" if start else f"git log {end[:10]}"

    def sentences(
        self,
        counts: Counts,
        files: Sequence[Weighed],
        told: Sequence[Told],
        found: Sequence[Difference],
        annotated: int,
    ) -> Iterable[Statement]:
        """Say it, the most general first; ``annotated`` signatures differ in annotations alone."""
        records = self._span.records
        oids = [each.oid for each in records]
        paths = [each.path for each in files]
        if records:
            days = sorted(day(each.committed) for each in records)
            when = f"on {days[0]}" if days[0] == days[-1] else f"from {days[0]} to {days[-1]}"
            people = many(counts.authors, "person", "people")
            robots = f", {counts.automatic:,} of them by robots" if counts.automatic else ""
            yield fact(
                f"{many(counts.commits, 'commit', 'commits')}{robots}, by {people}, {when}.",
                self.query,
                oids,
            )
        if files:
            parts = [
                many(number, word, word)
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
                f"{many(counts.files, 'file', 'files')} {verb}{detail}{lines}.",
                self.query.replace("git log", "git diff --stat"),
                paths,
            )
        elif records:
            yield fact("Both ends have the same files: what was changed was changed back.", self.query, oids)
        else:
            yield fact("Nothing changed.", self.query, [])
        yield from self._kinds(told)
        yield from self._merges_and_reverts(told)
        if found or annotated:
            yield _api_fact(found, annotated)
        for old, new, count in moved_folders([each.change for each in files])[:FOLDERS]:
            moved = [each.path for each in files if each.change.status == "R"]
            yield fact(
                f"{shown_path(old)}/ moved to {shown_path(new)}/: {many(count, 'file', 'files')}.",
                self.query.replace("git log", "git diff -M"),
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
        parts = [many(len(kinds[kind]), *words[kind]) for kind in ORDER if kinds.get(kind)]
        if parts:
            yield fact(
                f"By what their subjects say and what they touch: {listed(parts)}.",
                self.query,
                [oid for kind in ORDER for oid in kinds.get(kind, [])],
            )

    def _merges_and_reverts(self, told: Sequence[Told]) -> Iterable[Statement]:
        merges = [each for each in told if len(each.record.parents) > 1]
        brought = sum(len(each.brought) for each in merges)
        if merges:
            text = many(len(merges), "merge", "merges")
            if brought:
                text += f" brought {many(brought, 'commit', 'commits')}, which are told with them"
            yield fact(f"{text}.", f"{self.query} --merges", [each.record.oid for each in merges])
        reverts = [each for each in told if each.form is StoryForm.REVERT]
        for each in reverts[:REVERTS]:
            yield self._revert(each)
        if len(reverts) > REVERTS:
            rest = reverts[REVERTS:]
            text = f"{many(len(rest), 'more commit takes', 'more commits take')} something back."
            yield fact(text, self.query, [each.record.oid for each in rest])

    def _revert(self, told: Told) -> Statement:
        oid, undoes = told.record.oid, told.undoes
        subject = cut(told.record.message.split("\n", 1)[0])
        known = self._records.get(undoes)
        what = "something"
        if known is not None:
            what = f"{known.oid[:9]} of this same range"
        elif undoes:
            what = f"{undoes[:9]}, which is older"
        rests_on = [oid, undoes] if undoes else [oid]
        return fact(f"{oid[:9]} takes back {what}: “{subject}”.", f"git show {oid[:10]}", rests_on)

    def _odd(self, files: Sequence[Weighed]) -> Iterable[Statement]:
        """Tell what has no lines to compare: submodules, permissions, kinds of file."""
        submodules = [each for each in files if each.change.submodule]
        for each in submodules[:SUBMODULES]:
            change = each.change
            text = (
                f"The submodule {each.path} moves from {change.old_oid[:9]} to {change.new_oid[:9]}."
                if change.status == "M"
                else f"The submodule {each.path} is {'added' if change.status == 'A' else 'removed'}."
            )
            yield fact(text, self.query.replace("git log", "git diff"), [each.path])
        if len(submodules) > SUBMODULES:
            text = f"{many(len(submodules) - SUBMODULES, 'more submodule moves', 'more submodules move')}."
            rest = [each.path for each in submodules[SUBMODULES:]]
            yield fact(text, self.query.replace("git log", "git diff"), rest)
        modes = [each for each in files if each.change.mode_only]
        if modes:
            names = listed([each.path for each in modes], NAMED)
            to = "executable" if modes[0].change.new_mode & 0o111 else "not executable"
            same = all(bool(each.change.new_mode & 0o111) == (to == "executable") for each in modes)
            yield fact(
                f"Only the permission changed of {names}" + (f": now {to}." if same else "."),
                self.query.replace("git log", "git diff --summary"),
                [each.path for each in modes],
            )
        kinds = [each for each in files if each.change.status == "T"]
        for each in kinds[:NAMED]:
            modes_words = f"{each.change.old_mode:o}, now {each.change.new_mode:o}"
            yield fact(
                f"{each.path} became another kind of file ({modes_words}).",
                self.query.replace("git log", "git diff --summary"),
                [each.path],
            )

    def of_module(self, told: Sequence[Told]) -> Iterable[Statement]:
        """Say of a module's stories what is not told one by one."""
        robots = [each for each in told if each.automatic or each.kind is StoryKind.DEPENDENCY]
        if robots:
            yield fact(
                f"{many(len(robots), 'update', 'updates')} of dependencies, or by robots, "
                f"{'is' if len(robots) == 1 else 'are'} folded here.",
                self.query,
                [each.record.oid for each in robots],
            )
        undone = [each for each in told if each.undone_by]
        if undone:
            yield fact(
                f"{many(len(undone), 'change was', 'changes were')} taken back again within the range.",
                self.query,
                [oid for each in undone for oid in (each.record.oid, each.undone_by)],
            )

    def missing(self, code: set[str], teller: Teller) -> Iterable[Statement]:
        """Tell how much of what changed in the code has no reason on record."""
        silent, asked = without_reason(self._span.records, teller, code)
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
            elsewhere = sum(teller.reasons(each).points_elsewhere for each in silent)
            commits = many(asked, "commit", "commits")
            verb = "gives" if len(silent) == 1 else "give"
            text = f"{len(silent)} of {commits} by people that change code {verb} no reason in the message"
            if elsewhere:
                point = "points" if elsewhere == 1 else "point"
                text += f"; {elsewhere} of them {point} to an issue or a pull request, kept elsewhere"
            yield fact(
                f"{text}.", f"{self.query} --format=%B", [each.oid for each in silent], Section.MISSING
            )


def _api_fact(found: Sequence[Difference], annotated: int) -> Statement:
    counts = Counter(each.change for each in found)
    words = {
        ApiChange.ADDED: "added", ApiChange.REMOVED: "removed",
        ApiChange.CHANGED: "changed in signature or value", ApiChange.MOVED: "moved",
    }  # fmt: skip
    parts = [f"{counts[each]:,} {words[each]}" for each in words if counts[each]]
    text = (
        f"Definitions that others can use: {listed(parts)}."
        if parts
        else "No definition that others can use came, went or changed."
    )
    if annotated:
        text += f" {many(annotated, 'signature differs', 'signatures differ')} in annotations alone."
    places = [f"{shown_path(each.shown.place.path)}:{each.shown.symbol.name_line}" for each in found]
    return fact(text, "public definitions at both ends, compared", places)
