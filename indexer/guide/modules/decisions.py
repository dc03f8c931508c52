"""The reasons recorded about a module, and what it has without one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.guide.modules.reasons import Asked, Recorded, Source, Whys, count_of
from indexer.guide.modules.told import Teller
from indexer.guide.modules.tree import TreeFile
from indexer.shapes.modules import Named, Unexplained, WhyCount, WhyMeter
from indexer.types import Section

SHOWN: Final = 6
WORST: Final = 5
SHORT: Final = 40
LONG: Final = 320

_PLAIN: Final = re.compile(
    r"\b(?:because|rationale|deliberate\w*|intentional\w*|on purpose|by design|reasons?|so that|otherwise"
    r"|would)\b",
    re.I,
)
_WORTH: Final = {
    Source.NOTE: 4.0,
    Source.DOCUMENT: 1.2,
    Source.COMMENT: 1.0,
    Source.COMMIT: 1.0,
    Source.DOCSTRING: 0.8,
}


@dataclass(frozen=True, slots=True)
class _Candidate:
    about: str
    path: str
    line: int
    recorded: Recorded
    worth: float


def decisions(teller: Teller, files: Sequence[TreeFile], whys: Whys) -> tuple[list[Named], int]:
    """Return the most telling reasons, at most two of one file and one of one definition, and how many
    reasons there are.
    """
    found = {(each.recorded, each.about): each for each in _candidates(files, whys)}
    ranked = sorted(found.values(), key=lambda each: (-each.worth, each.path, each.line, each.recorded.start))
    shown: list[Named] = []
    taken: Counter[str] = Counter()
    texts: set[str] = set()
    for each in ranked:
        if len(shown) == SHOWN:
            break
        origin = each.recorded.id or each.path
        if taken[each.about] or taken[origin] >= 2 or each.recorded.text in texts:
            continue
        statement = teller.recorded(Section.WHY, each.recorded)
        if statement is not None:
            shown.append(Named(each.about, each.recorded.source.value, each.path, each.line, statement))
            taken.update((each.about, origin))
            texts.add(each.recorded.text)
    return shown, len({each.recorded for each in found.values()})


def _candidates(files: Sequence[TreeFile], whys: Whys) -> Iterator[_Candidate]:
    for file in files:
        for asked in whys.asked.get(file.path_id, ()):
            for recorded in asked.reasons:
                definition = asked.definition
                worth = _worth(recorded) * (1 + asked.weight) ** 0.25
                yield _Candidate(definition.qualified, file.path, definition.name_line, recorded, worth)
        for recorded in whys.of_files.get(file.path_id, ()):
            yield _Candidate(
                file.path.rpartition("/")[2], file.path, recorded.start, recorded, _worth(recorded)
            )


def _worth(recorded: Recorded) -> float:
    value = _WORTH[recorded.source]
    if _PLAIN.search(recorded.text):
        value *= 1.5
    if not SHORT <= len(recorded.text) <= LONG:
        value *= 0.5
    return value


def meter(
    teller: Teller, files: Sequence[TreeFile], whys: Whys, whole: WhyCount, where: str
) -> WhyMeter | None:
    """Return how much of a module has a recorded reason; None where it defines nothing."""
    asked = [each for file in files for each in whys.asked.get(file.path_id, ())]
    if not asked:
        return None
    count = count_of(asked)
    having = [each for each in asked if each.reasons]
    roots = [
        f"{each.path}:{each.definition.name_line}" for each in sorted(having, key=lambda each: -each.weight)
    ]
    nobody = "no definition has" if not count.reasons else f"{count.reasons:,} of {count.definitions:,} have"
    if count.definitions == 1:
        nobody = "its one definition has" if count.reasons else "its one definition has not"
    weighed = f"weighed by how often they change and are used, {count.share:.0%}"
    text = f"Of its definitions, {nobody} a recorded reason; {weighed}."
    query = (
        f"definitions of {where} with a reason in a comment, docstring, document, message or note about them"
    )
    lacking = sorted((each for each in asked if not each.reasons), key=lambda each: (-each.weight, each.path))
    return WhyMeter(
        count,
        whole,
        teller.counted(text, query, roots),
        tuple(_unexplained(teller, each, whys) for each in lacking[:WORST]),
    )


def _unexplained(teller: Teller, asked: Asked, whys: Whys) -> Unexplained:
    definition = asked.definition
    oids = [whys.commits[n][0] for n in asked.commits if n in whys.commits]
    changed = "one commit" if len(oids) == 1 else f"{len(oids):,} commits"
    parts = [f"{changed} wrote lines of it"] if oids else []
    if asked.uses:
        parts.append(f"{asked.uses:,} {'place names' if asked.uses == 1 else 'places name'} it")
    told = " and ".join(parts) + ": " if parts else ""
    text = f"`{definition.qualified}`: {told}no reason for it is recorded."
    query = f"git log --first-parent -L{definition.start},{definition.own_end}:{asked.path}"
    return Unexplained(
        definition.qualified,
        asked.path,
        definition.name_line,
        len(oids),
        asked.uses,
        teller.counted(text, query, [f"{asked.path}:{definition.name_line}", *oids], Section.MISSING),
    )
