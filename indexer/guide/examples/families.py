"""Groups of definitions that a noun may be meant to name, each by one signal.

A backend is a backend because its name ends so, or what it is made from, because it carries a decorator
or is made by a call that is named so, because it stands with others of one shape in a folder or a file
that is named so, or because its first sentence says it. No signal is right everywhere: ``choosing`` weighs
them against each other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from indexer.guide.examples.candidates import CALLABLE, CONTAINERS, Candidate, dotted_bases
from indexer.guide.examples.definitions import UNWANTED, Definitions, candidate_of
from indexer.guide.examples.listed import blocks_in
from indexer.guide.examples.nouns import Noun
from indexer.guide.examples.shapes import SHAPELESS, Shape, shape_of
from indexer.index.symbols import FoundSymbol
from indexer.types import FileMark, SymbolKind

_DEPTH: Final = 6
"""Steps from a type to what it is made from that are followed."""
_PLACES: Final = 2_000
"""Files that are looked into because of their name; sorted by path, so that they are always the same."""
_FILES: Final = 400
"""Files with a decorator that are read."""
_VALUES: Final = (SymbolKind.VARIABLE, SymbolKind.CONSTANT, SymbolKind.FIELD)
_ASKS: Final = re.compile(
    r"^(?:get|set|is|has|can|add|remove|delete|register|unregister|create|make|new|build|find|load|list|all"
    r"|clear|reset|use|run|call|dispatch|merge|default|init|with)(?=[A-Z_]|$)"
)
"""What is done to one, or with one, is no one: ``get_backend``, ``backend=``, ``addHook``."""
_MADE: Final = re.compile(r"=\s*(?:await\s+)?(?:new\s+)?([\w.]+)\s*\(")
_DECORATOR: Final = re.compile(r"^\s*(?:@([\w.]+)|#?\[([\w.:]+))")
_REGISTERS: Final = ("register", "add", "use", "on", "attach", "connect", "install", "include")


@dataclass(frozen=True, slots=True)
class Family:
    """Those that one signal finds. ``weight`` is how far the signal can be trusted, from 0 to 1 or so;
    ``label`` is what they are recognised by, in words that a wish may name.
    """

    sort: str
    label: str
    weight: float
    members: tuple[Candidate, ...]


def families_of(noun: Noun, definitions: Definitions) -> list[Family]:
    """Return the groups that the noun may name, in no order."""
    readers: tuple[Callable[[Noun, Definitions], Iterable[Family]], ...] = (
        _types, _decorated, _made, _called, _placed, _owned, _told, _functions, _returning, _registered,
    )  # fmt: skip
    found = [family for reader in readers for family in reader(noun, definitions)]
    return [each for each in found if each.members]


# ---------------------------------------------------------------------------- signals


def _types(noun: Noun, definitions: Definitions) -> Iterator[Family]:
    """Yield types whose name, or the name of something that they are made from, ends in the noun."""
    bases = definitions.bases
    ones = {base for _, own in bases for base in own if noun.ends(base)}
    ones |= {each.name for each, _ in bases if noun.ends(each.name)}
    for _ in range(_DEPTH):
        heirs = {each.name for each, own in bases if own & ones}
        if heirs <= ones:
            break
        ones |= heirs
    found = [
        each for each, own in bases if not noun.counts(each.name) and (noun.ends(each.name) or own & ones)
    ]
    modules = [
        each
        for each in definitions.where("s.kind = 'module' AND s.name LIKE ?", (f"%{noun.word}",))
        if noun.ends(each.name) and not noun.is_all(each.name) and not definitions.is_namespace(each)
    ]
    yield Family("type", "", 1.0, _candidates([*found, *modules]))
    # ``bootsteps.StartStopStep``: the module that it comes from is named so.
    hinted = [
        each
        for each in definitions.types
        if any(noun.is_all(part) for base in dotted_bases(each) for part in base.split(".")[:-1])
    ]
    yield Family("origin", "", 0.6, _candidates(hinted))


def _decorated(noun: Noun, definitions: Definitions) -> Iterator[Family]:
    """Yield definitions that carry a decorator or an annotation whose name ends in the noun."""
    rows = definitions.shelf.reader.execute(
        "SELECT p.shown, c.text FROM chunk c JOIN entry e ON e.blob_id = c.blob_id"
        " JOIN path p ON p.id = e.path_id WHERE (c.text LIKE ? OR c.text LIKE ?) AND e.marks & ? = 0",
        (f"%@%{noun.word}%", f"%[%{noun.word}%", int(UNWANTED | FileMark.DOCUMENTATION)),
    )
    carries = re.compile(rf"(?im)^\s*(?:@[\w.]*|#?\[[\w.:]*){re.escape(noun.word)}\b")
    paths = dict.fromkeys(path for path, text in rows if carries.search(text))
    found: dict[str, list[FoundSymbol]] = defaultdict(list)
    for path in list(paths)[:_FILES]:
        sheet = definitions.shelf.sheet(path)
        for each in sheet.definitions if sheet is not None else ():
            if sheet is None or each.kind not in (*CONTAINERS, *CALLABLE):
                continue
            for line in sheet.lines[each.start_line - 1 : each.name_line]:
                named = _DECORATOR.match(line)
                word = next((group for group in named.groups() if group), "") if named else ""
                last = re.split(r"[.:]", word)[-1]
                if word and noun.ends(last) and not _ASKS.match(last):
                    found[last].append(each)
                    break
    for last, members in found.items():
        yield Family("decorated", last, 1.1, _candidates(members))
    everyone = [each for members in found.values() for each in members]
    yield Family("decorated", "", 1.0, _candidates(everyone))


def _made(noun: Noun, definitions: Definitions) -> Iterator[Family]:
    """Yield names of a module that are set to what a call returns whose name is the noun."""
    kinds = ",".join(f"'{each}'" for each in _VALUES)
    found: dict[str, list[FoundSymbol]] = defaultdict(list)
    for each in definitions.where(f"s.kind IN ({kinds}) AND s.signature LIKE ?", (f"%=%{noun.word}%(%",)):
        call = _MADE.search(each.signature)
        last = "" if call is None else call.group(1).rpartition(".")[2]
        if last and noun.is_all(last) and definitions.stands_alone(each):
            found[last].append(each)
    for last, members in found.items():
        yield Family("made", last, 1.0 if len(members) > 1 else 0.3, _candidates(members))


def _called(noun: Noun, definitions: Definitions) -> Iterator[Family]:
    """Yield statements that begin with a call of the noun which is given a name: ``task :work do``."""
    begins = re.compile(
        rf"^(\s*)(?:\w+\.)?({re.escape(noun.word)})(?:\s+|\s*\(\s*)(?:name:\s*)?(:\w+|'[^']+'|\"[^\"]+\")",
        re.IGNORECASE,
    )
    rows = definitions.shelf.reader.execute(
        "SELECT DISTINCT p.shown FROM reference r JOIN entry e ON e.blob_id = r.blob_id"
        " JOIN path p ON p.id = e.path_id WHERE r.name = ? AND r.kind = 'call' AND e.marks & ? = 0 LIMIT 200",
        (noun.word, int(UNWANTED | FileMark.DOCUMENTATION)),
    ).fetchall()
    found: list[Candidate] = []
    for (path,) in rows:
        sheet = definitions.shelf.sheet(path)
        found += blocks_in(sheet, begins) if sheet is not None else ()
    yield Family("called", noun.word, 0.9, tuple(found))


def _placed(noun: Noun, definitions: Definitions) -> Iterator[Family]:
    """Yield what stands in a folder or a file that is named by the noun, as far as it has one shape."""
    paths = definitions.shelf.reader.execute(
        "SELECT p.shown FROM path p JOIN entry e ON e.path_id = p.id"
        " WHERE p.shown LIKE ? AND e.marks & ? = 0 ORDER BY p.shown",
        (f"%{noun.word}%", int(UNWANTED | FileMark.DOCUMENTATION)),
    ).fetchall()
    found = [each for (path,) in paths[:_PLACES] for each in _open_in(path, noun, definitions)]
    # A helper stands alone; what people add to such a folder has the shape of what is there already.
    groups = _alike(found, definitions)
    largest = max(map(len, groups), default=0)
    kept = [
        each
        for group in groups
        if 2 * len(group) > largest or largest == 1
        for each in group
        if not _asks(each, noun)
    ]
    yield Family("placed", "", 0.9 if largest > 1 else 0.4, _candidates(kept))


def _open_in(path: str, noun: Noun, definitions: Definitions) -> list[FoundSymbol]:
    """Return what a file that is placed by the noun offers to others; nothing of any other file."""
    folder = noun.has_folder(path)
    if not folder and not noun.has_file(path):
        return []
    inside = definitions.where("p.shown = ?", (path,))
    # A file that is named as the one type in it makes the kind work: ``plugin.rb`` with ``Plugin``.
    if not folder and any(
        each.kind in (*CONTAINERS, SymbolKind.MODULE) and each.name.lower() == noun.word for each in inside
    ):
        return []
    private = re.compile("_|[a-z]" if path.endswith(".go") else "_")
    offered = [
        each
        for each in inside
        if each.kind in (*CONTAINERS, *CALLABLE, SymbolKind.MODULE)
        and not private.match(each.name)
        and not definitions.is_namespace(each)
        and definitions.stands_alone(each)
    ]
    # What stands in a module that is one itself is a part of it.
    modules = {each.qualified for each in offered if each.kind is SymbolKind.MODULE}
    return [each for each in offered if each.parent not in modules]


def _owned(noun: Noun, definitions: Definitions) -> Iterator[Family]:
    """Yield methods, functions or types of what the word before the noun names: "a response method"."""
    kind = next((each for each in (*CONTAINERS, *CALLABLE) if each.value == noun.word), None)
    if kind is None or not noun.before:
        return
    owner = Noun(noun.before)
    rows = definitions.where("s.kind = ? AND p.shown LIKE ?", (kind.value, f"%{owner.word}%"))
    found = [each for each in rows if owner.has_file(each.path) and not _ASKS.match(each.name)]
    yield Family("owned", noun.before, 0.3, _candidates(found))


def _told(noun: Noun, definitions: Definitions) -> Iterator[Family]:
    """Yield what says of itself that it is one, in the first words of its documentation."""
    kinds = ",".join(f"'{each}'" for each in (*CONTAINERS, *CALLABLE, SymbolKind.MODULE))
    found = [
        each
        for each in definitions.where(f"s.kind IN ({kinds}) AND s.doc LIKE ?", (f"%{noun.word}%",))
        if noun.told(each.name, each.doc) and not _asks(each, noun)
    ]
    yield Family("told", "", 0.9, _candidates(found))


def _functions(noun: Noun, definitions: Definitions) -> Iterator[Family]:
    """Yield functions whose name ends, or begins, with the noun, as far as they have one shape."""
    rows = definitions.where("s.kind IN ('function', 'method') AND s.name LIKE ?", (f"%{noun.word}%",))
    for sort, weight, named in (("function", 0.5, noun.ends), ("begins", 0.4, noun.begins)):
        found = [
            each
            for each in rows
            if named(each.name) and not _asks(each, noun) and definitions.stands_alone(each)
        ]
        largest = max(_alike(found, definitions), key=len, default=[])
        yield Family(sort, "", weight if len(largest) > 1 else weight / 4, _candidates(largest))


def _returning(noun: Noun, definitions: Definitions) -> Iterator[Family]:
    """Yield functions that return what is named by the noun: ``func ExtractIPDirect() IPExtractor``."""
    rows = definitions.where("s.kind = 'function' AND s.signature LIKE ?", (f"%{noun.word}%",))
    found = []
    for each in rows:
        sort, *what = shape_of(each)
        named = re.findall(r"\w+", what[0]) if sort == "returns" else []
        if named and noun.ends(named[-1]) and not _asks(each, noun) and definitions.stands_alone(each):
            found.append(each)
    yield Family("returning", "", 0.7 if len(found) > 1 else 0.2, _candidates(found))


def _registered(noun: Noun, definitions: Definitions) -> Iterator[Family]:
    """Yield what is handed to a call such as ``register_hook`` or ``addPlugin``."""
    names = [
        name
        for (name,) in definitions.shelf.reader.execute(
            "SELECT DISTINCT name FROM reference WHERE kind = 'call' AND name LIKE ?", (f"%{noun.word}",)
        )
        if noun.ends(name) and re.match(rf"(?i)(?:{'|'.join(_REGISTERS)})_?{re.escape(noun.word)}$", name)
    ]
    found: dict[tuple[str, int], FoundSymbol] = {}
    for name in names:
        calls = re.compile(rf"\b{re.escape(name)}\s*\(([^()]*)\)", re.IGNORECASE)
        rows = definitions.shelf.reader.execute(
            "SELECT DISTINCT p.shown FROM reference r JOIN entry e ON e.blob_id = r.blob_id"
            " JOIN path p ON p.id = e.path_id WHERE r.name = ? AND e.marks & ? = 0 LIMIT 200",
            (name, int(UNWANTED | FileMark.DOCUMENTATION)),
        ).fetchall()
        for (path,) in rows:
            sheet = definitions.shelf.sheet(path)
            given = {
                word.rpartition(".")[2]
                for handed in (calls.findall(sheet.text) if sheet is not None else ())
                for word in re.findall(r"(?<![\w'\"])[A-Za-z_][\w.]*(?![\w'\"=])", handed)
            }
            for each in sheet.definitions if sheet is not None else ():
                if each.name in given and each.kind in (*CONTAINERS, *CALLABLE):
                    found[path, each.start_line] = each
    yield Family("registered", " ".join(names), 0.9, _candidates(found.values()))


# ---------------------------------------------------------------------------- private


def _asks(symbol: FoundSymbol, noun: Noun) -> bool:
    """Say whether a function hands one out, takes one in or manages them, rather than being one."""
    if symbol.kind not in CALLABLE:
        return False
    if noun.is_all(symbol.name) or noun.counts(symbol.name) or symbol.name[-1] in "=?!":
        return True
    return noun.ends(symbol.name) and _ASKS.match(symbol.name) is not None


def _alike(symbols: Iterable[FoundSymbol], definitions: Definitions) -> list[list[FoundSymbol]]:
    """Return the symbols by their shape: those of the code itself, where there are any, else all."""
    symbols = list(symbols)
    own = [each for each in symbols if not definitions.shelf.mark(each.marks)]
    groups: dict[Shape, list[FoundSymbol]] = defaultdict(list)
    for each in own or symbols:
        groups[shape_of(each)].append(each)
    if len(groups) > 1:
        # To take nothing and return nothing is no shape; what does so are helpers, most often.
        groups.pop(SHAPELESS, None)
    return list(groups.values())


def _candidates(symbols: Iterable[FoundSymbol]) -> tuple[Candidate, ...]:
    return tuple(dict.fromkeys(candidate_of(each) for each in symbols))
