"""What EXEC CICS, EXEC SQL and EXEC DLI blocks inside COBOL name: programs, files, maps, tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indexer.repo.formats.cobol_text import Token
from indexer.repo.formats.outline import Mark, Mention, word_set
from indexer.types import ReferenceKind, SymbolKind

_CICS_PROGRAM = frozenset(("LINK", "XCTL", "LOAD"))
_CICS_READ = frozenset(("READ", "READNEXT", "READPREV", "STARTBR", "READQ", "RETRIEVE"))
_CICS_WRITE = frozenset(("WRITE", "REWRITE", "DELETE", "WRITEQ", "DELETEQ"))
_DLI_READ = frozenset(("GU", "GN", "GNP", "GHU", "GHN", "GHNP"))
_DLI_WRITE = frozenset(("ISRT", "REPL", "DLET", "LOAD"))
_SQL_ENDS = word_set("WHERE ORDER GROUP HAVING UNION FETCH FOR SET VALUES ON INTO WITH OPTIMIZE")


@dataclass(frozen=True, slots=True)
class Found:
    """The mentions of one block, and the tables it declares."""

    mentions: list[Mention]
    marks: list[Mark]


def exec_block(block: Sequence[Token], say: Callable[[str], list[str]]) -> Found:
    """Read the tokens from EXEC up to END-EXEC. ``say`` gives the names a word can stand for."""
    flavour = block[1].word if len(block) > 1 else ""
    if flavour == "CICS":
        return Found(_cics(block, say), [])
    if flavour == "SQL":
        return _sql(block)
    if flavour == "DLI":
        return Found(_dli(block, say), [])
    return Found([], [])


def _options(block: Sequence[Token]) -> dict[str, Token]:
    """Return option to the first token in its parentheses (inner ones are passed over)."""
    options: dict[str, Token] = {}
    for at in range(2, len(block) - 2):
        if block[at + 1].word != "(" or block[at].word in "()":
            continue
        inner = at + 2
        while inner < len(block) - 1 and block[inner].word == "(":
            inner += 1
        options.setdefault(block[at].word, block[inner])
    return options


def _cics(block: Sequence[Token], say: Callable[[str], list[str]]) -> list[Mention]:
    command = block[2].word if len(block) > 2 else ""
    options = _options(block)
    mentions: list[Mention] = []

    def add(option: str, kind: ReferenceKind) -> None:
        token = options.get(option)
        if token is not None:
            mentions.extend(Mention(token.line, name, kind) for name in say(token.word) or [token.word])

    if command in _CICS_PROGRAM:
        add("PROGRAM", ReferenceKind.EXECUTE)
    elif command in ("START", "RETURN", "RUN"):
        add("TRANSID", ReferenceKind.EXECUTE)
    elif command == "HANDLE":
        add("PROGRAM", ReferenceKind.EXECUTE)
        add("LABEL", ReferenceKind.CALL)
    elif command in ("SEND", "RECEIVE"):
        kind = ReferenceKind.WRITE if command == "SEND" else ReferenceKind.READ
        add("MAP", kind)
        add("MAPSET", ReferenceKind.USE)
    if command in _CICS_READ or command in _CICS_WRITE:
        kind = ReferenceKind.READ if command in _CICS_READ else ReferenceKind.WRITE
        for option in ("DATASET", "FILE", "QUEUE", "QNAME"):
            add(option, kind)
    return mentions


def _dli(block: Sequence[Token], say: Callable[[str], list[str]]) -> list[Mention]:
    command = block[2].word if len(block) > 2 else ""
    options = _options(block)
    mentions: list[Mention] = []
    segment = options.get("SEGMENT")
    if segment is not None:
        kind = ReferenceKind.READ if command in _DLI_READ else ReferenceKind.WRITE
        if command in _DLI_READ or command in _DLI_WRITE:
            mentions.append(Mention(segment.line, segment.word, kind))
    psb = options.get("PSB")
    if command == "SCHD" and psb is not None:
        mentions += [Mention(psb.line, name, ReferenceKind.USE) for name in say(psb.word) or [psb.word]]
    return mentions


def _sql(block: Sequence[Token]) -> Found:
    mentions: list[Mention] = []
    marks: list[Mark] = []
    words = [token.word for token in block]
    deletes = len(words) > 2 and words[2] == "DELETE"
    for at, token in enumerate(block):
        if token.word in ("FROM", "JOIN", "INTO", "UPDATE"):
            kind = (
                ReferenceKind.READ if token.word in ("FROM", "JOIN") and not deletes else ReferenceKind.WRITE
            )
            _tables(block, at, kind, mentions)
        elif token.word == "INCLUDE" and at == 2 and at + 1 < len(block):
            mentions.append(Mention(token.line, words[at + 1].strip("'\""), ReferenceKind.COPY))
        elif token.word == "DECLARE" and "TABLE" in words[at : at + 6]:
            name = _qualified(block, at + 1)[0]
            marks.append(
                Mark(
                    token.line,
                    0,
                    name.rpartition(".")[2],
                    SymbolKind.TABLE,
                    signature=f"DECLARE {name} TABLE",
                )
            )
    return Found(mentions, marks)


def _tables(block: Sequence[Token], at: int, kind: ReferenceKind, mentions: list[Mention]) -> None:
    """Mention the table after FROM, JOIN, INTO or UPDATE; a host variable is none."""
    word = block[at].word
    if word == "UPDATE" and at and block[at - 1].word in ("FOR", "OF"):
        return
    name, _ = _qualified(block, at + 1)
    if word == "INTO" and (not name or block[2].word != "INSERT"):
        return
    if name and name not in _SQL_ENDS and name != "FINAL":
        mentions.append(Mention(block[at].line, name.rpartition(".")[2], kind))


def _qualified(block: Sequence[Token], at: int) -> tuple[str, int]:
    """Return ``SCHEMA.TABLE`` from the tokens at ``at`` (empty for a host variable), and its end."""
    name = ""
    while at < len(block):
        word = block[at].word
        if word == "." and name:
            name += "."
        elif (not name or name.endswith(".")) and word[0].isalpha():
            name += word
        else:
            break
        at += 1
    return name, at
