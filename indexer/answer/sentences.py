r"""Cut passages into sentences that know their lines: prose of documents, comments, docstrings,
commit messages and notes. Code itself stays in lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.answer.antecedents import connects, names_itself, points_back, points_to_all, subject_dangles
from indexer.answer.blocks import Block, Role, document_blocks, message_blocks
from indexer.answer.markup import LEFT_OUT, plain
from indexer.answer.readable import CHANGE_LOG
from indexer.answer.remarks import remark_blocks
from indexer.types import ChunkKind, Hit


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the lines it stands on. ``text`` is plain: markup and comment signs gone.

    ``heading`` is the title above it in a document.
    """

    text: str
    start_line: int
    end_line: int
    role: Role
    heading: str = ""
    first: bool = False
    """True for the first sentence of a paragraph or of a comment."""
    leans_on: Sentence | None = None
    """The sentence before it, where this one cannot be understood without it."""
    dangles: bool = False
    """True where it points back to something that cannot be quoted with it."""
    field: str = ""
    """Of what is said in a field of a doc comment (``@param depth``, ``@return``) the name of that."""
    listed: Sentence | None = None
    """The numbered list that it is a part of, with what announces it, as that is to be quoted."""

    def whole(self) -> Sentence:
        """Return it together with what it leans on, as it is to be quoted."""
        if self.leans_on is None:
            return self
        before = self.leans_on.whole()
        text = f"{before.text} {self.text}"
        return replace(self, text=text, start_line=before.start_line, first=before.first, leans_on=None)


def asked_of(sentence: Sentence, question: str) -> bool:
    """Return whether a sentence may be quoted: what a field says tells only who asks for it by its name.

    "depth: how deep to go" and "cleaned document" say nothing where the call itself is asked about.
    """
    field = sentence.field
    if not field:
        return True
    if field.startswith("return"):
        return _RETURNS.search(question) is not None
    return re.search(rf"(?<!\w){re.escape(field)}(?!\w)", question, re.I) is not None


_RETURNS: Final = re.compile(r"\breturn(?:s|ed|ing)?\b|\bgives? back\b", re.I)


def in_context(
    sentence: Sentence,
    told: Sequence[Sentence],
    is_said: Callable[[str], bool] = lambda _: False,
    *,
    leads: bool = False,
) -> Sentence:
    """Return a sentence with what goes on from it in its paragraph, as far as both can be read at once (more
    of it where it ``leads``) and ``is_said`` tells of none that it was said before.

    The sentence that bears the words of a question often stands beside the one that answers it. A short
    comment is one thought, and is told whole; of a docstring what follows is told, of other prose only what
    leans on it.
    """
    at = next((at for at, each in enumerate(told) if _is_same(each, sentence)), None)
    if at is None or sentence.listed is not None or sentence.field:
        return sentence
    own = told[at]
    text, start, end = sentence.text, sentence.start_line, sentence.end_line
    most = _LEADS if leads and own.role in _CONTEXT else _CONTEXT.get(own.role, _CONTEXT_OF_PROSE)
    for each in told[at + 1 :]:
        goes_on = own.role in _CONTEXT or each.leans_on is not None
        # Where it leads, or has only named itself so far: what it cannot do may stand in its last line.
        brief = leads or len(text) < _NAMES_ITSELF
        onward = brief and own.role is Role.DOCSTRING and each.start_line - end <= _PARAGRAPHS
        if (each.first and not onward) or each.role is not own.role or each.field or not goes_on:
            break
        if len(text) + len(each.text) > most or each.listed is not None or is_said(each.text):
            break
        if _LIKE_A_FIELD.match(each.text):
            break  # what one argument is, is told to who asks for it
        text, end = f"{text} {each.text}", each.end_line
    if own.role is Role.COMMENT and not own.first:
        before = list(told[:at])
        begins = next((place for place in range(at - 1, -1, -1) if before[place].first), None)
        whole = [] if begins is None else before[begins:]
        said = " ".join(each.text for each in whole)
        fits = len(said) + len(text) <= most and sentence.start_line == own.start_line
        if whole and fits and not any(is_said(each.text) for each in whole):
            text, start = f"{said} {text}", whole[0].start_line
    return replace(sentence, text=text, start_line=start, end_line=end)


def _is_same(one: Sentence, other: Sentence) -> bool:
    """Return whether two are the same sentence, the other perhaps with what it leans on before it."""
    return one.end_line == other.end_line and other.text.endswith(one.text) and one.role is other.role


_CONTEXT: Final = {Role.COMMENT: 420, Role.DOCSTRING: 320}
_CONTEXT_OF_PROSE: Final = 320
_LEADS: Final = 560
_NAMES_ITSELF: Final = 80
"""Characters of a sentence with those beside it, of one that leads an answer, and of one that is a title."""
_LIKE_A_FIELD: Final = re.compile(r"[\w*.]+ ?(?:\([^()]*\))?\s*:\s")


def sentences_in(hit: Hit) -> list[Sentence]:
    """Return the sentences of a passage, in order; of a log of changes each item stands for itself."""
    log = hit.kind is ChunkKind.DOC and CHANGE_LOG.search(hit.path or "") is not None
    return sentences_of(hit.kind, hit.language, hit.text, hit.start_line, log=log)


def sentences_of(
    kind: ChunkKind, language: str, text: str, first_line: int, *, log: bool = False
) -> list[Sentence]:
    """Return the sentences of a text, in order. ``first_line`` is the line it begins at."""
    lines = text.split("\n")
    if kind is ChunkKind.COMMIT:
        blocks = message_blocks(lines, first_line)
    elif kind is ChunkKind.NOTE:
        blocks = document_blocks(lines, first_line, Role.NOTE)
    elif kind is ChunkKind.DOC:
        blocks = document_blocks(lines, first_line, Role.PROSE)
    else:
        blocks = remark_blocks(lines, first_line, language)
    return _led_on(list(_all(blocks)), log=log)


_END: Final = re.compile(r"[.!?:;]*[.!?][\"')\]`*]*(?=\s+[\"'(\[`*]*[A-Z0-9:])")
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:e\.?g|i\.?e|vs|cf|resp|approx|incl|no|nr|fig|ca|mr|mrs|ms|dr|st)|(?<![\w.])[A-Za-z])\.$",
    re.I,
)

_QUOTED_TOGETHER: Final = 360
"""Characters of a sentence with the one before it; two long ones would be a paragraph."""
_PARAGRAPHS: Final = 2
"""Lines from the end of a paragraph to the next one that goes on from it."""
_LONGEST: Final = 420
"""Characters of a sentence that is read aloud as one; a longer one is parted."""
_PARTED: Final = re.compile(r"(?<=[;:])\s+|\s+(?=(?:--?|[\u2013\u2014])\s)")
_CLAUSE: Final = re.compile(r"(?<=,)\s+|\s+(?=(?:and|or|but|which|because|so|while|where|when|if|that)\s)")


def _all(blocks: Iterable[Block]) -> Iterator[tuple[Sentence, Block]]:
    """Yield each sentence with the block it stands in."""
    head: Sentence | None = None
    for block in blocks:
        own = list(_cut(block, head))
        head = None
        if own and block.mark and not block.field:
            head = own[0] if len(own) == 1 else replace(own[0], text=f"{own[0].text} {LEFT_OUT}")
        for each in own:
            yield each, block


def _cut(block: Block, item: Sentence | None) -> Iterator[Sentence]:
    """Yield the sentences of a block. ``item`` is how the item of a list before it begins."""
    joined = "\n".join(block.lines)
    first = True
    before: Sentence | None = None
    for start, end, cut in _spans(joined):
        piece = joined[start:end]
        text = plain(piece)
        if not any(letter.isalpha() for letter in text):
            before = None
            continue
        text = f"{LEFT_OUT} {text}" if cut < 0 else f"{text} {LEFT_OUT}" if cut > 0 else text
        lines = (
            block.start_line + joined.count("\n", 0, start + len(piece) - len(piece.lstrip())),
            block.start_line + joined.count("\n", 0, start + len(piece.rstrip())),
        )
        leans_on, dangles = _leaning(block, text, before, item if first else None)
        before = Sentence(text, *lines, block.role, block.heading, first, leans_on, dangles, block.field)
        yield before
        first = False


def _leaning(
    block: Block, text: str, before: Sentence | None, item: Sentence | None
) -> tuple[Sentence | None, bool]:
    """Return the sentence that one leans on, and whether it points to what cannot be quoted with it."""
    if block.role is Role.SUBJECT:
        return None, subject_dangles(text)
    if not points_back(text):
        return None, False
    if before is not None:
        return (before, before.dangles) if _fits(before, text) else (None, True)
    if item is not None and connects(text) and _fits(item, text) and block.mark:
        return item, False
    # "This" in an item may be its whole list; elsewhere it may be what a comment is written at, a section is
    # about, a commit does. Else it goes on from another paragraph, which it cannot be quoted with.
    if block.role is Role.BODY:
        return None, subject_dangles(text) and not points_to_all(text) and not names_itself(text)
    about = block.opens or names_itself(text)
    of_its_own = block.role is Role.DOCSTRING and points_to_all(text)
    of_its_list = block.mark != "" and not connects(text)
    return None, not (about or of_its_own or of_its_list or block.field)


def _fits(before: Sentence, text: str) -> bool:
    return len(before.whole().text) + len(text) < _QUOTED_TOGETHER


def _spans(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield start and end of each sentence, and of each part of one that is too long.

    With each whether it was cut within a clause: 1 at its end, -1 at its beginning, else 0.
    """
    start = 0
    for end in _ends(text):
        yield from _parts(text, start, end) if end - start > _LONGEST else ((start, end, 0),)
        start = end


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    if len(plain(text[start:end])) <= _LONGEST:
        yield start, end, 0
        return
    cut = 0
    while len(plain(text[start:end])) > _LONGEST:
        stops = [match.end() for match in _PARTED.finditer(text, start + 1, min(start + _LONGEST, end))]
        marked = 0
        if not stops:
            marked = 1
            clauses = _CLAUSE.finditer(text, start + _LONGEST // 2, min(start + _LONGEST, end))
            stops = [match.end() for match in clauses]
        if not stops:
            space = text.rfind(" ", start + 1, start + _LONGEST)
            if space < 0:
                # No words: bytes that are written out, say.
                return
            stops = [space + 1]
        yield start, stops[-1], marked or cut
        start, cut = stops[-1], -marked
    if text[start:end].strip():
        yield start, end, cut


def _ends(text: str) -> Iterator[int]:
    for match in _END.finditer(text):
        if not _ABBREVIATION.search(text[: match.end()]):
            yield match.end()
    yield len(text)


_ANNOUNCED_LINES: Final = 3
_LISTED: Final = 420
"""Characters of an announcement with the items of its list."""
_NUMBER: Final = re.compile(r"\(?(?:\d{1,3}|#|\w)[.)]$")
_ITEMS: Final = 14
_STEP_WITH_CODE: Final = 12
"""Lines from a step of a list to the next one where code stands between."""
_CODE_OF_STEP: Final = 120
_WHOLE_LIST: Final = 1100
"""Items and characters of a numbered list that is quoted whole: each step may be the one that matters."""
_HEAD_OF_LIST: Final = 500
"""Characters of the beginning that is quoted of a longer one, with its last item: how it comes out."""


def _led_on(cut: Sequence[tuple[Sentence, Block]], *, log: bool) -> list[Sentence]:
    """Join a sentence that ends in a colon with what it announces, when that follows at once: one sentence,
    or the items of a list as far as they can be read aloud. In a ``log`` each item stands for itself.
    """
    out: list[Sentence] = []
    listing = False
    at = 0
    while at < len(cut):
        sentence, block = cut[at]
        if not log and sentence.first and (last := _numbered(cut, at)) > at:
            _take_list(out, cut[at:last], cut[last][1].code if last < len(cut) else ())
            at, listing = last, False
            continue
        before = out[-1] if out else None
        if before is not None and _goes_on(before, sentence, block, listing=listing, log=log):
            announced = _announces(before)
            onward = before.text.endswith((",", ";"))
            joint = " " if announced or onward else "; "
            text = f"{before.text}{joint}{sentence.text}"
            out[-1] = replace(before, text=text, end_line=sentence.end_line)
            listing = True
        else:
            out.append(sentence)
            listing = False
        at += 1
    return out


def _announces(before: Sentence) -> bool:
    return before.text.endswith((":", "...", "…"))


def _goes_on(before: Sentence, sentence: Sentence, block: Block, *, listing: bool, log: bool) -> bool:
    """Return whether a sentence is a part of the one before it."""
    announced = _announces(before) and not (log and block.mark)
    near = 1 if listing and not announced else _ANNOUNCED_LINES
    # "- it adds processes when there is work,\n- and removes them else."
    onward = before.text.endswith((",", ";")) and sentence.text[:1].islower()
    item = listing and sentence.first and block.mark != "" and not log
    return (
        (announced or onward or item)
        and not block.behind_code
        and not before.field
        and not sentence.field
        and before.role is sentence.role
        and sentence.start_line - before.end_line <= near
        and len(before.text) + len(sentence.text) <= _LISTED
    )


def _numbered(cut: Sequence[tuple[Sentence, Block]], at: int) -> int:
    """Return the place behind the numbered list of several items that begins at ``at``, else ``at``."""
    items, end, last = 0, at, cut[at][0].start_line
    while end < len(cut):
        sentence, block = cut[end]
        apart = _STEP_WITH_CODE if block.behind_code else _PARAGRAPHS
        if not _NUMBER.match(block.mark) or sentence.start_line - last > apart:
            break
        if block.behind_code and items and not sentence.first:
            break  # what is said behind the code of a step
        items += sentence.first
        last = sentence.end_line
        end += 1
    return end if items > 1 else at


def _take_list(
    out: list[Sentence], cut: Sequence[tuple[Sentence, Block]], behind: Sequence[tuple[int, str]] = ()
) -> None:
    """Take a numbered list in: as one sentence where it is short, else each part knows the whole.

    ``behind`` is the code that follows the last item.
    """
    lead = out[-1] if out else None
    first = cut[0][0]
    if lead is not None and (
        not _announces(lead)
        or lead.role is not first.role
        or first.start_line - lead.end_line > _ANNOUNCED_LINES
        or lead.listed is not None
    ):
        lead = None
    items = _items(cut, behind)
    head = [] if lead is None else [lead.text]
    shown = items
    if len(items) > _ITEMS or len(" ".join(head + items)) > _WHOLE_LIST:
        kept = 1
        while kept < min(len(items) - 1, _ITEMS - 1) and len("; ".join(items[: kept + 1])) <= _HEAD_OF_LIST:
            kept += 1
        shown = [*items[:kept], f"{LEFT_OUT} {items[-1]}"]
    steps = [each.rstrip(".;,") + (" " if each.endswith(":") else "; ") for each in shown[:-1]]
    text = " ".join([*head, "".join([*steps, shown[-1]])])
    begins = first if lead is None else lead
    end = behind[-1][0] if behind and shown[-1].endswith("`") else cut[-1][0].end_line
    whole = replace(begins, text=text, end_line=end, leans_on=None, dangles=False)
    if len(text) <= _LISTED and lead is not None:
        out[-1] = replace(whole, leans_on=lead.leans_on)
        return
    if lead is not None:
        out[-1] = replace(lead, listed=whole)
    out += [replace(each, listed=whole) for each, _ in cut]


def _items(cut: Sequence[tuple[Sentence, Block]], behind: Sequence[tuple[int, str]] = ()) -> list[str]:
    """Return the text of each item with its number, where it was written with one, and its code."""
    items: list[str] = []
    for sentence, block in cut:
        if sentence.first:
            if items:
                items[-1] += _shown_code(block.code)
            items.append(sentence.text if block.mark == "#." else f"{block.mark} {sentence.text}")
        else:
            items[-1] += f" {sentence.text}"
    items[-1] += _shown_code(behind)
    return items


def _shown_code(lines: Sequence[tuple[int, str]]) -> str:
    """Return the code of a step, where it is short, as it goes on from its words."""
    told = "; ".join(f"`{line.removeprefix('$ ')}`" for _, line in lines if "`" not in line)
    return (f": {told}" if len(told) <= _CODE_OF_STEP else f" {LEFT_OUT}") if lines else ""


def comment_text(quote: str, kind: ChunkKind, language: str) -> str:
    """Return all prose of some lines as one plain text, for comparing a quotation with it."""
    return " ".join(sentence.text for sentence in sentences_of(kind, language, quote, 1))
