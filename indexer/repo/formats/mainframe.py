"""What surrounds COBOL on a mainframe: BMS maps, IMS DBD and PSB, assembler, CICS definitions.

All but the last are assembler macros: a label from column 1, an operation, operands, and a sign in
column 72 when they go on in the next line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.repo.formats.outline import FormatParse, Mark, Mention, assemble, lead, lines_of, word_set
from indexer.types import ReferenceKind, SymbolKind

CONTINUED = 71
"""Index of the column whose sign says that a statement goes on in the next line."""

_OPERAND = re.compile(r"\b([A-Z0-9]++)=(?:\(+([\w$#@.&-]*+)|([\w$#@.&-]*+))")
_TITLE = re.compile(r"INITIAL='([^']*+)'")
_ASSEMBLER = word_set("CSECT START RSECT DSECT USING BALR BASR STM LTORG DFHEIENT MACRO MEND")
_ORDERS = _ASSEMBLER | word_set("TITLE EJECT SPACE ENTRY EXTRN PRINT AMODE RMODE PUNCH REPRO WXTRN ICTL")
"""Orders to the assembler itself, which no library holds."""

_CALLS = word_set("CALL LINK XCTL LOAD ATTACH")
_CSD_NAME = re.compile(r"\s*+DEFINE\s++([A-Z0-9]++)\s*+\(\s*+([\w$#@]++)\s*+\)", re.IGNORECASE)
_CSD_VALUE = re.compile(
    r"\b(PROGRAM|DSNAME|TRANSID|DB2ENTRY|PLAN|PSB)\s*+\(\s*+([\w$#@.]++)\s*+\)", re.IGNORECASE
)
_CSD_KINDS = {
    "FILE": SymbolKind.DATASET,
    "TRANSACTION": SymbolKind.RULE,
}
_CSD_REFERENCES = {"PROGRAM": ReferenceKind.EXECUTE, "DSNAME": ReferenceKind.DATA, "PLAN": ReferenceKind.USE}


@dataclass(frozen=True, slots=True)
class _Macro:
    """One statement: its label, operation, all its operands, and its lines."""

    line: int
    last: int
    label: str
    operation: str
    operands: str

    def value(self, name: str) -> str:
        """Return the first word of an operand's value, or an empty text."""
        for found in _OPERAND.finditer(self.operands):
            if found[1] == name:
                return found[2] or found[3] or ""
        return ""


def bms(text: str) -> FormatParse:
    """Read mapsets, maps and their named fields."""
    lines = lines_of(text)
    marks: list[Mark] = []
    labels: list[str] = []
    for macro in _macros(lines):
        if macro.operation == "DFHMSD" and macro.value("TYPE") != "FINAL" and macro.label:
            first = 1 if not marks else lead(lines, macro.line, ("*",))
            doc = _heading(lines, macro.line)
            marks.append(
                Mark(
                    macro.line,
                    1,
                    macro.label,
                    SymbolKind.MAP,
                    first=first,
                    signature="DFHMSD mapset",
                    doc=doc,
                )
            )
        elif macro.operation == "DFHMDI" and macro.label:
            size = macro.operands.partition("SIZE=")[2].partition(")")[0]
            signature = f"DFHMDI map SIZE={size})" if size else "DFHMDI map"
            marks.append(Mark(macro.line, 2, macro.label, SymbolKind.MAP, signature=signature))
            labels = []
        elif macro.operation == "DFHMDF":
            said = _TITLE.search(macro.operands)
            if macro.label:
                marks.append(
                    Mark(
                        macro.line,
                        3,
                        macro.label,
                        SymbolKind.FIELD,
                        last=macro.last,
                        signature=f"DFHMDF {macro.operands}",
                        doc=labels[-1] if labels else "",
                        cut=False,
                    )
                )
            elif said and len(said[1].strip()) > 1:
                labels = [said[1].strip()]
    return assemble(lines, marks)


def ims(text: str) -> FormatParse:
    """Read a database description (DBD: segments, fields) or a program's view (PSB: PCB, SENSEG)."""
    lines = lines_of(text)
    marks: list[Mark] = []
    mentions: list[Mention] = []
    psb = ""
    for macro in _macros(lines):
        name = macro.value("NAME")
        if macro.operation == "DBD":
            marks.append(
                Mark(macro.line, 1, name, SymbolKind.DATASET, first=1, signature=f"DBD {macro.operands}")
            )
        elif macro.operation == "SEGM":
            first = lead(lines, macro.line, ("*",))
            marks.append(
                Mark(macro.line, 2, name, SymbolKind.TABLE, first=first, signature=f"SEGM {macro.operands}")
            )
        elif macro.operation in ("FIELD", "XDFLD"):
            marks.append(
                Mark(
                    macro.line,
                    3,
                    name,
                    SymbolKind.FIELD,
                    last=macro.last,
                    signature=f"{macro.operation} {macro.operands}",
                    cut=False,
                )
            )
        elif macro.operation == "LCHILD":
            mentions.append(Mention(macro.line, name, ReferenceKind.USE))
        elif macro.operation == "DATASET":
            mentions.append(Mention(macro.line, macro.value("DD1"), ReferenceKind.DATA))
        elif macro.operation == "PCB":
            database = macro.value("DBDNAME") or macro.value("NAME")
            label = macro.label or macro.value("PCBNAME") or f"PCB {database}"
            marks.append(Mark(macro.line, 2, label, SymbolKind.RULE, signature=f"PCB {macro.operands}"))
            mentions.append(Mention(macro.line, database, _access(macro.value("PROCOPT"))))
        elif macro.operation == "SENSEG":
            mentions.append(Mention(macro.line, name, ReferenceKind.DATA))
        elif macro.operation == "PSBGEN":
            psb = macro.value("PSBNAME")
            marks.append(
                Mark(
                    1,
                    1,
                    psb,
                    SymbolKind.DATASET,
                    first=1,
                    last=len(lines),
                    signature=f"PSBGEN {macro.operands}",
                )
            )
    return assemble(lines, marks, [mention for mention in mentions if mention.name])


def _access(options: str) -> ReferenceKind:
    """Return what PROCOPT lets a program do: G only gets, L only loads, anything else may do both."""
    letters = set(options) & set("GIRDAL")
    if letters == {"G"}:
        return ReferenceKind.READ
    return ReferenceKind.WRITE if letters == {"L"} else ReferenceKind.DATA


def assembler(text: str) -> FormatParse | None:
    """Read IBM assembler: control sections, macros, copied members and calls. None for other ones."""
    lines = lines_of(text)
    marks: list[Mark] = []
    mentions: list[Mention] = []
    macros = list(_macros(lines))
    if not any(macro.operation in _ASSEMBLER for macro in macros):
        return None
    naming = False
    for macro in macros:
        if naming:
            naming = False
            first = lead(lines, macro.line - 1, ("*", ".*"))
            marks.append(
                Mark(macro.line, 1, macro.operation, SymbolKind.MACRO, first=first, signature="MACRO")
            )
        elif macro.operation == "MACRO":
            naming = True
        elif macro.operation in ("CSECT", "START", "RSECT", "DFHEIENT") and macro.label:
            first = 1 if not marks else lead(lines, macro.line, ("*",))
            marks.append(
                Mark(macro.line, 1, macro.label, SymbolKind.PROGRAM, first=first, signature=macro.operation)
            )
        elif macro.operation == "DSECT" and macro.label:
            marks.append(Mark(macro.line, 2, macro.label, SymbolKind.STRUCT, signature="DSECT"))
        elif macro.operation == "COPY":
            mentions.append(Mention(macro.line, macro.operands.partition(" ")[0], ReferenceKind.COPY))
        elif macro.operation in _CALLS:
            name = macro.value("EP") or macro.operands.partition(",")[0].partition("(")[0]
            mentions.append(Mention(macro.line, name.strip("=V()"), ReferenceKind.CALL))
        elif len(macro.operation) > 4 and macro.operation.isalnum() and macro.operation not in _ORDERS:
            # No instruction has a longer name, so this is a macro of the shop's own library.
            mentions.append(Mention(macro.line, macro.operation, ReferenceKind.COPY))
    return assemble(lines, marks, [mention for mention in mentions if mention.name])


def csd(text: str) -> FormatParse:
    """Read CICS resource definitions: transactions with their program, files with their data set."""
    lines = lines_of(text)
    marks: list[Mark] = []
    mentions: list[Mention] = []
    for number, whole in enumerate(lines, 1):
        line = whole[:CONTINUED]
        defined = _CSD_NAME.match(line)
        if defined:
            kind = _CSD_KINDS.get(defined[1].upper(), SymbolKind.KEY)
            marks.append(Mark(number, 1, defined[2], kind, signature=" ".join(line.split())))
        rest = line[defined.end() :] if defined else line
        for found in _CSD_VALUE.finditer(rest):
            kind_of = _CSD_REFERENCES.get(found[1].upper(), ReferenceKind.USE)
            mentions.append(Mention(number, found[2].upper(), kind_of))
    return assemble(lines, marks, mentions)


def _macros(lines: list[str]) -> Iterator[_Macro]:
    """Yield statements, with the operands of continued lines joined."""
    line = 1
    while line <= len(lines):
        first = line
        text = lines[line - 1][: CONTINUED + 1].rstrip("\r")
        if text.startswith(("*", ".*")) or not text.strip():
            line += 1
            continue
        parts: list[str] = []
        while True:
            parts.append(text[:CONTINUED].strip())
            line += 1
            if text[CONTINUED : CONTINUED + 1].strip() == "" or line > len(lines):
                break
            text = lines[line - 1][: CONTINUED + 1].rstrip("\r")
        label, _, rest = parts[0].partition(" ") if not lines[first - 1][:1].isspace() else ("", "", parts[0])
        operation, _, operands = rest.strip().partition(" ")
        yield _Macro(first, line - 1, label, operation.upper(), "".join([operands.strip(), *parts[1:]]))


def _heading(lines: list[str], line: int) -> str:
    """Return what the comment at the head of a map says, up to its licence."""
    said: list[str] = []
    for text in lines[: min(line - 1, 10)]:
        words = text.strip(" *-=\r")
        if words.startswith("Copyright"):
            break
        if words:
            said.append(words)
    return " ".join(said)
