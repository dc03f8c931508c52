"""Sizes and names of things as people read them: "74 KB", "reStructuredText", "Private key"."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from indexer.types import ReadAs

UNITS = ("KB", "MB", "GB", "TB")

CAPITALS = frozenset({"api", "aws", "gcp", "id", "jwt", "npm", "pgp", "pypi", "rsa", "ssh", "url"})

LANGUAGES = {
    "": "Unknown", "as": "ActionScript", "asciidoc": "AsciiDoc", "asm": "Assembler", "awk": "AWK",
    "bash": "Shell", "bat": "Batch", "bms": "BMS", "c": "C", "cmake": "CMake", "cobol": "COBOL",
    "commonlisp": "Common Lisp", "control": "Control cards", "cpp": "C++", "csd": "CICS definitions",
    "csharp": "C#", "css": "CSS", "csv": "CSV", "cuda": "CUDA", "dcl": "COBOL", "epp": "EPP",
    "fsharp": "F#", "gdscript": "GDScript", "gitattributes": "Git attributes",
    "gitignore": "Git ignore list", "glsl": "GLSL", "gomod": "Go modules", "graphql": "GraphQL",
    "hcl": "HCL", "html": "HTML", "ims": "IMS", "ini": "INI", "javascript": "JavaScript", "jcl": "JCL",
    "json": "JSON", "jsp": "JSP", "latex": "LaTeX", "make": "Makefile", "matlab": "MATLAB",
    "maven": "Maven", "objc": "Objective-C", "ocaml": "OCaml", "org": "Org", "php": "PHP",
    "plsql": "PL/SQL", "powershell": "PowerShell", "proto": "Protocol Buffers", "r": "R", "rpg": "RPG",
    "rst": "reStructuredText", "scss": "SCSS", "sql": "SQL", "toml": "TOML", "tsv": "TSV", "tsx": "TSX",
    "typescript": "TypeScript", "vb": "Visual Basic", "vhdl": "VHDL", "xml": "XML", "yaml": "YAML",
}  # fmt: skip
"""Names that are not the engine's own word with a capital."""

BY_HEADINGS = frozenset({"markdown", "rst", "asciidoc", "org", "latex", "text"})
BY_CELLS = frozenset({"notebook"})
BY_KEYS = frozenset(
    {"yaml", "toml", "json", "xml", "ini", "properties", "gomod", "requirements", "maven", "gradle", "make"}
    | {"dockerfile", "terraform", "cmake", "hcl"}
)


def size(count: int) -> str:
    """Return a number of bytes in the unit that leaves at most three digits; empty below zero."""
    if count < 0:
        return ""
    if count < 1000:
        return f"{count} B"
    value = float(count)
    for unit in UNITS:
        value /= 1000
        if value < 999.5 or unit == UNITS[-1]:
            return f"{value:,.0f} {unit}" if value >= 9.95 else f"{value:.1f} {unit}"
    return ""


def language_name(name: str) -> str:
    """Return the usual name of a language that the engine names in lower case."""
    return LANGUAGES.get(name) or name[:1].upper() + name[1:].replace("_", " ")


def cut_words(name: str, read_as: ReadAs) -> str:
    """Say how files of a language were cut."""
    tr = QCoreApplication.translate
    if read_as is ReadAs.SYNTAX:
        return tr("Amounts", "by symbols")
    if read_as is ReadAs.LINES:
        return tr("Amounts", "by lines")
    if name in BY_HEADINGS:
        return tr("Amounts", "by headings")
    if name in BY_CELLS:
        return tr("Amounts", "by cells")
    return tr("Amounts", "by keys") if name in BY_KEYS else tr("Amounts", "by our rules")


def secret_name(kind: str) -> str:
    """Return the kind of a secret as a person would say it."""
    words = kind.replace("-", " ").replace("_", " ").split()
    told = " ".join(word.upper() if word in CAPITALS else word for word in words)
    return told[:1].upper() + told[1:]
