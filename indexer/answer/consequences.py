"""What a change of a definition reaches: who uses it, what they are for, who uses those, and its tests."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.evidence import Found
from indexer.answer.inquiry import CALLABLE, MINOR, Inquiry, listed, listed_first, shown_place
from indexer.answer.readable import is_readable
from indexer.answer.sentences import Sentence, sentences_of
from indexer.answer.usage import BEARS, Usage, alone_bears, usage
from indexer.index.mentions import Mention
from indexer.index.standard import is_standard
from indexer.index.symbols import (
    FoundReference,
    FoundSymbol,
    definitions_in,
    find_symbols,
    innermost,
    symbol_at,
)
from indexer.types import ChunkKind, Citation, Hit, Section, SymbolKind

_FEW: Final = 3
"""Users that are told one by one; more are told by file."""
_FILES: Final = 6
_IN_FILE: Final = 4
_LINES: Final = 4
_CITED: Final = 5
_STEPPED: Final = 2
"""Users up to which it is told who uses them in turn."""
_UP: Final = 5
_TESTS: Final = 4
_ABOVE: Final = 10
"""Lines above a use that are looked at for the remark that says what it is for."""
_SAID: Final = 4
_PAIR_LEAST: Final = 4
_PAIR: Final = 0.8
"""Users from which, and share of them from which, what they use beside it goes with it."""
_CASE: Final = re.compile(
    r"^(?P<indent>\s*)(?:it|test|specify|scenario|should)\b[\s(]*(?P<quote>[\"'`])"
    r"(?P<said>.+?)(?P=quote)"
)
"""How a test is named where it is no function: `it('should …', function () {`."""
_CASE_LINES: Final = 80

_User = tuple[str, str]
"""The file of a use, and the definition in it that holds the use, or nothing."""


def say_consequences(inquiry: Inquiry, symbol: FoundSymbol, used: Usage) -> bool:
    """Tell what a change of a definition reaches. Return whether anything for certain, or nothing else can be
    meant.
    """
    # `{}.setdefault()` is Python's, though no other here bears the name.
    alone = not used.sure and not is_standard(symbol.name) and alone_bears(inquiry, symbol)
    alone = alone and bool(used.named)
    direct: list[tuple[str, int]] = []
    if used.sure:
        direct = _say_sure(inquiry, symbol, used)
    elif alone and used.complete and len(used.named) <= _FEW:
        direct = _say_likely(inquiry, symbol, used.named)
    for path, line in direct if len(direct) <= _STEPPED else ():
        _say_line(inquiry, path, line)
    _say_step_up(inquiry, symbol, direct)
    _say_pair(inquiry, symbol, used.sure)
    if used.named and not (direct and not used.sure):
        _say_named(inquiry, symbol, used)
    if not used.sure and not used.named:
        _say_unused(inquiry, symbol.name, used)
    if used.tests:
        _say_tests(inquiry, symbol.name, used.tests)
    return bool(used.sure) or alone


# ------------------------------------------------------------------------------------ private


def _say_sure(inquiry: Inquiry, symbol: FoundSymbol, used: Usage) -> list[tuple[str, int]]:
    """Lead with who uses it for certain. Return (path, line) of the uses where they are few."""
    users: dict[_User, list[FoundReference]] = defaultdict(list)
    for each in used.sure:
        users[each.path, each.inside].append(each)
    name = f"`{symbol.qualified}`"
    if len(users) <= _FEW:
        told = listed([_user(path, inside, at[0].line) for (path, inside), at in users.items()])
        only = " and, for certain, nothing else outside tests" if len(users) == 1 else ""
        text = f"A change of {name} reaches {told}{only}."
    else:
        text = f"A change of {name} reaches {_by_file(used.sure, users)}."
    inquiry.page.fact(
        Section.WHAT,
        text,
        f"uses of the name {symbol.name}, its own definition left out",
        [shown_place(each.path, each.line) for each in used.sure],
        _spans(inquiry, [at[0] for at in users.values()]),
    )
    return [(each.path, each.line) for each in used.sure] if len(users) <= _FEW else []


def _by_file(sure: Sequence[FoundReference], users: dict[_User, list[FoundReference]]) -> str:
    """Return users by file, those files first that have most of them, and how many each folder has."""
    files: dict[str, list[str]] = defaultdict(list)
    for path, inside in users:
        files[path].append(inside)
    ranked = sorted(files, key=lambda path: -len(files[path]))
    shown = [f"{path} ({_some([_short(each) for each in files[path] if each])})" for path in ranked[:_FILES]]
    shown = [each.removesuffix(" ()") for each in shown]
    places = f"{len(sure)} places" + (f" in {len(files)} files" if len(files) > 1 else "")
    if len(ranked) <= _FILES:
        return f"{places}: {listed(shown)}"
    folders = Counter(each.path.rpartition("/")[0] or "./" for each in sure)
    counted = [f"{folder} {count}" for folder, count in folders.most_common(_FILES)]
    by_folder = f"; by folder: {', '.join(counted)}" if len(folders) > 1 else ""
    return f"{places}, most of all {listed(shown)}{by_folder}"


def _say_likely(inquiry: Inquiry, symbol: FoundSymbol, named: Sequence[Mention]) -> list[tuple[str, int]]:
    """Lead with what writes the name, where nothing else here bears it. Return (path, line) of the uses."""
    told = []
    for each in named:
        around = symbol_at(inquiry.reader, each.path_id, each.line)
        told.append(_user(each.path, around.qualified if around is not None else "", each.line))
    write = "it writes" if len(named) == 1 else "they write"
    inquiry.page.fact(
        Section.WHAT,
        f"A change of `{symbol.qualified}` most likely reaches {listed(told)}: {write} the name"
        f" `{symbol.name}`, and nothing else here bears the name.",
        f"git grep -w {symbol.name}, comments, documents and tests left out",
        [shown_place(each.path, each.line) for each in named],
        _spans(inquiry, named),
    )
    return [(each.path, each.line) for each in named]


def _say_line(inquiry: Inquiry, path: str, line: int) -> None:
    """Show a use, and quote the remark above it, which says what it is for."""
    inquiry.page.code(Section.WHAT, path, line, line)
    source = inquiry.page.sources.file(path)
    if source is None:
        return
    first = max(line - _ABOVE, 1)
    text = "\n".join(source.lines[first - 1 : line])
    hit = Hit(path, first, line, ChunkKind.CODE, "", source.commit_id, 0.0, (), text, source.oid,
              language=source.language)  # fmt: skip
    remarks = [
        each
        for each in sentences_of(ChunkKind.CODE, source.language, text, first)
        if each.role is Role.COMMENT and is_readable(each.text)
    ]
    # Only what stands right above it, line by line, speaks of it.
    kept: list[Sentence] = []
    below = line
    for each in reversed(remarks):
        if each.end_line < below - 1:
            break
        kept.insert(0, each)
        below = each.start_line
    for each in kept[:_SAID]:
        inquiry.page.quote(Section.WHAT, Found.of(each, hit))


def _say_step_up(inquiry: Inquiry, symbol: FoundSymbol, direct: Sequence[tuple[str, int]]) -> None:
    """Tell who uses the one or two that use it: what is public stands often one step up."""
    users: dict[tuple[str, int], FoundSymbol] = {}
    for path, line in direct:
        around = symbol_at(inquiry.reader, inquiry.path_id(path), line)
        if around is not None and around.kind in CALLABLE and around.qualified != symbol.qualified:
            users.setdefault((around.path, around.name_line), around)
    if not 0 < len(users) <= _STEPPED:
        return
    for each in users.values():
        further = usage(inquiry, each, sure_alone=True)
        places: dict[str, FoundReference] = {}
        for use in further.sure:
            places.setdefault(f"`{use.inside or use.path}`", use)
        if not places:
            continue
        shown = [f"{name} ({shown_place(use.path, use.line)})" for name, use in list(places.items())[:_UP]]
        inquiry.page.fact(
            Section.WHAT,
            f"One step up, `{each.qualified}` is used by {_some(shown, _UP, len(places))}.",
            f"uses of the name {each.name}, its own definition left out",
            [shown_place(use.path, use.line) for use in further.sure],
            _spans(inquiry, list(places.values())),
        )


def _say_pair(inquiry: Inquiry, symbol: FoundSymbol, sure: Sequence[FoundReference]) -> None:
    """Tell what nearly all that use it use as well, of the same class or file, and hardly others: what is
    borrowed is given back.
    """
    users = {(each.blob_id, each.inside) for each in sure if each.inside}
    if len(users) < _PAIR_LEAST:
        return
    beside: Counter[str] = Counter()
    for blob_id, inside in users:
        rows = inquiry.reader.execute(
            "SELECT DISTINCT name FROM reference WHERE blob_id = ? AND inside = ?", (blob_id, inside)
        )
        beside.update({name for (name,) in rows})
    for name, count in beside.most_common(_FILES * 2):
        other = next(
            (
                each
                for each in find_symbols(inquiry.reader, name, 20)
                if each.path_id == symbol.path_id
                and each.parent == symbol.parent
                and each.kind in CALLABLE
                and each.name_line != symbol.name_line
                and each.name != symbol.name
            ),
            None,
        )
        if count < _PAIR * len(users) or other is None:
            continue
        theirs = {
            (each.blob_id, each.inside) for each in usage(inquiry, other, sure_alone=True).sure if each.inside
        }
        if len(theirs & users) < _PAIR * len(theirs):
            continue
        both = sorted(theirs & users)
        inquiry.page.fact(
            Section.WHAT,
            f"{_of(count, len(users))} definitions that use it use `{other.qualified}`"
            f" ({shown_place(other.path, other.name_line)}) too: the two go together.",
            f"definitions that use both {symbol.name} and {other.name}",
            [shown_place(each.path, each.line) for each in sure if (each.blob_id, each.inside) in both],
            [each for each in (inquiry.signature(other),) if each is not None],
        )
        return


def _of(count: int, total: int) -> str:
    return f"All {total}" if count == total else f"{count} of the {total}"


def _say_named(inquiry: Inquiry, symbol: FoundSymbol, used: Usage) -> None:
    """Tell the lines that write the name, and why they may mean another thing."""
    named = used.named
    count = len(named)
    few = "" if used.complete else "At least "
    lines = _lines(count, "more") if used.sure else f"{_lines(count)} outside tests"
    write = "writes" if count == 1 else "write"
    paths: dict[str, list[Mention]] = {}
    for each in named:
        paths.setdefault(each.path, []).append(each)
    shown = [_numbered(inquiry, path, at) for path, at in list(paths.items())[:_FILES]]
    more = f" and {_files(len(paths) - _FILES, 'more')}" if len(paths) > _FILES else ""
    text = (
        f"{few}{lines} {write} the name `{symbol.name}`, by the name alone:"
        f" {'; '.join(shown)}{';' if more else ''}{more}."
    )
    if not used.sure and not is_standard(symbol.name) and alone_bears(inquiry, symbol):
        text = f"{text} Nothing else here bears the name."
    elif not used.sure:
        text = f"No use outside tests is certain to mean this one. {text}"
    firsts = {each.path_id: each for each in reversed(named)}
    inquiry.page.fact(
        Section.WHAT,
        text,
        f"git grep -w {symbol.name}, comments, documents and tests left out",
        [shown_place(each.path, each.line) for each in named],
        _spans(inquiry, sorted(firsts.values(), key=named.index)),
    )
    others = [
        each
        for each in find_symbols(inquiry.reader, symbol.name, 100)
        if each.name == symbol.name
        and each.kind in BEARS
        and not each.marks & MINOR
        and (each.path_id, each.name_line) != (symbol.path_id, symbol.name_line)
    ]
    if others:
        places = [f"`{each.qualified}` ({shown_place(each.path, each.name_line)})" for each in others]
        inquiry.page.tell(
            Section.WHAT,
            f"Such a line may mean another that bears the name: {_some(places, 3)}.",
            [inquiry.signature(each) for each in others[:3]],
        )


def _say_unused(inquiry: Inquiry, name: str, used: Usage) -> None:
    text = (
        f"Nothing outside tests writes the name `{name}`, by an exact search over the code (a name that"
        " is put together at run time stays unseen)."
        if used.complete
        else f"The name `{name}` stands in too much code to tell what of it means this definition."
    )
    inquiry.page.fact(Section.WHAT, text, f"git grep -w {name}, comments and documents left out", [])


def _say_tests(inquiry: Inquiry, name: str, tests: Sequence[Mention]) -> None:
    """Tell which tests write the name: they say what is relied on."""
    paths = list(dict.fromkeys(each.path for each in tests))
    # A file of tests is read once, however many of its lines write the name.
    held = {path: definitions_in(inquiry.reader, path) for path in {each.path_id for each in tests}}
    found = (_case(inquiry, each, innermost(held[each.path_id], each.line)) for each in tests)
    cases = list(dict.fromkeys(filter(None, found)))
    named = f": {_some(cases, _TESTS)}" if cases else ""
    write = "writes" if len(tests) == 1 else "write"
    inquiry.page.fact(
        Section.WHAT,
        f"{_lines(len(tests))} of tests {write} the name, in {_some(paths, _TESTS)}{named}.",
        f"git grep -w {name}, tests alone",
        [shown_place(each.path, each.line) for each in tests],
    )


def _case(inquiry: Inquiry, use: Mention, around: FoundSymbol | None) -> str:
    """Return the name of the test that a line stands in, as it is written; nothing outside of one."""
    if around is not None and around.kind in (SymbolKind.FUNCTION, SymbolKind.METHOD):
        return f"`{around.qualified}`"
    source = inquiry.page.sources.file(use.path)
    if source is None or use.line > len(source.lines):
        return ""
    own = len(source.lines[use.line - 1]) - len(source.lines[use.line - 1].lstrip())
    for line in reversed(source.lines[max(use.line - _CASE_LINES, 0) : use.line]):
        found = _CASE.match(line)
        if found is not None and len(found["indent"]) <= own:
            return f"“{found['said']}”"
    return ""


def _user(path: str, inside: str, line: int) -> str:
    place = shown_place(path, line)
    return f"`{inside}` ({place})" if inside else place


def _short(qualified: str) -> str:
    return f"`{qualified.rpartition('.')[2] or qualified}`"


def _some(words: Sequence[str], most: int = _IN_FILE, total: int = 0) -> str:
    """Return the first different words of a list, and how many there are more."""
    return listed_first(list(dict.fromkeys(words)), most, total)


def _spans(inquiry: Inquiry, places: Sequence[FoundReference | Mention]) -> list[Citation]:
    found = (inquiry.page.sources.span(each.path, each.line, each.line) for each in places[:_CITED])
    return [each for each in found if each is not None]


def _numbered(inquiry: Inquiry, path: str, named: Sequence[Mention]) -> str:
    """Return the lines of a file, and the definitions that they stand in: what these do tells what they use
    the name for.
    """
    defined = definitions_in(inquiry.reader, named[0].path_id)
    around = (innermost(defined, each.line) for each in named)
    within = [_short(each.qualified) for each in around if each is not None and each.kind in CALLABLE]
    inside = f", in {_some(within)}" if within else ""
    lines = sorted({each.line for each in named})
    if len(lines) == 1:
        return f"{path}:{lines[0]}{f' ({inside[2:]})' if inside else ''}"
    return f"{path} (lines {_some([str(each) for each in lines], _LINES)}{inside})"


def _lines(count: int, word: str = "") -> str:
    return f"{count:,} {word} line{'' if count == 1 else 's'}".replace("  ", " ")


def _files(count: int, word: str = "") -> str:
    return f"{count:,} {word} file{'' if count == 1 else 's'}".replace("  ", " ")
