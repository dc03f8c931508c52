from __future__ import annotations

import time
from encodings.aliases import aliases

from hypothesis import given
from hypothesis import strategies as st

from indexer.gitconfig import parse_config
from indexer.repo.ignore import IgnoreRules
from indexer.repo.log import _record, decode
from indexer.repo.objects import RawObject
from indexer.repo.refs import is_ref_name
from indexer.repo.trees import _read_folder, is_safe_path

OID = "a" * 40
GIT_TEXT = st.lists(
    st.sampled_from(
        [
            "[",
            "]",
            '"',
            "\\",
            "\n",
            "=",
            "#",
            ";",
            " ",
            "core",
            "bare",
            "true",
            "\r",
            "\0",
            "é",
            "!",
            "*",
            "/",
            "?",
        ]
    )
).map("".join)


@given(GIT_TEXT | st.text())
def test_any_text_is_a_config_or_is_passed_over(text):
    config = parse_config(text)
    for key in (keys := config.keys()):
        assert isinstance(config.text(key), str)
        assert config.flag(key) in (True, False)
    assert all("." in key for key in keys)


@given(st.binary() | st.builds(lambda a, b: b"100644 " + a + b"\0" + b, st.binary(), st.binary()))
def test_any_bytes_are_a_folder_or_a_damaged_one(data):
    entries, skipped = [], []
    folders = _read_folder("x/", RawObject(OID, "tree", len(data), data), entries, skipped)
    read = sum(len(f"{e.mode:o} ") + len(e.path.encode("utf-8", "surrogateescape")) - 2 + 21 for e in entries)
    assert read <= len(data) + sum(8 for e in entries)
    assert len(skipped) <= 1
    assert all(name.startswith("x/") for name, _ in folders)
    if not data:
        assert (entries, skipped, folders) == ([], [], [])


@given(st.binary(), st.sampled_from([b"", b"author ", b"encoding ", b"\n\n    ", b"parent "]))
def test_any_bytes_are_a_commit_of_sorts(data, start):
    found = _record(f"commit {OID}\n".encode() + start + data, [])
    assert found.oid == OID
    assert -(2**62) <= found.authored <= 2**62
    found.message.encode("utf-8")


@given(st.binary(), st.binary(max_size=12) | st.sampled_from(sorted(set(aliases.values()))).map(str.encode))
def test_any_text_is_decoded_by_any_encoding_and_can_be_shown(text, encoding):
    decode(text, encoding).encode("utf-8")


def test_a_codec_that_is_no_charset_is_not_used():
    started = time.monotonic()
    assert decode(b"a." * 500_000, b"idna").startswith("a.")
    assert decode(b"\\x41", b"unicode_escape") == "\\x41"
    assert time.monotonic() - started < 1


@given(GIT_TEXT | st.text(max_size=50), st.text(min_size=1, max_size=50))
def test_any_line_is_an_ignore_pattern_or_is_not_followed(pattern, path):
    rules = IgnoreRules(pattern.encode("utf-8", "surrogatepass"), lambda _: b"")
    assert rules.ignores(path.replace("\0", "") or "x") in (True, False)


@given(st.text(alphabet="./a\0:~ G", max_size=12))
def test_a_path_that_is_called_safe_stays_where_it_is_put(path):
    if is_safe_path(path):
        assert not path.startswith("/")
        assert all(part not in ("", ".", "..") for part in path.split("/"))
        assert "\0" not in path


@given(st.text(alphabet="refs/had.@{~ :\\", max_size=20))
def test_a_ref_name_that_is_accepted_stays_under_refs(name):
    if is_ref_name(f"refs/{name}"):
        assert ".." not in name
        assert "//" not in f"/{name}"
