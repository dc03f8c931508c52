"""Routes of Flask, FastAPI and their kin: decorators on an application or a part of one."""

from __future__ import annotations

import re
from typing import Final

from indexer.guide.inventory.code import HOLE, Argument, Call
from indexer.guide.inventory.routers import HungMount, HungRoute, Ref, Registry
from indexer.guide.inventory.routing import Place, Route, Router, slashed
from indexer.guide.inventory.sheets import Sheet
from indexer.guide.inventory.tokens import Kind
from indexer.shapes.inventory import Parameter

HINT: Final = re.compile(
    r"\.(?:route|get|post|put|delete|patch|head|options|websocket|api_route|add_url_rule|add_api_route"
    r"|register_blueprint|include_router|add_resource|blueprint|mount|add_route)\s*\("
    r"|\b(?:Blueprint|APIRouter|Flask|FastAPI|Namespace|Starlette|Quart|Sanic|Bottle)\s*\("
)
_APPS: Final = frozenset(("Flask", "FastAPI", "Quart", "Sanic", "Starlette", "Bottle", "APIFlask", "OpenAPI"))
_PARTS: Final = {
    "Blueprint": "url_prefix",
    "APIBlueprint": "url_prefix",
    "APIRouter": "prefix",
    "Namespace": "path",
    "Router": "prefix",
}
_VERBS: Final = ("get", "post", "put", "delete", "patch", "head", "options")
_MOUNTS: Final = {"register_blueprint": "url_prefix", "include_router": "prefix", "blueprint": "url_prefix"}
_MODULES: Final = (
    "flask", "fastapi", "quart", "sanic", "starlette", "bottle", "flask_restx", "flask_restful", "apiflask",
    "flask_openapi3", "flask_smorest",
)  # fmt: skip
_CONVERTER: Final = re.compile(r"<(?:([^<>:]*(?:\([^<>]*\))?):)?(\w+)>|\{(\w+)(?::(\w+))?\}")
_ORPHAN: Final = (
    "The code does not spell out where its blueprint or router is registered, nor with what prefix."
)


def read(sheet: Sheet, registry: Registry) -> None:
    """Collect the routers, routes and mounts of one Python file."""
    names = registry.imported_from(sheet, *_MODULES)
    framework = _framework(sheet, registry)
    code = sheet.code
    for each in code.assigned():
        call = code.call_at(code.name_end(each.first)) if code.tokens[each.first].kind is Kind.NAME else None
        if call is not None and (call.name in _APPS or call.name in _PARTS):
            _define(sheet, registry, each.name, call, bool(names))
    for call in code.calls("route", "websocket", "api_route", *_VERBS):
        _decorated(sheet, registry, call, framework, bool(names))
    for call in code.calls("add_url_rule", "add_api_route", "add_resource", "add_route"):
        _added(sheet, registry, call, framework)
    for call in code.calls(*_MOUNTS, "mount"):
        _mounted(sheet, registry, call, framework)


def _framework(sheet: Sheet, registry: Registry) -> str:
    for binding in registry.bindings(sheet).values():
        head = binding.module.partition(".")[0]
        if head in _MODULES:
            return head
    return "flask"


def _define(sheet: Sheet, registry: Registry, name: str, call: Call, framework_known: bool) -> None:
    if not framework_known and call.name in ("Namespace", "Router", "OpenAPI"):
        return
    key = f"{sheet.path}:{sheet.function_at(call.line)}:{name}:{call.line}"
    prefix = ""
    if call.name in _PARTS:
        argument = next((each for each in call.arguments if each.key == _PARTS[call.name]), None)
        prefix = _written(sheet, argument)
        if argument is None and call.name == "Namespace" and call.arguments:
            prefix = "/" + (sheet.code.text(call.arguments[0]) or HOLE)
    place = Place(sheet.path, call.line, sheet.code.tokens[call.closes].line, sheet.mark)
    root = call.name in _APPS
    registry.define(sheet, name, call.line, Router(key, plain_url(prefix), root, slashed, place, _ORPHAN))


def _written(sheet: Sheet, argument: Argument | None) -> str:
    if argument is None or sheet.code.shown(argument) == "None":
        return ""
    text = sheet.code.text(argument)
    return HOLE if text is None else text


def _decorated(sheet: Sheet, registry: Registry, call: Call, framework: str, framework_known: bool) -> None:
    code = sheet.code
    if call.starts < 1 or code.tokens[call.starts - 1].text != "@" or not call.receiver:
        return
    rule = next((each for each in call.arguments if each.key in ("", "rule", "path")), None)
    text = code.text(rule)
    if rule is None or (text is not None and text[:1] not in ("/", "", "<", "{")):
        return
    methods = _methods(sheet, call)
    if call.name == "websocket":
        methods = ("WEBSOCKET",)
    elif call.name in _VERBS:
        methods = (call.name.upper(),)
    name, line = _defined_after(sheet, call.closes)
    strict = text is None or (call.name in _VERBS and not framework_known) or not framework_known
    _hang(
        sheet, registry, call, _Found(HOLE if text is None else text, methods, framework, name, line), strict
    )


class _Found:
    """What was found of one route; ``suffix`` as written."""

    def __init__(
        self, suffix: str, methods: tuple[str, ...], framework: str, handler: str, line: int
    ) -> None:
        self.suffix = suffix
        self.methods = methods
        self.framework = framework
        self.handler = handler
        self.line = line


def _hang(sheet: Sheet, registry: Registry, call: Call, found: _Found, strict: bool) -> None:
    first = sheet.code.tokens[call.starts].line
    place = Place(sheet.path, first, max(first, sheet.code.tokens[call.closes].line), sheet.mark)
    route = Route(
        "", plain_url(found.suffix), found.methods, found.framework, found.handler,
        sheet.path if found.line else "", found.line, place, parameters_of(found.suffix),
    )  # fmt: skip
    registry.hung.append(HungRoute(Ref(sheet.path, call.receiver, call.line), route, strict))


def _methods(sheet: Sheet, call: Call) -> tuple[str, ...]:
    argument = next((each for each in call.arguments if each.key == "methods"), None)
    if argument is None:
        return ("GET",) if call.name in ("route", "add_url_rule", "add_api_route", "add_route") else ()
    return tuple(each.upper() for each in sheet.code.texts(argument))


def _defined_after(sheet: Sheet, index: int) -> tuple[str, int]:
    """Return the name and line of the function that a decorator stands on."""
    tokens = sheet.code.tokens
    for at in range(index, min(index + 400, len(tokens) - 1)):
        if tokens[at].text in ("def", "class") and tokens[at].kind is Kind.NAME:
            return tokens[at + 1].text, tokens[at + 1].line
    return "", 0


def _added(sheet: Sheet, registry: Registry, call: Call, framework: str) -> None:
    """Read ``add_url_rule("/x", view_func=f)`` and its kin."""
    code = sheet.code
    if not call.receiver or call.receiver == "super":
        return
    plain = [each for each in call.arguments if not each.key]
    by_key = {each.key: each for each in call.arguments if each.key}
    if call.name == "add_resource":
        view, rules = (plain[0] if plain else None), plain[1:]
    else:
        view = by_key.get("view_func") or by_key.get("endpoint" if call.name != "add_url_rule" else "")
        rules = [by_key["rule"]] if "rule" in by_key else plain[:1]
        view = view or (plain[1] if len(plain) > 1 and call.name != "add_url_rule" else None)
        view = view or (plain[2] if len(plain) > 2 else None)
    handler = "" if view is None else _view_name(sheet, view)
    methods = _methods(sheet, call)
    if call.name == "add_resource" or (handler and "methods" not in by_key):
        methods = _class_methods(sheet, handler) or methods
    for rule in rules:
        text = code.text(rule)
        if text is None or text[:1] not in ("/", "<", "{", ""):
            continue
        line = next((each.name_line for each in sheet.definitions if each.name == handler), 0)
        _hang(sheet, registry, call, _Found(text, methods, framework, handler, line), text == "")


def _view_name(sheet: Sheet, view: Argument) -> str:
    call = sheet.code.called(view)
    if call is not None and call.name == "as_view":
        return call.receiver
    return sheet.code.name_of(view)


def _class_methods(sheet: Sheet, name: str) -> tuple[str, ...]:
    """Return the methods that a view class of the same file defines."""
    owned = [each.name for each in sheet.definitions if each.parent.rpartition(".")[2] == name]
    return tuple(verb.upper() for verb in _VERBS if verb in owned)


def _mounted(sheet: Sheet, registry: Registry, call: Call, framework: str) -> None:
    code = sheet.code
    if not call.receiver or not call.arguments:
        return
    by_key = {each.key: each for each in call.arguments if each.key}
    plain = [each for each in call.arguments if not each.key]
    first, last = code.tokens[call.starts].line, code.tokens[call.closes].line
    place = Place(sheet.path, first, last, sheet.mark)
    parent = Ref(sheet.path, call.receiver, call.line)
    if call.name == "mount":
        path = code.text(plain[0]) if plain else None
        if path is None or len(plain) < 2 or not path.startswith("/"):
            return
        target = code.name_of(plain[1])
        if target:
            registry.mounts.append(
                HungMount(parent, Ref(sheet.path, target, call.line), plain_url(path), place)
            )
        else:
            route = Route(
                "", slashed(path, "/*"), ("GET",), framework, code.shown(plain[1]), "", 0, place, (),
                ("What answers below it stands elsewhere.",),
            )  # fmt: skip
            registry.hung.append(HungRoute(parent, route, strict=True))
        return
    target = code.name_of(plain[0]) if plain else ""
    if target:
        prefix = plain_url(_written(sheet, by_key.get(_MOUNTS[call.name])))
        registry.mounts.append(HungMount(parent, Ref(sheet.path, target, call.line), prefix, place))


def plain_url(rule: str) -> str:
    """Return a rule with its varying parts in braces, without their types."""
    return _CONVERTER.sub(lambda found: "{" + (found.group(2) or found.group(3)) + "}", rule)


def parameters_of(rule: str) -> tuple[Parameter, ...]:
    """Return the varying parts of a rule, with the converter that is written for each."""
    return tuple(
        Parameter(found.group(2) or found.group(3), "path", found.group(1) or found.group(4) or "")
        for found in _CONVERTER.finditer(rule)
    )
