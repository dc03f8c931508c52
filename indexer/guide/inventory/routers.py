"""Which router a name means, where it is used: one of the same file, a parameter, or an imported one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from indexer.guide.inventory.bindings import Binding, bindings_of, origin
from indexer.guide.inventory.routing import Join, Mount, Place, Route, Router, Routing
from indexer.guide.inventory.sheets import Sheet, Shelf

DEEPEST: Final = 6


@dataclass(frozen=True, slots=True)
class Ref:
    """A name as it is used at a line of a file, or (``key``) a router that is known already."""

    path: str = ""
    name: str = ""
    line: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True)
class HungRoute:
    """A route, with its router not looked up yet."""

    on: Ref
    route: Route
    strict: bool = False
    """Only if its router is known: the call could be something else."""


@dataclass(frozen=True, slots=True)
class HungMount:
    """A mount, with its two ends not looked up yet."""

    parent: Ref
    child: Ref
    prefix: str
    place: Place


@dataclass
class Registry:
    """Collects routers, routes and mounts of all files, then ties them together."""

    shelf: Shelf
    routing: Routing
    hung: list[HungRoute] = field(default_factory=list)
    mounts: list[HungMount] = field(default_factory=list)
    _defined: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)
    _bindings: dict[str, dict[str, Binding]] = field(default_factory=dict)
    _aliases: dict[tuple[str, str], str] = field(default_factory=dict)
    _parameters: dict[tuple[str, str], list[tuple[int, int, str]]] = field(default_factory=dict)

    def define(self, sheet: Sheet, name: str, line: int, router: Router) -> None:
        """Note that a name stands for a router within the function around a line."""
        scope = "" if "." in name else sheet.function_at(line)
        self._defined.setdefault((sheet.path, name), []).append((scope, router.key))
        self.routing.routers[router.key] = router

    def alias(self, path: str, name: str, of: str) -> None:
        """Note that a file gives something away under another name."""
        self._aliases[path, name] = of

    def parameter(self, path: str, name: str, first: int, last: int, key: str) -> None:
        """Note that a name stands for a router between two lines: the parameter of a function."""
        self._parameters.setdefault((path, name), []).append((first, last, key))

    def tie(self, *, root: Join) -> None:
        """Look up every name; a router that is not known gets one of its own, at the root."""
        for each in self.mounts:
            parent, child = self.find(each.parent), self.find(each.child)
            if child is not None:
                if parent is None:
                    parent = self._unknown(each.parent, root, each.place)
                self.routing.mounts.append(Mount(parent, child, each.prefix, each.place))
        for hung in self.hung:
            key = self.find(hung.on)
            if key is None and hung.strict:
                continue
            key = key or self._unknown(hung.on, root, hung.route.place)
            route = hung.route
            self.routing.routes.append(
                Route(
                    key, route.suffix, route.methods, route.framework, route.handler, route.handler_path,
                    route.handler_line, route.place, route.parameters, route.unknown,
                )
            )  # fmt: skip

    def find(self, ref: Ref, depth: int = 0) -> str | None:
        """Return the key of the router that is meant, or None."""
        if ref.key:
            return ref.key
        sheet = self.shelf.sheet(ref.path)
        if sheet is None or depth > DEEPEST:
            return None
        given = [
            each for each in self._parameters.get((ref.path, ref.name), ()) if each[0] <= ref.line <= each[1]
        ]
        if given:
            return max(given)[2]
        known = dict(self._defined.get((ref.path, ref.name), ()))
        if known:
            for scope in sheet.scopes_at(ref.line) if ref.line else ("",):
                if scope in known:
                    return known[scope]
            if "." in ref.name or (len(known) == 1 and "" in known):
                return next(iter(known.values()))
            if not ref.line:
                return next(iter(known.values()))
        alias = self._aliases.get((ref.path, ref.name))
        if alias is not None and alias != ref.name:
            return self.find(Ref(ref.path, alias, 0), depth + 1)
        return self._imported(sheet, ref.name, depth)

    def bindings(self, sheet: Sheet) -> dict[str, Binding]:
        """Return the imported names of a file."""
        if sheet.path not in self._bindings:
            self._bindings[sheet.path] = bindings_of(sheet)
        return self._bindings[sheet.path]

    def imported_from(self, sheet: Sheet, *modules: str) -> set[str]:
        """Return the names that a file has from one of these packages, or from below one."""
        return {
            name
            for name, binding in self.bindings(sheet).items()
            if any(
                binding.module == each or binding.module.startswith((f"{each}.", f"{each}/"))
                for each in modules
            )
        }

    # ------------------------------------------------------------------------ private

    def _imported(self, sheet: Sheet, name: str, depth: int) -> str | None:
        bindings = self.bindings(sheet)
        head, _, rest = name.partition(".")
        binding = bindings.get(name) or bindings.get(head)
        if binding is None:
            return None
        if binding.name == name:
            rest = ""
        found = origin(sheet, self.shelf, binding)
        if found is None:
            return None
        path, member = found
        wanted = ".".join(part for part in (member, rest) if part)
        key = self.find(Ref(path, wanted or "default", 0), depth + 1)
        if key is None and rest and member:
            key = self.find(Ref(path, rest, 0), depth + 1)
        return key

    def _unknown(self, ref: Ref, root: Join, place: Place) -> str:
        sheet = self.shelf.sheet(ref.path)
        scope = "" if sheet is None else sheet.function_at(ref.line)
        key = f"{ref.path}:{scope}:{ref.name}"
        self.routing.routers.setdefault(key, Router(key, "", True, root, place))
        return key
