"""What the imports of a file give names to, and the files that they come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import basename, dirname
from typing import Final

from indexer.guide.inventory.code import Code
from indexer.guide.inventory.sheets import Sheet, Shelf
from indexer.guide.inventory.tokens import Kind

_SCRIPTS: Final = frozenset(("javascript", "typescript", "tsx", "vue", "svelte"))
_IMPORTS: Final = "imports"
DEFAULT: Final = "default"
"""What a script gives away without a name."""


@dataclass(frozen=True, slots=True)
class Binding:
    """A name and what it stands for: ``member`` of ``module`` (empty: the module itself), as written."""

    name: str
    module: str
    member: str
    first: int
    last: int


def bindings_of(sheet: Sheet) -> dict[str, Binding]:
    """Return the imported names of a file, looked for once as long as its content stays."""
    if _IMPORTS not in sheet.facts:
        if sheet.language == "python":
            sheet.facts[_IMPORTS] = list(_python(sheet.code))
        else:
            sheet.facts[_IMPORTS] = list(_script(sheet.code)) if sheet.language in _SCRIPTS else []
    return {each.name: each for each in sheet.facts[_IMPORTS]}


def origin(sheet: Sheet, shelf: Shelf, binding: Binding) -> tuple[str, str] | None:
    """Return the file that a name comes from and its name there (empty: the file itself); None: foreign."""
    paths = shelf.taken_in(sheet, binding.first, binding.last)
    if not paths:
        return None
    if sheet.language != "python":
        stem = basename(binding.module).partition(".")[0]
        near = [path for path in paths if stem in (_stem(path), basename(dirname(path)))]
        return (near or paths)[0], binding.member
    if binding.member:
        for path in paths:
            if _module_name(path) == binding.member:
                return path, ""
    last = binding.module.rpartition(".")[2] or basename(dirname(sheet.path))
    near = [path for path in paths if _module_name(path) == last]
    return (near or paths)[0], binding.member


def _stem(path: str) -> str:
    return basename(path).partition(".")[0]


def _module_name(path: str) -> str:
    return basename(dirname(path)) if basename(path) == "__init__.py" else _stem(path)


def _python(code: Code) -> Iterator[Binding]:
    tokens = code.tokens
    for index, token in enumerate(tokens):
        if token.kind is not Kind.NAME or token.text not in ("import", "from"):
            continue
        if token.text == "import":
            if any(
                each.line == token.line and each.text == "from" for each in tokens[max(index - 40, 0) : index]
            ):
                continue
            yield from _plain_import(code, index)
        elif index + 1 < len(tokens):
            yield from _from_import(code, index)


def _plain_import(code: Code, index: int) -> Iterator[Binding]:
    tokens, at = code.tokens, index + 1
    while at < len(tokens) and tokens[at].kind is Kind.NAME and tokens[at].line == tokens[index].line:
        end = code.name_end(at)
        module = code.dotted(at, end)
        name = module.partition(".")[0]
        line = tokens[index].line
        if end + 2 < len(tokens) and tokens[end + 1].text == "as" and tokens[end + 1].line == line:
            name, end = tokens[end + 2].text, end + 2
        else:
            yield Binding(module, module, "", line, line)
        yield Binding(name, module, "", line, line)
        if end + 1 >= len(tokens) or tokens[end + 1].text != ",":
            return
        at = end + 2


def _from_import(code: Code, index: int) -> Iterator[Binding]:
    tokens, at, module = code.tokens, index + 1, ""
    while at < len(tokens) and tokens[at].text != "import":
        if tokens[at].kind not in (Kind.NAME, Kind.DOT, Kind.SIGN) or tokens[at].line != tokens[index].line:
            return
        module += tokens[at].text
        at += 1
    at += 1
    if at >= len(tokens):
        return
    end = len(tokens)
    if tokens[at].text == "(" and at in code.partner:
        end, at = code.partner[at], at + 1
    last = tokens[end].line if end < len(tokens) else tokens[index].line
    while at < end and tokens[at].kind is Kind.NAME:
        if end == len(tokens) and tokens[at].line != tokens[index].line and tokens[at - 1].text != ",":
            return
        member = name = tokens[at].text
        if at + 2 < len(tokens) and tokens[at + 1].text == "as":
            name, at = tokens[at + 2].text, at + 2
        yield Binding(name, module, member, tokens[index].line, max(last, tokens[at].line))
        if at + 1 >= len(tokens) or tokens[at + 1].text != ",":
            return
        at += 2


def _script(code: Code) -> Iterator[Binding]:
    tokens = code.tokens
    for index, token in enumerate(tokens):
        if token.kind is Kind.NAME and token.text == "import":
            yield from _es_import(code, index)
        elif token.kind is Kind.NAME and token.text == "require":
            call = code.call_at(index)
            module = code.text(call.arguments[0]) if call is not None and call.arguments else None
            if call is not None and module is not None:
                yield from _required(code, index, module, tokens[call.closes].line)


def _es_import(code: Code, index: int) -> Iterator[Binding]:
    tokens, at = code.tokens, index + 1
    named: list[tuple[str, str]] = []
    while at < len(tokens) and at - index < 400:
        token = tokens[at]
        if token.kind is Kind.STRING:
            for name, member in named:
                yield Binding(name, token.text, member, tokens[index].line, token.line)
            return
        if token.text == "{" and at in code.partner:
            for each in code.items_between(at):
                words = [word.text for word in tokens[each.first : each.last + 1] if word.text != "type"]
                if words:
                    named.append((words[-1], words[0]))
            at = code.partner[at]
        elif token.text == "*":
            at += 1
            if at + 1 < len(tokens):
                named.append((tokens[at + 1].text, ""))
                at += 1
        elif token.kind is Kind.NAME and token.text not in ("from", "type", "as"):
            named.append((token.text, DEFAULT))
        elif token.text in (";", "(", "="):
            return
        at += 1


def _required(code: Code, index: int, module: str, last: int) -> Iterator[Binding]:
    tokens, line = code.tokens, code.tokens[index].line
    if index < 2 or tokens[index - 1].text != "=":
        # ``app.use("/x", require("./x"))``: it stands for itself.
        yield Binding(f"require:{module}", module, DEFAULT, line, last)
        return
    if tokens[index - 2].text == "}" and index - 2 in code.partner:
        for each in code.items_between(code.partner[index - 2]):
            words = [word.text for word in tokens[each.first : each.last + 1] if word.kind is Kind.NAME]
            if words:
                yield Binding(words[-1], module, each.key or words[0], line, last)
        return
    member = DEFAULT
    end = code.partner.get(index + 1, index)
    if end + 2 < len(tokens) and tokens[end + 1].kind is Kind.DOT and tokens[end + 2].kind is Kind.NAME:
        member = tokens[end + 2].text
    yield Binding(tokens[index - 2].text, module, member, line, last)
