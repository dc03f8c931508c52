"""The tests of something that a question names: those in a file, or under a title, that bears its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from indexer.guide.examples.candidates import Candidate
from indexer.guide.examples.listed import end_of_block, tests_in
from indexer.guide.inventory.sheets import Sheet, Shelf
from indexer.types import FileMark

_MOST: Final = 400
_SHORTEST: Final = 4
"""Files of tests that are looked into, and letters of a name from which it can be told from a word."""
_NAME: Final = re.compile(
    r"`([^`]+)`|\b(\w+(?:(?:\.|::|#|->)\w+)+)\b|\b(\w*[a-z0-9][A-Z]\w*)\b|\b([A-Za-z]\w*_\w+)\b"
)
_GROUP: Final = re.compile(
    r"^(\s*)(?:describe|context|suite|RSpec\.describe)[\s(]+(?:'([^']+)'|\"([^\"]+)\"|`([^`]+)`|([\w:.]+))"
)
_OF_TESTS: Final = re.compile(
    r"^tests?(?=[_.-])|(?<=[_.-])(?:tests?|specs?)$|^Test(?=[A-Z])|(?<=[a-z0-9])Tests?$"
)


def tests_named(text: str, shelf: Shelf) -> list[Candidate]:
    """Return the tests of the first thing named in a text that has any of its own."""
    for found in _NAME.finditer(text):
        name = next(group for group in found.groups() if group)
        parts = [each for each in re.split(r"\.|::|#|->", name.removesuffix("()")) if each]
        for form in dict.fromkeys(_joined(parts[at:]) for at in range(len(parts))):
            if len(form) < _SHORTEST and form != _joined(parts):
                continue
            tests = list(_bearing(form, shelf))
            if tests:
                return tests
    return []


def _joined(parts: Sequence[str]) -> str:
    return "".join(re.sub(r"[^a-z0-9]", "", each.lower()) for each in parts)


def _bearing(form: str, shelf: Shelf) -> Iterator[Candidate]:
    """Yield the tests of files that are named so; without any those under such a title, or so named."""
    sheets = list(_sheets(shelf))
    named = [each for each in sheets if _is_named(each.path, form)]
    if named:
        for sheet in named:
            yield from tests_in(sheet)
        return
    for sheet in sheets:
        spans = [
            (number, end_of_block(sheet.lines, number, len(group[1])))
            for number, line in enumerate(sheet.lines, 1)
            if (group := _GROUP.match(line))
            and form in _joined([each for each in group.groups()[1:] if each])
        ]
        for test in tests_in(sheet):
            if form in _joined([test.name]) or any(start <= test.first <= end for start, end in spans):
                yield test


def _is_named(path: str, form: str) -> bool:
    """Return whether a file of tests is named after one thing: `res.vary.js`, `test_blueprints.py`."""
    stem = path.rpartition("/")[2].rpartition(".")[0]
    bare = _joined([_OF_TESTS.sub("", stem)])
    return bare in (form, f"{form}s")


def _sheets(shelf: Shelf) -> Iterator[Sheet]:
    rows = shelf.reader.execute(
        "SELECT p.shown FROM entry e JOIN path p ON p.id = e.path_id JOIN blob b ON b.id = e.blob_id"
        " WHERE e.marks & ? != 0 AND e.marks & ? = 0 AND b.skipped = '' ORDER BY p.shown LIMIT ?",
        (int(FileMark.TEST), int(FileMark.GENERATED | FileMark.VENDORED), _MOST),
    ).fetchall()
    for (path,) in rows:
        sheet = shelf.sheet(path)
        if sheet is not None:
            yield sheet
