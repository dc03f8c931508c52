"""Cuts secrets out of text before anything of it is stored: whole tokens, whole key blocks.

Clean code pays little: the words that are long enough to hold a token are taken aside first, and
a rule runs over the text only when its anchor stands in one of them. No comment in the text can
switch a rule off (``pragma: allowlist secret`` hides a live token just as well as a dead one).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

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


# ------------------------------------------------------------------------- tokens with a form


@dataclass(frozen=True, slots=True)
class _Token:
    """A kind of token that can be told by its form. The secret is the last group, or all of it.

    ``whole`` asks that no letter or digit stands directly before it, for anchors so short that
    they also occur in the middle of other words.
    """

    kind: str
    anchor: str
    pattern: re.Pattern[str]
    whole: bool = False
    check: Callable[[str], bool] | None = None


def _mixed(token: str) -> bool:
    """Letters and digits both, and not one character over and over."""
    return (
        any(c.isdigit() for c in token) and any(c.isalpha() for c in token) and len(set(token.lower())) >= 6
    )


def _token(kind: str, anchor: str, rest: str, *, whole: bool = False) -> _Token:
    return _Token(kind, anchor, re.compile(re.escape(anchor) + rest), whole, _mixed)


_WORD = "[A-Za-z0-9]"
_URL64 = "[A-Za-z0-9_-]"

_TOKENS: tuple[_Token, ...] = (
    *(
        _token("aws-access-key", anchor, "[A-Z0-9]{16}(?![A-Z0-9])", whole=True)
        for anchor in ("AKIA", "ASIA", "ABIA", "ACCA")
    ),
    *(
        _token("github-token", anchor, _WORD + "{36,251}")
        for anchor in ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")
    ),
    _token("github-token", "github_pat_", "[A-Za-z0-9_]{22,255}"),
    *(
        _token("gitlab-token", anchor, _URL64 + r"{20,}(?:\.[a-z0-9]{2}\.[a-z0-9]{9,})?")
        for anchor in (
            "glpat-",
            "gldt-",
            "glrt-",
            "glcbt-",
            "glptt-",
            "glft-",
            "glsoat-",
            "glimt-",
            "glagent-",
            "gloas-",
        )
    ),
    _token("gitlab-token", "GR1348941", _URL64 + "{20,}"),
    _Token(
        "slack-token",
        "xox",
        re.compile(r"xox[abeoprs](?:\.xox[bp])?-(?:\d+-)?[A-Za-z0-9-]{10,}"),
        check=_mixed,
    ),
    _token("slack-token", "xapp-", r"\d-[A-Z0-9]+-\d+-[a-z0-9]{20,}"),
    _token("slack-webhook", "hooks.slack.com/", r"(?:services|workflows|triggers)/[A-Za-z0-9+/_-]{20,}"),
    *(
        _Token("stripe-key", anchor, re.compile(anchor + _WORD + "{16,247}"), check=_mixed)
        for anchor in ("sk_live_", "sk_test_", "rk_live_", "rk_test_")
    ),
    _token("stripe-key", "whsec_", "[A-Za-z0-9+/=]{24,}"),
    _token("google-api-key", "AIza", _URL64 + "{35}"),
    _token("google-oauth", "GOCSPX-", _URL64 + "{24,}"),
    _token("google-oauth", "ya29.", _URL64 + "{20,}", whole=True),
    _token("google-oauth", "1//0", _URL64 + "{40,}", whole=True),
    _token("anthropic-key", "sk-ant-", _URL64 + "{20,}"),
    _token("openai-key", "sk-proj-", _URL64 + "{20,}"),
    _token("openai-key", "sk-svcacct-", _URL64 + "{20,}"),
    _token("openai-key", "sk-admin-", _URL64 + "{20,}"),
    _token("openrouter-key", "sk-or-v1-", "[0-9a-f]{40,}"),
    _token("openai-key", "sk-", _WORD + "{32,}", whole=True),
    _token("groq-key", "gsk_", _WORD + "{40,}"),
    _token("xai-key", "xai-", _WORD + "{60,}", whole=True),
    _token("perplexity-key", "pplx-", _WORD + "{40,}"),
    _token("replicate-token", "r8_", _WORD + "{37,}", whole=True),
    _token("huggingface-token", "hf_", _WORD + "{34,}", whole=True),
    _token("huggingface-token", "api_org_", _WORD + "{34,}"),
    _token("npm-token", "npm_", _WORD + "{36,}"),
    _token("pypi-token", "pypi-AgE", _URL64 + "{50,}"),
    _token("rubygems-token", "rubygems_", "[0-9a-f]{48}"),
    _token("nuget-key", "oy2", "[a-z0-9]{43}(?![A-Za-z0-9])", whole=True),
    _token("crates-token", "cio", _WORD + "{32}(?![A-Za-z0-9])", whole=True),
    _token("clojars-token", "CLOJARS_", "[a-z0-9]{60}"),
    _token("sendgrid-key", "SG.", _URL64 + r"{16,24}\." + _URL64 + "{30,}", whole=True),
    _token("sendinblue-key", "xkeysib-", "[a-f0-9]{64}-" + _WORD + "{16}"),
    _token("mailgun-key", "key-", "[0-9a-f]{32}(?![0-9A-Za-z])", whole=True),
    _Token("mailchimp-key", "-us", re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{32}-us\d{1,2}\b"), check=_mixed),
    _token("twilio-key", "SK", "[0-9a-f]{32}(?![0-9A-Za-z])", whole=True),
    _token("twilio-account", "AC", "[0-9a-f]{32}(?![0-9A-Za-z])", whole=True),
    _Token(
        "telegram-token", ":AA", re.compile(r"(?<![0-9A-Za-z])\d{8,10}:AA" + _URL64 + "{33}(?![0-9A-Za-z])")
    ),
    _Token(
        "discord-token",
        ".",
        re.compile(
            r"(?<![A-Za-z0-9_.-])[MNO]" + _URL64 + r"{23,27}\." + _URL64 + r"{6}\." + _URL64 + "{27,}"
        ),
        check=_mixed,
    ),
    _token("discord-webhook", "/api/webhooks/", r"\d{15,}/" + _URL64 + "{40,}"),
    _token("jwt", "eyJ", _URL64 + r"{8,}\.eyJ" + _URL64 + r"{8,}\." + _URL64 + "{10,}", whole=True),
    _token("azure-storage-key", "AccountKey=", "[A-Za-z0-9+/]{40,}={0,2}"),
    _token("azure-storage-key", "SharedAccessKey=", "[A-Za-z0-9+/]{40,}={0,2}"),
    _Token(
        "azure-client-secret",
        "Q~",
        re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}"),
    ),
    _Token("azure-sas", "sig=", re.compile(r"[?&](?:amp;)?sig=([A-Za-z0-9%+/]{40,}(?:%3D|=)*)")),
    *(_token("digitalocean-token", anchor, "[a-f0-9]{64}") for anchor in ("dop_v1_", "doo_v1_", "dor_v1_")),
    *(
        _token("shopify-token", anchor, "[a-fA-F0-9]{32}")
        for anchor in ("shpat_", "shpca_", "shppa_", "shpss_")
    ),
    *(_token("square-token", anchor, _URL64 + "{22,}") for anchor in ("sq0atp-", "sq0csp-", "sq0idp-")),
    _token("square-token", "EAAA", _URL64 + "{56,64}(?![A-Za-z0-9_-])", whole=True),
    _token("facebook-token", "EAAC", _WORD + "{90,}", whole=True),
    _token("databricks-token", "dapi", "[a-f0-9]{32}", whole=True),
    _token("dropbox-token", "sl.", _URL64 + "{100,}", whole=True),
    _token("heroku-key", "HRKU-", _URL64 + "{36,}"),
    _token("new-relic-key", "NRAK-", "[A-Z0-9]{27}"),
    _token("new-relic-key", "NRJS-", "[a-f0-9]{19}"),
    *(_token("sentry-token", anchor, r"[A-Za-z0-9+/=_-]{40,}") for anchor in ("sntrys_", "sntryu_")),
    *(_token("grafana-token", anchor, r"[A-Za-z0-9+/=_-]{32,}") for anchor in ("glsa_", "glc_")),
    _token("linear-key", "lin_api_", _WORD + "{32,}"),
    _token("postman-key", "PMAK-", "[a-f0-9]{24}-[a-f0-9]{34}"),
    _token("pulumi-token", "pul-", "[a-f0-9]{40}", whole=True),
    _Token("terraform-token", ".atlasv1.", re.compile(_WORD + r"{14}\.atlasv1\." + r"[A-Za-z0-9_=-]{60,}")),
    *(
        _token("vault-token", anchor, r"[A-Za-z0-9_.-]{24,}", whole=True)
        for anchor in ("hvs.", "hvb.", "hvr.")
    ),
    _token("docker-token", "dckr_pat_", _URL64 + "{20,}"),
    _token("docker-token", "dckr_oat_", _URL64 + "{20,}"),
    _token("atlassian-token", "ATATT3", "[A-Za-z0-9_=-]{60,}"),
    _token("bitbucket-token", "ATBB", "[A-Za-z0-9_=-]{28,}", whole=True),
    _token("artifactory-key", "AKC", _WORD + "{50,}", whole=True),
    _token("artifactory-key", "cmVmdGtu", _WORD + "{50,}", whole=True),
    _token("planetscale-token", "pscale_", r"(?:tkn|pw|oauth)_[A-Za-z0-9_=.-]{32,}"),
    _token("fly-token", "fm2_", "[A-Za-z0-9+/=,_]{60,}", whole=True),
    _token("supabase-key", "sbp_", "[a-f0-9]{40}"),
    _token("doppler-token", "dp.pt.", _WORD + "{40,}", whole=True),
    _token("figma-token", "figd_", _URL64 + "{36,}"),
    _token("notion-token", "ntn_", _WORD + "{40,}"),
    _token("airtable-token", "pat", _WORD + r"{14}\.[a-f0-9]{64}", whole=True),
    _token("alibaba-key", "LTAI", _WORD + "{12,24}(?![A-Za-z0-9])", whole=True),
    _token("tencent-key", "AKID", _WORD + "{32}(?![A-Za-z0-9])", whole=True),
    _token("firebase-key", "AAAA", _URL64 + "{7}:APA91b" + _URL64 + "{120,}", whole=True),
    _token("easypost-key", "EZAK", _WORD + "{54}", whole=True),
    _token("dynatrace-token", "dt0c01.", r"[A-Z0-9]{24}\.[A-Z0-9]{64}"),
    _token("launchdarkly-key", "sdk-", "[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}", whole=True),
    _token("launchdarkly-key", "api-", "[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}", whole=True),
    _token("age-key", "AGE-SECRET-KEY-1", "[0-9A-Z]{40,}"),
)

# ------------------------------------------------------------------------------- key blocks

_BEGIN = re.compile(r"-{4,5} ?BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)? ?-{4,5}")
_END = re.compile(r"-{4,5} ?END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)? ?-{4,5}")
_BODY_RUN = re.compile(r"[A-Za-z0-9+/]{30}")
# A line of a key whose other end is missing, however it is quoted, joined or commented.
_BODY_LINE = re.compile(r"""[ \t]*(?:[#*+>|"'`(]|//|--)*[ \t"'`+]*[A-Za-z0-9+/=]{16,}[ \t"'`+,;)\\nr]*""")
_HEADER_LINE = re.compile(r"[ \t\"'+]*(?:Proc-Type|DEK-Info|Comment|Version)[:][^\n]*")
_PUTTY = re.compile(r"Private-Lines: \d+\r?\n((?:[A-Za-z0-9+/=]+\r?\n?)+)")


def _key_blocks(text: str) -> Iterator[tuple[int, int, str]]:
    done = 0
    for begin in _BEGIN.finditer(text):
        if begin.start() < done:
            continue
        limit = begin.end() + LONGEST_KEY_BLOCK
        end = _END.search(text, begin.end(), limit)
        another = _BEGIN.search(text, begin.end(), end.start() if end else limit)
        if end and not another:
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
        if line.strip(" \t\"'+#*") and not (_BODY_LINE.fullmatch(line) or _HEADER_LINE.fullmatch(line)):
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
        if not _BODY_LINE.fullmatch(text[previous : start - 1].rstrip("\r")):
            break
        reached = start = previous
    return reached


# --------------------------------------------------------- secrets told by what stands beside

_URL_PASSWORD = re.compile(
    r"[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s:/@\"'`<>(){}\[\],;]{0,80}:([^\s:/@\"'`<>{}\[\]]{4,120})@"
)
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
_NAMED = re.compile(
    r"(?P<name>[A-Za-z0-9_.-]{0,40}(?:" + "|".join(_KEYWORDS) + r")[A-Za-z0-9_-]{0,30})"
    r"(?P<between>[\"'`\])]{0,2}\s{0,8}(?:=>|:=|==|=|:|,)\s{0,8})"
    r"(?:[rbfu]{0,2}(?P<quote>\\?[\"'`])(?P<quoted>[^\s\"'`\\]{8,200})(?=\\?[\"'`])|(?P<bare>[^\s\"'`,;(){}\[\]<>]{8,200}))",
    re.IGNORECASE,
)
_ENV_NAME = re.compile(r"\s*(?:export\s+|set\s+|ENV\s+|ARG\s+|-\s+|#\s*)?\Z")
_PLACEHOLDER = re.compile(
    r"[$<>{}\[\]]|%\(|\.\.\.|\*\*\*|xxx|example|sample|change.?me|your|dummy|placeholder|redacted|fake|insert|"
    r"todo|foobar|lorem|0{6}|1234567|abcdef|qwerty|test|mock|secret|passw|token|passphrase|undefined|default",
    re.IGNORECASE,
)


def _random_enough(value: str) -> bool:
    """Whether ``value`` looks drawn rather than written: digits strewn among letters."""
    turns = sum(a.isdigit() != b.isdigit() for a, b in zip(value, value[1:], strict=False))
    return len(value) >= 16 and turns >= 3 and len(set(value)) >= 9


def _strong_password(value: str) -> bool:
    """At least three of: small letters, capitals, digits, signs."""
    kinds = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
    return len(value) >= 8 and sum(any(kind(c) for c in value) for kind in kinds) >= 3


def _is_path(value: str) -> bool:
    return (
        "://" in value
        or value.startswith(("/", "./", "../", "~"))
        or bool(re.fullmatch(r"[A-Za-z_][\w-]*(?:[./:][A-Za-z_][\w-]*)+", value))
    )


def _named_secret(match: re.Match[str], before: str) -> tuple[int, int] | None:
    group = "quoted" if match["quoted"] is not None else "bare"
    value = match[group]
    if _PLACEHOLDER.search(value) or _is_path(value):
        return None
    if group == "quoted":
        fits = _random_enough(value) or (_strong_password(value) and "passw" in match["name"].lower())
    elif match["name"].isupper() and match["between"] == "=" and _ENV_NAME.match(before):
        fits = _mixed(value)
    else:
        fits = _random_enough(value) and not value.isidentifier()
    return match.span(group) if fits else None


def _named(text: str, lowered: str) -> Iterator[tuple[int, int, str]]:
    """Look at each line that holds one of the words, once."""
    lines: set[tuple[int, int]] = set()
    for keyword in _KEYWORDS:
        position = lowered.find(keyword)
        while position >= 0:
            start = text.rfind("\n", 0, position) + 1
            stop = text.find("\n", position)
            stop = len(text) if stop < 0 else stop
            lines.add((start, stop))
            position = lowered.find(keyword, stop)
    for start, stop in lines:
        for match in _NAMED.finditer(text, start, stop):
            span = _named_secret(match, text[start : match.start()])
            if span:
                yield *span, "named-secret"


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
_TO_WORDS = bytes(c if chr(c).isalnum() and c < 128 or chr(c) in "_-.+/=~:%?&" else 10 for c in range(256))


def _long_words(text: str) -> str:
    words = text.encode("utf-8", "surrogatepass").translate(_TO_WORDS).split(b"\n")
    return b"\n".join([word for word in words if len(word) >= SHORTEST_TOKEN]).decode("ascii")


def _lowered(text: str) -> str:
    """``text`` in small letters, each at its old place (``İ`` becomes two in Python)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    if "PRIVATE KEY" in text or "Private-Lines" in text:
        yield from _key_blocks(text)
    words = _long_words(text)
    for token in _TOKENS:
        if token.anchor in words:
            yield from _found(token, text)
    lowered = _lowered(text)
    if "://" in text and "@" in text:
        yield from _in_urls(text)
    if "authorization" in lowered:
        yield from _in_headers(text)
    yield from _named(text, lowered)


def _found(token: _Token, text: str) -> Iterator[tuple[int, int, str]]:
    for match in token.pattern.finditer(text):
        if token.whole and _inside_a_word(text, match.start()):
            continue
        group = match.lastindex or 0
        if token.check is None or token.check(match[group]):
            yield *match.span(group), token.kind


def _inside_a_word(text: str, position: int) -> bool:
    """Whether a letter or digit stands before; ``\\n`` in a string and ``%3D`` do not count."""
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
