"""Reads a log's lines: bounded in length and number, in whatever encoding, while it may be written to."""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO, Final

MOST_BYTES: Final = 1 << 30
"""Of a log that are read; the rest is told of."""

MOST_OF_LINE: Final = 16_384
"""Bytes of one line that are read: beyond them there is data, not a message."""

CHUNK: Final = 1 << 20
_LOOKED_AT: Final = 65_536
_UTF16: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_NUL_SHARE: Final = 0.02
_STRANGE_SHARE: Final = 0.15
_STRANGE_BESIDE: Final = 0.03
"""The same for bytes that are not UTF-8 either."""


class NotALogError(Exception):
    """The content is no text, or cannot be read; the message says which."""


@dataclass(slots=True)
class LineSource:
    """An open log. What is counted is complete once all lines were taken."""

    stream: BinaryIO
    size: int
    changed: float
    """When it was last written to, as the system has it; 0 when unknown."""
    encoding: str = ""
    read: int = 0
    lines: int = 0
    shortened: int = 0
    """Lines of which only the beginning was read."""
    notices: list[str] = field(default_factory=list)

    def batches(self) -> Iterator[list[bytes]]:
        """Yield lines without their ends, some thousand at a time."""
        rest, skipping = b"", False
        limit = min(self.size, MOST_BYTES)
        decoder = codecs.getincrementaldecoder(self.encoding)("replace") if self.encoding else None
        while self.read < limit:
            chunk = self.stream.read(min(CHUNK, limit - self.read))
            if not chunk:
                if self.read + len(codecs.BOM_UTF8) < limit:
                    self.notices.append("The file became shorter while it was read.")
                break
            self.read += len(chunk)
            if decoder is not None:
                chunk = decoder.decode(chunk).encode("utf-8", "replace")
            if skipping:
                _, found, chunk = chunk.partition(b"\n")
                if not found:
                    continue
                skipping = False
            lines = (rest + chunk).split(b"\n") if rest else chunk.split(b"\n")
            rest = lines.pop()
            if len(rest) > MOST_OF_LINE:
                lines.append(rest[:MOST_OF_LINE])
                self.shortened += 1
                rest, skipping = b"", True
            self.lines += len(lines)
            yield self._cut(lines)
        if rest:
            self.lines += 1
            yield self._cut([rest])

    def grew(self) -> bool:
        """Whether the open file is longer now than when it was opened."""
        try:
            return os.fstat(self.stream.fileno()).st_size > self.size
        except (OSError, ValueError):
            return False  # a text, or closed

    def _cut(self, lines: list[bytes]) -> list[bytes]:
        if max(map(len, lines), default=0) <= MOST_OF_LINE:
            return lines
        self.shortened += sum(len(line) > MOST_OF_LINE for line in lines)
        return [line[:MOST_OF_LINE] for line in lines]


def open_file(path: str) -> LineSource:
    """Open a regular file; raises NotALogError for anything else, and for what is no text."""
    flags = (
        os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        raise NotALogError("There is no such file.") from None
    except OSError as error:
        raise NotALogError(f"It cannot be read: {error.strerror or error}.") from None
    stream = os.fdopen(descriptor, "rb", buffering=0)
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        stream.close()
        raise NotALogError("It is no regular file.")
    return _looked_at(LineSource(stream, facts.st_size, facts.st_mtime))


def open_text(text: str) -> LineSource:
    """Return the lines of a short log that was pasted."""
    data = text.encode("utf-8", "replace")
    return _looked_at(LineSource(BytesIO(data), len(data), 0.0))


def text_of(line: bytes) -> str:
    """Return a line as text: UTF-8, or else as Windows in the West writes it."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


# ----------------------------------------------------------------------------------- private


def _looked_at(source: LineSource) -> LineSource:
    """Tell the encoding from the beginning; raises NotALogError for what is no text."""
    try:
        head = source.stream.read(_LOOKED_AT) or b""
        source.stream.seek(0)
    except OSError as error:
        raise NotALogError(f"It cannot be read: {error.strerror or error}.") from None
    encoding = _UTF16.get(head[:2], "") or _utf16_without_mark(head)
    if encoding:
        source.encoding = encoding
        source.stream.seek(2 if head[:2] in _UTF16 else 0)
    elif head.startswith(codecs.BOM_UTF8):
        source.stream.seek(3)
    elif head and _is_binary(head):
        source.stream.close()
        raise NotALogError("It is not text.")
    if source.size > MOST_BYTES:
        source.notices.append(f"Only the first {MOST_BYTES >> 20:,} MB of {source.size >> 20:,} were read.")
    return source


def _utf16_without_mark(head: bytes) -> str:
    pairs = len(head) // 2
    if pairs < 16:
        return ""
    even, odd = head[0::2].count(0) / pairs, head[1::2].count(0) / pairs
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.05 else ""


def _is_binary(head: bytes) -> bool:
    if head.count(0) > _NUL_SHARE * len(head):
        return True
    strange = len(head.translate(None, bytes(c for c in range(256) if c >= 32 or c in (9, 10, 12, 13, 27))))
    if head[:2] in (b"\x1f\x8b", b"PK") or strange > _STRANGE_SHARE * len(head):
        return True
    return strange > _STRANGE_BESIDE * len(head) and not _is_utf8(head)


def _is_utf8(head: bytes) -> bool:
    try:
        head[:-4].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
