"""`lorebase changes` tells a range, what is staged, and drafts that can be piped, through a real engine."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.cli.changes import around_difference
from tests.conftest import SmallRepository
from tests.engine.conftest import Engines

PAY = '"""Takes payments."""\n\n\ndef charge(amount):\n    return amount\n'
Shop = tuple[Engines, SmallRepository]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]) -> Iterator[Shop]:
    """A repository with a range that holds a reason, a hostile subject, and something staged."""
    folder = tmp_path_factory.mktemp("told")
    runtime = Path(tempfile.mkdtemp(prefix="lb-"))
    engines = Engines(folder / "data", runtime)
    engines.data.mkdir()
    (engines.data / "settings.toml").write_text('[indexing]\nmodel = "none"\nwatch_seconds = 0.0\n')
    (folder / "shop").mkdir()
    made = SmallRepository(folder / "shop", dict(git_environment))
    made.git("init", "--quiet", "--initial-branch=main", ".")
    made.commit("Begin", {"pay.py": PAY})
    made.git("tag", "v1")
    made.commit(
        "Charge in cents\n\nBecause the bank refuses fractions.", {"pay.py": PAY.replace("amount)", "cents)")}
    )
    made.commit("Say \x1b[31mred\x07 \u202eevil", {"more.py": "def more():\n    return 1\n"})
    made.git("tag", "v2")
    made.write({"pay.py": PAY + "\n\ndef refund(cents):\n    return -cents\n"})
    made.git("add", "--all")
    done = engines.cli("index", str(made.path), "--json")
    assert done.returncode == 0, done.stderr
    yield engines, made
    engines.end()
    shutil.rmtree(runtime, ignore_errors=True)


def run(shop: Shop, *arguments: str) -> tuple[int, str, str]:
    engines, made = shop
    done = engines.cli("changes", *arguments, "--repo", str(made.path), "-q")
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_a_range_is_told_with_reasons_and_definitions(shop: Shop) -> None:
    code, out, _ = run(shop, "v1..v2")
    assert code == 0
    text = " ".join(out.split())
    assert "2 commits, by 1 person" in text
    assert "“Because the bank refuses fractions.”" in text
    assert "~ function charge [pay.py:4]" in text
    assert "Drafts: --as pr" in text


def test_t6_what_a_terminal_would_obey_is_written_out(shop: Shop) -> None:
    for arguments in (("v1..v2",), ("v1..v2", "--as", "pr"), ("v1..v2", "--as", "release-note")):
        _, out, _ = run(shop, *arguments)
        assert "\x1b" not in out
        assert "\x07" not in out
        assert "\u202e" not in out


def test_json_has_all_that_is_told(shop: Shop) -> None:
    engines, made = shop
    found = engines.json("changes", "v1..v2", "--repo", str(made.path))
    assert found["counts"]["commits"] == 2  # type: ignore[index]
    assert found["modules"][0]["stories"]  # type: ignore[index]


def test_a_commit_message_is_drafted_from_what_is_staged_and_can_be_piped(shop: Shop) -> None:
    code, out, err = run(shop, "--staged", "--as", "commit-message")
    assert code == 0
    assert out.startswith("Add refund\n")
    assert "# WHY is missing" in out
    assert err == ""


def test_what_is_asked_for_twice_or_not_at_all_is_a_wrong_use(shop: Shop) -> None:
    for arguments in ((), ("v1..v2", "--staged"), ("v1..v2", "--as", "poem")):
        assert run(shop, *arguments)[0] == 2


def test_a_commit_that_is_not_there_fails_with_a_next_step(shop: Shop) -> None:
    code, _, err = run(shop, "v1..nowhere")
    assert code == 1
    assert "There is no commit 'nowhere' here." in err
    assert "git fetch" in err


def test_two_long_signatures_are_shown_where_they_differ() -> None:
    many = ", ".join(f"argument_{at}=None" for at in range(20))
    was, now = around_difference(f"def send({many}, last=None)", f"def send({many}, more=0, last=None)")
    assert was == "def send(argument_0=None, argument_1=None, …, last=None)"
    assert now == "def send(argument_0=None, argument_1=None, …, more=0, last=None)"
    was, now = around_difference(f"def send({many}, one=1, {many})", f"def send({many}, two=2, {many})")
    assert was == "def send(argument_0=None, argument_1=None, …, one=1, argument_0=None, …"
    assert now == "def send(argument_0=None, argument_1=None, …, two=2, argument_0=None, …"
    assert around_difference("def a(x)", "def a(y)") == ("def a(x)", "def a(y)")
