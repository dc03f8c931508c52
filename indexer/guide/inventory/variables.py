"""Environment variables: read by name in code, in scripts, in containers, or listed in a sample file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from indexer.guide.inventory.code import Argument, Call, Code
from indexer.guide.inventory.facts import VariableRead
from indexer.guide.inventory.routing import Place
from indexer.guide.inventory.sheets import Sheet
from indexer.guide.inventory.tokens import FAMILIES, Kind, word

_NAME: Final = re.compile(r"^[A-Za-z_][A-Za-z0-9_]{1,80}$")
_UPPER: Final = re.compile(r"^[A-Z][A-Z0-9_]{1,80}$")

_CODE: Final = re.compile(
    rf"environ|[Gg]etenv|{word('env')}\b|{word('ENV')}\b|decouple|GetEnvironmentVariable|envvar|LookupEnv|BaseSettings"
)
HINTS: Final[dict[str, re.Pattern[str]]] = {
    **dict.fromkeys(FAMILIES, _CODE),
    **dict.fromkeys(("c", "cpp"), re.compile(r"getenv")),
    **dict.fromkeys(("bash", "yaml", "make"), re.compile(r"\$\{[A-Z]|\bsecrets\.|^\s*env:", re.MULTILINE)),
    "dockerfile": re.compile(r"^\s*(?:ENV|ARG)\b", re.MULTILINE | re.IGNORECASE),
    **dict.fromkeys(("properties", "xml"), re.compile(r"\$\{[A-Z]")),
}
SAMPLES: Final = re.compile(
    r"(?:^|/)(?:\.?env[.-](?:example|sample|dist|template|default)|(?:example|sample)\.env)$"
)

_CALLS: Final = {
    # How the call is written, with whether it fails when the variable is not there.
    "os.environ.get": False, "environ.get": False, "os.getenv": False, "getenv": False,
    "os.environ.pop": False,
    "os.Getenv": False, "os.LookupEnv": False, "syscall.Getenv": False,
    "System.getenv": False, "ENV.fetch": True, "ENV.key?": False,
    "Environment.GetEnvironmentVariable": False, "System.Environment.GetEnvironmentVariable": False,
    "env.var": True, "std.env.var": True, "env.var_os": False, "process.env.get": False,
}  # fmt: skip
_SETS: Final = frozenset(("os.environ.setdefault", "environ.setdefault"))
"""What gives a variable a value where it has none: something else reads it, if anything does."""
_INDEXED: Final = frozenset(
    ("os.environ", "environ", "ENV", "process.env", "import.meta.env", "$_ENV", "$_SERVER")
)
_SHELL: Final = re.compile(r"\$\{([A-Z][A-Z0-9_]{2,80})(?:(:?[-=?])([^}]*))?\}")
_SPRING: Final = re.compile(r"\$\{([A-Z][A-Z0-9_]{2,80})(?::([^}]*))?\}")
_DOCKER: Final = re.compile(r"^\s*(?:ENV|ARG)\s+([A-Za-z_]\w*)(?:[= ]\s*(.*))?$", re.IGNORECASE)
_SAMPLE: Final = re.compile(r"^\s*#?\s*(?:export\s+)?([A-Z][A-Z0-9_]{1,80})=(.*)$")
_NO_VARIABLES: Final = frozenset(
    ("HOME", "PATH", "PWD", "BASH_SOURCE", "IFS", "FUNCNAME", "LINENO", "RANDOM")
)


def read(sheet: Sheet) -> Iterator[VariableRead]:
    """Yield each reading of an environment variable in a file."""
    if SAMPLES.search(sheet.path):
        yield from _sample(sheet)
    elif sheet.language in FAMILIES:
        yield from _in_code(sheet)
    elif sheet.language in ("c", "cpp"):
        yield from _by_pattern(sheet, re.compile(r"\b(?:secure_)?getenv\s*\(\s*\"(\w+)\"\s*\)()"))
    elif sheet.language == "dockerfile":
        yield from _docker(sheet)
    elif sheet.language in ("properties", "xml"):
        yield from _by_pattern(sheet, _SPRING)
    else:
        yield from _shell(sheet)


def _in_code(sheet: Sheet) -> Iterator[VariableRead]:
    code = sheet.code
    names = _env_readers(sheet)
    known = {**_CALLS, **names}
    called = {each.rpartition(".")[2] for each in known}
    for index, token in enumerate(code.tokens):
        if token.kind is Kind.NAME and index >= 2 and code.tokens[index - 2].text in called:
            yield from _by_constant(sheet, code, index, known)
        if token.kind is Kind.STRING and not token.varies and _NAME.match(token.text):
            yield from _by_string(sheet, code, index, names)
        elif token.kind is Kind.NAME and _UPPER.match(token.text) and index >= 4:
            # ``process.env.PORT || 3000``
            owner = code.dotted(code.chain_start(index)[0], index - 2)
            if owner in ("process.env", "import.meta.env"):
                default = _after(code, index, _CALLS)
                yield _made(sheet, token.text, token.line, default, False, _setting(code, index))
    if sheet.language == "python" and "BaseSettings" in sheet.text:
        yield from _settings_classes(sheet)


def _env_readers(sheet: Sheet) -> dict[str, bool]:
    """Return further names of calls that read variables here: those of well-known libraries."""
    found: dict[str, bool] = {}
    text = sheet.text
    if sheet.language == "python":
        if "decouple" in text:
            found["config"] = True
        if re.search(r"\benviron\.(?:Env|FileAwareEnv)\b|\bimport environ\b|from environs import", text):
            for kind in (
                "",
                ".str",
                ".bool",
                ".int",
                ".list",
                ".db",
                ".url",
                ".float",
                ".json",
                ".cache",
                ".tuple",
            ):
                found[f"env{kind}"] = True
        if re.search(r"^from os import .*\b(?:environ|getenv)\b", text, re.MULTILINE):
            found |= {"environ.get": False, "getenv": False}
    elif sheet.language == "php":
        found["env"] = False
    return found


def _by_string(sheet: Sheet, code: Code, index: int, names: dict[str, bool]) -> Iterator[VariableRead]:
    tokens = code.tokens
    before = tokens[index - 1] if index else None
    if before is None:
        return
    token = tokens[index]
    if before.text == "[" and index >= 2 and tokens[index - 2].kind is Kind.NAME:
        starts, receiver, _ = code.chain_start(index - 2)
        name = f"{receiver}.{tokens[index - 2].text}" if receiver else tokens[index - 2].text
        closes = code.partner.get(index - 1, index)
        following = tokens[closes + 1].text if closes + 1 < len(tokens) else ""
        if name in _INDEXED and (name != "$_SERVER" or _UPPER.match(token.text)) and following != "=":
            default = _after(code, closes, {**_CALLS, **names})
            required = name in ("os.environ", "environ") and sheet.language == "python"
            yield _made(sheet, token.text, token.line, default, required, _setting(code, starts))
        return
    if before.text == "(" and index >= 2:
        call = code.call_at(index - 2)
        if call is None or not call.arguments or call.arguments[0].first != index:
            return
        full = call.full
        if full in _SETS:
            place = Place(sheet.path, token.line, token.line, sheet.mark)
            yield VariableRead(token.text, place, _default(code, call), declared=True)
            return
        known = {**_CALLS, **names}
        if full in known:
            default = _default(code, call)
            required = known[full] and not default
            yield _made(
                sheet,
                token.text,
                token.line,
                default or _after(code, call.closes, known),
                required,
                _setting(code, call.starts),
            )
    elif before.text == "=" and tokens[index - 2].text == "envvar":
        yield _made(sheet, token.text, token.line, "", False, "")


def _by_constant(sheet: Sheet, code: Code, index: int, known: Mapping[str, bool]) -> Iterator[VariableRead]:
    """Yield the reading of a variable whose name a constant holds: ``os.Getenv(EnvGinMode)``."""
    call = code.call_at(index - 2) if code.tokens[index - 1].text == "(" else None
    if call is None or call.full not in known or not call.arguments or call.arguments[0].first != index:
        return
    name = code.text(call.arguments[0])
    if name is not None and _NAME.match(name):
        default = _default(code, call) or _after(code, call.closes, known)
        required = known[call.full] and not default
        yield _made(sheet, name, code.tokens[index].line, default, required, _setting(code, call.starts))


def _default(code: Code, call: Call) -> str:
    for each in call.arguments[1:]:
        if each.key in ("", "default") and not code.shown(each).startswith("cast"):
            return code.shown(each, 40)
    return ""


def _after(code: Code, index: int, readers: Mapping[str, bool]) -> str:
    """Return what stands after ``||``, ``??`` or ``or``: what is taken when the variable is not there.

    Where that reads another variable, by one of the ``readers``, it is what is taken when neither is there.
    """
    tokens = code.tokens
    at = index + 1
    if at + 1 < len(tokens) and tokens[at].text == "?" and tokens[at + 1].text == "?":
        at += 1
    elif at >= len(tokens) or tokens[at].text not in ("||", "or"):
        return ""
    if at + 1 >= len(tokens):
        return ""
    value = tokens[at + 1]
    if value.kind is Kind.NAME:
        last = code.name_end(at + 1)
        call = code.call_at(last)
        if call is None:
            return code.dotted(at + 1, last)
        if call.full in readers:
            return _default(code, call) or _after(code, call.closes, readers)
        return code.shown(Argument("", at + 1, call.closes), 40)
    return f'"{value.text}"' if value.kind is Kind.STRING else value.text


def _setting(code: Code, index: int) -> str:
    name = code.target_of(index)
    return name if _UPPER.match(name.rpartition(".")[2]) else ""


def _made(sheet: Sheet, name: str, line: int, default: str, required: bool, setting: str) -> VariableRead:
    return VariableRead(
        name, Place(sheet.path, line, line, sheet.mark), default, required and not default, setting
    )


def _settings_classes(sheet: Sheet) -> Iterator[VariableRead]:
    """Read the fields of pydantic's settings: each is filled by a variable of its name."""
    code = sheet.code
    prefix = ""
    for each in code.assigned():
        if each.name == "env_prefix":
            prefix = code.value(each.first, each.first) or ""
    for symbol in sheet.definitions:
        if symbol.kind != "class" or "BaseSettings" not in "".join(
            sheet.lines[symbol.name_line - 1 : symbol.name_line]
        ):
            continue
        for line in range(symbol.name_line + 1, symbol.end_line + 1):
            field = re.match(r"^ {4}([a-z][a-z0-9_]*)\s*:\s*[^=]+?(?:=\s*(.*))?$", sheet.lines[line - 1])
            if field is not None and field[1] not in ("model_config",):
                default = (field[2] or "").strip()
                yield _made(sheet, (prefix + field[1]).upper(), line, default[:40], not default, "")


def _shell(sheet: Sheet) -> Iterator[VariableRead]:
    assigned = set(
        re.findall(r"(?m)^\s*(?:export\s+|local\s+|readonly\s+)?([A-Z][A-Z0-9_]*)\s*[:?]?=", sheet.text)
    )
    for number, line in enumerate(sheet.lines, 1):
        if line.lstrip().startswith("#"):
            continue
        for name, sign, value in _SHELL.findall(line):
            if (
                name in _NO_VARIABLES
                or (name in assigned and not sign)
                or (sheet.language == "make" and not sign)
            ):
                continue
            if sheet.language == "bash" and not sign:
                continue
            default = value if sign in (":-", "-", ":=", "=") else ""
            yield _made(sheet, name, number, default, sign in (":?", "?"), "")


def _by_pattern(sheet: Sheet, pattern: re.Pattern[str]) -> Iterator[VariableRead]:
    for number, line in enumerate(sheet.lines, 1):
        for name, default in pattern.findall(line):
            yield _made(sheet, name, number, default, False, "")


def _docker(sheet: Sheet) -> Iterator[VariableRead]:
    for number, line in enumerate(sheet.lines, 1):
        found = _DOCKER.match(line)
        if found is not None:
            place = Place(sheet.path, number, number, sheet.mark)
            yield VariableRead(found[1], place, (found[2] or "").strip().rstrip("\\").strip(), declared=True)


def _sample(sheet: Sheet) -> Iterator[VariableRead]:
    for number, line in enumerate(sheet.lines, 1):
        found = _SAMPLE.match(line)
        if found is not None:
            place = Place(sheet.path, number, number, sheet.mark)
            yield VariableRead(found[1], place, found[2].strip()[:60], declared=True)
