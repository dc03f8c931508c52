"""Settings: where their defaults stand (modules, classes, configuration files), and who reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from indexer.guide.inventory import settings_set
from indexer.guide.inventory.code import Argument, Assigned, Code
from indexer.guide.inventory.facts import SettingFact
from indexer.guide.inventory.routing import Place
from indexer.guide.inventory.sheets import Sheet
from indexer.guide.inventory.tokens import FAMILIES, Kind, Token, word

READ: Final = "read"
_MODULE: Final = re.compile(
    r"(?:^|/)(?:settings|defaults|default_settings|base_settings|config|configuration|conf|constants?_settings)"
    r"(?:/[\w/]+)?\.py$|(?:^|/)\w*settings\w*\.py$"
)
_RUNS: Final = {
    language: settings_set.RUBY_HINT if language == "ruby" else settings_set.HINT for language in FAMILIES
}
_HINTS: Final[dict[str, str]] = {
    "python": (
        rf"{word('settings')}\.[A-Z]|{word('config')}\b.{{0,3}}\[|config\.(?:get|from_mapping)|BaseSettings"
        rf"|INSTALLED_APPS|{word('Option')}\(|default_config|getattr\(\s*settings|{word('conf')}\.[a-z]\w*_"
    ),
    **dict.fromkeys(("java", "kotlin"), r"@Value\s*\(|@ConfigurationProperties|getProperty\("),
    "go": r"\bviper\.",
    "csharp": r"[cC]onfiguration\s*\[|GetSection\(|GetValue<",
    **dict.fromkeys(("javascript", "typescript"), r"\bconfig\.get\(|configService\.get|ConfigService"),
    "php": r"\bconfig\(",
    "ruby": r"Rails\.application\.config|Rails\.configuration|config\.x\.",
}
HINTS: Final = {
    language: re.compile("|".join(filter(None, (_HINTS.get(language), _RUNS[language]))), re.MULTILINE)
    for language in FAMILIES
}
FILES: Final = re.compile(
    rf"{_MODULE.pattern}|(?:^|/)(?:application|bootstrap)(?:-[\w-]+)?\.(?:properties|ya?ml)$"
    r"|(?:^|/)appsettings(?:\.\w+)?\.json$"
)
_UPPER: Final = re.compile(r"^[A-Z][A-Z0-9_]{2,80}$")
_LOWER: Final = re.compile(r"^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$")
"""A setting of celery's kind, read from its configuration: ``app.conf.task_acks_late``."""
_OWNERS: Final = {"settings": _UPPER, "conf": _LOWER}
"""What settings are read of in Python, with how they are written there."""
_LEAD_TO_NAMES: Final = frozenset("[(,{")
"""What stands before a setting that is named by a text."""
_PLACEHOLDER: Final = re.compile(r"\$\{\s*([\w.\-\[\]]+)\s*(?::([^}]*))?\}")
_GETTERS: Final = frozenset(
    ("get", "getProperty", "GetString", "GetInt", "GetBool", "GetDuration", "GetValue", "Get")
)


def read(sheet: Sheet) -> Iterator[SettingFact]:
    """Yield the settings that a file defines or reads."""
    told: set[tuple[str, int]] = set()
    for each in _declared_or_read(sheet):
        if each.source != READ:
            told.add((each.name, each.place.first))
        yield each
    if sheet.language in FAMILIES:
        yield from (each for each in settings_set.read(sheet) if (each.name, each.place.first) not in told)


def _declared_or_read(sheet: Sheet) -> Iterator[SettingFact]:
    if sheet.language in ("properties", "yaml", "json"):
        yield from _configuration(sheet)
    elif sheet.language == "python":
        yield from _python(sheet)
    elif sheet.language in ("java", "kotlin"):
        yield from _java(sheet)
    elif sheet.language in ("go", "csharp", "javascript", "typescript", "php"):
        yield from _read_by_call(sheet)


def _configuration(sheet: Sheet) -> Iterator[SettingFact]:
    """Yield the keys of a framework's configuration file, those alone that have a value."""
    keys = [each for each in sheet.definitions if each.kind == "key"]
    parents = {each.parent for each in keys}
    for each in keys:
        name = each.qualified
        if name in parents:
            continue
        line = sheet.lines[each.name_line - 1]
        value = re.split(r"[=:]", line, maxsplit=1)
        default = value[1].strip().strip(",").strip() if len(value) > 1 else ""
        place = Place(sheet.path, each.name_line, each.name_line, sheet.mark)
        yield SettingFact(name, place, "configuration file", default[:60], _above(sheet, each.name_line))


def _python(sheet: Sheet) -> Iterator[SettingFact]:
    code = sheet.code
    if _MODULE.search(sheet.path):
        yield from _module(sheet, code)
        if "Option" in sheet.text:
            yield from _options(sheet, code)
    if "BaseSettings" in sheet.text:
        yield from _class_fields(sheet)
    yield from _python_reads(sheet, code)


def _module(sheet: Sheet, code: Code) -> Iterator[SettingFact]:
    """Yield the constants of a module of settings: those at its top, not the keywords of a call."""
    seen: set[str] = set()
    for each in code.assigned():
        if each.name in seen or not _UPPER.match(each.name) or not _at_margin(sheet, each):
            continue
        seen.add(each.name)
        end = code.value_end(each.first)
        last = code.tokens[end].line
        place = Place(sheet.path, each.line, last, sheet.mark)
        yield SettingFact(
            each.name, place, "module", _written(sheet, each.line, last), _above(sheet, each.line)
        )


def _at_margin(sheet: Sheet, each: Assigned) -> bool:
    return sheet.lines[each.line - 1].startswith(each.name)


def _written(sheet: Sheet, first: int, last: int) -> str:
    value = sheet.lines[first - 1].partition("=")[2].partition("  #")[0].strip()
    return value if first == last else f"{value} ..."


def _above(sheet: Sheet, line: int) -> str:
    """Return the comment that stands beside a line, or right above it."""
    beside = re.search(r"\s#\s+(.+)$", sheet.lines[line - 1])
    if beside is not None:
        return beside[1].strip()
    said: list[str] = []
    at = line - 2
    while at >= 0 and len(said) < 4 and (found := re.match(r"^\s*(?:#|//)[:!]?\s?(.*)$", sheet.lines[at])):
        if set(found[1].strip()) <= set("=-*#~ "):
            break
        said.insert(0, found[1].strip())
        at -= 1
    return " ".join(said)


def _options(sheet: Sheet, code: Code) -> Iterator[SettingFact]:
    """Read nested ``Namespace(broker=Namespace(url=Option(None)))``, as celery has its settings."""
    for call in code.calls("Option"):
        parts = [_keyword(code, call.starts)]
        for opens in code.around(call.starts):
            caller = code.call_at(opens - 1) if opens > 0 else None
            if caller is not None and caller.name == "Namespace":
                parts.append(_keyword(code, caller.starts))
        name = "_".join(part for part in reversed(parts) if part)
        if not name:
            continue
        default = code.shown(call.arguments[0]) if call.arguments and not call.arguments[0].key else ""
        place = Place(sheet.path, call.line, code.tokens[call.closes].line, sheet.mark)
        yield SettingFact(name, place, "settings class", default)


def _keyword(code: Code, index: int) -> str:
    if index >= 2 and code.tokens[index - 1].text == "=" and code.tokens[index - 2].kind is Kind.NAME:
        before = code.tokens[index - 3].text if index >= 3 else ""
        return code.tokens[index - 2].text if before in ("(", ",") else ""
    return ""


def _class_fields(sheet: Sheet) -> Iterator[SettingFact]:
    for symbol in sheet.definitions:
        if symbol.kind != "class" or "BaseSettings" not in sheet.lines[symbol.name_line - 1]:
            continue
        for line in range(symbol.name_line + 1, symbol.end_line + 1):
            field = re.match(r"^ {4}([a-z][a-z0-9_]*)\s*:\s*[^=]+?(?:=\s*(.*))?$", sheet.lines[line - 1])
            if field is not None and field[1] != "model_config":
                place = Place(sheet.path, line, line, sheet.mark)
                default = (field[2] or "").strip()[:60]
                yield SettingFact(field[1], place, "settings class", default, _above(sheet, line))


def _python_reads(sheet: Sheet, code: Code) -> Iterator[SettingFact]:
    tokens = code.tokens
    for index in range(2, len(tokens)):
        token, before = tokens[index], tokens[index - 1]
        if token.kind is Kind.STRING:
            if before.text in _LEAD_TO_NAMES and _UPPER.match(token.text):
                yield from _by_string(sheet, code, index)
        elif token.kind is Kind.NAME and before.kind is Kind.DOT:
            written = _OWNERS.get(tokens[index - 2].text)
            if written is not None and written.match(token.text) and not _is(tokens, index + 1, "="):
                yield _reading(sheet, token.text, token.line)
    for call in code.calls("from_mapping") if "from_mapping" in sheet.text else ():
        for each in call.arguments:
            if _UPPER.match(each.key):
                place = _on(sheet, tokens[each.first].line)
                yield SettingFact(each.key, place, "module", code.shown(each))


def _by_string(sheet: Sheet, code: Code, index: int) -> Iterator[SettingFact]:
    """Yield the setting that a text names: ``config["X"]``, ``getattr(settings, "X")``, a default's key."""
    tokens = code.tokens
    token, opens, owner = tokens[index], tokens[index - 1].text, tokens[index - 2].text
    before = tokens[index - 4].text if index >= 4 else ""
    place = _on(sheet, token.line)
    if opens == "[" and owner == "config":
        if _is(tokens, index + 2, "=") and index + 3 < len(tokens):
            shown = code.shown(_argument(index + 3, code.value_end(index + 3)))
            yield SettingFact(token.text, place, "module", shown)
        else:
            yield SettingFact(token.text, place, READ)
    elif opens == "(" and owner == "setdefault" and before == "config":
        call = code.call_at(index - 2)
        given = call.arguments if call is not None else ()
        yield SettingFact(
            token.text, place, settings_set.CALLS, code.shown(given[1]) if len(given) > 1 else ""
        )
    elif opens == "(" and owner == "get" and before == "config":
        yield SettingFact(token.text, place, READ)
    elif opens == "," and owner == "settings" and before == "getattr":
        call = code.call_at(index - 4)
        default = code.shown(call.arguments[2]) if call is not None and len(call.arguments) > 2 else ""
        yield SettingFact(token.text, place, READ, default)
    elif opens in ("{", ",") and _is(tokens, index + 1, ":") and _in_default_config(code, index):
        shown = code.shown(_argument(index + 2, code.value_end(index + 2)))
        yield SettingFact(token.text, place, "module", shown)


def _on(sheet: Sheet, line: int) -> Place:
    return Place(sheet.path, line, line, sheet.mark)


def _argument(first: int, last: int) -> Argument:
    return Argument("", first, max(first, last))


def _in_default_config(code: Code, index: int) -> bool:
    for opens in code.around(index):
        if code.tokens[opens].text == "{":
            return "default_config" in code.target_of(opens) or any(
                each.text == "default_config" for each in code.tokens[max(0, opens - 8) : opens]
            )
    return False


def _reading(sheet: Sheet, name: str, line: int) -> SettingFact:
    return SettingFact(name, Place(sheet.path, line, line, sheet.mark), READ)


def _is(tokens: Sequence[Token], index: int, text: str) -> bool:
    return index < len(tokens) and tokens[index].text == text


def _java(sheet: Sheet) -> Iterator[SettingFact]:
    code = sheet.code
    for call in code.calls("Value", "getProperty", "ConditionalOnProperty"):
        if not call.arguments:
            continue
        line = call.line
        place = Place(sheet.path, line, line, sheet.mark)
        for text in code.texts(call.arguments[0]):
            found = _PLACEHOLDER.findall(text)
            for name, default in found:
                yield SettingFact(name, place, READ, default)
            if not found and call.name != "Value" and re.match(r"^[\w.-]+(?::[\w.-]+)?$", text):
                default = code.shown(call.arguments[1]) if len(call.arguments) > 1 else ""
                yield SettingFact(text, place, READ, default if call.name == "getProperty" else "")


def _read_by_call(sheet: Sheet) -> Iterator[SettingFact]:
    code = sheet.code
    owners = {
        "go": ("viper",), "csharp": ("Configuration", "configuration", "_configuration", "config", "_config"),
        "javascript": ("config", "configService"),
        "typescript": ("config", "configService", "this.configService"),
        "php": ("",),
    }[sheet.language]  # fmt: skip
    for call in code.calls():
        name = code.text(call.arguments[0]) if call.arguments else None
        if name is None or not re.match(r"^[\w.:-]{2,80}$", name) or call.receiver not in owners:
            continue
        place = Place(sheet.path, call.line, call.line, sheet.mark)
        default = code.shown(call.arguments[1]) if len(call.arguments) > 1 else ""
        if sheet.language == "php":
            if call.name == "config":
                yield SettingFact(name, place, READ, default)
        elif call.name == "SetDefault":
            yield SettingFact(name, place, "module", default)
        elif call.name in _GETTERS or (sheet.language == "go" and call.name.startswith("Get")):
            yield SettingFact(name, place, READ, "" if sheet.language == "go" else default)
    if sheet.language == "csharp":
        for index, token in enumerate(code.tokens):
            indexed = token.kind is Kind.STRING and index >= 2 and code.tokens[index - 1].text == "["
            if indexed and code.tokens[index - 2].text in owners:
                yield _reading(sheet, token.text, token.line)
