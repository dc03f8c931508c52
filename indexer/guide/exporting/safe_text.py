"""Hostile text made harmless: for HTML, and inside Markdown."""

from __future__ import annotations

import re
from html import escape
from typing import Final

_UNSAFE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control characters, and marks that hide or reorder what stands beside them (RELIABILITY T1, T6)."""
_MARKUP: Final = re.compile(
    r"[\\`*\[\]<>#|~$@]|!(?=\[)|:(?=//)|&(?=[#\w])|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"
    r"|(?<=www)\.|^[-+=]|^\d+(?=[.)])"
)
"""What Markdown, or what a wiki makes of it (links, mentions, formulas), takes for more than text."""
_WRAP: Final = re.compile(r"([/_.:-])")
_SCHEME: Final = re.compile(r"\]\(\s*<?\s*(?!https?:|mailto:|#)[^)]*\)", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"^\s{0,3}\[[^\]]+\]:\s*(?!<?https?:|<?mailto:).*$", re.IGNORECASE)


def visible(text: str) -> str:
    r"""Return text with all that hides or obeys written out, as ``\u202e``."""
    return _UNSAFE.sub(_written, text.replace("\r\n", "\n"))


def html(text: str) -> str:
    """Return text for the inside of an element or of a quoted attribute."""
    return escape(visible(text), quote=True)


def html_code(text: str) -> str:
    """Return text as code that may break after the signs of a path."""
    return "<code>" + _WRAP.sub(r"\1<wbr>", html(text)).replace("&#<wbr>", "&#") + "</code>"


def markdown(text: str) -> str:
    """Return text on one line of Markdown: nothing in it is markup, a link, or a formula of a table."""
    flat = " ".join(visible(text).split())
    return _MARKUP.sub(_escaped, flat)


def pieces(text: str) -> list[tuple[bool, str]]:
    """Return a sentence of ours in pieces: whether each is code, which our sentences put in backticks."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return [(False, text)]
    return [(index % 2 == 1, part) for index, part in enumerate(parts) if part]


def markdown_code(text: str) -> str:
    """Return text as a code span, whose fence is longer than any run of backticks in it."""
    plain = " ".join(visible(text).split())
    runs = [len(each) for each in re.findall("`+", plain)]
    fence = "`" * (max(runs, default=0) + 1)
    pad = " " if runs else ""
    return f"{fence}{pad}{plain}{pad}{fence}"


def markdown_block(text: str) -> str:
    """Return a person's Markdown as it may stand in a page: no HTML, no picture, links to the web alone."""
    lines, fenced = [], ""
    for line in visible(text).split("\n"):
        fence = re.match(r"^\s{0,3}(```+|~~~+)", line)
        if fence is not None:
            if not fenced:
                fenced = fence[1]
            elif fence[1].startswith(fenced[:3]) and len(fence[1]) >= len(fenced):
                fenced = ""
            lines.append(line)
            continue
        lines.append(line if fenced else _harmless(line))
    if fenced:
        lines.append(fenced)
    return "\n".join(lines)


def _harmless(line: str) -> str:
    line = line.replace("<", "&lt;").replace("![", "\\!\\[")
    line = _SCHEME.sub(lambda found: "\\]\\(" + found.group()[2:], line)
    return "\\" + line.lstrip() if _REFERENCE.match(line) else line


def _written(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _escaped(found: re.Match[str]) -> str:
    # The number of a list keeps its digits: what is escaped is the dot behind them.
    return f"{found.group()}\\" if found.group()[0].isdigit() else f"\\{found.group()}"
