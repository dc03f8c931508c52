"""What a mentor reads of one walk: what was read, asked, not answered, and by whom it could be."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from indexer.answer.contacts import day
from indexer.guide.tours.calm import calm, written_out
from indexer.shapes.onboarding import SessionAct, SessionEvent, SessionPage, TourStep
from indexer.types import Gap, VerdictStatus

WORDS: Final = {
    VerdictStatus.GROUNDED: "answered",
    VerdictStatus.PARTIAL: "partly answered: what, but not why",
    VerdictStatus.MISSING: "not recorded",
    VerdictStatus.UNKNOWN: "not found in the repository",
}
_STYLE: Final = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1B1F24;"
    "background:#fff}h1{font-size:24px}h2{font-size:18px;margin-top:2rem}li{margin:.25rem 0}"
    ".meta{color:#4A525C}code{font-family:ui-monospace,monospace;font-size:13px}"
    "@media(prefers-color-scheme:dark){body{color:#E8EBEF;background:#15181C}.meta{color:#B9C1CB}}"
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A heading, a paragraph or a point of the report; ``level`` is of a heading, or how deep a point is."""

    kind: str
    text: str
    level: int = 0


def as_markdown(page: SessionPage) -> str:
    """Return the report as Markdown that no text of a repository or a person can make act."""
    out: list[str] = []
    before = ""
    for part in _parts(page):
        text = calm(part.text)
        if part.kind == "head":
            out += ["", f"{'#' * part.level} {text}", ""]
        elif part.kind == "point":
            out.append(f"{'  ' * part.level}- {text}")
        else:
            out += ["", text, ""] if before == "point" else [text, ""]
        before = part.kind
    return "\n".join(out).strip() + "\n"


def as_html(page: SessionPage) -> str:
    """Return the report as one page that loads nothing and runs nothing."""
    body: list[str] = []
    depth = -1
    for part in _parts(page):
        wanted = part.level if part.kind == "point" else -1
        while depth < wanted:
            body.append("<ul>")
            depth += 1
        while depth > wanted:
            body.append("</ul>")
            depth -= 1
        text = html.escape(written_out(part.text))
        if part.kind == "head":
            body.append(f"<h{part.level}>{text}</h{part.level}>")
        elif part.kind == "point":
            body.append(f"<li>{text}</li>")
        else:
            body.append(f"<p{' class=meta' if part.kind == 'meta' else ''}>{text}</p>")
    body += ["</ul>"] * (depth + 1)
    title = html.escape(written_out(f"{page.session.name or 'Somebody'}: {page.tour.title}"))
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


# ------------------------------------------------------------------------------------ private


def _parts(page: SessionPage) -> Iterator[_Part]:
    session, tour = page.session, page.tour
    who = session.name or "Somebody"
    yield _Part("head", f"{who}: {tour.title}", 1)
    state = f"finished on {day(session.finished)}" if session.finished else f"last on {day(session.last)}"
    at = f"{len(session.done)} of {session.steps} steps done"
    yield _Part(
        "meta",
        f"Begun {day(session.begun)}, {state}; {at}. The tour speaks of commit"
        f" {(tour.commit_id or 'none')[:9]}.",
    )
    for notice in page.notices:
        yield _Part("text", notice)
    yield from _unanswered(page)
    yield from _read(page)
    yield from _asked(page)
    yield from _checked(page)
    yield from _noted(page)


def _unanswered(page: SessionPage) -> Iterator[_Part]:
    open_gaps = [gap for gap in page.gaps if gap.note_id is None]
    yield _Part("head", "Not answered, and who could", 2)
    if not open_gaps:
        yield _Part("text", "Nothing is open.")
    for gap in open_gaps:
        yield _Part("point", f"{gap.question}{_where(page, gap)}")
        if gap.contacts:
            named = "; ".join(f"{each.name} ({each.reason.partition(';')[0]})" for each in gap.contacts[:3])
            yield _Part("point", f"May know: {named}", 1)
        else:
            yield _Part("point", "Nobody is known who might know.", 1)
        yield _Part("point", f"Answer it once for all: lorebase note add --gap {gap.id} TITLE", 1)
    for gap in page.gaps:
        if gap.note_id is not None:
            yield _Part("point", f"Answered since by note {gap.note_id}: {gap.question}")


def _where(page: SessionPage, gap: Gap) -> str:
    for event in page.session.events:
        if event.gap_id == gap.id:
            how = "was stuck" if event.act is SessionAct.STUCK else "asked"
            return f" ({how} at “{_title(page, event)}”, {day(event.at)})"
    return ""


def _read(page: SessionPage) -> Iterator[_Part]:
    yield _Part("head", "What was read", 2)
    times = {each.step: each.at for each in page.session.events if each.act is SessionAct.DONE}
    for number, step in enumerate(page.tour.steps, 1):
        if step.key not in page.session.done:
            continue
        yield _Part("point", f"{number}. {step.title} ({day(times.get(step.key, page.session.begun))})")
        for reading in step.reading:
            anchor = reading.anchor
            lines = f":{anchor.start_line}-{anchor.end_line}" if anchor.start_line else ""
            yield _Part("point", f"{anchor.path}{lines}", 1)
    left = [step for step in page.tour.steps if step.key not in page.session.done]
    if left:
        minutes = sum(step.minutes for step in left)
        named = ", ".join(step.title for step in left)
        yield _Part("text", f"Still to come, about {minutes} minutes: {named}.")
    elif page.tour.steps:
        yield _Part("text", "Every step was read.")


def _asked(page: SessionPage) -> Iterator[_Part]:
    asked = [each for each in page.session.events if each.act is SessionAct.ASKED]
    yield _Part("head", "What was asked", 2)
    if not asked:
        yield _Part("text", "No question was asked on the way.")
    for event in asked:
        label = f" [{WORDS[event.status]}]" if event.status is not None else ""
        yield _Part("point", f"{event.text}{label} (at “{_title(page, event)}”)")
        for line in event.answer.split("\n"):
            if line.strip():
                yield _Part("point", line.strip(), 1)


def _checked(page: SessionPage) -> Iterator[_Part]:
    checks = [each for each in page.session.events if each.act is SessionAct.CHECKED]
    yield _Part("head", "Self-checks", 2)
    if not checks:
        yield _Part("text", "None was answered.")
        return
    firsts: dict[str, SessionEvent] = {}
    for event in checks:
        firsts.setdefault(event.step, event)
    right = sum(1 for each in firsts.values() if each.right)
    yield _Part("text", f"{len(firsts)} answered, {right} right the first time.")
    steps = {step.key: step for step in page.tour.steps}
    for key, event in firsts.items():
        step = steps.get(key)
        if step is None or step.check is None or event.right:
            continue
        choices = step.check.choices
        chosen = choices[event.chosen] if 0 <= event.chosen < len(choices) else "not sure"
        yield _Part(
            "point", f"{step.check.question} Said: {chosen}. It is: {step.check.answer.statement.text}"
        )


def _noted(page: SessionPage) -> Iterator[_Part]:
    notes = [each for each in page.session.events if each.act is SessionAct.NOTED]
    if notes:
        yield _Part("head", "Notes", 2)
    for event in notes:
        yield _Part("point", f"{event.text} (at “{_title(page, event)}”, {day(event.at)})")


def _title(page: SessionPage, event: SessionEvent) -> str:
    found: TourStep | None = next((step for step in page.tour.steps if step.key == event.step), None)
    return found.title if found is not None else event.title or "a step that is gone"
