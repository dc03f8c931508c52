"""The stops that come first: what it is for, how it is run, where one comes in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.commands import MEANT, Command, commands_in, commands_of, serving, under
from indexer.answer.contacts import day, merged
from indexer.answer.extract import is_readable
from indexer.answer.inquiry import listed, shown_place
from indexer.answer.overview import say_introduction, says_of_itself
from indexer.answer.sentences import sentences_of
from indexer.guide.overview import documents
from indexer.guide.tours.counting import counted
from indexer.guide.tours.entries import Door, Entry
from indexer.guide.tours.ground import PROSE, Ground, Laid
from indexer.guide.tours.reasons_near import first_words
from indexer.guide.tours.tooling import is_at_home, say_convention
from indexer.index.history import authors
from indexer.shapes.onboarding import StepKind
from indexer.types import ChunkKind, FileMark, Section

EXAMPLES: Final = 4
"""Ways in of one kind that are named; the counts tell of the rest."""
TOLD: Final = 2
_IDLE: Final = re.compile(
    r"^(?:rm|cd|export|source|mkdir|cp|mv|cat|echo|ls|git (?:clone|config|checkout|commit|push|add|tag|branch"
    r"|fetch|remote)|curl|wget|vim?|nano|emacs|less|open|pre-commit|twine|bumpversion|tar|unzip"
    r"|sudo apt\S*)\b"
    r"|^make (?:help|clean\w*|dist|lint\S*|docs?|html|pdf|latex\w*|apicheck|contrib)\b|^docker (?:tag|push"
    r"|login)"
)
_NOT_WHAT: Final = re.compile(
    r"fund|sponsor|donat|backer|licen[cs]e|maintain(?:ed|er)|contribut|support(?:s|ed)? python"
    r"|open[- ]source and free|(?:do not|don['’]t|doesn['’]t|does not|no longer) support|\bwe\b"
    r"|found(?:ed|ers?)\b|\bowns?\b|trademark|copyright"
    r"|not (?:yet|ready)|deprecated|available (?:on|at|from)|hosted|released|version \d",
    re.I,
)
"""What a sentence on a project may be about beside what it is."""

_SENDS_AWAY: Final = re.compile(r"\W*(?:see|click|visit|read|check out)\b", re.I)
_ERROR_PAGE: Final = re.compile(r"/[345]\d\d/?$")
_SILENT: Final = re.compile(r"^(?:echo|@?echo|printf|:)\b")
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
RUNNING: Final = (
    ("install", MEANT["instal"]),
    (
        "start",
        frozenset(
            (
                "run",
                "serv",
                "start",
                "up",
                "worker",
                "server",
                "runserv",
                "runserver",
                "bootrun",
                "sandbox",
                "web",
            )
        ),
    ),
    ("build", MEANT["build"]),
)
_DOORS: Final = {
    Door.REQUEST: ("request that it answers", "requests that it answers"),
    Door.COMMAND: ("command that a person types", "commands that a person types"),
    Door.JOB: ("job or task that runs by itself", "jobs or tasks that run by themselves"),
    Door.PROGRAM: ("program that can be started", "programs that can be started"),
    Door.OFFERED: ("name that other code uses", "names that other code uses"),
}


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


def running(ground: Ground) -> Laid | None:
    """Tell how it is installed, started and built, as its own documents and tools have it."""
    laid = Laid(ground, StepKind.RUN, "run", f"How to run {ground.name if ground.whole else 'it'}")
    found = [
        each
        for each in (*commands_of(laid.inquiry), *_of_first_documents(ground))
        if not _IDLE.match(each.text)
        and not each.path.startswith("docs/Makefile")
        and is_at_home(ground, each)
    ]
    shown: list[Command] = []
    built = False
    for goal, stems in RUNNING:
        meant = [each for each in found if not _of_tests(each) and _means(ground, goal, each)]
        best = [
            each
            for each in serving([stems], meant, installing=True)
            if each.text not in {one.text for one in shown}
        ]
        best.sort(
            key=lambda each: (
                each.path.startswith("."),
                goal in ("install", "start") and not _is_named(ground, each.text),
                "docs/" in each.path,
            )
        )
        built |= goal == "build" and bool(best)
        for command in best[: 2 if goal == "start" else 1]:
            shown.append(command)
            does = (
                f", which runs `{command.runs}`" if command.runs and not _SILENT.match(command.runs) else ""
            )
            place = f"{shown_place(command.path, command.line)}{under(command)}"
            end = command.line + (1 if does else 0)
            laid.page.tell(
                Section.WHAT,
                f"To {goal} it: `{command.text}`{does} ({place}).",
                [ground.sources.span(command.path, command.line, end)],
            )
    if not built:
        say_convention(laid, tests=False)
    if not laid.page.statements:
        laid.page.tell(
            Section.MISSING,
            "Nobody wrote down here how it is installed or started: ask whoever works on it.",
            [],
        )
        return laid if ground.whole else None
    for command in shown:
        near = any(
            each.anchor.path == command.path and abs(each.anchor.start_line + 6 - command.line) < 12
            for each in laid.reading
        )
        if not near and len(laid.reading) < 2:
            laid.read(
                f"{command.path}, around `{command.text[:40]}`",
                command.path,
                max(command.line - 6, 1),
                command.line + 12,
            )
    if not shown:
        return laid
    first = shown[0]
    laid.ask(
        "Which command comes first on a fresh machine, and where is it written?",
        f"`{first.text}`, in {shown_place(first.path, first.line)}.",
        [ground.sources.span(first.path, first.line, first.line)],
    )
    return laid


def ways_in(ground: Ground, found: Sequence[Entry], offers: Sequence[Entry]) -> Laid | None:
    """Where the outside comes in."""
    laid = Laid(ground, StepKind.ENTRY, "entry", "Where one comes in")
    by_door: dict[Door, list[Entry]] = {}
    requests = [each for each in found if each.door is Door.REQUEST]
    answering = {each.symbol.path for each in requests if each.symbol is not None}
    offers = [each for each in offers if each.path not in answering]
    for each in (*found, *offers):
        by_door.setdefault(each.door, []).append(each)
    # Of many commands the ones that do the most are the ones that it is started by.
    by_door.get(Door.COMMAND, []).sort(key=lambda each: -_lines(each))
    library = not any(each.symbol for each in by_door.get(Door.REQUEST, ())) and bool(offers)
    if library:
        by_door.pop(Door.REQUEST, None)  # one that nothing here is known to answer says little of a library
    order = [Door.OFFERED, *Door] if library else list(Door)
    for door in dict.fromkeys(order):
        ways = by_door.get(door, [])
        if not ways or (door is Door.OFFERED and not library):
            continue
        _say_door(laid, door, ways)
    shown = [
        each for door in dict.fromkeys(order) for each in _telling(by_door.get(door, []))[:2] if each.symbol
    ]
    for entry in shown[:3]:
        if entry.symbol is not None:
            laid.read_symbol(entry.symbol, 30)
            laid.introduces.append(f"{entry.symbol.path}#{entry.symbol.qualified}")
    telling = [each for each in shown if each.symbol is not None and each.symbol.name != each.name]
    asked = next((each for each in telling if each.door is not Door.OFFERED), None)
    if asked is not None and asked.symbol is not None:
        others = [
            each.symbol.qualified
            for each in sorted((*found, *offers), key=lambda way: bool(_ERROR_PAGE.search(way.name)))
            if each.symbol is not None
            and each.door is asked.door
            and each.symbol.qualified != asked.symbol.qualified
        ]
        laid.ask(
            f"What answers `{asked.name}`?",
            f"`{asked.symbol.qualified}`, {shown_place(asked.symbol.path, asked.symbol.name_line)}.",
            [ground.sources.span(asked.symbol.path, asked.symbol.name_line, asked.symbol.name_line)],
            asked.symbol.qualified,
            others,
        )
    elif shown and shown[0].symbol is not None:
        symbol = shown[0].symbol
        laid.ask(
            f"In which file is `{symbol.qualified}` defined?",
            f"In {shown_place(symbol.path, symbol.name_line)}.",
            [ground.sources.span(symbol.path, symbol.name_line, symbol.name_line)],
            symbol.path,
            [each.path for each in ground.code[:6]],
        )
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
            laid.read(file.path, file.path, 1, min(file.lines, 40))
        return
    for document in documents(ground.reader)[:2]:
        laid.read(_short(document.title, document.path), document.path, document.line, document.line + 40)
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


def _of_first_documents(ground: Ground) -> Iterator[Command]:
    """Yield what is typed in the documents that a newcomer reads first."""
    for document in documents(ground.reader):
        source = ground.sources.file(document.path)
        if source is not None and document.path.lower().startswith("doc"):
            yield from commands_in(document.path, source.lines)


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


def _is_named(ground: Ground, text: str) -> bool:
    """Whether a command names the repository."""
    own = [ground.name.lower(), *re.split(r"[^a-z0-9]+", ground.name.lower())]
    return any(len(each) > 2 and each in text.lower() for each in own)


def _means(ground: Ground, goal: str, command: Command) -> bool:
    """Whether a command does what the goal is to the repository itself, and not to something beside it."""
    text = command.text
    if goal == "install":
        return _is_named(ground, text) or bool(
            re.search(
                r"(?:^make \S*install\b|\s-[er]\b|\s\.(?:\[|\s|$)|^(?:npm|yarn|pnpm) (?:install|ci)$"
                r"|^bundle install|^uv sync|^poetry install|^go (?:mod download|install))",
                text,
            )
        )
    if text.startswith("docker") and goal == "build":
        return False
    if goal == "start":
        return not re.search(r"\b(?:build|install|prune|pull|chown|chmod)\b", text)
    if "install" in text:
        return False
    stems = set(re.findall(r"[a-z]+", text.lower()))
    if not stems & {"build", "compile", "package", "assemble", "bundle"}:
        return text == "make"
    return not re.search(r"\bdocs?\b|translat|messages|locale", text)


def _say_door(laid: Laid, door: Door, ways: Sequence[Entry]) -> None:
    one, many = _DOORS[door]
    shown = _telling(ways)[:EXAMPLES]
    names, cited, places = [], [], []
    # Where a framework calls all of them the same, the name of it tells nothing.
    alike = len(shown) > 1 and len({each.symbol.qualified for each in shown if each.symbol}) == 1
    for each in shown:
        own = alike or each.symbol is None or door is Door.OFFERED or each.symbol.qualified == each.name
        to = "" if own or each.symbol is None else f" → `{each.symbol.qualified}`"
        names.append(f"`{each.name}`{to} ({shown_place(each.path, each.line)})")
        citation = laid.ground.sources.span(each.path, each.line, each.line)
        if citation is not None:
            cited.append(citation)
        places.append(shown_place(each.path, each.line))
    count = len({each.name for each in ways})
    told = f"{count} {one if count == 1 else many}: " if count <= EXAMPLES else f"{count} {many}, such as "
    laid.fact(f"{told}{listed(names)}.", f"declarations of {many}", places, cited[:4])


def _lines(way: Entry) -> int:
    return 0 if way.symbol is None else way.symbol.end_line - way.symbol.start_line + 1


def _telling(ways: Sequence[Entry]) -> list[Entry]:
    """Return ways in, those with a known handler and in as many files as there are first."""
    out: list[Entry] = []
    rest: list[Entry] = []
    files: set[str] = set()
    names: set[str] = set()
    for each in sorted(
        ways,
        key=lambda way: (
            way.symbol is None,
            bool(_ERROR_PAGE.search(way.name)),
            not way.name.startswith(("POST", "PUT")),
        ),
    ):
        if each.name in names:
            continue
        names.add(each.name)
        (rest if each.path in files else out).append(each)
        files.add(each.path)
    return out + rest


def _of_tests(command: Command) -> bool:
    words = f" {command.text} "
    return any(each in words for each in ("test", " tox", "nox", "lint", "flake", "coverage", "docs", "doc "))


def _short(title: str, path: str) -> str:
    """Return a title that is one; a heading made of badges and links is none."""
    return path if "](" in title or len(title) > 70 else title


def _in_marks(text: str) -> str:
    return text if text.startswith("“") else f"“{text}”"
