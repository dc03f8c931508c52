r"""Turn bytes into text, and text into lines, one way for cutting chunks and for checking quotes.

Lines are split at ``\n`` alone, so that their numbers equal git's; a ``\r`` stays in its line.
"""

from __future__ import annotations

import codecs
from typing import Final

DETECTION_BYTES: Final = 65_536
"""How much of a file the guess at its encoding reads: it costs about 20 ms for each 10 KB."""

_MARKS: Final = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NUL_SHARE: Final = 0.3
"""Share of NUL bytes on one side of the pairs that makes a text UTF-16: plain ASCII has 1.0."""
_FALLBACK: Final = "latin-1"
"""Decodes any bytes; taken when no guess is better, so that nothing is lost."""


def decode(data: bytes) -> tuple[str, str] | None:
    """Return the text and the name of its encoding, or None when the bytes are no text.

    ``text_of`` gives the same text again from the bytes and that name.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return text_of(data, encoding), encoding
    if b"\0" in data:
        encoding = _utf16_without_mark(data)
        return (text_of(data, encoding), encoding) if encoding else None
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        encoding = _guess(data)
        return text_of(data, encoding), encoding


def text_of(data: bytes, encoding: str) -> str:
    """Return the text of ``data``; bytes that the encoding does not know become U+FFFD."""
    return data.decode(encoding, "replace")


def split_lines(text: str) -> list[str]:
    r"""Return the lines of ``text`` without their ``\n``; a last ``\n`` begins no line of its own."""
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return lines


def _utf16_without_mark(data: bytes) -> str:
    head = data[:DETECTION_BYTES]
    pairs = len(head) // 2
    if pairs == 0 or len(data) % 2:
        return ""
    high_first = head[0::2].count(0) / pairs
    high_last = head[1::2].count(0) / pairs
    if high_last > _NUL_SHARE and high_first == 0:
        encoding = "utf-16-le"
    elif high_first > _NUL_SHARE and high_last == 0:
        encoding = "utf-16-be"
    else:
        return ""
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return ""
    return encoding


def _guess(data: bytes) -> str:
    # Late: 25 ms of a worker's start, and most repositories hold UTF-8 alone.
    from charset_normalizer import from_bytes

    best = from_bytes(data[:DETECTION_BYTES]).best()
    if best is None:
        return _FALLBACK
    # A mostly valid UTF-8 file with one bad byte is better read as UTF-8 with that byte replaced.
    if data.decode("utf-8", "replace").count("\ufffd") * 1000 < len(data) and _has_multibyte(data):
        return "utf-8"
    return best.encoding


def _has_multibyte(data: bytes) -> bool:
    text = data.decode("utf-8", "ignore")
    return not text.isascii()
