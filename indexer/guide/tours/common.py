"""What tests share, and the groups that they are run by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from indexer.answer.inquiry import listed, shown_place
from indexer.guide.tours import counting
from indexer.guide.tours.ground import AreaFile, Ground
from indexer.guide.tours.laid import Laid
from indexer.types import FileMark, Section

SHOWN: Final = 3
USERS: Final = 5
"""Files of tests that take in one without tests of its own, from which it is what they share."""
GROUPS: Final = 6
_READ: Final = 120
"""Files of tests that are looked through for groups."""
_SHARED: Final = re.compile(
    r"(?:^|/)(?:conftest\.py|factories?[^/]*\.\w+|fixtures?[^/]*\.\w+|testutils?[^/]*|helpers?\.\w+"
    r"|setup[-_]?tests?\.\w+|(?:spec|test)_helper\.rb|TestBase\w*\.java|main_test\.go)$",
    re.I,
)
_FOR_TESTS: Final = re.compile(r"(?:^|/)(?:tests?|testing|test_?utils?|spec)/", re.I)
_AROUND_ALL: Final = re.compile(r"(?:^|/)conftest\.py$")
_CONFIGURES: Final = re.compile(r"^(?:pyproject\.toml|pytest\.ini|setup\.cfg|tox\.ini)$")
_MARKERS: Final = re.compile(r"^\s*markers\s*=")
_MARKER: Final = re.compile(r"^[\s\"'\[]*([A-Za-z_]\w*)\s*(?:\([^)]*\))?\s*(?::|[\"']?,?\s*\]?$)")
_IN_GROUPS: Final = re.compile(r"@(?:Test|Tag)\b[^\n]*?(?:groups\s*=\s*\{?\s*|\(\s*)\"([\w-]+)\"")


def say_shared(laid: Laid, files: Sequence[AreaFile], cases: Counter[int]) -> list[AreaFile]:
    """Name what the most files of tests share; return it."""
    ground = laid.ground
    users = _users(ground, files)
    holding = [each for each in files if cases[each.blob_id]] or list(files)
    reached: dict[str, int] = {}
    for each in ground.everything:
        if each.marks & (FileMark.VENDORED | FileMark.GENERATED) or not (ground.whole or each in files):
            continue
        # A fixture may be called as a test is, and a helper may hold the block of one.
        known = _SHARED.search(each.path) is not None and bool(each.marks & FileMark.TEST)
        bare = each.defines and not cases[each.blob_id] and users[each.path_id] >= USERS
        if _AROUND_ALL.search(each.path):
            folder = each.path.rpartition("/")[0]
            reached[each.path] = sum(not folder or one.path.startswith(f"{folder}/") for one in holding)
        elif known or (bare and (each.marks & FileMark.TEST or _FOR_TESTS.search(each.path))):
            reached[each.path] = users[each.path_id]
    best = sorted(reached, key=lambda path: (-reached[path], path.count("/"), path))
    # What hardly anybody takes in is not shared where something else is.
    best = [path for path in best if reached[path] > 1] or best
    shared = [file for path in best for file in (ground.file(path),) if file is not None]
    if shared:
        shown = [
            each.path + (f" (by {counting.files(reached[each.path])})" if reached[each.path] else "")
            for each in shared[:SHOWN]
        ]
        laid.fact(
            f"What tests share stands in {listed(shown)}.",
            "files that tests share: how many of tests take them in, or lie below their folder",
            [shown_place(each.path, 1) for each in shared[:6]],
        )
    return shared


def say_groups(laid: Laid, files: Sequence[AreaFile]) -> None:
    """Name the markers that the configuration has for tests, and the groups that they are put in."""
    ground = laid.ground
    for file in ground.everything if ground.whole else ():
        if not _CONFIGURES.match(file.path):
            continue
        names = list(_markers(ground, file.path))
        if names:
            laid.page.tell(
                Section.WHAT,
                f"Tests are marked in {file.path} as {listed([f'`{name}`' for name, _ in names[:GROUPS]])}:"
                f" `pytest -m {names[0][0]}` runs those alone.",
                [ground.sources.span(file.path, line, line) for _, line in names[:GROUPS]],
            )
            return
    found: Counter[str] = Counter()
    place: dict[str, tuple[str, int]] = {}
    for file in [each for each in files if each.language in ("java", "kotlin")][:_READ]:
        source = ground.sources.file(file.path)
        for number, line in enumerate(source.lines if source is not None else (), 1):
            for name in _IN_GROUPS.findall(line):
                found[name] += 1
                place.setdefault(name, (file.path, number))
    common = [name for name, _ in found.most_common(GROUPS)]
    if common:
        laid.page.tell(
            Section.WHAT,
            f"Tests are put in groups, by which some can be run alone:"
            f" {listed([f'`{name}` ({shown_place(*place[name])})' for name in common])}.",
            [ground.sources.span(*place[name], place[name][1]) for name in common],
        )


# ------------------------------------------------------------------------------------ private


def _users(ground: Ground, files: Sequence[AreaFile]) -> Counter[int]:
    """Return by how many files of tests each file is taken in."""
    own = {each.path_id for each in files}
    rows = ground.reader.execute("SELECT DISTINCT from_path, to_path FROM edge").fetchall()
    return Counter(target for source, target in rows if source in own and target != source)


def _markers(ground: Ground, path: str) -> Iterator[tuple[str, int]]:
    """Yield the markers of pytest that a configuration lists, each with its line."""
    source = ground.sources.file(path)
    inside = False
    for number, line in enumerate(source.lines if source is not None else (), 1):
        begins = _MARKERS.match(line)
        if inside and (re.match(r"\s*\w[\w-]*\s*=", line) or line.startswith(("[", "]"))):
            return
        inside = inside or begins is not None
        if inside and (found := _MARKER.match(line.partition("=")[2] if begins else line)):
            yield found[1], number
        if inside and line.rstrip().endswith("]"):
            return
