"""The stop on what it is for."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.contacts import day, merged
from indexer.answer.inquiry import listed, shown_place
from indexer.answer.overview import say_introduction, says_of_itself
from indexer.answer.readable import is_readable
from indexer.answer.sentences import sentences_of
from indexer.guide.overview import documents
from indexer.guide.tours.counting import counted
from indexer.guide.tours.ground import PROSE, Ground
from indexer.guide.tours.laid import Laid
from indexer.guide.tours.reasons_near import first_words
from indexer.index.history import authors
from indexer.shapes.onboarding import StepKind
from indexer.types import ChunkKind, FileMark, Section

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
        _say_what_it_is(laid)
        _say_manifest(laid)
        if len(laid.page.statements) < TOLD:
            say_introduction(laid.inquiry, [each.path for each in ground.everything])
            laid.page.statements[:] = [
                each
                for each in laid.page.statements
                if not _SENDS_AWAY.match(each.text) and not _NOT_WHAT.search(each.text)
            ]
    else:
        _say_area(laid)
    said = list(laid.page.statements)
    _say_measure(laid)
    _read_first(laid)
    if said:
        first = said[0]
        laid.ask(
            f"In a sentence of your own: what is {ground.called} for?",
            f"It says of itself: {_in_marks(first.text)}",
            first.citations,
        )
    laid.introduces.append(ground.called)
    return laid


# ------------------------------------------------------------------------------------ private


def _say_area(laid: Laid) -> None:
    ground = laid.ground
    says = says_of_itself(laid.inquiry, ground.area)
    if says is not None:
        laid.page.tell(Section.WHAT, f"“{says[0]}”", [says[1]])
    before = laid.ground.inquiry()
    say_introduction(before, [each.path for each in ground.everything])
    for statement in before.page.statements[:1]:
        laid.page.tell(Section.WHAT, f"It is a part of {ground.name}: {statement.text}", statement.citations)
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
    for document in documents(ground.reader)[:2]:
        laid.read_head(_short(document.title, document.path), document.path, max(document.line, 1))
    count = sum(1 for each in ground.everything if each.language in PROSE and not each.marks & FileMark.TEST)
    docs = Counter(
        each.path.partition("/")[0]
        for each in ground.everything
        if each.language in PROSE and "/" in each.path
    )
    if docs:
        folder, number = docs.most_common(1)[0]
        laid.matters(
            f"There is more to read when a word stays dark: {number} of its {count} documents lie in"
            f" `{folder}/`.",
            f"documents under {folder}/",
            [f"{folder}/"],
        )


def _say_what_it_is(laid: Laid) -> None:
    """Quote what documents say first that begins with the name: `Celery is a …`."""
    ground = laid.ground
    words = [each for each in re.split(r"[^a-z0-9]+", ground.name.lower()) if len(each) > 2]
    if not words:
        return
    # A repository `killbill` is "Kill Bill" in its documents.
    apart = "[ _-]?".join(map(re.escape, re.sub(r"[^a-z0-9]", "", ground.name.lower())))
    names = "|".join([apart, *map(re.escape, words)])
    is_one = re.compile(
        rf"^\W*(?:the )?(?:[\w-]+ )?(?:{names})\S*(?: [\w-]+)? (?:is|are|has been|provides)"
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
                laid.page.tell(
                    Section.WHAT,
                    f"“{each.text}”",
                    [ground.sources.span(file.path, each.start_line, each.end_line)],
                )
                return


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


def _in_marks(text: str) -> str:
    return text if text.startswith("“") else f"“{text}”"
