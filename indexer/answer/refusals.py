"""What a person is told when a language model's server is not reached, refuses or breaks off.

A server's own words are shown only where they stand in an error of its protocol, in one short
line, and never with the key or a piece of it: some servers echo it.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
from typing import Final

from indexer.errors import WritingError
from indexer.repo.secrets import redact

MOST_DETAIL: Final = 200
"""Characters of a server's own words in an error of ours."""

SHOWN_KEY: Final = "[key]"

SHORTEST_PIECE: Final = 6
"""A shorter piece of a key tells nothing of it, and may be any word."""


_BEARER: Final = re.compile(r"(?i)\b(bearer|basic)\s+(?!\[)\S{8,}")


def masked(text: str, key: str) -> str:
    """Return one line of a server's words, without the key or any piece of it."""
    line, _ = redact(without_key(" ".join(text.split()), key))
    return _BEARER.sub(rf"\1 {SHOWN_KEY}", line)[:MOST_DETAIL]


def without_key(text: str, key: str) -> str:
    """Return ``text`` with every run of six or more characters of ``key`` taken out."""
    if len(key) < SHORTEST_PIECE:
        return text.replace(key, SHOWN_KEY) if key else text
    out: list[str] = []
    place = 0
    while place < len(text):
        end = place
        while end < len(text) and text[place : end + 1] in key:
            end += 1
        if end - place >= SHORTEST_PIECE:
            out.append(SHOWN_KEY)
            place = end
        else:
            out.append(text[place])
            place += 1
    return "".join(out)


def not_local(host: str) -> WritingError:
    """Return why nothing was sent although a model is set."""
    return WritingError(
        f"This repository is marked local-only, and {host} is not on this machine: nothing was sent.",
        "Choose a model that runs here (`lorebase model find`), or take the mark away "
        "(`lorebase model local-only off`).",
    )


def lost(error: Exception, place: str) -> WritingError:
    """Return what is told of a connection that could not be made, or broke."""
    if isinstance(error, ConnectionRefusedError):
        return WritingError(
            f"Nothing answers at {place}: the connection was refused.",
            "Start the model's server, or check model.url with `lorebase model`.",
        )
    if isinstance(error, socket.gaierror):
        return WritingError(f"The host of {place} cannot be found.", "Check model.url and the network.")
    if isinstance(error, ssl.SSLCertVerificationError):
        return WritingError(
            f"{place} could not prove who it is: {error.verify_message}.",
            "Check model.url, or let this system trust the server's certificate.",
        )
    if isinstance(error, ssl.SSLError):
        reason = (error.reason or "the handshake failed").replace("_", " ").lower()
        return WritingError(
            f"No safe connection to {place}: {reason}.", "Check whether model.url begins rightly with https."
        )
    if isinstance(error, OSError):
        return WritingError(
            f"The connection to {place} failed: {error.strerror or type(error).__name__}.",
            "Check model.url and the network, and try again.",
        )
    return WritingError(f"{place} broke off in the middle of its answer.", "Try again.")


_OTHERWISE: Final = ("refused the request", "Check the model's settings: `lorebase model`.")
_ADVICE: Final = {
    401: ("does not accept the key", "Set it anew: `lorebase model key`."),
    403: ("does not allow this", "Check the key and what it may use: `lorebase model key`."),
    404: ("knows no such model or address", "Check model.name and model.url: `lorebase model find`."),
    413: ("finds the request too large", "Lower model.context_tokens."),
    429: ("lets no more requests in for now", "Wait, and try again; or check the account's limits."),
    529: ("has too much to do", "Wait a moment, and try again."),
}


def refused(status: int, wait: str, detail: str) -> WritingError:
    """Return what is told of a status that is no success; ``detail`` is masked already."""
    told, advice = _ADVICE.get(status, _OTHERWISE)
    if status >= 500 and status not in _ADVICE:
        told, advice = "failed by itself", "Try again in a moment."
    if status < 400:
        told, advice = "points to another address, which is not followed", "Set model.url to the right one."
    if wait.isdigit():
        advice = f"It asks to wait {wait} s. {advice}"
    return WritingError(f"The model's server {told} ({status}{': ' + detail if detail else ''}).", advice)


def detail_of(body: bytes) -> str:
    """Return the sentence inside an error in JSON as the three protocols write it; else nothing."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    for name in ("error", "message", "detail"):
        value = found.get(name) if isinstance(found, dict) else None
        if isinstance(value, dict):
            value = value.get("message")
        if isinstance(value, str):
            return value
    return ""
