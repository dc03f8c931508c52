"""The command line as people and scripts meet it: forms, exit codes, what goes to which stream."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import __version__
from tests.conftest import AUTHOR, SmallRepository
from tests.engine.conftest import Engines

HIT_KEYS = {
    "path",
    "start_line",
    "end_line",
    "kind",
    "symbol",
    "commit_id",
    "score",
    "found_by",
    "text",
}
CITATION_KEYS = {"kind", "path", "start_line", "end_line", "commit_id", "blob_id", "quote"}

SHOUT = '''"""How loud a greeting is."""


def shout(name):
    """Return the greeting in capitals, since the display on the platform has no other letters."""
    return f"HELLO {name}".upper()


def whisper(name):
    """Return the greeting in small letters."""
    return shout(name).lower()
'''


@pytest.fixture(scope="module")
def shop(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> Iterator[tuple[Engines, SmallRepository]]:
    """An indexed repository that the tests of this file share, and its engine."""
    folder = tmp_path_factory.mktemp("shop")
    runtime = Path(tempfile.mkdtemp(prefix="lb-"))
    engines = Engines(folder / "data", runtime)
    engines.data.mkdir()
    (engines.data / "settings.toml").write_text('[indexing]\nmodel = "none"\nwatch_seconds = 0.0\n')
    (folder / "repo").mkdir()
    repository = SmallRepository(folder / "repo", dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    repository.commit("Add loud greetings", {"src/shout.py": SHOUT, "README.md": "# Shop\n\nGreets.\n"})
    repository.commit("Evil \x1b[31mred\x1b]0;title\x07 message", {"src/evil.py": "x = '\x1b[2J\u202e'\n"})
    done = engines.cli("index", str(repository.path), "--json")
    assert done.returncode == 0, done.stderr
    yield engines, repository
    engines.end()
    shutil.rmtree(runtime, ignore_errors=True)


Shop = tuple[Engines, SmallRepository]


def in_shop(shop: Shop, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    engines, repository = shop
    return engines.cli(*arguments, "--repo", str(repository.path), given=given)


def test_help_and_version_start_nothing(shop: Shop) -> None:
    engines, _ = shop
    done = engines.cli("--version")
    assert done.stdout.decode().strip() == f"lorebase {__version__}"
    shown = engines.cli("--help").stdout.decode()
    for command in ("index", "search", "ask", "note", "gaps", "status", "doctor", "repair", "config", "stop"):
        assert command in shown
    assert "Become an engine" not in shown
    assert "Exit codes" in shown
    assert engines.cli("ask", "--help").returncode == 0


def test_index_prints_its_report_as_scripts_expect_it(shop: Shop) -> None:
    engines, repository = shop
    for arguments in ((str(repository.path),), ("--repo", str(repository.path), "--words-only")):
        report = engines.json("index", *arguments)
        assert report["commit"] == repository.head
        assert report["files"] == 3
        assert set(report["chunks"]) == {"code", "doc", "commit", "note"}
        assert {"embedded", "reused", "skipped", "seconds"} <= set(report)
        assert isinstance(report["seconds"]["total"], float)
        assert all(set(each) == {"path", "reason"} for each in report["skipped"])


def test_search_prints_its_hits_as_scripts_expect_them(shop: Shop) -> None:
    found = json.loads(in_shop(shop, "search", "--limit", "3", "--json", "shout").stdout)
    assert found["query"] == "shout"
    assert 0 < len(found["hits"]) <= 3
    for hit in found["hits"]:
        assert set(hit) >= HIT_KEYS
    best = found["hits"][0]
    assert (best["path"], best["kind"], best["commit_id"]) == ("src/shout.py", "code", None)
    commits = json.loads(in_shop(shop, "search", "--json", "kind:commit loud greetings").stdout)["hits"]
    assert commits
    assert commits[0]["path"] is None
    assert len(commits[0]["commit_id"]) == 40


def test_ask_prints_its_answer_as_scripts_expect_it(shop: Shop) -> None:
    done = in_shop(shop, "ask", "--json", "what does shout do?")
    answer = json.loads(done.stdout)
    assert done.returncode == 0
    assert answer["question"] == "what does shout do?"
    assert answer["commit_id"] == shop[1].head
    assert set(answer["verdict"]) == {"status", "category", "reason", "searched", "contacts"}
    assert answer["verdict"]["status"] in ("grounded", "partial")
    assert answer["statements"]
    for statement in answer["statements"]:
        assert statement["section"] in ("what", "why", "missing")
        for citation in statement["citations"]:
            assert set(citation) >= CITATION_KEYS
            assert citation["kind"] in ("span", "commit", "note", "fact")
    assert isinstance(answer["follow_ups"], list)
    assert answer["mode"] == "extracted"


def test_ask_ends_with_3_when_the_repository_does_not_answer(shop: Shop) -> None:
    done = in_shop(shop, "ask", "--json", "how is the zeppelin's quantum carburettor calibrated?")
    assert json.loads(done.stdout)["verdict"]["status"] in ("missing", "unknown")
    assert done.returncode == 3


def test_a_batch_answers_in_order_and_goes_on_past_what_fails(shop: Shop) -> None:
    lines = [
        b'{"id": 1, "question": "what does shout do?"}',
        b'{"id": "two", "question": ""}',
        b"",
        b"nonsense",
        b'{"id": {"a": [3]}}',
        b"[1]",
        b'{"id": 5, "question": "where is whisper?"}',
    ]
    done = in_shop(shop, "ask", "--batch", "-", given=b"\n".join(lines))
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["id"] for each in found] == [1, "two", None, {"a": [3]}, None, 5]
    assert [("answer" in each, "error" in each) for each in found] == [
        (True, False),
        (False, True),
        (False, True),
        (False, True),
        (False, True),
        (True, False),
    ]
    assert all(set(each["error"]) == {"code", "message", "hint"} for each in found if "error" in each)
    assert found[0]["answer"]["question"] == "what does shout do?"


def test_a_batch_of_searches_writes_each_line_before_the_next_one_is_read(shop: Shop) -> None:
    engines, repository = shop
    process = engines.start_cli("search", "--repo", str(repository.path), "--limit", "1", "--batch", "-")
    assert process.stdin is not None
    assert process.stdout is not None
    for number, query in enumerate(("shout", "whisper", "path:README.md greets")):
        process.stdin.write(json.dumps({"id": number, "query": query}).encode() + b"\n")
        process.stdin.flush()
        found = json.loads(process.stdout.readline())
        assert set(found) == {"id", "hits"}
        assert found["id"] == number
        assert len(found["hits"]) == 1
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, b"")


def test_a_question_to_a_repository_never_indexed_says_so_and_is_answered(
    engines: Engines, small_repository: SmallRepository
) -> None:
    done = engines.cli("ask", "what does greet do?", cwd=small_repository.path)
    assert done.returncode == 0
    assert b"not indexed yet" in done.stderr
    assert b"greet" in done.stdout


def test_an_empty_repository_and_one_without_commits_are_indexed(
    engines: Engines, small_repository: SmallRepository
) -> None:
    empty = engines.data.parent / "empty"
    empty.mkdir()
    SmallRepository(empty, small_repository.environment).git("init", "--quiet", ".")
    (empty / "draft.py").write_text("def drafted():\n    return 1\n")
    report = engines.json("index", str(empty))
    assert (report["commit"], report["files"]) == (None, 1)
    found = engines.json("search", "--repo", str(empty), "drafted")
    assert [hit["path"] for hit in found["hits"]] == ["draft.py"]


def test_standard_output_is_data_and_standard_error_is_progress(shop: Shop) -> None:
    engines, repository = shop
    repository.write({"src/new_file.py": "def brand_new():\n    pass\n"})
    done = engines.cli("index", str(repository.path), "--json")
    json.loads(done.stdout)
    assert b"Scanning" in done.stderr
    assert b"\x1b" not in done.stderr
    assert engines.cli("index", str(repository.path), "--json", "--quiet").stderr == b""
    assert json.loads(in_shop(shop, "search", "--json", "brand_new").stdout)["hits"]


def test_the_text_form_reads_in_80_columns_without_colour(shop: Shop) -> None:
    for arguments in (("ask", "what does shout do?"), ("search", "shout"), ("status",), ("doctor",)):
        out = in_shop(shop, *arguments).stdout.decode()
        assert "\x1b" not in out
        assert max(len(line) for line in out.splitlines()) <= 80
        assert all(line == line.rstrip() for line in out.splitlines())
    answer = in_shop(shop, "ask", "what does shout do?").stdout.decode()
    assert "[1]" in answer
    assert "src/shout.py:" in answer
    assert shop[1].head[:10] in answer


def test_a_terminal_gets_colour_unless_NO_COLOR_is_set(shop: Shop) -> None:
    engines, repository = shop

    def on_a_terminal(**extra: str) -> bytes:
        ours, theirs = pty.openpty()
        environment = os.environ | {
            "LOREBASE_DATA": str(engines.data),
            "XDG_RUNTIME_DIR": str(engines.runtime),
            "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
            "TERM": "xterm-256color",
        }
        environment.pop("NO_COLOR", None)
        command = [
            sys.executable,
            "-c",
            "from indexer.cli import main; main()",
            "search",
            "--repo",
            str(repository.path),
            "shout",
        ]
        process = subprocess.Popen(
            command, stdout=theirs, stderr=subprocess.DEVNULL, stdin=theirs, env=environment | extra
        )
        os.close(theirs)
        out = b""
        try:
            while data := os.read(ours, 65536):
                out += data
        except OSError:
            pass  # the other end is closed
        os.close(ours)
        assert process.wait(30) == 0
        return out

    assert b"\x1b[" in on_a_terminal()
    assert b"\x1b[3" not in on_a_terminal(NO_COLOR="1")


def test_T6_terminal_escapes_of_a_repository_are_written_out_and_exact_in_JSON(shop: Shop) -> None:
    text = in_shop(shop, "search", "kind:commit evil red").stdout
    assert b"\\x1b[31mred" in text
    assert not {0x1B, 0x07} & set(text)
    code = in_shop(shop, "search", "path:evil").stdout.decode()
    assert "\\x1b[2J\\u202e" in code
    assert "\u202e" not in code
    hits = json.loads(in_shop(shop, "search", "--json", "path:evil").stdout)["hits"]
    assert any("\x1b[2J\u202e" in hit["text"] for hit in hits)


def test_T6_escapes_in_what_the_user_gives_are_not_obeyed_either(shop: Shop) -> None:
    done = in_shop(shop, "note", "show", "\x1b[31mred")
    assert done.returncode != 0
    assert b"\x1b" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["ask"], 2, "QUESTION is missing"),
        (["search", "x", "--batch", "-"], 2, "no QUERY beside it"),
        (["search", "--batch", "file", "x"], 2, "standard input only"),
        (["search", "--limit", "0", "x"], 2, "--limit"),
        (["poem"], 2, "poem"),
        (["index", ".", "--pause", "--stop"], 2, "exclude each other"),
        (["ask", "--repo", "/nonexistent/folder", "x"], 1, "does not exist"),
        (["ask", "", "--repo"], 2, "--repo"),
        (["config", "get", "a.b"], 2, "no setting named"),
        (["config", "set", "indexing.parse_workers", "many"], 2, "type int"),
    ],
)
def test_a_mistake_is_named_with_its_exit_code_and_without_a_traceback(
    shop: Shop, arguments: list[str], code: int, said: str
) -> None:
    done = shop[0].cli(*arguments)
    assert done.returncode == code
    assert said in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""


def test_a_folder_without_a_repository_ends_with_1_and_a_next_step(shop: Shop) -> None:
    done = shop[0].cli("ask", "what?", cwd=shop[0].runtime)
    assert done.returncode == 1
    assert b"not inside a git repository" in done.stderr
    assert b"--repo DIR" in done.stderr


def test_a_note_is_written_found_cited_changed_and_counted(shop: Shop) -> None:
    added = in_shop(
        shop,
        "note",
        "add",
        "Why shout has no small letters",
        "--about",
        "src/shout.py:4",
        "--text",
        "The platform display was bought in 1987.",
        "--author",
        "Mary",
        "--email",
        "mary@example.com",
        "--json",
    )
    assert added.returncode == 0, added.stderr
    note = json.loads(added.stdout)
    assert (note["title"], note["author"], note["anchor"]["path"]) == (
        "Why shout has no small letters",
        "Mary",
        "src/shout.py",
    )
    shown = in_shop(shop, "note", "show", note["id"]).stdout.decode()
    assert "1987" in shown
    hits = json.loads(in_shop(shop, "search", "--json", "kind:note platform display").stdout)["hits"]
    assert hits[0]["note_id"] == note["id"]
    assert hits[0]["path"] is None
    edited = in_shop(shop, "note", "edit", note["id"], "--text", "-", "--json", given=b"In 1988, says Mary.")
    assert json.loads(edited.stdout)["text"] == "In 1988, says Mary."
    assert json.loads(edited.stdout)["title"] == note["title"]
    listed = json.loads(in_shop(shop, "note", "list", "--json").stdout)["notes"]
    assert [each["id"] for each in listed] == [note["id"]]
    assert note["id"] in in_shop(shop, "note", "list").stdout.decode()


def open_gaps(shop: Shop) -> list[str]:
    return [each["id"] for each in json.loads(in_shop(shop, "gaps", "--json").stdout)["gaps"]]


def test_what_nobody_recorded_becomes_a_gap(shop: Shop) -> None:
    asked = in_shop(shop, "ask", "--json", "who approved whisper?")
    answer = json.loads(asked.stdout)
    assert answer["verdict"]["status"] == "missing"
    assert asked.returncode == 3
    # Other tests ask in this shop too, and may leave gaps of their own.
    assert answer["gap_id"] in open_gaps(shop)
    shown = in_shop(shop, "ask", "who approved whisper?").stdout.decode()
    assert f"--gap {answer['gap_id']}" in shown
    assert AUTHOR[0] in shown
    told = ("note", "add", "Ada did", "--text", "In 2023.", "--gap", answer["gap_id"])
    assert in_shop(shop, *told).returncode == 0
    assert answer["gap_id"] not in open_gaps(shop)
    assert answer["gap_id"] in in_shop(shop, "gaps", "--answered").stdout.decode()


def test_status_and_doctor_say_how_the_index_is(shop: Shop) -> None:
    status = json.loads(in_shop(shop, "status", "--json").stdout)
    assert status["freshness"]["commit_id"] == shop[1].head
    assert status["model"] == "none"
    assert status["languages"]["python"] >= 2
    assert AUTHOR[0] not in status["repository"]["owner"]
    health = in_shop(shop, "doctor", "--json")
    assert health.returncode == 0, health.stdout
    checked = {each["check"] for each in json.loads(health.stdout)["findings"]}
    assert {"versions", "settings", "repository", "catalog", "words", "notes", "disk"} <= checked


def test_a_setting_is_shown_changed_and_takes_effect_at_once(
    engines: Engines, small_repository: SmallRepository
) -> None:
    assert "indexing.model = none" in engines.cli("config").stdout.decode()
    small_repository.write({"src/uncommitted.py": "def uncommitted_thing():\n    pass\n"})
    assert engines.json("index", str(small_repository.path))["files"] == 3
    assert engines.cli("config", "set", "indexing.working_copy", "off").returncode == 0
    assert engines.cli("config", "get", "indexing.working_copy").stdout == b"false\n"
    assert engines.json("index", str(small_repository.path))["files"] == 2


def test_stop_ends_the_engine_and_says_when_there_was_none(
    engines: Engines, small_repository: SmallRepository
) -> None:
    place = ("--repo", str(small_repository.path))
    assert engines.json("index", *place, "--words-only")["words_complete"]
    assert engines.json("stop", *place) == {"stopped": True}
    assert engines.json("stop", *place) == {"stopped": False}


def test_U5_everything_works_with_the_network_cut_off_by_the_system(
    engines: Engines, small_repository: SmallRepository
) -> None:
    cut_off = ("unshare", "-rn")
    if shutil.which("unshare") is None or subprocess.run([*cut_off, "true"], check=False).returncode:
        pytest.skip("this kernel does not let us cut the network off")
    (engines.data / "settings.toml").write_text("[indexing]\nparse_workers = 1\n")
    place = ("--repo", str(small_repository.path))
    done = engines.cli("index", *place, "--json", wrap=cut_off)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["vectors_complete"]
    assert report["embedded"] > 0
    answer = engines.cli("ask", *place, "--json", "what does greet do?", wrap=cut_off)
    assert answer.returncode == 0, answer.stderr
    assert engines.cli("note", "add", "T", "--text", "x", *place, wrap=cut_off).returncode == 0
    health = engines.cli("doctor", *place, "--json", wrap=cut_off)
    assert health.returncode == 0, health.stdout
    found = json.loads(engines.cli("search", *place, "--json", "greeting", wrap=cut_off).stdout)
    assert any("vector" in hit["found_by"] for hit in found["hits"])


def test_who_names_people_with_their_commits(shop: Shop) -> None:
    _, repository = shop
    done = in_shop(shop, "who", "src/shout.py", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    (person,) = found["people"]
    assert (found["meant"], person["contact"]["name"]) == ("file", AUTHOR[0])
    assert person["citations"][0]["rests_on"] == [repository.git("rev-list", "HEAD", "--", "src/shout.py")]
    shown = in_shop(shop, "who", "whisper").stdout.decode()
    assert AUTHOR[0] in shown
    assert "lines of `whisper`" in shown
    nobody = in_shop(shop, "who", "FlurbCannon")
    assert (nobody.returncode, b"nobody is named" in nobody.stdout) == (0, True)
    assert in_shop(shop, "who", " ").returncode == 2
