"""Which definitions came, went, moved or have another signature: both ends parsed and compared."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.guide.changes.citing import Place, RangeSources
from indexer.guide.changes.parsed import Parser, Wanted
from indexer.guide.changes.public import ASIDE, CODE, HOLDERS, public_symbols
from indexer.guide.changes.subjects import MIGRATION, path_kind
from indexer.repo.differences import FileChange
from indexer.repo.languages import FileClass, classify
from indexer.shapes.changes import ApiChange, ApiRow, StoryKind
from indexer.types import (
    Citation,
    Control,
    ParsedFile,
    ReadAs,
    Section,
    Statement,
    Symbol,
    SymbolKind,
    shown_path,
)

MOST_FILES: Final = 2_000
"""Changed files that are parsed, at both ends; the largest changes first."""

PARSED_BYTES: Final = 1_000_000
"""Of one content; larger files are read by lines anyway, and have no definitions then."""

LONGEST_VALUES: Final = 160
"""Characters of an old and a new value that are told in one sentence; longer ones are to be looked at."""

CUT_SIGNATURE: Final = 200
"""Characters from which a signature may be the beginning of a longer one."""

LONGEST_SIGNATURE: Final = 60
"""Lines of one."""

_COMMENT: Final = re.compile(r"\s+#.*$|\s*//.*$")
_SPACE: Final = re.compile(r"\s+")
_LOOSE: Final = re.compile(r"\s*([(),:=\[\]{}<>*&|+])\s*")
_LAST_COMMA: Final = re.compile(r",([)\]}])")
_TYPED_VALUE: Final = re.compile(r"(?<=\w):[^=()]*=(?!=)")
_SUBSCRIPT: Final = re.compile(r"\[[^\[\]]*\]")
_GENERIC: Final = re.compile(r",?\bGeneric\b(?=[,)])")
_OPEN: Final = re.compile(r"([(\[{]) ")
_CLOSE: Final = re.compile(r",? ([)\]}])")
_RECEIVER: Final = re.compile(r"^func \(\w+ (?=[*\w])")
"""What a method of Go calls its own object, which is nobody else's business."""

_STRING: Final = re.compile(r"'([^'\"\\]*)'")
_VALUES: Final = frozenset((SymbolKind.CONSTANT, SymbolKind.MACRO))
_OVERLOADING: Final = frozenset(
    ["java", "kotlin", "scala", "groovy", "csharp", "cpp", "swift", "typescript", "tsx", "d", "vb", "delphi"]
)
_NOTHING: Final = ParsedFile("", ReadAs.LINES, "", 0, (), (), ())
_CALLED: Final = frozenset((SymbolKind.FUNCTION, SymbolKind.METHOD))


@dataclass(frozen=True, slots=True)
class Ends:
    """A changed file as it was and as it is, parsed; None where it was not there, or was not read."""

    change: FileChange
    before: ParsedFile | None
    after: ParsedFile | None


@dataclass(frozen=True, slots=True)
class _Definition:
    """One public definition at one end."""

    symbol: Symbol
    place: Place
    signature: str
    """As compared: without what only looks differ in."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A definition that is not the same at both ends; one of the two may be missing."""

    change: ApiChange
    before: _Definition | None
    after: _Definition | None
    members: int = 0
    """Definitions inside one that came or went, which are not told by themselves."""

    @property
    def shown(self) -> _Definition:
        """Where it is now, or was."""
        found = self.after or self.before
        assert found is not None
        return found


def parse_ends(changes: Sequence[FileChange], parser: Parser, control: Control) -> tuple[list[Ends], int]:
    """Return the changed files that have definitions, parsed at both ends, and how many were left out."""
    asked: list[tuple[FileChange, FileClass, FileClass]] = []
    for each in changes:
        before, after = classify(each.old_path, {}), classify(each.path, {})
        if each.submodule or each.mode_only or each.status == "U":
            continue
        if (after.marks & ASIDE and before.marks & ASIDE) or (after.skip and before.skip):
            continue
        if path_kind(each.path) in (StoryKind.BUILD, StoryKind.DEPENDENCY) or MIGRATION.search(each.path):
            continue
        if after.language in CODE or before.language in CODE:
            asked.append((each, before, after))
    asked.sort(key=lambda each: -((each[0].added or 0) + (each[0].deleted or 0)))
    left_out = max(len(asked) - MOST_FILES, 0)
    asked = asked[:MOST_FILES]

    wanted = [
        Wanted(2 * at + side, path, oid)
        for at, (change, before, after) in enumerate(asked)
        for side, path, file_class, oid in (
            (0, change.old_path, before, change.old_oid),
            (1, change.path, after, change.new_oid),
        )
        if oid.strip("0") and not file_class.skip and not file_class.marks & ASIDE
    ]
    parsed = parser.parse(wanted, PARSED_BYTES, control)
    return [
        Ends(change, parsed.get(2 * at), parsed.get(2 * at + 1)) for at, (change, _, _) in enumerate(asked)
    ], left_out


def differences(
    ends: Iterable[Ends], start: str, end: str, sources: RangeSources
) -> tuple[list[Difference], int]:
    """Return what is not the same at both ends, and how many signatures only gained annotations."""
    gone: list[_Definition] = []
    come: list[_Definition] = []
    found: list[Difference] = []
    annotated = 0
    for each in ends:
        before = _definitions(each.before, Place(each.change.old_path, each.change.old_oid, start), sources)
        after = _definitions(each.after, Place(each.change.path, each.change.new_oid, end), sources)
        language = (each.after or each.before or _NOTHING).language
        overloads = language in _OVERLOADING
        for name in before.keys() | after.keys():
            olds, news = _without_equal(before.get(name, []), after.get(name, []), overloads)
            if not overloads:  # a property and its setter are one
                olds, news = olds[:1], news[:1]
            for old, new in zip(olds, news, strict=False):
                if _unannotated(old) == _unannotated(new):
                    annotated += 1
                else:
                    found.append(Difference(ApiChange.CHANGED, old, new))
            gone += olds[len(news) :]
            come += news[len(olds) :]
    moved, gone, come = _moved(gone, come)
    found += moved
    found += _outermost(gone, ApiChange.REMOVED)
    found += _outermost(come, ApiChange.ADDED)
    found.sort(key=lambda each: (each.shown.place.path, each.shown.symbol.start_line))
    return found, annotated


def row_of(difference: Difference, sources: RangeSources, used: Sequence[str] = ()) -> ApiRow | None:
    """Return what is told of a difference, cited at the end where it stands; None where it cannot be.

    ``used`` are places that still use its name.
    """
    shown = difference.shown
    symbol = shown.symbol
    before = difference.before.symbol.signature if difference.before is not None else ""
    after = difference.after.symbol.signature if difference.after is not None else ""
    citations = [
        each
        for each in (_cited(difference.after, sources), _cited(difference.before, sources))
        if each is not None
    ]
    path = shown_path(shown.place.path)
    if not citations:
        return None
    text = _words(difference, path)
    if used:
        count = "1 place still uses" if len(used) == 1 else f"{len(used)} places still use"
        text += f" {count} its name."
    says = Statement(Section.WHAT, text, tuple(citations))
    held = sources.kept([says])
    if not held:
        return None
    return ApiRow(
        change=difference.change,
        kind=symbol.kind,
        name=shown_path(symbol.qualified),
        path=path,
        line=symbol.name_line,
        before=_tidy(before),
        after=_tidy(after),
        says=held[0],
        used=len(used),
    )


def _words(difference: Difference, path: str) -> str:
    symbol = difference.shown.symbol
    named = f"{symbol.kind} `{symbol.qualified}`"
    within = ""
    if difference.members:
        within = (
            f", with {difference.members} public definitions"
            if difference.members > 1
            else ", with 1 public definition"
        )
    match difference.change:
        case ApiChange.ADDED:
            return f"Added: {named} in {path}{within}."
        case ApiChange.REMOVED:
            return f"Removed: {named} from {path}{within}."
        case ApiChange.MOVED:
            before = difference.before
            return f"Moved: {named} from {shown_path(before.place.path) if before else ''} to {path}."
        case ApiChange.CHANGED:
            old, new = difference.before, difference.after
            was, now = (each.symbol.signature if each else "" for each in (old, new))
            if _short(was) == _short(now) or (
                symbol.kind in _VALUES and len(was) + len(now) > LONGEST_VALUES
            ):
                return f"Changed: the value of {named} in {path}."
            return f"Changed: {named} in {path}, from `{_short(was)}` to `{_short(now)}`."


def _tidy(signature: str) -> str:
    """Return a signature on one line, without what its several lines left behind."""
    text = _SPACE.sub(" ", signature).strip()
    return _CLOSE.sub(r"\1", _OPEN.sub(r"\1", text))


def _short(signature: str) -> str:
    text = _tidy(signature)
    return text if len(text) <= 160 else text[:159] + "…"


def _definitions(
    parsed: ParsedFile | None, place: Place, sources: RangeSources
) -> dict[str, list[_Definition]]:
    found: dict[str, list[_Definition]] = defaultdict(list)
    if parsed is None or not parsed.symbols or not place.oid.strip("0"):
        return found
    text = sources.text(place)
    if text is None:
        return found
    for symbol in public_symbols(parsed, place.path, text.lines):
        signature = symbol.signature
        if symbol.kind in _VALUES:
            # The value counts, and may go on over several lines.
            said = text.lines[symbol.name_line - 1 : symbol.end_line]
            texts = any('"""' in each or "'''" in each for each in said)
            signature = "\n".join(said if texts else [_COMMENT.sub("", each) for each in said])
        elif len(signature) >= CUT_SIGNATURE or "#" in signature:
            signature = _whole(symbol, text.lines)
            symbol = replace(symbol, signature=signature)  # noqa: PLW2901 (the same one, told in full)
        found[symbol.qualified].append(_Definition(symbol, place, _alike(signature)))
    return found


def _whole(symbol: Symbol, lines: Sequence[str]) -> str:
    """Return a long signature from the text, as far as its brackets go; the parser keeps its beginning."""
    out: list[str] = []
    depth = round_depth = 0
    for line in lines[symbol.name_line - 1 : min(symbol.end_line, symbol.name_line + LONGEST_SIGNATURE)]:
        code = _COMMENT.sub("", line)
        out.append(code.strip())
        depth += sum(code.count(each) for each in "([{") - sum(code.count(each) for each in ")]}")
        round_depth += code.count("(") - code.count(")")
        # Where a body begins with a brace, the signature ends there.
        body = code.rstrip().endswith("{") and round_depth <= 0
        if (depth <= 0 or body) and "(" in " ".join(out):
            break
    return _SPACE.sub(" ", " ".join(out)).rstrip(" :{;\\")


def _alike(signature: str) -> str:
    """Return a signature without what only looks differ in: blanks, quotes, a last comma."""
    text = _SPACE.sub(" ", _COMMENT.sub("", signature) if "\n" not in signature else signature)
    text = _RECEIVER.sub("func (", text.strip()).rstrip("{:;, ").replace("(object)", "")
    text = _LOOSE.sub(r"\1", _STRING.sub(r'"\1"', text))
    return _LAST_COMMA.sub(r"\1", text)


def _unannotated(definition: _Definition) -> str:
    """Return a signature, as compared, without what only says of what types things are."""
    text, kind = definition.signature, definition.symbol.kind
    if kind in _CALLED:
        return _bare(text)
    if kind in _VALUES:
        return _TYPED_VALUE.sub("=", text, count=1)
    before = ""
    while before != text:  # innermost brackets first
        before, text = text, _SUBSCRIPT.sub("", text)
    return _GENERIC.sub("", text)


def _bare(signature: str) -> str:
    """Return a signature, as compared, without the annotations of its parameters and of its result."""
    text = signature.partition("->")[0].rstrip()
    out: list[str] = []
    depth = skipping = 0
    for at, letter in enumerate(text):
        if letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        if skipping:
            ends = (letter in ",=" and depth == skipping) or (letter in ")]}" and depth < skipping)
            if not ends:
                continue
            skipping = 0
        elif letter == ":" and depth and at:
            skipping = depth
            continue
        out.append(letter)
    return "".join(out)


def _without_equal(
    olds: list[_Definition], news: list[_Definition], overloads: bool
) -> tuple[list[_Definition], list[_Definition]]:
    """Take away the pairs that are alike; overloads of one name are told apart by their signatures."""
    left = list(news)
    kept: list[_Definition] = []
    for old in olds:
        same = next((each for each in left if each.signature == old.signature), None)
        if same is None:
            kept.append(old)
        else:
            left.remove(same)
    if not overloads and len(kept) < len(olds) and (not kept or not left):
        # Defined twice at one end, once at the other (a branch for an old version): nothing came or went.
        return [], []
    return kept, left


def _moved(
    gone: list[_Definition], come: list[_Definition]
) -> tuple[list[Difference], list[_Definition], list[_Definition]]:
    """Pair what went from one file and came to another, alike in name, kind and signature."""
    there: dict[tuple[str, SymbolKind, str], list[_Definition]] = defaultdict(list)
    for each in come:
        there[(each.symbol.qualified, each.symbol.kind, each.signature)].append(each)
    moved: list[Difference] = []
    left: list[_Definition] = []
    for each in gone:
        found = there.get((each.symbol.qualified, each.symbol.kind, each.signature), [])
        if len(found) == 1:
            moved.append(Difference(ApiChange.MOVED, each, found.pop()))
        else:
            left.append(each)
    taken = {id(each.after) for each in moved}
    rest = [each for each in come if id(each) not in taken]
    places = {
        (each.before.symbol.qualified, each.before.place.path)
        for each in moved
        if each.before is not None and each.before.symbol.kind in HOLDERS
    }
    shown = [each for each in moved if each.before is not None and not _inside(each.before, places)]
    return shown, left, rest


def _outermost(definitions: list[_Definition], change: ApiChange) -> list[Difference]:
    """Return what came or went, without what lies inside something that did so too."""
    places = {(each.symbol.qualified, each.place.path) for each in definitions if each.symbol.kind in HOLDERS}
    out: list[Difference] = []
    for each in definitions:
        if _inside(each, places):
            continue
        members = sum(
            other.place.path == each.place.path
            and other.symbol.parent == each.symbol.qualified
            and each.symbol.kind in HOLDERS
            for other in definitions
        )
        came = change is ApiChange.ADDED
        out.append(Difference(change, None if came else each, each if came else None, members))
    return out


def _inside(each: _Definition, places: set[tuple[str, str]]) -> bool:
    parent = each.symbol.parent
    while parent:
        if (parent, each.place.path) in places:
            return True
        parent = parent.rpartition(".")[0]
    return False


def _cited(definition: _Definition | None, sources: RangeSources) -> Citation | None:
    if definition is None:
        return None
    symbol = definition.symbol
    last = min(symbol.end_line, symbol.name_line + max(symbol.signature.count("\n"), 0) + 2)
    return sources.lines_at(definition.place, symbol.name_line, min(last, symbol.end_line))
