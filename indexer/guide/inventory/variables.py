"""Environment variables: read by name in code, in scripts, in containers, or listed in a sample file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from indexer.guide.inventory.code import Argument, Call, Code
from indexer.guide.inventory.facts import VariableRead
from indexer.guide.inventory.routing import Place
from indexer.guide.inventory.sheets import Sheet
from indexer.guide.inventory.tokens import FAMILIES, Kind, word
from indexer.repo.environ import takes_environ

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
    "os.environ.get": False, "os.getenv": False, "getenv": False,
    "os.environ.pop": False,
    "os.Getenv": False, "os.LookupEnv": False, "syscall.Getenv": False,
    "System.getenv": False, "ENV.fetch": True, "ENV.key?": False,
    "Environment.GetEnvironmentVariable": False, "System.Environment.GetEnvironmentVariable": False,
    "env.var": True, "std.env.var": True, "env.var_os": False, "process.env.get": False,
}  # fmt: skip
_ENVIRON: Final = "environ.get"
_SETS: Final = frozenset(("os.environ.setdefault", "environ.setdefault"))
"""What gives a variable a value where it has none: something else reads it, if anything does."""
_INDEXED: Final = frozenset(
    ("os.environ", "environ", "ENV", "process.env", "import.meta.env", "$_ENV", "$_SERVER")
)
_SHELL: Final = re.compile(
    r"\$\{([A-Z][A-Z0-9_]{2,80})(?:\}|(:?[-=?])(?=((?:[^{}]|\$\{(?:[^{}]|\$\{[^{}]*\})*\})*)\}))"
)
"""What is taken instead is looked at, not passed over: it may hold another one, ``${A:-${B:-c}}``."""
_SPRING: Final = re.compile(r"\$\{([A-Z][A-Z0-9_]{2,80})(?::([^}]*))?\}")
_DOCKER: Final = re.compile(r"^\s*(?:ENV|ARG)\s+([A-Za-z_]\w*)(?:[= ]\s*(.*))?$", re.IGNORECASE)
_SAMPLE: Final = re.compile(r"^\s*#?\s*(?:export\s+)?([A-Z][A-Z0-9_]{1,80})=(.*)$")
_GIVES_UP: Final = frozenset(
    ("raise", "throw", "abort", "fail", "die", "exit", "return", "panic", "next", "continue")
)
"""What stands after an "or" and gives no value."""
_CHOOSES: Final = frozenset(
    ("if", "unless", "elif", "elsif", "while", "until", "assert", "&&", "and", "not", "!")
)
"""What a reading that only is asked for stands behind."""
_BEGINS_VALUE: Final = frozenset(("=", ":=", "else", "then", "return", ":", ";", "{"))
_EMPTY: Final = frozenset(("", '""', "None", "nil", "null", "False", "false"))
"""Defaults that an "or" goes on from."""
_LEADS_VALUE: Final = frozenset(("-", "new", "await"))
_GOES_ON: Final = frozenset(("+", "-", "*", "/", "%", "?", "&&", "==", "!=", "<", ">"))
_NO_VARIABLES: Final = frozenset(
    ("HOME", "PATH", "PWD", "BASH_SOURCE", "IFS", "FUNCNAME", "LINENO", "RANDOM")
)


class _Otherwise(NamedTuple):
    """What is taken when a variable is not there: other variables, in order, then a default, as written."""

    default: str
    variables: tuple[str, ...]


_NOTHING: Final = _Otherwise("", ())


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
                otherwise = _after(code, index, _CALLS)
                yield _made(sheet, token.text, token.line, otherwise, False, _setting(code, index))
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
        if takes_environ(text):
            found[_ENVIRON] = False
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
        if name == "environ" and sheet.language == "python" and _ENVIRON not in names:
            return
        if name in _INDEXED and (name != "$_SERVER" or _UPPER.match(token.text)) and following != "=":
            otherwise = _after(code, closes, {**_CALLS, **names})
            required = name in ("os.environ", "environ") and sheet.language == "python"
            yield _made(sheet, token.text, token.line, otherwise, required, _setting(code, starts))
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
            yield _of_call(sheet, code, call, token.text, known)
    elif before.text == "=" and tokens[index - 2].text == "envvar":
        yield _made(sheet, token.text, token.line, _NOTHING, False, "")


def _of_call(sheet: Sheet, code: Code, call: Call, name: str, known: Mapping[str, bool]) -> VariableRead:
    """Return a reading by a call, with its default where it is given one."""
    default = _default(code, call) or _block(code, call)
    otherwise = _Otherwise(default, ())
    if default in _EMPTY:
        # ``os.environ.get("X", "") or "y"``
        further = _after(code, call.closes, known)
        otherwise = further if further != _NOTHING else otherwise
    line = code.tokens[call.arguments[0].first].line
    return _made(sheet, name, line, otherwise, known[call.full], _setting(code, call.starts))


def _by_constant(sheet: Sheet, code: Code, index: int, known: Mapping[str, bool]) -> Iterator[VariableRead]:
    """Yield the reading of a variable whose name a constant holds: ``os.Getenv(EnvGinMode)``."""
    call = code.call_at(index - 2) if code.tokens[index - 1].text == "(" else None
    if call is None or call.full not in known or not call.arguments or call.arguments[0].first != index:
        return
    name = code.text(call.arguments[0])
    if name is not None and _NAME.match(name):
        yield _of_call(sheet, code, call, name, known)


def _default(code: Code, call: Call) -> str:
    for each in call.arguments[1:]:
        if each.key in ("", "default") and not code.shown(each).startswith("cast"):
            return code.shown(each, 40)
    return ""


def _after(code: Code, index: int, readers: Mapping[str, bool]) -> _Otherwise:
    """Return what is taken when a variable is not there: what ``||``, ``??`` or ``or`` lead to.

    ``index`` is the last token of its reading. Where they lead to another variable, by one of the
    ``readers`` or in brackets, that one is named, and the default is what is taken when neither is there.
    """
    if _is_condition(code, index):
        return _NOTHING
    at = _past_or(code, index + 1)
    if at is None:
        return _NOTHING
    other = _variable_at(code, at, readers)
    if other is not None:
        name, default, last = other
        further = _after(code, last, readers) if not default else _NOTHING
        return _Otherwise(default or further.default, (name, *further.variables))
    end = _chain_end(code, at)
    return _NOTHING if end is None else _Otherwise(code.shown(Argument("", at, end), 40), ())


def _past_or(code: Code, at: int) -> int | None:
    """Return where the value after ``||``, ``??``, ``or``, or one of them with ``=``, begins."""
    texts = [each.text for each in code.tokens[at : at + 3]]
    if texts[:2] == ["?", "?"]:
        at += 2
    elif texts[:1] in (["||"], ["or"]):
        at += 1
    else:
        return None
    if at < len(code.tokens) and code.tokens[at].text == "=":
        at += 1  # ``ENV["X"] ||= y`` gives it that value where it has none
    return at if at < len(code.tokens) else None


def _variable_at(code: Code, at: int, readers: Mapping[str, bool]) -> tuple[str, str, int] | None:
    """Return the variable whose reading begins at ``at``, its default, and the last token of the reading."""
    tokens = code.tokens
    if tokens[at].kind is not Kind.NAME:
        return None
    last = code.name_end(at)
    whole = code.dotted(at, last)
    owner, _, name = whole.rpartition(".")
    if owner in ("process.env", "import.meta.env") and _UPPER.match(name):
        return name, "", last
    call = code.call_at(last)
    if call is not None and call.full in readers and call.arguments:
        text = code.text(call.arguments[0])
        default = _default(code, call) or _block(code, call)
        return None if text is None or not _NAME.match(text) else (text, default, call.closes)
    closes = code.partner.get(last + 1)
    if whole in _INDEXED and closes == last + 3 and tokens[last + 1].text == "[":
        held = tokens[last + 2]
        if held.kind is Kind.STRING and not held.varies and _NAME.match(held.text):
            return held.text, "", closes
    return None


def _chain_end(code: Code, at: int) -> int | None:
    """Return the last token of the values from ``at`` on of which the first that is there is taken."""
    end = _operand_end(code, at)
    while end is not None and (following := _past_or(code, end + 1)) is not None:
        further = _operand_end(code, following)
        if further is None:
            return end
        end = further
    return end


def _operand_end(code: Code, at: int) -> int | None:
    """Return the last token of a value that stands by itself; None where it is none, or part of another."""
    tokens = code.tokens
    if at + 1 < len(tokens) and tokens[at].text in _LEADS_VALUE:
        at += 1
    first = tokens[at]
    if first.kind is Kind.NAME and tokens[code.name_end(at)].text in _GIVES_UP:
        return None
    if first.kind is Kind.OPEN:
        end = code.partner.get(at)
    elif first.kind in (Kind.NAME, Kind.STRING, Kind.NUMBER):
        end = at
    else:
        return None
    while end is not None and end + 1 < len(tokens):
        following = tokens[end + 1]
        if following.kind is Kind.DOT and end + 2 < len(tokens):
            end += 2
        elif following.text in ("(", "[") and following.line == tokens[end].line and first.kind is Kind.NAME:
            end = code.partner.get(end + 1)
        elif following.text in _GOES_ON and following.kind is Kind.SIGN and _past_or(code, end + 1) is None:
            # ``a || 5 * 60``, ``a || b ? c : d``: what is taken is not this alone.
            return None
        else:
            break
    return end


def _is_condition(code: Code, index: int) -> bool:
    """Say whether a reading is asked for only to choose: nothing is taken in its place then."""
    tokens = code.tokens
    line, at = tokens[index].line, index + 1
    while at > 0 and tokens[at - 1].line == line:
        at -= 1
        token = tokens[at]
        if token.kind is Kind.CLOSE:
            at = code.partner.get(at, at)
        elif token.kind is not Kind.STRING and token.text in _CHOOSES:
            return True
        elif token.kind is not Kind.STRING and token.text in _BEGINS_VALUE:
            return False
        elif token.text == "(" and at > 0 and tokens[at - 1].kind is Kind.NAME:
            # Whatever is chosen outside a call, the call is given the value.
            return tokens[at - 1].text in _CHOOSES
    return False


def _block(code: Code, call: Call) -> str:
    """Return what the block after Ruby's ``ENV.fetch("X") { value }`` gives."""
    opens = call.closes + 1
    closes = code.partner.get(opens)
    if code.language != "ruby" or closes is None or code.tokens[opens].text != "{" or closes == opens + 1:
        return ""
    return code.shown(Argument("", opens + 1, closes - 1), 40)


def _setting(code: Code, index: int) -> str:
    name = code.target_of(index)
    return name if _UPPER.match(name.rpartition(".")[2]) else ""


def _made(
    sheet: Sheet, name: str, line: int, otherwise: _Otherwise, required: bool, setting: str
) -> VariableRead:
    default, others = otherwise
    place = Place(sheet.path, line, line, sheet.mark)
    needed = required and not default and not others
    return VariableRead(name, place, default, needed, setting, others=others)


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
                otherwise = _Otherwise(default[:40], ())
                yield _made(sheet, (prefix + field[1]).upper(), line, otherwise, not default, "")


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
            yield _made(sheet, name, number, _Otherwise(default, ()), sign in (":?", "?"), "")


def _by_pattern(sheet: Sheet, pattern: re.Pattern[str]) -> Iterator[VariableRead]:
    for number, line in enumerate(sheet.lines, 1):
        for name, default in pattern.findall(line):
            yield _made(sheet, name, number, _Otherwise(default, ()), False, "")


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
