"""How tours and sessions read in a terminal of 80 to 100 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from indexer.cli.answers import console, day, print_hanging, source_text
from indexer.cli.terminal import visible
from indexer.shapes.onboarding import (
    Overview,
    Session,
    SessionAct,
    SessionEvent,
    SessionList,
    SessionPage,
    Tour,
    TourLine,
    TourList,
    TourStep,
    TourVersions,
)
from indexer.types import AnchorState, Citation, CitationKind, Section

LABELS = {Section.WHAT: "What", Section.WHY: "Why", Section.MISSING: "Missing"}
LABEL_CELLS = 9
MARKS = {
    AnchorState.STALE: " (changed since)",
    AnchorState.ORPHANED: " (not there any more)",
}
ACT_WORDS = {
    SessionAct.STUCK: "stuck",
    SessionAct.ASKED: "asked",
    SessionAct.NOTED: "note",
    SessionAct.CHECKED: "check",
}


def show_tour(tour: Tour, *, whole: bool, answers: bool = False) -> None:
    """Write a tour: its head and its steps in a line each, or each of them whole."""
    out = console()
    _line(out, tour.title, "bold")
    minutes = f"about {_duration(tour.minutes)}"
    by = f" by {tour.by}" if tour.by else ""
    where = f"for {tour.area}, " if tour.area else ""
    _line(
        out,
        f"{tour.id} · version {tour.version} · {where}{tour.role.value} · {len(tour.steps)} steps, {minutes}"
        f" · at {(tour.commit_id or 'no commit')[:10]}, {day(tour.written)}{by}",
        "bright_black",
    )
    _notices(out, tour.notices)
    out.print()
    if whole:
        for number in range(1, len(tour.steps) + 1):
            show_step(tour, number, answers=answers)
        return
    for number, step in enumerate(tour.steps, 1):
        _step_line(out, number, step, " ")
    out.print()
    _line(out, f"Walk it: lorebase session start {tour.id}", "cyan")
    _line(out, f"Read it: lorebase tour show {tour.id} --step 1", "cyan")


def show_step(tour: Tour, number: int, *, answers: bool) -> None:
    """Write one step whole; the answer of its question only when it is wanted."""
    out = console()
    step = tour.steps[number - 1]
    _line(out, f"{number}. {step.title}", "bold")
    _line(out, f"Step {number} of {len(tour.steps)} · {step.minutes} minutes", "bright_black")
    out.print()
    sources: list[Citation] = []
    for section, lines in _sections(step.lines):
        for at, line in enumerate(lines):
            _labelled(out, LABELS[section] if at == 0 else "", _text(line, sources))
        out.print()
    if step.matters is not None:
        _labelled(out, "Matters", _text(step.matters, sources))
        out.print()
    _readings(out, step)
    if step.check is not None:
        _labelled(out, "Check", Text(visible(step.check.question)))
        for at, choice in enumerate(step.check.choices, 1):
            mark = "*" if answers and at - 1 == step.check.right else " "
            _labelled(out, "", Text(f"{mark} {at}. {visible(choice)}"))
        if answers:
            _labelled(out, "Answer", _text(step.check.answer, sources))
        out.print()
    for at, citation in enumerate(sources, 1):
        print_hanging(out, f"[{at}] ", source_text(citation), indent=2)
    if sources:
        out.print()


def show_tours(found: TourList) -> None:
    """Write one line a tour."""
    out = console()
    if not found.tours:
        _line(out, "There is no tour yet: `lorebase tour new` derives one.")
    for tour in found.tours:
        text = Text(f"{tour.id:<10}", style="cyan")
        text.append(visible(tour.title), style="bold")
        area = f"{tour.area}, " if tour.area else ""
        text.append(
            f"  {visible(area)}{tour.role.value} · {tour.steps} steps, {_duration(tour.minutes)} ·"
            f" {day(tour.written)}"
            f"{' by ' + visible(tour.by) if tour.by else ''}"
        )
        if tour.published:
            text.append(f" · {visible(tour.published)}")
        if tour.sessions:
            text.append(f" · {tour.sessions} session{'s' if tour.sessions != 1 else ''}")
        print_hanging(out, "", text, indent=0)
    for each in found.problems:
        _line(out, f"{each.path}: {each.reason}", "yellow")


def show_versions(found: TourVersions) -> None:
    """Write one line a version."""
    out = console()
    for tour in found.tours:
        by = f" by {tour.by}" if tour.by else ""
        _line(out, f"{tour.version:>3}  {day(tour.written)}{by} · {tour.source} · {tour.steps} steps")


def show_session(page: SessionPage, number: int, *, answers: bool = False, happened: bool = False) -> None:
    """Write where a session stands, and the step of this number whole."""
    out = console()
    session = page.session
    _line(out, f"{page.tour.title} · {session.name or 'somebody'}", "bold")
    _line(
        out,
        f"{session.id} · {len(session.done)} of {session.steps} steps done · begun {day(session.begun)}",
        "bright_black",
    )
    _notices(out, page.notices)
    out.print()
    for at, step in enumerate(page.tour.steps, 1):
        mark = "x" if step.key in session.done else ">" if step.key == session.current else " "
        _step_line(out, at, step, mark)
    out.print()
    if session.finished and not happened:
        _line(
            out,
            f"All is done, since {day(session.finished)}. For the mentor: lorebase session export",
            "green",
        )
        return
    show_step(page.tour, number, answers=answers)
    if happened:
        _happened(out, page)
    if page.may_know:
        names = ", ".join(visible(each.name) for each in page.may_know[:3])
        _line(out, f"May know more: {names}", "bright_black")
    _line(out, "Go on: lorebase session next · check · ask QUESTION · stuck TEXT · note TEXT", "cyan")


def show_kept(page: SessionPage, act: SessionAct) -> None:
    """Write what was kept just now."""
    out = console()
    event = page.session.events[-1]
    if act is not SessionAct.STUCK:
        _line(out, f"Kept with “{event.title}”.")
        return
    gap = next((each for each in page.gaps if each.id == event.gap_id), None)
    _line(out, f"Kept as the gap {event.gap_id}, with “{event.title}” and its code.")
    for contact in gap.contacts if gap is not None else ():
        text = Text(visible(contact.name), style="bold")
        text.append(f": {visible(contact.reason)}", style="not bold")
        print_hanging(out, "May know  ", text, indent=2)
    if gap is not None:
        print_hanging(
            out, "Record it ", Text(f"lorebase note add --gap {gap.id} TITLE", style="cyan"), indent=2
        )


def show_check(page: SessionPage, number: int, *, answered: bool) -> None:
    """Write a step's question, and what is right once it was answered."""
    out = console()
    step = page.tour.steps[number - 1]
    if step.check is None:
        _line(out, "This step has no question.")
        return
    _line(out, step.check.question, "bold")
    event = page.session.events[-1]
    for at, choice in enumerate(step.check.choices):
        mark = "*" if answered and at == step.check.right else "-" if answered and at == event.chosen else " "
        _line(out, f" {mark} {at + 1}. {choice}")
    if not answered:
        hint = "NUMBER" if step.check.choices else "right` or `lorebase session check wrong"
        _line(out, f"Answer: `lorebase session check {hint}`", "cyan")
        return
    words = {True: ("Right.", "green"), False: ("Not so.", "yellow")}
    if event.right is not None:
        _line(out, *words[event.right])
    sources: list[Citation] = []
    print_hanging(out, "", _text(step.check.answer, sources), indent=0)
    for at, citation in enumerate(sources, 1):
        print_hanging(out, f"[{at}] ", source_text(citation), indent=2)


def show_sessions(found: SessionList) -> None:
    """Write one line a session."""
    out = console()
    if not found.sessions:
        _line(out, "There is no session yet: `lorebase session start TOUR` begins one.")
    for session in found.sessions:
        _session_line(out, session)


def show_overview(found: Overview) -> None:
    """Write a mentor's view."""
    out = console()
    if not found.sessions:
        _line(out, "There is no session yet: `lorebase session start TOUR` begins one.")
        return
    for session in found.sessions:
        _session_line(out, session)
    for tour in found.tours:
        out.print()
        _line(out, f"{tour.title}: {tour.sessions} begun, {tour.finished} finished", "bold")
        _line(out, "  reached  done  stuck  asked  wrong/checked  step", "bright_black")
        for number, step in enumerate(tour.steps, 1):
            checked = f"{step.wrong}/{step.checked}" if step.checked else ""
            style = "yellow" if step.stuck or step.wrong else ""
            _line(
                out,
                f"  {step.reached:>7}  {step.done:>4}  {step.stuck or '':>5}  {step.asked or '':>5} "
                f" {checked:>13}  {number}. {step.title}",
                style,
            )
    if found.gaps:
        out.print()
        _line(out, "Gaps that were met", "bold")
    for each in found.gaps:
        state = f"answered by note {each.gap.note_id}" if each.gap.note_id else "open"
        people = ", ".join(each.people[:3])
        text = Text(visible(each.gap.question))
        text.append(
            f"  {state} · met by {visible(people)} at {visible(', '.join(each.steps[:2]))}",
            style="bright_black",
        )
        print_hanging(out, f"{len(each.sessions)}x ", text, indent=2)
        if each.gap.contacts and not each.gap.note_id:
            names = ", ".join(contact.name for contact in each.gap.contacts[:3])
            print_hanging(out, "", Text(f"May know: {visible(names)}", style="bright_black"), indent=5)


# ------------------------------------------------------------------------------------ private


def _readings(out: Console, step: TourStep) -> None:
    for at, reading in enumerate(step.reading):
        anchor = reading.anchor
        place = (
            f"{anchor.path}:{anchor.start_line}-{anchor.end_line}" if anchor.start_line else anchor.path or ""
        )
        text = Text(visible(place), style="cyan")
        if reading.title not in place:
            text.append(f"  {visible(reading.title)}", style="not bold")
        text.append(MARKS.get(reading.state, ""), style="yellow")
        if reading.notice:
            text.append(f"  {visible(reading.notice)}", style="yellow")
        _labelled(out, "Read" if at == 0 else "", text)
    if step.reading:
        out.print()


def _step_line(out: Console, number: int, step: TourStep, mark: str) -> None:
    text = Text(f"{visible(step.title)}", style="bold" if mark == ">" else "")
    text.append(f"  {step.minutes} min", style="bright_black")
    print_hanging(out, f" {mark} {number:>2}. ", text, indent=0)


def _session_line(out: Console, session: Session) -> None:
    text = Text(visible(session.name or "somebody"), style="bold")
    state = f"finished {day(session.finished)}" if session.finished else f"last {day(session.last)}"
    text.append(
        f"  {visible(session.title)} · {len(session.done)} of {session.steps} done · {state}",
        style="not bold",
    )
    print_hanging(out, f"{session.id:<10}", text, indent=0)


def _happened(out: Console, page: SessionPage) -> None:
    numbers = {step.key: number for number, step in enumerate(page.tour.steps, 1)}
    told = [each for each in page.session.events if each.act in ACT_WORDS and _words(each)]
    if not told:
        return
    _line(out, "In this session", "bold")
    for event in told:
        at = numbers.get(event.step)
        label = f"{ACT_WORDS[event.act]:<6} {'step ' + str(at) if at else 'gone':<8}"
        print_hanging(out, label, Text(visible(_words(event))), indent=2)
    out.print()


def _words(event: SessionEvent) -> str:
    if event.act is SessionAct.CHECKED:
        return {True: "right", False: "not right", None: "looked up"}[event.right]
    label = f" [{event.status.value}]" if event.status is not None else ""
    return f"{event.text}{label}" if event.text else ""


def _sections(lines: Sequence[TourLine]) -> Iterator[tuple[Section, list[TourLine]]]:
    for section in Section:
        found = [each for each in lines if each.statement.section is section]
        if found:
            yield section, found


def _text(line: TourLine, sources: list[Citation]) -> Text:
    shown = visible(line.statement.text).strip()
    if line.statement.quoted and not shown.startswith("“"):
        shown = f"“{shown}”"
    text = Text(shown)
    if line.by:
        text.append(f" (written by {visible(line.by)})", style="italic")
    for citation in line.statement.citations:
        if citation.kind is CitationKind.FACT and line.statement.section is Section.MISSING:
            continue
        if citation not in sources:
            sources.append(citation)
        text.append(f" [{sources.index(citation) + 1}]", style="cyan")
    text.append(MARKS.get(line.state, ""), style="yellow")
    return text


def _labelled(out: Console, label: str, body: Text) -> None:
    print_hanging(out, f"{label:<{LABEL_CELLS}}", body, indent=0, label_style="bold")


def _line(out: Console, text: str, style: str = "") -> None:
    print_hanging(out, "", Text(visible(text), style=style), indent=0)


def _notices(out: Console, notices: Sequence[str]) -> None:
    for notice in notices:
        _line(out, notice, "yellow")


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02d} min" if rest else f"{hours} h"
