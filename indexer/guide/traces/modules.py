"""What a module of Go was called before: its go.mod said so, and gopkg.in names one by its major version."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from indexer.guide.traces.book import Book
from indexer.guide.traces.model import RawFrame
from indexer.guide.traces.past import Past
from indexer.shapes.traces import TraceForm

_MODULE: Final = re.compile(r"module\s+\"?(?P<name>[^\s\"]+)")
_MAJOR: Final = re.compile(r"/v\d+$")
_GOPKG: Final = re.compile(r"gopkg\.in/(?:(?P<owner>[\w-]+)/)?(?P<name>[\w-]+)\.v\d+(?=/|$)")
_COPIED: Final = re.compile(r"(?:^|/)vendor/")
HEAD_LINES: Final = 20
"""Within which a go.mod names its module."""


class FormerModules:
    """Knows the names that the modules of one repository bore; history is asked once, where it is needed."""

    def __init__(self, book: Book, past: Past) -> None:
        self._book = book
        self._past = past
        self._former: list[tuple[str, str]] | None = None

    def as_now(self, frame: RawFrame) -> RawFrame:
        """Return a frame of a package under a name that its module bore as one under that of now."""
        if frame.form is not TraceForm.GO or "." not in frame.module.partition("/")[0] or frame.outside:
            return frame
        module = _COPIED.split(frame.module)[-1]
        if any(_rest(module, own) is not None for own in self._book.roots.values()):
            return frame
        module = _GOPKG.sub(_of_github, module)
        for former, own in self._names():
            rest = _rest(module, former)
            if rest is not None:
                return replace(frame, module=own + rest)
        return frame

    def _names(self) -> list[tuple[str, str]]:
        """Return (former name, name of now), the longest former ones first; majors do not count."""
        if self._former is None:
            found: dict[tuple[str, str], None] = {}
            for folder, own in self._book.roots.items():
                place = self._book.paths.get(f"{folder}/go.mod" if folder else "go.mod")
                for lines in self._past.texts(place) if place is not None else ():
                    for line in lines[:HEAD_LINES]:
                        match = _MODULE.match(line)
                        if match:
                            found[_bare(match["name"]), _bare(own)] = None
            self._former = sorted(found, key=lambda each: -len(each[0]))
        return self._former


def _of_github(match: re.Match[str]) -> str:
    """Return the repository that gopkg.in hands out: of its own owner where it names none."""
    return f"github.com/{match['owner'] or 'go-' + match['name']}/{match['name']}"


def _rest(module: str, name: str) -> str | None:
    """Return what a package's path has beyond a module's; None where it is not of that."""
    bare = _bare(name)
    if module != bare and not module.startswith(f"{bare}/"):
        return None
    return re.sub(r"^/v\d+(?=/|$)", "", module.removeprefix(bare))


def _bare(module: str) -> str:
    return _MAJOR.sub("", module)
