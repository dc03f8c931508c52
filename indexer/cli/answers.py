"""How answers and hits read in a terminal of 80 columns: labels at the left, marks, then sources."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.text import Text

from indexer.cli.terminal import duration, one_line, visible
from indexer.types import (
    Answer,
    Category,
    Citation,
    CitationKind,
    Freshness,
    Hit,
    Review,
    ReviewMark,
    SearchResult,
    Section,
    Statement,
    VerdictStatus,
    sections_shown,
)

MAX_WIDTH = 88
"""Longer lines are hard to read, however wide the terminal is."""

LABEL_CELLS = 9
"""Room for "Missing" and a gap."""

MAX_CODE_LINES = 20
"""Lines of one quotation that are shown; the source list says where the rest is."""

MAX_HIT_LINES = 6

_OBJECT_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")

BADGES = {
    VerdictStatus.GROUNDED: ("●", "(*)", "Grounded", "green"),
    VerdictStatus.PARTIAL: ("◐", "(/)", "Partial", "yellow"),
    VerdictStatus.MISSING: ("○", "( )", "Not recorded", "red"),
    VerdictStatus.UNKNOWN: ("◌", "(?)", "Not found in this repository", "bright_black"),
}
"""Shape, shape where only ASCII can be written, words, colour: never the colour alone."""

SECTION_LABELS = {Section.WHAT: "What", Section.WHY: "Why", Section.MISSING: "Missing"}

CATEGORY_WORDS = {
    Category.ARCHITECTURE: "architecture decision",
    Category.BUSINESS: "business rule",
    Category.PERFORMANCE: "performance in production",
    Category.SECURITY: "security policy",
    Category.OWNERSHIP: "ownership and accountability",
}


REVIEW_WORDS = {
    ReviewMark.CONFIRMED: ("Confirmed", "green"),
    ReviewMark.DISPUTED: ("Disputed", "red"),
    ReviewMark.WITHDRAWN: ("Withdrawn", "bright_black"),
}


def console() -> Console:
    """Return standard output as rich sees it; plain where it is no terminal, or NO_COLOR is set."""
    width = min(shutil.get_terminal_size((80, 24)).columns, MAX_WIDTH)
    return Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def show_answer(answer: Answer) -> None:
    """Write an answer: badge, sections, sources, what is missing, what to ask next, its state."""
    out = console()
    sources = Sources()
    body = list(_sections(_shown_statements(answer), sources))
    say(out, badge(answer, out, sources))
    if answer.about:
        say(out, Text(f"Taken as a question about: {visible(answer.about)}", style="bright_black"))
    show_reviews(answer.reviews)
    out.print()
    for section, paragraphs in body:
        for number, paragraph in enumerate(paragraphs):
            label = SECTION_LABELS[section] if number == 0 else ""
            _print_labelled(out, label, paragraph)
        out.print()
    if sources.citations:
        out.print(Text("Sources", style="bold"))
        for number, citation in enumerate(sources.citations, start=1):
            print_hanging(out, f"[{number}] ", source_text(citation), indent=2)
        out.print()
    if answer.verdict.status is not VerdictStatus.GROUNDED:
        _print_missing(out, answer)
    if answer.follow_ups:
        unknown = answer.verdict.status is VerdictStatus.UNKNOWN
        out.print(Text("Perhaps you mean" if unknown else "Ask next", style="bold"))
        for question in answer.follow_ups:
            print_hanging(out, "- ", Text(visible(question)), indent=2)
        out.print()
    print_footer(out, answer)
    if answer.written is not None and answer.written.notice:
        say(out, Text(visible(answer.written.notice), style="yellow"))


def _shown_statements(answer: Answer) -> tuple[Statement, ...]:
    """Return what a model wrote where it wrote something; what is missing is always our own."""
    if answer.mode != "written" or answer.written is None:
        return answer.statements
    missing = tuple(each for each in answer.statements if each.section is Section.MISSING)
    return answer.written.sentences + missing


def show_marked(answer: Answer) -> None:
    """Write what people said of an answer, after somebody said something."""
    out = console()
    say(out, Text(visible(answer.question), style="bold"))
    if not answer.reviews:
        out.print("Nobody has marked this answer.")
    show_reviews(answer.reviews)


def show_reviews(reviews: Sequence[Review]) -> None:
    """Write people's marks on an answer, the newest first."""
    out = console()
    for review in reviews:
        word, style = REVIEW_WORDS[review.mark]
        line = Text(f"{word} by {visible(review.by or review.email or 'somebody')}, {day(review.when)}")
        line.stylize(style)
        if review.comment:
            line.append(f": {visible(review.comment)}")
        if review.stale:
            line.append(" (the answer rests on other sources since)", style="yellow")
        say(out, line)


def say(out: Console, text: Text, indent: int = 0) -> None:
    """Write ``text``, wrapped, without blanks at the ends of lines."""
    print_hanging(out, "", text, indent=indent)


def show_hits(result: SearchResult) -> None:
    """Write the hits of a search: place, what it is, how it was found, its first lines."""
    out = console()
    for notice in result.notices:
        say(out, Text(visible(notice), style="yellow"))
    if not result.hits:
        out.print("No hits.")
    for number, hit in enumerate(result.hits, start=1):
        head = Text(f"{number}. ", style="bright_black")
        head.append(_hit_place(hit), style="bold cyan")
        if hit.symbol:
            head.append(f"  {one_line(hit.symbol, 60)}")
        head.append(f"  ({hit.kind}; {', '.join(hit.found_by)}; {hit.score:.3f})", style="bright_black")
        say(out, head)
        lines = [line for line in visible(hit.text).splitlines() if line.strip()][:MAX_HIT_LINES]
        for line in lines:
            out.print(Text(f"   {line}"), overflow="ellipsis", no_wrap=True)
        out.print()
    _print_footer(out, result.freshness, result.seconds, "")


def freshness_words(freshness: Freshness) -> str:
    """Return of what state of the repository something speaks, and how complete it is."""
    parts = [f"at {freshness.commit_id[:10]}" if freshness.commit_id else "no commits yet"]
    if freshness.working_copy:
        parts[0] += " + working copy"
    if freshness.behind > 0:
        commits = "commit" if freshness.behind == 1 else "commits"
        parts.append(f"HEAD is {freshness.behind:,} {commits} further")
    elif freshness.behind < 0 or freshness.head_id != freshness.commit_id:
        parts.append("HEAD has moved")
    parts.append(f"{freshness.passages:,} passages")
    if freshness.embedded < freshness.passages:
        parts.append(f"{freshness.embedded:,} of them by meaning too" if freshness.embedded else "words only")
    return " · ".join(parts)


class Sources:
    """Numbers citations in the order in which they are first used; equal places share a number."""

    def __init__(self) -> None:
        self.citations: list[Citation] = []
        self._numbers: dict[tuple[object, ...], int] = {}

    def number(self, citation: Citation) -> int:
        """Return the number of a citation, a new one for a new place."""
        key = (
            citation.kind,
            citation.path,
            citation.start_line,
            citation.end_line,
            citation.commit_id,
            citation.note_id,
            citation.fact,
        )
        if key not in self._numbers:
            self.citations.append(citation)
            self._numbers[key] = len(self.citations)
        return self._numbers[key]


def _sections(statements: Sequence[Statement], sources: Sources) -> Iterator[tuple[Section, list[Text]]]:
    for section in sections_shown(statements):
        paragraphs = [paragraph(each, sources) for each in statements if each.section is section]
        if paragraphs:
            yield section, paragraphs


def paragraph(statement: Statement, sources: Sources) -> Text:
    """Return a statement with the numbers of its sources; code is kept as it is laid out."""
    marks = "".join(f" [{sources.number(each)}]" for each in _shown_citations(statement))
    shown = visible(statement.text).strip("\n")
    if "\n" not in shown:
        text = Text(shown.strip())
        text.append(marks, style="cyan")
        return text
    lines = shown.splitlines()
    kept = [f"| {line}" for line in lines[:MAX_CODE_LINES]]
    if len(lines) > MAX_CODE_LINES:
        kept.append(f"| ... {len(lines) - MAX_CODE_LINES} more lines")
    text = Text("\n".join(kept), no_wrap=True, overflow="ellipsis")
    text.append(marks, style="cyan")
    return text


def _shown_citations(statement: Statement) -> list[Citation]:
    """Return what is numbered: not the count of what was searched, which has a line of its own."""
    missing = statement.section is Section.MISSING
    return [each for each in statement.citations if not (missing and each.kind is CitationKind.FACT)]


def badge(answer: Answer, out: Console, sources: Sources) -> Text:
    """Return the label of an answer, with its counts: of sources those that are listed below it."""
    verdict = answer.verdict
    shape, ascii_shape, words, colour = BADGES[verdict.status]
    try:
        shape.encode(out.encoding)
    except (UnicodeEncodeError, LookupError):
        shape = ascii_shape
    text = Text()
    text.append(f"{shape} {words}", style=f"bold {colour}")
    count = len(sources.citations)
    facts = [f"{count} source{'s' if count != 1 else ''}"] if count else []
    if verdict.category is not None and verdict.status is VerdictStatus.PARTIAL:
        facts.append(f"not recorded: {CATEGORY_WORDS[verdict.category]}")
    elif verdict.category is not None:
        facts.append(CATEGORY_WORDS[verdict.category])
    if verdict.contacts:
        facts.append(f"who may know: {len(verdict.contacts)}")
    if facts:
        text.append(" · " + " · ".join(facts), style=colour)
    return text


def _print_missing(out: Console, answer: Answer) -> None:
    verdict = answer.verdict
    title = "Not recorded" if verdict.status is not VerdictStatus.UNKNOWN else "Not found"
    category = f" ({CATEGORY_WORDS[verdict.category]})" if verdict.category is not None else ""
    out.print(Text(title + category, style="bold"))
    if verdict.reason and verdict.reason not in {each.text for each in answer.statements}:
        print_hanging(out, "", Text(visible(verdict.reason)), indent=2)
    if verdict.searched:
        print_hanging(out, "Searched  ", Text(visible("; ".join(verdict.searched))), indent=2)
    for number, contact in enumerate(verdict.contacts):
        email = f" <{contact.email}>" if contact.email else ""
        who = Text(visible(contact.name + email), style="bold")
        who.append(f": {visible(contact.reason)}" if contact.reason else "", style="not bold")
        print_hanging(out, "May know  " if number == 0 else " " * 10, who, indent=2)
    if answer.draft:
        print_hanging(out, "Ask them  ", Text(visible(answer.draft), style="italic"), indent=2)
    if answer.gap_id:
        told = f"lorebase note add --gap {answer.gap_id} TITLE"
        print_hanging(out, "Record it ", Text(told, style="cyan"), indent=2)
    out.print()


def source_text(citation: Citation) -> Text:
    """Return what a list of sources says of a citation."""
    text = Text()
    if citation.kind is CitationKind.COMMIT:
        text.append(f"commit {(citation.commit_id or '')[:10]}", style="cyan")
        _append_who(text, citation)
        text.append(f"  {one_line(citation.quote, 60)}")
    elif citation.kind is CitationKind.NOTE:
        text.append(f"note {citation.note_id or ''}", style="cyan")
        _append_who(text, citation)
    elif citation.kind is CitationKind.FACT:
        text.append(f"counted: {visible(citation.fact or citation.quote)}", style="cyan")
        if citation.rests_on:
            text.append(f"  ({', '.join(map(_rested_on, citation.rests_on[:3]))})")
    else:
        text.append(_span(citation.path, citation.start_line, citation.end_line), style="cyan")
        if not citation.commit_id:
            text.append("  (working copy)")
    return text


def _rested_on(each: str) -> str:
    """Return a commit's id short, and a place whole: its end tells which file and line it is."""
    return each[:10] if _OBJECT_ID.fullmatch(each) else visible(each)


def _append_who(text: Text, citation: Citation) -> None:
    if citation.author:
        text.append(f"  {visible(citation.author)}")
    if citation.authored:
        text.append(f"  {day(citation.authored)}")


def day(seconds: int) -> str:
    """Return the UTC day of a time as recorded; one that no calendar has is shown as a number."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
    except (ValueError, OverflowError, OSError):
        return str(seconds)


def _hit_place(hit: Hit) -> str:
    if hit.path is not None:
        return _span(hit.path, hit.start_line, hit.end_line)
    if hit.note_id is not None:
        return f"note {hit.note_id}"
    return f"commit {(hit.commit_id or '')[:10]}"


def _span(path: str | None, start: int, end: int) -> str:
    lines = f"{start}" if end <= start else f"{start}-{end}"
    return f"{visible(path or '')}:{lines}" if start else visible(path or "")


def _print_labelled(out: Console, label: str, body: Text) -> None:
    print_hanging(out, f"{label:<{LABEL_CELLS}}", body, indent=0, label_style="bold")


def print_hanging(
    out: Console, label: str, body: Text, *, indent: int, label_style: str = "bright_black"
) -> None:
    """Write ``body`` with its lines aligned behind ``label``."""
    room = max(out.width - indent - len(label), 20)
    if body.no_wrap:
        lines = list(body.split("\n"))
        for line in lines:
            line.truncate(room, overflow="ellipsis")
    else:
        lines = list(body.wrap(out, room))
    for number, line in enumerate(lines):
        line.rstrip()
        start = Text(" " * indent)
        start.append(label if number == 0 else " " * len(label), style=label_style)
        out.print(Text.assemble(start, line), no_wrap=True, overflow="ignore", crop=False)


def print_footer(out: Console, answer: Answer) -> None:
    """Write of what state of the repository an answer speaks, and how it was made."""
    _print_footer(out, answer.freshness, answer.seconds, _mode_words(answer))


def _print_footer(out: Console, freshness: Freshness, seconds: float, mode: str) -> None:
    parts = [freshness_words(freshness), mode, duration(seconds)]
    footer = Text(" · ".join(part for part in parts if part), style="bright_black")
    say(out, footer)
    for notice in freshness.notices:
        say(out, Text(visible(notice), style="yellow"))


def _mode_words(answer: Answer) -> str:
    words = "extracted, no model"
    if answer.mode == "written" and answer.written is not None:
        words = f"written by {visible(answer.written.model)} in {duration(answer.written.seconds)}"
        if answer.written.dropped:
            words += f" · {answer.written.dropped_count} of its sentences dropped"
    return f"{words} · {answer.dropped} unproven dropped" if answer.dropped else words
