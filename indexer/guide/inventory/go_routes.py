"""Routes of Go: net/http, gin, echo, chi, gorilla, fiber; groups, and functions that are given one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.guide.inventory.code import HOLE, Argument, Call, Code
from indexer.guide.inventory.routers import HungMount, HungRoute, Ref, Registry
from indexer.guide.inventory.routing import Place, Route, Router, slashed
from indexer.guide.inventory.sheets import Sheet
from indexer.guide.inventory.tokens import Kind
from indexer.shapes.inventory import Parameter

HINT: Final = re.compile(r"net/http|gin-gonic|labstack/echo|go-chi/chi|gorilla/mux|gofiber/fiber|httprouter")
_LIBRARIES: Final = (
    ("gin-gonic", "gin"), ("labstack/echo", "echo"), ("go-chi/chi", "chi"), ("gorilla/mux", "gorilla"),
    ("gofiber/fiber", "fiber"), ("httprouter", "httprouter"), ("net/http", "net/http"),
)  # fmt: skip
_VERBS: Final = {
    verb: verb.upper() for verb in ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
} | {verb.capitalize(): verb for verb in ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")}
_ANY: Final = frozenset(("Any", "All"))
_HANDLES: Final = frozenset(
    ("HandleFunc", "Handle", "Handler", "HandlerFunc", "Method", "MethodFunc", "Match")
)
_STATIC: Final = frozenset(("Static", "StaticFS", "StaticFile", "StaticFileFS", "ServeFiles"))
_GROUPS: Final = frozenset(("Group", "PathPrefix", "Subrouter", "NewRoute", "With"))
_TYPES: Final = re.compile(
    r"^\*?(?:gin\.(?:Engine|RouterGroup|IRouter|IRoutes)|echo\.(?:Echo|Group)|chi\.(?:Router|Mux)|mux\.Router"
    r"|http\.ServeMux|fiber\.(?:App|Router|Group)|httprouter\.Router)$"
)
_ORPHAN: Final = (
    "The code does not spell out who calls the function that it is declared in, nor with what group."
)
_PART: Final = re.compile(r"[:*](\w+)|\{(\w+)(?:\.\.\.)?(?::([^{}]*(?:\{[^{}]*\}[^{}]*)*))?\}")
_PATTERN: Final = re.compile(r"^(?:(GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)\s+)?(/.*)$")


def read(sheet: Sheet, registry: Registry) -> None:
    """Collect the routes of one Go file."""
    framework = next((name for module, name in _LIBRARIES if module in sheet.text), "net/http")
    reading = _Reading(sheet, registry, framework)
    reading.parameters()
    reading.groups()
    for call in sheet.code.calls(*_VERBS, *_ANY, *_HANDLES, *_STATIC):
        reading.route(call)
    for call in sheet.code.calls("Mount"):
        reading.mount(call)
    reading.handed_on()


class _Reading:
    def __init__(self, sheet: Sheet, registry: Registry, framework: str) -> None:
        self._sheet = sheet
        self._code = sheet.code
        self._registry = registry
        self._framework = framework
        self._groups: dict[int, str] = {}
        """Index of a call that makes a group to the key of its router."""

    def parameters(self) -> None:
        """Note functions that are given a router, and functions within a call (chi's ``Route``)."""
        code, sheet = self._code, self._sheet
        for symbol in sheet.definitions:
            if symbol.kind not in ("function", "method"):
                continue
            at = next(
                (
                    i
                    for i, each in enumerate(code.tokens)
                    if each.line == symbol.name_line
                    and each.text == symbol.name
                    and code.call_at(i) is not None
                ),
                None,
            )
            call = None if at is None else code.call_at(at)
            for position, each in enumerate(call.arguments if call is not None else ()):
                name, type_ = _typed(code, each)
                if not name or not _TYPES.match(type_):
                    continue
                key = _function_key(sheet.path, symbol.name, position)
                place = Place(sheet.path, symbol.name_line, symbol.name_line, sheet.mark)
                self._registry.routing.routers[key] = Router(key, "", False, slashed, place, _ORPHAN)
                self._registry.parameter(sheet.path, name, symbol.start_line, symbol.end_line, key)

    def groups(self) -> None:
        """Note what ``Group``, ``PathPrefix`` and ``Route`` make, each mounted in what it is called on."""
        code, sheet = self._code, self._sheet
        for call in code.calls(*_GROUPS, "Route"):
            prefix = code.text(call.arguments[0]) if call.arguments else ""
            if call.name in ("Group", "PathPrefix", "Route") and call.arguments and prefix is None:
                prefix = (
                    HOLE
                    if call.name != "Group" or code.tokens[call.arguments[0].first].text != "func"
                    else ""
                )
            body = call.arguments[-1] if call.arguments else None
            inner = body is not None and code.tokens[body.first].text == "func"
            if call.name in ("With", "NewRoute") or (call.name == "Subrouter"):
                prefix = ""
            on = self._on(call)
            if on is None or (call.name == "Route" and not inner):
                continue
            key = f"go:{sheet.path}:{call.line}:{call.at}"
            place = Place(sheet.path, call.line, call.line, sheet.mark)
            self._registry.routing.routers[key] = Router(key, "", False, slashed, place)
            self._registry.mounts.append(HungMount(on, Ref(key=key), plain_url(prefix or ""), place))
            self._groups[call.at] = key
            if inner and body is not None:
                first = code.items_between(body.first + 1)
                if first:
                    name = code.tokens[first[0].first].text
                    end = code.tokens[call.closes].line
                    # On the line of the call itself the name is that of the function around it.
                    self._registry.parameter(sheet.path, name, min(call.line + 1, end), end, key)
                continue
            name = code.target_of(call.starts)
            if name:
                self._registry.define(sheet, name, call.line, self._registry.routing.routers[key])

    def route(self, call: Call) -> None:
        """Take one route in."""
        code, sheet = self._code, self._sheet
        on = self._on(call)
        if on is None or len(call.arguments) < 2:
            return
        methods, arguments = self._methods(call)
        path = code.text(arguments[0]) if arguments else None
        if path is None:
            return
        found = _PATTERN.match(path)
        if found is None and path not in ("", "*"):
            return
        if found is not None and found[1]:
            methods, path = (found[1],), found[2]
        unknown: tuple[str, ...] = ()
        if call.name in _STATIC:
            methods, unknown = ("GET",), ("Files are served there; which ones is decided by a folder.",)
            if not call.name.startswith("StaticFile") or "FS" in call.name:
                path = slashed(path, "/*")
        handler = code.name_of(arguments[-1]) or self._wrapped(arguments[-1])
        if len(arguments) < 2 or (
            self._framework == "net/http" and on.name not in ("http",) and not self._is_mux(on)
        ):
            return
        place = Place(sheet.path, call.line, code.tokens[arguments[-1].first].line, sheet.mark)
        path_of, line = self._place_of(handler)
        route = Route(
            "",
            plain_url(path),
            methods,
            self._framework,
            handler,
            path_of,
            line,
            place,
            parameters_of(path),
            unknown,
        )
        self._registry.hung.append(HungRoute(on, route))

    def mount(self, call: Call) -> None:
        """Read chi's ``Mount("/x", router())``."""
        code, sheet = self._code, self._sheet
        on = self._on(call)
        path = code.text(call.arguments[0]) if len(call.arguments) > 1 else None
        if on is None or path is None:
            return
        place = Place(sheet.path, call.line, call.line, sheet.mark)
        made = code.called(call.arguments[1])
        name = code.name_of(call.arguments[1])
        if made is not None:
            key = f"go-made:{made.name}"
            self._registry.routing.routers.setdefault(key, Router(key, "", False, slashed, place))
            self._registry.mounts.append(HungMount(on, Ref(key=key), plain_url(path), place))
        elif name:
            self._registry.mounts.append(
                HungMount(on, Ref(sheet.path, name, call.line), plain_url(path), place)
            )

    def handed_on(self) -> None:
        """Note calls that hand a router to a function of this repository: it is mounted there."""
        code, sheet = self._code, self._sheet
        for call in code.calls():
            for position, each in enumerate(call.arguments):
                key = self._handed(call, each)
                if key is None:
                    continue
                place = Place(sheet.path, call.line, call.line, sheet.mark)
                for path in self._functions(call):
                    child = _function_key(path, call.name, position)
                    self._registry.mounts.append(HungMount(key, Ref(key=child), "", place))

    # ------------------------------------------------------------------------ private

    def _handed(self, call: Call, argument: Argument) -> Ref | None:
        code, sheet = self._code, self._sheet
        made = code.called(argument)
        if made is not None:
            return Ref(key=self._groups[made.at]) if made.at in self._groups else None
        name = code.name_of(argument)
        if not name or call.name in (*_VERBS, *_HANDLES, "ListenAndServe", "Use") or "." in name:
            return None
        ref = Ref(sheet.path, name, call.line)
        return ref if self._registry.find(ref) is not None or self._is_made(name) else None

    def _is_made(self, name: str) -> bool:
        """Say whether a name is given a new router in this file: ``r := gin.Default()``."""
        return any(
            each.name == name and _NEW.match(self._code.dotted(each.first, self._code.name_end(each.first)))
            for each in self._code.assigned()
        )

    def _functions(self, call: Call) -> list[str]:
        rows = self._registry.shelf.reader.execute(
            "SELECT DISTINCT p.shown FROM symbol s JOIN entry e ON e.blob_id = s.blob_id"
            " JOIN path p ON p.id = e.path_id JOIN blob b ON b.id = s.blob_id"
            " WHERE s.name = ? AND s.kind IN ('function', 'method') AND b.language = 'go'",
            (call.name,),
        ).fetchall()
        paths = [path for (path,) in rows]
        package = call.receiver.rpartition(".")[2]
        near = [path for path in paths if package and path.rpartition("/")[0].rpartition("/")[2] == package]
        return near or (paths if len(paths) == 1 else [])

    def _on(self, call: Call) -> Ref | None:
        code = self._code
        if call.on >= 0:
            opens = code.partner.get(call.on)
            before = None if opens is None else code.call_at(opens - 1)
            if before is None:
                return None
            return Ref(key=self._groups[before.at]) if before.at in self._groups else self._on(before)
        return Ref(self._sheet.path, call.receiver, call.line) if call.receiver else None

    def _methods(self, call: Call) -> tuple[tuple[str, ...], tuple[Argument, ...]]:
        code = self._code
        if call.name in _VERBS:
            return (_VERBS[call.name],), call.arguments
        if call.name in ("Method", "MethodFunc", "Match") or (
            call.name in ("Handle", "Handler", "HandlerFunc") and len(call.arguments) > 2
        ):
            words = [
                word
                for word in code.words(call.arguments[0])
                if word.upper().removeprefix("METHOD") in _VERBS
            ]
            return tuple(word.upper().removeprefix("METHOD") for word in words), call.arguments[1:]
        return tuple(self._chained_methods(call)), call.arguments

    def _chained_methods(self, call: Call) -> Iterator[str]:
        """Yield the methods of gorilla's ``.Methods("GET", http.MethodPost)`` after a call."""
        code, at = self._code, call.closes + 1
        while at + 2 < len(code.tokens) and code.tokens[at].kind is Kind.DOT:
            following = code.call_at(at + 1)
            if following is None:
                return
            if following.name == "Methods":
                for each in following.arguments:
                    for word in code.words(each):
                        upper = word.upper().removeprefix("METHOD")
                        if upper in _VERBS:
                            yield upper
            at = following.closes + 1

    def _is_mux(self, on: Ref) -> bool:
        return (
            bool(on.key)
            or self._is_made(on.name)
            or "mux" in on.name.lower()
            or self._registry.find(on) is not None
        )

    def _wrapped(self, argument: Argument) -> str:
        call = self._code.called(argument)
        while call is not None and call.arguments:
            inner = self._code.name_of(call.arguments[-1])
            if inner:
                return inner
            call = self._code.called(call.arguments[-1])
        return ""

    def _place_of(self, handler: str) -> tuple[str, int]:
        if not handler:
            return "", 0
        name = handler.rpartition(".")[2]
        package = handler.rpartition(".")[0].rpartition(".")[2]
        rows = self._registry.shelf.reader.execute(
            "SELECT p.shown, s.name_line FROM symbol s JOIN entry e ON e.blob_id = s.blob_id"
            " JOIN path p ON p.id = e.path_id JOIN blob b ON b.id = s.blob_id"
            " WHERE s.name = ? AND s.kind IN ('function', 'method') AND b.language = 'go' LIMIT 50",
            (name,),
        ).fetchall()
        here = self._sheet.path.rpartition("/")[0]
        folder = [
            row
            for row in rows
            if (
                row[0].rpartition("/")[0].rpartition("/")[2] == package
                if package
                else row[0].rpartition("/")[0] == here
            )
        ]
        found = folder or rows
        return (found[0][0], found[0][1]) if len(found) == 1 else ("", 0)


_NEW: Final = re.compile(
    r"^(?:gin\.(?:New|Default)|echo\.New|chi\.New(?:Router|Mux)|mux\.NewRouter|http\.NewServeMux|fiber\.New|httprouter\.New)$"
)


def _function_key(path: str, name: str, position: int) -> str:
    return f"go-function:{path}:{name}:{position}"


def _typed(code: Code, argument: Argument) -> tuple[str, str]:
    """Return the name and type of a parameter."""
    tokens = code.tokens[argument.first : argument.last + 1]
    if len(tokens) < 2 or tokens[0].kind is not Kind.NAME:
        return "", ""
    return tokens[0].text, "".join(each.text for each in tokens[1:])


def plain_url(path: str) -> str:
    """Return a path with its parameters in braces."""
    return _PART.sub(lambda found: "{" + (found.group(1) or found.group(2)) + "}", path)


def parameters_of(path: str) -> tuple[Parameter, ...]:
    """Return the parameters of a path."""
    return tuple(
        Parameter(found.group(1) or found.group(2), "path", found.group(3) or "")
        for found in _PART.finditer(path)
    )
