"""The last stop: what nobody wrote down, of which it is only said what was searched, and who may know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from indexer.answer.authorship import merged
from indexer.answer.citations import cite_fact
from indexer.answer.inquiry import CALLABLE, shown_place
from indexer.answer.needs import Need
from indexer.answer.questions import read_question
from indexer.guide.tours import counting
from indexer.guide.tours.depended import LEAST_LINES, Depended
from indexer.guide.tours.ground import Ground
from indexer.guide.tours.laid import Laid
from indexer.guide.tours.past_stops import GATE
from indexer.guide.tours.recorded import has_reason
from indexer.index.activity import activity
from indexer.index.history import AuthorShare
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.pages import WhoWanted
from indexer.shapes.onboarding import StepKind
from indexer.types import Gap, Section, SymbolKind

SHOWN: Final = 4
ASKED: Final = 3
"""Questions of people that are told."""

OF_ONES_OWN: Final = 0.2
"""Share of the lines from which somebody knows a definition as its author does."""

SEARCHED: Final = "comments, docstrings, and messages of the commits that wrote the lines or name it"


def unwritten(ground: Ground, used: Sequence[Depended]) -> Laid | None:
    """Tell what nobody wrote down, and who may know; None where nothing was found bare.

    ``used`` are definitions, the most used first.
    """
    laid = Laid(ground, StepKind.UNWRITTEN, "unwritten", "What nobody wrote down")
    gaps = [
        gap
        for gap in ground.desk.notes.gaps()
        if asks_for_a_reason(gap) and (ground.whole or any(ground.inside(path) for path in gap.paths))
    ]
    for gap in gaps[:ASKED]:
        whom = f"; {gap.contacts[0].name} may know" if gap.contacts else ""
        laid.page.tell(
            Section.MISSING,
            f"Asked {counting.times(gap.asked)} and not answered: “{gap.question}”{whom}.",
            [cite_fact("gaps that people met", list(gap.paths))],
        )
    bare = _bare(ground, [*used, *_busiest(ground, used)])
    for each in bare:
        symbol = each.symbol
        laid.page.tell(
            Section.MISSING,
            f"For `{symbol.qualified}` ({shown_place(symbol.path, symbol.name_line)}){_and_used(each)}, no"
            " reason was found in its comments, its docstring or the messages of the commits that wrote its"
            f" lines.{_whom(ground, symbol)}",
            [laid.inquiry.signature(symbol)],
        )
        laid.uses.append(f"{symbol.path}#{symbol.qualified}")
    if bare:
        laid.matters(
            f"Ask before you change {'it' if len(bare) == 1 else 'one of them'},"
            " and write down what you hear.",
            SEARCHED,
            [shown_place(each.symbol.path, each.symbol.name_line) for each in bare],
        )
        for each in bare[:2]:
            laid.read_symbol(each.symbol)
    return laid if laid.page.statements else None


def asks_for_a_reason(gap: Gap) -> bool:
    """Return whether a gap is a reason that nobody recorded.

    What a search merely did not find, or what is not here at all, may well be written down.
    """
    if gap.category is None:
        return False
    return any(part.need is Need.REASON for part in read_question(gap.question).parts)


# ------------------------------------------------------------------------------------ private


def _bare(ground: Ground, among: Sequence[Depended]) -> list[Depended]:
    """Return the first definitions for which no reason was found."""
    out: list[Depended] = []
    for each in among:
        ground.control.checkpoint()
        lines = each.symbol.end_line - each.symbol.start_line + 1
        if lines >= LEAST_LINES and not has_reason(ground, each.symbol):
            out.append(each)
        if len(out) == SHOWN:
            break
    return out


def _busiest(ground: Ground, core: Sequence[Depended]) -> list[Depended]:
    """Return the longest definitions of the files that change most."""
    out = []
    known = {(each.symbol.blob_id, each.symbol.start_line) for each in core}
    hot = sorted(
        (each for each in ground.code if each.changes > 1 and not GATE.search(each.path)),
        key=lambda each: -each.changes,
    )
    for file in hot[:6]:
        own = [
            each
            for each in definitions_in(ground.reader, file.path_id)
            if each.kind in CALLABLE and each.kind is not SymbolKind.CLASS
        ]
        longest = max(own, key=lambda each: each.end_line - each.start_line, default=None)
        if longest is not None and (longest.blob_id, longest.start_line) not in known:
            out.append(Depended(longest, 0, 0, 0.0, longest.name))
    return out


def _and_used(each: Depended) -> str:
    if each.code > 1:
        return f", which {each.code:,} files of code name"
    return ", in one of the files that change most" if not each.weight else ""


def _whom(ground: Ground, symbol: FoundSymbol) -> str:
    """Return a sentence on whom to ask: who wrote a share of its lines, and is still here if anybody is."""
    lines = merged(
        [
            AuthorShare(run.author, run.email, count, run.authored, run.authored)
            for run in ground.blame(symbol.path)
            if (count := min(run.last_line, symbol.end_line) - max(run.first_line, symbol.start_line) + 1) > 0
        ]
    )
    total = sum(each.commits for each in lines)
    active = activity(ground.reader)
    own = [each for each in lines if each.commits >= OF_ONES_OWN * total]
    here = [each for each in own if not active.has_left(each.email)]
    if here:
        return f" {here[0].name}, who wrote {here[0].commits} of its {total} lines, may know."
    if not own:
        return ""
    gone = f" {own[0].name}, who wrote {own[0].commits} of its {total} lines, made no commit for long"
    found = ground.desk.who.knows(WhoWanted(f"{symbol.path}:{symbol.start_line}-{symbol.end_line}", 4)).people
    near = next((each.contact for each in found if not each.left), None)
    if near is None:
        return f"{gone}."
    reason = near.reason.partition(";")[0].partition(", the newest")[0]
    return f"{gone}; of those who still do, {near.name} is the nearest ({reason})."
