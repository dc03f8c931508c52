"""Job control language: jobs, procedures, steps, DD statements and data sets, with their directions.

A DD statement ties a program's file (its DD name, as in COBOL's ASSIGN) to a data set (DSN). What a
program does with it is not said in JCL except for a new data set and for utilities; where it is not
certain the reference is DATA, and joining it with the program's OPEN tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from indexer.repo.formats.jcl_control import CARD, RUN_PROGRAM, control_cards, is_control
from indexer.repo.formats.outline import FormatParse, Mark, Mention, assemble, lead, lines_of, word_set
from indexer.types import ReferenceKind, SymbolKind

OPERANDS_MAX = 8_000
"""Characters of one statement's operands that are kept."""

_STATEMENT = re.compile(r"//([\w$#@.]*+)\s++(\w++)(?:\s++(.*))?")
_LIBRARIES = word_set("STEPLIB JOBLIB SYSLIB STEPCAT JOBCAT DFSRESLB PROCLIB DBRMLIB SYSPROC SYSEXEC JCLLIB")
_INPUTS = _LIBRARIES | word_set("SYSIN SORTIN SYSUT1 SYSTSIN SYMNAMES CARDIN ISFIN TOOLIN INPUT")
_OUTPUTS = word_set(
    "SORTOUT SYSUT2 SYSLMOD SYSPRINT SYSTSPRT SYSPUNCH SYSUDUMP SYSABEND CEEDUMP ISFOUT CMDOUT OUTPUT"
)
"""DD names with a direction by convention of the utilities that use them."""

_SHELLS = frozenset(("IKJEFT01", "IKJEFT1A", "IKJEFT1B"))
"""Programs that run another one, which their input names."""

_LICENCE_END = "language governing permissions"
"""From the last line of the Apache licence's notice, which says nothing about a job."""

_IMS = re.compile(r"['(](?:BMP|DLI|DBB|ULU|UPB|IFP|MSG)\s*+,\s*+([\w$#@]*+)\s*+(?:,\s*+([\w$#@]*+))?")


@dataclass(slots=True)
class _Card:
    """One statement with its continuations: ``operands`` is the joined operand field."""

    line: int
    last: int
    name: str
    operation: str
    operands: str
    inline: list[tuple[int, str]] = field(default_factory=list)
    """Lines of data in the stream, after ``DD *``."""


def jcl(text: str) -> FormatParse:
    """Read a job or a procedure library member. Any text gives a result."""
    lines = lines_of(text)
    reader = _Reader(lines)
    for card in _cards(lines):
        reader.read(card)
    return assemble(lines, reader.finished(), reader.mentions)


def _cards(lines: list[str]) -> Iterable[_Card]:
    """Yield statements; a field that ends in a comma goes on in the next card."""
    card: _Card | None = None
    reading = False
    stop = ""
    for number, whole in enumerate(lines, 1):
        line = whole[:CARD].rstrip()
        if card is not None and stop and not _ends_data(line, stop):
            card.inline.append((number, line))
            card.last = number
            continue
        stop = ""
        if line.startswith("//*") or not line.startswith("//"):
            continue
        if reading and card is not None and line[2:3] in (" ", "") and line[2:].strip():
            if len(card.operands) < OPERANDS_MAX:
                card.operands += _operands(line[2:].strip())
            card.last = number
        else:
            found = _STATEMENT.match(line)
            if card is not None:
                yield card
            card = None
            if found is None:
                reading = False
                continue
            operands = _operands(found[3] or "")
            card = _Card(number, number, found[1].upper(), found[2].upper(), operands)
        reading = card.operands.endswith(",")
        if card.operation == "DD" and not reading:
            stop = _data_stop(card.operands)
    if card is not None:
        yield card


def _operands(text: str) -> str:
    """Return the operand field: up to the first space outside quotes; the rest is a comment."""
    quoted = False
    for at, sign in enumerate(text):
        if sign == "'":
            quoted = not quoted
        elif sign == " " and not quoted:
            return text[:at]
    return text


def _data_stop(operands: str) -> str:
    first = operands.partition(",")[0]
    if first not in ("*", "DATA"):
        return ""
    delimiter = operands.partition("DLM=")[2].strip("'\"")[:2]
    return delimiter or ("/*" if first == "DATA" else "//")


def _ends_data(line: str, stop: str) -> bool:
    return line.startswith(stop) or (stop == "//" and line.startswith("/*"))


def _parameters(operands: str) -> dict[str, str]:
    """Return keyword to value, splitting at commas outside parentheses and quotes; any length."""
    found: dict[str, str] = {}
    depth = start = 0
    quoted = False
    for at, sign in enumerate(operands + ","):
        if sign == "'":
            quoted = not quoted
        elif quoted:
            continue
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
        elif sign == "," and depth <= 0:
            key, equals, value = operands[start:at].partition("=")
            if equals:
                found.setdefault(key.upper(), value)
            elif key:
                found.setdefault("", key)
            start = at + 1
    return found


class _Reader:
    """Turns statements into marks and mentions, with the job and the step they stand in."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._marks: list[Mark] = []
        self.mentions: list[Mention] = []
        self._outer = ""
        self._step = ""
        self._program = ""
        self._depth = 0
        self._dd = ""
        self._named: dict[str, str] = {}
        """DD name to data set, within the step."""
        self._pending: list[Mention] = []
        """What control cards do to a DD name, until the step's DD statements are all known."""
        self._datasets: dict[str, tuple[bool, Mark]] = {}
        """Name to (whether it is made here, where it is first named)."""

    def read(self, card: _Card) -> None:
        if card.operation in ("JOB", "PROC"):
            self._end_step()
            self._begin(card)
        elif card.operation == "PEND":
            self._outer, self._depth, self._step = "", 0, ""
        elif card.operation == "EXEC":
            self._execute(card)
        elif card.operation == "DD":
            self._define(card)
        elif card.operation == "INCLUDE":
            self._mention(card.line, _parameters(card.operands).get("MEMBER", ""), ReferenceKind.COPY)

    def finished(self) -> list[Mark]:
        self._end_step()
        return self._marks + [mark for _, mark in self._datasets.values()]

    def _end_step(self) -> None:
        for mention in self._pending:
            self._mention(mention.line, self._named.get(mention.name, ""), mention.kind)
        self._pending, self._named = [], {}

    def _inside(self) -> str:
        return ".".join(part for part in (self._outer, self._step) if part)

    def _mention(self, line: int, name: str, kind: ReferenceKind, inside: str = "") -> None:
        name = name.strip("'\"")
        if name and name[0].isalnum():
            self.mentions.append(Mention(line, name.upper(), kind, inside or self._inside()))

    def _begin(self, card: _Card) -> None:
        in_stream = card.operation == "PROC" and any(mark.kind == SymbolKind.JOB for mark in self._marks)
        depth = 2 if in_stream else 1
        job = next((mark.name for mark in self._marks if mark.kind == SymbolKind.JOB), "")
        self._outer = f"{job}.{card.name}" if in_stream else card.name
        self._depth, self._step = depth, ""
        kind = SymbolKind.JOB if card.operation == "JOB" else SymbolKind.RULE
        self._marks.append(
            Mark(
                card.line,
                depth,
                card.name,
                kind,
                first=1 if not self._marks else 0,
                signature=f"{card.operation} {card.operands}",
                doc=_comment(self._lines, card.last),
            )
        )

    def _execute(self, card: _Card) -> None:
        known = _parameters(card.operands)
        program = known.get("PGM", "").upper()
        procedure = (known.get("PROC") or known.get("") or "").upper()
        self._end_step()
        self._step = card.name or (program or procedure)
        self._program = program
        self._dd = ""
        first = _after_licence(self._lines, lead(self._lines, card.line, ("//*",)), card.line)
        self._marks.append(
            Mark(
                card.line,
                self._depth + 1,
                self._step,
                SymbolKind.STEP,
                first=first,
                signature=f"EXEC {card.operands}",
                doc=_comment_above(self._lines, first, card.line),
            )
        )
        self._mention(card.line, program or procedure, ReferenceKind.EXECUTE)
        controlled = _IMS.search(known.get("PARM", "")) if program.startswith("DFSRRC") else None
        if controlled:
            self._mention(card.line, controlled[1], ReferenceKind.EXECUTE)
            self._mention(card.line, controlled[2] or "", ReferenceKind.USE)

    def _define(self, card: _Card) -> None:
        known = _parameters(card.operands)
        # A nameless DD goes on with the one above; PROCSTEP.DD overrides a DD of a procedure.
        self._dd = card.name.rpartition(".")[2] or self._dd
        if card.name:
            self._mention(card.line, self._dd, ReferenceKind.DATA)
        name = known.get("DSN") or known.get("DSNAME") or ""
        if name:
            self._dataset(card, name, known)
        if card.inline:
            self._inline(card)

    def _dataset(self, card: _Card, written: str, known: dict[str, str]) -> None:
        name, member = _split_member(written.strip("'"))
        kind = direction(self._dd, name, known.get("DISP"), self._program)
        line = next(
            (n for n in range(card.line, card.last + 1) if written[:40] in self._lines[n - 1]), card.line
        )
        if member:
            self._mention(line, member, ReferenceKind.COPY)
        if not name or name[0] in "&*" or name == "NULLFILE":
            return
        self._mention(line, name, kind)
        self._named.setdefault(self._dd, name)
        if kind != ReferenceKind.READ or self._dd not in _LIBRARIES:
            signature = f"{self._dd} DD DISP={known.get('DISP', '(default)')},DSN={written}"
            self._name_dataset(line, name, made=kind == ReferenceKind.WRITE, signature=signature)

    def _name_dataset(self, line: int, name: str, *, made: bool, signature: str) -> None:
        depth = self._depth + (2 if self._step else 1)
        mark = Mark(line, depth, name, SymbolKind.DATASET, last=line, signature=signature, cut=False)
        known = self._datasets.get(name)
        if known is None or (made and not known[0]):
            self._datasets[name] = (made, mark)

    def _inline(self, card: _Card) -> None:
        if self._program in _SHELLS:
            for line, text in card.inline:
                for found in RUN_PROGRAM.finditer(text.upper()):
                    self._mention(line, found[1], ReferenceKind.EXECUTE)
        if is_control(self._program):
            found_cards = control_cards(card.inline)
            self._pending += found_cards.mentions
            for mention in found_cards.mentions:
                self._mention(mention.line, mention.name, mention.kind)
            for line, name, signature in found_cards.made:
                self._name_dataset(line, name, made=True, signature=signature)


def direction(dd: str, name: str, disposition: str | None, program: str = "") -> ReferenceKind:
    """Return what a step does with a data set as far as JCL alone says for certain.

    NEW and MOD write. SHR and OLD read a plain file; a VSAM file may be updated under either, so
    it is DATA, as is one whose disposition is a symbol.
    """
    status, _, ends = (disposition or "NEW").strip("() ").upper().partition(",")
    # IEFBR14 does nothing but let its dispositions happen: it makes or deletes data sets.
    deleted = program == "IEFBR14" and ends.startswith("DELETE")
    if status in ("NEW", "MOD", "") or deleted or dd in _OUTPUTS:
        return ReferenceKind.WRITE
    if dd in _INPUTS:
        return ReferenceKind.READ
    parts = name.upper().split(".")
    if status not in ("SHR", "OLD") or any(part in _VSAM for part in parts):
        return ReferenceKind.DATA
    return ReferenceKind.READ


_VSAM = frozenset(("VSAM", "KSDS", "ESDS", "RRDS", "AIX", "PATH", "CLUSTER"))


def _split_member(written: str) -> tuple[str, str]:
    """Return a data set's name and the member in parentheses; a generation such as (+1) is none."""
    name, _, inner = written.partition("(")
    inner = inner.rstrip(")")
    member = inner if inner and inner[0].isalpha() else ""
    return name.upper(), member


def _comment(lines: list[str], line: int) -> str:
    """Return the first comment below a job card that is not its licence."""
    for number in range(line, min(line + 60, len(lines))):
        text = lines[number]
        if not text.startswith("//*"):
            return _comment_above(lines, lead(lines, number + 1, ("//*",), 6), number + 1)
    return ""


def _after_licence(lines: list[str], first: int, line: int) -> int:
    """Return where the comment of a step begins when a licence stands right above it."""
    for number in range(first, line):
        if _LICENCE_END in lines[number - 1]:
            return min(number + 2, line)
    return first


def _comment_above(lines: list[str], first: int, line: int) -> str:
    words = [text.strip(" *-=/`") for text in (each[2:CARD] for each in lines[first - 1 : line - 1])]
    kept = [word for word in words if word]
    licence = next((at for at, word in enumerate(kept) if word.startswith(_LICENCE_END)), -1)
    return " ".join(kept[licence + 1 :])
