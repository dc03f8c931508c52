"""Which definitions of a file others can use: by the rules, or the habits, of its language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from indexer.types import FileMark, ParsedFile, Symbol, SymbolKind

CODE: Final = frozenset(
    [
        "python",
        "javascript",
        "typescript",
        "tsx",
        "java",
        "kotlin",
        "scala",
        "groovy",
        "csharp",
        "go",
        "rust",
        "ruby",
        "php",
        "c",
        "cpp",
        "objc",
        "swift",
        "dart",
        "lua",
        "perl",
        "elixir",
        "clojure",
        "cobol",
        "fortran",
        "pascal",
        "ada",
        "plsql",
        "vb",
        "haskell",
        "julia",
        "r",
        "vue",
        "svelte",
        "erlang",
        "zig",
        "d",
        "fsharp",
        "ocaml",
        "notebook",
        "starlark",
    ]
)
"""Languages that have definitions which others call; scripts, styles and settings are told otherwise."""

ASIDE: Final = (
    FileMark.TEST | FileMark.EXAMPLE | FileMark.GENERATED | FileMark.VENDORED | FileMark.DOCUMENTATION
)
"""Files whose definitions are nobody's API."""

KINDS: Final = frozenset(
    (
        SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TRAIT,
        SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.PROPERTY, SymbolKind.CONSTANT, SymbolKind.TYPE,
        SymbolKind.MACRO, SymbolKind.PROGRAM, SymbolKind.COPYBOOK,
    )
)  # fmt: skip
HOLDERS: Final = frozenset(
    (
        SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TRAIT,
        SymbolKind.MODULE, SymbolKind.TYPE, SymbolKind.PROGRAM,
    )
)  # fmt: skip
"""What may hold public definitions; those inside a function are its own business."""

_UNDERSCORED: Final = frozenset(
    [
        "python",
        "ruby",
        "javascript",
        "typescript",
        "tsx",
        "dart",
        "lua",
        "perl",
        "php",
        "r",
        "julia",
        "vue",
        "svelte",
        "notebook",
    ]
)
_HIDDEN_WORDS: Final[Mapping[str, re.Pattern[str]]] = {
    "java": re.compile(r"\bprivate\b"),
    "groovy": re.compile(r"\bprivate\b"),
    "kotlin": re.compile(r"\b(?:private|internal)\b"),
    "scala": re.compile(r"\bprivate\b"),
    "swift": re.compile(r"\b(?:private|fileprivate)\b"),
    "php": re.compile(r"\b(?:private|protected)\b"),
    "typescript": re.compile(r"^\s*(?:private|protected)\b"),
    "tsx": re.compile(r"^\s*(?:private|protected)\b"),
    "c": re.compile(r"^\s*static\b"),
    "objc": re.compile(r"^\s*static\b"),
    "cpp": re.compile(r"^\s*static\b(?![^(]*::)"),
    "pascal": re.compile(r"\bprivate\b"),
}
_SHOWN_WORDS: Final[Mapping[str, re.Pattern[str]]] = {
    "csharp": re.compile(r"\b(?:public|protected)\b"),
    "java": re.compile(r"\b(?:public|protected)\b"),
    "rust": re.compile(r"^\s*pub\b(?!\()"),
}
"""Where these are not said, a definition is hidden; inside an interface or a trait it never is."""

_EXPORT: Final = re.compile(r"^\s*export\b|\b(?:module\.)?exports\b")
_EXPORTED_NAMES: Final = re.compile(
    r"export\s*(?:type\s*)?\{([^}]*)\}|module\.exports\s*=\s*\{([^}]*)\}|export\s+default\s+(\w+)|module\.exports\s*=\s*(\w+)"
)
_SCRIPTS: Final = frozenset(("javascript", "typescript", "tsx", "vue", "svelte"))
_DUNDER: Final = re.compile(r"__\w+__")
_TOLD_DUNDERS: Final = frozenset(("__init__", "__call__", "__new__", "__enter__", "__exit__"))


def public_symbols(parsed: ParsedFile, path: str, lines: Sequence[str]) -> list[Symbol]:
    """Return the definitions of a file that others can use, in its order."""
    if parsed.language not in CODE or _is_private_path(path, parsed.language):
        return []
    kinds = {each.qualified: each.kind for each in parsed.symbols}
    exported = _exported(lines) if parsed.language in _SCRIPTS else None
    hidden: set[str] = set()
    found: list[Symbol] = []
    for symbol in parsed.symbols:
        around = kinds.get(symbol.parent)
        if symbol.parent in hidden or not _is_public(symbol, around, parsed.language, lines, exported):
            hidden.add(symbol.qualified)
        elif symbol.kind in KINDS and (symbol.parent == "" or around in HOLDERS or around is None):
            found.append(symbol)
    return found


def _is_public(
    symbol: Symbol,
    around: SymbolKind | None,
    language: str,
    lines: Sequence[str],
    exported: frozenset[str] | None,
) -> bool:
    name = symbol.name
    if symbol.kind in (SymbolKind.FUNCTION, SymbolKind.METHOD) and around in (
        SymbolKind.FUNCTION,
        SymbolKind.METHOD,
    ):
        return False
    if language in _UNDERSCORED and name.startswith(("_", "#")):
        return bool(_DUNDER.fullmatch(name)) and name in _TOLD_DUNDERS
    if language == "go":
        return name[:1].isupper() or symbol.kind is SymbolKind.MODULE
    said = symbol.signature
    hides = _HIDDEN_WORDS.get(language)
    if hides is not None and hides.search(said):
        return False
    shows = _SHOWN_WORDS.get(language)
    in_contract = around in (SymbolKind.INTERFACE, SymbolKind.TRAIT)
    if shows is not None and symbol.kind is not SymbolKind.MODULE and not in_contract:
        exempt = symbol.kind is SymbolKind.MACRO or (
            around is SymbolKind.ENUM and symbol.kind is SymbolKind.CONSTANT
        )
        if not exempt and not shows.search(said):
            return False
    if exported is not None and not symbol.parent:
        first = "\n".join(lines[symbol.start_line - 1 : symbol.name_line])
        return bool(_EXPORT.search(first)) or name in exported
    return True


def _exported(lines: Sequence[str]) -> frozenset[str]:
    """Return the names that a script exports apart from where they are defined."""
    names: set[str] = set()
    for match in _EXPORTED_NAMES.finditer("\n".join(lines)):
        inside = match[1] or match[2] or match[3] or match[4] or ""
        for part in inside.split(","):
            names.update(re.findall(r"\w+", part.split(":")[0])[:1])
    return frozenset(names)


def _is_private_path(path: str, language: str) -> bool:
    if language != "python":
        return "/internal/" in f"/{path}" and language == "go"
    parts = path.removesuffix(".py").split("/")
    return any(each.startswith("_") and not _DUNDER.fullmatch(each) for each in parts)
