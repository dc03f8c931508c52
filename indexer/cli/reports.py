"""How reports, states, gaps, notes and findings read in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.text import Text

from indexer.cli.answers import CATEGORY_WORDS, console, day, freshness_words, say
from indexer.cli.terminal import duration, one_line, progress_text, visible
from indexer.pages import WhoKnows
from indexer.types import (
    AnchorState,
    AnchorText,
    ChunkCounts,
    Finding,
    Gap,
    Health,
    IndexReport,
    IndexStatus,
    Note,
    NoteComparison,
    PublishOutcome,
    PublishReport,
    Severity,
    Skipped,
)

MAX_REASONS = 8
"""Reasons for leaving files out that are shown; `--json` lists every file."""

MAX_LANGUAGES = 8

MAX_ASKERS = 5
MAX_WORDINGS = 3

SEVERITY_MARKS = {
    Severity.OK: ("ok", "green"),
    Severity.NOTICE: ("note", "yellow"),
    Severity.DAMAGED: ("BAD", "bold red"),
}

STATE_WORDS = {
    AnchorState.CURRENT: "current",
    AnchorState.STALE: "stale: its code has changed",
    AnchorState.ORPHANED: "orphaned: its code is gone",
    AnchorState.UNANCHORED: "not tied to code",
}


def show_report(report: IndexReport) -> None:
    """Write what an index job did."""
    state = "Indexed" if report.vectors_complete else "Searchable by words"
    at = f" at {report.commit[:10]}" if report.commit else " (no commits yet)"
    total = report.seconds.get("total", sum(report.seconds.values()))
    rows = [
        ("Passages", _counts(report.chunks)),
        ("Vectors", f"{report.embedded:,} new, {report.reused:,} kept"),
    ]
    if report.skipped:
        rows.append(("Left out", f"{len(report.skipped):,}: {_reasons(report.skipped)}"))
    _show_rows(f"{state}{at}: {report.files:,} files in {duration(total)}", rows)
    _show_notices(report.notices)


def show_status(status: IndexStatus) -> None:
    """Write the state of an index."""
    facts = status.repository
    where = facts.work_tree or facts.common_dir
    branch = facts.branch or ("no commits yet" if facts.unborn else "detached HEAD")
    rows = [
        ("Repository", visible(where)),
        ("Branch", visible(branch)),
        ("Index", freshness_words(status.freshness)),
        ("Passages", _counts(status.chunks)),
        ("Files", f"{status.files:,}, {status.symbols:,} symbols; {status.skipped:,} left out"),
        ("Languages", _languages(status.languages)),
        ("Commits", f"{status.commits:,}"),
        ("Secrets cut", f"{status.redactions:,}"),
        ("Model", status.model),
        (
            "Search",
            f"generation {status.generation}" if status.generation else "exact",
        ),
        ("On disk", f"{_megabytes(status.disk_bytes)} in {visible(status.index_dir)}"),
        ("Engine", f"process {status.engine_pid}"),
        ("Job", progress_text(status.job, bar=False) if status.job is not None else "none"),
    ]
    _show_rows("", [(label, value) for label, value in rows if value])
    _show_notices((*facts.notices, *status.freshness.notices, *status.notices))


def show_health(health: Health) -> None:
    """Write what the doctor found, the worst last, so that it stands above the prompt."""
    out = console()
    order = list(Severity)
    for finding in sorted(health.findings, key=lambda each: order.index(each.severity)):
        _show_finding(finding)
    bad = sum(each.severity is Severity.DAMAGED for each in health.findings)
    if bad:
        say(out, Text(f"{bad} damaged. `lorebase repair` mends it; answers still work.", style="bold"))
    else:
        say(out, Text("Nothing is damaged.", style="bold"))


def show_gaps(gaps: Iterable[Gap]) -> None:
    """Write the gaps."""
    out = console()
    empty = True
    for gap in gaps:
        empty = False
        head = Text(f"{gap.id}  ", style="cyan")
        head.append(visible(gap.question), style="bold")
        say(out, head)
        facts = [f"asked {gap.asked} time{'s' if gap.asked != 1 else ''}, last {day(gap.last_asked)}"]
        if gap.category is not None:
            facts.insert(0, CATEGORY_WORDS[gap.category])
        if gap.note_id:
            facts.append(f"answered by note {gap.note_id}")
        elif gap.contacts:
            facts.append("may know: " + ", ".join(visible(each.name) for each in gap.contacts[:3]))
        say(out, Text(" · ".join(facts), style="bright_black"), indent=4)
        for line in _more_of(gap):
            say(out, Text(line, style="bright_black"), indent=4)
        if gap.missing:
            say(out, Text("    " + visible(gap.missing)))
    if empty:
        out.print("No gaps.")


def show_people(found: WhoKnows) -> None:
    """Write who knows something: what it was taken for, then each person with the reasons."""
    out = console()
    _show_notices(found.notices)
    if found.people:
        more = f" and {len(found.places) - 3} more" if len(found.places) > 3 else ""
        places = ", ".join(visible(each) for each in found.places[:3])
        say(out, Text(f"Who most likely knows {places}{more}", style="bold"))
    for each in found.people:
        contact = each.contact
        who = Text(visible(contact.name), style="bold")
        who.append(f" <{visible(contact.email)}>" if contact.email else "", style="not bold")
        who.append(f": {visible(contact.reason)}", style="not bold")
        say(out, who, indent=2)
        for place in [f"{cited.path}:{cited.start_line}" for cited in each.citations if cited.path]:
            say(out, Text(visible(place), style="cyan"), indent=4)
        commits = [oid[:10] for cited in each.citations for oid in cited.rests_on[:3]]
        if commits:
            say(out, Text("commits " + ", ".join(commits), style="cyan"), indent=4)


def _more_of(gap: Gap) -> Iterator[str]:
    """Yield who met a gap, in which other words, and what of its code is gone."""
    if gap.askers:
        who = [
            f"{visible(each.name or each.email)} ({each.asked}, {day(each.last_asked)})"
            for each in gap.askers[:MAX_ASKERS]
        ]
        more = f" and {len(gap.askers) - MAX_ASKERS} more" if len(gap.askers) > MAX_ASKERS else ""
        yield f"asked by {', '.join(who)}{more}"
    if gap.wordings:
        yield "also asked as: " + "; ".join(visible(each) for each in gap.wordings[:MAX_WORDINGS])
    if gap.gone:
        what = "its file is gone" if len(gap.gone) == len(gap.paths) == 1 else "files that are gone"
        yield f"{what}: {', '.join(visible(each) for each in gap.gone)}"


def show_published(report: PublishReport) -> None:
    """Write which files were written into the work tree, and what to do with them."""
    out = console()
    if not report.files:
        out.print('No notes yet. Write one: lorebase note add "Why ..." --about FILE:LINE --text "..."')
    for each in report.files:
        style = "yellow" if each.outcome is PublishOutcome.REFUSED else ""
        say(out, Text(f"{each.outcome:<10}{visible(each.path)}", style=style))
        if each.detail:
            say(out, Text(visible(each.detail), style="yellow"), indent=10)
    _show_notices(report.notices)
    if any(each.outcome in (PublishOutcome.WRITTEN, PublishOutcome.UPDATED) for each in report.files):
        say(out, Text(f"Nothing was committed: look at it, then `git add {visible(report.folder)}`."))


def show_notes(notes: Iterable[Note]) -> None:
    """Write notes, one a line and a half."""
    out = console()
    empty = True
    for note in notes:
        empty = False
        head = Text(f"{note.id}  ", style="cyan")
        head.append(visible(note.title), style="bold")
        say(out, head)
        say(out, Text(_note_facts(note), style="bright_black"), indent=4)
    if empty:
        out.print('No notes yet. Write one: lorebase note add "Why ..." --about FILE:LINE --text "..."')


def show_skipped(title: str, skipped: Iterable[Skipped]) -> None:
    """Write files with why each was left out, when there are any."""
    out = console()
    for number, each in enumerate(skipped):
        if number == 0:
            say(out, Text(title, style="bold"))
        say(out, Text(f"{visible(each.path)}: {visible(each.reason)}", style="yellow"), indent=2)


def show_versions(notes: Sequence[Note]) -> None:
    """Write every version of a note, the oldest first."""
    out = console()
    for number, note in enumerate(notes, 1):
        say(out, Text(f"Version {number} of {len(notes)}", style="bold"))
        say(out, Text(_note_facts(note, state=False), style="bright_black"), indent=2)
        say(out, Text(visible(note.title)), indent=2)
        say(out, Text(visible(note.text)), indent=2)
        out.print()


def show_comparison(found: NoteComparison) -> None:
    """Write one note whole, and where its code changed since, what it was and what it is."""
    then, now = found.then, found.now
    if not found.diff and found.note.state is not AnchorState.ORPHANED:
        show_note(found.note)
        return
    _show_words(found.note)
    out = console()
    if then is not None:
        say(out, Text(f"then  {_text_place(then)}", style="bold"))
    if now is None:
        say(out, Text("now   gone: nothing here is what the note was written for", style="bold"))
        _show_lines(() if then is None else [f"-{line}" for line in then.lines])
    else:
        say(out, Text(f"now   {_text_place(now)}", style="bold"))
        _show_lines(found.diff)


def _text_place(text: AnchorText) -> str:
    lines = f":{text.start_line}-{max(text.end_line, text.start_line)}" if text.start_line else ""
    at = f" at {text.commit_id[:10]}" if text.commit_id else " in the working copy"
    return f"{visible(text.path or '')}{lines}{at}"


def _show_lines(lines: Iterable[str]) -> None:
    out = console()
    styles = {"-": "red", "+": "green", "@": "cyan"}
    for line in lines:
        shown = visible(line)
        style = styles.get(shown[:1], "bright_black")
        out.print(Text(shown.rstrip(), style=style), no_wrap=True, overflow="ellipsis")


def show_note(note: Note) -> None:
    """Write one note whole."""
    _show_words(note)
    out = console()
    if note.anchor is not None and note.anchor.quote:
        for line in visible(note.anchor.quote).splitlines():
            out.print(Text(f"| {line}", style="bright_black"), no_wrap=True, overflow="ellipsis")


def _show_words(note: Note) -> None:
    out = console()
    say(out, Text(visible(note.title), style="bold"))
    say(out, Text(f"{note.id} · {_note_facts(note)}", style="bright_black"))
    if note.question and note.question != note.title:
        say(out, Text(f"answers: {visible(note.question)}", style="bright_black"))
    out.print()
    say(out, Text(visible(note.text)))
    out.print()


def _note_facts(note: Note, *, state: bool = True) -> str:
    facts = [visible(note.author) or "unknown"]
    if note.updated or note.created:
        facts.append(day(note.updated or note.created))
    if state:
        facts.append(STATE_WORDS[note.state])
    if note.anchor is not None:
        facts.append(_anchor_words(note))
    if note.category is not None:
        facts.append(CATEGORY_WORDS[note.category])
    if note.source != "person":
        facts.append(f"from {visible(note.source)}")
    elif note.published:
        facts.append(f"published as {visible(note.published)}")
    return " · ".join(facts)


def _anchor_words(note: Note) -> str:
    anchor = note.anchor
    assert anchor is not None
    place = visible(anchor.path or anchor.symbol)
    if anchor.path and anchor.start_line:
        place += f":{anchor.start_line}"
        place += f"-{anchor.end_line}" if anchor.end_line > anchor.start_line else ""
    return place


def _show_finding(finding: Finding) -> None:
    mark, style = SEVERITY_MARKS[finding.severity]
    line = Text(f"{mark:<5}", style=style)
    line.append(f"{finding.check}: ", style="bold")
    line.append(visible(finding.message))
    out = console()
    say(out, line)
    if finding.remedy:
        say(out, Text(f"     {visible(finding.remedy)}", style="bright_black"))


def _show_rows(title: str, rows: Iterable[tuple[str, str]]) -> None:
    out = console()
    if title:
        say(out, Text(title, style="bold"))
    for label, value in rows:
        start = f"{label:<12}" if not title else f"  {label:<10}"
        body = Text(value)
        for number, line in enumerate(body.wrap(out, max(out.width - len(start), 20))):
            line.rstrip()
            out.print(Text.assemble((start if number == 0 else " " * len(start), "bright_black"), line))


def _show_notices(notices: Iterable[str]) -> None:
    out = console()
    for notice in dict.fromkeys(notices):
        say(out, Text(visible(notice), style="yellow"))


def _counts(counts: ChunkCounts) -> str:
    total = counts.code + counts.doc + counts.commit + counts.note
    return (
        f"{total:,}: {counts.code:,} code, {counts.doc:,} docs, "
        f"{counts.commit:,} commits, {counts.note:,} notes"
    )


def _reasons(skipped: Iterable[Skipped]) -> str:
    counted: dict[str, int] = {}
    for each in skipped:
        counted[each.reason] = counted.get(each.reason, 0) + 1
    shown = sorted(counted.items(), key=lambda pair: -pair[1])
    words = [f"{one_line(reason, 40)} {count:,}" for reason, count in shown[:MAX_REASONS]]
    if len(shown) > MAX_REASONS:
        words.append(f"{len(shown) - MAX_REASONS} other reasons")
    return ", ".join(words)


def _languages(languages: dict[str, int]) -> str:
    shown = sorted(languages.items(), key=lambda pair: -pair[1])
    words = [f"{name or 'other'} {count:,}" for name, count in shown[:MAX_LANGUAGES]]
    if len(shown) > MAX_LANGUAGES:
        words.append(f"{len(shown) - MAX_LANGUAGES} more")
    return ", ".join(words)


def _megabytes(count: int) -> str:
    return f"{count / 1_000_000:,.1f} MB"
