"""The replies of the MCP server as text, for programs that hand nothing else to their model.

What comes from the repository stands inside one fence; what we say of it stands outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import hexdigits

from indexer.cli.terminal import one_line
from indexer.mcp_server.forms import (
    AskReply,
    CitationReply,
    ContactReply,
    Fenced,
    GapsReply,
    SearchReply,
    SourceReply,
    State,
    WhoReply,
)
from indexer.types import CitationKind, Section, VerdictStatus

SECTIONS = {
    Section.WHAT: "WHAT (from the code, its documents and its history)",
    Section.WHY: "WHY (as people recorded it)",
    Section.MISSING: "MISSING (what nobody recorded)",
}

ID_CHARACTERS = 10
QUOTE_CHARACTERS = 120


def ask_text(reply: AskReply) -> str:
    """Return an answer: label, sections, sources, whom to ask."""
    verdict = reply.verdict
    category = f" ({verdict.category.value})" if verdict.category is not None else ""
    head = [f"Verdict: {verdict.status.value.upper()}{category}. {verdict.means}"]
    body: list[str] = []
    for section, title in SECTIONS.items():
        told = [each for each in reply.statements if each.section is section]
        if told:
            body.append(title)
        for each in told:
            marks = "".join(f" [{number}]" for number in each.citations)
            body.extend(_item(_bare(each.text, reply.untrusted), marks))
    if reply.citations:
        body.append("SOURCES")
        body.extend(
            f"[{each.number}] {_source(each)}{_first_line(_bare(each.quote, reply.untrusted))}"
            for each in reply.citations
        )
    if verdict.status is not VerdictStatus.GROUNDED and verdict.searched:
        body.append(f"SEARCHED {'; '.join(verdict.searched)}")
    if verdict.contacts:
        body.append("WHO MAY KNOW")
        body.extend(_person(each) for each in verdict.contacts)
    if reply.question_to_send:
        body.append("A QUESTION TO SEND THEM")
        body.append(_bare(reply.question_to_send, reply.untrusted))
    if reply.follow_ups:
        body.append("PERHAPS MEANT" if verdict.status is VerdictStatus.UNKNOWN else "ASK NEXT")
        body.extend(f"- {each}" for each in reply.follow_ups)
    return _page(head, body, reply.untrusted, _state(reply.state))


def search_text(reply: SearchReply) -> str:
    """Return hits, each with its place and its text."""
    head = [f"{len(reply.hits)} passages, best first." if reply.hits else "No passage was found."]
    body = []
    for hit in reply.hits:
        if hit.path is not None:
            where = _lines(hit.path, hit.start_line, hit.end_line)
        elif hit.note_id is not None:
            where = f"note {hit.note_id}"
        else:
            where = f"commit {(hit.commit_id or '')[:ID_CHARACTERS]}"
        more = "; cut, open it for the rest" if hit.cut else ""
        body.append(f"[{hit.number}] {where}  {hit.symbol}".rstrip() + f"  ({hit.kind.value}{more})")
        body.append(_bare(hit.text, reply.untrusted).rstrip())
        body.append("")
    return _page([*head, *reply.notices], body, reply.untrusted, _state(reply.state))


def source_text(reply: SourceReply) -> str:
    """Return lines with their numbers."""
    of = f"of commit {reply.commit_id[:ID_CHARACTERS]}" if reply.commit_id else "as they are, uncommitted"
    head = [f"Lines {reply.start_line} to {reply.end_line} of {reply.total_lines}, {of}."]
    if reply.next_line is not None:
        head.append(f"There is more: go on with start_line {reply.next_line}.")
    width = len(str(reply.end_line))
    lines = _bare(reply.text, reply.untrusted).split("\n")
    body = [reply.path] + [
        f"{number:>{width}}| {line}" for number, line in enumerate(lines, reply.start_line)
    ]
    return _page([*head, *reply.notices], body, reply.untrusted, "")


def who_text(reply: WhoReply) -> str:
    """Return people, each with why and what proves it."""
    head = list(reply.notices)
    body = []
    if reply.people:
        head.append("Who most likely knows it, the best first:")
        more = f" and {len(reply.places) - 5} more" if len(reply.places) > 5 else ""
        body.append(f"Taken as: {reply.meant.value}, {', '.join(reply.places[:5])}{more}")
    for each in reply.people:
        body.append(_person(ContactReply(each.name, each.email, each.reason)))
        body.extend(f"  {_source(proof)}" for proof in each.citations)
    return _page(head, body, reply.untrusted, _state(reply.state))


def gaps_text(reply: GapsReply) -> str:
    """Return gaps, the most asked first."""
    if not reply.gaps:
        return "No question is open: nobody has met a gap here, or each was answered by a note."
    counted = f"{len(reply.gaps)} of {reply.total} questions that no record answers, the most asked first."
    head = [counted, "A person who knows writes it down with `lorebase note add --gap ID TITLE`."]
    body = []
    for gap in reply.gaps:
        facts = [f"asked {gap.asked} times, last on {gap.last_asked}"]
        facts += [gap.category.value] if gap.category is not None else []
        facts += [f"answered by note {gap.note_id}"] if gap.note_id else []
        body.append(f"{gap.id}  {_bare(gap.question, reply.untrusted)}  ({'; '.join(facts)})")
        body.append(f"  {_bare(gap.missing, reply.untrusted)}")
        body.extend(f"  may know: {_person(each)[2:]}" for each in gap.contacts)
    return _page(head, body, reply.untrusted, "")


def _page(head: Sequence[str], body: Sequence[str], fenced: Fenced, state: str) -> str:
    parts = list(head)
    if body:
        parts += [fenced.notice, fenced.begins, *body, fenced.ends]
    return "\n".join([*parts, state] if state else parts)


def _item(text: str, marks: str) -> Iterator[str]:
    first, *rest = text.split("\n")
    if not rest:
        yield f"- {first}{marks}"
        return
    yield f"-{marks}"
    yield from (f"    {line}" for line in (first, *rest))


def _source(citation: CitationReply) -> str:
    if citation.kind is CitationKind.FACT:
        over = ", ".join(_short(each) for each in citation.rests_on)
        return f"counted: {citation.counted}" + (f" (among others {over})" if over else "")
    who = " ".join(part for part in (citation.author, citation.date) if part)
    at = f"commit {citation.commit_id[:ID_CHARACTERS]}" if citation.commit_id else "uncommitted"
    if citation.kind is CitationKind.NOTE:
        return f"note {citation.note_id} by {who}"
    if citation.kind is CitationKind.COMMIT:
        return f"{at} by {who}"
    return f"{_lines(citation.path or '', citation.start_line, citation.end_line)} ({at})"


def _first_line(quote: str) -> str:
    """Return the beginning of what is cited, ready to follow its place; empty for none."""
    return f": {one_line(quote, QUOTE_CHARACTERS)}" if quote else ""


def _short(root: str) -> str:
    """Return a commit's id shortened, a place as it is."""
    return root if set(root) - set(hexdigits) else root[:ID_CHARACTERS]


def _person(contact: ContactReply) -> str:
    email = f" <{contact.email}>" if contact.email else ""
    return f"- {contact.name}{email}: {contact.reason}"


def _lines(path: str, start: int, end: int) -> str:
    return f"{path}:{start}-{end}" if end > start else f"{path}:{start}" if start else path


def _bare(text: str, fenced: Fenced) -> str:
    """Return a fenced text without its marks, since the whole page has some."""
    return text.removeprefix(fenced.begins + "\n").removesuffix("\n" + fenced.ends)


def _state(state: State) -> str:
    at = f"commit {state.commit_id[:ID_CHARACTERS]}" if state.commit_id else "no commit yet"
    parts = [f"Read at {at}" + (", and what is not committed yet" if state.uncommitted_changes else "")]
    if state.commits_behind > 0:
        commits = "commit" if state.commits_behind == 1 else "commits"
        parts.append(f"HEAD is {state.commits_behind} {commits} further, which is read next")
    elif state.commits_behind < 0:
        parts.append("HEAD has moved")
    if state.passages_by_meaning < state.passages:
        parts.append(
            f"{state.passages_by_meaning} of {state.passages} passages can be found by meaning, all by words"
        )
    return ". ".join([*parts, *state.notices]) + "."
