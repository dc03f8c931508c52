"""Routes of Rails (``config/routes.rb``, with its scopes and resources) and of Sinatra."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from indexer.guide.inventory.code import Argument, Code
from indexer.guide.inventory.routers import HungRoute, Ref, Registry
from indexer.guide.inventory.routing import Place, Route, Router, slashed
from indexer.guide.inventory.sheets import Sheet
from indexer.guide.inventory.tokens import Kind
from indexer.shapes.inventory import Parameter

HINT: Final = re.compile(r"\.routes\.draw\b|\bSinatra\b|require ['\"]sinatra")
_VERBS: Final = ("get", "post", "put", "patch", "delete", "options", "head")
_PLURAL: Final = (
    ("index", "", ("GET",)),
    ("create", "", ("POST",)),
    ("new", "/new", ("GET",)),
    ("edit", "/{}/edit", ("GET",)),
    ("show", "/{}", ("GET",)),
    ("update", "/{}", ("PATCH", "PUT")),
    ("destroy", "/{}", ("DELETE",)),
)
_SINGLE: Final = (
    ("new", "/new", ("GET",)),
    ("edit", "/edit", ("GET",)),
    ("show", "", ("GET",)),
    ("update", "", ("PATCH", "PUT")),
    ("destroy", "", ("DELETE",)),
    ("create", "", ("POST",)),
)
_BLOCKS: Final = frozenset(
    ("do", "if", "unless", "case", "def", "begin", "class", "module", "while", "until")
)
_PART: Final = re.compile(r"[:*](\w+)")
_DEVISE: Final = "What answers below it is made by devise when the application starts."
_ENGINE: Final = "What answers below it is made by an engine or another application."


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a block puts before the addresses in it. ``nested``: what it puts before those of resources.

    ``member`` is the address of one of its things, for blocks of ``resources``.
    """

    prefix: str
    module: str
    controller: str = ""
    collection: str = ""
    member: str = ""
    concern: bool = False


def read(sheet: Sheet, registry: Registry) -> None:
    """Collect the routes of one Ruby file."""
    if ".routes.draw" in sheet.text:
        _Rails(sheet, registry).read()
    else:
        _sinatra(sheet, registry)


class _Rails:
    """Reads a file of routes from top to bottom, with the blocks that are open."""

    def __init__(self, sheet: Sheet, registry: Registry) -> None:
        self._sheet = sheet
        self._code: Code = sheet.code
        self._registry = registry
        self._key = f"rails:{sheet.path}"
        registry.routing.routers[self._key] = Router(self._key, "", True, slashed)
        self._open: list[_Scope | None] = []

    def read(self) -> None:
        """Take every statement in."""
        tokens = self._code.tokens
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if token.kind is Kind.NAME and token.text == "end":
                if self._open:
                    self._open.pop()
            elif token.kind is Kind.NAME and token.text in _BLOCKS:
                if token.text == "do" or at == 0 or tokens[at - 1].line < token.line:
                    self._open.append(None)
            elif token.kind is Kind.NAME and (
                at == 0 or tokens[at - 1].line < token.line or tokens[at - 1].text in ("do", ";", "{", "|")
            ):
                at = self._statement(at)
                continue
            at += 1

    # ------------------------------------------------------------------------ private

    def _statement(self, at: int) -> int:
        """Read one statement; return the index of the token after it, its ``do`` included."""
        code, tokens = self._code, self._code.tokens
        word = tokens[at].text
        call = code.call_at(at)
        arguments = call.arguments if call is not None else code.bare(at)
        last = call.closes if call is not None else code.end_of_line(at)
        following = last + 1
        opens = (
            following < len(tokens)
            and tokens[following].text == "do"
            and tokens[following].line <= tokens[last].line
        )
        scope = self._apply(word, at, arguments)
        if opens:
            self._open.append(scope)
            return following + 1
        return max(following, at + 1)

    def _apply(self, word: str, at: int, arguments: tuple[Argument, ...]) -> _Scope | None:
        code = self._code
        names = [
            code.text(each)
            for each in arguments
            if not each.key and code.tokens[each.first].kind is Kind.STRING
        ]
        options = {each.key: each for each in arguments if each.key}
        top = self._top()
        if word == "namespace" and names:
            path = code.text(options.get("path")) if "path" in options else names[0]
            return _Scope(slashed(top.prefix, path or ""), f"{top.module}{names[0]}/")
        if word == "scope":
            path = names[0] if names else (code.text(options.get("path")) or "")
            module = code.text(options.get("module")) if "module" in options else ""
            return _Scope(
                slashed(top.prefix, self._plain(path or "")), top.module + (f"{module}/" if module else "")
            )
        if word in ("resources", "resource"):
            return self._resources(word, at, [name for name in names if name], options)
        if word == "member":
            return _Scope(top.member or top.prefix, top.module, top.controller)
        if word in ("collection", "shallow"):
            return _Scope(top.collection or top.prefix, top.module, top.controller)
        if word in ("concern",):
            return _Scope("", "", concern=True)
        if word in _VERBS or word == "match":
            self._verb(word, at, arguments, names, options)
        elif word == "root":
            target = (names[0] if names else code.text(options.get("to"))) or ""
            self._hang(at, top.prefix or "/", ("GET",), target, ())
        elif word == "devise_for" and names:
            self._hang(at, slashed(top.prefix, f"{names[0]}/*"), (), "devise", (_DEVISE,))
        elif word == "mount":
            self._mount(at, arguments)
        return None

    def _top(self) -> _Scope:
        return next((each for each in reversed(self._open) if each is not None), _Scope("", ""))

    def _resources(self, word: str, at: int, names: list[str], options: dict[str, Argument]) -> _Scope | None:
        code, top = self._code, self._top()
        scope: _Scope | None = None
        only = code.texts(options.get("only")) if "only" in options else []
        leaves_out = code.texts(options.get("except")) if "except" in options else []
        for name in names:
            path = code.text(options.get("path")) if "path" in options else name
            collection = slashed(top.prefix, path or "")
            controller = (
                (code.text(options.get("controller")) or "")
                if "controller" in options
                else name
                if word == "resources"
                else _plural(name)
            )
            parameter = code.text(options.get("param")) if "param" in options else "id"
            member = (
                slashed(collection, "{" + (parameter or "id") + "}") if word == "resources" else collection
            )
            nested = (
                slashed(collection, "{" + f"{_singular(name)}_{parameter or 'id'}" + "}")
                if word == "resources"
                else collection
            )
            scope = _Scope(nested, top.module, controller, collection, member)
            for action, suffix, methods in _PLURAL if word == "resources" else _SINGLE:
                if (only and action not in only) or action in leaves_out or ("only" in options and not only):
                    continue
                url = collection + suffix.replace("{}", "{" + (parameter or "id") + "}")
                if not top.concern:
                    self._hang(at, url, methods, f"{top.module}{controller}#{action}", ())
        return scope

    def _verb(
        self,
        word: str,
        at: int,
        arguments: tuple[Argument, ...],
        names: list[str | None],
        options: dict[str, Argument],
    ) -> None:
        code, top = self._code, self._top()
        if top.concern:
            return
        methods: tuple[str, ...] = (word.upper(),)
        if word == "match":
            methods = (
                tuple(each.upper() for each in code.texts(options.get("via"))) if "via" in options else ()
            )
            methods = () if "ALL" in methods else methods
        target = (code.text(options.get("to")) or "") if "to" in options else ""
        paths = [name for name in names if name]
        for each in arguments:
            # ``get "a/:id" => "things#show"``
            if (
                each.key
                and ("#" in (code.text(each) or "") or "/" in each.key)
                and each.key not in ("to", "as")
            ):
                paths, target = [each.key], code.text(each) or ""
        on = code.text(options.get("on")) if "on" in options else ""
        prefix = top.prefix
        if top.controller:
            prefix = top.collection if on == "collection" else top.member if on == "member" else top.prefix
        for path in paths:
            handler = target or (
                f"{top.module}{top.controller}#{path}"
                if top.controller
                else path.strip("/").replace("/", "#")
            )
            self._hang(at, slashed(prefix, path), methods, handler, ())

    def _mount(self, at: int, arguments: tuple[Argument, ...]) -> None:
        code, top = self._code, self._top()
        for each in arguments:
            tokens = code.tokens[each.first : each.last + 1]
            arrow = next((i for i, token in enumerate(tokens) if token.text == "=>"), None)
            path = (
                code.text(Argument("", each.first + arrow + 1, each.last))
                if arrow is not None
                else code.text(each)
                if each.key == "at"
                else None
            )
            if path is not None:
                self._hang(at, slashed(top.prefix, f"{path}/*"), (), code.shown(arguments[0]), (_ENGINE,))

    def _plain(self, path: str) -> str:
        return _PART.sub(r"{\1}", path)

    def _hang(
        self, at: int, url: str, methods: tuple[str, ...], handler: str, unknown: tuple[str, ...]
    ) -> None:
        sheet = self._sheet
        line = self._code.tokens[at].line
        plain = "/" + self._plain(url.replace("(.:format)", "")).strip("/")
        parameters = tuple(Parameter(name, "path") for name in _PART.findall(url))
        path, at_line = self._place_of(handler)
        place = Place(sheet.path, line, line, sheet.mark)
        route = Route(self._key, plain, methods, "rails", handler, path, at_line, place, parameters, unknown)
        self._registry.hung.append(HungRoute(Ref(key=self._key), route))

    def _place_of(self, handler: str) -> tuple[str, int]:
        controller, _, action = handler.partition("#")
        if not action:
            return "", 0
        shelf = self._registry.shelf
        path = f"app/controllers/{controller}_controller.rb"
        if not shelf.has(path):
            return "", 0
        other = shelf.sheet(path)
        found = (
            None if other is None else next((each for each in other.definitions if each.name == action), None)
        )
        return (path, found.name_line) if found is not None else ("", 0)


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


def _sinatra(sheet: Sheet, registry: Registry) -> None:
    key = f"sinatra:{sheet.path}"
    registry.routing.routers[key] = Router(key, "", True, slashed)
    for number, path, verb in _sinatra_lines(sheet):
        place = Place(sheet.path, number, number, sheet.mark)
        plain = _PART.sub(r"{\1}", path)
        parameters = tuple(Parameter(name, "path") for name in _PART.findall(path))
        route = Route(key, plain, (verb.upper(),), "sinatra", "", "", 0, place, parameters)
        registry.hung.append(HungRoute(Ref(key=key), route))


def _sinatra_lines(sheet: Sheet) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(sheet.lines, 1):
        found = re.match(rf"^\s*({'|'.join(_VERBS)})[ (]+['\"](/[^'\"]*)['\"].*\bdo\b", line)
        if found is not None:
            yield number, found[2], found[1]
