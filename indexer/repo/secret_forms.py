r"""The forms by which a token tells its kind: an anchor that is always there, and what follows.

Collected from what the issuers publish about their own tokens, so that scanners can find them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TokenForm:
    """One kind of token. The secret is the pattern's last group, or all that it matches.

    ``whole``: no letter or digit stands directly before it; asked of anchors so short that they
    occur in the middle of other words. ``short``: tokens below LONG_TOKEN characters exist.
    """

    kind: str
    anchor: str
    pattern: re.Pattern[str]
    whole: bool
    short: bool


LONG_TOKEN = 34
"""Few words of code are this long, so a form that needs so many characters reads next to nothing."""


def _forms(
    kind: str, anchors: str, rest: str, *, whole: bool = False, short: bool = False
) -> list[TokenForm]:
    """Return a form for each of ``anchors`` (split at blanks), each followed by ``rest``."""
    return [
        TokenForm(kind, anchor, re.compile(re.escape(anchor) + rest), whole, short)
        for anchor in anchors.split()
    ]


def _around(kind: str, anchor: str, pattern: str, *, short: bool = False) -> list[TokenForm]:
    """Return a form whose anchor stands in the middle of ``pattern``."""
    return [TokenForm(kind, anchor, re.compile(pattern), whole=False, short=short)]


# No letter or digit before; the n of an escaped line end and the D of %3D do not count.
_START = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))"
_END = "(?![A-Za-z0-9])"
_ALNUM = "[A-Za-z0-9]"
_URL64 = "[A-Za-z0-9_-]"
_UUID = "[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}"

FORMS: tuple[TokenForm, ...] = (
    *_forms("aws-access-key", "AKIA ASIA ABIA ACCA", "[A-Z0-9]{16}" + _END, whole=True, short=True),
    *_forms("github-token", "ghp_ gho_ ghu_ ghs_ ghr_", _ALNUM + "{36,251}"),
    *_forms("github-token", "github_pat_", "[A-Za-z0-9_]{22,255}", short=True),
    *_forms(
        "gitlab-token",
        "glpat- gldt- glrt- glcbt- glptt- glft- glsoat- glimt- glagent- gloas- GR1348941",
        _URL64 + r"{20,}(?:\.[a-z0-9]{2}\.[a-z0-9]{9,})?",
        short=True,
    ),
    *_around("slack-token", "xox", r"xox[abeoprs](?:\.xox[bp])?-(?:\d+-)?[A-Za-z0-9-]{10,}", short=True),
    *_forms("slack-token", "xapp-", r"\d-[A-Z0-9]+-\d+-[a-z0-9]{20,}", short=True),
    *_forms("slack-webhook", "hooks.slack.com/", r"(?:services|workflows|triggers)/[A-Za-z0-9+/_-]{20,}"),
    *_forms("stripe-key", "sk_live_ sk_test_ rk_live_ rk_test_", _ALNUM + "{16,247}", short=True),
    *_forms("stripe-key", "whsec_", "[A-Za-z0-9+/=]{24,}", short=True),
    *_forms("google-api-key", "AIza", _URL64 + "{35}"),
    *_forms("google-oauth", "GOCSPX-", _URL64 + "{24,}", short=True),
    *_forms("google-oauth", "ya29.", _URL64 + "{20,}", whole=True, short=True),
    *_forms("google-oauth", "1//0", _URL64 + "{40,}", whole=True),
    *_forms("anthropic-key", "sk-ant-", _URL64 + "{20,}", short=True),
    *_forms("openai-key", "sk-proj- sk-svcacct- sk-admin-", _URL64 + "{20,}", short=True),
    *_forms("openrouter-key", "sk-or-v1-", "[0-9a-f]{40,}"),
    *_forms("openai-key", "sk-", _ALNUM + "{32,}", whole=True),
    *_forms("groq-key", "gsk_", _ALNUM + "{40,}"),
    *_forms("xai-key", "xai-", _ALNUM + "{60,}", whole=True),
    *_forms("perplexity-key", "pplx-", _ALNUM + "{40,}"),
    *_forms("replicate-token", "r8_", _ALNUM + "{37,}", whole=True),
    *_forms("huggingface-token", "hf_ api_org_", _ALNUM + "{34,}", whole=True),
    *_forms("npm-token", "npm_", _ALNUM + "{36,}"),
    *_forms("pypi-token", "pypi-AgE", _URL64 + "{50,}"),
    *_forms("rubygems-token", "rubygems_", "[0-9a-f]{48}"),
    *_forms("nuget-key", "oy2", "[a-z0-9]{43}" + _END, whole=True),
    *_forms("crates-token", "cio", _ALNUM + "{32}" + _END, whole=True),
    *_forms("clojars-token", "CLOJARS_", "[a-z0-9]{60}"),
    *_forms("sendgrid-key", "SG.", _URL64 + r"{16,24}\." + _URL64 + "{30,}", whole=True),
    *_forms("sendinblue-key", "xkeysib-", "[a-f0-9]{64}-" + _ALNUM + "{16}"),
    *_forms("mailgun-key", "key-", "[0-9a-f]{32}" + _END, whole=True),
    *_around("mailchimp-key", "-us", _START + r"[0-9a-f]{32}-us\d{1,2}" + _END),
    *_forms("twilio-key", "SK", "[0-9a-f]{32}" + _END, whole=True),
    *_forms("twilio-account", "AC", "[0-9a-f]{32}" + _END, whole=True),
    *_around("telegram-token", ":AA", _START + r"\d{8,10}:AA" + _URL64 + "{33}" + _END),
    *_around(
        "discord-token",
        ".",
        r"[MNO](?:(?<![A-Za-z0-9].)|(?<=\\[nrt].)|(?<=%[0-9A-Fa-f]{2}.))"
        + _URL64
        + r"{23,27}\."
        + _URL64
        + r"{6}\."
        + _URL64
        + "{27,}",
    ),
    *_forms("discord-webhook", "/api/webhooks/", r"\d{15,}/" + _URL64 + "{40,}"),
    *_forms(
        "jwt", "eyJ", _URL64 + r"{8,4096}+\.eyJ" + _URL64 + r"{8,4096}+\." + _URL64 + "{10,}", whole=True
    ),
    *_forms("azure-storage-key", "AccountKey= SharedAccessKey=", "([A-Za-z0-9+/]{40,}={0,2})"),
    *_around("azure-client-secret", "Q~", _START + r"[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}"),
    *_around("azure-sas", "sig=", r"[?&](?:amp;)?sig=([A-Za-z0-9%+/]{40,}(?:%3D|=)*)"),
    *_forms("digitalocean-token", "dop_v1_ doo_v1_ dor_v1_", "[a-f0-9]{64}"),
    *_forms("shopify-token", "shpat_ shpca_ shppa_ shpss_", "[a-fA-F0-9]{32}"),
    *_forms("square-token", "sq0atp- sq0csp- sq0idp-", _URL64 + "{22,}", short=True),
    *_forms("square-token", "EAAA", _URL64 + "{56,64}(?![A-Za-z0-9_-])", whole=True),
    *_forms("facebook-token", "EAAC", _ALNUM + "{90,}", whole=True),
    *_forms("databricks-token", "dapi", "[a-f0-9]{32}", whole=True),
    *_forms("dropbox-token", "sl.", _URL64 + "{100,}", whole=True),
    *_forms("heroku-key", "HRKU-", _URL64 + "{36,}"),
    *_forms("new-relic-key", "NRAK-", "[A-Z0-9]{27}", short=True),
    *_forms("new-relic-key", "NRJS-", "[a-f0-9]{19}", short=True),
    *_forms("sentry-token", "sntrys_ sntryu_", "[A-Za-z0-9+/=_-]{40,}"),
    *_forms("grafana-token", "glsa_ glc_", "[A-Za-z0-9+/=_-]{32,}"),
    *_forms("linear-key", "lin_api_", _ALNUM + "{32,}"),
    *_forms("postman-key", "PMAK-", "[a-f0-9]{24}-[a-f0-9]{34}"),
    *_forms("pulumi-token", "pul-", "[a-f0-9]{40}", whole=True),
    *_around("terraform-token", ".atlasv1.", _ALNUM + r"{14}\.atlasv1\.[A-Za-z0-9_=-]{60,}"),
    *_forms("vault-token", "hvs. hvb. hvr.", "[A-Za-z0-9_.-]{24,}", whole=True, short=True),
    *_forms("docker-token", "dckr_pat_ dckr_oat_", _URL64 + "{20,}", short=True),
    *_forms("atlassian-token", "ATATT3", "[A-Za-z0-9_=-]{60,}"),
    *_forms("bitbucket-token", "ATBB", "[A-Za-z0-9_=-]{28,}", whole=True, short=True),
    *_forms("artifactory-key", "AKC cmVmdGtu", _ALNUM + "{50,}", whole=True),
    *_forms("planetscale-token", "pscale_", "(?:tkn|pw|oauth)_[A-Za-z0-9_=.-]{32,}"),
    *_forms("fly-token", "fm2_", "[A-Za-z0-9+/=_]{60,}", whole=True),
    *_forms("supabase-key", "sbp_", "[a-f0-9]{40}"),
    *_forms("doppler-token", "dp.pt.", _ALNUM + "{40,}", whole=True),
    *_forms("figma-token", "figd_", _URL64 + "{36,}"),
    *_forms("notion-token", "ntn_", _ALNUM + "{40,}"),
    *_forms("airtable-token", "pat", _ALNUM + r"{14}\.[a-f0-9]{64}", whole=True),
    *_forms("alibaba-key", "LTAI", _ALNUM + "{12,24}" + _END, whole=True, short=True),
    *_forms("tencent-key", "AKID", _ALNUM + "{32}" + _END, whole=True),
    *_forms("firebase-key", "AAAA", _URL64 + "{7}:APA91b" + _URL64 + "{120,}", whole=True),
    *_forms("easypost-key", "EZAK", _ALNUM + "{54}", whole=True),
    *_forms("dynatrace-token", "dt0c01.", r"[A-Z0-9]{24}\.[A-Z0-9]{64}"),
    *_forms("launchdarkly-key", "sdk- api-", _UUID, whole=True),
    *_forms("age-key", "AGE-SECRET-KEY-1", "[0-9A-Z]{40,}"),
)
