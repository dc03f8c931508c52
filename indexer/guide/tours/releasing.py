"""How a release is made by hand: what a document has under that heading, and what one would type."""

from __future__ import annotations

import re
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.command_lines import commands_in
from indexer.answer.commands import commands_of
from indexer.answer.inquiry import listed, shown_place
from indexer.answer.readable import is_readable
from indexer.answer.releasing import FOR_MAKERS, RELEASE_DOC, RELEASE_HEADING
from indexer.answer.sentences import sentences_of
from indexer.guide.tours.causal import LONGEST
from indexer.guide.tours.deeds import Deed, deed_of, packs
from indexer.guide.tours.ground import Ground
from indexer.guide.tours.laid import Laid
from indexer.guide.tours.reasons_near import first_words
from indexer.guide.tours.tooling import made_first
from indexer.index.symbols import FoundSymbol, symbols_where
from indexer.types import ChunkKind, FileMark, Section

SHOWN: Final = 4
_STEP: Final = re.compile(r"^git (?:tag|push)\b|^make \S*(?:dist|release|publish|upload)\b")


def say_releasing(laid: Laid) -> bool:
    """Quote how a release is made, and name what is typed for it; return whether anything tells."""
    ground = laid.ground
    before = len(laid.page.statements)
    for file in [
        each
        for each in ground.everything
        if RELEASE_DOC.search(each.path) and not each.marks & FileMark.VENDORED
    ][:2]:
        says = first_words(ground, file.path)
        if says and says[0].rstrip()[-1:] in ".!:":
            laid.page.tell(Section.WHAT, f"{file.path} says: “{says[0]}”", [says[1]])
            laid.read_head(file.path, file.path)
    section = _section(ground)
    if section is not None:
        _say_section(laid, section)
    _say_typed(laid)
    return len(laid.page.statements) > before


# ------------------------------------------------------------------------------------ private


def _section(ground: Ground) -> FoundSymbol | None:
    """Return the heading under which a document for who works on it tells how a release is made."""
    found = [
        each
        for each in symbols_where(
            ground.reader, "s.kind = 'heading' AND (s.name LIKE '%releas%' OR s.name LIKE '%publish%')"
        )
        if RELEASE_HEADING.match(each.name.strip())
        and FOR_MAKERS.search(each.path)
        and not each.marks & (FileMark.VENDORED | FileMark.TEST | FileMark.EXAMPLE)
    ]
    found.sort(key=lambda each: (each.path.count("/"), each.path, each.start_line - each.end_line))
    return found[0] if found else None


def _say_section(laid: Laid, section: FoundSymbol) -> None:
    ground = laid.ground
    source = ground.sources.file(section.path)
    if source is None:
        return
    place = f"{section.path}, under “{section.name.strip()}”"
    text = "\n".join(source.lines[section.name_line : section.end_line])
    for each in sentences_of(ChunkKind.DOC, source.language, text, section.name_line + 1):
        if each.role is Role.PROSE and 20 < len(each.text) <= LONGEST and is_readable(each.text):
            laid.page.tell(
                Section.WHAT,
                f"{place}, says: “{each.text}”",
                [ground.sources.span(section.path, each.start_line, each.end_line)],
            )
            break
    typed = [
        each
        for each in commands_in(section.path, source.lines)
        if section.name_line < each.line <= section.end_line
        and (_STEP.match(each.text) or deed_of(ground, each.text) is Deed.RELEASE)
    ]
    shown = [f"`{each.text.partition(' #')[0].rstrip()}`" for each in typed[:SHOWN]]
    if typed:
        laid.page.tell(
            Section.WHAT,
            f"Among what one types for it, by {place}: {listed(shown)}.",
            [ground.sources.span(section.path, each.line, each.line) for each in typed[:SHOWN]],
        )
    laid.read_around(place, section.path, typed[0].line if typed else section.name_line)


def _say_typed(laid: Laid) -> None:
    """Name the targets and scripts that make a release, and those that pack one."""
    ground = laid.ground
    typed = [
        each
        for each in commands_of(laid.inquiry)
        if re.match(r"(?:make|just|npm run|rake) ", each.text) and "/" not in each.path
    ]
    releases = [each for each in typed if deed_of(ground, each.text) is Deed.RELEASE]
    for command in (releases or [each for each in typed if packs(ground, each.text)])[:1]:
        runs = f", which runs `{command.runs}`" if command.runs and "$" not in command.runs else ""
        laid.page.tell(
            Section.WHAT,
            f"To {'release' if releases else 'pack'} it by hand: `{command.text}`{runs}"
            f"{made_first(ground, command)} ({shown_place(command.path, command.line)}).",
            [ground.sources.span(command.path, command.line, command.line + (1 if runs else 0))],
        )
        # A pipeline that publishes asks for more, and takes this question's place.
        laid.ask(
            f"With which command is it {'released' if releases else 'packed'}, and where is it written?",
            f"`{command.text}`, in {shown_place(command.path, command.line)}.",
            [ground.sources.span(command.path, command.line, command.line)],
        )
