"""An answer as text to carry away: plain with numbered sources, or Markdown to keep. Knows no Qt."""

from __future__ import annotations

import re

from desktop.answer_page import AnswerPage, Source, Told, day, lines_of
from desktop.oddities import ODD, code_point, plain
from indexer.types import Answer, Category, CitationKind, Section, VerdictStatus

BADGES = {
    VerdictStatus.GROUNDED: "Grounded",
    VerdictStatus.PARTIAL: "Partial",
    VerdictStatus.MISSING: "Not recorded",
    VerdictStatus.UNKNOWN: "Not found in this repository",
}
CATEGORIES = {
    Category.ARCHITECTURE: "architecture decision",
    Category.BUSINESS: "business rule",
    Category.PERFORMANCE: "performance in production",
    Category.SECURITY: "security policy",
    Category.OWNERSHIP: "ownership and accountability",
}
_SECTIONS = {Section.WHAT: "What", Section.WHY: "Why", Section.MISSING: "Missing"}
_BACKTICKS = re.compile(r"(``[^`\n]+``|`[^`\n]+`)")
_MARKUP = re.compile(r"([\\*_\[\]<>#|~`&])")
_FILE_NAME = re.compile(r"[^\w-]+")


def as_text(answer: Answer, page: AnswerPage) -> str:
    """Return the answer for a chat or a mail: statements with [1], then the sources."""
    lines = [answer.question]
    if answer.about:
        lines.append(_about(answer))
    lines += [f"{BADGES[answer.verdict.status]}, as of {_commit(answer)}", ""]
    for section, told in page.sections:
        lines.append(_SECTIONS[section])
        if section is Section.MISSING:
            lines += [f"  {_clean(each)}" for each in page.missing]
        for each in told:
            lines.append(f"  {_quoted(each, _clean(each.statement.text))}{_marks(each)}")
            if each.said_by:
                lines.append(f"    {_clean(each.said_by)}")
        lines.append("")
    if page.sources:
        lines.append("Sources")
        lines += [f"  [{each.number}] {source_text(each)}" for each in page.sources]
    return "\n".join(lines).rstrip() + "\n"


def as_markdown(answer: Answer, page: AnswerPage) -> str:
    """Return the answer as a Markdown page; nothing of the repository becomes markup in it."""
    status = BADGES[answer.verdict.status]
    if answer.verdict.category is not None:
        status += f" ({CATEGORIES[answer.verdict.category]})"
    lines = [f"# {escaped(plain(answer.question))}", ""]
    if answer.about:
        lines += [escaped(_about(answer)), ""]
    lines += [f"**{status}**, as of `{_commit(answer)}`", ""]
    for section, told in page.sections:
        lines += [f"## {_SECTIONS[section]}", ""]
        if section is Section.MISSING:
            for missing in page.missing:
                lines += [escaped(_clean(missing)), ""]
            lines += _missing_details(answer)
        for each in told:
            lines += [*_markdown_statement(each), ""]
    if page.sources:
        lines += ["## Sources", ""]
        lines += [f"{each.number}. {_code(source_text(each))}" for each in page.sources]
        lines.append("")
    mode = "Extracted, no model" if answer.mode == "extracted" else "Extracted, and written out by a model"
    lines.append(f"{mode}. Every statement names the lines that it rests on.")
    return "\n".join(lines) + "\n"


def _about(answer: Answer) -> str:
    """Return what a question that goes on from another was taken to be about."""
    return plain(f"Taken as a question about: {answer.about}")


def file_name(question: str) -> str:
    """Return a file's name for an answer: letters and digits of the question, no path in it."""
    name = _FILE_NAME.sub("-", question.lower()).strip("-_")[:60].rstrip("-_")
    return f"{name or 'answer'}.md"


def source_text(source: Source) -> str:
    """Return a source in one line: ``path L40–43``, a commit with who and when, or what was counted."""
    first = source.first
    if first.kind is CitationKind.SPAN:
        return plain(f"{first.path} {lines_of(source)} at {(first.commit_id or 'working copy')[:12]}")
    when = day(first.authored) if first.authored else ""
    if first.kind is CitationKind.COMMIT:
        return plain(", ".join(part for part in (f"commit {first.commit_id}", first.author, when) if part))
    if first.kind is CitationKind.NOTE:
        return plain(", ".join(part for part in (f"note {first.note_id}", first.author, when) if part))
    return plain(f"counted: {first.fact or first.quote}")


def escaped(text: str) -> str:
    """Return text whose signs mean themselves in Markdown; what stands in backticks stays code."""
    parts = _BACKTICKS.split(text)
    return "".join(part if place % 2 else _MARKUP.sub(r"\\\1", part) for place, part in enumerate(parts))


# ------------------------------------------------------------------------------------- private


def _missing_details(answer: Answer) -> list[str]:
    lines: list[str] = []
    if answer.verdict.contacts:
        lines += ["Who may know:", ""]
        for contact in answer.verdict.contacts:
            lines.append(f"- {escaped(plain(contact.name))}: {escaped(plain(contact.reason))}")
        lines.append("")
    if answer.verdict.searched:
        lines += ["Searched: " + escaped(plain("; ".join(answer.verdict.searched))) + ".", ""]
    return lines


def _markdown_statement(told: Told) -> list[str]:
    text = told.statement.text
    if told.statement.quoted and "\n" in text.strip("\n") and told.statement.section is not Section.WHY:
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
        return [fence, *(_clean(each) for each in text.strip("\n").split("\n")), fence, _marks(told).strip()]
    lines = [_quoted(told, escaped(_clean(" ".join(text.split())))) + escaped(_marks(told))]
    if told.said_by:
        lines += ["", f"*{escaped(_clean(told.said_by))}*"]
    return lines


def _quoted(told: Told, text: str) -> str:
    return f"“{text}”" if told.statement.quoted else text


def _marks(told: Told) -> str:
    return "".join(f" [{number}]" for number in told.numbers)


def _clean(text: str) -> str:
    return ODD.sub(lambda found: code_point(found[0]), text)


def _code(text: str) -> str:
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _commit(answer: Answer) -> str:
    return (answer.commit_id or "no commit")[:12]
