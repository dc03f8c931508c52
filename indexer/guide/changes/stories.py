"""From the commits of a range to stories: merges with what they brought, reverts with what they undo."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from indexer.answer.authorship import is_robot
from indexer.answer.blocks import Role
from indexer.answer.cues import CAUSAL, Cue, cue_of
from indexer.answer.sentences import Sentence, sentences_of
from indexer.guide.changes.citing import RangeSources
from indexer.guide.changes.merges import Line
from indexer.guide.changes.subjects import NUMBER, REVERT_SUBJECT, REVERTED, is_breaking, kind_of
from indexer.repo.secrets import redact
from indexer.shapes.changes import Story, StoryForm, StoryKind
from indexer.types import ChunkKind, CommitRecord, Section, Statement

FOLDED: Final = 30
"""A merge that brought more commits than this is no single story: what it brought is told by itself."""

READ_OF_MESSAGE: Final = 4_000
"""Characters of a message that are read for reasons: beyond them there are lists and trailers."""

REASONS: Final = 2
"""Sentences quoted as reasons for one story."""

REPEATED: Final = 0.3
"""Share of its words that a sentence must have for itself, else it only repeats another."""

_PULL: Final = re.compile(r"^Merge (?:pull request|PR|merge request) [#!](\d+)\b")
_BRANCH: Final = re.compile(r"^Merge (?:remote-tracking )?(?:branch|tag) '")
_BACK: Final = re.compile(
    r"^Merge (?:remote-tracking )?branch '(?:[\w.-]+/)?(?:main|master|trunk|devel(?:op)?|default)'"
)
_QUOTED: Final = re.compile(r'^\w+:?\s+"(.+)"')
_ISSUE: Final = re.compile(
    r"(?<![\w&/])(?:#|GH-|gh-)\d+\b|https?://\S+/(?:issues|pull|merge_requests)/\d+|\b[A-Z]{2,10}-\d+\b"
)
_CONTRAST: Final = re.compile(r"\b(?:instead of|rather than|as opposed to|in case of)\b", re.I)
"""Words that say what is done in place of what: a reason only with another beside them."""
_DEED: Final = re.compile(
    r"\W*(?:(?:this|the) (?:change|commit|patch|pr|pull request) (?:also )?)?"
    r"(?:(?:hot)?fix(?:e[sd]|ing)?|add(?:s|ed|ing)?|us(?:e[sd]?|ing)|updat(?:e[sd]?|ing)|remov(?:e[sd]?|ing)"
    r"|chang(?:e[sd]?|ing)|mov(?:e[sd]?|ing)|renam(?:e[sd]?|ing)|replac(?:e[sd]?|ing)"
    r"|refactor(?:s|ed|ing)?|correct(?:s|ed|ing)?|mark(?:s|ed|ing)?|set(?:s|ting)?|point(?:s|ed|ing)?"
    r"|switch(?:es|ed|ing)?|introduc(?:e[sd]?|ing)|implement(?:s|ed|ing)?|bump(?:s|ed|ing)?"
    r"|i(?: have|'ve)?(?: also)? (?:fix|add|correct|chang|mov|renam|remov)\w*)\b",
    re.I,
)
_TEST: Final = re.compile(
    r"\W*(?:(?:this|the|these|a|new)\s+)?(?:[\w-]+\s+)?(?:adds?\s+(?:some |a |new )*)?tests?\b", re.I
)
_OF_TESTS: Final = re.compile(r"\btests\b|\b(?:unit|integration|smoke) test\b", re.I)
_POINTS_BACK: Final = re.compile(r"\W*(?:the (?:former|latter|above)|so that|which|otherwise)\b", re.I)
_THANKS: Final = re.compile(r"\W*(?:many )?thanks\b", re.I)
_MADE_SO: Final = re.compile(r"\W*(?:this\s+)?(?:mak(?:es|ing)|made)\s+it\s+so\s+that\b", re.I)
_EMPTY_REASON: Final = re.compile(
    r"^(?:fix(?:es|ed)?|closes?d?|refs?|see|resolves?d?)?:? *(?:#\d+|https?://\S+)\.?$", re.I
)


@dataclass(slots=True)
class Told:
    """A story before it is cited: the commit that stands for it, and all that it brought."""

    record: CommitRecord
    brought: list[CommitRecord] = field(default_factory=list)
    form: StoryForm = StoryForm.PLAIN
    undoes: str = ""
    undone_by: str = ""
    _kind: StoryKind | None = None

    @property
    def all(self) -> list[CommitRecord]:
        """The commits that it stands for, its own first."""
        return [self.record, *self.brought]

    @property
    def paths(self) -> set[str]:
        """What its commits touched."""
        return {change.path for each in self.all for change in each.changes}

    @property
    def automatic(self) -> bool:
        """Whether a robot wrote it."""
        return all(is_robot(each.author, each.email) for each in (self.brought or [self.record]))

    @property
    def kind(self) -> StoryKind:
        """What it was for: its own words first, else those of what it brought."""
        if self._kind is None:
            kinds = [kind_of(each) for each in (self.brought or [self.record])]
            first = (StoryKind.FEATURE, StoryKind.REMOVAL, StoryKind.FIX, StoryKind.CHANGE)
            self._kind = next((kind for kind in first if kind in kinds), kinds[0])
        return self._kind


def told_of(records: Sequence[CommitRecord]) -> list[Told]:
    """Return the stories of some commits (newest first, children before parents), newest first."""
    line = Line(records)
    taken: set[str] = set()
    out: list[Told] = []
    for record in records:
        if record.oid in taken:
            continue
        if len(record.parents) < 2:
            out.append(Told(record))
            continue
        brought = [each for each in line.brought(record, FOLDED) if each.oid not in taken]
        if _BACK.match(record.message) or len(brought) > FOLDED:
            # The line itself coming into a branch, or a whole release: its commits speak for themselves.
            brought = []
        taken.update(each.oid for each in brought)
        out.append(Told(record, brought, StoryForm.MERGE))
    _pair_reverts(out, records)
    return out


def _pair_reverts(told: Sequence[Told], records: Sequence[CommitRecord]) -> None:
    """Say of each revert what it takes back, and of that, that it was taken back."""
    by_commit = {each.oid: story for story in told for each in story.all}
    subjects: dict[str, str] = {}
    for record in records:
        subjects.setdefault(_bare(record.message), record.oid)
    for record in reversed(records):  # oldest first, so that a revert of a revert gives it back
        if not REVERT_SUBJECT.match(record.message):
            continue
        target = _target(record, by_commit, subjects)
        if not target and not _QUOTED.match(record.message):
            continue  # it says "revert" and may mean anything
        story = by_commit[record.oid]
        if record is story.record or len(story.brought) == 1:
            story.form = StoryForm.REVERT
            story.undoes = target
        undone = by_commit.get(target)
        if undone is None or undone is story:
            continue
        undone.undone_by = record.oid
        if undone.form is StoryForm.REVERT and undone.undoes in by_commit:
            by_commit[undone.undoes].undone_by = ""


def _target(record: CommitRecord, known: Mapping[str, Told], subjects: Mapping[str, str]) -> str:
    named = REVERTED.search(record.message)
    if named is not None:
        if named[1] in known:
            return named[1]
        begun = [oid for oid in known if oid.startswith(named[1])]
        return begun[0] if len(begun) == 1 else named[1]
    quoted = _QUOTED.match(record.message)
    found = subjects.get(_bare(quoted[1]), "") if quoted is not None else ""
    return found if found != record.oid else ""


def _bare(message: str) -> str:
    return NUMBER.sub("", message.split("\n", 1)[0]).strip().casefold()


# ------------------------------------------------------------------------------------ reasons


@dataclass(frozen=True, slots=True)
class Reasons:
    """What a message gives as reasons, and whether it points to an issue that is kept elsewhere."""

    sentences: tuple[Sentence, ...]
    points_elsewhere: bool


def reasons_of(record: CommitRecord) -> Reasons:
    """Return the sentences of a message that say why, the plainest first: by the rule that answers go by,
    less what only tells what was done.
    """
    message = redact(record.message[:READ_OF_MESSAGE])[0]
    found = [
        each
        for each in sentences_of(ChunkKind.COMMIT, "", message, 1)
        if cue_of(_CONTRAST.sub("", each.text), each.role) is Cue.STRONG
        and not _tells_what_was_done(each.text)
        and not each.text.endswith("?")
        and not _EMPTY_REASON.match(each.text)
        and (each.role is not Role.SUBJECT or not REVERT_SUBJECT.match(each.text))
    ]
    found.sort(key=lambda each: (each.role is Role.SUBJECT, not CAUSAL.search(each.text)))
    return Reasons(tuple(found), bool(_ISSUE.search(message)))


def _tells_what_was_done(text: str) -> bool:
    """Whether a sentence begins with the deed, or speaks of tests, and gives no cause or aim for it; or
    cannot be read without the one before it.
    """
    if _TEST.match(text) or _MADE_SO.match(text) or _THANKS.match(text) or _POINTS_BACK.match(text):
        return True
    return bool(_DEED.match(text)) and (not CAUSAL.search(text) or bool(_OF_TESTS.search(text)))


class Teller:
    """Cites stories; remembers which commits say why."""

    def __init__(self, sources: RangeSources) -> None:
        self._sources = sources
        self._reasons: dict[str, Reasons] = {}

    def reasons(self, record: CommitRecord) -> Reasons:
        """Return what one commit gives as reasons."""
        known = self._reasons.get(record.oid)
        if known is None:
            known = self._reasons[record.oid] = reasons_of(record)
        return known

    def says_why(self, told: Told) -> bool:
        """Return whether any commit of a story says why."""
        return any(self.reasons(each).sentences for each in told.all)

    def story(self, told: Told) -> Story | None:
        """Return a story with its citations, or None when its message cannot be read any more."""
        head, line = _head_of(told)
        says = self._quoted(head.oid, line, line, Section.WHAT)
        if says is None:
            return None
        why: list[Statement] = []
        for record in told.all:
            for sentence in self.reasons(record).sentences:
                if len(why) < REASONS and not (record is head and sentence.end_line <= line):
                    quoted = self._reason(record, sentence)
                    if quoted is not None and not _repeats(quoted.text, [says.text, *(w.text for w in why)]):
                        why.append(quoted)
        held = self._sources.kept([says])
        if not held:
            return None
        number = NUMBER.search(told.record.message.split("\n", 1)[0]) or _PULL.match(told.record.message)
        return Story(
            commit_id=told.record.oid,
            kind=told.kind,
            form=told.form,
            author=head.author,
            authored=told.record.authored,
            says=held[0],
            why=self._sources.kept(why),
            commits=len(told.all),
            number=f"#{number[1]}" if number is not None else "",
            undoes=told.undoes,
            undone_by=told.undone_by,
            marked_breaking=any(is_breaking(each) for each in told.all),
        )

    def _quoted(self, oid: str, start: int, end: int, section: Section) -> Statement | None:
        citation = self._sources.message(oid, start, end)
        if citation is None or not citation.quote.strip():
            return None
        return Statement(section, citation.quote.strip(), (citation,), quoted=True)

    def _reason(self, record: CommitRecord, sentence: Sentence) -> Statement | None:
        citation = self._sources.message(record.oid, sentence.start_line, sentence.end_line)
        if citation is None:
            return None
        return Statement(Section.WHY, sentence.text, (citation,), quoted=True)


def _repeats(text: str, said: Sequence[str]) -> bool:
    """Return whether most words of a sentence were said already: squashed messages repeat their subject."""
    words = set(_WORD.findall(text.casefold()))
    return any(len(words - set(_WORD.findall(each.casefold()))) <= len(words) * REPEATED for each in said)


_WORD: Final = re.compile(r"\w{2,}")


def _head_of(told: Told) -> tuple[CommitRecord, int]:
    """Return the commit, and the line of its message, that say best what a story is."""
    record = told.record
    if told.form is not StoryForm.PLAIN and (_PULL.match(record.message) or _BRANCH.match(record.message)):
        lines = record.message.split("\n")
        title = next((at for at, text in enumerate(lines[1:], start=2) if text.strip()), 0)
        if title and _PULL.match(record.message):
            return record, title  # GitHub writes the pull request's title there
        if len(told.brought) == 1:
            return told.brought[0], 1
    return record, 1
