"""Splits a large flat folder by what belongs together: files that take each other in, that change in the
same commits, and that share the first word of their names.

What was found is kept and stays: a file that comes joins those that it is tied to, and the whole is split
anew only when much of it is new, so that the parts (with what people wrote about them) do not shift.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Final

import msgspec

from indexer.guide.modules.graphs import communities
from indexer.guide.modules.store import Store
from indexer.guide.modules.tree import FLAT, TreeFile

SMALLEST: Final = 4
"""Files of the smallest part; fewer stay in the folder itself."""

MOST_FILES: Final = 4_000
"""Stems in a folder above which it is split by names alone: anything else would take minutes."""

NEW_SHARE: Final = 0.25
"""Share of files that no part knows from which the folder is split anew."""

SMALL_COMMIT: Final = 12
"""Files of a commit that still says which of them belong together."""

TELLING: Final = 3
"""Names in a part that begin with a word, at least, for the part to be called by it."""

MINE: Final = 0.6
"""Share of all names in the folder with that word which must be in the part."""

SAME_WORD: Final = 0.4
"""What a common first word ties, against one import (1)."""

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_KIND: Final = "groups"

Pair = tuple[int, int]


class Groups:
    """Splits folders, and keeps how."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def split(
        self,
        folder: str,
        files: Sequence[TreeFile],
        links: Iterable[Pair],
        commits: Iterable[Sequence[int]],
    ) -> Mapping[str, str]:
        """Return the part of each file that is in one. ``links`` and ``commits`` are of ids of paths."""
        code = [file for file in files if file.is_code]
        if len(code) < FLAT:
            return {}
        kept = self._store.read(_KIND, folder)
        known: dict[str, str] = {} if kept is None else msgspec.msgpack.decode(kept[1], type=dict[str, str])
        new = [file for file in code if file.path not in known]
        if kept is not None and len(new) < NEW_SHARE * len(code):
            found = {file.path: known[file.path] for file in code if known.get(file.path)}
            found |= _joined(new, code, links, found)
        else:
            found = parts(code, links, commits)
        every = {file.path: found.get(file.path, "") for file in code}
        if every != known:
            self._store.write(_KIND, [(folder, "", msgspec.msgpack.encode(every))])
        return found


def parts(
    files: Sequence[TreeFile], links: Iterable[Pair], commits: Iterable[Sequence[int]]
) -> dict[str, str]:
    """Return the part of each file that belongs to one, by the path of the file."""
    stems: dict[str, list[TreeFile]] = defaultdict(list)
    for file in files:
        stems[stem_of(file.path)].append(file)
    if len(stems) > MOST_FILES:
        groups = _by_word(stems)
    else:
        groups = [each for each in communities(_ties(stems, links, commits)) if len(each) > 1]
        if len(groups) < 2:
            groups = _by_word(stems)
    found: dict[str, str] = {}
    names: set[str] = set()
    for group in sorted(groups, key=lambda each: (-len(each), sorted(each))):
        members = [file for stem in group for file in stems[stem]]
        if len(members) < SMALLEST:
            continue
        name = _name_of(group, stems, names)
        names.add(name)
        found.update((file.path, name) for file in members)
    return found


def stem_of(path: str) -> str:
    """Return the name of a file without its ending: ``url.c`` and ``url.h`` are one."""
    return path.rpartition("/")[2].partition(".")[0]


def first_word(stem: str) -> str:
    """Return the first word of a name: ``http`` of ``http_proxy``, ``order`` of ``OrderForm``."""
    found = _WORD.search(stem)
    return found.group().lower() if found is not None else stem.lower()


def _ties(
    stems: Mapping[str, Sequence[TreeFile]], links: Iterable[Pair], commits: Iterable[Sequence[int]]
) -> dict[tuple[str, str], float]:
    stem = {file.path_id: name for name, each in stems.items() for file in each}
    taken: dict[str, set[str]] = defaultdict(set)
    for source, target in links:
        taker, taken_in = stem.get(source), stem.get(target)
        if taker is not None and taken_in is not None and taker != taken_in:
            taken[taken_in].add(taker)
    ties: dict[tuple[str, str], float] = defaultdict(float)
    for name, takers in taken.items():
        # What everything takes in ties nothing together.
        worth = 1.0 / (1.0 + math.log2(len(takers)) ** 2)
        for each in takers:
            ties[_pair(each, name)] += worth
    for paths in commits:
        touched = sorted({stem[each] for each in paths if each in stem})
        if 2 <= len(touched) <= SMALL_COMMIT:
            for one, other in combinations(touched, 2):
                ties[_pair(one, other)] += 1.0 / (len(touched) - 1)
    words: dict[str, list[str]] = defaultdict(list)
    for name in stems:
        words[first_word(name)].append(name)
    for same in words.values():
        if 1 < len(same) <= len(stems) // 3:
            for one, other in combinations(sorted(same), 2):
                ties[one, other] += SAME_WORD
    return ties


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _by_word(stems: Mapping[str, Sequence[TreeFile]]) -> list[frozenset[str]]:
    words: dict[str, set[str]] = defaultdict(set)
    for name in stems:
        words[first_word(name)].add(name)
    return [frozenset(each) for each in words.values() if len(each) < len(stems)]


def _name_of(group: Iterable[str], stems: Mapping[str, Sequence[TreeFile]], taken: set[str]) -> str:
    """Return the first word that is telling of a part, else the name of its largest file."""
    names = sorted(group)
    every = Counter(first_word(name) for name in stems)
    own = Counter(first_word(name) for name in names)
    telling = [
        word
        for word, number in own.most_common()
        if number >= max(TELLING, len(names) // 5) and number >= MINE * every[word] and len(word) > 1
    ]
    largest = sorted(names, key=lambda name: (-sum(file.lines for file in stems[name]), name))
    candidates = [each for each in (*telling, *largest) if "#" not in each and each not in taken]
    return candidates[0] if candidates else f"part-{len(taken) + 1}"


def _joined(
    new: Sequence[TreeFile], files: Sequence[TreeFile], links: Iterable[Pair], known: Mapping[str, str]
) -> dict[str, str]:
    """Return the part of each new file: that of its own stem, else of most files that it is linked with."""
    by_id = {file.path_id: file.path for file in files}
    wanted = {file.path_id for file in new}
    ties: dict[str, Counter[str]] = defaultdict(Counter)
    for source, target in links:
        for one, other in ((source, target), (target, source)):
            group = known.get(by_id.get(other, ""))
            if one in wanted and group:
                ties[by_id[one]][group] += 1
    by_stem = {stem_of(path): group for path, group in known.items()}
    found: dict[str, str] = {}
    for file in new:
        group = by_stem.get(stem_of(file.path))
        if group is None and ties[file.path]:
            group = min(ties[file.path].items(), key=lambda each: (-each[1], each[0]))[0]
        if group is not None:
            found[file.path] = group
    return found
