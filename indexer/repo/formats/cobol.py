"""COBOL by its columns: programs, sections, paragraphs, records and fields, and all they touch.

Two passes over one list of tokens: the first learns what names stand for (files and their DD
names, records of files, literals kept in variables), the second walks the statements.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from indexer.repo.formats.cobol_exec import exec_block
from indexer.repo.formats.cobol_text import Token, code_of, comment_above, is_free, literal, tokens
from indexer.repo.formats.outline import FormatParse, Mark, Mention, assemble, lines_of, word_set
from indexer.types import ReferenceKind, SymbolKind

DATA_SECTIONS = word_set(
    "CONFIGURATION INPUT-OUTPUT FILE WORKING-STORAGE LOCAL-STORAGE LINKAGE REPORT SCREEN COMMUNICATION"
)
_NOT_PARAGRAPHS = word_set("EXIT GOBACK CONTINUE STOP ELSE DECLARATIVES EJECT SKIP1 SKIP2 SKIP3 THEN TITLE")
_STOPS = word_set(
    "ACCEPT ADD CALL CANCEL CLOSE COMPUTE CONTINUE COPY DELETE DISPLAY DIVIDE ELSE END-CALL END-IF "
    "END-PERFORM END-READ END-WRITE END-EVALUATE END-EXEC EVALUATE EXEC EXIT GO GOBACK IF INITIALIZE "
    "INSPECT INVOKE MERGE MOVE MULTIPLY NEXT OPEN PERFORM READ RELEASE RETURN REWRITE SEARCH SET SORT "
    "START STOP STRING SUBTRACT UNSTRING WHEN WRITE"
)
_MODES = {
    "INPUT": (ReferenceKind.READ,),
    "OUTPUT": (ReferenceKind.WRITE,),
    "EXTEND": (ReferenceKind.WRITE,),
    "I-O": (ReferenceKind.READ, ReferenceKind.WRITE),
}
EXEC_MAX = 4_000
"""Tokens of one EXEC block; one that never ends must not swallow the program."""

_MEMBER = re.compile(r"[A-Z$#@][A-Z0-9$#@]{3,7}")
"""A name as programs, files and transactions have it."""

_VALUES_MAX = 40
"""Literals that one variable is known to take; beyond that it is no name of a program or file."""


@dataclass(slots=True)
class Names:
    """What the names of one source stand for; filled by the first pass."""

    assigned: dict[str, str] = field(default_factory=dict)
    """File name to DD name."""
    record_of: dict[str, str] = field(default_factory=dict)
    """Record name to file name."""
    values: dict[str, list[str]] = field(default_factory=dict)
    """Variable to the literals it holds or is given."""
    copies: dict[str, list[str]] = field(default_factory=dict)
    """Variable to the variables that are moved into it."""

    def say(self, word: str) -> list[str]:
        """Return the names that a literal or a variable can stand for; empty when not plain."""
        if literal(word):
            return [literal(word)]
        known = list(self.values.get(word, ()))
        for source in self.copies.get(word, ()):
            known += self.values.get(source, ())
        return list(dict.fromkeys(known))[:_VALUES_MAX]

    def hold(self, name: str, word: str) -> None:
        """Note that a variable holds a literal."""
        kept = self.values.setdefault(name, [])
        if literal(word) and literal(word) not in kept and len(kept) < _VALUES_MAX:
            kept.append(literal(word))


def cobol(text: str) -> FormatParse:
    """Read a program or a copybook. Any text gives a result, in time linear in its length."""
    lines = lines_of(text)
    free = is_free(lines)
    words = list(tokens(lines, free))
    names = _learn(words)
    reader = _Reader(lines, free, words, names)
    reader.read()
    mentions = reader.mentions
    if not any(mark.kind == SymbolKind.PROGRAM for mark in reader.marks):
        mentions += _listed(words)
    return assemble(lines, reader.marks, mentions)


def _listed(words: Sequence[Token]) -> list[Mention]:
    """Return the names that a copybook lists as values: a menu's programs, files, transactions."""
    return [
        Mention(words[at + 1].line, name, ReferenceKind.USE)
        for at, token in enumerate(words[:-1])
        if token.word == "VALUE" and _MEMBER.fullmatch(name := literal(words[at + 1].word))
    ]


def _learn(words: Sequence[Token]) -> Names:
    names = Names()
    file = ""
    for index, token in enumerate(words):
        after = words[index + 1].word if index + 1 < len(words) else ""
        if token.word == "SELECT":
            _learn_select(words, index, names)
        elif token.word in ("FD", "SD"):
            file = after
        elif token.word in ("01", "1") and file and token.leads:
            names.record_of.setdefault(after, file)
        elif token.word in ("SECTION", "DIVISION"):
            file = ""
        elif token.word in ("VALUE", "VALUES") and literal(_skip(words, index + 1, ("IS", "ARE"))):
            _learn_value(words, index, names)
        elif token.word == "MOVE":
            _learn_move(words, index, names)
    return names


def _learn_select(words: Sequence[Token], index: int, names: Names) -> None:
    file = ""
    for at in range(index + 1, min(index + 8, len(words))):
        word = words[at].word
        if not file and word not in ("OPTIONAL", "NOT"):
            file = word
        elif word == "ASSIGN":
            target = _skip(words, at + 1, ("TO", "USING", "DYNAMIC", "EXTERNAL", "DISK", "DEVICE"))
            names.assigned[file] = (literal(target) or target).rpartition("-")[2]
            return


def _learn_value(words: Sequence[Token], index: int, names: Names) -> None:
    """Give a literal to the field whose description it closes (back to its level number)."""
    for at in range(index - 1, max(index - 14, 0), -1):
        word = words[at].word
        if word == ".":
            return
        if word.isdigit() and len(word) <= 2 and (at == 0 or words[at - 1].word == "."):
            if word != "88":
                names.hold(words[at + 1].word, _skip(words, index + 1, ("IS", "ARE")))
            return


def _learn_move(words: Sequence[Token], index: int, names: Names) -> None:
    """Learn from ``MOVE literal-or-name TO name ...``; what is moved by reference is not plain."""
    if index + 3 >= len(words) or words[index + 2].word != "TO":
        return
    source = words[index + 1].word
    for at in range(index + 3, min(index + 11, len(words))):
        target = words[at].word
        if target in _STOPS or not target[0].isalpha():
            return
        if target in ("OF", "IN") or words[at - 1].word in ("OF", "IN"):
            continue
        if literal(source):
            names.hold(target, source)
        elif source[0].isalpha():
            kept = names.copies.setdefault(target, [])
            if source not in kept and len(kept) < _VALUES_MAX:
                kept.append(source)


def _skip(words: Sequence[Token], at: int, fillers: tuple[str, ...]) -> str:
    while at < len(words) and words[at].word in fillers:
        at += 1
    return words[at].word if at < len(words) else ""


@dataclass(frozen=True, slots=True)
class Name:
    """A data name and what it is."""

    text: str
    kind: SymbolKind


class _Reader:
    """Walks the tokens of one source and collects marks and mentions."""

    def __init__(self, lines: list[str], free: bool, words: list[Token], names: Names) -> None:
        self._lines = lines
        self._free = free
        self._words = words
        self._names = names
        self.marks: list[Mark] = []
        self.mentions: list[Mention] = []
        self._depth = 0
        """Depth of the innermost program."""
        self._procedure = False
        self._section = False
        self._levels: list[int] = []
        self._file_around = ""
        self._program_name = ""
        self._open_section = -1
        """Index of the mark of the section or division of data that goes on, or -1."""

    def read(self) -> None:
        at = 0
        fresh = True
        while at < len(self._words):
            token = self._words[at]
            following = self._word(at + 1)
            moved = 0
            if fresh or token.leads:
                moved = self._header(at, token, following) or self._entry(at, token, fresh)
            at = min(moved or self._statement(at, token.word), len(self._words))
            fresh = self._words[at - 1].word == "."

    def _word(self, at: int) -> str:
        return self._words[at].word if at < len(self._words) else ""

    def _header(self, at: int, token: Token, following: str) -> int:
        """Read a division, section, paragraph or program name; return where it ends, or 0."""
        word = token.word
        if word in ("PROGRAM-ID", "FUNCTION-ID", "CLASS-ID"):
            name = self._word(at + 2) if following == "." else following
            self._program(token.line, literal(name) or name)
            return at + (3 if following == "." else 2)
        if following == "DIVISION":
            self._procedure = word == "PROCEDURE"
            self._section = False
            self._levels = []
            self._close_section(token.line)
            if self._procedure:
                self._part(token.line, "PROCEDURE DIVISION")
            return at + 2
        if following == "SECTION" and word != "EXIT":
            self._named_section(token.line, word)
            return at + 2
        if word == "END" and following == "PROGRAM":
            self._depth = max(self._depth - 1, 0)
            self._procedure = False
            return at + 3
        if self._procedure and token.leads and following == "." and self._is_paragraph(word):
            first, doc = comment_above(self._lines, token.line, self._free)
            depth = self._depth + (2 if self._section else 1)
            self.marks.append(Mark(token.line, depth, word, SymbolKind.PARAGRAPH, first=first, doc=doc))
            return at + 2
        return 0

    def _is_paragraph(self, word: str) -> bool:
        return (word[0].isalnum()) and word not in _NOT_PARAGRAPHS and not word.startswith("END-")

    def _program(self, line: int, name: str) -> None:
        nested = any(mark.kind == SymbolKind.PROGRAM for mark in self.marks) and self._depth > 0
        self._depth = self._depth + 1 if nested else 1
        self._program_name = name
        first = 1 if not self.marks else 0
        _, doc = comment_above(self._lines, self._division_line(line), self._free)
        if not self.marks:
            doc = self._opening_comment() or doc
        signature = self._lines[line - 1].strip()[:80]
        self.marks.append(
            Mark(line, self._depth, name, SymbolKind.PROGRAM, first=first, signature=signature, doc=doc)
        )
        self._procedure = False
        self._section = False

    def _division_line(self, line: int) -> int:
        return line - 1 if line > 1 and "DIVISION" in self._lines[line - 2].upper() else line

    def _opening_comment(self) -> str:
        """Return what the comment at the head of the file says, up to its licence."""
        said: list[str] = []
        for line in self._lines[:25]:
            text = line[7:72].strip(" *-=/")
            if text.startswith(("Copyright", "IDENTIFICATION")) or "DIVISION" in text:
                break
            if text:
                said.append(" ".join(text.split()))
        return "; ".join(said)

    def _named_section(self, line: int, word: str) -> None:
        first, doc = comment_above(self._lines, line, self._free)
        own = self._procedure and word not in DATA_SECTIONS
        self._section = own
        self._levels = []
        self._close_section(first)
        if own:
            self.marks.append(Mark(line, self._depth + 1, word, SymbolKind.SECTION, first=first, doc=doc))
        else:
            self._part(line, f"{word} SECTION", first)

    def _part(self, line: int, name: str, first: int = 0) -> None:
        """Mark a part that every program has. What stands in it belongs to the program itself."""
        self._open_section = len(self.marks)
        self._file_around = ""
        self.marks.append(
            Mark(line, self._depth + 1, name, SymbolKind.SECTION, first=first, last=len(self._lines))
        )

    def _close_section(self, line: int) -> None:
        if self._open_section >= 0:
            part = self.marks[self._open_section]
            self.marks[self._open_section] = replace(part, last=max(line - 1, part.line))
        self._open_section = -1

    def _entry(self, at: int, token: Token, fresh: bool) -> int:
        """Read FD, SELECT or a data description up to its name; return where it ends, or 0."""
        word = token.word
        if self._procedure or not fresh:
            return 0
        if word in ("FD", "SD"):
            name = self._word(at + 1)
            signature = f"{word} {name} ASSIGN TO {self._names.assigned.get(name, '?')}"
            self.marks.append(
                Mark(token.line, self._depth + 1, name, SymbolKind.DATASET, signature=signature)
            )
            self._levels = []
            self._file_around = name
            return at + 2
        if word == "SELECT":
            return self._select(at, token)
        if word.isdigit() and len(word) <= 2:
            return self._data(at, token, int(word))
        return 0

    def _select(self, at: int, token: Token) -> int:
        name = self._word(at + 2) if self._word(at + 1) == "OPTIONAL" else self._word(at + 1)
        if name in self._names.assigned:
            self._mention(token.line, self._names.assigned[name], ReferenceKind.DATA)
            self._mention(token.line, name, ReferenceKind.DATA)
        return at + 2

    def _data(self, at: int, token: Token, level: int) -> int:
        name = self._word(at + 1)
        if not name or not name[0].isalnum() or name in ("FILLER", "PIC", "PICTURE", "REDEFINES"):
            name = ""
        if level in (1, 77):
            self._levels = [level]
            kind = SymbolKind.STRUCT if self._word(at + 2) == "." else SymbolKind.VARIABLE
        elif level == 88:
            kind = SymbolKind.CONSTANT
        else:
            while self._levels and self._levels[-1] >= level:
                self._levels.pop()
            self._levels.append(level)
            kind = SymbolKind.FIELD
        end = at + 1
        while end < len(self._words) and self._words[end].word != ".":
            end += 1
        if name:
            last = self._words[end].line if end < len(self._words) and end > at + 2 else 0
            self._mark_data(token.line, last, level, Name(name, kind))
        return at + (2 if name else 1)

    def _mark_data(self, line: int, last: int, level: int, name: Name) -> None:
        inner = min(len(self._levels) - (0 if level == 88 else 1), 5)
        in_file = 1 if self._file_around else 0
        outer = level in (1, 77)
        first, doc = comment_above(self._lines, line, self._free) if outer else (0, "")
        code = " ".join(code_of(self._lines[line - 1], self._free)[0].split())
        # A group goes on to its last field; of a variable that has values under it, likewise.
        last = 0 if outer else last
        self.marks.append(
            Mark(
                line,
                self._depth + 1 + in_file + inner,
                name.text,
                name.kind,
                first=first,
                last=last,
                signature=code,
                doc=doc,
                cut=outer and not in_file,
            )
        )

    def _statement(self, at: int, word: str) -> int:
        """Read one statement as far as it names things; return where reading goes on."""
        line = self._words[at].line
        if word == "COPY":
            name = self._word(at + 1)
            self._mention(line, literal(name) or name, ReferenceKind.COPY)
            return at + 2
        if word == "EXEC":
            return self._exec(at)
        if not self._procedure:
            return at + 1
        if word == "CALL":
            self._name(line, self._word(at + 1), ReferenceKind.CALL)
            return at + 2
        if word in ("PERFORM", "GO"):
            return self._perform(at, word)
        if word == "OPEN":
            return self._open(at)
        if word in ("READ", "START", "DELETE"):
            self._file(
                line, self._word(at + 1), (ReferenceKind.WRITE if word == "DELETE" else ReferenceKind.READ,)
            )
        elif word in ("WRITE", "REWRITE", "RELEASE"):
            record = self._word(at + 1)
            self._file(line, self._names.record_of.get(record, ""), (ReferenceKind.WRITE,))
        elif word in ("USING", "GIVING") and self._word(at + 1) in self._names.assigned:
            kind = ReferenceKind.READ if word == "USING" else ReferenceKind.WRITE
            self._file(line, self._word(at + 1), (kind,))
        return at + 1

    def _mention(self, line: int, name: str, kind: ReferenceKind) -> None:
        if name and name[0].isalnum():
            self.mentions.append(Mention(line, name, kind, "" if self._procedure else self._program_name))

    def _name(self, line: int, word: str, kind: ReferenceKind) -> None:
        """Mention what a literal or a variable says; the variable's own name when not plain."""
        for name in self._names.say(word) or [word]:
            self._mention(line, name, kind)

    def _perform(self, at: int, word: str) -> int:
        target = self._word(at + 2) if word == "GO" and self._word(at + 1) == "TO" else self._word(at + 1)
        if (
            target not in _STOPS
            and target not in ("UNTIL", "VARYING", "WITH", "TEST")
            and not target.isdigit()
        ):
            self._mention(self._words[at].line, target, ReferenceKind.CALL)
        return at + (3 if word == "GO" else 2)

    def _open(self, at: int) -> int:
        kinds: tuple[ReferenceKind, ...] = ()
        at += 1
        while at < len(self._words):
            word = self._words[at].word
            if word in _MODES:
                kinds = _MODES[word]
            elif word == "." or word in _STOPS or not kinds:
                break
            elif word in self._names.assigned:
                self._file(self._words[at].line, word, kinds)
            at += 1
        return at if at < len(self._words) and self._words[at].word != "." else at + 1

    def _file(self, line: int, name: str, kinds: tuple[ReferenceKind, ...]) -> None:
        """Mention a file by its own name and by its DD name, which joins it with a job's step."""
        for kind in kinds if name in self._names.assigned else ():
            self._mention(line, name, kind)
            self._mention(line, self._names.assigned[name], kind)

    def _exec(self, at: int) -> int:
        end = at + 1
        furthest = min(len(self._words), at + EXEC_MAX)
        while end < furthest and self._words[end].word != "END-EXEC":
            end += 1
        found = exec_block(self._words[at:end], self._names.say)
        self.mentions += found.mentions
        self.marks += [
            Mark(mark.line, self._depth + 1, mark.name, mark.kind, signature=mark.signature)
            for mark in found.marks
        ]
        return min(end + 1, len(self._words))
