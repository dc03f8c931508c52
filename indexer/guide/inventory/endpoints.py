"""The HTTP endpoints of a repository: read by framework, then tied together."""

from __future__ import annotations

import re
from typing import Final

from indexer.guide.inventory import (
    csharp_routes,
    django_routes,
    flask_routes,
    go_routes,
    java_routes,
    php_routes,
    ruby_routes,
    script_routes,
)
from indexer.guide.inventory.routers import Registry
from indexer.guide.inventory.routing import Routing, slashed
from indexer.guide.inventory.sheets import Sheet, Shelf
from indexer.types import Control

_JVM: Final = ("java", "kotlin", "scala", "groovy")
_HINTS: Final[dict[str, re.Pattern[str]]] = {
    "python": re.compile(f"{flask_routes.HINT.pattern}|{django_routes.HINT.pattern}"),
    **dict.fromkeys(_JVM, java_routes.HINT),
    **dict.fromkeys(script_routes.LANGUAGES, script_routes.HINT),
    "go": go_routes.HINT,
    "php": php_routes.HINT,
    "ruby": ruby_routes.HINT,
    "csharp": csharp_routes.HINT,
}


def read_routing(shelf: Shelf, control: Control) -> Routing:
    """Return every router, route and mount of the current files."""
    routing = Routing()
    registry = Registry(shelf, routing)
    django = django_routes.Django(registry)
    php: list[Sheet] = []
    for sheet in shelf.holding(_HINTS, control):
        control.checkpoint()
        if sheet.language == "python":
            if flask_routes.HINT.search(sheet.text):
                flask_routes.read(sheet, registry)
            if django_routes.HINT.search(sheet.text):
                django.read(sheet)
        elif sheet.language == "php":
            php.append(sheet)
        else:
            _READERS[sheet.language](sheet, registry)
    outer = {path: prefix for sheet in php for path, prefix in php_routes.outer_prefixes(sheet).items()}
    for sheet in php:
        php_routes.read(sheet, registry, outer)
    django.finish()
    registry.tie(root=slashed)
    return routing


_READERS: Final = {
    **dict.fromkeys(_JVM, java_routes.read),
    **dict.fromkeys(script_routes.LANGUAGES, script_routes.read),
    "go": go_routes.read,
    "ruby": ruby_routes.read,
    "csharp": csharp_routes.read,
}
