"""Reasons that stand in the code itself, and in the messages of the commits that shaped it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.cues import CAUSAL, Cue, cue_of
from indexer.answer.inquiry import CALLABLE
from indexer.answer.readable import is_readable
from indexer.answer.sentences import Sentence, sentences_of
from indexer.guide.tours.causal import BULLET, LONGEST, gives_reason, is_fused, whole
from indexer.guide.tours.ground import Ground
from indexer.index.history import commits_touching, latest_commits, paths_touched
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.types import ChunkKind, Citation

HEAD: Final = 40
FIRST_LINES: Final = 25
"""Lines of a message that are read for reasons."""
LISTED: Final = 5
"""Lines within which one of a list tells of what its subject names."""
SHORTEST: Final = 45
"""Characters of a reason that tells something."""

_IDLE: Final = re.compile(
    r"copyright|licen[cs]|spdx|all rights|redistribut|warrant|coding:|noqa|eslint|#!|go:build|use strict"
    r"|pylint"
    r"|flake8|mypy:|type: ignore|signed-off-by|co-authored-by|cherry picked|pre-commit|updates:|dependabot"
    r"|\bby @\w",
    re.I,
)
_CHORE: Final = re.compile(
    r"^(?:merge|bump|release|update (?:change|depend|version)|prepare|chore|ci\b|\[pre-commit|pre-commit"
    r"|revert \"?bump"
    r"|fix (?:typo|lint|flake|pep8|style)|typo|version|translat|upgrade \S+ (?:to|from))",
    re.I,
)


_OF_TESTS: Final = re.compile(r"\b(?:unit[- ]?)?tests?\b|\btesting\b", re.I)
"""What is so for the sake of tests says little of what it is for."""


@dataclass(frozen=True, slots=True)
class NearReason:
    """A sentence that gives a reason, with what proves it and where it stands."""

    text: str
    citation: Citation
    about: str
    plain: bool
    """It says so in plain words: because, so that, to avoid."""


def first_words(ground: Ground, path: str) -> tuple[str, Citation] | None:
    """Return the first sentence that the head of a file says of itself."""
    source = ground.sources.file(path)
    if source is None:
        return None
    text = "\n".join(source.lines[:HEAD])
    kind = ChunkKind.DOC if source.language in ("markdown", "rst", "asciidoc") else ChunkKind.CODE
    defined = definitions_in(ground.reader, source.path_id)
    for each in sentences_of(kind, source.language, text, 1):
        if each.role not in (Role.DOCSTRING, Role.COMMENT, Role.PROSE) or _IDLE.search(each.text):
            continue
        if any("@author" in line for line in source.lines[each.start_line - 1 : each.end_line]):
            continue  # a person's name, and what follows it by chance
        if kind is ChunkKind.CODE and (
            _innermost(defined, each.start_line) or _code_before(source.lines, each.start_line)
        ):
            return None  # that speaks of a definition in it, or of the lines below
        if len(each.text) > 12 and " " in each.text and is_readable(each.text):
            citation = ground.sources.span(path, each.start_line, each.end_line)
            if citation is not None:
                return each.text, citation
    return None


def in_code(ground: Ground, path: str, start: int, end: int, about: str) -> Iterator[NearReason]:
    """Yield the reasons that comments and docstrings within some lines give, as they stand; each is about the
    innermost definition around it, else about what the lines are.
    """
    source = ground.sources.file(path)
    if source is None:
        return
    text = "\n".join(source.lines[start - 1 : end])
    defined = definitions_in(ground.reader, source.path_id)
    for each in _reasons(sentences_of(ChunkKind.CODE, source.language, text, start), _OF_CODE):
        if is_fused(source.lines[each.start_line - 1 : each.end_line]):
            continue
        citation = ground.sources.span(path, each.start_line, each.end_line)
        if citation is not None:
            inner = _innermost(defined, each.start_line)
            plain = bool(CAUSAL.search(each.text)) and not _OF_TESTS.search(each.text)
            yield NearReason(each.text, citation, inner or about, plain)


def in_messages(ground: Ground, most: int) -> Iterator[NearReason]:
    """Yield the reasons that the bodies of commits give, newest first; of a part of the system, those of the
    commits that touched it, of the whole those that touched a file which is still here by its name.
    """
    if ground.whole:
        commits = latest_commits(ground.reader, most)
    else:
        commits = commits_touching(ground.reader, [each.path_id for each in ground.code], most)
    names = {each.path.rpartition("/")[2] for each in ground.code}
    undone: set[str] = set()
    for commit in commits:
        ground.control.checkpoint()
        undone.update(each for pair in _UNDOES.findall(commit.message) for each in pair if each)
        body = commit.message[len(commit.subject) :]
        if len(body) < SHORTEST or not _GIVES.search(body) or is_chore(commit.subject):
            continue
        if _TAKES_AWAY.match(commit.subject) or commit.oid in undone or commit.subject in undone:
            continue
        touched = paths_touched(ground.reader, commit.id)
        if not any(each.path.rpartition("/")[2] in names for each in touched):
            continue
        lines = commit.message.split("\n")
        # Further down a message of many commits speaks of what its subject does not name.
        for each in _reasons(sentences_of(ChunkKind.COMMIT, "", commit.message, 1), (Role.BODY,)):
            own = lines[each.start_line - 1 : each.end_line]
            listed = each.start_line > LISTED and BULLET.match(own[0]) is not None
            if each.start_line > FIRST_LINES or listed or is_fused(own):
                continue
            citation = ground.sources.message(commit.oid, each.start_line, each.end_line)
            if citation is not None:
                plain = bool(CAUSAL.search(each.text)) and not _OF_TESTS.search(each.text)
                yield NearReason(each.text, citation, commit.subject, plain)


_UNDOES: Final = re.compile(r"(?:This reverts commit ([0-9a-f]{40})|^Revert \"(.+)\"$)", re.M)
_TAKES_AWAY: Final = re.compile(
    r"^(?:\w+(?:\([^)]*\))?!?: )?(?:remove|drop|delete|revert|get rid|clean)", re.I
)
"""A subject of what is not there any more: why it went explains nothing that is."""
_NAMED: Final = re.compile(r"(?:this|it)\b", re.I)
"""What the first sentence of a message begins with that is what its subject names."""
_OF_CODE: Final = (Role.COMMENT, Role.DOCSTRING)


def _reasons(sentences: Sequence[Sentence], roles: Sequence[Role]) -> Iterator[Sentence]:
    """Yield what gives a reason, with what it leans on, among sentences of some roles. What the first of a
    message points back to is its subject, which is told with it.
    """
    said = [each for each in sentences if each.role in roles]
    known = 0
    for at, each in enumerate(said):
        named = at == 0 and each.role is Role.BODY and _NAMED.match(each.text) is not None
        told = each if named else whole(said, at)
        if told is None or told.start_line <= known or not gives_reason(told.text, named=named):
            continue
        if _tells(told):
            known = told.end_line
            yield told


def _code_before(lines: Sequence[str], line: int) -> bool:
    """Whether anything but remarks, blank lines and the signs of a docstring stands before a line."""
    inside = False
    for each in lines[: line - 1]:
        text = each.strip()
        if inside or not text or _SIGN.match(text):
            for quotes in _QUOTES.findall(text):
                inside = not inside if quotes else inside
            continue
        return True
    return False


_SIGN: Final = re.compile(
    r"[#/*;%]|--|<[!?]|\"{3}|'{3}|[rRuU]\"{3}|=begin|['\"]use strict|from __future__|package "
)
_QUOTES: Final = re.compile(r"\"{3}|'{3}")


def _innermost(defined: Sequence[FoundSymbol], line: int) -> str:
    around = [each for each in defined if each.kind in CALLABLE and each.start_line <= line <= each.end_line]
    inner = min(around, key=lambda each: each.end_line - each.start_line, default=None)
    return "" if inner is None else f"`{inner.qualified}`"


def is_chore(subject: str) -> bool:
    """Whether a commit's subject says that it is upkeep, and decides nothing."""
    return bool(_CHORE.match(subject.strip()))


_GIVES: Final = re.compile(
    r"\b(?:because|so that|in order (?:to|that|not)|to (?:avoid|prevent|ensure|protect|make sure)"
    r"|since (?:it|this|the|we"
    r"|they|that|there)|due to|instead of|rather than|work(?:ed|s)?[- ]?arounds?|backwards?[- ]compat\w*"
    r"|for (?:performance"
    r"|historical|compatibility|security|backwards?)\b|deliberate\w*|intentional\w*|on purpose|by design"
    r"|race condition"
    r"|dead-?lock|memory leak|reference cycle|cannot be used|would (?:otherwise|break|fail|cause|lead"
    r"|block)|we (?:can't|cannot"
    r"|need to|have to|must)|the reason|hence|therefore|thus|otherwise the)\b",
    re.I,
)
"""Words of a reason for how code is, rather than of how it is to be used."""

_USAGE: Final = re.compile(
    r"^(?:\w+ (?:the |an? )?(?:identifier|name|value|list|dict)\b|:?(?:param|return|raises?|type|arg)\w*\b"
    r"|\d+\.\d+|todo\b|fixme\b"
    r"|update(?:d|s)? |you\b|note that you|if you|use this|this is useful)",
    re.I,
)


def _tells(sentence: Sentence) -> bool:
    text = sentence.text
    return (
        bool(_GIVES.search(text))
        and not _USAGE.match(text)
        and (
            SHORTEST <= len(text) <= LONGEST
            and cue_of(text, sentence.role) is Cue.STRONG
            and not text.endswith("?")
            and not text.endswith(":")
            and not _IDLE.search(text)
            and is_readable(text)
        )
    )
