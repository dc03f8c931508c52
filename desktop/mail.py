"""A drafted question as a mail that the person's own program opens: to whom, and what stands in it.

Names and addresses come from commits, so whoever wrote one chose its letters: what is no plain
address is no address, and everything is encoded, so that none adds a receiver or a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QUrl

from desktop.oddities import plain
from indexer.types import Contact

MAX_BODY = 1_800
"""Longer links are cut, or not opened at all, by some mail programs."""

_ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_NOBODY = re.compile(
    r"(?i)@(?:users\.noreply\.github\.com|.*\.(?:local|invalid|localdomain|example))$|no-?reply"
)
_LEFT = "no commit"


def whom(contacts: Sequence[Contact]) -> Contact | None:
    """Return who is written to: the likeliest who can be reached, one that is still here first."""
    reached = [each for each in contacts if is_address(each.email)]
    here = [each for each in reached if _LEFT not in each.reason]
    return next(iter(here or reached), None)


def is_address(text: str) -> bool:
    """Say whether a mail can be sent there, as far as its letters tell."""
    return _ADDRESS.fullmatch(text) is not None and _NOBODY.search(text) is None


def mail(address: str, subject: str, body: str) -> QUrl:
    """Return the link that a mail program opens; nothing of it is sent by that."""
    shown = "\n".join(plain(each) for each in body[:MAX_BODY].split("\n"))
    parts = (("subject", plain(subject[:200])), ("body", shown.replace("\n", "\r\n")))
    query = "&".join(f"{name}={QUrl.toPercentEncoding(text).toStdString()}" for name, text in parts)
    return QUrl(f"mailto:{address}?{query}", QUrl.ParsingMode.StrictMode)
