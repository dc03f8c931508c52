"""Routers, what hangs on them and where they are mounted: put together into whole addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from indexer.guide.inventory.code import HOLE
from indexer.shapes.inventory import Parameter

MOST_ADDRESSES: Final = 20
"""Addresses that one router is followed to: one mounted more often says so."""
DEEPEST: Final = 12

Join = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Place:
    """Lines of a file; ``mark`` is its sort."""

    path: str
    first: int
    last: int
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """One route as it is declared, on the router of key ``router``."""

    router: str
    suffix: str
    methods: tuple[str, ...]
    framework: str
    handler: str
    handler_path: str
    handler_line: int
    place: Place
    parameters: tuple[Parameter, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mount:
    """A router is hung below another one."""

    parent: str
    child: str
    prefix: str
    place: Place


@dataclass(frozen=True, slots=True)
class Router:
    """Something that routes hang on. ``root``: it answers at its own address, mounted or not."""

    key: str
    prefix: str
    root: bool
    join: Join
    place: Place | None = None
    orphan: str = ""
    """What is said of its routes when it is mounted nowhere."""


@dataclass(frozen=True, slots=True)
class Address:
    """The beginning of an address, with the places that it is put together from."""

    prefix: str
    places: tuple[Place, ...]
    unknown: tuple[str, ...] = ()


@dataclass
class Routing:
    """All that was read."""

    routers: dict[str, Router] = field(default_factory=dict)
    routes: list[Route] = field(default_factory=list)
    mounts: list[Mount] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def addressed(self, *, everywhere: bool) -> Iterator[tuple[Route, Address]]:
        """Yield each route with each address that it has; mounts in tests count for their own routes."""
        above: dict[str, list[Mount]] = defaultdict(list)
        for mount in self.mounts:
            above[mount.child].append(mount)
        for route in self.routes:
            router = self.routers.get(route.router)
            join = slashed if router is None else router.join
            minor = everywhere or bool(route.place.mark)
            found = self._addresses(route.router, above, minor, ())
            for address in list(dict.fromkeys(found))[:MOST_ADDRESSES]:
                yield route, Address(join(address.prefix, route.suffix), address.places, address.unknown)

    def _addresses(
        self, key: str, above: dict[str, list[Mount]], minor: bool, seen: tuple[str, ...]
    ) -> list[Address]:
        router = self.routers.get(key)
        if router is None or key in seen or len(seen) > DEEPEST:
            return [Address("", ())]
        own, places = router.prefix, tuple[Place, ...]()
        mounts = [each for each in above.get(key, ()) if minor or not each.place.mark]
        if not mounts:
            unknown = () if router.root or not router.orphan else (router.orphan,)
            if own and router.place is not None:
                places = (router.place,)
            return [Address(own, places, unknown)]
        found: list[Address] = [Address(own, ())] if router.root else []
        for mount in mounts:
            for outer in self._addresses(mount.parent, above, minor, (*seen, key)):
                parent = self.routers.get(mount.parent)
                join = router.join if parent is None else parent.join
                prefix = (
                    join(join(outer.prefix, mount.prefix), own) if own else join(outer.prefix, mount.prefix)
                )
                own_place = (router.place,) if own and router.place is not None else ()
                found.append(Address(prefix, (*own_place, mount.place, *outer.places), outer.unknown))
        return found[:MOST_ADDRESSES]


def slashed(prefix: str, suffix: str) -> str:
    """Return two parts of an address with one slash between them."""
    if not prefix:
        return suffix
    if not suffix:
        return prefix
    return prefix.rstrip("/") + "/" + suffix.lstrip("/")


def plain(prefix: str, suffix: str) -> str:
    """Return two parts of an address as they are, one after the other."""
    return prefix + suffix


def varying(url: str) -> tuple[str, ...]:
    """Return what is to be said of an address with parts that only run time knows."""
    return ("A part of its address is computed when the program runs.",) if HOLE in url else ()
