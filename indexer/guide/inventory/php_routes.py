"""Routes of Laravel (with its groups and resources) and of Symfony's attributes and annotations."""

from __future__ import annotations

import re
from typing import Final

from indexer.guide.inventory.code import HOLE, Argument, Call, Code
from indexer.guide.inventory.routers import HungRoute, Ref, Registry
from indexer.guide.inventory.routing import Place, Route, Router, slashed
from indexer.guide.inventory.sheets import Sheet
from indexer.guide.inventory.tokens import Kind
from indexer.shapes.inventory import Parameter

HINT: Final = re.compile(r"\bRoute::|#\[Route\b|@Route\(|->group\(")
_VERBS: Final = ("get", "post", "put", "patch", "delete", "options")
_RESOURCE: Final = (
    ("index", "", ("GET",)),
    ("create", "/create", ("GET",)),
    ("store", "", ("POST",)),
    ("show", "/{}", ("GET",)),
    ("edit", "/{}/edit", ("GET",)),
    ("update", "/{}", ("PUT", "PATCH")),
    ("destroy", "/{}", ("DELETE",)),
)
_PART: Final = re.compile(r"\{(\w+)(?:<([^>]*)>)?(\?)?[^}]*\}")
_IRREGULAR: Final = {"people": "person", "children": "child", "men": "man", "women": "woman"}


def read(sheet: Sheet, registry: Registry, outer: dict[str, str]) -> None:
    """Collect the routes of one PHP file. ``outer`` maps files of routes to what is put before them."""
    code = sheet.code
    before = outer.get(sheet.path, "")
    for call in code.calls(
        *_VERBS, "any", "match", "resource", "apiResource", "resources", "apiResources", "view", "redirect"
    ):
        if _is_route(code, call):
            _laravel(sheet, registry, call, before)
    if "Route" in sheet.text and ("#[" in sheet.text or "@Route" in sheet.text):
        _symfony(sheet, registry)


def outer_prefixes(sheet: Sheet) -> dict[str, str]:
    """Return what a file puts before routes of others: ``Route::prefix("api")->group(base_path(...))``."""
    code, found = sheet.code, dict[str, str]()
    for call in code.calls("group"):
        inner = code.called(call.arguments[0]) if call.arguments else None
        if inner is None or inner.name != "base_path" or not inner.arguments:
            continue
        path = code.text(inner.arguments[0])
        if path is not None:
            found[path] = _chained_prefix(code, call)
    if re.search(r"->withRouting\(", sheet.text):
        for each in (argument for call in code.calls("withRouting") for argument in call.arguments):
            if each.key == "api":
                found["routes/api.php"] = "api"
    return found


def _is_route(code: Code, call: Call) -> bool:
    if call.receiver == "Route":
        return True
    at = call
    for _ in range(12):
        opens = code.partner.get(at.on) if at.on >= 0 else None
        before = None if opens is None else code.call_at(opens - 1)
        if before is None:
            return False
        if before.receiver == "Route" and before.name in (
            "middleware",
            "prefix",
            "name",
            "controller",
            "domain",
            "scopeBindings",
            "withoutMiddleware",
            "namespace",
            "as",
        ):
            return True
        at = before
    return False


def _chained_prefix(code: Code, call: Call) -> str:
    """Return what ``prefix("x")`` says in the chain that a call ends."""
    prefix, at = "", call
    for _ in range(12):
        opens = code.partner.get(at.on) if at.on >= 0 else None
        before = None if opens is None else code.call_at(opens - 1)
        if before is None:
            break
        if before.name == "prefix" and before.arguments:
            prefix = slashed(code.text(before.arguments[0]) or HOLE, prefix)
        at = before
    return prefix


def _around(code: Code, call: Call) -> str:
    """Return the prefixes of the groups around a call, the outermost first."""
    prefix = ""
    for opens in code.around(call.at):
        outer = code.call_at(opens - 1) if code.tokens[opens].text == "(" and opens else None
        if outer is None or outer.name != "group":
            continue
        own = _chained_prefix(code, outer)
        for each in outer.arguments:
            for item in code.items(each):
                if item.key == "prefix":
                    own = slashed(own, code.text(item) or HOLE)
        prefix = slashed(own, prefix) if prefix else own
    return prefix


def _laravel(sheet: Sheet, registry: Registry, call: Call, before: str) -> None:
    code = sheet.code
    arguments = call.arguments
    prefix = slashed(before, slashed(_around(code, call), _chained_prefix(code, call)))
    if call.name in ("resources", "apiResources"):
        return
    if not arguments:
        return
    methods: tuple[str, ...] = (call.name.upper(),)
    if call.name == "match":
        methods = tuple(each.upper() for each in code.texts(arguments[0]))
        arguments = arguments[1:]
    elif call.name == "any":
        methods = ()
    elif call.name in ("view", "redirect"):
        methods = ("GET",)
    path = code.text(arguments[0]) if arguments else None
    path = HOLE if path is None else path
    handler = _handler(code, arguments[1]) if len(arguments) > 1 else ""
    place = Place(
        sheet.path, code.tokens[call.starts].line, code.tokens[arguments[-1].first].line, sheet.mark
    )
    if call.name not in ("resource", "apiResource"):
        _hang(sheet, registry, slashed(prefix, path), methods, handler, place)
        return
    only, leaves_out = _chosen(code, call, arguments)
    name = _singular(path.rpartition("/")[2])
    base = re.sub(r"\.", "/", path) if "/" not in path and "." in path else path
    if "." in path:
        parents = path.split(".")[:-1]
        base = "".join(f"{each}/{{{_singular(each)}}}/" for each in parents) + path.split(".")[-1]
        name = _singular(path.split(".")[-1])
    for action, suffix, taken in _RESOURCE:
        if (
            (only and action not in only)
            or action in leaves_out
            or (call.name == "apiResource" and action in ("create", "edit"))
        ):
            continue
        url = slashed(prefix, base) + suffix.replace("{}", "{" + name.replace("-", "_") + "}")
        _hang(sheet, registry, url, taken, f"{handler}@{action}" if handler else action, place)


def _chosen(code: Code, call: Call, arguments: tuple[Argument, ...]) -> tuple[list[str], list[str]]:
    only: list[str] = []
    leaves_out: list[str] = []
    for each in arguments[2:]:
        for item in code.items(each):
            if item.key == "only":
                only = code.texts(item)
            elif item.key == "except":
                leaves_out = code.texts(item)
    at = call.closes + 1
    while at + 1 < len(code.tokens) and code.tokens[at].kind is Kind.DOT:
        following = code.call_at(at + 1)
        if following is None:
            break
        if following.name == "only" and following.arguments:
            only = code.texts(following.arguments[0])
        elif following.name == "except" and following.arguments:
            leaves_out = code.texts(following.arguments[0])
        at = following.closes + 1
    return only, leaves_out


def _singular(word: str) -> str:
    word = word.strip("{}")
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _handler(code: Code, argument: Argument) -> str:
    text = code.text(argument)
    if text is not None and code.tokens[argument.first].kind is Kind.STRING:
        return text.rpartition("\\")[2]
    items = code.items(argument)
    if len(items) == 2:
        owner = code.shown(items[0]).removesuffix("::class").rpartition("\\")[2]
        return f"{owner}@{code.text(items[1])}"
    shown = code.shown(argument)
    return shown.removesuffix("::class").rpartition("\\")[2] if shown.endswith("::class") else ""


def _hang(
    sheet: Sheet, registry: Registry, url: str, methods: tuple[str, ...], handler: str, place: Place
) -> None:
    key = f"php:{sheet.path}"
    registry.routing.routers.setdefault(key, Router(key, "", True, slashed))
    path, line = _place_of(registry, handler)
    parameters = tuple(Parameter(name, "path", pattern) for name, pattern, _ in _PART.findall(url))
    plain = "/" + _PART.sub(r"{\1}", url).strip("/")
    framework = "symfony" if handler.count("::") else "laravel"
    route = Route(key, plain, methods, framework, handler, path, line, place, parameters)
    registry.hung.append(HungRoute(Ref(key=key), route))


def _place_of(registry: Registry, handler: str) -> tuple[str, int]:
    owner, _, name = handler.replace("::", "@").partition("@")
    if not owner or not name:
        return "", 0
    rows = registry.shelf.reader.execute(
        "SELECT p.shown, s.name_line FROM symbol s JOIN entry e ON e.blob_id = s.blob_id"
        " JOIN path p ON p.id = e.path_id JOIN blob b ON b.id = s.blob_id"
        " WHERE s.name = ? AND b.language = 'php' AND (s.parent = ? OR s.parent LIKE ?) LIMIT 2",
        (name, owner, f"%.{owner}"),
    ).fetchall()
    return (rows[0][0], rows[0][1]) if len(rows) == 1 else ("", 0)


def _symfony(sheet: Sheet, registry: Registry) -> None:
    code = sheet.code
    prefixes: dict[str, str] = {}
    for call in code.calls("Route"):
        opens = next(iter(code.around(call.at)), None)
        if opens is None or code.tokens[opens].text != "[":
            continue
        path = next((code.text(each) for each in call.arguments if each.key in ("", "path")), None)
        methods = next((code.texts(each) for each in call.arguments if each.key == "methods"), [])
        name, line, is_class = _below(code, code.partner.get(opens, call.closes))
        owner = sheet.class_at(line)
        if is_class:
            prefixes[name] = path or ""
            continue
        first = owner.name if owner is not None else ""
        place = Place(sheet.path, call.line, line or call.line, sheet.mark)
        url = slashed(prefixes.get(first, ""), path or "")
        _hang(sheet, registry, url, tuple(each.upper() for each in methods), f"{first}::{name}", place)


def _below(code: Code, index: int) -> tuple[str, int, bool]:
    """Return the name and line of what an attribute stands on, and whether it is a class."""
    for at in range(index, min(index + 200, len(code.tokens) - 1)):
        if code.tokens[at].text in ("class", "function") and code.tokens[at + 1].kind is Kind.NAME:
            return code.tokens[at + 1].text, code.tokens[at + 1].line, code.tokens[at].text == "class"
    return "", 0, False
