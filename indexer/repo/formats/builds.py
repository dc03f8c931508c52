"""Build files: Dockerfile stages, Makefile rules, and blocks in braces (Gradle, Terraform, ...)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from indexer.repo.formats.outline import (
    SCANNED,
    FormatParse,
    Mark,
    Mention,
    assemble,
    lead,
    lines_of,
    thin,
    word_set,
)
from indexer.types import ReferenceKind, SymbolKind

DEPTH_MAX = 4
_QUOTED = re.compile(r"""["']([^"']{1,200}+)["']""")
_BLOCK_TOKEN = re.compile(
    r"""\"(?:[^"\\\n]++|\\.)*+\"?|'(?:[^'\\\n]++|\\.)*+'?|//[^\n]*+|\#[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?|[{}\n]""",
    re.DOTALL,
)
_HEREDOC = re.compile(r"<<[-~]?(?!<)[\"']?(\w{1,40}+)")
_ASSIGN = re.compile(r"(?:export |override |define )*+([\w.-]{1,100}+)\s*+[:+?!]{0,3}=")
_GRADLE_NEEDS = re.compile(
    r"\s*+(?:implementation|api|compile|compileOnly|runtimeOnly|testImplementation|testCompile|"
    r"annotationProcessor|kapt|classpath|id|include|apply from:|apply plugin:)"
    r"[\s(]++[\"']([^\"']{1,200}+)[\"']"
)
_TERRAFORM = word_set(
    "resource data module variable output provider locals terraform moved import check backend"
)
_GRADLE_TASK = re.compile(r"(?:task\s++|tasks\.(?:register|create|named)\w*+\s*+\(?\s*+)[\"']?(\w++)")


def dockerfile(text: str) -> FormatParse:
    """Read stages, the images and stages that they start from, and what they set."""
    lines = lines_of(text)
    marks: list[Mark] = []
    mentions: list[Mention] = []
    continued = False
    heredoc = ""
    for number, whole in enumerate(lines, 1):
        line = whole[:SCANNED].strip()
        if heredoc:
            heredoc = "" if line == heredoc else heredoc
            continue
        goes_on, continued = continued, line.endswith("\\") and not line.startswith("#")
        if goes_on or not line or line.startswith("#"):
            continue
        words = line.split()
        order = words[0].upper()
        opened = _HEREDOC.search(line)
        heredoc = opened[1] if opened and order in ("RUN", "COPY", "ADD") else ""
        if order == "FROM":
            _stage(lines, number, words, marks, mentions)
            continue
        mentions += [
            Mention(number, word[7:], ReferenceKind.USE) for word in words[1:] if word.startswith("--from=")
        ]
        if order in ("ARG", "ENV", "LABEL", "EXPOSE", "ENTRYPOINT", "CMD") and len(words) > 1:
            name = order if order in ("ENTRYPOINT", "CMD", "EXPOSE") else words[1].partition("=")[0]
            marks.append(
                Mark(
                    number,
                    2 if marks and marks[0].depth == 1 else 1,
                    name,
                    SymbolKind.KEY,
                    last=number,
                    signature=line,
                    cut=False,
                )
            )
    return assemble(lines, marks, mentions)


def _stage(
    lines: list[str], number: int, words: list[str], marks: list[Mark], mentions: list[Mention]
) -> None:
    plain = [word for word in words[1:] if not word.startswith("--")]
    if not plain:
        return
    named = len(plain) > 2 and plain[1].upper() == "AS"
    marks.append(
        Mark(
            number,
            1,
            plain[2] if named else plain[0],
            SymbolKind.RULE,
            first=lead(lines, number, ("#",)),
            signature=" ".join(words),
        )
    )
    mentions.append(Mention(number, plain[0], ReferenceKind.USE))


def makefile(text: str) -> FormatParse:
    """Read rules with what they need, variables, ``define`` blocks and includes."""
    lines = lines_of(text)
    marks: list[Mark] = []
    mentions: list[Mention] = []
    continued = defining = False
    for number, whole in enumerate(lines, 1):
        line = whole[:SCANNED].rstrip()
        goes_on, continued = continued, line.endswith("\\")
        if defining:
            defining = line.strip() != "endef"
            continue
        if goes_on or not line or line[0] in "\t#":
            continue
        bare = line.strip()
        word, _, rest = bare.partition(" ")
        if word in ("include", "-include", "sinclude"):
            mentions += [Mention(number, each, ReferenceKind.COPY) for each in rest.split()]
            continue
        assigned = _ASSIGN.match(bare)
        if word == "define" or assigned:
            name = assigned[1] if assigned else rest.strip()
            defining = word == "define"
            marks.append(Mark(number, 1, name, SymbolKind.VARIABLE, signature=bare, cut=False, last=number))
            continue
        _rule(lines, number, bare, marks, mentions)
    return assemble(lines, marks, mentions)


def _rule(lines: list[str], number: int, bare: str, marks: list[Mark], mentions: list[Mention]) -> None:
    targets, sign, needs = bare.partition(":")
    if not sign or "=" in targets or targets.startswith(("if", "else", "endif", "$(", "export")):
        return
    names = targets.split()
    if not names or (names[0].startswith(".") and names[0][1:2].isupper()):
        return
    doc = needs.partition("##")[2].strip()
    first = lead(lines, number, ("#",))
    marks.append(Mark(number, 1, names[0], SymbolKind.RULE, first=first, signature=bare, doc=doc))
    marks += [
        Mark(number, 2, name, SymbolKind.RULE, last=number, signature=bare, cut=False) for name in names[1:20]
    ]
    for need in needs.partition("#")[0].lstrip(":").split()[:50]:
        if "=" in need:
            break
        mentions.append(Mention(number, need, ReferenceKind.CALL))


def gradle(text: str) -> FormatParse:
    """Read blocks and tasks of a Gradle build, and the libraries, plug-ins and builds it names."""
    lines = lines_of(text)
    mentions: list[Mention] = []
    for number, line in enumerate(lines, 1):
        found = _GRADLE_NEEDS.match(line[:SCANNED])
        if found:
            mentions.append(Mention(number, found[1], ReferenceKind.USE))
    return assemble(lines, _blocks(text, lines, _gradle_name), mentions)


def terraform(text: str) -> FormatParse:
    """Read blocks of HCL; a resource is called ``type.name``, as other blocks refer to it."""
    lines = lines_of(text)
    mentions: list[Mention] = []
    for number, line in enumerate(lines, 1):
        key, sign, value = line[:SCANNED].partition("=")
        if sign and key.strip() == "source" and (found := _QUOTED.match(value.strip())):
            mentions.append(Mention(number, found[1], ReferenceKind.IMPORT))
    return assemble(lines, _blocks(text, lines, _terraform_name), mentions)


def braces(text: str) -> FormatParse:
    """Read any text of ``header { ... }`` blocks (Protocol Buffers, GraphQL, nginx)."""
    lines = lines_of(text)
    return assemble(lines, _blocks(text, lines, _block_name))


def _blocks(text: str, lines: list[str], name_of: Callable[[str], str]) -> list[Mark]:
    """Return a mark for each block that ``name_of`` finds a name for in the line that opens it."""
    marks: list[Mark] = []
    opened: list[int] = []
    line = 1
    depth = 0
    for found in _BLOCK_TOKEN.finditer(text):
        sign = found[0]
        if sign == "\n":
            line += 1
        elif sign == "{":
            depth += 1
            header = lines[line - 1][:SCANNED].strip()
            name = name_of(header) if depth <= DEPTH_MAX and (not marks or marks[-1].line < line) else ""
            opened.append(len(marks) if name else -1)
            if name:
                first = lead(lines, line, ("//", "#", "*", "/*"))
                marks.append(
                    Mark(line, depth, name, SymbolKind.RULE, first=first, last=line, signature=header)
                )
        elif sign == "}" and opened:
            depth -= 1
            closed = opened.pop()
            if closed >= 0:
                marks[closed] = replace(marks[closed], last=line)
        else:
            line += sign.count("\n")
    return thin(marks, len(lines))


def _gradle_name(header: str) -> str:
    task = _GRADLE_TASK.match(header)
    return task[1] if task else _block_name(header)


def _terraform_name(header: str) -> str:
    kind = header.partition(" ")[0].partition("{")[0]
    labels = _QUOTED.findall(header)
    if kind not in _TERRAFORM:
        return _block_name(header)
    if kind == "resource":
        return ".".join(labels) or kind
    return ".".join([kind.replace("variable", "var"), *labels])


def _block_name(header: str) -> str:
    words = header.partition("{")[0].partition("(")[0].partition("=")[0].split()
    if not words or not (words[-1][0].isalnum() or words[-1][0] in "_\"'/.$@"):
        return ""
    return words[-1].strip("\"':")
