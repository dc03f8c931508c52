"""The stop on what it is for."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from indexer.answer.authorship import merged
from indexer.answer.blocks import Role
from indexer.answer.contacts import day
from indexer.answer.inquiry import listed, shown_place
from indexer.answer.introduction import say_introduction
from indexer.answer.overview import says_of_itself
from indexer.answer.readable import is_readable, is_told
from indexer.answer.sentences import sentences_of
from indexer.guide.overview import documents
from indexer.guide.tours.counting import counted
from indexer.guide.tours.ground import PROSE, AreaFile, Ground
from indexer.guide.tours.laid import Laid
from indexer.guide.tours.reasons_near import first_words
from indexer.index.history import authors
from indexer.index.symbols import definitions_in
from indexer.shapes.onboarding import StepKind
from indexer.types import ChunkKind, Citation, FileMark, Section, SymbolKind

TOLD: Final = 2
_NOT_WHAT: Final = re.compile(
    r"fund|sponsor|donat|backer|licen[cs]e|maintain(?:ed|er)|contribut|support(?:s|ed)? python"
    r"|open[- ]source and free|(?:do not|don['’]t|doesn['’]t|does not|no longer) support|\bwe\b"
    r"|found(?:ed|ers?)\b|\bowns?\b|trademark|copyright"
    r"|not (?:yet|ready)|deprecated|available (?:on|at|from)|hosted|released|version \d",
    re.I,
)
"""What a sentence on a project may be about beside what it is."""

_SENDS_AWAY: Final = re.compile(r"\W*(?:see|click|visit|read|check out)\b", re.I)
_NO_INTRODUCTION: Final = re.compile(
    r"^\W*(?:if|when|to|it is possible|many|some|several|run|install|download|you (?:can|will|need))\b"
    r"|\s[%$] |including:",
    re.I,
)
"""A sentence of a first document that tells how it is used, or by whom."""
_INTRODUCES: Final = (
    re.compile(r"(?:^|/)(?:introduction|intro|about|overview|what-is-\w+)(?:/index|/readme)?\.\w+$", re.I),
    re.compile(
        r"(?:^|/)(?:getting[-_]?started|first[-_]steps|quick[-_]?start|tutorial)(?:/index|/readme)?\.\w+$",
        re.I,
    ),
    re.compile(r"^docs?/(?:\w+/)?(?:docs?|manual|guide|user[-_]?guide|usage|index|readme)\.\w+$", re.I),
)
"""Documents of the whole that a newcomer reads after the first one, the fittest kind first."""
_DOCUMENTS: Final = re.compile(r"^(?:docs?|documentation|manual|guides?|wiki|website|site|book)/", re.I)
_SHARED: Final = re.compile(r"(?:^|/)_?(?:includes?|partials|snippets|templates)/|^contributing\.", re.I)
"""Pieces that other documents take in, and what is told of taking part."""
_NO_MANUAL: Final = re.compile(
    r"(?:^|/)(?:readme|change|history|news|releas|licen|notice|authors|contribut|code_of|security|support|upgrad"
    r"|migrat|todo|credits|maintain)",
    re.I,
)
MANUAL: Final = 150
"""Lines from which a document may be the manual."""
FOLDER: Final = 4
"""Documents that a folder must have to be named for them."""
_DEEP: Final = 10
"""Lines of badges below a title from which a reading leaves the title out."""
_ASIDE: Final = re.compile(r"sponsor|donat|backer|fund|enterprise|thank|supporter", re.I)
"""Headings of sections that are on who pays for it."""
_INDEXES: Final = re.compile(
    r"^(?:readme\.\w+|docs?/(?:source/)?(?:index|introduction|about|overview)\.\w+"
    r"|docs?/(?:source/)?getting[-_]started/introduction\.\w+"
    r"|docs?/(?:source/)?(?:introduction|getting[-_]started|intro)/index\.\w+)$",
    re.I,
)
_SAID_IN: Final = re.compile(
    r"^\s*(?:description\s*[=:]\s*[\"'](?P<one>[^\"']{12,300})[\"']"
    r"|\"description\"\s*:\s*\"(?P<two>[^\"]{12,300})\""
    r"|<description>(?P<three>[^<]{12,300})</description>)"
)


def purpose(ground: Ground) -> Laid:
    """Tell what the system, or the area, is for."""
    laid = Laid(ground, StepKind.PURPOSE, "purpose", f"What {ground.called} is for")
    if ground.whole:
        said_first = _what_it_is(ground)
        if said_first is not None:
            laid.page.tell(Section.WHAT, f"“{said_first[0]}”", [said_first[1]])
        _say_manifest(laid)
        if len(laid.page.statements) < TOLD:
            say_introduction(laid.inquiry, [each.path for each in ground.everything])
            laid.page.statements[:] = [each for each in laid.page.statements if _introduces(each.text)]
    else:
        _say_area(laid)
    said = list(laid.page.statements)
    _say_measure(laid)
    _read_first(laid)
    if said and (ground.whole or said[0].text.startswith("“")):
        first = said[0]
        laid.ask(
            f"In a sentence of your own: what is {ground.called} for?",
            f"It says of itself: “{first.text.strip('“”')}”",
            first.citations,
        )
    elif said:
        laid.ask(f"What is {ground.called} a part of, and what is that for?", said[0].text, said[0].citations)
    laid.introduces.append(ground.called)
    return laid


# ------------------------------------------------------------------------------------ private


def _say_area(laid: Laid) -> None:
    ground = laid.ground
    says = says_of_itself(laid.inquiry, ground.area)
    if says is not None:
        laid.page.tell(Section.WHAT, f"“{says[0]}”", [says[1]])
    whole = _what_it_is(ground)
    if whole is not None:
        laid.page.tell(Section.WHAT, f"It is a part of {ground.name}: “{whole[0]}”", [whole[1]])
    else:
        introduced = ground.inquiry()
        say_introduction(introduced, [each.path for each in ground.everything])
        for statement in [each for each in introduced.page.statements if _introduces(each.text)][:1]:
            laid.page.tell(
                Section.WHAT, f"It is a part of {ground.name}: {statement.text}", statement.citations
            )
    if says is None:
        for file in ground.code[:3]:
            first = first_words(ground, file.path)
            if first is not None:
                laid.page.tell(
                    Section.WHAT, f"Its most used file, {file.path}, says: “{first[0]}”", [first[1]]
                )
                break


def _say_measure(laid: Laid) -> None:
    ground = laid.ground
    code = [each for each in ground.files if ground.is_major(each)]
    lines = sum(each.lines for each in code)
    kinds = Counter()  # type: Counter[str]
    for each in code:
        kinds[each.language] += each.lines
    if not code:
        return
    most = listed(
        [
            f"{language} ({100 * number // max(lines, 1)}%)"
            for language, number in kinds.most_common(2)
            if number * 20 > lines
        ]
    )
    where = "It has" if ground.whole else f"`{ground.area}` has"
    laid.fact(
        f"{where} {counted(len(code), 'file')} of code, {lines:,} lines, mostly {most}; tests, examples and"
        " copies of others' code are not counted.",
        "files and lines of the current state",
        [shown_place(each.path, 1) for each in ground.code[:10]],
    )
    ids = None if ground.whole else [each.path_id for each in ground.files]
    people = merged(authors(ground.reader, ids, 10_000))
    if not people:
        return
    commits = sum(each.commits for each in people)
    first, last = min(each.first for each in people), max(each.last for each in people)
    laid.fact(
        f"{counted(len(people), 'person', 'people')} made {commits:,} commits to it between {day(first)} and"
        f" {day(last)}; most of them {listed([each.name for each in people[:3]])}.",
        "git log --format=%an",
        [each.name for each in people[:10]],
    )


def _read_first(laid: Laid) -> None:
    ground = laid.ground
    if not ground.whole:
        for file in ground.code[:1]:
            laid.read_head(file.path, file.path)
        return
    quoted = {
        proof.path: proof.start_line
        for each in reversed(laid.page.statements)
        for proof in each.citations
        if proof.path
    }
    for title, path, line in _first_documents(ground):
        laid.read_head(_short(title, path), path, _begins(ground, path, max(line, 1), quoted.get(path, 0)))
    _say_more(laid)


def _first_documents(ground: Ground) -> list[tuple[str, str, int]]:
    """Return what is read first: the first document, and the one of the repository's own that introduces it;
    a page on its use with something else, or of a part of it, introduces nothing.
    """
    known = [(each.title, each.path, each.line) for each in documents(ground.reader)]
    own = [each for each in ground.everything if each.language in PROSE and each.lines > _DEEP]
    own = [each for each in own if not each.marks & (FileMark.TEST | FileMark.VENDORED | FileMark.EXAMPLE)]
    first = [each for each in known if each[1].lower().startswith("readme")][:1]
    for kind in _INTRODUCES:
        fitting = [each for each in own if kind.search(each.path) and _is_of_whole(each.path)]
        for each in sorted(fitting, key=lambda each: (each.path.count("/"), len(each.path)))[:1]:
            return [*first, (_title(ground, each), each.path, 1)]
    return [*first, *(each for each in known if each not in first and _is_of_whole(each[1]))][:2]


def _is_of_whole(path: str) -> bool:
    shared = _SHARED.search(path) is not None
    return not shared and ("/" not in path or _DOCUMENTS.match(path) is not None)


def _title(ground: Ground, file: AreaFile) -> str:
    headings = (each for each in definitions_in(ground.reader, file.path_id) if not each.parent)
    return next((each.name for each in headings if each.kind is SymbolKind.HEADING), file.path)


def _begins(ground: Ground, path: str, line: int, quoted: int) -> int:
    """Return the line that a document is read from: the heading above what is quoted of it, else what follows
    its badges and the sections on who pays for it.
    """
    source, file = ground.sources.file(path), ground.file(path)
    if source is None or file is None:
        return line
    headings = [
        each for each in definitions_in(ground.reader, file.path_id) if each.kind is SymbolKind.HEADING
    ]
    if not quoted:
        said = sentences_of(ChunkKind.DOC, source.language, "\n".join(source.lines[:250]), 1)
        quoted = next(
            (
                each.start_line
                for each in said
                if each.role is Role.PROSE
                and not _ASIDE.search(f"{each.heading} {each.text}")
                and not _NOT_WHAT.search(each.text)
                and is_told(each.text)
            ),
            line,
        )
    above = max((each.start_line for each in headings if each.start_line <= quoted), default=line)
    # Below a title there may stand a screen of badges.
    return above if quoted - above <= _DEEP else quoted


def _say_more(laid: Laid) -> None:
    """Say where there is more to read: a folder of many documents, else the longest one."""
    ground = laid.ground
    own = [
        each
        for each in ground.everything
        if each.language in PROSE and not each.marks & (FileMark.TEST | FileMark.VENDORED)
    ]
    folders = Counter(each.path.partition("/")[0] for each in own if _DOCUMENTS.match(each.path))
    folder, number = next(iter(folders.most_common(1)), ("", 0))
    if number >= FOLDER:
        laid.matters(
            f"There is more to read when a word stays dark: {number} of its {len(own)} documents lie in"
            f" `{folder}/`.",
            f"documents under {folder}/",
            [f"{folder}/"],
        )
        return
    manuals = [
        each
        for each in own
        if each.lines >= MANUAL and _is_of_whole(each.path) and not _NO_MANUAL.search(each.path)
    ]
    for file in sorted(manuals, key=lambda each: (-each.lines, each.path))[:1]:
        title = _short(_title(ground, file), file.path)
        named = "" if title == file.path else f" (“{title}”)"
        laid.matters(
            f"There is more to read when a word stays dark: {file.path}{named} has {file.lines:,} lines.",
            "the longest of its documents",
            [shown_place(file.path, 1)],
        )


def _introduces(text: str) -> bool:
    """Whether a sentence of a first document tells what it is, and not how it is used or who made it."""
    return not (
        _SENDS_AWAY.match(text) or _NOT_WHAT.search(text) or _NO_INTRODUCTION.search(text.strip("“”"))
    )


def _what_it_is(ground: Ground) -> tuple[str, Citation] | None:
    """Return what documents say first that begins with the name: `Celery is a …`."""
    words = [each for each in re.split(r"[^a-z0-9]+", ground.name.lower()) if len(each) > 2]
    if not words:
        return None
    # A repository `killbill` is "Kill Bill" in its documents.
    apart = "[ _-]?".join(map(re.escape, re.sub(r"[^a-z0-9]", "", ground.name.lower())))
    names = "|".join([apart, *map(re.escape, words)])
    is_one = re.compile(
        rf"^\W*(?:the )?(?:[\w-]+ )?(?:{names})\S*(?: [\w-]+)? (?:is|are|has been|provides)"
        r"(?: (?:often |also |best )?(?:referred to|known|described|thought of) as)?"
        r" (?:an?|the|designed|built)\b",
        re.I,
    )
    paths = [each for each in ground.everything if _INDEXES.match(each.path)]
    for file in sorted(paths, key=lambda each: (each.path.count("/"), len(each.path))):
        source = ground.sources.file(file.path)
        if source is None:
            continue
        for each in sentences_of(ChunkKind.DOC, source.language, "\n".join(source.lines[:250]), 1):
            if (
                each.role is Role.PROSE
                and 30 < len(each.text) < 300
                and is_one.search(each.text)
                and not _NOT_WHAT.search(each.text)
                and is_readable(each.text)
            ):
                citation = ground.sources.span(file.path, each.start_line, each.end_line)
                return None if citation is None else (each.text, citation)
    return None


def _say_manifest(laid: Laid) -> None:
    """Quote what the package says of itself, where its documents say nothing."""
    if laid.page.statements:
        return
    for name in (
        "pyproject.toml",
        "setup.cfg",
        "setup.py",
        "package.json",
        "pom.xml",
        "Cargo.toml",
        "composer.json",
    ):
        source = laid.ground.sources.file(name)
        for number, line in enumerate(source.lines[:120] if source is not None else (), 1):
            match = _SAID_IN.match(line)
            if match is not None:
                said = match["one"] or match["two"] or match["three"]
                laid.page.tell(Section.WHAT, f"“{said}”", [laid.ground.sources.span(name, number, number)])
                return


def _short(title: str, path: str) -> str:
    """Return a title that is one; a heading made of badges and links is none."""
    return path if "](" in title or len(title) > 70 else title
