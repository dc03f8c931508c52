"""Commands: what is typed to run, build, test or install."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.answer.command_lines import CI, TOOL, TYPED, Command, commands_in
from indexer.answer.extract import say_meaning, say_sentences
from indexer.answer.goals import MEANT, goals_in, meets, spoken
from indexer.answer.how_to import ANY_DEED, asks_how_to, deed_asked, say_how_to
from indexer.answer.inquiry import Inquiry, listed, shown_place
from indexer.answer.needs import Need
from indexer.answer.questions import content_terms
from indexer.answer.readable import CHANGE_LOG
from indexer.answer.release_asked import asks_release
from indexer.answer.releasing import say_release
from indexer.answer.usual import say_usual
from indexer.types import ChunkKind, FileMark, Section

FILES_READ: Final = 40
SHOWN: Final = 5
_WANTED_FILE: Final = re.compile(
    r"(?:^|/)(?:readme|contributing|install\w*|hacking|develop\w*|building|testing|quickstart"
    r"|getting[-_]?started"
    r"|makefile|justfile|rakefile|tox\.ini|noxfile\.py|\.pre-commit-config|package\.json|pyproject\.toml|taskfile\.ya?ml"
    r"|dockerfile"
    r"|docker-compose\.ya?ml|compose\.ya?ml|procfile|pom\.xml|build\.gradle(?:\.kts)?|cargo\.toml)(?:\.\w+)?$"
    rf"|{CI}|(?:^|/)(?:docs?|documentation)/"
    r".*(?:install|contribut|develop|test|deploy|setup|getting|start|build|run|tutorial|quick)[^/]*$",
    re.I,
)
_SERVES: Final = 0.5
_TENDS: Final = re.compile(r"^(?:git|vim?|nano|emacs|less|man)\s|.*(?:\s--?help\b|\w help$)")
"""Tends to files, or only tells of a command."""
_FETCHES: Final = re.compile(r"^(?:curl|wget)\s")
"""Asks a server for something: that an address has a word in it, does nothing of that here."""
_ASIDE: Final = 0.4
"""What a command loses that tests, checks or writes documents where something else is to be done."""
INSTALLS: Final = re.compile(
    r"^(?:sudo )?(?:python[\d.]* -m )?(?:pip3?|npm|yarn|apt|apt-get|brew|bundle|conda|uv pip|go|cargo|gem)"
    r" (?:-\S+ )*(?:install|add)\b"
)
_KEEPS_HOUSE: Final = re.compile(
    r"^@?(?:sudo )?(?:rm|rmdir|cd|ls|cat|cp|mv|mkdir|touch|echo|printf|pwd)\b|^[@-]*\$\((?:info|warning) "
)
"""What such a line does is never what was to be done."""

_RUNNING: Final = frozenset(
    ("run", "start", "execut", "launch", "local", "whole", "full", "suit", "project", "applic")
)
"""Words of running anything, which say nothing of what is to be run."""

OF_EACH: Final = 2
"""Commands that are told for each of several things."""

_JOINED: Final = re.compile(
    r"\s*[,;?]\s*(?:(?:and|or|plus)\s+)?|\s+(?:and|or|plus|as well as|&)\s+"
    r"|\s+(?=how (?:do|can|should|to)\b)",
    re.I,
)
"""What stands between several things that are to be done."""
_HOW: Final = re.compile(
    r"^(?:.*\bhow (?:(?:do|can|should|could|would) (?:i|we|you|one)|to)\s+)?"
    r"(?:(?:then |also )*(?:run|start|execute|launch|use|invoke|do)\s+)?",
    re.I,
)
"""What stands before what is to be done."""
_PART_OF: Final = re.compile(r"\b(?:tox|nox)\b.*\s-[es]\s+(\S+)")
_PART: Final = 0.6
_FINDS: Final = re.compile(
    r"^(?:(?:bundle exec|poetry run|pipenv run|uv run|hatch run|pdm run|npx|pnpx|python[\d.]* -m)\s+)+"
)
_SPELT: Final = re.compile(r"^(npm|yarn|pnpm|bun) run(?:-script)? ")

_BESIDE: Final = ("test", "lint", "type", "doc", "format")
"""What is done beside the work itself."""
_RUNNERS: Final = frozenset(("tox", "nox"))
"""What runs tests where nothing else is said, and anything that is."""
_WEAK: Final = frozenset(("html", "check", "make", "dist", "type", "setup", "sync", "requir", "inspect"))
"""Stems that mean a goal in a command itself, and anything in what it stands under or runs."""
_UPKEEP: Final = ("instal", "lint", "doc", "format", "deploy")
"""What is done to the repository, not with what it offers: documents for users show no code for it."""


def say_commands(inquiry: Inquiry) -> None:
    """Answer how something is run, built, tested or installed, with the commands that are given."""
    found = commands_of(inquiry)
    if wishes := _wishes(inquiry):
        _say_each(inquiry, wishes, found)
        return
    if asks_release(inquiry.asked.text):
        # Sentences near it are of releases that were, and of what versions hold.
        inquiry.page.settled[Need.COMMAND] = say_release(
            inquiry, serving([MEANT["releas"]], _releasing(found), installing=False)
        )
        return
    chosen = _best(inquiry, found)
    page = inquiry.page
    if not chosen and asks_of_upkeep(inquiry) and say_usual(inquiry, _goals(inquiry)):
        page.settled[Need.COMMAND] = True
        return
    upkeep = any(MEANT[goal] in _goals(inquiry) for goal in _UPKEEP)
    if asks_how_to(inquiry.asked.text) and not (upkeep or _says_all(inquiry, chosen)) and say_how_to(inquiry):
        page.settled[Need.COMMAND] = True
        return
    for command in chosen:
        _say_command(inquiry, command, "Type " if command is chosen[0] else "Or ")
    page.carried[Need.COMMAND] = bool(chosen)
    known = list(MEANT.values())
    if chosen and all(goal in known and meets(goal, _own_words(chosen[0])) for goal in _goals(inquiry)):
        # "The linter" need not be written anywhere for `npm run lint` to run it.
        page.settled[Need.COMMAND] = True
    # Where a command stands, a sentence near it in words is of no more use.
    if not chosen and not say_sentences(inquiry, 3, commits=False):
        say_meaning(inquiry)


def asks_of_upkeep(inquiry: Inquiry) -> bool:
    """Return whether all that is to be done is done to a repository of any kind: its tests run, its code
    linted, a release made of it.
    """
    known = list(MEANT.values())
    return asks_release(inquiry.asked.text) or all(goal in known for goal in _goals(inquiry))


def _says_all(inquiry: Inquiry, chosen: list[Command]) -> bool:
    """Return whether the best command itself speaks of all that is to be done, not only what is around it."""
    goals = _goals(inquiry)
    return bool(chosen) and all(meets(goal, spoken(chosen[0].text)) for goal in goals)


def say_command_named(inquiry: Inquiry) -> bool:
    """Tell what a command runs that the question writes out (`make docs`), if it stands here."""
    named = [name for name in inquiry.asked.names if " " in name and TOOL.match(name)]
    if not named:
        return False
    said = False
    for command in commands_of(inquiry):
        if command.text in named:
            does = f" runs `{command.runs}`" if command.runs else " stands here"
            end = command.line + (1 if command.runs else 0)
            said |= inquiry.page.tell(
                Section.WHAT,
                f"`{command.text}`{does} ({shown_place(command.path, command.line)}).",
                [inquiry.page.sources.span(command.path, command.line, end)],
            )
    return said


def under(command: Command) -> str:
    """Return under which heading a command stands, as the end of a sentence; or nothing."""
    title = command.around.partition("\n")[0].strip()
    named = "\n" in command.around and 0 < len(title) < 70 and not TOOL.match(title)
    return f", under “{title}”" if named else ""


def _best(inquiry: Inquiry, found: list[Command]) -> list[Command]:
    """Return the commands that serve what the question wants done, at most two of a file."""
    goals = _goals(inquiry)
    # "On a fresh laptop": of what no command here speaks none can serve it better than another.
    heard = set[str]().union(*(spoken(f"{each.text} {each.does} {each.around}") for each in found))
    known = [goal for goal in goals if meets(goal, heard)]
    deed = deed_asked(inquiry.asked.text)
    meant = next((goal for _, goal in goals_in([deed])), frozenset((deed,)))
    if deed in inquiry.evidence.weights and deed not in ANY_DEED | _RUNNING and not meets(meant, heard):
        # None of them does what is to be done: how a worker starts is not how it is paused.
        return []
    if 2 * len(known) < len(goals) and asks_how_to(inquiry.asked.text):
        # What is typed here speaks of next to nothing of what is to be done.
        return []
    # What is to be done comes before with what: of "run the tests with a tag" first how tests are run.
    named = [goal for goal in goals if goal in MEANT.values()]
    if any(not meets(goal, heard) for goal in named):
        # To build something else is not to build the documents.
        return []
    installing = "instal" in inquiry.evidence.weights
    if named:
        chosen = _served(known, named[-1], found, installing=installing)
    else:
        chosen = serving(known or goals, found, installing=installing)
    doing = deed in _RUNNING or deed in MEANT or not asks_how_to(inquiry.asked.text)
    if not doing and not any(meets(goal, spoken(each.text)) for each in chosen for goal in known or goals):
        # What only stands under a title with its words does something else.
        return []
    return chosen


def serving(goals: list[frozenset[str]], found: list[Command], *, installing: bool) -> list[Command]:
    """Return the commands that serve the goals, each given as stems that speak of it, the best first."""
    scored = []
    for command in found:
        own, around = _own_words(command), spoken(command.around)
        held = [1.0 if meets(goal, own) else 0.6 if meets(goal, around) else 0.0 for goal in goals]
        value = sum(held) / len(held)
        if INSTALLS.match(command.text) and not installing:
            value *= 0.4
        if _TENDS.match(command.text) or (_FETCHES.match(command.text) and not installing):
            value *= _ASIDE
        if 1.0 not in held and "instal" in around and not installing and command.path.endswith("akefile"):
            # Its recipe gets the tool, and does not start it.
            value *= _ASIDE
        if any(meets(MEANT[aside] - _RUNNERS, own) for aside in _BESIDE if MEANT[aside] not in goals):
            value *= _ASIDE
        part = _PART_OF.search(command.text)
        if part is not None and not any(meets(goal, spoken(part[1])) for goal in goals):
            # One environment of several, which is not the one that is asked for.
            value *= _PART
        # A target may tidy up first, and do what its name says after that.
        tidies = _KEEPS_HOUSE.match(command.runs) and 1.0 not in held
        if _KEEPS_HOUSE.match(command.text) or tidies:
            continue
        if (
            value >= _SERVES
            and len(command.text) <= TYPED
            and not any(mark in command.text for mark in ("<", "…", "{posargs", "${{", "{{"))
        ):
            scored.append((value * command.weight, command))
    scored.sort(key=lambda each: (-each[0], each[1].path.count("/"), each[1].path, each[1].line))
    out: list[Command] = []
    texts: set[str] = set()
    files: dict[str, int] = {}
    for value, command in scored:
        if len(out) >= SHOWN or value < scored[0][0] * 0.7:
            break
        plain = plainly(command.text)
        told = plain in texts or _wraps(command, texts)
        texts.add(plain)
        if told or files.get(command.path, 0) >= 2:
            continue
        files[command.path] = files.get(command.path, 0) + 1
        out.append(command)
    return out


def _own_words(command: Command) -> frozenset[str]:
    """Return the stems of what is typed, and of what that is known to do whatever it is called."""
    return spoken(f"{command.text} {command.does}") if command.does else spoken(command.text)


def plainly(text: str) -> str:
    """Return a command in the plainest of its spellings: `npm run test` is `npm test`.

    What only finds the tool (`bundle exec`, `python -m`) makes no other command.
    """
    return _SPELT.sub(r"\1 ", _FINDS.sub("", text.strip()))


def _wraps(command: Command, told: Collection[str]) -> bool:
    """Return whether a script does what was told already, and counts or reports beside it."""
    return any(plainly(command.around).endswith(each) for each in told if " " in each)


def _goals(inquiry: Inquiry) -> list[frozenset[str]]:
    """Return what is to be done, each goal as the words (or tools) that speak of it."""
    asked = [term for part in inquiry.asked.parts if part.need is Need.COMMAND for term in part.terms]
    weighed = [term for term in inquiry.evidence.weights if term in asked] or list(inquiry.evidence.weights)
    terms = [term for term in weighed if term not in _RUNNING]
    return [goal for _, goal in goals_in(terms or weighed)][:4] or [frozenset(("run",))]


@dataclass(frozen=True, slots=True)
class _Wish:
    """One of several things that are to be done, as it was said."""

    said: str
    goal: str
    goals: tuple[frozenset[str], ...]


def _wishes(inquiry: Inquiry) -> list[_Wish]:
    """Return what is to be done where a question joins several goals: "run the tests and the linter".

    Nothing where it wants one thing done.
    """
    text = " ".join(part.text for part in inquiry.asked.parts if part.need is Need.COMMAND)
    out: dict[str, _Wish] = {}
    for piece in _JOINED.split(text):
        said = _HOW.sub("", piece.strip(" ?.!,")).strip()
        goals = goals_in([term for term in content_terms(said) if term not in _RUNNING])
        # "Build the docs": what is done comes before what it is done to, which tells more.
        named = next((name for name, _ in reversed(goals) if name), "")
        if named:
            # Only what is the goal itself can be asked of a command; "unit" narrows the tests down.
            out.setdefault(named, _Wish(said, named, tuple(goal for _, goal in goals)))
    return list(out.values()) if len(out) > 1 else []


def _releasing(found: Sequence[Command]) -> list[Command]:
    """Return the commands that make a release by their own words: what runs beside one is no way to it."""
    return [each for each in found if meets(MEANT["releas"], _own_words(each))]


def _say_each(inquiry: Inquiry, wishes: Sequence[_Wish], found: list[Command]) -> None:
    """Tell of each of several things how it is done, and of which of them nothing tells."""
    page = inquiry.page
    untold = []
    for wish in wishes:
        heard = set[str]().union(*(spoken(f"{each.text} {each.does} {each.around}") for each in found))
        goals = [each for each in wish.goals if each == MEANT[wish.goal] or meets(each, heard)]
        chosen = _served(goals, MEANT[wish.goal], found, installing=wish.goal == "instal")
        verbs = (f"For “{wish.said}” type ", *["Or "] * (OF_EACH - 1))
        told = [
            _say_command(inquiry, each, verb) for verb, each in zip(verbs, chosen[:OF_EACH], strict=False)
        ]
        if not any(told):
            untold.append(f"“{wish.said}”")
    if untold:
        page.tell(Section.MISSING, f"Nothing here gives a command for {listed(untold)}.", [])
    page.settled[Need.COMMAND] = not untold


def _served(
    goals: list[frozenset[str]], meant: frozenset[str], found: list[Command], *, installing: bool
) -> list[Command]:
    """Return what serves one goal of those known: by its own words where any does, else by what it stands
    under, or what it runs. A sentence near a command may speak of anything.
    """
    own = [each for each in found if meets(meant, _own_words(each))]
    chosen = serving(goals, own, installing=installing)
    if chosen:
        return chosen
    headed = [replace(each, around=each.around.partition("\n")[0]) for each in found]
    told = [each for each in headed if meets(meant - _WEAK, spoken(each.around))]
    return serving(goals, told, installing=installing)


def _say_command(inquiry: Inquiry, command: Command, before: str) -> bool:
    """Tell what is typed, what that runs where it is known, and where it stands."""
    place = f"{shown_place(command.path, command.line)}{under(command)}"
    runs = "" if _KEEPS_HOUSE.match(command.runs) else command.runs
    does = f", which runs `{runs}`" if runs else ""
    end = command.line + (1 if runs else 0)
    return inquiry.page.tell(
        Section.WHAT,
        f"{before}`{command.text}`{does} ({place}).",
        [inquiry.page.sources.span(command.path, command.line, end)],
    )


def commands_of(inquiry: Inquiry) -> list[Command]:
    """Return what is typed here, as documents, makefiles, packages and CI have it."""
    rows = inquiry.reader.execute(
        "SELECT p.shown, e.marks FROM path p JOIN entry e ON e.path_id = p.id WHERE e.blob_id IS NOT NULL"
    ).fetchall()
    left_out = FileMark.VENDORED | FileMark.EXAMPLE
    wanted = [path for path, marks in rows if _WANTED_FILE.search(path) and not marks & left_out]
    wanted.sort(key=lambda path: (path.count("/"), len(path)))
    paths = wanted[:FILES_READ]
    hits = [
        hit.path
        for hit in inquiry.evidence.of_kind(ChunkKind.DOC)
        if hit.path and not CHANGE_LOG.search(hit.path)
    ]
    out: list[Command] = []
    for path in dict.fromkeys([*paths, *hits[:6]]):
        source = inquiry.page.sources.file(path)
        if source is not None:
            out += commands_in(path, source.lines)
    return out
