"""Settings that a run of calls gives their first values: ``this.set("etag", "weak")`` in one function.

A single such call may be anything. Several on one thing, in a function that is named for defaults or for
configuring and for nothing else, or on a thing that is called a configuration, are its settings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.guide.inventory.code import Argument, Code
from indexer.guide.inventory.facts import SettingFact
from indexer.guide.inventory.routing import Place
from indexer.guide.inventory.sheets import Sheet
from indexer.guide.inventory.tokens import Kind
from indexer.index.symbols import FoundSymbol
from indexer.types import SymbolKind

CALLS: Final = "calls"
"""The source of such a setting."""
LEAST: Final = 3
"""Settings that are set side by side, below which a call is taken for any call."""

_DEFAULTING: Final = frozenset(("setDefault", "SetDefault", "set_default"))
"""Say themselves that they give a first value."""
_TRUTHS: Final = {"enable": "true", "disable": "false"}
_PUTTING: Final = frozenset(("put", "putIfAbsent"))
_SETTING: Final = frozenset(("set", "setProperty", "set_property", *_DEFAULTING, *_TRUTHS, *_PUTTING))
_KEEPING: Final = "setdefault"
"""Python's own: of any mapping, so that the mapping must be a configuration."""
_BARE: Final = frozenset(("set", *_TRUTHS))
"""Ruby's words for an application's or a deployment's settings, written without brackets."""

_THING: Final = frozenset(
    (
        "config", "configs", "configuration", "conf", "cfg", "settings", "setting", "preferences", "prefs",
        "defaults", "default",
    )
)  # fmt: skip
"""What a thing is called that holds settings."""
_THINGS: Final = _THING | {"options", "option", "props", "properties"}
"""The same, with what a single call may be given too; only a function that says so makes them settings."""
_OWN: Final = frozenset(("", "this", "self", "app", "application"))
_FIRST: Final = frozenset(("init", "initialize", "initialise", "setup", "bootstrap", "constructor"))
"""What a function is called that sets a thing up."""
_LINKING: Final = frozenset(
    (
        "get", "set", "load", "make", "build", "create", "add", "apply", "register", "define", "ensure",
        "with", "reset", "the", "all", "app", "application", "value", "values", "by", "up",
    )
)  # fmt: skip
"""What may stand in a function's name beside these; anything else says defaults of what, or sets up what."""
_CONFIGURES: Final = _THINGS | {"configure", "configured"}

_NAME: Final = re.compile(r"[A-Za-z][\w .:/-]{1,79}")
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_BRANCH: Final = re.compile(
    r"(?:\}\s*)?(?:else\s+if|elsif|elif|if|unless|else|case|when|switch|default|rescue|catch"
    r"|except|for|while)\b"
)
_IF: Final = re.compile(r"(?:if|unless)\b\s*(.+?)\s*(?:[:{]|\bthen)?\s*$")
_MODIFIER: Final = re.compile(r"\s(?:if|unless)\s")
_FUNCTIONS: Final = (SymbolKind.FUNCTION, SymbolKind.METHOD)
_LITERALS: Final = frozenset(("true", "false", "null", "nil", "True", "False", "None", "undefined"))

_VERB: Final = (
    r"\.(?:set|setProperty|set_property|put|putIfAbsent|enable|disable|set_?[dD]efault|SetDefault)\(\s*[\"'`]"
)
HINT: Final = rf"{_VERB}(?s:.*?){_VERB}"
"""What a passage has that may hold a run: two such calls. It begins with a sign that is found without trying
every place, as the names of functions and things would not be: 40 ms for 14 MB of text, where those took 5 s.
"""
RUBY_HINT: Final = rf"{HINT}|\b(?:set|enable|disable)\s+:\w"


@dataclass(frozen=True, slots=True)
class _Set:
    """One call that sets: on what, what, to what (as written), where, and in which function."""

    receiver: str
    verb: str
    name: str
    value: str
    literal: bool
    line: int
    at: int
    function: FoundSymbol | None


def read(sheet: Sheet) -> Iterator[SettingFact]:
    """Yield the settings that runs of calls of a file give their first values."""
    runs: dict[tuple[str, str], list[_Set]] = {}
    for each in _all_set(sheet):
        where = "" if each.function is None else each.function.qualified
        runs.setdefault((each.receiver, where), []).append(each)
    for run in runs.values():
        chosen = [each for each in run if _sets_a_setting(sheet, each)]
        if len({each.name for each in chosen}) >= LEAST:
            yield from _told(sheet, chosen)


def _told(sheet: Sheet, run: Sequence[_Set]) -> Iterator[SettingFact]:
    seen: set[str] = set()
    for each in run:
        if each.name in seen:
            continue
        seen.add(each.name)
        condition = _condition(sheet, each)
        value = each.value if condition == "" else ""
        if condition and condition != "?":
            value = f"{each.value} if {condition}"
        place = Place(sheet.path, each.line, each.line, sheet.mark)
        yield SettingFact(each.name, place, CALLS, value)


def _all_set(sheet: Sheet) -> Iterator[_Set]:
    code = sheet.code
    verbs = (*_SETTING, *((_KEEPING,) if sheet.language == "python" else ()))
    for call in code.calls(*verbs):
        if call.on < 0 and (call.receiver or sheet.language == "ruby"):
            found = _made(sheet, call.name, call.receiver, call.arguments, call.at)
            if found is not None:
                yield found
    if sheet.language == "ruby":
        yield from _bare(sheet, code)


def _bare(sheet: Sheet, code: Code) -> Iterator[_Set]:
    for index, token in enumerate(code.tokens[:-1]):
        following = code.tokens[index + 1]
        begins = not index or code.tokens[index - 1].line < token.line
        if token.text in _BARE and token.kind is Kind.NAME and begins and following.kind is Kind.STRING:
            found = _made(sheet, token.text, "", code.bare(index), index)
            if found is not None:
                yield found


def _made(sheet: Sheet, verb: str, receiver: str, given: Sequence[Argument], at: int) -> _Set | None:
    """Return what a call sets, or None where it does not name one thing by a text and give it a value."""
    code = sheet.code
    truth = _TRUTHS.get(verb)
    if len(given) != (2 if truth is None else 1) or any(each.key for each in given):
        return None
    named = code.tokens[given[0].first]
    if given[0].first != given[0].last or named.kind is not Kind.STRING or named.varies:
        return None
    if not _NAME.fullmatch(named.text):
        return None
    line = code.tokens[at].line
    function = _function_at(sheet, line)
    value, literal = (truth, True) if truth is not None else _value(code, given[1], function)
    return _Set(receiver, verb, named.text, value, literal, line, at, function)


def _value(code: Code, given: Argument, function: FoundSymbol | None) -> tuple[str, bool]:
    """Return a value as it is written, of a name what it is given above; and whether it is a literal."""
    token = code.tokens[given.first]
    alone = given.first == given.last
    if alone and token.kind is Kind.NAME and token.text not in _LITERALS and function is not None:
        places = [each for each in code.assigned() if each.name == token.text]
        if len(places) == 1 and function.start_line <= places[0].line <= token.line:
            first = places[0].first
            return code.shown(Argument("", first, code.value_end(first))), False
    literal = alone and (token.kind in (Kind.STRING, Kind.NUMBER) or token.text in _LITERALS)
    return code.shown(given), literal


def _function_at(sheet: Sheet, line: int) -> FoundSymbol | None:
    around = [
        each
        for each in sheet.definitions
        if each.kind in _FUNCTIONS and each.start_line <= line <= each.end_line
    ]
    return min(around, key=lambda each: each.end_line - each.start_line, default=None)


# ---------------------------------------------------------------------------------- what makes it a setting


def _sets_a_setting(sheet: Sheet, each: _Set) -> bool:
    if sheet.language == "ruby" and not each.receiver and each.function is None:
        return each.verb in _BARE
    thing = each.receiver.rpartition(".")[2].lstrip("_@$")
    held = set(_words(thing))
    if each.verb in _DEFAULTING:
        return True
    if each.verb == _KEEPING:
        return not held.isdisjoint(_THING) and held <= _THING | _OWN
    return each.function is not None and _in_function(sheet, each, each.function, thing, held)


def _in_function(sheet: Sheet, each: _Set, function: FoundSymbol, thing: str, held: set[str]) -> bool:
    """Say whether a function gives first values, and the thing that it gives them to is one with settings."""
    words = _words(function.name)
    plain = set(words) <= _CONFIGURES | _LINKING | _FIRST
    configures = plain and not _CONFIGURES.isdisjoint(words)
    owner = sheet.class_at(each.line)
    made = set(words[:1]) <= _FIRST or (owner is not None and function.name == owner.name)
    sets_up = made and (plain or function.name == (owner.name if owner is not None else ""))
    is_thing = not held.isdisjoint(_THINGS) and held <= _THINGS | _OWN
    if is_thing:
        return configures or sets_up
    if thing in _OWN and each.verb not in _PUTTING:
        return configures or (sets_up and owner is not None and _is_of_settings(owner))
    # A map that "default settings" are put together in, under whatever name.
    defaults = {"default", "defaults"} & set(words) and (_THINGS - {"default"}) & set(words)
    return configures and bool(defaults) and "." not in each.receiver and each.literal


def _is_of_settings(owner: FoundSymbol) -> bool:
    return bool({*_words(owner.name)[-1:]} & (_THINGS - {"default", "option"}))


def _words(name: str) -> list[str]:
    return [each.lower() for each in _WORDS.findall(name)]


# ---------------------------------------------------------------------------------- under what condition


def _condition(sheet: Sheet, each: _Set) -> str:
    """Return what must hold for a call to be reached, as written; "?" where it is not one "if"; else ""."""
    line = sheet.lines[each.line - 1]
    beside = _MODIFIER.search(line) if sheet.language == "ruby" else None
    if beside is not None:
        return "?"
    begins = 0 if each.function is None else each.function.name_line
    indent, found = _indent(line), ""
    for number in range(each.line - 1, begins, -1):
        above = sheet.lines[number - 1]
        if not above.strip() or _indent(above) >= indent:
            continue
        indent = _indent(above)
        if _BRANCH.match(above.strip()):
            one = _IF.match(above.strip())
            if found or one is None:
                return "?"
            found = one[1]
            if above.strip().startswith("unless"):
                return "?"
    return _bare_condition(found)


def _bare_condition(text: str) -> str:
    return text[1:-1].strip() if text.startswith("(") and text.endswith(")") else text


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
