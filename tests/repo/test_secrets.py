"""Secrets are cut out whole, whatever stands around them; everything else stays as it is."""

import base64
import hashlib
import json
import time

import pytest

from indexer.repo.secrets import redact

HEX = "0123456789abcdef"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def drawn(count: int, alphabet: str = ALNUM) -> str:
    """Return what looks drawn at random, the same in each run: letters with digits strewn in."""
    noise = hashlib.shake_128(f"{count}{alphabet}".encode()).digest(count)
    letters = [alphabet[byte % len(alphabet)] for byte in noise]
    letters[1::5] = [str(2 + byte % 6) for byte in noise[1::5]]
    return "".join(letters)


# Put together here, so that no scanner takes this file for a leak.
TOKENS = {
    "aws-access-key": "AKIA" + drawn(16, UPPER),
    "github-token": "ghp_" + drawn(36),
    "github-token (fine)": "github_pat_" + drawn(22) + "_" + drawn(59),
    "gitlab-token": "glpat-" + drawn(20),
    "slack-token": "xoxb-" + "123456789012-" + "1234567890123-" + drawn(24),
    "slack-token (app)": "xapp-1-A0123456789-1234567890123-" + drawn(64, HEX),
    "slack-webhook": "hooks.slack.com/services/T0"
    + drawn(9, UPPER)
    + "/B0"
    + drawn(9, UPPER)
    + "/"
    + drawn(24),
    "stripe-key": "sk_live_" + drawn(24),
    "google-api-key": "AIza" + drawn(35),
    "google-oauth": "GOCSPX-" + drawn(28),
    "anthropic-key": "sk-ant-" + "api03-" + drawn(93),
    "openai-key": "sk-proj-" + drawn(48),
    "groq-key": "gsk_" + drawn(52),
    "huggingface-token": "hf_" + drawn(34),
    "npm-token": "npm_" + drawn(36),
    "pypi-token": "pypi-AgE" + "IcHlwaS5vcmc" + drawn(70),
    "rubygems-token": "rubygems_" + drawn(48, HEX),
    "crates-token": "cio" + drawn(32),
    "sendgrid-key": "SG." + drawn(22) + "." + drawn(43),
    "mailgun-key": "key-" + drawn(32, HEX),
    "mailchimp-key": drawn(32, HEX) + "-us12",
    "twilio-key": "SK" + drawn(32, HEX),
    "telegram-token": "1234567890:AA" + drawn(33),
    "discord-token": "M" + drawn(23) + "." + drawn(6) + "." + drawn(38),
    "discord-webhook": "/api/webhooks/123456789012345678/" + drawn(68),
    "jwt": "eyJ" + drawn(33) + ".eyJ" + drawn(60) + "." + drawn(43),
    "azure-client-secret": drawn(3) + "8Q~" + drawn(34),
    "digitalocean-token": "dop_v1_" + drawn(64, HEX),
    "shopify-token": "shpat_" + drawn(32, HEX),
    "square-token": "sq0csp-" + drawn(43),
    "databricks-token": "dapi" + drawn(32, HEX),
    "new-relic-key": "NRAK-" + drawn(27, UPPER),
    "sentry-token": "sntrys_" + drawn(80),
    "grafana-token": "glsa_" + drawn(32) + "_" + drawn(8, HEX),
    "linear-key": "lin_api_" + drawn(40),
    "postman-key": "PMAK-" + drawn(24, HEX) + "-" + drawn(34, HEX),
    "terraform-token": drawn(14) + ".atlasv1." + drawn(67),
    "vault-token": "hvs." + drawn(90),
    "docker-token": "dckr_pat_" + drawn(27),
    "atlassian-token": "ATATT3" + drawn(180),
    "planetscale-token": "pscale_tkn_" + drawn(43),
    "figma-token": "figd_" + drawn(40),
    "airtable-token": "pat" + drawn(14) + "." + drawn(64, HEX),
    "alibaba-key": "LTAI" + drawn(20),
    "age-key": "AGE-SECRET-KEY-1" + drawn(58, UPPER),
}

FORMS = {
    "code": 'client = Client(token="{}", retries=3)\n',
    "docs": "Run the tool with `{}` and wait.\n",
    "JSON": '{{"settings": {{"key": "{}"}}, "size": 3}}\n',
    "environment": "export SERVICE_KEY={}\n",
    "bare": "{}\n",
    "diff": "-  key: {}\n+  key: none\n",
    "URL": "curl https://api.invalid/v1?key={}&limit=3\n",
    "escaped": '"first line\\n{}\\nlast line"\n',
    "comment": "# {}  # pragma: allowlist secret\n",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", TOKENS)
def test_K1_a_token_of_each_kind_leaves_no_byte_behind(kind, form):
    token = TOKENS[kind]
    text = FORMS[form].format(token)

    clean, cut = redact("before\n" + text + "after\n")

    assert not any(token[start : start + 10] in clean for start in range(0, len(token) - 9, 5))
    assert f"[REDACTED:{kind.partition(' ')[0]}]" in clean
    assert cut[0].start_line == 2
    assert clean.startswith("before\n")
    assert clean.endswith("after\n")


NAMED = {
    "aws": "aws_secret_access_key = " + drawn(40),
    "yaml": "password: " + drawn(20),
    "environment": "DB_PASSWORD=S3cr7Pa55horse",
    "python": f"SECRET_KEY = '{drawn(50)}'",
    "json": json.dumps({"client_secret": drawn(32), "scope": "read"}),
    "java": f'config.setApiKey("{drawn(32)}"); apiKey = "{drawn(32)}";',
    "connection": "AccountName=store;AccountKey=" + drawn(86) + "==;",
    "url": "postgres://admin:" + drawn(12) + "@db.internal:5432/orders",
    "header": "Authorization: Bearer " + drawn(40),
    "basic": "Authorization: Basic " + base64.b64encode(f"admin:{drawn(12)}".encode()).decode(),
}


@pytest.mark.parametrize("case", NAMED)
def test_K1_a_secret_is_known_by_what_stands_beside_it(case):
    clean, cut = redact(NAMED[case] + "\n")

    assert cut, clean
    assert drawn(12) not in clean
    assert "S3cr7Pa55horse" not in clean
    assert not any(drawn(count) in clean for count in (20, 32, 40, 50, 86))


@pytest.mark.parametrize(
    "comment", ["# pragma: allowlist secret", "// gitleaks:allow", "# nosec", "/* noqa */"]
)
def test_K2_a_comment_cannot_keep_a_secret(comment):
    clean, cut = redact(f'token = "{TOKENS["github-token"]}"  {comment}\n')

    assert clean == f'token = "[REDACTED:github-token]"  {comment}\n'
    assert [each.type for each in cut] == ["github-token"]


BODY = [drawn(64)[start:] + drawn(64)[:start] for start in range(1, 13)]
BEGIN, END = "-----BEGIN RSA " + "PRIVATE KEY-----", "-----END RSA " + "PRIVATE KEY-----"
BLOCKS = {
    "whole": "\n".join([BEGIN, *BODY, END]),
    "CRLF": "\r\n".join([BEGIN, *BODY, END]),
    "in one string": BEGIN + "\\n" + "\\n".join(BODY) + "\\n" + END,
    "joined strings": "\n".join(f'    "{line}\\n"' for line in [BEGIN, *BODY, END]),
    "in a comment": "\n".join(f"# {line}" for line in [BEGIN, *BODY, END]),
    "END lost": "\n".join([BEGIN, *BODY]),
    "BEGIN lost": "\n".join([*BODY, END]),
    "encrypted": "\n".join([BEGIN, "Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-256-CBC,AB12", "", *BODY, END]),
    "PGP": "\n".join(
        ["-----BEGIN PGP " + "PRIVATE KEY BLOCK-----", "", *BODY, "-----END PGP " + "PRIVATE KEY BLOCK-----"]
    ),
    "OpenSSH": "\n".join(
        ["-----BEGIN OPENSSH " + "PRIVATE KEY-----", *BODY, "-----END OPENSSH " + "PRIVATE KEY-----"]
    ),
    "PuTTY": "\n".join(["PuTTY-User-Key-File-3: ssh-rsa", "Private-Lines: 12", *BODY, "Private-MAC: 12ab"]),
}


@pytest.mark.parametrize("case", BLOCKS)
def test_K3_a_key_block_goes_whole_even_when_an_end_is_lost(case):
    text = f"first\n{BLOCKS[case]}\nlast line of prose here\n"

    clean, cut = redact(text)

    assert not any(line[start : start + 16] in clean for line in BODY for start in range(0, 48, 8))
    assert [each.type for each in cut] == ["private-key"]
    assert clean.count("\n") == text.count("\n")
    assert clean.startswith("first\n")
    assert clean.endswith("\nlast line of prose here\n")


def test_lines_after_a_key_keep_their_numbers():
    text = f"one\n{BLOCKS['whole']}\nfifteen {TOKENS['npm-token']}\n"

    clean, cut = redact(text)

    assert clean.split("\n")[1] == "[REDACTED:private-key]"
    assert [(each.type, each.start_line, each.end_line) for each in cut] == [
        ("private-key", 2, 15),
        ("npm-token", 16, 16),
    ]
    assert clean.split("\n")[15] == "fifteen [REDACTED:npm-token]"


def test_redacting_twice_changes_nothing():
    text = "".join(FORMS["code"].format(token) for token in TOKENS.values()) + BLOCKS["joined strings"]
    once, _ = redact(text)

    assert redact(once) == (once, ())


@pytest.mark.parametrize(
    "text",
    [
        "password = 'password'",
        "token = request.headers['X-Auth-Token']",
        "secret_key: ${SECRET_KEY}",
        'API_KEY = os.environ["SERVICE_API_KEY"]',
        "https://user:pass@example.com/path",
        "amqp://guest:guest@localhost:5672//",
        "Authorization: Bearer <token>",
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        "-----BEGIN CERTIFICATE-----\n" + "\n".join(BODY) + "\n-----END CERTIFICATE-----",
        "commit 3deb155f0c9a4c0e8a1b2c3d4e5f60718293a4b5",
        "integrity sha512-" + drawn(86) + "==",
        "glpat-xxxxxxxxxxxxxxxxxxxx",
        "token_file: /etc/service/token1/file2/name3.txt",
        "Credential=user/19700101/us-east-2/es/aws4_request, SignedHeaders=host",
        "password_hasher = django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "id = '6f1b2c3d-aaaa-4bbb-8ccc-123456789abc'",
    ],
)
def test_what_is_no_secret_stays(text):
    assert redact(text) == (text, ())


def test_an_odd_text_is_read_without_harm():
    text = "İstanbul \udc80\ud800 password: \x00\r\n" * 3 + TOKENS["jwt"] + "ß" * 10

    clean, cut = redact(text)

    assert clean == "İstanbul \udc80\ud800 password: \x00\r\n" * 3 + "[REDACTED:jwt]" + "ß" * 10
    assert [each.start_line for each in cut] == [4]


def test_text_made_to_be_slow_is_read_in_time():
    hostile = [
        "password" * 60_000,
        "://" * 150_000,
        "-----BEGIN PRIVATE KEY-----\n" * 15_000,
        "a:" * 200_000 + "@",
        "eyJ" * 150_000,
    ]
    began = time.process_time()

    for text in hostile:
        redact(text)

    assert time.process_time() - began < 8


def test_an_independent_scanner_finds_nothing_that_we_left():
    from detect_secrets.core.scan import scan_line
    from detect_secrets.settings import default_settings

    left, missed = [], []
    with default_settings() as settings:
        for noisy in (
            "Base64HighEntropyString",
            "HexHighEntropyString",
            "KeywordDetector",
            "IPPublicDetector",
        ):
            settings.disable_plugins(noisy)
        for kind, token in TOKENS.items():
            line = FORMS["code"].format(token)
            found = {each.type for each in scan_line(line)}
            if found and not redact(line)[1]:
                missed.append(kind)
            left += [(kind, each.type) for each in scan_line(redact(line)[0])]

    assert not missed
    assert not left
