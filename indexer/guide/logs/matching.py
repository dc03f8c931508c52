"""Finds the statement that wrote a line, by its literal text: words that are rare among the statements
lead to a few candidates, whose fixed texts must stand in the line in order.

Text alone proves little when it is short, so such a statement counts only when the line names its file,
its class or its logger too. It is worse to name a wrong statement than none.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.guide.logs.known import KnownStatement
from indexer.guide.logs.records import Record
from indexer.shapes.logs import Level, LogForm, Tie, Writes

STRONG_LETTERS: Final = 12
STRONG_WORDS: Final = 2
"""A text of so many letters and words, or more, may be found without anything else that agrees."""

LONG_WORDS: Final = 5
"""Words from which on a text is taken for this repository's, although the line names another module."""

SHORT_SIGNS: Final = 10
"""Signs that a shorter text must have, where it begins the message and the level is the same."""

WHOLE_SHARE: Final = 0.5
"""Share of a message that fixed texts must cover when nothing but the text agrees."""

MOST_CANDIDATES: Final = 400
MOST_HEADER: Final = 200
"""Characters that may stand between a line's level and its message: process, thread, logger."""

_TOKEN: Final = re.compile(r"\w{2,}")
_BEFORE: Final = re.compile(r"(?:^|[:\]\-|>)}=\"'.]\s*|\s)$")
_SEPARATED: Final = re.compile(r"(?:^|[:\]\-|>)}\"']\s*)$")
_FIELDS_AFTER: Final = re.compile(r"\s*(?:[\[({\"',;:.|]|\s[\w.@-]+[=:])")
_SPLIT: Final = re.compile(r"[.:/\\$\-]+")

_DOTTED: Final = re.compile(r"[a-z_]\w*(?:\.[a-z_]\w*)+")
_COMMON_FILES: Final = frozenset(
    [
        "main",
        "index",
        "app",
        "init",
        "base",
        "utils",
        "util",
        "common",
        "core",
        "server",
        "client",
        "test",
        "lib",
        "mod",
    ]
)


@dataclass(frozen=True, slots=True)
class Match:
    """The statement that wrote a line. ``others`` are as good; ``start`` is where the message begins."""

    statement: int
    tie: Tie
    others: tuple[int, ...]
    start: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    number: int
    named: int
    """3: the line names its file and line; 2: its logger, class or file; 0: nothing."""
    level: int
    exact: int
    letters: int
    start: int


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well a statement's text fits a message, when nothing in the line names it."""

    exact: int
    """2: the message begins with the text; 1: it may."""
    level: int
    share: float
    """Of the message's letters, those of fixed text."""
    whole: bool
    """The fixed text ends where the message does."""


class Matcher:
    """Knows all statements by their rarest word; used by one thread."""

    def __init__(self, known: Sequence[KnownStatement]) -> None:
        self.known = known
        tokens = [_tokens(each.statement.texts) for each in known]
        frequency = Counter(token for each in tokens for token in each)
        self._by_token: dict[str, list[int]] = defaultdict(list)
        self._letters = [each.statement.letters for each in known]
        self._words = [each.statement.words for each in known]
        self._signs = [sum(len("".join(text.split())) for text in each.statement.texts) for each in known]
        self._modules = [_module(each.path) for each in known]
        self._folders = {part for module in self._modules for part in module}
        for number, each in enumerate(tokens):
            if each:
                rarest = min(each, key=lambda token: (frequency[token], -len(token)))
                self._by_token[rarest].append(number)
        self.with_digits = frozenset(
            token for each in tokens for token in each if any(character.isdigit() for character in token)
        )
        """Words of fixed text that hold digits: they must not be taken for values."""

    def find(self, record: Record) -> Match | None:
        """Return the statement that wrote a message, or None."""
        message = record.message
        numbers: list[int] = []
        for token in set(_TOKEN.findall(message)):
            numbers.extend(self._by_token.get(token, ()))
        if not numbers:
            return None
        found: list[_Candidate] = []
        for number in numbers[:MOST_CANDIDATES]:
            candidate = self._tried(number, record)
            if candidate is not None:
                found.append(candidate)
        return self._best(found, record) if found else None

    # ------------------------------------------------------------------------ private

    def _tried(self, number: int, record: Record) -> _Candidate | None:
        statement = self.known[number].statement
        message = record.message
        place = _stands(message, statement.texts, statement.starts, statement.ends, fields=statement.fields)
        if place is None:
            return None
        start, end = place
        header = message[:start] if statement.starts else message[: _header_end(message, start)]
        if statement.starts and (record.exact and start > 0 and record.form is not LogForm.SYSLOG):
            return None
        if statement.starts and start > MOST_HEADER:
            return None
        exact = 1
        if statement.starts:
            exact = 2 if start == 0 or _SEPARATED.search(header) else 0
            if exact == 0 and not _BEFORE.search(header):
                return None
        named = self._named(number, record, header)
        level = _level_fit(statement.level, record.level)
        if statement.writes is Writes.LOGS and level == 0 and named < 2:
            return None
        share = self._letters[number] / max(sum(map(str.isalnum, message[start:])), 1)
        fit = _Fit(exact, level, share, statement.starts and end >= len(message))
        if named == 0 and not self._strong(number, fit):
            return None
        if named == 0 and self._words[number] < LONG_WORDS and self._is_anothers(header, record.speakers):
            return None
        return _Candidate(
            number, named, level, exact, self._letters[number], start if statement.starts else 0
        )

    def _strong(self, number: int, fit: _Fit) -> bool:
        """Whether text alone says enough: long, or most of the message, or all of it between two ends."""
        known, letters, words = self.known[number], self._letters[number], self._words[number]
        statement = known.statement
        if statement.writes is not Writes.LOGS and (
            known.minor or not statement.starts or (fit.exact < 2 and words < 4)
        ):
            return False
        if words >= 5 and letters >= 24:
            return True
        if words < STRONG_WORDS:
            return False
        if fit.exact == 2 and (fit.whole and fit.share > 0.95):
            return True
        if letters >= STRONG_LETTERS and fit.share >= WHOLE_SHARE:
            return fit.exact == 2 or fit.level == 2
        if fit.exact < 2:
            return False
        return (words >= 3 and letters >= STRONG_LETTERS) or (
            fit.level == 2 and statement.starts and self._signs[number] >= SHORT_SIGNS
        )

    def _named(self, number: int, record: Record, header: str) -> int:
        known = self.known[number]
        best = 0
        for path, line in record.callers:
            if _same_file(path, known.path):
                statement = known.statement
                if statement.line <= line <= statement.end_line:
                    return 3
                best = 2
        if best:
            return best
        speakers = record.speakers
        if header:
            speakers = (*speakers, *_names_in(header))
        module = self._modules[number]
        for speaker in speakers:
            if speaker in known.loggers or _speaks(speaker, module):
                return 2
        return 0

    def _is_anothers(self, header: str, speakers: Sequence[str]) -> bool:
        """Whether the line names a module, and nothing of this repository is called so."""
        dotted = [each for each in (*speakers, *_names_in(header)) if _DOTTED.fullmatch(each)]
        return bool(dotted) and all(each.partition(".")[0] not in self._folders for each in dotted)

    def _best(self, found: list[_Candidate], record: Record) -> Match:
        def worth(each: _Candidate) -> tuple[object, ...]:
            known = self.known[each.number]
            return (
                each.named, each.level, each.letters, each.exact, known.statement.writes is Writes.LOGS,
                known.statement.writes is not Writes.HOLDS, not known.minor,
            )  # fmt: skip

        found.sort(key=lambda each: (worth(each), -each.number), reverse=True)
        best = found[0]
        equal = [each for each in found[1:] if worth(each) == worth(best) and self._elsewhere(each, best)]
        tie = Tie.SEVERAL if equal else (Tie.NAMED if best.named else Tie.TEXT)
        return Match(best.number, tie, tuple(each.number for each in equal[:5]), best.start)

    def _elsewhere(self, one: _Candidate, other: _Candidate) -> bool:
        mine, theirs = self.known[one.number], self.known[other.number]
        return (mine.path, mine.statement.line) != (theirs.path, theirs.statement.line)


# ----------------------------------------------------------------------------------- private


def _tokens(texts: Iterable[str]) -> set[str]:
    """Return the words that stand whole in the fixed texts: one cut by a hole may go on in a line."""
    found: set[str] = set()
    parts = list(texts)
    for place, text in enumerate(parts):
        for match in _TOKEN.finditer(text):
            inner_start = match.start() > 0 or place == 0
            inner_end = match.end() < len(text) or place == len(parts) - 1
            if inner_start and inner_end and any(map(str.isalpha, match.group())):
                found.add(match.group())
    return found


def _stands(
    message: str, texts: Sequence[str], starts: bool, ends: bool, *, fields: bool
) -> tuple[int, int] | None:
    """Return where the fixed texts begin and end in a message, when they stand there in order."""
    start = message.find(texts[0])
    if start < 0:
        return None
    del starts
    position = start + len(texts[0])
    for text in texts[1:-1]:
        position = message.find(text, position)
        if position < 0:
            return None
        position += len(text)
    if len(texts) > 1:
        # The last one as late as it can be: what is put in before it may hold the same.
        last = texts[-1]
        found = message.rfind(last, position) if ends else message.find(last, position)
        if found < 0:
            return None
        position = found + len(last)
    if not ends:
        return start, len(message)
    rest = message[position:].rstrip()
    if rest and not (_FIELDS_AFTER.match(rest) if fields else _wrapped(rest)):
        if (
            len(texts) == 1
            and (again := message.rfind(texts[0])) > start
            and not message[again + len(texts[0]) :].strip()
        ):
            return again, len(message)
        return None
    return start, position


def _wrapped(rest: str) -> bool:
    """Whether what follows was put there by a formatter: brackets, a key with a value, a full stop."""
    return rest in (".", '"', "'", "]", ")", "|") or bool(re.match(r"\s+(?:[\[({]|[\w.@-]+=)", rest))


def _header_end(message: str, start: int) -> int:
    """Return where the header may end before a message that begins with a value."""
    for sign in (": ", "] ", " - ", " | "):
        at = message.rfind(sign, 0, start)
        if at >= 0:
            return at + len(sign)
    return 0


def _level_fit(own: Level, lines: Level) -> int:
    """Return 2 when both name one level, 1 when one names none, 0 when they differ."""
    if own is Level.NONE or lines is Level.NONE:
        return 1
    if own is lines:
        return 2
    near = {own, lines}
    return 1 if near in ({Level.ERROR, Level.FATAL}, {Level.TRACE, Level.DEBUG}) else 0


def _module(path: str) -> tuple[str, ...]:
    """Return the folders and the bare name of a file, as loggers and classes are named after them."""
    parts = path.lower().split("/")
    stem = parts.pop().partition(".")[0]
    if stem in ("__init__", "mod", "index", "lib") and parts:
        return tuple(parts)
    return (*parts, stem)


def _speaks(speaker: str, module: tuple[str, ...]) -> bool:
    """Whether a name in a line (``celery.worker.strategy``, ``o.k.b.Invoicer``) is that of a file."""
    parts = [each for each in _SPLIT.split(speaker.lower()) if each]
    if not parts or not module:
        return False
    if parts[-1] != module[-1]:
        # A class in a file of its package, or a function in its module.
        return len(parts) > 2 and len(module) > 1 and tuple(parts[-3:-1]) == module[-2:]
    if len(parts) == 1:
        return len(parts[0]) >= 6 and parts[0] not in _COMMON_FILES
    if len(parts) >= 2 and len(module) >= 2:
        return parts[-2] == module[-2] or (len(parts[-2]) == 1 and module[-2].startswith(parts[-2]))
    return len(parts[-1]) >= 6 and parts[-1] not in _COMMON_FILES


def _same_file(named: str, path: str) -> bool:
    plain = named.replace("\\", "/").lstrip("./")
    return path == plain or path.endswith("/" + plain) or plain.endswith("/" + path)


_HEADER_NAME: Final = re.compile(
    r"[A-Za-z_$][\w$]*(?:(?:\.|::|/|\\|:|-)[A-Za-z_$][\w$]*)+|[A-Za-z_$][\w$]{4,}"
)


def _names_in(header: str) -> Sequence[str]:
    return _HEADER_NAME.findall(header[:MOST_HEADER])
