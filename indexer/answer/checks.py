"""What is run to know beforehand that a change passes: the tests and linters that people type and CI runs."""

from __future__ import annotations

import re
from typing import Final

from indexer.answer.command_lines import OF_CI, Command
from indexer.answer.commands import INSTALLS, commands_of, serving, under
from indexer.answer.goals import MEANT, meets, spoken
from indexer.answer.inquiry import Inquiry, shown_place
from indexer.answer.mentor_facts import Said
from indexer.answer.needs import Need
from indexer.answer.questions import Part
from indexer.types import Section

_ASKED: Final = re.compile(
    r"\brun(?:ning)? (?:all |the |all the |all of the )?checks\b"
    r"(?! (?:on|of|for|in|that|which) (?!my|our|your|a\b|the (?:code|repo\w*|machine|branch|pull|pr)\b))"
    r"|\b(?:which|what) checks (?:\w+ ){0,3}(?:run|pass)"
    r"|\b(?:run|check|test)\b[^.?!]*\bbefore (?:i|we|you) (?:send|open|push|submit|commit)\b"
    r"|\b(?:run|do|type|need|check)\b[^.?!]*\b(?:ci|pull request|pr|merge request)\b[^.?!]*"
    r"\b(?:red|green|fail\w*|pass(?:es|ed)?)\b"
    r"|\b(?:keep|make|get) (?:the )?(?:ci|build) (?:green|happy|pass)\b"
    r"|\b(?:what|which)\b[^.?!]*\b(?:ci|github actions?) (?:runs?|checks?|does|do)\b",
    re.I,
)
"""Words that ask what must pass, not how any one thing is run."""

_GOALS: Final = tuple(MEANT[each] for each in ("test", "lint", "type"))
"""What checks are: tests, and what reads the code without running it."""

_BY_CI: Final = 4
_LONGEST: Final = 140
"""Commands of CI that are told, and characters of one: CI types more options than people do."""

_BY_NAMED: Final = 8
"""The same of a file of CI that is named."""

_OF_COMMANDS: Final = frozenset((Need.COMMAND, Need.MEANING, Need.MECHANISM))
_RUNS: Final = re.compile(r"\b(?:runs?|running|checks?)\b|\bwhat does\b.+\bdo\W*$", re.I)
"""What asks for commands, and words by which it is those of the file itself."""

_NOT_ASKED: Final = frozenset((Need.AUTHOR, Need.CHANGE, Need.REASON, Need.PERSON, Need.FIGURE, Need.PLACE))
"""What asks about the checks, and not for them."""


def checks_asked(inquiry: Inquiry, part: Part) -> Said | None:
    """Return what lays down the checks of this repository where they are asked for and it has any."""
    if part.need in _NOT_ASKED:
        return None
    if (named := _run_by_named(inquiry, part)) is not None:
        return named
    if _ASKED.search(part.text) is None or inquiry.namings:
        return None
    found = commands_of(inquiry)
    typed = [each for each in found if not OF_CI.search(each.path)]
    by_hand = [
        each
        for goal in _GOALS
        for each in (serving([goal], typed, installing=False) or _doing(goal, typed))[:1]
    ]
    by_ci = _of_ci([each for each in found if OF_CI.search(each.path)])
    if not by_hand and not by_ci:
        return None

    def say(inquiry: Inquiry) -> None:
        page = inquiry.page
        for command in dict.fromkeys(by_hand):
            runs = f", which runs `{command.runs}`" if command.runs else ""
            place = shown_place(command.path, command.line)
            page.tell(
                Section.WHAT,
                f"Type `{command.text}`{runs} ({place}{under(command)}).",
                [page.sources.span(command.path, command.line, command.line + bool(runs))],
            )
        _say_run(inquiry, by_ci)
        page.carried[part.need] = True
        page.settled[part.need] = True

    return say


def _run_by_named(inquiry: Inquiry, part: Part) -> Said | None:
    """Return what lays down the commands of a file of CI that is named where what it runs is asked for."""
    paths = [path for naming in inquiry.namings for path in naming.paths if OF_CI.search(path)]
    if part.need not in _OF_COMMANDS or len(paths) != 1 or _RUNS.search(part.text) is None:
        return None
    found = [each for each in commands_of(inquiry) if each.path == paths[0]][:_BY_NAMED]
    if not found:
        return None

    def say(inquiry: Inquiry) -> None:
        _say_run(inquiry, found)
        inquiry.page.carried[part.need] = True
        inquiry.page.settled[part.need] = True

    return say


def _say_run(inquiry: Inquiry, commands: list[Command]) -> None:
    page = inquiry.page
    for command in commands:
        step = f", “{command.around}”" if command.around else ""
        place = shown_place(command.path, command.line)
        page.tell(
            Section.WHAT,
            f"CI runs `{command.text}` ({place}{step}).",
            [page.sources.span(command.path, command.line, command.line)],
        )


def _of_ci(found: list[Command]) -> list[Command]:
    """Return the checks among what CI runs, each once, in the order of its files."""
    known = {each for goal in _GOALS for each in _doing(goal, found)}
    texts = {each.text: each for each in reversed(found) if each in known}
    return [each for each in found if texts.get(each.text) is each][:_BY_CI]


def _doing(goal: frozenset[str], found: list[Command]) -> list[Command]:
    """Return the commands that are a check of one kind by their own words or their step's name."""
    return [
        each
        for each in found
        if (meets(goal, spoken(each.text)) or meets(goal, spoken(each.around)))
        and not INSTALLS.match(each.text)
        and len(each.text) <= _LONGEST
        and "${{" not in each.text
    ]
