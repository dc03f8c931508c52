"""Routes of ASP.NET: attributes of controllers, and minimal APIs with their groups."""

from __future__ import annotations

import re
from typing import Final

from indexer.guide.inventory.code import HOLE, Argument, Call, Code
from indexer.guide.inventory.routers import HungRoute, Ref, Registry
from indexer.guide.inventory.routing import Place, Route, Router, slashed
from indexer.guide.inventory.sheets import Sheet
from indexer.guide.inventory.tokens import Kind
from indexer.shapes.inventory import Parameter

HINT: Final = re.compile(
    r"\[(?:\w+\s*,\s*)?(?:Http(?:Get|Post|Put|Delete|Patch)|Route)\b|\.Map(?:Get|Post|Put|Delete|Patch|Group|Methods)\s*\("
)
_ATTRIBUTES: Final = {
    "HttpGet": "GET", "HttpPost": "POST", "HttpPut": "PUT", "HttpDelete": "DELETE", "HttpPatch": "PATCH",
    "HttpHead": "HEAD", "HttpOptions": "OPTIONS",
}  # fmt: skip
_MAPS: Final = {
    "MapGet": "GET", "MapPost": "POST", "MapPut": "PUT", "MapDelete": "DELETE", "MapPatch": "PATCH",
}  # fmt: skip
_PART: Final = re.compile(r"\{\*{0,2}(\w+)(?::([^{}=?]+))?(?:=[^{}]*)?\??\}")
_CONVENTION: Final = (
    "Its address follows from the names of the class and the method, by the application's own rule."
)


def read(sheet: Sheet, registry: Registry) -> None:
    """Collect the routes of one C# file."""
    key = f"csharp:{sheet.path}"
    registry.routing.routers.setdefault(key, Router(key, "", True, slashed))
    code = sheet.code
    methods: dict[tuple[str, int], list[tuple[str, str | None, int]]] = {}
    prefixes: dict[str, str] = {}
    for index, token in enumerate(code.tokens):
        if token.kind is not Kind.NAME or token.text not in (*_ATTRIBUTES, "Route"):
            continue
        opens = next(iter(code.around(index)), None)
        if (
            opens is None
            or code.tokens[opens].text != "["
            or (opens and code.tokens[opens - 1].kind is Kind.NAME)
        ):
            continue
        call = code.call_at(index)
        path = (
            code.text(call.arguments[0])
            if call is not None and call.arguments and not call.arguments[0].key
            else None
        )
        name, line, is_type = _below(code, code.partner.get(opens, index))
        if is_type and token.text == "Route":
            prefixes[name] = path or ""
        elif not is_type and name:
            methods.setdefault((name, line), []).append((token.text, path, token.line))
    for (name, line), attributes in methods.items():
        _action(sheet, registry, key, (name, line), attributes, prefixes)
    for call in code.calls(*_MAPS, "MapMethods"):
        _minimal(sheet, registry, key, call)


def _below(code: Code, index: int) -> tuple[str, int, bool]:
    """Return the name and line of what attributes stand on, and whether it is a type."""
    at = index + 1
    while at < min(index + 300, len(code.tokens) - 1):
        token = code.tokens[at]
        if token.text == "[" and at in code.partner:
            at = code.partner[at] + 1
            continue
        if token.text in ("class", "record", "struct", "interface"):
            return code.tokens[at + 1].text, code.tokens[at + 1].line, True
        if token.kind is Kind.NAME and code.tokens[at + 1].text == "(":
            return token.text, token.line, False
        if token.text in ("{", ";", "}"):
            return "", 0, False
        at += 1
    return "", 0, False


def _action(
    sheet: Sheet,
    registry: Registry,
    key: str,
    named: tuple[str, int],
    attributes: list[tuple[str, str | None, int]],
    prefixes: dict[str, str],
) -> None:
    name, line = named
    owner = sheet.class_at(line)
    owner_name = owner.name if owner is not None else ""
    own = next((path for word, path, _ in attributes if word == "Route" and path is not None), None)
    verbs = [(word, path, at) for word, path, at in attributes if word in _ATTRIBUTES]
    if not verbs and own is None:
        return
    for word, path, at in verbs or [("", own, attributes[0][2])]:
        suffix = path if path is not None else own or ""
        prefix = prefixes.get(owner_name, "")
        url = (
            suffix[1:]
            if suffix.startswith("~")
            else suffix
            if suffix.startswith("/")
            else slashed(prefix, suffix)
        )
        controller = owner_name.removesuffix("Controller")
        url = url.replace("[controller]", controller).replace("[action]", name)
        unknown = () if url or prefix else (_CONVENTION,)
        place = Place(sheet.path, at, line, sheet.mark)
        methods = (_ATTRIBUTES[word],) if word else ()
        _hang(
            sheet,
            registry,
            key,
            url,
            Route("", "", methods, "asp.net", f"{owner_name}.{name}", sheet.path, line, place, (), unknown),
        )


def _minimal(sheet: Sheet, registry: Registry, key: str, call: Call) -> None:
    code = sheet.code
    path = code.text(call.arguments[0]) if len(call.arguments) > 1 else None
    if path is None:
        return
    methods = (
        (_MAPS[call.name],)
        if call.name in _MAPS
        else tuple(each.upper() for each in code.texts(call.arguments[1]))
    )
    handler = code.name_of(call.arguments[-1])
    line = next((each.name_line for each in sheet.definitions if each.name == handler), 0)
    place = Place(sheet.path, call.line, code.tokens[call.arguments[-1].first].line, sheet.mark)
    url = slashed(_group(code, call, call.receiver, 0), path)
    _hang(
        sheet,
        registry,
        key,
        url,
        Route("", "", methods, "asp.net", handler, sheet.path if line else "", line, place),
    )


def _group(code: Code, call: Call, name: str, depth: int) -> str:
    """Return the prefix of the group that a call is made on: ``app.MapGroup("/x")``, named or chained."""
    if call.on >= 0:
        opens = code.partner.get(call.on)
        before = None if opens is None else code.call_at(opens - 1)
        if before is None or depth > 8:
            return ""
        own = (
            (code.text(before.arguments[0]) or HOLE) if before.name == "MapGroup" and before.arguments else ""
        )
        return slashed(_group(code, before, before.receiver, depth + 1), own)
    for each in code.assigned():
        if each.name == name and each.line < call.line and depth < 8:
            end = code.value_end(each.first)
            made = code.called(Argument("", each.first, end))
            while made is not None and made.name != "MapGroup" and made.on >= 0:
                opens = code.partner.get(made.on)
                made = None if opens is None else code.call_at(opens - 1)
            if made is not None and made.name == "MapGroup" and made.arguments:
                return slashed(
                    _group(code, made, made.receiver, depth + 1), code.text(made.arguments[0]) or HOLE
                )
    return ""


def _hang(sheet: Sheet, registry: Registry, key: str, url: str, route: Route) -> None:
    del sheet
    plain = "/" + _PART.sub(r"{\1}", url).strip("/")
    parameters = tuple(Parameter(name, "path", kind) for name, kind in _PART.findall(url))
    made = Route(
        key, plain, route.methods, route.framework, route.handler, route.handler_path, route.handler_line,
        route.place, parameters, route.unknown,
    )  # fmt: skip
    registry.hung.append(HungRoute(Ref(key=key), made))
