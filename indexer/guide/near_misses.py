"""Finds what is nearly typed: letters of a path in order, and names with a slip of the pen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from indexer.guide.lines_table import Fit, Match, fit_at, fold
from indexer.guide.suggest_tables import FileRow, NameRow

FUZZY_NAMES: Final = 5_000

FUZZY_FILES: Final = 3_000

FUZZY_LENGTH: Final = 3

FUZZY_SCORE: Final = 72


def fit_of_path(path: str, start: int, length: int) -> Fit:
    """Judge a place in a path: what is in the file's own name counts as it does in a name."""
    name = path.rfind("/") + 1
    if start < name:
        # Across a slash, a person types a path: that is as plain as the start of a name.
        return Fit.START if start + length > name else Fit.INSIDE
    stem = path.find(".", name + 1)
    if start == name and length == (stem if stem > 0 else len(path)) - name:
        return Fit.WHOLE
    return fit_at(path[name:], start - name, length)


def near_paths(
    rows: Sequence[FileRow], typed: str, limit: int, keep: Callable[[FileRow], bool] | None
) -> list[Match[FileRow]]:
    """Return files whose path has the typed letters in order, or whose name is nearly what is typed."""
    # Late: 20 ms, and most words are found without it.
    from rapidfuzz import fuzz, process

    letters = set(typed)
    candidates: list[FileRow] = []
    runs: list[tuple[int, int, Match[FileRow]]] = []
    for row in rows:
        folded = fold(row.path)
        if len(letters.intersection(folded)) < len(letters) - 1 or (keep is not None and not keep(row)):
            continue
        candidates.append(row)
        marks = _in_order(folded, typed)
        if marks is not None:
            runs.append((len(marks), len(row.path), Match(row, Fit.INSIDE, marks)))
        if len(candidates) >= FUZZY_FILES:
            break
    runs.sort(key=lambda each: each[:2])
    best = [match for _, _, match in runs[:limit]]
    if len(best) < limit:
        known = {match.row.path_id for match in best}
        names = [fold(row.path.rpartition("/")[2].partition(".")[0]) for row in candidates]
        for _, _, at in process.extract(
            typed, names, scorer=fuzz.ratio, score_cutoff=FUZZY_SCORE, limit=limit
        ):
            if candidates[at].path_id not in known:
                best.append(Match(candidates[at], Fit.INSIDE, ()))
    return best[:limit]


def _in_order(folded: str, typed: str) -> tuple[tuple[int, int], ...] | None:
    """Return the runs of letters that spell ``typed`` in order, from the right; None if there are none."""
    marks: list[tuple[int, int]] = []
    end = len(folded)
    for letter in reversed(typed):
        at = folded.rfind(letter, 0, end)
        if at < 0:
            return None
        if marks and marks[-1][0] == at + 1:
            marks[-1] = (at, marks[-1][1] + 1)
        else:
            marks.append((at, 1))
        end = at
    return tuple(reversed(marks)) if len(marks) * 2 <= len(typed) + 1 else None


def near_names(
    rows: Sequence[NameRow], typed: str, limit: int, keep: Callable[[NameRow], bool]
) -> list[Match[NameRow]]:
    """Return definitions whose name is nearly what is typed, the likest first, each name once."""
    from rapidfuzz import fuzz, process

    names: dict[str, NameRow] = {}
    for row in rows[:FUZZY_NAMES]:
        if keep(row):
            names.setdefault(fold(row.name), row)
    found = process.extract(typed, list(names), scorer=fuzz.ratio, score_cutoff=FUZZY_SCORE, limit=limit)
    return [Match(names[name], Fit.INSIDE, ()) for name, _, _ in found]
