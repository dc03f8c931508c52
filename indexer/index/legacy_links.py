"""Names of a mainframe to files: copybooks, programs, procedures, maps, tables, databases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.index.files import Edge, Files, Source, Used
from indexer.repo.formats.outline import word_set
from indexer.types import ReferenceKind, SymbolKind

_COPIED = (".cpy", ".copy", ".dcl", ".inc", ".mac", ".cbl", ".cob", ".ccp")
_PROCEDURES = (".prc", ".proc", ".jcl", ".jcllib")
_MEMBERS = (".ctl", ".prm", ".parm", ".cntl", ".ctc", ".sql", ".rexx", ".clist", ".txt", *_PROCEDURES)
_SYSTEM = word_set(
    "IDCAMS SORT ICEMAN ICETOOL IEBGENER IEBCOPY IEFBR14 IKJEFT01 IKJEFT1A IKJEFT1B SDSF DFSRRC00 HEWL FTP"
    " IGYCRCTL ASMA90 DSNUTILB"
)
"""Programs that come with the system; a file of that name here is not them."""


@dataclass(frozen=True, slots=True)
class Named:
    """A definition that mainframe code refers to by its name."""

    name: str
    kind: SymbolKind
    source: Source


class Legacy:
    """COBOL, JCL, assembler, IMS and CICS definitions."""

    def __init__(self, files: Files, named: Sequence[Named], transactions: dict[str, str]) -> None:
        self._files = files
        self._named: dict[str, list[Named]] = defaultdict(list)
        for each in named:
            self._named[each.name.upper()].append(each)
        self._transactions = transactions

    def edges(self, source: Source, used: Sequence[Used]) -> Iterator[Edge]:
        """Yield what a file copies, calls, runs, shows, reads and writes."""
        for each in used:
            target = self.find(each, source)
            if target is not None and target.path_id != source.path_id:
                yield Edge(target.path_id, each.line, each.kind)

    def find(self, used: Used, source: Source) -> Source | None:
        """Return the file that holds what is named, or None: a system's, or data without a file."""
        name = used.name.upper()
        if used.kind == ReferenceKind.COPY:
            endings = _MEMBERS if source.language == "jcl" else _COPIED
            return self._file(name, endings, source) or self._defined(name, (SymbolKind.MACRO,), source)
        if used.kind in (ReferenceKind.EXECUTE, ReferenceKind.CALL):
            if name in _SYSTEM:
                return None
            return self._program(name, used.kind, source)
        if used.kind == ReferenceKind.USE:
            return self._defined(name, (SymbolKind.MAP, SymbolKind.DATASET, SymbolKind.PROGRAM), source)
        if used.kind in (ReferenceKind.READ, ReferenceKind.WRITE):
            if source.language == "jcl":
                return None
            return self._defined(name, (SymbolKind.TABLE, SymbolKind.MAP), source)
        if used.kind == ReferenceKind.DATA and source.language == "ims":
            return self._defined(name, (SymbolKind.DATASET, SymbolKind.TABLE), source)
        return None

    def _program(self, name: str, kind: ReferenceKind, source: Source) -> Source | None:
        found = self._defined(name, (SymbolKind.PROGRAM,), source)
        if found is None and kind == ReferenceKind.EXECUTE and source.language in ("jcl", "bash"):
            found = self._file(name, _PROCEDURES, source)
        if found is None and name in self._transactions:
            found = self._defined(self._transactions[name], (SymbolKind.PROGRAM,), source)
        return found

    def _defined(self, name: str, kinds: tuple[SymbolKind, ...], source: Source) -> Source | None:
        for kind in kinds:
            found = [each.source for each in self._named.get(name, ()) if each.kind == kind]
            # A table is where it is created, rather than where a copybook declares it again.
            created = [each for each in found if each.language in ("sql", "plsql")]
            if found:
                return self._files.nearest(created or found, source.path)
        return None

    def _file(self, name: str, endings: tuple[str, ...], source: Source) -> Source | None:
        candidates = self._files.stem(name)
        for ending in endings:
            found = [each for each in candidates if each.path.lower().endswith(ending)]
            if found:
                return self._files.nearest(found, source.path)
        return None
