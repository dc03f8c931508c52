"""Control cards that utilities read in a job's stream: IDCAMS, SORT, SDSF and the like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.repo.formats.outline import FormatParse, Mark, Mention, assemble, lines_of
from indexer.types import ReferenceKind, SymbolKind

CARD = 72
"""Columns of a card that are read; a continuation sign and a sequence number stand after them."""

_NAME = r"\(?\s*+([A-Za-z$#@&][\w$#@&.-]*+)"
_MADE = re.compile(
    r"\bDEF(?:INE)?\s++(CLUSTER|CL|ALTERNATEINDEX|AIX|PATH|GENERATIONDATAGROUP|GDG|NONVSAM|NVSAM)\b"
)
_NAMED = re.compile(r"\bNAME\s*+\(\s*+([\w$#@&.-]++)")
_DELETED = re.compile(r"\bDEL(?:ETE)?\s++" + _NAME)
_MOVED = re.compile(
    r"\b(INFILE|IFILE|INDATASET|IDS|OUTFILE|OFILE|OUTDATASET|ODS|RELATE|PATHENTRY|PENT)\s*+\(\s*+([\w$#@&.-]++)"
)
_CICS_FILE = re.compile(r"\bFIL(?:E)?\s*+\(\s*+([\w$#@]++)")
RUN_PROGRAM = re.compile(r"\bRUN\s++PROG(?:RAM)?\s*+\(\s*+([\w$#@]++)")
"""How a program is started under TSO, with DB2."""

_INTO = frozenset(("OUTFILE", "OFILE", "OUTDATASET", "ODS"))
_BESIDE = frozenset(("RELATE", "PATHENTRY", "PENT"))


@dataclass(frozen=True, slots=True)
class Control:
    """What control cards name: references, and data sets they make (line, name, card)."""

    mentions: list[Mention]
    made: list[tuple[int, str, str]]


def is_control(program: str) -> bool:
    """Say whether a program reads cards that we know."""
    return program in ("IDCAMS", "SDSF")


def control_cards(cards: Sequence[tuple[int, str]]) -> Control:
    """Read cards, one statement over several of them; ``cards`` are (line, text)."""
    mentions: list[Mention] = []
    made: list[tuple[int, str, str]] = []
    defining = ""
    for line, written in cards:
        text = written.upper()
        if text.lstrip().startswith("/*"):
            continue
        defined = _MADE.search(text)
        if defined:
            defining = f"DEFINE {defined[1]}"
        named = _NAMED.search(text)
        if named and defining:
            made.append((line, named[1], f"{defining} {named[1]}"))
            mentions.append(Mention(line, named[1], ReferenceKind.WRITE))
            defining = ""
        mentions += [Mention(line, found[1], ReferenceKind.WRITE) for found in _DELETED.finditer(text)]
        for found in _MOVED.finditer(text):
            kind = ReferenceKind.WRITE if found[1] in _INTO else ReferenceKind.READ
            mentions.append(Mention(line, found[2], ReferenceKind.DATA if found[1] in _BESIDE else kind))
        mentions += [Mention(line, found[1], ReferenceKind.DATA) for found in _CICS_FILE.finditer(text)]
    return Control(mentions, made)


def control_members(text: str) -> FormatParse:
    """Read a member that holds control cards alone: what a utility does, on which DD names."""
    lines = lines_of(text)
    found = control_cards([(number, line[:CARD]) for number, line in enumerate(lines, 1)])
    mentions = list(found.mentions)
    for number, line in enumerate(lines, 1):
        mentions += [
            Mention(number, run[1], ReferenceKind.EXECUTE)
            for run in RUN_PROGRAM.finditer(line[:CARD].upper())
        ]
    marks = [
        Mark(line, 1, name, SymbolKind.DATASET, last=line, signature=card, cut=False)
        for line, name, card in found.made
    ]
    return assemble(lines, marks, mentions)
