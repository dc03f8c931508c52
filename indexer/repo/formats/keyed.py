"""Configuration that is read line by line: YAML, TOML, INI and properties, by their keys."""

from __future__ import annotations

from indexer.repo.formats.outline import (
    SCANNED,
    SYMBOLS_MAX,
    FormatParse,
    Mark,
    Mention,
    assemble,
    lead,
    lines_of,
    thin,
    word_set,
)
from indexer.types import ReferenceKind, SymbolKind

DEPTH_MAX = 6
"""Keys further inside are found by their words, not as symbols."""

_KEY_MAX = 120
_NAMING = word_set("name id uses key alias job task host path title app service")
"""Keys whose value names the list item that begins with them."""

_USING = word_set("uses image extends include import template file build context dockerfile needs depends_on")
"""YAML keys whose plain value names something defined elsewhere."""


def yaml(text: str) -> FormatParse:
    """Read keys by their indentation; block scalars and flow style are passed over."""
    lines = lines_of(text)
    marks: list[Mark] = []
    mentions: list[Mention] = []
    around: list[int] = []
    notice = ""
    scalar = -1
    """Indentation of the key whose block scalar is being passed over, or -1."""
    for number, whole in enumerate(lines, 1):
        if len(marks) >= SYMBOLS_MAX:
            notice = f"keys after line {number - 1} are not listed: there are more than {SYMBOLS_MAX}"
            break
        line = whole[:SCANNED].rstrip()
        bare = line.lstrip(" ")
        indent = len(line) - len(bare)
        if not bare or (scalar >= 0 and indent > scalar):
            continue
        scalar = -1
        if bare[0] in "#%" or line in ("---", "..."):
            around = around if bare[0] == "#" else []
            continue
        dashed = indent
        bare, indent = _after_dashes(bare, indent)
        item = indent > dashed
        key, value = _yaml_key(bare)
        if not key:
            continue
        if value[:1] in ("|", ">"):
            scalar = indent
        column = indent - 1 if item else indent
        while around and around[-1] >= column:
            around.pop()
        if item and key in _NAMING and value and len(around) < DEPTH_MAX:
            marks.append(_key(lines, number, len(around) + 1, value.strip("'\""), f"{key}: {value}"))
            around.append(column)
        elif not item and len(around) < DEPTH_MAX:
            marks.append(_key(lines, number, len(around) + 1, key, bare))
            around.append(indent)
        elif item:
            around.append(column)
        if key in _USING and value and value[0] not in "|>[{&*":
            mentions.append(Mention(number, value.strip("'\""), ReferenceKind.USE))
    return assemble(lines, thin(marks, len(lines), always=4), mentions, notice=notice)


def toml(text: str) -> FormatParse:
    """Read tables and their keys; strings over several lines and arrays are passed over."""
    lines = lines_of(text)
    marks: list[Mark] = []
    table = 0
    quote = ""
    open_brackets = 0
    for number, whole in enumerate(lines, 1):
        line = whole[:SCANNED].strip()
        if quote:
            quote = "" if quote in line else quote
            continue
        if open_brackets > 0:
            open_brackets += _brackets(line)
            continue
        if line.startswith("["):
            name = line.strip("[]").partition("]")[0].strip()
            marks.append(_key(lines, number, 1, name, line))
            table = 1
            continue
        key, sign, value = line.partition("=")
        if line.startswith("#") or not sign:
            continue
        value = value.strip()
        name = key.strip().strip("'\"")[:_KEY_MAX]
        marks.append(_key(lines, number, table + 1, name, line, cut=not table))
        for each in ('"""', "'''"):
            if value.startswith(each) and each not in value[3:]:
                quote = each
        open_brackets = _brackets(value) if value[:1] in "[{" and not quote else 0
    return assemble(lines, marks)


def ini(text: str) -> FormatParse:
    """Read sections and keys (``=`` or ``:``); an indented line goes on with the value above."""
    lines = lines_of(text)
    marks: list[Mark] = []
    section = 0
    for number, whole in enumerate(lines, 1):
        line = whole[:SCANNED].rstrip()
        if not line or line[0] in "#;! \t":
            continue
        if line[0] == "[" and "]" in line:
            marks.append(_key(lines, number, 1, line[1:].partition("]")[0], line))
            section = 1
            continue
        key = _before_sign(line)
        if key:
            marks.append(_key(lines, number, section + 1, key, line, cut=False))
    return assemble(lines, marks)


def properties(text: str) -> FormatParse:
    r"""Read Java properties: one key a line, a ``\`` at the end goes on with the next."""
    lines = lines_of(text)
    marks: list[Mark] = []
    continued = False
    for number, whole in enumerate(lines, 1):
        line = whole[:SCANNED].strip()
        goes_on, continued = continued, line.endswith("\\")
        if goes_on or not line or line[0] in "#!":
            continue
        key = _before_sign(line)
        if key:
            marks.append(_key(lines, number, 1, key, line, cut=False))
    return assemble(lines, marks)


def _key(lines: list[str], number: int, depth: int, name: str, line: str, *, cut: bool = True) -> Mark:
    first = lead(lines, number, ("#", ";")) if cut else 0
    return Mark(number, depth, name, SymbolKind.KEY, first=first, signature=line.strip(), cut=cut)


def _after_dashes(bare: str, indent: int) -> tuple[str, int]:
    """Return what stands after the dashes of list items, and in which column."""
    while bare.startswith("- "):
        shorter = bare[2:].lstrip(" ")
        indent += len(bare) - len(shorter)
        bare = shorter
    return bare, indent


def _yaml_key(bare: str) -> tuple[str, str]:
    """Return a key and its value on the same line, or two empty texts."""
    if bare[0] in "\"'":
        close = bare.find(bare[0], 1)
        if close < 0 or bare[close + 1 : close + 2] != ":":
            return "", ""
        return bare[1:close][:_KEY_MAX], bare[close + 2 :].strip()
    if bare[0] in "[]{}#&*!|>%@`,?":
        return "", ""
    at = bare.find(": ")
    if at < 0:
        at = len(bare) - 1 if bare.endswith(":") else -1
    if not 0 < at <= _KEY_MAX:
        return "", ""
    value = bare[at + 1 :].strip()
    return bare[:at].rstrip(), value.partition(" #")[0].rstrip()


def _before_sign(line: str) -> str:
    ends = [at for at in (line.find("="), line.find(":")) if at > 0]
    return line[: min(ends)].strip()[:_KEY_MAX] if ends else ""


def _brackets(text: str) -> int:
    plain = text.partition("#")[0]
    return sum(plain.count(sign) for sign in "[{") - sum(plain.count(sign) for sign in "]}")
