"""Split text into the words of the lexical index: identifiers whole and in sub-words, stemmed.

The same split is used when text is stored and when a question is asked, so `SessionStore`,
`session_store`, `session-store` and "session stores" meet.
"""

from __future__ import annotations

import re
import threading
import unicodedata

import Stemmer

# One for all threads, behind the lock: a stemmer of this library keeps state while it works.
_STEMMER = Stemmer.Stemmer("english")
_lock = threading.Lock()

# A token may hold hyphens inside: `WS-TRAN-AMT` is one name in COBOL, `built-in` one in prose.
_TOKEN = re.compile(r"\w+(?:-\w+)*")
_PIECE = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_PIECE_ANY = re.compile(r"[^\W\d_]+|\d+")
# Scripts written without spaces between words: they are cut into pairs of characters.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+")

# Only words that carry nothing in code, prose or messages. Thin on purpose: a weight by rarity
# already makes common words cheap, and `not`, `all` or `after` can be the point of a question.
_STOP_TEXT = """
a an and are as at be been but by can could did do does doesn don for had has have how i if in into is isn
it its ll me my of on or our re s so t than that the their them then there these they this those to ve
was we were what when where which who why will with would you your
"""
STOP_WORDS = frozenset(_STOP_TEXT.split())

# Longer tokens are encoded data, not names; the longest test names stay below.
_MAX_TOKEN = 128
# Digits inside a compound say something from three on (404, 256); shorter ones count places.
_MIN_DIGITS = 3
# Distinct tokens kept split; about 40 MB when full. Encoded data would else grow it for ever.
_MAX_KEPT = 200_000

# Words that the stemmer takes for forms of another one which code and questions write beside them: an
# authorization has no author, a customer is nothing custom, a locale nothing local.
_APART = {
    word: stem
    for stem, words in {
        "authoriz": "authorise authorised authorises authorising authorisation authorize authorized"
        " authorizes authorizing authorization authorizations authorizer authorizers",
        "authoriti": "authority authorities",
        "customer": "customer customers",
        "experiment": "experiment experiments experimental experimentally",
        "important": "important importantly importance",
        "locale": "locale locales",
        "positiv": "positive positives positively",
        "responsibl": "responsible responsibility responsibilities",
        "several": "several",
        "terminal": "terminal terminals",
    }.items()
    for word in words.split()
}

_kept: dict[str, tuple[str, ...]] = {}
_stem_of: dict[str, str] = {}


def stems(text: str) -> list[str]:
    """Return the words of ``text`` in order: each identifier whole, then its stemmed sub-words.

    A word without inner structure gives one stem. Stop words and single letters give nothing.
    """
    out: list[str] = []
    kept = _kept
    for token in _TOKEN.findall(text):
        found = kept.get(token)
        out += _split(token) if found is None else found
    return out


def stem(word: str) -> str:
    """Return the stem of one lower-case word: Snowball's (English), but for a few that it takes for another
    word's; other scripts stay as they are.
    """
    known = _stem_of.get(word)
    if known is None:
        with _lock:
            if len(_stem_of) >= _MAX_KEPT:
                _stem_of.clear()
            known = _stem_of[word] = _APART.get(word) or str(_STEMMER.stemWord(word))
    return known


def tokens(text: str) -> list[str]:
    """Return the tokens of ``text`` as written, before any splitting."""
    return _TOKEN.findall(text)


def pieces(identifier: str) -> list[str]:
    """Return the sub-words of an identifier in order, folded but not stemmed, single letters too.

    >>> pieces("HTTPServer_v2")
    ['http', 'server', 'v', '2']
    """
    if identifier.isascii():
        return [piece.lower() for piece in _PIECE.findall(identifier)]
    cased = unicodedata.normalize("NFKC", identifier)
    return [piece for part in _cased_runs(cased) for piece in _PIECE_ANY.findall(fold(part))]


def fold(text: str) -> str:
    """Return ``text`` without case and without accents, as the lexical index compares words."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", kept)


def _split(token: str) -> tuple[str, ...]:
    if len(token) > _MAX_TOKEN:
        found: tuple[str, ...] = ()
    elif _UNSPACED.search(token):
        found = tuple(_pairs(token))
    else:
        found = tuple(dict.fromkeys(_words_of(token)))
    if len(_kept) >= _MAX_KEPT:
        _kept.clear()
    _kept[token] = found
    return found


def _words_of(token: str) -> list[str]:
    parts = pieces(token)
    if not parts:
        return []
    if len(parts) == 1:
        word = parts[0]
        return [stem(word)] if len(word) > 1 and word not in STOP_WORDS else []
    # The whole name is not stemmed: it stands for itself.
    words = ["".join(parts)]
    for place, part in enumerate(parts):
        before = parts[place - 1] if place else ""
        if part[0].isdigit():
            # `base64Encode` is also found as `base64`, `sha256` is its own whole.
            if before and not before[0].isdigit():
                words.append(before + part)
            if len(part) >= _MIN_DIGITS:
                words.append(part)
        elif len(part) > 1:
            # `OAuthSession` is also found as `oauth`, `IPv4Address` as `ipv`.
            if len(before) == 1 and before.isalpha():
                words.append(stem(before + part))
            if part not in STOP_WORDS:
                words.append(stem(part))
    return words


def _pairs(token: str) -> list[str]:
    """Cut runs of an unspaced script into overlapping pairs; the rest of the token as usual."""
    out: list[str] = []
    end = 0
    for run in _UNSPACED.finditer(token):
        out += _words_of(token[end : run.start()])
        letters = run.group()
        out += [letters[i : i + 2] for i in range(len(letters) - 1)] or [letters]
        end = run.end()
    return out + _words_of(token[end:])


def _cased_runs(text: str) -> list[str]:
    """Cut where a small letter meets a capital, in any script that has them."""
    cuts = [0]
    for place in range(1, len(text)):
        before, here = text[place - 1], text[place]
        after = text[place + 1 : place + 2]
        if here.isupper() and (before.islower() or (before.isupper() and after.islower())):
            cuts.append(place)
    return [text[start:end] for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]
