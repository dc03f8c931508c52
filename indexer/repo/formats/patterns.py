"""Languages without a grammar, by patterns over lines: Visual Basic, JSP, REXX, batch, go.mod, pip.

A pattern is tried on the first 1,000 characters of a line and never across lines.
"""

from __future__ import annotations

import re

from indexer.repo.formats.outline import SCANNED, FormatParse, Mark, Mention, assemble, lead, lines_of
from indexer.types import ReferenceKind, SymbolKind

_VB_SCOPE = (
    r"(?:(?:Public|Private|Friend|Protected|Static|Shared|Overrides|Overridable|MustOverride|Default|"
    r"Partial|NotInheritable|MustInherit|Shadows|ReadOnly|WriteOnly|Async|Iterator|Global)\s++)*+"
)
_VB = re.compile(
    r"\s*+" + _VB_SCOPE + r"(Sub|Function|Property(?:\s++(?:Get|Let|Set))?|Class|Module|Interface|"
    r"Structure|Type|Enum|Namespace|Event|Declare\s++(?:PtrSafe\s++)?(?:Sub|Function))\s++([\w.]++)",
    re.IGNORECASE,
)
_VB_END = re.compile(
    r"\s*+End\s++(Sub|Function|Property|Class|Module|Interface|Structure|Type|Enum|Namespace)\b",
    re.IGNORECASE,
)
_VB_NAME = re.compile(r'\s*+Attribute\s++VB_Name\s*+=\s*+"(\w++)"', re.IGNORECASE)
_VB_FORM = re.compile(r"\s*+Begin\s++VB\.(Form|UserControl|MDIForm)\s++(\w++)", re.IGNORECASE)
_VB_IMPORT = re.compile(r"\s*+(Imports|Inherits|Implements)\s++([\w.]++)", re.IGNORECASE)
_VB_CALL = re.compile(r"\s*+(?:Call\s++([\w.]++)|Set\s++\w++\s*+=\s*+New\s++([\w.]++))", re.IGNORECASE)
_VB_KINDS = {
    "class": SymbolKind.CLASS,
    "module": SymbolKind.MODULE,
    "namespace": SymbolKind.MODULE,
    "interface": SymbolKind.INTERFACE,
    "structure": SymbolKind.STRUCT,
    "type": SymbolKind.STRUCT,
    "enum": SymbolKind.ENUM,
    "property": SymbolKind.PROPERTY,
    "event": SymbolKind.PROPERTY,
}
_VB_OUTER = frozenset(("class", "module", "namespace", "interface", "structure"))
_VB_IMPORTS = {
    "imports": ReferenceKind.IMPORT,
    "inherits": ReferenceKind.INHERIT,
    "implements": ReferenceKind.INHERIT,
}

_JSP_INCLUDE = re.compile(
    r"""<(?:%@\s*+include\s++file|jsp:include\s++page|jsp:forward\s++page|c:import\s++url)\s*+=\s*+["']([^"'<>]++)["']"""
)
_JSP_IMPORT = re.compile(r"""\bimport\s*+=\s*+["']([^"'<>]++)["']""")
_JSP_TAGLIB = re.compile(r"""<%@\s*+taglib\b[^<>]*?\b(?:uri|tagdir)\s*+=\s*+["']([^"'<>]++)["']""")
_JSP_BEAN = re.compile(r"""<jsp:useBean\b([^<>]*+)>?""")
_JSP_ID = re.compile(r"""\bid\s*+=\s*+["']([^"'<>]++)["']""")
_JSP_CLASS = re.compile(r"""\b(?:class|type)\s*+=\s*+["']([^"'<>]++)["']""")
_JSP_FORM = re.compile(
    r"""<(?:form|html:form|form:form|s:form)\b[^<>]*?\baction\s*+=\s*+["']([^"'<>]++)["']"""
)
_JSP_HEADING = re.compile(r"<(?:h([1-4])|title)[^<>]*+>([^<>]++)<")
_JSP_METHOD = re.compile(
    r"\s*+(?:(?:public|private|protected|static|final|synchronized)\s++)++[\w<>\[\],.]++\s++(\w++)\s*+\("
)

_REXX_LABEL = re.compile(r"\s*+([A-Za-z_!?#@$][\w!?.#@$]*+)\s*+:(?!=)")
_REXX_CALL = re.compile(r"\s*+call\s++([A-Za-z_]\w*+)", re.IGNORECASE)
_BATCH_LABEL = re.compile(r"\s*+:([A-Za-z_][\w.-]*+)")
_BATCH_CALL = re.compile(r"\s*+@?(?:call|goto)\s++:?([\w.\\/%~-]++)", re.IGNORECASE)
_GO_NEEDS = re.compile(r"\s*+(?:require\s++)?([\w-]++\.[\w./~-]++)\s++(v[\w.+-]++)")
_PACKAGE = re.compile(r"([A-Za-z0-9][\w.-]*+)")


def visual_basic(text: str) -> FormatParse:
    """Read VB6, VBA, VBScript and VB.NET: modules, classes, routines, what they inherit and call."""
    lines = lines_of(text)
    marks: list[Mark] = []
    mentions: list[Mention] = []
    depth = 0
    for number, whole in enumerate(lines, 1):
        line = whole[:SCANNED]
        named = _VB_NAME.match(line) or _VB_FORM.match(line)
        if named:
            kind = SymbolKind.MODULE if named.re is _VB_NAME else SymbolKind.CLASS
            if not any(mark.name == named[named.lastindex or 1] for mark in marks):
                marks.append(Mark(number, 1, named[named.lastindex or 1], kind, first=1 if not marks else 0))
            depth = max(depth, 1)
            continue
        ended = _VB_END.match(line)
        if ended:
            if ended[1].lower() in _VB_OUTER:
                depth = max(depth - 1, 0)
            continue
        defined = _VB.match(line)
        if defined:
            word = defined[1].lower().split()[0]
            kind = _VB_KINDS.get(word, SymbolKind.FUNCTION if depth == 0 else SymbolKind.METHOD)
            first = lead(lines, number, ("'", "<"))
            marks.append(
                Mark(number, min(depth, 6) + 1, defined[2], kind, first=first, signature=line.strip())
            )
            depth += word in _VB_OUTER
            continue
        taken = _VB_IMPORT.match(line)
        if taken:
            mentions.append(Mention(number, taken[2], _VB_IMPORTS[taken[1].lower()]))
        called = _VB_CALL.match(line)
        if called:
            mentions.append(Mention(number, called[1] or called[2], ReferenceKind.CALL))
    return assemble(lines, marks, mentions)


def jsp(text: str) -> FormatParse:
    """Read includes, beans, imports, forms and headings of a JSP page."""
    lines = lines_of(text)
    marks: list[Mark] = []
    mentions: list[Mention] = []
    for number, whole in enumerate(lines, 1):
        line = whole[:SCANNED]
        if "<" in line or "import" in line:
            mentions += [Mention(number, found, ReferenceKind.COPY) for found in _JSP_INCLUDE.findall(line)]
            mentions += [
                Mention(number, name.strip(), ReferenceKind.IMPORT)
                for found in _JSP_IMPORT.findall(line)
                for name in found.split(",")
            ]
            mentions += [Mention(number, found, ReferenceKind.USE) for found in _JSP_TAGLIB.findall(line)]
            mentions += [Mention(number, found, ReferenceKind.EXECUTE) for found in _JSP_FORM.findall(line)]
            for attributes in _JSP_BEAN.findall(line):
                name, kind = _JSP_ID.search(attributes), _JSP_CLASS.search(attributes)
                if name:
                    marks.append(
                        Mark(
                            number,
                            2,
                            name[1],
                            SymbolKind.VARIABLE,
                            last=number,
                            signature=line.strip(),
                            cut=False,
                        )
                    )
                if kind:
                    mentions.append(Mention(number, kind[1], ReferenceKind.USE))
            for level, title in _JSP_HEADING.findall(line):
                if title.strip():
                    marks.append(Mark(number, int(level or 1), title.strip(), SymbolKind.HEADING))
        method = _JSP_METHOD.match(line)
        if method:
            marks.append(Mark(number, 2, method[1], SymbolKind.FUNCTION, signature=line.strip()))
    return assemble(lines, marks, mentions)


def rexx(text: str) -> FormatParse:
    """Read labels and calls."""
    return _labels(text, _REXX_LABEL, _REXX_CALL, ("/*",))


def batch(text: str) -> FormatParse:
    """Read labels, and what is called or jumped to."""
    return _labels(text, _BATCH_LABEL, _BATCH_CALL, ("rem", "REM", "::"))


def go_module(text: str) -> FormatParse:
    """Read the module's path and the modules it requires."""
    lines = lines_of(text)
    marks: list[Mark] = []
    for number, whole in enumerate(lines, 1):
        line = whole[:SCANNED].strip()
        found = _GO_NEEDS.match(line)
        if line.startswith("module "):
            marks.append(Mark(number, 1, line[7:].strip(' "'), SymbolKind.MODULE, first=1, signature=line))
        elif found:
            marks.append(Mark(number, 2, found[1], SymbolKind.KEY, last=number, signature=line, cut=False))
    return assemble(lines, marks)


def requirements(text: str) -> FormatParse:
    """Read the packages that a pip file asks for, and the files it takes in."""
    lines = lines_of(text)
    marks: list[Mark] = []
    mentions: list[Mention] = []
    for number, whole in enumerate(lines, 1):
        line = whole[:SCANNED].strip()
        option, _, value = line.partition(" ")
        found = _PACKAGE.match(line)
        if option in ("-r", "-c", "--requirement", "--constraint") and value:
            mentions.append(Mention(number, value.strip(), ReferenceKind.COPY))
        elif found:
            marks.append(Mark(number, 1, found[1], SymbolKind.KEY, last=number, signature=line, cut=False))
    return assemble(lines, marks, mentions)


def _labels(
    text: str, label: re.Pattern[str], call: re.Pattern[str], comments: tuple[str, ...]
) -> FormatParse:
    lines = lines_of(text)
    marks: list[Mark] = []
    mentions: list[Mention] = []
    for number, whole in enumerate(lines, 1):
        line = whole[:SCANNED]
        defined = label.match(line)
        if defined:
            first = lead(lines, number, comments)
            marks.append(
                Mark(number, 1, defined[1], SymbolKind.FUNCTION, first=first, signature=line.strip())
            )
            continue
        called = call.match(line)
        if called:
            mentions.append(Mention(number, called[1], ReferenceKind.CALL))
    return assemble(lines, marks, mentions)
