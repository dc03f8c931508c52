"""The stops on what much of the rest depends on, each told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from indexer.answer.byways import indent, is_by_the_way
from indexer.answer.inquiry import CALLABLE, kind_word, listed, shown_place
from indexer.answer.worth import does_work
from indexer.guide.tours import counting
from indexer.guide.tours.depended import TYPES, Depended, bases_of, by_text, is_general, is_of_any_object
from indexer.guide.tours.documented import Documented, called_in_documents, is_same
from indexer.guide.tours.ground import Ground
from indexer.guide.tours.laid import Laid
from indexer.guide.tours.own_calls import own_calls
from indexer.guide.tours.reasons_near import in_code
from indexer.guide.tours.saying import telling_words
from indexer.guide.tours.uses import Uses
from indexer.index.symbols import (
    FoundReference,
    FoundSymbol,
    definitions_in,
    find_symbols,
)
from indexer.shapes.onboarding import StepKind
from indexer.types import Citation, ReferenceKind, Section, SymbolKind

SHOWN: Final = 12
"""Definitions of which it is said that documents show them: those that they show most."""
ORDERS: Final = 0.35
"""What a method counts more for each other one of its class that it calls."""
LIKELY: Final = 6
"""Methods of a class among which those are told that tell something."""
CALLED: Final = 3
"""Methods that another one calls which are named."""
FIELDS: Final = 3
"""Methods from which a type that only holds is known as one."""
HEIRS: Final = 4
"""Classes built on another that are named."""
TELLING: Final = 5
"""Words from which what a class says of itself is worth asking for: *Base class for loaders.* is not."""
MOST_HEIRS: Final = 200
_MIXES: Final = re.compile(r"(?:include|extend|prepend|use)\b")
"""What a class mixes in within its body (Ruby, PHP, Elixir)."""
_ASIDE: Final = re.compile(
    r"^(?:get|is|has|can|should|set|to|copy|clone|close|reset|clear|lower|upper|on|handle_\w*error|max|min|clean|initialize)"
    r"(?:_|[A-Z]|$)|^(?:Is|Has|Get|Set|Copy|Clone|Reset|Clear|Close)"
)
"""Names of what asks for a value, copies or tidies up: a class is not there for these."""
MANY: Final = 5
"""Files from which their number is worth a title: uses are known by names, a low number is a lower bound."""
LEAST_FIELDS: Final = 2
MOST_FIELDS: Final = 6
"""Fields that are named of a type which says nothing of itself, and those without which none is."""
_GIVEN_A_VALUE: Final = re.compile(r"\w+\s*=")
"""What is written without a type is a setting of a class as often as something that it holds."""
_CONSTANT: Final = re.compile(r"[A-Z0-9_]+$")
_OF_ALL_TYPES: Final = re.compile(r"^_?(?:log|logger|serialVersionUID)$", re.I)
_ACCESSOR: Final = re.compile(r"^(?:get|set|is)[A-Z]\w*$|^(?:toString|hashCode|equals)$")


def core(ground: Ground, depended: Depended, shown: Sequence[Documented] = ()) -> Laid:
    """One definition that much depends on."""
    symbol = depended.symbol
    laid = Laid(ground, StepKind.CORE, f"core:{symbol.qualified}", _title(depended, shown))
    says, proof = telling_words(laid.inquiry, symbol)
    told = f": “{says}”" if says else "."
    laid.page.tell(
        Section.WHAT,
        f"`{symbol.qualified}` is {kind_word(symbol.kind)} in"
        f" {shown_place(symbol.path, symbol.name_line)}{told}",
        [laid.inquiry.signature(symbol), proof],
    )
    if not says:
        _say_fields(laid, symbol)
    found = [(name, line, _mixed_in(ground, symbol, line)) for name, line in bases_of(ground, symbol)]
    bases = [(name, line) for name, line, mixing in found if not mixing]
    for name, line, mixing in found:
        if mixing:
            laid.page.tell(
                Section.WHAT,
                f"It mixes in `{name}` (`{mixing[:60]}`).",
                [ground.sources.span(symbol.path, line, line)],
            )
    if bases:
        laid.page.tell(
            Section.WHAT,
            f"It builds on {listed([f'`{each}`' for each, _ in bases])}.",
            [ground.sources.span(symbol.path, line, line) for _, line in bases[:2]],
        )
        laid.uses += [each for each, _ in bases]
    users = Uses(ground).of(symbol, depended.named)
    paths = list(
        dict.fromkeys(
            each.path for each in users if not each.marks & ground.minor and each.path != symbol.path
        )
    )
    texts = by_text(ground, symbol, depended.named)
    paths += sorted(texts - set(paths))
    heirs = _heirs(ground, symbol, depended.named)
    if heirs:
        laid.fact(
            f"{counting.counted(len(heirs), 'class builds', 'classes build')} on it"
            f"{', directly or through another' if len(heirs) > 1 else ''}:"
            f" {listed([f'`{each.qualified}`' for each in heirs[:HEIRS]])}"
            + (" and others." if len(heirs) > HEIRS else "."),
            f"classes that build on {symbol.qualified}",
            [shown_place(each.path, each.name_line) for each in heirs[:20]],
        )
    if len(paths) > (1 if heirs else 0):
        do = "does" if depended.others == 1 else "do"
        also = f"; so {do} at least {counting.files(depended.others)} of tests, examples and documents"
        also = also if depended.others else ""
        alias = f" as `{depended.named}`" if depended.named != symbol.name else ""
        where = f", first of all {listed(paths[:3])}" if len(paths) > 1 else f", {paths[0]}"
        laid.fact(
            f"At least {counting.files(len(paths))} of code"
            f" name{'s' if len(paths) == 1 else ''} it{alias}"
            f"{where}{_in_a_text(texts, len(paths))}{also}.",
            f"uses of {depended.named}",
            [shown_place(each.path, each.line) for each in users[:20]],
        )
    calling = depended.calling - set(paths)
    if calling:
        laid.fact(
            f"{len(calling)} more file{' of code calls' if len(calling) == 1 else 's of code call'} methods"
            f" that it alone has here: {listed(sorted(calling)[:3])}.",
            f"calls of methods that {symbol.qualified} alone has",
            [shown_place(each, 1) for each in sorted(calling)[:20]],
        )
    methods = _methods(ground, symbol, called_in_documents(ground))
    for method in methods[:3]:
        said, saying = telling_words(laid.inquiry, method)
        own = own_calls(ground, method)
        lines = [ground.sources.span(method.path, line, line) for _, line in own[:CALLED]]
        laid.page.tell(
            Section.WHAT,
            f"`{method.name}` ({shown_place(method.path, method.name_line)})"
            + (f": “{said}”" if said else f"{_calling(own)}."),
            [laid.inquiry.signature(method), saying, *(() if said else lines)],
        )
    for reason in sorted(
        in_code(ground, symbol.path, symbol.start_line, symbol.end_line, symbol.qualified),
        # What is said of the whole tells more of it than what is said within one method.
        key=lambda each: (not each.plain, each.about != f"`{symbol.qualified}`"),
    )[:1]:
        inner = f" (in {reason.about})" if reason.about != f"`{symbol.qualified}`" else ""
        laid.page.tell(Section.WHY, f"“{reason.text}”{inner}", [reason.citation])
        ground.quoted.add(reason.text)
    laid.read_symbol(symbol)
    if methods:
        laid.read_symbol(methods[0])
    changes = ground.file(symbol.path)
    rests = " rests" if depended.reached == 1 else " rest"
    laid.matters(
        f"At least {counting.files(depended.reached)} of code{rests} on it by its name, or call what only it"
        " has;"
        f" {symbol.path} changed"
        f" {counting.times(changes.changes if changes else 0)} in the last 12 months.",
        f"uses of {symbol.name}; git log --since=1.year -- {symbol.path}",
        [shown_place(each.path, each.line) for each in users[:10]],
    )
    _ask_core(laid, symbol, says, proof, methods)
    laid.introduces += [symbol.name, f"{symbol.path}#{symbol.qualified}"]
    return laid


def _say_fields(laid: Laid, symbol: FoundSymbol) -> None:
    """Tell what a type holds, where it says nothing of itself."""
    fields = [
        each
        for each in definitions_in(laid.ground.reader, symbol.path_id)
        if each.parent == symbol.qualified
        and each.kind in (SymbolKind.FIELD, SymbolKind.PROPERTY)
        and not _CONSTANT.match(each.name)
        and not _GIVEN_A_VALUE.match(each.signature)
        and not _OF_ALL_TYPES.search(each.name)
    ]
    if len(fields) >= LEAST_FIELDS:
        more = f" and {len(fields) - MOST_FIELDS} more" if len(fields) > MOST_FIELDS else ""
        names = [f"`{each.name}`" for each in fields[:MOST_FIELDS]]
        laid.page.tell(
            Section.WHAT,
            f"It holds {', '.join(names) if more else listed(names)}{more}.",
            [laid.inquiry.signature(each) for each in fields[:MOST_FIELDS]],
        )


def _calling(own: Sequence[tuple[str, int]]) -> str:
    """Return which methods of its own class one calls, for one that says nothing of itself."""
    if not own:
        return ""
    more = f" and {len(own) - CALLED} more" if len(own) > CALLED else ""
    names = [f"`{name}`" for name, _ in own[:CALLED]]
    return f", which calls {', '.join(names) if more else listed(names)}{more} of its own class"


def _in_a_text(texts: frozenset[str], among: int) -> str:
    number = len(texts)
    if number and among == 1:
        return ", which loads it by a text"
    return f"; {number:,} of these load{'s' if number == 1 else ''} it by a text" if number else ""


def only_holds(ground: Ground, symbol: FoundSymbol) -> bool:
    """Return whether a type only holds values: each of its methods asks for one, or sets one."""
    methods = [
        each
        for each in definitions_in(ground.reader, symbol.path_id)
        if each.parent == symbol.qualified and each.kind in CALLABLE and each.name != symbol.name
    ]
    return len(methods) >= FIELDS and all(
        each.name.startswith("__") or _ACCESSOR.match(each.name) or _ASIDE.match(each.name)
        for each in methods
    )


# ------------------------------------------------------------------------------------ private


def _ask_core(
    laid: Laid, symbol: FoundSymbol, says: str, proof: Citation | None, methods: Sequence[FoundSymbol]
) -> None:
    """Ask which method does what one says of itself, else what it is for: what calls it most is not known for
    certain.
    """
    told = [(each, *telling_words(laid.inquiry, each)) for each in methods[:3]]
    for method, said, cited in told if len(told) > 2 else ():
        # A sentence that holds the name of a method gives it away.
        if said and cited is not None and not any(_gives_away(said, each.name) for each in methods[:3]):
            laid.ask(
                f"Which method of `{symbol.name}` says of itself: “{said}”",
                f"`{method.name}`, {shown_place(method.path, method.name_line)}.",
                [cited],
                method.name,
                [each.name for each in methods[:3] if each.name != method.name],
            )
            return
    if len(says.split()) >= TELLING and proof is not None:
        laid.ask(f"In a sentence of your own: what is `{symbol.name}` for?", f"It says: “{says}”", [proof])
    elif methods:
        laid.ask(
            f"What can one do with `{symbol.name}`, by the methods that were named?",
            f"{listed([f'`{each.name}`' for each in methods[:3]])}.",
            [laid.inquiry.signature(each) for each in methods[:3]],
        )


def _gives_away(said: str, name: str) -> bool:
    plain = re.sub(r"[^a-z]", "", said.lower())
    words = [each for each in re.split(r"_|(?<=[a-z])(?=[A-Z])", name) if len(each) > 2]
    return any(each.lower()[:5] in plain for each in words)


def _mixed_in(ground: Ground, symbol: FoundSymbol, line: int) -> str:
    """Return the line by which a class takes in a module, where it is no base in its head; or nothing."""
    source = ground.sources.file(symbol.path)
    text = source.lines[line - 1].strip() if source is not None and line != symbol.name_line else ""
    return text if _MIXES.match(text) else ""


def _heirs(ground: Ground, symbol: FoundSymbol, named: str) -> list[FoundSymbol]:
    """Return the classes of the system that build on a type, those with the most heirs of their own first."""
    if symbol.kind not in TYPES:
        return []
    uses = Uses(ground)
    found: dict[tuple[int, int], FoundSymbol] = {}
    behind: Counter[tuple[int, int]] = Counter()
    open_ones: list[tuple[FoundSymbol, str, tuple[int, int] | None]] = [(symbol, symbol.name, None)]
    if named != symbol.name:
        open_ones.append((symbol, named, None))
    while open_ones and len(found) < MOST_HEIRS:
        base, name, first = open_ones.pop(0)
        for use in uses.of(base, name):
            heir = _inheriting(ground, use) if use.kind is ReferenceKind.INHERIT else None
            if heir is None or heir.blob_id not in ground.system_ids:
                continue
            key = (heir.blob_id, heir.start_line)
            if key in found or heir.qualified == symbol.qualified:
                continue
            found[key] = heir
            behind[first or key] += 1
            open_ones.append((heir, heir.name, first or key))
    return sorted(found.values(), key=lambda each: (-behind[each.blob_id, each.start_line], each.path))


def _inheriting(ground: Ground, use: FoundReference) -> FoundSymbol | None:
    """Return the class in whose head a base is named."""
    heads = [
        each
        for each in definitions_in(ground.reader, use.path_id)
        if each.kind in TYPES and each.start_line <= use.line <= max(each.name_line + 6, each.start_line)
    ]
    head = max(heads, key=lambda each: each.start_line, default=None)
    source = ground.sources.file(use.path) if head is not None else None
    if head is None or source is None:
        return head
    above = source.lines[: head.start_line - 1]
    around = next((each for each in reversed(above) if each.strip() and indent(each) < 1), "")
    # What only a type checker sees is a stub for it.
    inside = indent(source.lines[head.start_line - 1]) > 0
    return None if inside and "TYPE_CHECKING" in around else head


def _methods(ground: Ground, symbol: FoundSymbol, shown: Mapping[str, int]) -> list[FoundSymbol]:
    """Return the public methods of a type, those first that do its work: by their names, by who calls them,
    by what documents call.

    How many call one is not to be said: a call on what is handed around is known by its name alone.
    """
    out: list[tuple[float, FoundSymbol]] = []
    names: set[str] = {symbol.name}
    for each in definitions_in(ground.reader, symbol.path_id):
        if each.parent != symbol.qualified or each.kind not in CALLABLE or each.name.startswith("_"):
            continue
        if each.end_line - each.start_line < 2 or each.name in names:
            continue
        if _ACCESSOR.match(each.name) or is_of_any_object(each.name):
            continue
        names.add(each.name)
        out.append((_work_of(ground, each, shown), each))
    out.sort(key=lambda each: (-each[0], each[1].start_line))
    likely = [each for _, each in out[:LIKELY]]
    # Of what is likely the ones come first of which anything can be told.
    inquiry = ground.inquiry()
    return sorted(likely, key=lambda each: not (telling_words(inquiry, each)[0] or own_calls(ground, each)))


def _work_of(ground: Ground, method: FoundSymbol, shown: Mapping[str, int]) -> float:
    """Return how likely a method is one of those that a class is there for."""
    # What it does and then hands on to a base that is not here, a library calls by that name too.
    known = not (is_general(method.name) or _hands_on(ground, method))
    users = (
        {use.path for use in Uses(ground).calls(method) if not use.marks & ground.minor} if known else set()
    )
    lines = method.end_line - method.start_line + 1
    # What calls the most of the others is what brings them together.
    worth = ORDERS * min(len(own_calls(ground, method)), 4)
    worth += 0.5 * min(len(users - {method.path}), 3) + min(lines, 60) / 60
    worth += 0.5 * min(shown.get(method.name, 0), 3)
    worth += 1.0 if does_work(method.name) else 0.0
    return worth - (1.5 if _ASIDE.match(method.name) or is_by_the_way(method.name) else 0.0)


def _hands_on(ground: Ground, method: FoundSymbol) -> bool:
    """Whether a method calls its own name of its base, and no other class here has one."""
    source = ground.sources.file(method.path)
    lines = source.lines[method.start_line - 1 : method.end_line] if source is not None else ()
    if not any(re.search(rf"\bsuper\b.*\.\s*{re.escape(method.name)}\(", line) for line in lines):
        return False
    bearers = [each for each in find_symbols(ground.reader, method.name, 20) if each.kind in CALLABLE]
    return all(
        each.parent == method.parent or each.marks & ground.minor
        for each in bearers
        if each.name == method.name
    )


def _title(depended: Depended, shown: Sequence[Documented]) -> str:
    name = depended.symbol.name
    if any(is_same(each.symbol, depended.symbol) for each in shown[:SHOWN]):
        return f"`{name}`, which documents show in use"
    if depended.reached >= MANY:
        return f"`{name}`, which {depended.reached:,} files use"
    if depended.shown > 1:
        return f"`{name}`, which tests, examples and documents use most"
    return f"`{name}`, which much rests on"
