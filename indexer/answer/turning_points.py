"""What leads an answer on when something changed: the commit or the line of a change log that says it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.answer.authorship import is_robot
from indexer.answer.blocks import Role
from indexer.answer.contacts import day
from indexer.answer.evidence import Found
from indexer.answer.inquiry import Inquiry, shown_place
from indexer.answer.markup import plain
from indexer.answer.readable import CHANGE_LOG
from indexer.answer.reverts import reverting
from indexer.types import ChunkKind, Citation, Section

ADDS: Final = re.compile(
    r"\b(?:add(?:s|ed|ing)?|introduc\w+|new|implement\w*|first|initial|creat\w+|support\w*)\b", re.I
)
REMOVES: Final = re.compile(
    r"\b(?:remov\w+|drop(?:s|ped|ping)?|delet\w+|t(?:ake|aken|ook)(?: \w+)? out"
    r"|stop(?:s|ped)? (?:work|depend|support|us|tak)\w+|extract\w*|disappear\w*|goes|gone"
    r"|went away|rip(?:ped)? out|phased? out|retired?|get rid|got rid"
    r"|revert\w*|und(?:o|id|one)|back(?:ed)?(?: \w+)? out|roll(?:ed)? back)\b",
    re.I,
)
_SPEAKS_OF_IT: Final = 0.5
"""Share of the question that the subject line of such a commit must hold."""
_LOOKED_AT: Final = 20
_PLAINLY: Final = 0.55
_FURTHER: Final = 0.85
"""Share of the question that one subject line must hold to lead, and that of it which no other may exceed."""
RELEASE: Final = re.compile(r"^(?:v?\d+\.\d+|bump|release|merge (?:pull|branch))", re.I)


def say_removal(inquiry: Inquiry) -> str:
    """Lead with the commit that speaks of taking it out, where that is asked: of several the last.

    Return its id, or nothing where none was found. It is not claimed to have done so: it may have taken out
    a part, or something of a like name.
    """
    if not REMOVES.search(inquiry.asked.text):
        return ""
    quoted = _marked(inquiry.asked.text)
    weights = inquiry.evidence.weights
    rarest = max(weights, key=lambda term: weights[term], default="")
    took = [
        found
        for found in inquiry.evidence.found
        if found.hit.commit_id is not None
        and _is_title(found)
        and holds_versions(inquiry, found.sentence.text)
        and (
            found.coverage >= _SPEAKS_OF_IT or rarest in found.shared or quoted & _marked(found.sentence.text)
        )
        and REMOVES.search(found.sentence.text)
    ]
    cited = [(found, inquiry.page.cite(found)) for found in took[:_LOOKED_AT]]
    known = [(found, citation) for found, citation in cited if citation is not None]
    if not known:
        return _removal_of_version(inquiry)
    _, last = max(known, key=lambda each: (round(each[0].coverage, 1), each[1].authored or 0))
    tell_commit(inquiry, last, "speaks of taking it out")
    return last.commit_id or ""


def _removal_of_version(inquiry: Inquiry) -> str:
    """Lead with the commit one line of whose message speaks of taking out the very version that is asked for,
    wherever the search has put it: its number is all that tells it from the others.
    """
    versions = [*_OF_WHAT.findall(inquiry.asked.text), *_MAJOR.findall(inquiry.asked.text)]
    if not versions:
        return ""
    rows = inquiry.reader.execute(
        "SELECT commits.oid, chunk.text, chunk.start_line FROM chunk JOIN commits ON commits.id ="
        " chunk.commit_id WHERE commits.reachable = 1 AND chunk.text LIKE ? ORDER BY commits.sequence DESC"
        " LIMIT ?",
        (f"%{versions[0][1]}%", _SPEAKING),
    )
    best: tuple[float, str, int] | None = None
    for oid, text, start in rows:
        for at, line in enumerate(text.split("\n"), start):
            if not REMOVES.search(line) or not holds_versions(inquiry, line):
                continue
            share = inquiry.evidence.sharing(line)
            if share >= _SPEAKS_OF_IT and (best is None or share > best[0]):
                best = share, oid, at
    citation = inquiry.page.sources.message(best[1], best[2], best[2]) if best is not None else None
    if best is None or citation is None or by_robot(inquiry, best[1]):
        return ""
    tell_commit(inquiry, citation, "speaks of taking it out")
    return best[1]


_SPEAKING: Final = 20_000
"""Passages of messages with the number of a version that are looked through."""


def _is_title(found: Found) -> bool:
    """Return whether a sentence is a commit's subject; of a merge the first line of its body is."""
    merges = found.hit.text.startswith("Merge ")
    first = found.sentence.role is Role.BODY and found.sentence.start_line <= _TITLE_OF_MERGE
    return (merges and first) or found.sentence.role is Role.SUBJECT


_TITLE_OF_MERGE: Final = 3


def holds_versions(inquiry: Inquiry, text: str) -> bool:
    """Return whether a text holds every version that the question names, and as one of the same thing.

    3.7 is not 3.9, and Django 1.5 is not Python 1.5.
    """
    held = _OF_WHAT.findall(text)
    return all(
        any(version == other and (not name or not its or name == its) for its, other in held)
        for name, version in _OF_WHAT.findall(inquiry.asked.text)
    ) and all(
        re.search(rf"\b{re.escape(name)}[\s-]*{number}(?![\w]|\.\d)", text, re.I)
        for name, number in _MAJOR.findall(inquiry.asked.text)
    )


def say_versioned(inquiry: Inquiry) -> bool:
    """Quote the line of a change log that speaks of taking out the version that is asked about.

    Return whether one does.
    """
    if not VERSION.search(inquiry.asked.text):
        return False
    rows = inquiry.reader.execute(
        "SELECT p.shown FROM entry e JOIN path p ON p.id = e.path_id JOIN blob b ON b.id = e.blob_id"
        " WHERE b.language IN ('markdown', 'rst', 'asciidoc', 'text') AND e.skipped = '' ORDER BY p.shown"
    ).fetchall()
    for path in [path for (path,) in rows if CHANGE_LOG.search(path)][:_LOGS]:
        source = inquiry.page.sources.file(path)
        if source is None:
            continue
        title, titled_at, dated_at = "", 0, 0
        for number, line in enumerate(source.lines, 1):
            if _TITLE.match(line) and (any(map(str.isdigit, line)) or not any(map(str.isdigit, title))):
                # Of "1.2.0" and "Changed" below it the version tells when.
                title, titled_at, dated_at = plain(line.strip("# ")), number, 0
            # Further down a date is of what is told there, not of the version.
            if titled_at and not dated_at and number <= titled_at + _DATED and _DATE.search(line):
                dated_at = number
            if not REMOVES.search(line) or not holds_versions(inquiry, line):
                continue
            if inquiry.evidence.sharing(line) >= _OF_VERSION:
                under = f", under “{title}”" if title else ""
                when = _DATE.search(source.lines[dated_at - 1]) if dated_at else None
                dates = f" ({when[0]})" if when is not None and when[0] not in title else ""
                cited = [inquiry.page.sources.span(path, at, at) for at in (number, dated_at) if at]
                return inquiry.page.tell(
                    Section.WHAT,
                    f"{shown_place(path, number)}{under}{dates}: “{plain(line.strip().lstrip('-*+ '))}”",
                    cited,
                )
    return False


_LOGS: Final = 20
_OF_VERSION: Final = 0.3
"""Change logs that are looked through, and the share of the question that such a line must hold."""
_DATED: Final = 3
"""Lines below the title of a version in which its date may stand."""
_DATE: Final = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_TITLE: Final = re.compile(r"^(?:#{1,4}\s+\S|(?:version|release)?\s*v?\d+\.\d+(?:\.\d+)*\b[^.]{0,40}$)", re.I)

VERSION: Final = re.compile(r"(?<![\w.])\d+\.\d+(?:\.\d+)*(?![\w])")
_MAJOR: Final = re.compile(
    r"\b(?!(?:In|Since|From|Version|Release|Of|And|To|For|Issue|Step|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov"
    r"|Dec)[a-z]*\b)([A-Z]\w*) (\d{1,2})(?![\w]|\.\d)"
)
"""The same of a version that is one number, which no other begins with: Python 2 is not Python 2.5."""
_OF_WHAT: Final = re.compile(
    rf"(?:\b(?!(?:In|Since|From|Version|Release|Of|And|To|For)\b)([A-Z]\w*) )?({VERSION.pattern})"
)
"""A version, after the name of what it is one of where that is written: "Python 3.9"."""


def say_plainest(inquiry: Inquiry) -> str:
    """Lead with the one commit whose subject holds most of the question, and plainly more than any other.

    Return its id, or nothing.
    """
    held: dict[str, Found] = {}
    oids = [hit.commit_id for hit in inquiry.evidence.of_kind(ChunkKind.COMMIT) if hit.commit_id]
    order = sequences(inquiry, oids) if oids else {}
    for found in inquiry.evidence.found:
        oid = found.hit.commit_id
        if oid is None or found.sentence.role is not Role.SUBJECT or RELEASE.match(found.sentence.text):
            continue
        if not holds_versions(inquiry, found.hit.text) or by_robot(inquiry, oid):
            continue
        # A merge often repeats the line of what it merges.
        said = _REQUEST.sub("", found.sentence.text).strip()
        known = held.get(said)
        if known is None or order.get(oid, 0) < order.get(known.hit.commit_id or "", 0):
            held[said] = found
    numbers = set(_NUMBER.findall(inquiry.asked.text))
    ranked = sorted(
        (
            (found.coverage + _NUMBERED * bool(numbers & set(_NUMBER.findall(said))), at)
            for at, (said, found) in enumerate(held.items())
        ),
        reverse=True,
    )[:2]
    if not ranked or ranked[0][0] < _PLAINLY:
        return ""
    if len(ranked) > 1 and ranked[1][0] > ranked[0][0] * _FURTHER:
        return ""
    citation = inquiry.page.cite(list(held.values())[ranked[0][1]])
    if citation is None:
        return ""
    tell_commit(inquiry, citation, "speaks of it most plainly")
    return citation.commit_id or ""


_NUMBER: Final = re.compile(r"(?<![\w#])\d{2,}(?!\w)")
_NUMBERED: Final = 0.3
"""What it is worth that a subject line gives a number of the question."""

_REQUEST: Final = re.compile(r"\s*\(#\d+\)$")

_MARKED: Final = re.compile(r"[`\"“‘']([\w.$:/-]{2,40})[`\"”’']")


def _marked(text: str) -> frozenset[str]:
    """Return the words that a text sets in quotes or backquotes, as values and names are."""
    return frozenset(match.lower() for match in _MARKED.findall(text))


def tell_commit(inquiry: Inquiry, citation: Citation, does: str = "", before: str = "") -> bool:
    """Tell a commit's line, what it does, and by which later commit it was taken back, where one did."""
    text, cited = f"{before}{dated(citation)}{f' {does}' if does else ''}", [citation]
    said = ("; it was reverted by", "; that was taken back in turn by")
    for how, oid in zip(said, reverting(inquiry.reader, citation.commit_id or ""), strict=False):
        undone = inquiry.page.sources.message(oid, 1, 1)
        if undone is not None:
            text += f"{how} {undone.author} on {day(undone.authored)} ({oid[:9]})"
            cited.append(undone)
    return inquiry.page.tell(Section.WHAT, f"{text}." if does or len(cited) > 1 else text, cited)


def by_robot(inquiry: Inquiry, oid: str) -> bool:
    """Return whether a commit was written by a program, which turned nothing."""
    row = inquiry.reader.execute(
        "SELECT name, email FROM commits JOIN person ON person.id = person_id WHERE oid = ?", (oid,)
    ).fetchone()
    return row is not None and is_robot(*row)


def dated(citation: Citation) -> str:
    """Return a commit's line as a timeline shows it: its day, its author, what it says, its id."""
    said = citation.quote.strip()
    return f"{day(citation.authored)}, {citation.author}: “{said}” ({(citation.commit_id or '')[:9]})"


def sequences(inquiry: Inquiry, oids: Sequence[str]) -> dict[str, int]:
    """Return where commits stand in HEAD's history, by id; the oldest has the smallest number."""
    holes = ", ".join("?" * len(oids))
    rows = inquiry.reader.execute(f"SELECT oid, sequence FROM commits WHERE oid IN ({holes})", list(oids))  # noqa: S608
    return dict(rows.fetchall())
