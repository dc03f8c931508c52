"""Routes of Spring (MVC and WebFlux) and JAX-RS: annotations on a class and on its methods."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from indexer.guide.inventory.code import HOLE, Argument, Call, Code
from indexer.guide.inventory.routers import HungRoute, Ref, Registry
from indexer.guide.inventory.routing import Place, Route, Router, slashed
from indexer.guide.inventory.sheets import Sheet
from indexer.guide.inventory.tokens import Kind
from indexer.shapes.inventory import Parameter

HINT: Final = re.compile(
    r"@(?:RequestMapping|(?:Get|Post|Put|Delete|Patch)Mapping|Path|ApplicationPath|HttpExchange|MessageMapping)\b"
    r"|\bRouterFunctions?\b"
)
_SPRING: Final = {
    "RequestMapping": "",
    "GetMapping": "GET",
    "PostMapping": "POST",
    "PutMapping": "PUT",
    "DeleteMapping": "DELETE",
    "PatchMapping": "PATCH",
}
_VERBS: Final = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
_CLIENTS: Final = frozenset(("FeignClient", "RegisterRestClient", "HttpExchange"))
"""A class with one of these calls somebody else's endpoints."""
_PART: Final = re.compile(r"\{\s*(\w+)\s*(?::\s*((?:[^{}]|\{[^{}]*\})*))?\}")
_TYPES: Final = frozenset(("class", "interface", "record", "enum", "object", "trait"))
_GIVEN: Final = {
    "PathVariable": "path",
    "PathParam": "path",
    "RequestParam": "query",
    "QueryParam": "query",
    "RequestBody": "body",
    "RequestHeader": "header",
    "HeaderParam": "header",
    "FormParam": "body",
}


@dataclass(frozen=True, slots=True)
class _Annotation:
    name: str
    at: int
    line: int
    call: Call | None


@dataclass(frozen=True, slots=True)
class _Annotated:
    """Annotations that stand together, and what they stand on."""

    annotations: tuple[_Annotation, ...]
    is_type: bool
    name: str
    line: int
    end: int
    """The index of the name."""
    body: int
    """The index of the bracket that opens a type's body, or -1."""


def read(sheet: Sheet, registry: Registry) -> None:
    """Collect the routes of one Java, Kotlin, Scala or Groovy file."""
    found = list(_annotated(sheet.code))
    types = [each for each in found if each.is_type]
    for each in found:
        if not each.is_type:
            _method(sheet, registry, each, _owner(sheet.code, types, each))
    for each in types:
        _application_path(sheet, registry, each)
    if "outerFunction" in sheet.text:
        _functional(sheet, registry)


def _annotated(code: Code) -> Iterator[_Annotated]:
    tokens, at = code.tokens, 0
    while at < len(tokens) - 1:
        if (
            tokens[at].text != "@"
            or tokens[at + 1].kind is not Kind.NAME
            or tokens[at + 1].text == "interface"
        ):
            at += 1
            continue
        run: list[_Annotation] = []
        while at < len(tokens) - 1 and tokens[at].text == "@" and tokens[at + 1].kind is Kind.NAME:
            end = code.name_end(at + 1)
            call = code.call_at(end)
            run.append(_Annotation(tokens[end].text, at, tokens[at].line, call))
            at = (call.closes if call is not None else end) + 1
            while at < len(tokens) and tokens[at].kind is Kind.NAME and tokens[at].text in _MODIFIERS:
                at += 1
        made = _standing_on(code, tuple(run), at)
        if made is not None:
            yield made


_MODIFIERS: Final = frozenset(
    [
        "public",
        "private",
        "protected",
        "static",
        "final",
        "abstract",
        "default",
        "synchronized",
        "suspend",
        "override",
        "open",
        "internal",
    ]
)


def _standing_on(code: Code, run: tuple[_Annotation, ...], at: int) -> _Annotated | None:
    tokens = code.tokens
    for index in range(at, min(at + 60, len(tokens))):
        token = tokens[index]
        if token.kind is Kind.NAME and token.text in _TYPES and index + 1 < len(tokens):
            body = next((i for i in range(index, min(index + 120, len(tokens))) if tokens[i].text == "{"), -1)
            return _Annotated(run, True, tokens[index + 1].text, token.line, index + 1, body)
        if token.text == "(" and index > at:
            name = tokens[index - 1]
            return (
                _Annotated(run, False, name.text, name.line, index - 1, -1)
                if name.kind is Kind.NAME
                else None
            )
        if token.text in (";", "=", "{", "}", ")"):
            return None
    return None


def _owner(code: Code, types: list[_Annotated], method: _Annotated) -> _Annotated | None:
    around = [
        each
        for each in types
        if each.body >= 0 and each.body < method.end < code.partner.get(each.body, len(code.tokens))
    ]
    return max(around, key=lambda each: each.body, default=None)


def _method(sheet: Sheet, registry: Registry, method: _Annotated, owner: _Annotated | None) -> None:
    names = {each.name for each in owner.annotations} if owner is not None else set()
    if names & _CLIENTS or (not names and "interface" in sheet.text and owner is None):
        return
    for each in method.annotations:
        if each.name in _SPRING:
            _spring(sheet, registry, method, each, owner)
            return
    verbs = [each.name for each in method.annotations if each.name in _VERBS and each.call is None]
    paths = [each for each in method.annotations if each.name == "Path"]
    if verbs or paths:
        _jax(sheet, registry, method, owner, tuple(verbs), paths)


def _spring(
    sheet: Sheet, registry: Registry, method: _Annotated, mapping: _Annotation, owner: _Annotated | None
) -> None:
    code = sheet.code
    above = [each for each in owner.annotations if each.name == "RequestMapping"] if owner is not None else []
    prefixes = _paths(code, above[0].call) if above else [""]
    methods = (_SPRING[mapping.name],) if _SPRING[mapping.name] else _named_methods(code, mapping.call)
    if not methods and above:
        methods = _named_methods(code, above[0].call)
    for prefix, path in product(prefixes or [""], _paths(code, mapping.call) or [""]):
        mapped = _Mapped(slashed(prefix, path), methods, "spring", above[0].line if above else 0)
        _hang(sheet, registry, method, owner, mapped)


def _jax(
    sheet: Sheet,
    registry: Registry,
    method: _Annotated,
    owner: _Annotated | None,
    verbs: tuple[str, ...],
    paths: list[_Annotation],
) -> None:
    code = sheet.code
    above = [each for each in owner.annotations if each.name == "Path"] if owner is not None else []
    prefix = _first_path(code, above[0].call) if above else ""
    path = _first_path(code, paths[0].call) if paths else ""
    if not above and not paths:
        return
    if not verbs:
        # A resource locator: what it returns answers below.
        path = slashed(path, "/*")
    mapped = _Mapped(slashed(prefix, path), verbs, "jax-rs", above[0].line if above else 0)
    _hang(sheet, registry, method, owner, mapped)


def _first_path(code: Code, call: Call | None) -> str:
    if call is None or not call.arguments:
        return ""
    text = code.text(call.arguments[0])
    return HOLE if text is None else text


def _paths(code: Code, call: Call | None) -> list[str]:
    """Return the paths of a Spring mapping: its value, or its path."""
    if call is None:
        return []
    for each in call.arguments:
        if each.key in ("", "value", "path"):
            texts = code.texts(each)
            return texts or [HOLE]
    return []


def _named_methods(code: Code, call: Call | None) -> tuple[str, ...]:
    for each in call.arguments if call is not None else ():
        if each.key == "method":
            return tuple(word for word in code.words(each) if word in (*_VERBS, "TRACE"))
    return ()


@dataclass(frozen=True, slots=True)
class _Mapped:
    """What the annotations say. ``above`` is the line of the class's own, or 0."""

    path: str
    methods: tuple[str, ...]
    framework: str
    above: int


def _hang(
    sheet: Sheet, registry: Registry, method: _Annotated, owner: _Annotated | None, mapped: _Mapped
) -> None:
    key = f"java:{sheet.path}:{method.name}:{method.annotations[0].line}"
    place = Place(sheet.path, method.annotations[0].line, method.line, sheet.mark)
    above = Place(sheet.path, mapped.above, mapped.above, sheet.mark) if mapped.above else None
    registry.routing.routers[key] = Router(key, "", True, slashed, above)
    handler = f"{owner.name}.{method.name}" if owner is not None else method.name
    url = _PART.sub(lambda found: "{" + found.group(1) + "}", mapped.path)
    unknown = () if mapped.methods else ("The code names no method for it.",)
    route = Route(
        key, url, mapped.methods, mapped.framework, handler, sheet.path, method.line, place,
        _parameters(sheet.code, method, mapped.path), unknown,
    )  # fmt: skip
    registry.hung.append(HungRoute(Ref(key=key), route))


def _parameters(code: Code, method: _Annotated, path: str) -> tuple[Parameter, ...]:
    opens = method.end + 1
    found = [Parameter(name, "path", pattern or "") for name, pattern in _PART.findall(path)]
    known = {each.name for each in found}
    for argument in code.items_between(opens):
        made = _parameter(code, argument)
        if made is None:
            continue
        if made.where == "path" and made.name in known:
            found = [
                Parameter(made.name, "path", made.type) if each.name == made.name else each for each in found
            ]
        elif made.name not in known:
            found.append(made)
    return tuple(found)


def _parameter(code: Code, argument: Argument) -> Parameter | None:
    tokens = code.tokens
    name, where, at = "", "", argument.first
    while at < argument.last and tokens[at].text == "@":
        end = code.name_end(at + 1)
        call = code.call_at(end)
        if tokens[end].text in _GIVEN:
            where = _GIVEN[tokens[end].text]
            given = next(
                (each for each in (call.arguments if call else ()) if each.key in ("", "value", "name")), None
            )
            name = code.text(given) or ""
        at = (call.closes if call is not None else end) + 1
    if not where or at > argument.last:
        return None
    type_ = code.shown(Argument("", at, argument.last - 1), 40) if argument.last > at else ""
    return Parameter(name or tokens[argument.last].text, where, type_)


def _application_path(sheet: Sheet, registry: Registry, each: _Annotated) -> None:
    for annotation in each.annotations:
        if annotation.name == "ApplicationPath" and not sheet.mark:
            path = _first_path(sheet.code, annotation.call)
            if path.strip("/"):
                registry.routing.notices.append(
                    f"{sheet.path}:{annotation.line} puts {path} before the addresses of the resources that"
                    " its application registers. Which those are is decided when it runs, so it is not added."
                )


def _functional(sheet: Sheet, registry: Registry) -> None:
    """Read WebFlux's ``route(GET("/x"), handler::list)`` and ``.GET("/x", handler::list)``."""
    code = sheet.code
    for call in code.calls(*_VERBS):
        path = code.text(call.arguments[0]) if call.arguments else None
        if path is None or not path.startswith("/"):
            continue
        handler = code.name_of(call.arguments[-1]) if len(call.arguments) > 1 else ""
        key = f"java:{sheet.path}:{call.line}:{call.at}"
        registry.routing.routers[key] = Router(key, "", True, slashed)
        place = Place(sheet.path, call.line, code.tokens[call.closes].line, sheet.mark)
        url = _PART.sub(lambda found: "{" + found.group(1) + "}", path)
        route = Route(key, url, (call.name,), "spring", handler, "", 0, place)
        registry.hung.append(HungRoute(Ref(key=key), route))
