"""What the code blocks of documents and the examples use of a library, as they write it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.answer.inquiry import CALLABLE
from indexer.guide.overview import documents
from indexer.guide.tours.ground import PROSE, AreaFile, Ground
from indexer.index.symbols import FoundSymbol, find_symbols
from indexer.types import FileMark, SymbolKind

FILES: Final = 400
"""Documents and examples that are looked through, those that a newcomer reads first before the others."""
README: Final = 6.0
EARLY: Final = 3.0
"""What a use in the README counts, and one in another document that is read first, beside any other."""
LONGEST: Final = 160

_PAST: Final = re.compile(r"(?:^|/)(?:change\w*|history|news|release\w*|whatsnew|authors|upgrad\w*)\b", re.I)
"""Documents of what was: they show what is no more."""
_DOTTED: Final = re.compile(r"(?<![\w.])([A-Za-z_]\w*)\.([A-Za-z_]\w*)\b(\()?")
_TAKEN: Final = re.compile(r"^\s*(?:>>> ?)?from\s+([\w.]+)\s+import\s+\(?([\w, ]+)")
_REQUIRED: Final = re.compile(
    r"\{\s*([\w, :]+?)\s*\}\s*(?:=\s*require\(\s*|from\s+)[\"']([\w@/.-]+)[\"']"
)  # JavaScript
_IMPORTS: Final = re.compile(r"^\s*(?:>>> ?)?(?:from|import|use|require|const .*require|using)\b")
_NO_USE: Final = re.compile(r"^\s*(?:#|//|\*|--|\.\. )|``|:\w+:`|\]\(")
"""A remark, a directive, or prose that speaks of a name."""
_TYPES: Final = (SymbolKind.CLASS, SymbolKind.STRUCT, SymbolKind.INTERFACE, SymbolKind.TRAIT)


@dataclass(frozen=True, slots=True)
class Documented:
    """A definition with how much documents and examples use it, and the line that shows it best."""

    symbol: FoundSymbol
    written: str
    """The name as they write it: `requests.get`, `Flask`, `Resque.enqueue`."""
    weight: float
    path: str
    line: int


def documented(ground: Ground) -> list[Documented]:
    """Return what documents and examples use by the name that the package gives it, the most used first."""
    own = _own_names(ground)
    best: dict[str, tuple[float, str, int, bool]] = {}
    for file, weight in _files(ground):
        ground.control.checkpoint()
        source = ground.sources.file(file.path)
        if source is None:
            continue
        met: set[str] = set()
        for written, line, called in _written(source.lines, own, prose=file.language in PROSE):
            known = best.get(written)
            more = weight if written not in met else weight / 8
            met.add(written)
            if known is None or (called and not known[3]):
                best[written] = ((known[0] if known else 0.0) + more, file.path, line, called)
            else:
                best[written] = (known[0] + more, *known[1:])
    out: dict[tuple[int, int], Documented] = {}
    for written, (weight, path, line, _) in best.items():
        symbol = _defined(ground, written, own)
        if symbol is None:
            continue
        key = (symbol.blob_id, symbol.start_line)
        use = Documented(symbol, written, weight, path, line)
        other = out.get(key, use)
        heavier = other if other.weight >= weight else use
        out[key] = replace(heavier, weight=weight + (other.weight if other is not use else 0.0))
    return sorted(out.values(), key=lambda each: (-each.weight, each.written))


def called_in_documents(ground: Ground) -> Mapping[str, int]:
    """Return for each name how many documents and examples call it on something: `session.send(…)`."""
    return ground.kept("called in documents", lambda: _called(ground))


def is_same(one: FoundSymbol, other: FoundSymbol) -> bool:
    """Whether two are one definition, found by different ways."""
    return (one.blob_id, one.start_line) == (other.blob_id, other.start_line)


# ------------------------------------------------------------------------------------ private


def _called(ground: Ground) -> Counter[str]:
    found: Counter[str] = Counter()
    for file, _ in _files(ground):
        source = ground.sources.file(file.path)
        if source is not None:
            lines = _code(source.lines) if file.language in PROSE else enumerate(source.lines, 1)
            found.update(
                {match[2] for _, line in lines for match in _DOTTED.finditer(line[:LONGEST]) if match[3]}
            )
    return found


def _files(ground: Ground) -> Iterator[tuple[AreaFile, float]]:
    """Yield documents and examples with what a use in each counts."""
    early = [each.path for each in documents(ground.reader)]
    left_out = FileMark.VENDORED | FileMark.GENERATED | FileMark.TEST
    found = [
        each
        for each in ground.everything
        if (each.language in PROSE or each.marks & (FileMark.EXAMPLE | FileMark.DOCUMENTATION))
        and not each.marks & left_out
        and each.blob_id not in ground.code_ids
        and not _PAST.search(each.path)
    ]
    found.sort(key=lambda each: (each.path not in early, each.path.count("/"), each.path))
    for each in found[:FILES]:
        name = each.path.rpartition("/")[2].lower()
        first = README if name.startswith("readme") and "/" not in each.path else EARLY
        yield each, first if each.path in early else 1.0


def _written(lines: Sequence[str], own: frozenset[str], *, prose: bool) -> Iterator[tuple[str, int, bool]]:
    """Yield the names that lines of code use: as written, with the line, and whether it is called there."""
    taken: set[str] = set()
    for number, line in _code(lines) if prose else enumerate(lines, 1):
        if len(line) > LONGEST:
            continue
        found = _TAKEN.match(line)
        if found is not None and found[1].partition(".")[0] in own:
            names = [each.split(" as ")[0].strip() for each in found[2].split(",")]
            taken |= {each for each in names if each.isidentifier()}
        required = _REQUIRED.search(line)
        if required is not None and required[2].partition("/")[0] in own:
            taken |= {each.partition(":")[0].strip() for each in required[1].split(",")}
        if _IMPORTS.match(line) or _NO_USE.search(line):
            continue
        for match in _DOTTED.finditer(line):
            yield f"{match[1]}.{match[2]}", number, bool(match[3])
        for match in re.finditer(r"(?<![\w.])([A-Za-z_]\w*)(\()?", line):
            if match[1] in taken:
                yield match[1], number, bool(match[2])


def _code(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines of a document that stand in blocks of code."""
    fenced = False
    for number, line in enumerate(lines, 1):
        if line.strip().startswith(("```", "~~~")):
            fenced = not fenced
        elif fenced or line.startswith(("    ", "\t", "   ", ">>>")):
            yield number, line


def _own_names(ground: Ground) -> frozenset[str]:
    """Return the names that others know the package by: the repository's, and those of its top packages."""
    names = {ground.name, ground.name.lower(), ground.name.replace("-", "_")}
    gates = {each.path.rpartition("/")[0] for each in ground.code if each.path.endswith("/__init__.py")}
    names |= {each.rpartition("/")[2] for each in gates if each.rpartition("/")[0] not in gates}
    return frozenset(names)


def _defined(ground: Ground, written: str, own: frozenset[str]) -> FoundSymbol | None:
    """Return the one definition that a name as documents write it can mean, if there is one."""
    on, dot, name = written.rpartition(".")
    if name.startswith("_") or (not dot and name in ground.modules):
        return None  # `from celery import bootsteps` takes in a file, and no command of that name
    found = [
        each
        for each in find_symbols(ground.reader, name, 20)
        if each.name == name
        and each.blob_id in ground.code_ids
        and (each.kind in CALLABLE or each.kind in _TYPES)
    ]
    free = [each for each in found if not each.parent]
    if dot:
        held = [each for each in found if each.parent.rpartition(".")[2] == on]
        free = [each for each in free if _is_of(ground, each, on, own)]
        found = held or free
    else:
        found = free
    if len(found) > 1:
        # Of several that bear the name the package hands on the one that it takes in at its top.
        found = [each for each in found if _is_handed_on(ground, each)]
    return found[0] if len(found) == 1 else None


def _is_of(ground: Ground, symbol: FoundSymbol, on: str, own: frozenset[str]) -> bool:
    """Whether a name before the dot is the package that a free definition is of, or is handed on by."""
    folder = symbol.path.rpartition("/")[0]
    if symbol.path.endswith(".go"):
        return folder.rpartition("/")[2] == on or (not folder and on in own)
    if not symbol.path.endswith(".py"):
        return on in own
    # `celery.worker` is a folder, and no command of that name.
    return on in own and symbol.name not in ground.modules and symbol.name in _of_gate(ground, symbol.path)


def _of_gate(ground: Ground, path: str) -> frozenset[str]:
    """Return the words of the gate of the top package that a file is in."""
    folder, gate = path.rpartition("/")[0], None
    while folder:
        gate = ground.sources.file(f"{folder}/__init__.py") or gate
        folder = folder.rpartition("/")[0]
    return frozenset(re.findall(r"\w+", "\n".join(gate.lines))) if gate is not None else frozenset()


def _is_handed_on(ground: Ground, symbol: FoundSymbol) -> bool:
    """Whether the gate of a package above a definition takes it in from the file that it stands in."""
    folder, _, file = symbol.path.rpartition("/")
    stem = file.partition(".")[0]
    while folder:
        source = ground.sources.file(f"{folder}/__init__.py")
        rows = (
            []
            if source is None
            else ground.reader.execute(
                "SELECT name FROM reference r JOIN entry e ON e.blob_id = r.blob_id"
                " WHERE e.path_id = ? AND r.kind = 'import'",
                (source.path_id,),
            ).fetchall()
        )
        if any(each.rpartition(".")[2] == symbol.name and stem in each.split(".") for (each,) in rows):
            return True
        folder = folder.rpartition("/")[0]
    return False
