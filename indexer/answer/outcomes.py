"""What happens if: the lines that state it, as a condition or an error, and what comes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.byways import indent, is_handler
from indexer.answer.evidence import Found
from indexer.answer.inquiry import CALLABLE, MINOR, REMARK, Inquiry, shown_place
from indexer.answer.needs import Need
from indexer.answer.on_the_way import condition, within
from indexer.answer.raising import (
    ABOVE,
    ANY_ERROR,
    MESSAGE_LINES,
    TOLD,
    ending_of,
    kind_of,
    message_at,
)
from indexer.answer.readable import CHANGE_LOG, is_readable
from indexer.index.mentions import code_lines
from indexer.index.symbols import FoundSymbol, definitions_in, find_symbols, innermost
from indexer.types import ChunkKind, Section, SymbolKind

_ASKED: Final = re.compile(
    r"\bwhat (?:(?:else )?happens|will happen|would happen|(?:does|do|will|would) [^?]{1,40} do)\b"
    r"(?P<to>[^?]{0,60}?)\b(?:if|when|once)\b (?P<clause>[^?.;]+)",
    re.I,
)
_AMISS: Final = re.compile(
    r"\b(?:not|no|never|nothing|cannot|without|missing|empty|blank|invalid|wrong|bad|broken|corrupt\w*|unknown"
    r"|fail\w*|error\w*|exception|raise[sd]?|throws?|crash\w*|die[sd]?|kill\w*|lost|lose\w*|losing"
    r"|down|unavailable|unreachable|disconnect\w*|close[sd]?|time[sd]? ?out|timeout|expire[sd]?|exceed\w*"
    r"|too|twice|already|duplicate\w*|conflict\w*|unauthori[sz]ed|denied|reject\w*|refuse[sd]?|stop\w*"
    r"|abort\w*|cancel\w*|interrupt\w*|shut\w*|deleted|removed|gone|limit|overflow\w*|malformed|full"
    r"|unsupported|out of)\b|n['’]t\b",
    re.I,
)
"""What is no part of the way when all goes well: where "a request comes in", the way itself is asked for."""

_SMALL: Final = frozenset(
    ("not", "no", "never", "nothing", "cannot", "without", "too", "already", "n't", "n’t")
)
"""Those that say so of whatever stands beside them."""
_PHRASE: Final = re.compile(
    r"\b(?:too (?:many|few|long|large|big|short|small|deep|late|early)|already|not|no|without|cannot)"
    r" \w+(?: (?!is\b|are\b|was\b)\w+)?"
    r"|\b(?:unknown|missing|invalid|unsupported|duplicate|ambiguous|unexpected|malformed) \w+",
    re.I,
)
"""What stands in a message word by word, where it says what is amiss: "too many fields"."""
_NEGATES: Final = frozenset(("not", "no", "never", "cannot", "n't", "n’t", "nothing", "without"))
_NEGATED: Final = re.compile(
    r"\b(?:not|no|never|cannot|nothing|none|without|missing|absent|un\w+|fails?)\b|n['’]t\b", re.I
)
_LACKS: Final = re.compile(r"^(?:No|Not|Missing|Un(?=[A-Z]))(?=[A-Z])|NotFound|DoesNot|Missing")
_LACKING: Final = _NEGATES | {"missing", "unknown", "empty", "blank", "gone", "deleted", "removed", "lost"}
"""How an error is called that is raised where something is not there, and how a question says so."""
_CONDITION: Final = re.compile(r"^\s*(?:\}\s*)?(?:if|elif|else if|elsif|unless|case|when|while)\b")
_CONDITIONAL: Final = re.compile(
    r"\b(?:if|when|whenever|unless|once|in case|raised|thrown|returned)\b(?P<clause>[^,;]*)", re.I
)
_FAILS: Final = re.compile(
    r"\b(?:exceptions?|errors?|raise[sd]?|throws?|thrown|fails?|failed|failures?)\b", re.I
)
_FAILING: Final = frozenset(("fail", "crash", "die", "throw", "rais", "error", "except"))
"""Stems of a question that any word of failing bears out."""

_FILES: Final = 8
_HITS: Final = 12
"""Passages of code, and files of them, that are looked into."""
_LEAST: Final = 0.6
"""Share of what the condition says that its lines hold at least, with the name of what they stand in."""
_HALF: Final = 0.5
STATED: Final = 0.8
"""The same of what is raised, without that name; and of a sentence, or of a condition that raises nothing."""
_BEGINNING: Final = 4
"""Letters of a stem that stand in all words of it."""
_AROUND: Final = 8
"""Lines above one that raises something which may say why."""
_BODY: Final = 4
_LINES: Final = 6
"""Lines that a condition decides on which are looked at, and lines that are shown."""
_MOST: Final = 3
_NEAR: Final = 0.25
"""Outcomes that are told, and how much less than the first the others may be worth."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Lines of a definition that state what is asked about. ``error`` is what is raised, where that is so."""

    symbol: FoundSymbol
    start: int
    end: int
    share: float
    value: float
    error: str = ""
    verb: str = ""
    exact: bool = False
    """True where its message says word by word what is asked about."""


class Condition:
    """The condition that a question states: its terms, and which of them a text holds."""

    def __init__(self, inquiry: Inquiry, said: str, to: str = "") -> None:
        self._inquiry = inquiry
        # What happens to a job is told by what speaks of jobs.
        self.to = inquiry.evidence.terms_in(to)
        self.terms = inquiry.evidence.terms_in(said)
        self.whole = sum(inquiry.evidence.weights[term] for term in self.terms)
        self.amiss = {word.lower() for word in _AMISS.findall(said)}
        found = _PHRASE.search(said)
        self.phrase = "" if found is None else found[0].lower()
        # "Not found" stands in many messages, "unknown command" in one.
        self.is_telling = self.phrase.count(" ") > (self.phrase.partition(" ")[0] in _SMALL)
        self.wrong = inquiry.evidence.terms_in(" ".join(self.amiss)) & self.terms

    def held(self, text: str) -> frozenset[str]:
        """Return the terms of the condition that stand in a text."""
        return self._inquiry.evidence.terms_in(text) & self.terms

    def speaking(self, lines: Sequence[str]) -> frozenset[int]:
        """Return the lines (from 1) in which the beginning of any of its terms stands: few of a file."""
        forms = self._inquiry.evidence.forms
        begins = {term[:_BEGINNING] for term in self.terms}
        begins |= {form[:_BEGINNING] for form, term in forms.items() if term in self.terms}
        any_of = re.compile("|".join(map(re.escape, sorted(begins))), re.I)
        return frozenset(at for at, line in enumerate(lines, 1) if any_of.search(line))

    def told(self, text: str) -> frozenset[str]:
        """Return the same of prose, which says in many words that something fails."""
        return self.held(text) | (self.terms & _FAILING if _FAILS.search(text) else frozenset())

    def is_stated(self, held: frozenset[str], text: str) -> bool:
        """Return whether a text says of the condition what is amiss, or all the rest where small words do."""
        if held & self.wrong or (self.wrong and self.wrong & _FAILING and _FAILS.search(text)):
            return True
        if self.phrase and self.phrase in text.lower():
            return True
        if self.amiss <= _SMALL:
            return self.share(held) >= STATED
        return any(re.search(rf"\b{re.escape(word)}\b", text, re.I) for word in self.amiss - _SMALL)

    def share(self, held: frozenset[str]) -> float:
        """Return the share of its weight (0 to 1)."""
        return sum(self._inquiry.evidence.weights[term] for term in held) / self.whole


def say_outcome(inquiry: Inquiry) -> bool:
    """Tell what comes of a condition that is asked about: what is written of it, then what the code does.

    Return whether any was found; it settles the question where it holds all that the condition says.
    """
    found = _ASKED.search(inquiry.asked.text)
    if found is None:
        return False
    asked = Condition(inquiry, found["clause"], found["to"])
    if asked.whole <= 0:
        return False
    if not _AMISS.search(f"{found['to']} {found['clause']}"):
        return _say_own(inquiry, asked)
    outcomes = sorted(_outcomes(inquiry, asked), key=lambda each: -each.value)
    chosen: list[_Outcome] = []
    for each in outcomes:
        near = not chosen or each.value >= chosen[0].value - _NEAR
        if chosen and chosen[0].exact and not each.exact:
            break  # where one says it word by word, another says something else
        if len(chosen) < _MOST and near and all(each.symbol != one.symbol for one in chosen):
            chosen.append(each)
    exact = bool(chosen) and chosen[0].exact
    stated = not exact and _say_stated(inquiry, asked)
    said = [each for each in chosen if _say(inquiry, each)]
    if stated or any(each.share >= 1.0 or each.exact for each in said):
        inquiry.page.settled[Need.MECHANISM] = True
    return stated or bool(said)


def code_found(inquiry: Inquiry) -> list[str]:
    """Return the files of the code that was found, the best first, that are no tests or examples."""
    paths: list[str] = []
    for hit in inquiry.evidence.of_kind(ChunkKind.CODE)[:_HITS]:
        if hit.path and hit.path not in paths and not inquiry.is_minor_hit(hit):
            paths.append(hit.path)
    return paths[:_FILES]


def _outcomes(inquiry: Inquiry, asked: Condition) -> Iterator[_Outcome]:
    for path in code_found(inquiry):
        source = inquiry.page.sources.file(path)
        if source is None:
            continue
        code = code_lines(path, "\n".join(source.lines))
        inside = definitions_in(inquiry.reader, inquiry.path_id(path))
        speaking = asked.speaking(source.lines)
        for at, line in enumerate(code, 1):
            ending = ending_of(line)
            states = ending is None and (_CONDITION.match(line) or is_handler(line))
            if ending is None and not states:
                continue
            end = at if ending is not None else _end_of_block(code, at)
            # What is raised below tells more than the condition that it stands under.
            if states and (end == at or any(ending_of(each) for each in code[at:end])):
                continue
            symbol = innermost(inside, at)
            if symbol is None or symbol.kind not in CALLABLE or symbol.marks & MINOR:
                continue
            around = range(max(at - _AROUND, 1), end + MESSAGE_LINES + 1)
            if symbol.name_line not in speaking and speaking.isdisjoint(around):
                continue
            if outcome := _weighed(inquiry, asked, symbol, (at, end), ending):
                yield outcome


def _weighed(
    inquiry: Inquiry,
    asked: Condition,
    symbol: FoundSymbol,
    span: tuple[int, int],
    ending: tuple[str, str] | None,
) -> _Outcome | None:
    """Return lines that state the condition, with what speaks for them; None where they hold too little."""
    at, end = span
    source = inquiry.page.sources.file(symbol.path)
    lines = () if source is None else source.lines
    error = kind_of(ending) if ending is not None else ""
    if error and error in symbol.qualified:
        return None  # its own methods raise nothing
    start = _from_condition(lines, symbol, at) if ending is not None else at
    first = start
    while first > max(symbol.name_line + 1, start - 3) and REMARK.match(lines[first - 2]):
        first -= 1
    text = "\n".join(lines[first - 1 : end])
    own = asked.held(f"{text} {error}")
    if ending is not None:
        message = message_at(lines, at)
        text = f"{text} {message}"
        own |= asked.held(message) | asked.held(symbol.name)
        own |= asked.held(_doc_of(inquiry, error)) if own and error else frozenset()
    near = own if ending is not None else asked.held(lines[at - 1])
    own_kind = bool(error) and asked.share(asked.held(error)) >= _NEAR
    if asked.to and not asked.to & inquiry.evidence.terms_in(f"{text} {error} {symbol.qualified}"):
        return None
    exact = asked.is_telling and asked.phrase in text.lower()
    least = 0.0 if exact else _HALF if own_kind else STATED
    if not own or not asked.is_stated(near, f"{text} {error}") or asked.share(near) < least:
        return None
    if "already" in error.lower() and "already" not in asked.amiss:
        return None
    if _LACKS.search(error) and not asked.amiss & _LACKING:
        return None  # what is raised where there is none says nothing of where there are two
    share = asked.share(own | asked.held(f"{symbol.qualified} {symbol.path}"))
    if share < _LEAST and not exact:
        return None
    value = share + 0.2 * asked.share(asked.held(error)) + 0.1 * asked.share(own) + 0.1 * bool(error)
    value += _NEAR * exact
    value += 0.1 * any(re.search(rf"\b{re.escape(word)}\b", text, re.I) for word in asked.amiss)
    value += 0.1 * inquiry.evidence.sharing(f"{symbol.qualified} {text}")
    return _Outcome(symbol, start, end, share, value, error, ending[0] if ending else "", exact)


def _doc_of(inquiry: Inquiry, name: str) -> str:
    """Return the documentation of a type of this repository."""
    found = next((each for each in find_symbols(inquiry.reader, name, 4) if each.name == name), None)
    return found.doc if found is not None and found.kind is not SymbolKind.HEADING else ""


def _from_condition(lines: Sequence[str], symbol: FoundSymbol, at: int) -> int:
    """Return the line of the condition right above a line, or the line itself."""
    for above in range(at - 1, max(symbol.name_line, at - _BODY), -1):
        if lines[above - 1].strip() and indent(lines[above - 1]) < indent(lines[at - 1]):
            stated = _CONDITION.match(lines[above - 1]) or is_handler(lines[above - 1])
            return above if stated else at
    return at


def _end_of_block(lines: Sequence[str], at: int) -> int:
    """Return the last line, of a few, of what a condition decides on."""
    depth = indent(lines[at - 1])
    end = at
    for below in range(at + 1, min(at + _BODY, len(lines)) + 1):
        if lines[below - 1].strip():
            if indent(lines[below - 1]) <= depth:
                break
            end = below
    return end


def _say_own(inquiry: Inquiry, asked: Condition) -> bool:
    """Quote what the documentation of a definition that is named says of the condition: where nothing is
    amiss in it, nothing else but the way itself could tell what comes of it.
    """
    named = [each.symbol for each in inquiry.subjects if each.named and not each.symbol.marks & MINOR]
    best: tuple[float, Found] | None = None
    for symbol in named[:_SAID_BY]:
        own = inquiry.evidence.terms_in(symbol.name)
        for each in inquiry.documentation(symbol):
            for clause in _CONDITIONAL.finditer(each.sentence.text):
                # Its own name tells nothing of when.
                held = asked.held(clause["clause"])
                share = asked.share(held)
                enough = share >= _LEAST and len(held - own) > 1
                if enough and is_readable(each.sentence.text) and (best is None or share > best[0]):
                    best = share, each
    if best is None or not inquiry.page.quote(Section.WHAT, best[1]):
        return False
    inquiry.page.settled[Need.MECHANISM] = True
    return True


_SAID_BY: Final = 2


def _say_stated(inquiry: Inquiry, asked: Condition) -> bool:
    """Quote the sentence of a document or a comment that says most plainly what comes of it."""
    best: list[tuple[float, Found]] = []
    for each in inquiry.evidence.found:
        text = each.sentence.text
        if each.hit.kind not in (ChunkKind.DOC, ChunkKind.CODE) or inquiry.is_minor(each):
            continue
        if CHANGE_LOG.search(each.hit.path or ""):
            continue  # what a release brought is told of the time before, too
        clauses = [clause["clause"] for clause in _CONDITIONAL.finditer(text)]
        if asked.amiss & _NEGATES:
            clauses = [clause for clause in clauses if _NEGATED.search(clause)]
        told = [asked.told(clause) for clause in clauses if asked.is_stated(asked.told(clause), clause)]
        share = max(map(asked.share, told), default=0.0)
        if share >= STATED and is_readable(text):
            best.append((share + each.worth, each))
    best.sort(key=lambda each: -each[0])
    return any(inquiry.page.quote(Section.WHAT, each) for _, each in best[:1])


def _say(inquiry: Inquiry, found: _Outcome) -> bool:
    symbol, page = found.symbol, inquiry.page
    source = page.sources.file(symbol.path)
    lines = () if source is None else source.lines
    verb = TOLD.get(found.verb, "ends" if found.verb else "")
    message = message_at(lines, found.end) if found.verb else ""
    if verb and (found.error or message) and within(lines, symbol, found.end) is None:
        under = condition(lines, symbol, found.end)
        before = f"If `{under[1]}`, " if under is not None else ""
        named = found.error and not ANY_ERROR.match(found.error)
        nameless = {"ends": " with an error", "panics": ""}.get(verb, " an error")
        what = f" `{found.error}`" if named else nameless
        said = f": “{message}”" if message else ""
        told = (
            f"{before}`{symbol.qualified}` {verb}{what}, {shown_place(symbol.path, found.end)}{said or '.'}"
        )
        first = max(found.end - ABOVE, symbol.name_line) if message else found.end
        last = min(found.end + MESSAGE_LINES - 1, symbol.end_line) if message else found.end
        cited = [inquiry.signature(symbol), page.sources.span(symbol.path, first, last)]
        if under is not None:
            cited.append(page.sources.span(symbol.path, under[0], under[0]))
        return page.tell(Section.WHAT, told, cited)
    place = shown_place(symbol.path, found.start)
    page.tell(
        Section.WHAT,
        f"`{symbol.qualified}` decides on it, {place}:",
        [inquiry.signature(symbol), page.sources.span(symbol.path, found.start, found.start)],
    )
    return page.code(Section.WHAT, symbol.path, found.start, found.end, _LINES)
