"""A note as a Markdown file of the repository: what we write, and what we make of what others wrote.

Nothing in such a file is believed about who wrote it, or when: git says that. A file that does not
begin with front matter is a document like any other; one whose front matter cannot be read is no
note, and why is said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Final

from indexer.types import Anchor, Category, Note

FENCE: Final = "---"

LONGEST: Final = 200_000
"""Characters of a file that may be a note; a longer one is a document."""

HEAD_LINES: Final = 60
HEAD_CHARACTERS: Final = 20_000
LONGEST_TITLE: Final = 300
LONGEST_WORD: Final = 4_096
LAST_LINE: Final = 100_000_000

_KEYS: Final = ("title", "id", "category", "path", "symbol", "lines", "commit", "blob", "question")
_ENTRY: Final = re.compile(r"^([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(.*))?$")
_OBJECT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SPAN: Final = re.compile(r"(\d{1,9})(?:\s*-\s*(\d{1,9}))?")
_STRUCTURE: Final = ("{", "[", "&", "*", "!", "|", ">", "%", "@", "`")
"""How a value of YAML begins that is no plain text; ours are JSON, which is YAML too."""


class NotANoteError(ValueError):
    """Says why a file is no note."""


@dataclass(frozen=True, slots=True)
class LoreFile:
    """What a file says. ``claimed_id`` is the id that it gives itself; ``body_line`` is where its
    text begins.
    """

    title: str
    text: str
    claimed_id: str
    category: Category | None
    anchor: Anchor | None
    question: str
    body_line: int


def written(note: Note) -> str:
    """Return a note as a file; the same note always gives the same text."""
    anchor = note.anchor
    title = " ".join(note.title.split())
    fields: dict[str, object] = {"title": title, "id": note.id}
    if note.category is not None:
        fields["category"] = note.category.value
    if anchor is not None:
        fields |= {
            "path": anchor.path,
            "symbol": anchor.symbol,
            "lines": [anchor.start_line, anchor.end_line],
        }
        fields |= {"commit": anchor.commit_id, "blob": anchor.blob_id}
    if note.question:
        fields["question"] = note.question
    head = "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items())
    return f"{FENCE}\n{head}\n{FENCE}\n\n# {title}\n\n{note.text.strip()}\n"


def digest_of(text: str) -> str:
    """Return a digest of a file's text that line endings of a checkout do not change."""
    plain = "\n".join(text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")).rstrip("\n")
    return blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def begins_with_head(lines: Sequence[str]) -> bool:
    """Return whether a file means to have front matter."""
    return bool(lines) and lines[0].removeprefix("\ufeff").rstrip() == FENCE


def read_lore(lines: Sequence[str]) -> LoreFile:
    """Return what the lines of a file say. Raises NotANoteError."""
    if sum(map(len, lines)) > LONGEST:
        raise NotANoteError(f"longer than {LONGEST:,} characters")
    end = next((at for at, line in enumerate(lines[1:HEAD_LINES], 1) if line.rstrip() == FENCE), 0)
    if not end or sum(map(len, lines[:end])) > HEAD_CHARACTERS:
        raise NotANoteError("its front matter does not end")
    fields = dict(_fields(lines[1:end]))
    title = _text(fields, "title", LONGEST_TITLE)
    body_line, text = _body(lines, end + 1, title)
    if not text:
        raise NotANoteError("there is no text below its front matter")
    return LoreFile(
        title=title or _first_words(text),
        text=text,
        claimed_id=_text(fields, "id", 64),
        category=_category(fields),
        anchor=_anchor(fields),
        question=_text(fields, "question", LONGEST_WORD),
        body_line=body_line,
    )


def with_quote(anchor: Anchor, lines: Sequence[str], most: int) -> Anchor:
    """Return the anchor with what it speaks of, taken from the lines of its blob."""
    start, end = (anchor.start_line, anchor.end_line) if anchor.start_line else (1, len(lines))
    return replace(anchor, quote="\n".join(lines[start - 1 : min(end, start + most - 1)]))


# --------------------------------------------------------------------------------- private


def _fields(lines: Sequence[str]) -> Iterator[tuple[str, object]]:
    seen: set[str] = set()
    key = ""
    for number, line in enumerate(lines, 2):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0] in " \t-":
            if key in _KEYS:
                raise NotANoteError(f"line {number}: the value of {key!r} must stand on one line")
            continue
        found = _ENTRY.match(line)
        if found is None:
            raise NotANoteError(f"line {number} is no `key: value`")
        key = found[1].lower()
        if key not in _KEYS:
            continue
        if key in seen:
            raise NotANoteError(f"line {number}: {key!r} is given twice")
        seen.add(key)
        yield key, _value(key, (found[2] or "").strip(), number)


def _value(key: str, written_value: str, number: int) -> object:
    if not written_value or written_value in ("~", "null"):
        return None
    try:
        return json.loads(written_value)
    except (ValueError, RecursionError):
        pass
    if written_value.startswith(_STRUCTURE) or written_value[0] == '"':
        raise NotANoteError(f"line {number}: the value of {key!r} cannot be read")
    if len(written_value) > 1 and written_value[0] == written_value[-1] == "'":
        return written_value[1:-1].replace("''", "'")
    return written_value.partition(" #")[0].rstrip()


def _text(fields: dict[str, object], key: str, longest: int) -> str:
    value = fields.get(key)
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        value = str(value)  # a title may be a number
    if not isinstance(value, str):
        raise NotANoteError(f"{key!r} is no text")
    if len(value) > longest:
        raise NotANoteError(f"{key!r} is longer than {longest:,} characters")
    return " ".join(value.encode("utf-8", "backslashreplace").decode("utf-8").split())


def _category(fields: dict[str, object]) -> Category | None:
    word = _text(fields, "category", 64).lower()
    if not word:
        return None
    try:
        return Category(word)
    except ValueError:
        raise NotANoteError(f"{word[:40]!r} is no category: one of {', '.join(Category)}") from None


def _anchor(fields: dict[str, object]) -> Anchor | None:
    path = _text(fields, "path", LONGEST_WORD)
    if not path:
        return None
    start, end = _lines(fields.get("lines"))
    commit, blob = (_text(fields, key, 64) for key in ("commit", "blob"))
    for key, value in (("commit", commit), ("blob", blob)):
        if value and not _OBJECT.fullmatch(value):
            raise NotANoteError(f"{key!r} is no object id")
    return Anchor(path, _text(fields, "symbol", LONGEST_WORD), start, end, commit or None, blob or None, "")


def _lines(value: object) -> tuple[int, int]:
    """Return the first and the last line; 0 and 0 for a whole file."""
    if value is None:
        return 0, 0
    if isinstance(value, str) and (found := _SPAN.fullmatch(value)):
        value = [int(found[1]), int(found[2] or found[1])]
    if isinstance(value, int):
        value = [value, value]
    if (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(each, int) and not isinstance(each, bool) for each in value)
        and (0 < value[0] <= value[1] <= LAST_LINE or value == [0, 0])
    ):
        return value[0], value[1]
    raise NotANoteError("'lines' must be two line numbers, the first not above the last")


def _body(lines: Sequence[str], start: int, title: str) -> tuple[int, str]:
    """Return where the text begins (from 1), and the text without the title that stands over it."""
    at = start
    while at < len(lines) and not lines[at].strip():
        at += 1
    heading = lines[at].strip() if at < len(lines) else ""
    if title and heading.startswith("# ") and " ".join(heading[2:].split()) == title:
        at += 1
        while at < len(lines) and not lines[at].strip():
            at += 1
    return at + 1, "\n".join(lines[at:]).strip()


def _first_words(text: str) -> str:
    line = text.splitlines()[0].lstrip("#*->0123456789. ").strip()
    return line if len(line) <= 80 else line[:79].rsplit(" ", 1)[0] + "…"
