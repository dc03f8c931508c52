"""Values that have a name: settings and constants that a question describes, each with its value."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from indexer.answer import lexicon
from indexer.answer.inquiry import MINOR, Inquiry, shown_place
from indexer.answer.markup import plain
from indexer.answer.needs import Need
from indexer.answer.questions import content_terms
from indexer.answer.readable import CHANGE_LOG
from indexer.repo.words import stems
from indexer.types import Section

SHOWN: Final = 3

_FITS: Final = 0.45
"""Share of the question that a name must hold; fewer of its words are borne by many names."""

_OF_THE_HOST: Final = (".github/", ".gitlab/", ".circleci/")
"""What is set for whoever hosts the repository, not for what is in it."""
_FOREIGN: Final = 0.2
_MOST_FOREIGN: Final = 2
"""What a name loses for each word that was not asked for, and of how many: a gateway's timeout is not the
default one.
"""

_BELOW: Final = 14
"""Lines under a setting's title in which its default is looked for."""

_BESIDE: Final = 6
"""Lines above and below a value in which others of the same thing are looked for."""

_LINE: Final = 160
"""Characters of a line that is quoted whole."""

_LEAST_LETTERS: Final = 4
"""Of a term that is looked for inside a name, as `pool` and `size` in `POOLSIZE`."""

DEFAULT: Final = re.compile(r"^\W*(?:the )?defaults?\b(?: value| is)?\W", re.I)
_SET: Final = re.compile(r"(?:[=:]|#define\s+\w+)\s*(?:[-+]?\d|[\"'\[]|(?:true|false|none|null|nil)\b)", re.I)
"""A value that stands there as such; what is called or copied says nothing to a reader."""
_CODED: Final = re.compile(r"[_.:]|[a-z][A-Z]|^[A-Z\d]+$|^[a-z]")
"""A title that is a name; another one is a word of prose."""
_GIVEN: Final = re.compile(r"(?:=|:=|:|#define\s+\w+)\s*[-+(]*\d")

_NAMES: Final = (
    "SELECT DISTINCT s.name, s.kind, s.name_line, p.shown, e.marks, e.rank FROM symbol s"
    " JOIN entry e ON e.blob_id = s.blob_id JOIN path p ON p.id = e.path_id"
    " WHERE s.kind IN ('constant', 'field', 'variable', 'property', 'key', 'heading', 'macro')"
    " AND s.name LIKE ? LIMIT 400"
)


def say_values(inquiry: Inquiry, measures: Iterable[str] = ()) -> int:
    """Tell the settings and constants whose name says what is asked for. Return how many were told.

    With ``measures`` (a figure is asked for) the name must hold one of them, and its value a number.
    """
    several = things_listed(inquiry.asked.text) if not measures else []
    if len(several) > 1 and (said := sum(_say_one(inquiry, thing) for thing in several)):
        return said
    wanted = frozenset(measures)
    weights = inquiry.evidence.weights
    if not wanted:
        # "Where is it done, and which settings control it?": only the part that asks for them counts.
        own = {term for part in inquiry.asked.parts if part.need is Need.SETTING for term in part.terms}
        weights = {term: weight for term, weight in weights.items() if term in own} or weights
    whole = sum(weights.values()) or 1.0
    about = [term for term in weights if term not in lexicon.SETTING and len(term) >= _LEAST_LETTERS]
    least = min(2, len(about))
    found: dict[tuple[str, str], tuple[float, int, str, int]] = {}
    for term in about:
        for name, kind, line, path, marks, rank in inquiry.reader.execute(_NAMES, (f"%{term[:-1]}%",)):
            held = inquiry.evidence.terms_in(name) | _within(name, about)
            if len(held) < least or _is_no_setting(name, path, marks):
                continue
            if wanted and wanted.isdisjoint(held):
                continue
            share = sum(weights.get(each, 0.0) for each in held) / whole
            if share >= _FITS:
                lost = _FOREIGN * min(len(_foreign_in(name, held)), _MOST_FOREIGN)
                found[name.strip("`"), path] = (share + 0.05 * rank - lost, line, kind, len(name))
    ranked = sorted(found.items(), key=lambda each: (-each[1][0], each[1][3], each[0]))
    said = 0
    for (name, path), (share, line, kind, _) in ranked:
        if said >= SHOWN or share < ranked[0][1][0] - 0.15:
            break
        said += _say_value(inquiry, name, path, line, titled=kind == "heading", number=bool(wanted))
    if said and not wanted:
        (name, path), (_, line, _, _) = ranked[0]
        if about and set(about) <= inquiry.evidence.terms_in(name) and not _foreign_in(name, about):
            # All that is asked about, and nothing else, is its name.
            inquiry.page.answers = True
        rarest = max(
            inquiry.evidence.terms_in(ranked[0][0][0]), key=lambda each: weights.get(each, 0.0), default=""
        )
        said += _say_beside(inquiry, path, line, rarest)
    return said


def _within(name: str, about: Collection[str]) -> set[str]:
    """Return the terms that a name is put together from without a sign between them: POOLSIZE.

    `exchange` is no change.
    """
    out: set[str] = set()
    for piece in re.split(r"[_.:\-]+|(?<=[a-z])(?=[A-Z])", name):
        bare = piece.lower()
        for term in about:
            rest = bare.replace(term, "", 1)
            if term in bare and (bare.startswith(term) or rest in about or rest.startswith(tuple(about))):
                out.add(term)
    return out


def _is_no_setting(name: str, path: str, marks: int) -> bool:
    """Return whether a name is a title of words, or stands where nothing is set for what is here."""
    aside = marks & int(MINOR) or CHANGE_LOG.search(path) or path.startswith(_OF_THE_HOST)
    return bool(aside) or " " in name.strip("` ")


def _foreign_in(name: str, held: Collection[str]) -> set[str]:
    """Return the words of a name that were not asked for, those of any setting left out."""
    words = stems(name)
    return set(words[1:] or words) - set(held) - lexicon.SETTING


def _say_beside(inquiry: Inquiry, path: str, line: int, term: str) -> int:
    """Tell the values beside one that bear the same rare word: settings of one thing stand together."""
    source = inquiry.page.sources.file(path)
    if source is None or len(term) < _LEAST_LETTERS:
        return 0
    known = [each for statement in inquiry.page.statements for each in statement.citations]
    said = 0
    for at in range(max(line - _BESIDE, 1), min(line + _BESIDE, len(source.lines)) + 1):
        text = source.lines[at - 1].strip()
        name = re.match(r"[\w.\"'-]+", text)
        told = any(each.path == path and each.start_line == at for each in known)
        if at == line or told or name is None or "=" not in text.replace(":", "="):
            continue
        if term in name[0].lower() and len(text) <= _LINE:
            said += inquiry.page.tell(
                Section.WHAT,
                f"Beside it stands `{text.rstrip(',')}` ({shown_place(path, at)}).",
                [inquiry.page.sources.span(path, at, at)],
            )
    return said


def things_listed(text: str) -> list[str]:
    """Return the things whose values are asked for in one list: "of pool size, retries and timeout"."""
    found = _LIST.search(text)
    things = re.split(r",\s*(?:and |or )?|\s+(?:and|or)\s+", found[1].strip(" ?.")) if found else []
    return [thing for thing in things if content_terms(thing)]


_LIST: Final = re.compile(
    r"\b(?:values?|defaults?|settings?|limits?|constants?)\s+(?:for|of)\s+([^?;]+,[^?;]+?\b(?:and|or)\b[^?;]+)",
    re.I,
)


def _say_one(inquiry: Inquiry, thing: str) -> bool:
    """Tell the value whose name holds all the words of one thing; what is called a default comes first."""
    terms = content_terms(thing)
    found: list[tuple[bool, float, int, str, str, int, str]] = []
    for name, kind, line, path, marks, rank in inquiry.reader.execute(_NAMES, (f"%{terms[0][:-1]}%",)):
        lower = name.lower()
        if marks & int(MINOR) or CHANGE_LOG.search(path) or " " in name.strip("` "):
            continue
        if all(term in lower or term in stems(name) for term in terms):
            found.append(("default" not in lower, -rank, len(name), name.strip("`"), path, line, kind))
    return any(
        _say_value(inquiry, name, path, line, titled=kind == "heading", number=False)
        for _, _, _, name, path, line, kind in sorted(found)[:SHOWN]
    )


def _say_value(inquiry: Inquiry, name: str, path: str, line: int, *, titled: bool, number: bool) -> bool:
    page = inquiry.page
    source = page.sources.file(path)
    if source is None or line > len(source.lines):
        return False
    if titled:
        for below, text in enumerate(source.lines[line : line + _BELOW], line + 1):
            said = plain(text)
            if DEFAULT.match(said) and (not number or any(letter.isdigit() for letter in said)):
                cited = [page.sources.span(path, line, line), page.sources.span(path, below, below)]
                place = shown_place(path, line)
                told = f"`{name}` is a setting in {place}" if _CODED.search(name) else f"{place}, “{name}”"
                return page.tell(Section.WHAT, f"{told}: “{said}”", cited)
        return False
    text = source.lines[line - 1].strip()
    if not (_GIVEN if number else _SET).search(text) or len(text) > _LINE:
        return False
    return page.tell(
        Section.WHAT, f"`{text}` stands in {shown_place(path, line)}.", [page.sources.span(path, line, line)]
    )
