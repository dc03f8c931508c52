"""What is to be read is a whole: no window that is cut in the middle of a statement."""

from __future__ import annotations

from indexer.guide.tours.units import WHOLE, around, cut, head, of_symbol
from indexer.index.symbols import FoundSymbol
from indexer.types import FileMark, SymbolKind


def symbol(name: str, kind: SymbolKind, start: int, end: int, parent: str = "") -> FoundSymbol:
    """Return a definition of a file."""
    return FoundSymbol(
        path_id=1, path="a.py", blob_id=1, name=name, parent=parent, kind=kind, start_line=start,
        name_line=start, end_line=end, signature="", doc="", rank=0.0, marks=FileMark.NONE,
    )  # fmt: skip


def a_long_class() -> tuple[list[str], list[FoundSymbol]]:
    """Return the lines of a class with a constructor and a long method, and what it defines."""
    lines = ["class Store:", '    """Keeps."""', "", "    def __init__(self):", "        self.kept = []", ""]
    lines += ["    def keep(self, thing):"] + ["        self.kept.append(thing)"] * 200
    defined = [
        symbol("Store", SymbolKind.CLASS, 1, len(lines)),
        symbol("__init__", SymbolKind.METHOD, 4, 5, "Store"),
        symbol("keep", SymbolKind.METHOD, 7, len(lines), "Store"),
    ]
    return lines, defined


def test_of_a_long_class_its_head_and_constructor_are_read() -> None:
    lines, defined = a_long_class()
    assert of_symbol(lines, defined[0], defined) == (1, 5, False)


def test_of_a_long_class_without_a_constructor_what_stands_before_its_first_method_is_read() -> None:
    lines, defined = a_long_class()
    assert of_symbol(lines, defined[0], [defined[0], defined[2]]) == (1, 5, False)


def test_a_short_definition_is_read_whole() -> None:
    lines = ["def one():"] + ["    pass"] * (WHOLE - 1)
    only = symbol("one", SymbolKind.FUNCTION, 1, WHOLE)
    assert of_symbol(lines, only, [only]) == (1, WHOLE, True)


def test_a_long_function_is_cut_between_two_blocks() -> None:
    block = ["    if ready:", "        one()", "        two()", "    else:", "        three()", ""]
    lines = ["def work():", *(block * 40)]
    end = cut(lines, 1, len(lines), 1)
    assert lines[end - 1] == "        three()"
    assert WHOLE - len(block) <= end <= WHOLE


def test_a_rule_is_read_whole_and_nothing_beside_it() -> None:
    lines = ["init:", "\tinstall", "", "test:", "\tpytest", "\tcoverage", ""]
    rules = [symbol("init", SymbolKind.RULE, 1, 3), symbol("test", SymbolKind.RULE, 4, 7)]
    assert around(lines, 5, rules) == (4, 6)


def test_a_document_is_begun_with_whole_sections() -> None:
    lines = (["Title", "=====", ""] + ["words"] * 20 + ["Next", "----"]) + ["words"] * 200
    sections = [
        symbol("Title", SymbolKind.HEADING, 1, len(lines)),
        symbol("Next", SymbolKind.HEADING, 24, len(lines)),
    ]
    assert head(lines, sections) == (1, 23)
