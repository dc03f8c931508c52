"""Finds the statements that log in the text of a source file: place, level, and the text they write."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.guide.logs.calls import RULES, How, Rule, level_named
from indexer.guide.logs.literals import (
    HOLE,
    Given,
    Pieces,
    Syntax,
    read_arguments,
    read_string,
    syntax_of,
)
from indexer.shapes.logs import Level, Writes

LEAST_LETTERS: Final = 3
"""Letters of fixed text below which a statement can be told from nothing."""

MOST_IN_FILE: Final = 5_000
SHOWN_TEXT: Final = 300

_COMMENT_LINE: Final = re.compile(r"\s*(?://|\*(?!/)|/\*|#(?![{!\[])|--|;|>>>|rem\b)", re.IGNORECASE)
_ANSI: Final = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_ALIASES: Final = re.compile(
    r"\b([A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*){0,9})\s*=\s*\(?\s*"
    r"((?:\w+\.)*\w*(?:log|logger|LOG|LOGGER|logging)\.\w+(?:\s*,\s*(?:\w+\.)*\w+\.\w+){0,9})\b(?!\s*[.(])"
)
# A function or method, with its parameters.
_DEFINITION: Final = re.compile(
    r"(?:\b(?:def|function|fn|sub|fun|void|static|public|private|protected|int|bool|inline)\b[^\n;{}()=]*?\b|"
    r"\bfunc\s*(?:\([^()]*\)\s*)?|^[ \t]*(?:async[ \t]+)?)(?P<name>[A-Za-z_]\w*)\s*(?:<[^<>()]*>)?\s*"
    r"\((?P<parameters>[^(){};]{1,300})\)(?=\s*(?:[{:]|->|=>|throws|where|[\w.*\[\]]+\s*\{))",
    re.MULTILINE,
)
_WRAPPED_WITHIN: Final = 1_500
"""Characters between the head of a function and the call that logs what the function is given."""

_DEFINED: Final = re.compile(r"\b(?:def|function|func|fn|sub|fun|void|static)\s[^=]*$")
_NO_WRAPPERS: Final = frozenset(
    ["if", "for", "while", "switch", "catch", "return", "main", "__init__", "constructor", "with"]
)
_CONSTANT: Final = re.compile(
    r"(?:^|[;{(\s])(?P<name>[A-Z][A-Z0-9_]{2,}|\w*(?:[mM]sg|[mM]essage|MESSAGE|MSG|[fF]ormat|FORMAT|FMT|[tT]emplate)\w*)"
    r"\s*(?::\s*[\w.\[\]<>&' ]{1,40})?\s*:?=\s*\(?\s*(?=[a-zA-Z$@]{0,2}[\"'`])"
    r"|^[ \t]*#[ \t]*define[ \t]+(?P<macro>\w+)[ \t]+(?=[LuU8]{0,2}\")",
    re.MULTILINE,
)
_LOGGER_NAME: Final = re.compile(
    r"(?:get_?[lL]ogger|LoggerFactory\.\w+|LogManager\.\w+|createLogger|GetLogger|Named|get_task_logger|"
    r"require\(['\"]debug['\"]\)|createDebug|Logger\.new|newLogger)\(\s*[\"'`]([\w.:/-]{2,80})[\"'`]"
)
_WORD: Final = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class LogStatement:
    """A statement that writes a text. ``texts`` are its fixed parts in order, with gaps between them.

    ``starts`` and ``ends``: the message begins, or ends, with the first, or last, of them.
    ``fields``: values may follow the message in the line. ``named`` may be the constant that the text is
    taken from; without ``texts`` it must be one.
    """

    line: int
    end_line: int
    level: Level
    writes: Writes
    texts: tuple[str, ...]
    starts: bool
    ends: bool
    fields: bool
    named: str = ""
    through: int = 0
    """The line of the logger's own call, when this calls a function that logs what it is given."""

    @property
    def letters(self) -> int:
        """Letters and digits of fixed text."""
        return sum(character.isalnum() for text in self.texts for character in text)

    @property
    def words(self) -> int:
        """Words of fixed text."""
        return sum(len(_WORD.findall(text)) for text in self.texts)

    @property
    def shown(self) -> str:
        """The text with ``{…}`` for what varies."""
        middle = "{…}".join(self.texts)
        whole = ("" if self.starts else "{…}") + middle + ("" if self.ends else "{…}")
        return whole if len(whole) <= SHOWN_TEXT else whole[:SHOWN_TEXT] + "…"


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A function that logs what it is given as argument number ``place``, at ``line``."""

    name: str
    place: int
    level: Level
    line: int


@dataclass(frozen=True, slots=True)
class FileStatements:
    """What one file writes: its statements, the texts that its constants hold, its loggers' names, and
    its functions that log what they are given.
    """

    statements: tuple[LogStatement, ...]
    constants: dict[str, LogStatement]
    loggers: tuple[str, ...]
    wrappers: tuple[Wrapper, ...] = ()


NO_STATEMENTS: Final = FileStatements((), {}, ())


def read_statements(text: str, language: str) -> FileStatements:
    """Return what a source file logs; nothing for a language that we have no rules for."""
    syntax = syntax_of(language)
    if syntax is None:
        return NO_STATEMENTS
    lines = _Lines(text)
    found: dict[int, LogStatement] = {}
    heads: set[int] = set()
    wrappers: dict[str, Wrapper] = {}
    for rule, match in _matches(text, language):
        start = match.end()
        if start in found or match.start() in heads or _in_comment(text, match.start(), lines, language):
            continue
        given, end = read_arguments(text, start, syntax, _CLOSING.get(rule.how, ")}]"))
        statement = _statement(text, match, rule, (given, end), lines, syntax)
        if statement is not None:
            found[start] = statement
            heads.add(match.start())
        if statement is None or not statement.texts:
            wrapper = _wrapper(text, match, rule, given, lines)
            if wrapper is not None:
                wrappers.setdefault(wrapper.name, wrapper)
        if len(found) >= MOST_IN_FILE:
            break
    for wrapped in wrapped_calls(text, language, tuple(wrappers.values())):
        found.setdefault(-wrapped.line, wrapped)
    constants = dict(_constants(text, syntax, lines))
    names = tuple(dict.fromkeys(_LOGGER_NAME.findall(text)))
    ordered = tuple(sorted(found.values(), key=lambda each: each.line))
    return FileStatements(ordered, constants, names, tuple(wrappers.values()))


def wrapped_calls(text: str, language: str, wrappers: Sequence[Wrapper]) -> list[LogStatement]:
    """Return the calls of functions that log what they are given."""
    syntax = syntax_of(language)
    present = {each.name: each for each in wrappers if each.name in text}
    if syntax is None or not present:
        return []
    lines = _Lines(text)
    pattern = re.compile(rf"(?<![\w$])({'|'.join(map(re.escape, present))})\s*\(")
    found: list[LogStatement] = []
    for match in pattern.finditer(text):
        wrapper = present[match[1]]
        head = text[lines.start(match.start()) : match.start()]
        if re.search(r"\b(?:def|function|func|fn|sub|fun|void|static)\s[^=]*$", head) or _COMMENT_LINE.match(
            head
        ):
            continue
        given, end = read_arguments(text, match.end(), syntax, ")")
        if wrapper.place >= len(given):
            continue
        argument = given[wrapper.place]
        place = lines.at(match.start()), max(lines.at(end), lines.at(match.start()))
        if argument.at >= 0:
            pieces: Pieces = [HOLE, *argument.pieces, HOLE]
            made = said(pieces, place, wrapper.level, Writes.LOGS, fields=True)
            if made is not None:
                found.append(replace(made, through=wrapper.line))
        elif len(argument.name) > 2:
            found.append(
                LogStatement(
                    *place, wrapper.level, Writes.LOGS, (), True, True, True, argument.name, wrapper.line
                )
            )
    return found


def said(
    pieces: Pieces, place: tuple[int, int], level: Level, writes: Writes, *, fields: bool = False
) -> LogStatement | None:
    """Return the statement that writes these pieces, or None when they hold too little fixed text.

    Of a text of several lines the first one counts: the others are read as going on with it.
    """
    texts: list[str] = []
    starts, ends = True, True
    for piece in pieces:
        if piece is HOLE:
            starts = starts and bool(texts)
            ends = False
            continue
        plain = _ANSI.sub("", piece).replace("\r", "").expandtabs(1)
        if not texts:
            plain = plain.lstrip("\n")
        head, broken, _ = plain.partition("\n")
        if head.strip():
            texts.append(head)
            ends = True
        if broken and texts:
            break
    if texts and starts:
        texts[0] = texts[0].lstrip()
    if texts and ends:
        texts[-1] = texts[-1].rstrip()
    made = LogStatement(*place, level, writes, tuple(texts), starts, ends, fields)
    return made if made.letters >= LEAST_LETTERS and made.words else None


# ----------------------------------------------------------------------------------- private


class _Lines:
    """Tells the line of a position."""

    def __init__(self, text: str) -> None:
        self._starts = [0]
        position = text.find("\n")
        while position >= 0:
            self._starts.append(position + 1)
            position = text.find("\n", position + 1)

    def at(self, position: int) -> int:
        return bisect_right(self._starts, position)

    def start(self, position: int) -> int:
        return self._starts[self.at(position) - 1]


def _matches(text: str, language: str) -> Iterator[tuple[Rule, re.Match[str]]]:
    for rule in RULES.get(language, ()):
        for match in rule.pattern.finditer(text):
            yield rule, match
    for alias, level in _aliases(text):
        rule = Rule(re.compile(rf"(?<![\w.]){re.escape(alias)}\s*\("), Writes.LOGS, level=level)
        for match in rule.pattern.finditer(text):
            yield rule, match


def _aliases(text: str) -> Iterator[tuple[str, Level]]:
    """Yield the names that a file gives to methods of a logger: ``info, warn = log.info, log.warn``."""
    for match in _ALIASES.finditer(text):
        names = [each.strip() for each in match[1].split(",")]
        methods = [each.strip().rpartition(".")[2] for each in match[2].split(",")]
        # What stands before them in a list of parameters is no name of theirs.
        yield from (
            (name, level)
            for name, method in zip(names[-len(methods) :], methods, strict=False)
            if (level := level_named(method)) is not Level.NONE
        )


def _in_comment(text: str, position: int, lines: _Lines, language: str) -> bool:
    start = lines.start(position)
    if language in ("cobol", "vb"):
        return text[start + 6 : start + 7] in ("*", "/") if language == "cobol" else False
    head = text[start:position]
    if language in ("c", "cpp", "objc", "cuda", "csharp") and head.lstrip().startswith("#"):
        return False
    return bool(_COMMENT_LINE.match(head))


_CLOSING: Final = {How.STREAM: ";", How.LINE: "\n)}"}


def _statement(
    text: str,
    match: re.Match[str],
    rule: Rule,
    arguments: tuple[list[Given], int],
    lines: _Lines,
    syntax: Syntax,
) -> LogStatement | None:
    given, end = arguments
    level = _level(match, rule, text[match.end() : match.end() + 60])
    first = lines.at(_first_sign(text, match))
    place = (first, max(lines.at(end if rule.how is not How.LINE else max(end - 1, 0)), first))
    if rule.how is not How.FIRST:
        if all(each.at < 0 for each in given):
            return None
        joined = Given()
        for number, each in enumerate(given):
            joined.add(([" "] if number else []) + each.pieces)
        return said(joined.pieces, place, level, rule.writes, fields=rule.fields)
    chosen = _message(given, syntax)
    named = next((each.name for each in given[:3] if len(each.name) > 2 and each.at < 0), "")
    if chosen is not None:
        made = said(chosen.pieces, place, level, rule.writes, fields=rule.fields)
        before = any(each.name == named for each in given[: given.index(chosen)])
        return replace(made, named=named) if made is not None and named and before else made
    if named and rule.writes is Writes.LOGS:
        local = _assigned(text, named, match.start(), lines, syntax)
        made = said(local, place, level, rule.writes, fields=rule.fields) if local is not None else None
        if made is not None:
            return made
        return LogStatement(*place, level, rule.writes, (), True, True, rule.fields, named)
    return None


def _assigned(text: str, name: str, before: int, lines: _Lines, syntax: Syntax) -> Pieces | None:
    """Return the text that a variable was given last above a call, in the same function, on its way."""
    if not name.isidentifier():
        return None
    begun = max(0, before - _WRAPPED_WITHIN)
    around = [each.start() for each in _DEFINITION.finditer(text, begun, before)]
    begun = around[-1] if around else begun
    given = re.compile(rf"(?m)^(?P<margin>[ \t]*)(?:[\w<>.&*]+[ \t]+)?{name}[ \t]*:?=(?!=)[ \t]*")
    found = list(given.finditer(text, begun, before))
    if not found:
        return None
    start = lines.start(before)
    head = text[start:before] + text[before : before + 200]
    margin = len(head) - len(head.lstrip(" \t"))
    if len(found[-1]["margin"]) > margin:
        return None  # given in a branch: another one may have given it something else
    read = read_string(text, found[-1].end(), syntax)
    if read is None or text[read[1] : read[1] + 40].lstrip(" \t")[:1] not in ("", "\n", "\r", ";", "#", "/"):
        return None
    return read[0]


def _wrapper(
    text: str, match: re.Match[str], rule: Rule, given: Sequence[Given], lines: _Lines
) -> Wrapper | None:
    """Return the function around a call that logs one of the function's parameters."""
    if rule.writes is not Writes.LOGS:
        return None
    used = {name for each in given[:3] for name in each.names}
    heads = list(_DEFINITION.finditer(text, max(0, match.start() - _WRAPPED_WITHIN), match.start()))
    around = heads[-1] if heads else None
    if around is None or not used or around["name"] in _NO_WRAPPERS:
        return None
    parameters = [each.strip() for each in around["parameters"].split(",")]
    if parameters[0].lstrip("&*").removeprefix("mut ").partition(":")[0].strip() in ("self", "cls", "this"):
        del parameters[0]
    for place, parameter in enumerate(parameters):
        words = re.findall(r"\w+", parameter.partition("=")[0])
        if not used.isdisjoint(words) and not parameter.startswith(("*args", "**", "...")):
            level = _level(match, rule, text[match.end() : match.end() + 60])
            return Wrapper(around["name"], place, level, lines.at(_first_sign(text, match)))
    return None


def _first_sign(text: str, match: re.Match[str]) -> int:
    start = match.start()
    while start < match.end() - 1 and text[start].isspace():
        start += 1
    return start


def _level(match: re.Match[str], rule: Rule, given: str) -> Level:
    """Return the level that the call names: by its method, its macro, or its first argument."""
    groups = match.groupdict()
    name = groups.get("level") or groups.get("level2") or ""
    if not name and rule.level is Level.NONE:
        name = match.group()
    if name.lower() in ("log", "logf", "event", "writelog", "log_message", "msg", "addlog") or (
        rule.level is Level.NONE and level_named(name) is Level.NONE
    ):
        first = re.match(r"\s*[\w.:]*?(?:Level|LEVEL|LOG|LogLevel|Lvl|logging|level)?[.:_]*(\w+)", given)
        found = level_named(first[1]) if first else Level.NONE
        return found if found is not Level.NONE or name.lower() != "log" else Level.NONE
    return rule.level if rule.level is not Level.NONE else level_named(name)


def _message(given: Sequence[Given], syntax: Syntax) -> Given | None:
    """Return the argument that is the message: the first with a text of its own."""
    with_text = [each for each in given if each.at >= 0 and any(piece for piece in each.pieces)]
    if "b#" in syntax.prefixes:  # Rust: `target: "x"` and `user = "x"` stand before the message.
        with_text = [each for each in with_text if each.pieces[0] is not HOLE]
    return with_text[0] if with_text else None


def _constants(text: str, syntax: Syntax, lines: _Lines) -> Iterator[tuple[str, LogStatement]]:
    for match in _CONSTANT.finditer(text):
        found = read_string(text, match.end(), syntax)
        if found is None:
            continue
        pieces, end = found
        given = Given()
        given.add(pieces)
        # Texts that follow at once, or are joined, belong to it.
        while (more := re.compile(r"\s*[+.\\]?\s*(?=[a-zA-Z$@]{0,2}[\"'`])").match(text, end)) is not None:
            following = read_string(text, more.end(), syntax)
            if following is None or end - match.end() > 4_000:
                break
            given.add(following[0])
            end = following[1]
        name = match["name"] or match["macro"]
        place = lines.at(match.start(match.lastgroup or 0)), lines.at(end)
        made = said(given.pieces, place, Level.NONE, Writes.HOLDS)
        if made is not None and name not in ("__doc__",):
            yield name, made
