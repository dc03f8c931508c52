"""Cuts secrets out of text before anything of it is stored: whole tokens, whole key blocks.

Clean code pays little: the words that are long enough to hold a token are taken aside first, and
a rule runs over the text only when its anchor stands in one of them. No comment in the text can
switch a rule off (``pragma: allowlist secret`` hides a live token just as well as a dead one).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from itertools import pairwise

from indexer.repo.secret_forms import FORMS, LONG_TOKEN, TokenForm
from indexer.types import Redaction

SHORTEST_TOKEN = 16
"""No token of the table below is shorter; words below it are never looked at twice."""

LONGEST_KEY_BLOCK = 20_000
"""Characters between BEGIN and END. A 16,384-bit RSA key takes 13,000 with its line ends."""


def redact(text: str) -> tuple[str, tuple[Redaction, ...]]:
    r"""Return ``text`` with each secret replaced by ``[REDACTED:type]``, and what was cut out.

    A secret that spans lines leaves its line ends behind, so that the lines before and after keep
    their numbers (lines end at ``\n`` alone). Redacting a second time changes nothing.
    """
    spans = _merged(list(_spans(text)))
    if not spans:
        return text, ()
    pieces: list[str] = []
    cut: list[Redaction] = []
    position, line = 0, 1
    for start, end, kind in spans:
        first = line + text.count("\n", position, start)
        breaks = text.count("\n", start, end)
        pieces += [text[position:start], f"[REDACTED:{kind}]", "\n" * breaks]
        cut.append(Redaction(kind, first, first + breaks))
        position, line = end, first + breaks
    pieces.append(text[position:])
    return "".join(pieces), tuple(cut)


# ------------------------------------------------------------------------------- key blocks

_BEGIN = re.compile(r"-{4,5} ?BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)? ?-{4,5}")
_END = re.compile(r"-{4,5} ?END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)? ?-{4,5}")
_BODY_RUN = re.compile(r"[A-Za-z0-9+/]{30}")
# What may stand around a line of a key: quotes, joins, comments, a line end within a string.
_BEFORE_BODY, _AFTER_BODY = " \t#*+>|\"'`(/-", " \t\r\"'`+,;)\\nr"
_BODY_LINE = re.compile(r"[A-Za-z0-9+/=]{16,}")
_HEADER_LINE = re.compile(r"[ \t\"'+]*(?:Proc-Type|DEK-Info|Comment|Version)[:][^\n]*")
_PUTTY = re.compile(r"Private-Lines: \d+\r?\n((?:[A-Za-z0-9+/=]+\r?\n?)+)")


def _key_blocks(text: str) -> Iterator[tuple[int, int, str]]:
    done = 0
    for begin in _BEGIN.finditer(text):
        if begin.start() < done:
            continue
        limit = begin.end() + LONGEST_KEY_BLOCK
        another = _BEGIN.search(text, begin.end(), limit)
        end = _END.search(text, begin.end(), another.start() if another else limit)
        if end:
            if _BODY_RUN.search(text, begin.end(), end.start()):
                done = end.end()
                yield begin.start(), done, "private-key"
            continue
        done = _body_after(text, begin.end())
        if _BODY_RUN.search(text, begin.end(), done):
            yield begin.start(), done, "private-key"
    for end in _END.finditer(text):
        start = _body_before(text, end.start())
        if end.start() >= done and _BODY_RUN.search(text, start, end.start()):
            yield start, end.end(), "private-key"
    for lines in _PUTTY.finditer(text):
        yield lines.start(1), len(text[: lines.end(1)].rstrip("\r\n")), "private-key"


def _is_body(line: str) -> bool:
    return bool(_BODY_LINE.fullmatch(line.lstrip(_BEFORE_BODY).rstrip(_AFTER_BODY)))


def _body_after(text: str, position: int) -> int:
    """Return where the key that begins before ``position`` stops, its END line being lost."""
    rest = re.compile(r"[A-Za-z0-9+/=\\]*").match(text, position)
    reached = rest.end() if rest else position
    while True:
        begin = text.find("\n", reached)
        if begin < 0 or text[reached:begin].strip(" \t\r\"'`+,;()\\n"):
            return reached
        stop = text.find("\n", begin + 1)
        stop = len(text) if stop < 0 else stop
        line = text[begin + 1 : stop].rstrip("\r")
        if line.strip(" \t\"'+#*") and not (_is_body(line) or _HEADER_LINE.fullmatch(line)):
            return reached
        reached = begin + 1 + len(line)
        if stop == len(text):
            return reached


def _body_before(text: str, position: int) -> int:
    """Return where the key that ends at ``position`` starts, its BEGIN line being lost."""
    start = text.rfind("\n", 0, position) + 1
    inline = re.search(r"[A-Za-z0-9+/=\\]*$", text[start:position])
    reached = start + inline.start() if inline else position
    while start > 0:
        previous = text.rfind("\n", 0, start - 1) + 1
        if not _is_body(text[previous : start - 1]):
            break
        reached = start = previous
    return reached


# --------------------------------------------------------- secrets told by what stands beside

# From "://" on: an anchored search is ten times as fast as one that begins with any letter.
_URL_PASSWORD = re.compile(r"://[^\s:/@\"'`<>(){}\[\],;]{0,80}:([^\s:/@\"'`<>{}\[\]]{4,120})@")
_AUTH_HEADER = re.compile(
    r"authorization[\"'`]?\s*[\])]?\s*[:=,]\s*(?:[bf]?[\"'`])?\s*(bearer|basic|token|digest)\s+([A-Za-z0-9+/=._~-]{12,})",
    re.IGNORECASE,
)
_KEYWORDS = (
    "passw",
    "pwd",
    "secret",
    "token",
    "api_key",
    "apikey",
    "api-key",
    "access_key",
    "accesskey",
    "access-key",
    "private_key",
    "auth_key",
    "credential",
    "encryption_key",
    "signing_key",
)
# From the word on: the rest of the name, what stands between, and a value in quotes or bare.
_NAMED = re.compile(
    r"(?P<name>[A-Za-z0-9_-]{3,40})(?P<between>[\"'`\])]{0,2}\s{0,8}(?:=>|:=|==|=|:|,|\()\s{0,8})"
    r"(?:[rbfu]{0,2}\\?[\"'`](?P<quoted>[^\s\"'`\\]{8,200})(?=\\?[\"'`])"
    r"|(?P<bare>[^\s\"'`,;(){}\[\]<>]{8,200}))"
)
_NAME_BEFORE = re.compile(r"[A-Za-z0-9_.-]{0,40}\Z")
_ENV_NAME = re.compile(r"\s*(?:export\s+|set\s+|ENV\s+|ARG\s+|-\s+|#\s*)?\Z")
_PLACEHOLDER = re.compile(
    r"[$<>{}\[\]]|%\(|\.\.\.|\*\*\*|xxx|example|sample|change.?me|your|dummy|placeholder|redacted|fake|insert|"
    r"todo|foobar|lorem|0{6}|1234567|abcdef|qwerty|test|mock|secret|passw|token|passphrase|undefined|default",
    re.IGNORECASE,
)


def _random_enough(value: str) -> bool:
    """Whether ``value`` looks drawn rather than written: digits strewn among letters."""
    turns = sum(a.isdigit() != b.isdigit() for a, b in pairwise(value))
    return len(value) >= 16 and turns >= 3 and len(set(value)) >= 9


def _strong_password(value: str) -> bool:
    """At least three of: small letters, capitals, digits, signs."""
    kinds = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
    return len(value) >= 8 and sum(any(kind(c) for c in value) for kind in kinds) >= 3


def _is_path(value: str) -> bool:
    """Whether it is a URL, a file or a dotted name, as a setting like ``token_file`` holds."""
    if "://" in value or value.startswith(("/", "./", "../", "~")) or value.count("/") >= 3:
        return True
    return bool(re.fullmatch(r"[A-Za-z_][\w-]*(?:[./:][A-Za-z_][\w-]*)+", value))


def _mixed(value: str) -> bool:
    """Letters and digits both, and not one character over and over."""
    return (
        any(c.isdigit() for c in value) and any(c.isalpha() for c in value) and len(set(value.lower())) >= 6
    )


def _named(text: str, lowered: str) -> Iterator[tuple[int, int, str]]:
    for keyword in _KEYWORDS:
        position = lowered.find(keyword)
        while position >= 0:
            match = _NAMED.match(text, position)
            if match and _is_named_secret(text, match):
                group = "quoted" if match["quoted"] is not None else "bare"
                yield *match.span(group), "named-secret"
            position = lowered.find(keyword, position + len(keyword))


def _is_named_secret(text: str, match: re.Match[str]) -> bool:
    value = match["quoted"] or match["bare"]
    if _PLACEHOLDER.search(value) or _is_path(value):
        return False
    line_start = text.rfind("\n", 0, match.start()) + 1
    name_start = match.start()
    begins = _NAME_BEFORE.search(text[max(line_start, name_start - 40) : name_start])
    name_start -= len(begins[0]) if begins else 0
    name = text[name_start : match.end("name")]
    if match["quoted"] is not None:
        return _random_enough(value) or (_strong_password(value) and "passw" in name.lower())
    if name.isupper() and match["between"] == "=" and _ENV_NAME.match(text[line_start:name_start]):
        return _mixed(value)
    if "(" in match["between"]:
        return False
    return _random_enough(value) and (len(value) >= 20 or not value.isidentifier()) and "_" not in value


def _in_urls(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _URL_PASSWORD.finditer(text):
        if _is_password(match[1]):
            yield *match.span(1), "url-password"


def _in_headers(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _AUTH_HEADER.finditer(text):
        scheme, value = match[1].lower(), match[2]
        if scheme == "basic":
            try:
                user_password = base64.b64decode(value + "=" * (-len(value) % 4), validate=True).decode()
            except (binascii.Error, UnicodeDecodeError):
                continue
            fits = _is_password(user_password.partition(":")[2])
        else:
            fits = _random_enough(value) and not _PLACEHOLDER.search(value)
        if fits:
            yield *match.span(2), "authorization"


def _is_password(value: str) -> bool:
    return len(value) >= 6 and _mixed(value) and not _PLACEHOLDER.search(value)


# -------------------------------------------------------------------------------- all of them

# A byte of a token keeps its place, any other becomes a line end; so one pass cuts out the words.
_TO_WORDS = bytes(c if (chr(c).isalnum() and c < 128) or chr(c) in "_-.+/=~:%?&" else 10 for c in range(256))


def _long_words(text: str, shortest: int) -> str:
    data = text.encode("utf-8", "surrogatepass")
    for escaped in (b"\\n", b"\\r", b"\\t"):
        data = data.replace(escaped, b"\n")
    words = data.translate(_TO_WORDS).split(b"\n")
    return b"\n".join([word for word in words if len(word) >= shortest]).decode("ascii")


def _lowered(text: str) -> str:
    """``text`` in small letters, each at its old place (``İ`` becomes two in Python)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    if "PRIVATE KEY" in text or "Private-Lines" in text:
        yield from _key_blocks(text)
    long_words = _long_words(text, SHORTEST_TOKEN)
    longest_words = _long_words(long_words, LONG_TOKEN)
    for form in FORMS:
        words = long_words if form.short else longest_words
        if form.anchor in words and form.pattern.search(words):
            yield from _tokens(form, text)
    lowered = _lowered(text)
    if "://" in text and "@" in text:
        yield from _in_urls(text)
    if "authorization" in lowered:
        yield from _in_headers(text)
    yield from _named(text, lowered)


def _tokens(form: TokenForm, text: str) -> Iterator[tuple[int, int, str]]:
    for match in form.pattern.finditer(text):
        if form.whole and _inside_a_word(text, match.start()):
            continue
        group = match.lastindex or 0
        if _mixed(match[group]):
            yield *match.span(group), form.kind


def _inside_a_word(text: str, position: int) -> bool:
    r"""Whether a letter or digit stands before; ``\n`` in a string and ``%3D`` do not count."""
    before = text[max(0, position - 3) : position]
    if not before or not (before[-1].isalnum() and before[-1].isascii()):
        return False
    return not (before[-2:] in ("\\n", "\\t", "\\r") or (len(before) == 3 and before[0] == "%"))


def _merged(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Sort ``spans`` and join those that overlap, under the name of the first and longest."""
    merged: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if merged and start < merged[-1][1]:
            first, last, name = merged[-1]
            merged[-1] = (first, max(last, end), name)
        else:
            merged.append((start, end, kind))
    return merged
