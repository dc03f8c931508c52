"""The HTTP endpoints of a repository: read by framework, tied together, and cited."""

from __future__ import annotations

import re
from typing import Final

from indexer.guide.inventory import django_routes, flask_routes, java_routes, script_routes
from indexer.guide.inventory.routers import Registry
from indexer.guide.inventory.routing import Routing, slashed
from indexer.guide.inventory.sheets import Shelf
from indexer.types import Control

_HINTS: Final[dict[str, re.Pattern[str]]] = {
    "python": re.compile(f"{flask_routes.HINT.pattern}|{django_routes.HINT.pattern}"),
    **dict.fromkeys(("java", "kotlin", "scala", "groovy"), java_routes.HINT),
    **dict.fromkeys(script_routes.LANGUAGES, script_routes.HINT),
}


def read_routing(shelf: Shelf, control: Control) -> Routing:
    """Return every router, route and mount of the current files."""
    routing = Routing()
    registry = Registry(shelf, routing)
    django = django_routes.Django(registry)
    for sheet in shelf.holding(_HINTS):
        control.checkpoint()
        if sheet.language == "python":
            if flask_routes.HINT.search(sheet.text):
                flask_routes.read(sheet, registry)
            if django_routes.HINT.search(sheet.text):
                django.read(sheet)
        elif sheet.language in script_routes.LANGUAGES:
            script_routes.read(sheet, registry)
        else:
            java_routes.read(sheet, registry)
    django.finish()
    registry.tie(root=slashed)
    return routing
