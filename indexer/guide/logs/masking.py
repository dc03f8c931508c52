"""Masks what a log must not carry further: secrets, and data about people."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from indexer.repo.secrets import redact

_EMAIL: Final = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,24}\b")
_IPV4: Final = re.compile(
    r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.]*\w)"
)
_IPV6: Final = re.compile(
    r"(?<![\w:])(?:(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}"
    r"|(?:[0-9A-Fa-f]{1,4}:){1,6}:(?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){0,5})?|::(?:[0-9A-Fa-f]{1,4}:){0,5}[0-9A-Fa-f]{1,4})(?![\w:])"
)
_CARD: Final = re.compile(r"(?<![\w.-])(?:\d[ -]?){12,18}\d(?![\w-])")
_IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
_NAMED: Final = re.compile(
    r"(?P<name>[\w.-]*(?:passw(?:or)?d|passwd|pwd|passphrase|secret|token|api[_-]?key|apikey|authorization|"
    r"access[_-]?key|private[_-]?key|credential|cookie|session[_-]?id|sessionid|csrf\w*|ssn|cvv|cvc|pin[_-]?code|otp)s?)"
    r"(?P<between>[\"']?\s{0,3}(?:=>|[=:])\s{0,3}(?:Bearer\s+|Basic\s+)?)"
    r"(?P<value>\"[^\"\n]{1,400}\"|'[^'\n]{1,400}'|[^\s\"',;&(){}\[\]<>]{1,400})",
    re.IGNORECASE,
)
_BEARER: Final = re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}")
_PHONE: Final = re.compile(
    r"(?<![\w.+-])\+\d{1,3}[ -]?(?:\(\d{1,4}\)[ -]?)?\d{2,4}(?:[ -]?\d{2,4}){2,4}(?![\w-])"
)
_URL_USER: Final = re.compile(r"(?<=://)[^\s/@:\"']{1,80}:[^\s/@\"']{1,200}(?=@)")
_PLAIN_VALUES: Final = frozenset(
    [
        "none",
        "null",
        "true",
        "false",
        "nil",
        "undefined",
        "-",
        "ok",
        "missing",
        "expired",
        "invalid",
        "required",
    ]
)
_LOCAL: Final = ("127.", "0.0.0.")


class Masks:
    """Masks texts, and counts what it masked by kind."""

    def __init__(self, show_addresses: bool = False) -> None:
        self._show_addresses = show_addresses
        self.counts: Counter[str] = Counter()

    def mask(self, text: str) -> str:
        """Return a text with everything masked that looks like a secret or like data about a person."""
        text, cut = redact(text)
        self.counts.update(each.type for each in cut)
        text = self._named(text)
        if "://" in text and "@" in text:
            text = self._all(_URL_USER, text, "credentials")
        if "@" in text:
            text = self._all(_EMAIL, text, "e-mail")
        if "earer" in text or "asic" in text:
            text = _BEARER.sub(self._bearer, text)
        if any(character.isdigit() for character in text):
            text = _IBAN.sub(self._iban, text)
            text = _CARD.sub(self._card, text)
            text = self._all(_PHONE, text, "phone") if "+" in text else text
            if not self._show_addresses:
                text = _IPV4.sub(self._address, text) if text.count(".") >= 3 else text
                text = _IPV6.sub(self._six, text) if text.count(":") >= 2 else text
        return text

    def _all(self, pattern: re.Pattern[str], text: str, kind: str) -> str:
        text, count = pattern.subn(f"[{kind}]", text)
        if count:
            self.counts[kind] += count
        return text

    def _named(self, text: str) -> str:
        return _NAMED.sub(self._value, text)

    def _value(self, match: re.Match[str]) -> str:
        value = match["value"].strip("\"'")
        if (
            not value
            or value.startswith(("[REDACTED", "{…}", "<*>", "%", "$"))
            or value.lower() in _PLAIN_VALUES
            or (value.isdigit() and len(value) < 4 and match["name"][-1:] in "sS")
        ):
            return match.group()
        self.counts["value"] += 1
        return f"{match['name']}{match['between']}[masked]"

    def _bearer(self, match: re.Match[str]) -> str:
        if not any(character.isdigit() for character in match.group()):
            return match.group()
        self.counts["authorization"] += 1
        return f"{match[1]} [masked]"

    def _card(self, match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match.group())
        if len(set(digits)) < 2 or not _luhn(digits) or digits[0] not in "23456":
            return match.group()
        self.counts["card"] += 1
        return "[card]"

    def _iban(self, match: re.Match[str]) -> str:
        plain = match.group().replace(" ", "")
        if not (15 <= len(plain) <= 34 and _iban_sum(plain)):
            return match.group()
        self.counts["iban"] += 1
        return "[iban]"

    def _address(self, match: re.Match[str]) -> str:
        if match.group().startswith(_LOCAL):
            return match.group()
        self.counts["address"] += 1
        return "[address]"

    def _six(self, match: re.Match[str]) -> str:
        found = match.group()
        if found in ("::1", "::") or re.fullmatch(r"\d{1,2}:\d{2}:\d{2}", found):
            return found
        self.counts["address"] += 1
        return "[address]"


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if place % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def _iban_sum(plain: str) -> bool:
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1
