"""Lays an answer's statements down one after another: cited, checked, nothing twice, not too long."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.citations import SourceFile, Sources, borne_out, cite_fact, cite_note, letters
from indexer.answer.code_blocks import code_in
from indexer.answer.evidence import Found
from indexer.answer.needs import Need
from indexer.answer.readable import CHANGE_LOG
from indexer.answer.sentences import Sentence, in_context, sentences_in, sentences_of
from indexer.index.symbols import FoundSymbol, definitions_in, innermost
from indexer.repo.words import stems
from indexer.types import ChunkKind, Citation, CitationKind, Hit, Note, Section, Statement, Step

MOST: Final = {Section.WHAT: 14, Section.WHY: 5, Section.MISSING: 8}
"""Statements in a section. A screen holds some ten; a chain of calls may take a few more."""

_NAME: Final = re.compile(r"[A-Za-z]\w*_\w+")
"""A heading that is the name of a setting or of a parameter."""

_ATTRIBUTES: Final = re.compile(r"\s*\{:?\s*[#.][^{}]*\}\s*$")
"""What Markdown's dialects write behind a heading for its anchor: ``{: #NAME }``."""

_DIRECTIVE: Final = re.compile(r"\s*\.\. [\w:-]+:: ([A-Za-z]\w*(?:_\w+)+)\s*$")
_OPTION: Final = re.compile(r"(?:^\s*|\(\s*|,\s*)[\"'](--[A-Za-z][\w-]+)[\"'=\s]")
_MANUAL: Final = re.compile(r"\.[1-8]$")
_OF_MANUAL: Final = re.compile(
    r"^\.(?:IP|B|BI|BR|It Fl|SS)\b[^-\\\n]*(?:\\f[BI]|\\,|\")*((?:\\?-){2}[A-Za-z][\w\\-]*?)"
    r"(?=\\[,/f]|[\"\s=]|$)"
)
_OTHER_OF_MANUAL: Final = re.compile(r"^\.(?:SH|IP|SS)\b")
"""How manuals head what they say of an option, and of anything else."""
_OF_HELP: Final = 14
"""Lines from where an option is declared within which its help begins."""
_ENDS_CALL: Final = re.compile(r"^\s*\)")
_BELOW: Final = 20
"""Lines below its directive that may still speak of it, and above a definition that may document it."""

_DOCUMENTED_WITHIN: Final = frozenset(("python", "cython"))
"""Languages in which documentation stands in what it documents, and not above it."""

_ANNOUNCED: Final = 24
_NEAR: Final = 3
"""Lines behind a sentence that are looked at for the code that it announces, and among which that begins."""

_OF_A_LIST: Final = 60
"""Lines in which the rest of a list is looked for."""

CODE_LINES: Final = 8
"""Lines of one quoted piece of code."""

WHOLE_LINES: Final = 20
"""Lines up to which a model is shown whole: its end is as much of the pattern as its beginning."""


class Page:
    """The statements so far. Every one is checked against its source before it is taken in."""

    def __init__(self, sources: Sources, notes: Sequence[Note] = (), question: str = "") -> None:
        self.sources = sources
        self._question = question
        self.figures = False
        """True once a number that the code sets was told for the figure asked for."""
        self.modelled = False
        """Examples of the very kind that is asked for were shown."""
        self.walked: frozenset[str] | None = None
        """The question's terms that a walk along calls came by; None where there was no walk."""
        self.statements: list[Statement] = []
        self.dropped = 0
        self.people = False
        """Somebody who knows was named."""
        self.carried: dict[Need, bool] = {}
        """Whether what was laid down is of the sort that is asked for: a command, a value, a commit that took
        it out; sentences near it may be about anything.
        """
        self.by_meaning = False
        """What was laid down is only nearest by meaning: whether that is what was asked, nothing tells."""
        self.authors_alone = False
        """Who wrote it was told in place of who decided it: near, and no part of an answer."""
        self.settled: dict[Need, bool] = {}
        """Whether what the question asks for was told for certain by the guide."""
        self.answers = False
        """True once a walk that fits the question as a whole was laid down."""
        self.explained: Found | None = None
        """The first sentence of what a document gives as the reason, under a heading that says so."""
        self.unmatched: list[str] = []
        """Sides of a comparison of which nothing could be told."""
        self._notes = notes
        self._said: list[str] = []

    def of(self, section: Section) -> list[Statement]:
        """Return the statements of one section, in order."""
        return [each for each in self.statements if each.section is section]

    def cites(self, hit: Hit, start: int, end: int) -> bool:
        """Return whether a statement rests on a line from ``start`` to ``end`` of the file of a passage."""
        return hit.path is not None and any(
            each.path == hit.path and each.start_line <= end and start <= each.end_line
            for statement in self.statements
            for each in statement.citations
        )

    def room(self, section: Section) -> int:
        """Return how many statements the section may still take."""
        return MOST[section] - len(self.of(section))

    def clear(self) -> None:
        """Take everything back."""
        self.statements.clear()
        self.answers = False
        self.explained = None
        self.settled.clear()
        self.carried.clear()
        self.unmatched.clear()
        self._said.clear()

    def quote(self, section: Section, found: Found, extra: Sequence[Citation] = ()) -> bool:
        """Lay down a sentence as it was found, with the one that it leans on unless that was said already.

        Return whether it was new, true and had room.
        """
        if self._is_said(found.sentence.text):
            return False
        if (listed := self._listed(found)) is not None:
            statement = self._quotation(section, listed, extra)
            if statement is not None and borne_out(statement, self.sources, self._notes):
                return self._quoted(statement, listed)
        before = found.sentence.leans_on
        if before is not None and not self._is_said(before.text):
            together = self._quotation(section, self._in_context(found, found.sentence.whole()), extra)
            if together is None or not borne_out(together, self.sources, self._notes):
                together = self._quotation(section, replace(found, sentence=found.sentence.whole()), extra)
            if together is not None and borne_out(together, self.sources, self._notes):
                return self._quoted(self._under_its_name(together, found), found)
        statement = self._quotation(section, self._in_context(found, found.sentence), extra)
        if statement is None or not borne_out(statement, self.sources, self._notes):
            statement = self._quotation(section, found, extra)
        if statement is None:
            return self._drop(found.sentence.text)
        return self._quoted(self._under_its_name(statement, found), found)

    def _is_said(self, text: str) -> bool:
        return any(letters(text) in each for each in self._said)

    def _in_context(self, found: Found, sentence: Sentence) -> Found:
        """Return a sentence of a passage with what goes on from it there and was not said."""
        return replace(
            found,
            sentence=in_context(sentence, sentences_in(found.hit), self._is_said, leads=not self.statements),
        )

    def _listed(self, found: Found) -> Found | None:
        """Return the numbered list that a sentence is a part of: one step says little, the last the outcome.

        A log of changes is no such list; only what matched is told of it.
        """
        whole, hit = found.sentence.listed, found.hit
        if whole is None or CHANGE_LOG.search(hit.path or ""):
            return None
        source = self.sources.file(hit.path) if hit.path and hit.kind is ChunkKind.DOC else None
        if source is not None and whole.end_line >= hit.end_line - 1:
            # A passage may end in the midst of a list.
            lines = source.lines[whole.start_line - 1 : whole.start_line - 1 + _OF_A_LIST]
            told = sentences_of(hit.kind, source.language, "\n".join(lines), whole.start_line)
            whole = next((each.listed for each in told if each.listed is not None), whole)
        return replace(found, sentence=whole)

    def _quoted(self, statement: Statement, found: Found) -> bool:
        """Take a quotation in, with the code that it announces, for it says little without."""
        taken = self._take(statement)
        path, last = found.hit.path, found.sentence.end_line
        announces = found.hit.kind is ChunkKind.DOC and found.sentence.text.endswith(":")
        if taken and announces and path is not None:
            source = self.sources.file(path)
            lines = () if source is None else source.lines[last - 1 : last + _ANNOUNCED]
            start, end = next(code_in(lines, fenced=not path.endswith(".rst")), (_NEAR + 1, 0))
            if start <= _NEAR:
                self.code(statement.section, path, last + start, last + end)
        return taken

    def _under_its_name(self, statement: Statement, found: Found) -> Statement:
        """Return what a document says under the name of a thing with that name, which it seldom repeats."""
        hit = found.hit
        if (option := self._option(found)) is not None:
            return self._named(statement, *option)
        if hit.kind is ChunkKind.CODE and found.sentence.role is Role.DOCSTRING:
            return self._of_its_definition(statement, found)
        if hit.kind is not ChunkKind.DOC:
            return statement
        if (directive := self._directive(found)) is not None:
            return self._named(statement, *directive)
        name = _ATTRIBUTES.sub("", found.sentence.heading or hit.symbol.rpartition(" > ")[2]).strip("`")
        if _NAME.fullmatch(name) is None or name in statement.text:
            return statement
        above = hit.text.split("\n")[: max(found.sentence.start_line - hit.start_line, 0)]
        at = next((at for at in reversed(range(len(above))) if name in above[at]), None)
        title = None if at is None else self.sources.span(hit.path or "", *[hit.start_line + at] * 2)
        if title is None:
            return statement
        return self._named(statement, name, title)

    def _of_its_definition(self, statement: Statement, found: Found) -> Statement:
        """Return what a docstring says with whose it is, where nothing beside it tells: "Normally, only
        returns True on SQLite" has no subject.
        """
        source = self.sources.file(found.hit.path or "")
        owner = None if source is None else self._documented(source, found.sentence)
        before = self.statements[-1].text if self.statements else ""
        if source is None or owner is None:
            return statement
        name = re.compile(rf"\b{re.escape(owner.name)}\b", re.I)
        said = not set(stems(owner.name)).isdisjoint(stems(statement.text))
        if said or any(name.search(each) for each in (before, self._question)):
            return statement
        signature = self.sources.span(source.path, owner.name_line, owner.name_line)
        if signature is None:
            return statement
        kind = "docstring" if source.language in _DOCUMENTED_WITHIN else "comment"
        told = replace(
            statement,
            text=f"In the {kind} of `{owner.qualified}`: “{statement.text}”",
            citations=(*statement.citations, signature),
            quoted=False,
        )
        return told if borne_out(told, self.sources, self._notes) else statement

    def _documented(self, source: SourceFile, sentence: Sentence) -> FoundSymbol | None:
        """Return the definition whose documentation a sentence stands in."""
        defined = definitions_in(self.sources.reader(), source.path_id)
        if source.language in _DOCUMENTED_WITHIN:
            return innermost(defined, sentence.start_line)
        below = [each for each in defined if 0 < each.name_line - sentence.end_line <= _BELOW]
        return min(below, key=lambda each: each.name_line, default=None)

    def _named(self, statement: Statement, name: str, title: Citation) -> Statement:
        """Return a statement under a name that stands at ``title``, if that is borne out."""
        named = replace(
            statement,
            text=f"`{name}`: “{statement.text}”",
            citations=(*statement.citations, title),
            quoted=False,
        )
        return named if borne_out(named, self.sources, self._notes) else statement

    def _option(self, found: Found) -> tuple[str, Citation] | None:
        """Return the option of a command that a manual has a sentence under: what comes without the option,
        the sentence seldom says.
        """
        path, line = found.hit.path or "", found.sentence.start_line
        source = self.sources.file(path) if _MANUAL.search(path) else None
        for at in range(line - 1, max(line - _BELOW, 0), -1) if source is not None else ():
            text = source.lines[at - 1] if source is not None else ""
            declared = _OF_MANUAL.search(text)
            option = declared[1].replace("\\", "") if declared is not None else ""
            title = self.sources.span(path, at, at) if option and option not in found.sentence.text else None
            if option or _OTHER_OF_MANUAL.match(text):
                return None if title is None else (option, title)
        return None

    def _directive(self, found: Found) -> tuple[str, Citation] | None:
        """Return the name of the setting whose directive (``.. data:: NAME``) a sentence stands under."""
        path, line = found.hit.path or "", found.sentence.start_line
        source = self.sources.file(path)
        if source is None or line > len(source.lines):
            return None
        text = source.lines[line - 1]
        depth = len(text) - len(text.lstrip())
        for at in range(line - 2, max(line - _BELOW, -1), -1):
            above = source.lines[at]
            if above.strip() and len(above) - len(above.lstrip()) < depth:
                directive = _DIRECTIVE.match(above)
                title = self.sources.span(path, at + 1, at + 1) if directive else None
                return (directive[1], title) if directive is not None and title is not None else None
        return None

    def _quotation(self, section: Section, found: Found, extra: Sequence[Citation]) -> Statement | None:
        citation = self.cite(found)
        if citation is None:
            return None
        return Statement(section, found.sentence.text, (citation, *extra), quoted=True)

    def cite(self, found: Found) -> Citation | None:
        """Return the citation of a sentence's lines."""
        hit, sentence = found.hit, found.sentence
        if hit.kind is ChunkKind.NOTE:
            note = next((each for each in self._notes if each.id == hit.note_id), None)
            if note is None:
                return None
            lines = note.text.split("\n")[sentence.start_line - 1 : sentence.end_line]
            return cite_note(note, "\n".join(lines))
        if hit.kind is ChunkKind.COMMIT:
            return self.sources.message(hit.commit_id or "", sentence.start_line, sentence.end_line)
        return self.sources.span(hit.path or "", sentence.start_line, sentence.end_line)

    def fact(
        self, section: Section, text: str, query: str, rests_on: Sequence[str], cited: Sequence[Citation] = ()
    ) -> bool:
        """Lay down something counted or computed; ``query`` says how, in words or as a search."""
        return self._take(Statement(section, text, (*cited, cite_fact(query, rests_on))))

    def tell(
        self,
        section: Section,
        text: str,
        cited: Sequence[Citation | None],
        *,
        step: Step | None = None,
        hinted: bool = False,
    ) -> bool:
        """Lay down a sentence of ours that its citations prove; without one it is not said."""
        citations = tuple(each for each in cited if each is not None)
        if not citations and section is not Section.MISSING:
            return self._drop(text)
        return self._take(Statement(section, text, citations, step=step, hinted=hinted))

    def code(self, section: Section, path: str, start: int, end: int, most: int = CODE_LINES) -> bool:
        """Lay down a few lines of code as they stand; those behind the end of the file are not there."""
        source = self.sources.file(path)
        last = min(end, start + most - 1, 0 if source is None else len(source.lines))
        if source is not None:
            start = _option_above(source.lines, start) or start
        citation = self.sources.span(path, start, last)
        if citation is None:
            return self._drop("")
        return self._take(Statement(section, _dedented(citation.quote), (citation,), quoted=True))

    def _drop(self, _text: str) -> bool:
        self.dropped += 1
        return False

    def _take(self, statement: Statement) -> bool:
        said = letters(statement.text)
        if not said or self.room(statement.section) <= 0 or any(said in each for each in self._said):
            return False
        if not borne_out(statement, self.sources, self._notes):
            return self._drop(statement.text)
        self._said.append(said)
        self.statements.append(statement)
        return True


def _option_above(lines: Sequence[str], start: int) -> int:
    """Return the line that declares the option of a command whose help the line ``start`` is a part of, by
    the call that both stand in; 0 where it is in none, or declares one itself.
    """
    for at in range(start, max(start - _OF_HELP, 0), -1):
        text = lines[at - 1] if at <= len(lines) else ""
        if _OPTION.search(text):
            return at if at < start else 0
        if at < start and _ENDS_CALL.match(text):
            return 0
    return 0


def is_prose(found: Found) -> bool:
    """Return whether a sentence is something that a person wrote to be read."""
    return found.sentence.role is not Role.TITLE


def root_of(citation: Citation) -> str:
    """Return how a fact names this citation among what it rests on."""
    if citation.kind is CitationKind.SPAN:
        return f"{citation.path}:{citation.start_line}-{citation.end_line}"
    return citation.commit_id or citation.note_id or ""


def _dedented(quote: str) -> str:
    lines = quote.split("\n")
    indents = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    cut = min(indents, default=0)
    return "\n".join(line[cut:].rstrip() for line in lines)
