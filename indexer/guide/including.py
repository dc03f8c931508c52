"""Files that are left out, and read all the same since a person wants them: kept with the notes."""

from __future__ import annotations

from typing import Final

import msgspec

from indexer.errors import NotFoundError, UsageError
from indexer.index import contents
from indexer.index.catalog import Catalog
from indexer.index.people import People
from indexer.repo.languages import includable

CHOICE: Final = "index.included"


class Including:
    """Which paths, as shown, a person wants read. Callable from several threads."""

    def __init__(self, people: People, catalog: Catalog) -> None:
        self._people = people
        self._catalog = catalog

    def paths(self) -> frozenset[str]:
        """Return all of them."""
        chosen = self._people.choice(CHOICE)
        return frozenset(msgspec.json.decode(chosen, type=list[str])) if chosen else frozenset()

    def include(self, path: str, on: bool) -> None:
        """Want a path read from the next look on, or no longer.

        Raises NotFoundError for a path that is not left out, UsageError for one that may not or cannot
        be read: it may hold secrets, or there is no text in it.
        """
        chosen = set(self.paths())
        if on:
            self._allow(path, chosen)
            chosen.add(path)
        elif path in chosen:
            chosen.remove(path)
        else:
            raise NotFoundError(
                f"{path} was not included by anybody.", "`lorebase status` counts what is left out."
            )
        self._people.choose(CHOICE, msgspec.json.encode(sorted(chosen)).decode())

    def _allow(self, path: str, chosen: set[str]) -> None:
        if path in chosen:
            return
        with self._catalog.snapshot() as reader:
            reasons = {each.path: each.reason for each in contents.skipped_list(reader)}
        if path not in reasons:
            raise NotFoundError(
                f"{path} is not among the files that are left out.",
                "`lorebase index --json` lists them, each with its reason.",
            )
        if not includable(reasons[path]):
            raise UsageError(
                f"{path} cannot be included: {reasons[path]}.",
                "What may hold secrets, or no text, is never read.",
            )
