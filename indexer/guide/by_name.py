"""What is taken by its name in a text: `get_class("basket.forms", "AddToBasketForm")`, a dotted path in a
list of settings, a class that a container is told by its full name.

No import leads there, and it is a use nonetheless. A text counts when it names a definition of this
repository: where it stands is given as a part of a path, in the same text or in one before it in the call.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.index.calls import text_of
from indexer.index.mentions import code_lines

MOST_BEARERS: Final = 40
"""Definitions of one name from which a text of it is not looked up."""

LONGEST: Final = 400
"""Characters of a line; longer ones are data."""

_WORD: Final = r"[A-Za-z_][\w$]*"
_TEXT: Final = re.compile(rf"""(?P<mark>["'`])(?P<text>{_WORD}(?:[./:]{_WORD})*)(?P=mark)""")
_CALL: Final = re.compile(r"\b[\w.]+\s*[(\[](?P<given>[^()]*)")


@dataclass(frozen=True, slots=True)
class Given:
    """A name in a text, with the place that is given for it (`basket.forms`; never empty)."""

    line: int
    home: str
    name: str


@dataclass(frozen=True, slots=True)
class ByName:
    """A file takes a definition of another by its name, at a line."""

    source: int
    target: int
    line: int
    name: str


class Definitions:
    """What can be named: types and functions at the top of current files of code."""

    def __init__(self, reader: sqlite3.Connection, files: Mapping[int, str]) -> None:
        self._parts = {path_id: _parts(path) for path_id, path in files.items()}
        self._bearers: dict[str, list[tuple[int, bool]]] = defaultdict(list)
        rows = reader.execute(
            "SELECT s.name, e.path_id, s.kind = 'function' FROM symbol s"
            " JOIN entry e ON e.blob_id = s.blob_id WHERE s.parent = ''"
            " AND s.kind IN ('class', 'interface', 'struct', 'enum', 'trait', 'function')"
        )
        for name, path_id, runs in rows:
            if path_id in self._parts:
                self._bearers[name].append((path_id, bool(runs)))

    def meant(self, given: Given) -> int | None:
        """Return the file whose definition a text names; None where none, or more than one, may be meant."""
        bearers = self._bearers.get(given.name, ())
        if not bearers or len(bearers) > MOST_BEARERS:
            return None
        home = tuple(re.split(r"[./:]+", given.home))
        exact = {each for each, _ in bearers if self._parts[each][-len(home) :] == home}
        # A package hands on its types; `app.worker` is a module rather than a function somewhere in app/.
        chosen = exact or {each for each, runs in bearers if not runs and _run_in(home, self._parts[each])}
        return next(iter(chosen)) if len(chosen) == 1 else None


def taken(definitions: Definitions, given: Mapping[int, Sequence[Given]]) -> Iterator[ByName]:
    """Yield what each file takes of others; ``given``: the texts of each file, by the id of its path."""
    for source, texts in given.items():
        for each in texts:
            target = definitions.meant(each)
            if target is not None and target != source:
                yield ByName(source, target, each.line, each.name)


def given_in(reader: sqlite3.Connection, blob_id: int, path: str) -> list[Given]:
    """Return the names that stand in texts of a content, comments and docstrings aside."""
    lines = code_lines(path, "\n".join(text_of(reader, blob_id)))
    return list(dict.fromkeys(_given(lines)))


def _given(lines: Sequence[str]) -> Iterator[Given]:
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST or not ('"' in line or "'" in line or "`" in line):
            continue
        for found in _TEXT.finditer(line):
            home, _, name = re.sub(r"[/:]", ".", found["text"]).rpartition(".")
            if home:
                yield Given(number, home, name)
    # In a call the place may stand by itself before the names, on a line of its own too.
    whole = "\n".join("" if len(line) > LONGEST else line for line in lines)
    for call in _CALL.finditer(whole):
        start = call.start("given")
        texts = [(found["text"], start + found.start()) for found in _TEXT.finditer(call["given"])]
        if len(texts) < 2:
            continue
        home = texts[0][0].replace("/", ".")
        for text, at in texts[1:]:
            if re.fullmatch(_WORD, text):
                yield Given(whole.count("\n", 0, at) + 1, home, text)


def _parts(path: str) -> tuple[str, ...]:
    folders, _, name = path.rpartition("/")
    stem = name.partition(".")[0]
    parts = tuple(folders.split("/")) if folders else ()
    return parts if stem in ("__init__", "index", "mod") else (*parts, stem)


def _run_in(home: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    """Whether the words of a place stand in a path, one after the other."""
    return any(parts[at : at + len(home)] == home for at in range(len(parts) - len(home) + 1))
