"""Routes of Django REST framework: routers, the view sets registered with them, and their own actions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from indexer.guide.inventory.code import Call
from indexer.guide.inventory.django_regex import address_of
from indexer.guide.inventory.routers import HungRoute, Ref, Registry
from indexer.guide.inventory.routing import Place, Route, Router, plain
from indexer.guide.inventory.sheets import Sheet
from indexer.guide.inventory.tokens import Kind
from indexer.index.symbols import find_symbols
from indexer.types import SymbolKind

_ELSEWHERE: Final = "What answers below it is not in this repository."
_ORPHAN: Final = "No list of patterns here includes its router."
_REST: Final = (
    ("list", "", ("GET",)),
    ("create", "", ("POST",)),
    ("retrieve", "{lookup}/", ("GET",)),
    ("update", "{lookup}/", ("PUT",)),
    ("partial_update", "{lookup}/", ("PATCH",)),
    ("destroy", "{lookup}/", ("DELETE",)),
)
_GENERIC: Final = {
    "ModelViewSet": {each[0] for each in _REST},
    "ReadOnlyModelViewSet": {"list", "retrieve"},
    "ListModelMixin": {"list"},
    "CreateModelMixin": {"create"},
    "RetrieveModelMixin": {"retrieve"},
    "UpdateModelMixin": {"update", "partial_update"},
    "DestroyModelMixin": {"destroy"},
}
"""What a view set inherits from REST framework's own classes."""


def read(sheet: Sheet, registry: Registry) -> None:
    """Collect the routers of REST framework that a file makes, and what is registered with them."""
    code = sheet.code
    for each in code.assigned():
        call = code.call_at(code.name_end(each.first)) if code.tokens[each.first].kind is Kind.NAME else None
        if call is not None and call.name.endswith("Router") and call.name != "APIRouter":
            key = f"django:{sheet.path}:{each.name}"
            place = Place(sheet.path, call.line, call.line, sheet.mark)
            registry.define(sheet, each.name, each.line, Router(key, "", False, plain, place, _ORPHAN))
    for call in code.calls("register"):
        if len(call.arguments) >= 2 and "outer" in call.receiver.lower():
            _view_set(sheet, registry, call)


def _view_set(sheet: Sheet, registry: Registry, call: Call) -> None:
    code = sheet.code
    prefix = code.text(call.arguments[0])
    if prefix is None:
        return
    view = code.name_of(call.arguments[1]).rpartition(".")[2]
    place = Place(sheet.path, call.line, code.tokens[call.closes].line, sheet.mark)
    found = (
        [
            each
            for each in find_symbols(registry.shelf.reader, view)
            if each.kind is SymbolKind.CLASS and (each.marks == 0 or sheet.mark)
        ]
        if view
        else []
    )
    symbol = found[0] if found else None
    base = f"{address_of(prefix)}/" if prefix else ""
    actions, extra, lookup = _actions(registry, symbol.path if symbol else "", view)
    path, line = (symbol.path, symbol.name_line) if symbol else ("", 0)
    ref = Ref(sheet.path, call.receiver, call.line)
    if not actions and not extra:
        route = Route("", base + "*", (), "django-rest-framework", view, path, line, place, (), (_ELSEWHERE,))
        registry.hung.append(HungRoute(ref, route))
        return
    for name, suffix, methods in _REST:
        if name in actions:
            url = base + suffix.replace("{lookup}", "{" + lookup + "}")
            route = Route("", url, methods, "django-rest-framework", f"{view}.{name}", path, line, place)
            registry.hung.append(HungRoute(ref, route))
    for name, url_path, detail, taken, at in extra:
        url = base + ("{" + lookup + "}/" if detail else "") + f"{url_path}/"
        route = Route("", url, taken, "django-rest-framework", f"{view}.{name}", path, at, place)
        registry.hung.append(HungRoute(ref, route))


def _actions(
    registry: Registry, path: str, view: str
) -> tuple[set[str], list[tuple[str, str, bool, tuple[str, ...], int]], str]:
    """Return the actions of a view set, its own ones, and its look-up field."""
    sheet = registry.shelf.sheet(path) if path else None
    symbol = None if sheet is None else next((each for each in sheet.definitions if each.name == view), None)
    if sheet is None or symbol is None:
        return set(), [], "pk"
    code, actions = sheet.code, set[str]()
    at = next(
        (i for i, each in enumerate(code.tokens) if each.line == symbol.name_line and each.text == view),
        0,
    )
    call = code.call_at(at)
    for each in call.arguments if call is not None else ():
        actions |= _GENERIC.get(code.name_of(each).rpartition(".")[2], set())
    own = {each.name for each in sheet.definitions if each.parent == symbol.qualified}
    actions |= own & {each[0] for each in _REST}
    lookup = "pk"
    for given in code.assigned():
        if symbol.start_line < given.line <= symbol.end_line and given.name in (
            "lookup_field",
            "lookup_url_kwarg",
        ):
            lookup = code.value(given.first, given.first) or lookup
    extra = [each for each in _own_actions(sheet) if symbol.start_line <= each[4] <= symbol.end_line]
    return actions, extra, lookup


def _own_actions(sheet: Sheet) -> Iterator[tuple[str, str, bool, tuple[str, ...], int]]:
    """Yield the methods marked ``@action``: name, path, whether of one object, methods, line."""
    code = sheet.code
    for call in code.calls("action", "detail_route", "list_route"):
        if call.starts < 1 or code.tokens[call.starts - 1].text != "@":
            continue
        at = next(
            (
                i
                for i in range(call.closes, min(call.closes + 200, len(code.tokens) - 1))
                if code.tokens[i].text == "def"
            ),
            None,
        )
        if at is None:
            continue
        by_key = {each.key: each for each in call.arguments}
        name = code.tokens[at + 1].text
        detail = call.name == "detail_route" or (
            "detail" in by_key and code.shown(by_key["detail"]) == "True"
        )
        methods = tuple(each.upper() for each in code.texts(by_key.get("methods"))) or ("GET",)
        yield name, code.text(by_key.get("url_path")) or name, detail, methods, code.tokens[at + 1].line
