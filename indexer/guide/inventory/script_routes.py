"""Routes of Express, Fastify, Koa's router and Nest: calls on a router, plugins, decorated classes."""

from __future__ import annotations

import re
from typing import Final

from indexer.guide.inventory.bindings import DEFAULT
from indexer.guide.inventory.code import HOLE, Argument, Call, Code
from indexer.guide.inventory.routers import HungMount, HungRoute, Ref, Registry
from indexer.guide.inventory.routing import Place, Route, Router, slashed
from indexer.guide.inventory.sheets import Sheet
from indexer.guide.inventory.tokens import Kind
from indexer.shapes.inventory import Parameter

LANGUAGES: Final = ("javascript", "typescript", "tsx")
HINT: Final = re.compile(
    r"\.(?:get|post|put|delete|patch|all|use|route|register|head|options|del)\s*(?:<[^>]*>)?\(|@(?:Controller|Get|Post)\b"
)
_VERBS: Final = {
    "get": "GET", "post": "POST", "put": "PUT", "delete": "DELETE", "del": "DELETE", "patch": "PATCH",
    "head": "HEAD", "options": "OPTIONS", "all": "",
}  # fmt: skip
_NEST: Final = {
    "Get": "GET", "Post": "POST", "Put": "PUT", "Delete": "DELETE", "Patch": "PATCH", "Head": "HEAD",
    "Options": "OPTIONS", "All": "", "Sse": "GET",
}  # fmt: skip
_MODULES: Final = (
    "express", "fastify", "koa", "koa-router", "@koa/router", "restify", "hono", "polka", "find-my-way",
    "router", "express-promise-router", "itty-router",
)  # fmt: skip
_MADE: Final = frozenset(
    ("express", "Router", "fastify", "Fastify", "Hono", "Koa", "createServer", "polka", "KoaRouter")
)
_APPS: Final = frozenset(("express", "fastify", "Fastify", "Hono", "Koa", "createServer", "polka"))
_USUAL: Final = re.compile(r"^(?:app|server|router|routes?|api|fastify|instance|\w*[rR]outer|\w*Routes?)$")
_ORPHAN: Final = "The code does not spell out where its router is used, nor under what prefix."
_PART: Final = re.compile(r":(\w+)(\((?:[^()]|\([^()]*\))*\))?[?*+]?")


def read(sheet: Sheet, registry: Registry) -> None:
    """Collect the routers, routes and mounts of one file."""
    names = registry.imported_from(sheet, *_MODULES)
    if "@Controller" in sheet.text:
        _nest(sheet, registry)
    if not names and not _USES.search(sheet.text):
        return
    made = _routers(sheet, registry, names)
    _given_away(sheet, registry)
    for call in sheet.code.calls(*_VERBS):
        _route(sheet, registry, call, made, bool(names))
    for call in sheet.code.calls("use", "register"):
        _mount(sheet, registry, call, made)
    for call in sheet.code.calls("route"):
        _whole_route(sheet, registry, call)


_USES: Final = re.compile(r"\b(?:express|fastify|koa|restify|[rR]outer|hono|app)\b")


def _routers(sheet: Sheet, registry: Registry, names: set[str]) -> dict[int, str]:
    """Define the routers that a file makes; return the index of each making call to its router's key."""
    code = sheet.code
    found: dict[int, str] = {}
    for call in code.calls(*_MADE):
        known = call.name in names or call.receiver in names or _is_required(sheet, call)
        if not names or not known or call.receiver not in ("", *names):
            continue
        key = f"script:{sheet.path}:{call.line}:{call.at}"
        place = Place(sheet.path, call.line, call.line, sheet.mark)
        prefix = ""
        for each in call.arguments:
            for item in code.items(each):
                if item.key == "prefix":
                    prefix = code.text(item) or HOLE
        root = call.name in _APPS and call.name != "Router"
        router = Router(key, plain_url(prefix), root, slashed, place, _ORPHAN)
        registry.routing.routers[key] = router
        found[call.at] = key
        before = call.starts - 1 if code.tokens[call.starts - 1].text == "new" else call.starts
        name = code.target_of(before)
        if code.tokens[before - 1].text in ("default", "exports") or name.endswith("exports"):
            name = DEFAULT
        if name:
            registry.define(
                sheet, name.removeprefix("this.") if name.startswith("this.") else name, call.line, router
            )
            if name.startswith("this."):
                registry.define(sheet, name, call.line, router)
    return found


def _is_required(sheet: Sheet, call: Call) -> bool:
    """Say whether a call is made on what ``require("express")`` gives."""
    opens = sheet.code.partner.get(call.on)
    before = None if opens is None else sheet.code.call_at(opens - 1)
    return before is not None and before.name == "require"


def _given_away(sheet: Sheet, registry: Registry) -> None:
    """Note what a file exports, so that another file's name for it leads here; and plugin functions."""
    code = sheet.code
    tokens = code.tokens
    for index, token in enumerate(tokens[:-2]):
        if token.kind is not Kind.NAME:
            continue
        if (
            token.text == "default"
            and tokens[index - 1].text == "export"
            and tokens[index + 1].kind is Kind.NAME
        ):
            if tokens[index + 1].text in ("async", "function"):
                _plugin(sheet, registry, index, DEFAULT)
            else:
                registry.alias(sheet.path, DEFAULT, tokens[index + 1].text)
        elif token.text == "exports" and tokens[index + 1].text == "=":
            after = tokens[index + 2]
            if after.kind is Kind.NAME and after.text not in ("async", "function", "new"):
                registry.alias(sheet.path, DEFAULT, after.text)
            elif after.text == "{" and index + 2 in code.partner:
                for each in code.items_between(index + 2):
                    inner = code.name_of(Argument("", each.first, each.last))
                    registry.alias(sheet.path, each.key or inner, inner)
            else:
                _plugin(sheet, registry, index, DEFAULT)
        elif token.text == "function" and tokens[index + 1].kind is Kind.NAME:
            _plugin(sheet, registry, index, tokens[index + 1].text)
        elif (
            tokens[index + 1].text == "="
            and tokens[index - 1].text in ("const", "let", "var")
            and tokens[index + 2].text in ("async", "function", "(")
        ):
            _plugin(sheet, registry, index, token.text)


def _plugin(sheet: Sheet, registry: Registry, index: int, name: str) -> None:
    """Note a function whose first parameter is a router: what hangs on it is mounted by who calls it."""
    code = sheet.code
    opens = next(
        (i for i in range(index, min(index + 8, len(code.tokens))) if code.tokens[i].text == "("), -1
    )
    if opens < 0 or opens not in code.partner:
        return
    parameters = code.items_between(opens)
    first = code.tokens[parameters[0].first].text if parameters else ""
    if not parameters or not _USUAL.match(first):
        return
    line = code.tokens[opens].line
    key = f"script:{sheet.path}:{line}:{name}"
    place = Place(sheet.path, line, line, sheet.mark)
    router = Router(key, "", False, slashed, place, _ORPHAN)
    registry.define(sheet, name, 0, router)
    # Within the function the parameter is that router; the function may have no symbol of its own.
    body = next(
        (
            i
            for i in range(code.partner[opens], min(code.partner[opens] + 40, len(code.tokens)))
            if code.tokens[i].text == "{"
        ),
        -1,
    )
    end = code.tokens[code.partner.get(body, len(code.tokens) - 1)].line
    registry.parameter(sheet.path, first, line, end, key)


def _of(sheet: Sheet, call: Call, made: dict[int, str]) -> Ref | None:
    """Return the router that a call is made on, through the calls that it is chained on."""
    code = sheet.code
    at = call
    for _ in range(200):
        if at.on < 0:
            break
        opens = code.partner.get(at.on)
        before = None if opens is None else code.call_at(opens - 1)
        if before is None:
            return None
        if before.at in made:
            return Ref(key=made[before.at])
        at = before
    if not at.receiver:
        return None
    return Ref(sheet.path, at.receiver, at.line)


def _route(sheet: Sheet, registry: Registry, call: Call, made: dict[int, str], framework_known: bool) -> None:
    code = sheet.code
    if not call.arguments:
        return
    on = _of(sheet, call, made)
    method = _VERBS[call.name]
    chained = _chained_route(sheet, call)
    if chained is not None:
        paths, handlers, on = [chained[0]], call.arguments, _of(sheet, chained[1], made)
    else:
        paths = [each for each in code.texts(call.arguments[0]) if each[:1] in ("/", "*", "")]
        handlers = call.arguments[1:]
    if on is None or not handlers or not paths:
        return
    if not on.key and not (framework_known or _USUAL.match(on.name.rpartition(".")[2])):
        return
    handler = next((name for each in reversed(handlers) if (name := code.name_of(each))), "")
    if code.name_of(handlers[-1]) != handler:
        handler = ""
    first = code.tokens[call.starts].line if chained is None else call.line
    place = Place(
        sheet.path,
        first if code.tokens[call.at].line - first < 2 else call.line,
        code.tokens[handlers[0].first].line,
        sheet.mark,
    )
    for path in paths:
        route = Route(
            "", plain_url(path), (method,) if method else (), _framework(sheet, registry), handler, "", 0,
            place, parameters_of(path),
        )  # fmt: skip
        strict = not on.key and not _USUAL.match(on.name.rpartition(".")[2])
        registry.hung.append(HungRoute(on, route, strict))


def _chained_route(sheet: Sheet, call: Call) -> tuple[str, Call] | None:
    """Return the path and the call of ``route("/x")`` that a verb is chained on."""
    code, at = sheet.code, call
    for _ in range(40):
        opens = code.partner.get(at.on) if at.on >= 0 else None
        before = None if opens is None else code.call_at(opens - 1)
        if before is None:
            return None
        if before.name == "route" and len(before.arguments) == 1:
            path = code.text(before.arguments[0])
            return None if path is None else (path, before)
        at = before
    return None


def _whole_route(sheet: Sheet, registry: Registry, call: Call) -> None:
    """Read Fastify's ``route({ method, url, handler })``."""
    code = sheet.code
    if not call.receiver or not call.arguments or code.tokens[call.arguments[0].first].text != "{":
        return
    given = {each.key: each for each in code.items(call.arguments[0])}
    path = code.text(given.get("url") or given.get("path"))
    if path is None or "method" not in given:
        return
    methods = tuple(each.upper() for each in code.texts(given["method"]))
    handler = code.name_of(given.get("handler"))
    place = Place(sheet.path, call.line, call.line + 3, sheet.mark)
    route = Route("", plain_url(path), methods, "fastify", handler, "", 0, place, parameters_of(path))
    registry.hung.append(HungRoute(Ref(sheet.path, call.receiver, call.line), route))


def _mount(sheet: Sheet, registry: Registry, call: Call, made: dict[int, str]) -> None:
    code = sheet.code
    on = _of(sheet, call, made)
    if on is None or not call.arguments or (not on.key and on.name in ("Vue", "mongoose", "dayjs", "chai")):
        return
    prefixes, rest = [""], call.arguments
    if call.name == "use":
        prefixes, rest = _prefixes(code, call)
    else:
        for each in call.arguments[1:]:
            for item in code.items(each):
                if item.key == "prefix":
                    prefixes = [code.text(item) or HOLE]
    place = Place(sheet.path, call.line, code.tokens[call.closes].line, sheet.mark)
    for each in rest:
        for child in _children(sheet, each, made):
            for prefix in prefixes:
                registry.mounts.append(HungMount(on, child, plain_url(prefix), place))
        static = code.called(each)
        if static is not None and static.name in ("static", "serveStatic", "serve"):
            for prefix in prefixes:
                route = Route(
                    "", slashed(prefix or "/", "/*"), ("GET",), "express", code.shown(each), "", 0, place, (),
                    ("Files are served there; which ones is decided by a folder.",),
                )  # fmt: skip
                registry.hung.append(HungRoute(on, route))


def _prefixes(code: Code, call: Call) -> tuple[list[str], tuple[Argument, ...]]:
    """Return where ``use`` mounts, and what: a first argument that is a name with dots is an address."""
    lead, rest = call.arguments[0], call.arguments[1:]
    texts = code.texts(lead)
    first = code.tokens[lead.first]
    if texts and (first.kind is Kind.STRING or first.text == "[" or rest):
        return texts, rest
    if rest and not texts and "." in code.name_of(lead):
        return [HOLE], rest
    return [""], call.arguments


def _children(sheet: Sheet, argument: Argument, made: dict[int, str]) -> list[Ref]:
    """Return the routers that an argument of ``use`` can be."""
    code = sheet.code
    name = code.name_of(argument)
    if name:
        return [Ref(sheet.path, name, code.tokens[argument.first].line)]
    call = code.called(argument)
    if call is None:
        return []
    if call.at in made:
        return [Ref(key=made[call.at])]
    if call.name == "require" and call.arguments:
        return [Ref(sheet.path, f"require:{code.text(call.arguments[0])}", call.line)]
    if call.name in ("routes", "middleware") and call.receiver:
        # koa-router's ``router.routes()``
        return [Ref(sheet.path, call.receiver, call.line)]
    line = code.tokens[argument.first].line
    return [Ref(sheet.path, call.full, line)]


def _framework(sheet: Sheet, registry: Registry) -> str:
    for binding in registry.bindings(sheet).values():
        if binding.module in _MODULES:
            return "koa" if "koa" in binding.module else binding.module.replace("router", "express")
    return "express"


def _nest(sheet: Sheet, registry: Registry) -> None:
    code = sheet.code
    for call in code.calls("Controller"):
        if code.tokens[call.at - 1].text != "@":
            continue
        owner = next(
            (
                each
                for each in sheet.definitions
                if each.start_line <= call.line + 3
                and each.end_line >= call.line
                and each.kind == "class"
                and each.name_line >= call.line
            ),
            None,
        )
        prefixes = [""]
        for each in call.arguments[:1]:
            items = code.items(each) if code.tokens[each.first].text == "{" else []
            path = next((item for item in items if item.key == "path"), None)
            prefixes = code.texts(path if items else each) or [""]
        end = owner.end_line if owner is not None else len(sheet.lines)
        above = Place(sheet.path, call.line, call.line, sheet.mark)
        for verb in code.calls(*_NEST):
            if code.tokens[verb.at - 1].text != "@" or not call.line < verb.line <= end:
                continue
            suffixes = code.texts(verb.arguments[0]) if verb.arguments else [""]
            handler, line = _method_after(sheet, verb.closes)
            method = _NEST[verb.name]
            for prefix in prefixes:
                for suffix in suffixes or [HOLE]:
                    key = f"nest:{sheet.path}:{verb.line}:{prefix}"
                    registry.routing.routers[key] = Router(
                        key, "/" + plain_url(prefix).strip("/"), True, slashed, above
                    )
                    place = Place(sheet.path, verb.line, max(line, verb.line), sheet.mark)
                    name = f"{owner.name}.{handler}" if owner is not None else handler
                    route = Route(
                        "", plain_url(suffix), (method,) if method else (), "nest", name, sheet.path, line,
                        place, parameters_of(suffix),
                    )  # fmt: skip
                    registry.hung.append(HungRoute(Ref(key=key), route))
    if "setGlobalPrefix" in sheet.text:
        registry.routing.notices.append(f"{sheet.path} sets a global prefix.")


def _method_after(sheet: Sheet, index: int) -> tuple[str, int]:
    code = sheet.code
    at = index + 1
    while at < len(code.tokens) - 1 and at < index + 400:
        if code.tokens[at].text == "@":
            call = code.call_at(code.name_end(at + 1))
            at = (call.closes if call is not None else code.name_end(at + 1)) + 1
            continue
        if code.tokens[at + 1].text in ("(", "<") and code.tokens[at].kind is Kind.NAME:
            return code.tokens[at].text, code.tokens[at].line
        at += 1
    return "", 0


def plain_url(path: str) -> str:
    """Return a path with its parameters in braces."""
    return _PART.sub(lambda found: "{" + found.group(1) + "}", path)


def parameters_of(path: str) -> tuple[Parameter, ...]:
    """Return the parameters of a path, with the pattern that is written for each."""
    return tuple(
        Parameter(found.group(1), "path", (found.group(2) or "")[1:-1]) for found in _PART.finditer(path)
    )
