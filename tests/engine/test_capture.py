"""What people know, from a question that nobody answers to a file that a team shares; by command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from indexer.client import Client
from indexer.protocol import (
    ASK,
    FORGET,
    GAPS,
    INDEX,
    NOTE_ADD,
    NOTE_EDIT,
    NOTE_LIST,
    NOTE_VERSIONS,
    Forget,
    GapFilter,
    IndexRequest,
    NoteChange,
    NoteName,
    Nothing,
    Question,
)
from indexer.types import NoteDraft, Person
from tests.conftest import SmallRepository
from tests.engine.conftest import Engines

QUESTION = "Why does greet say Hello?"
REWORDED = "what is the reason that greet says hello"
WORDS = IndexRequest(words_only=True)


def command(engines: Engines, repository: SmallRepository) -> Callable[..., dict[str, Any]]:
    def run(*arguments: str) -> dict[str, Any]:
        done = engines.cli(*arguments, "--repo", str(repository.path), "--json")
        # A question that is not answered ends with 3.
        assert done.returncode == 0 or (arguments[0], done.returncode) == ("ask", 3), done.stderr.decode()
        found = json.loads(done.stdout)
        assert isinstance(found, dict)
        return found

    return run


def test_a_gap_is_met_answered_cited_and_goes_stale_with_its_code(
    engines: Engines, small_repository: SmallRepository
) -> None:
    run = command(engines, small_repository)
    run("index")
    asked = run("ask", QUESTION)
    assert asked["verdict"]["status"] in ("missing", "partial")
    run("ask", REWORDED)
    (gap,) = run("gaps")["gaps"]
    assert (gap["asked"], gap["question"], gap["wordings"]) == (2, QUESTION, [REWORDED])
    assert gap["askers"][0]["name"], "the system's user, where git knows nobody"
    added = run(
        "note", "add", "The platform", "--gap", gap["id"], "--about", "src/greet.py:1-2",
        "--text", "The platform's contract asks for it.", "--author", "Mary", "--email", "mary@example.com",
    )  # fmt: skip
    assert run("gaps")["gaps"] == []

    answer = run("ask", REWORDED)
    assert answer["verdict"]["status"] == "grounded"
    first = answer["statements"][0]
    assert first["text"] == "The platform's contract asks for it."
    cited = first["citations"][0]
    assert (cited["kind"], cited["note_id"], cited["author"]) == ("note", added["id"], "Mary")
    assert cited["authored"] == added["updated"]

    source = (small_repository.path / "src/greet.py").read_text()
    lines = source.splitlines(keepends=True)
    small_repository.commit(
        "Greet in another way", {"src/greet.py": "".join([lines[0], "    name = name.title()\n", *lines[1:]])}
    )
    run("index")
    answer = run("ask", QUESTION)
    assert answer["verdict"]["status"] == "grounded"
    assert any("is stale" in each["text"] for each in answer["statements"])
    assert "stale" in answer["verdict"]["reason"]
    shown = run("note", "show", added["id"])
    assert shown["state"] == "stale"
    assert shown["then"]["lines"] == source.splitlines()[:2]
    assert "+    name = name.title()" in shown["diff"]
    text = engines.cli("note", "show", added["id"], "--repo", str(small_repository.path)).stdout.decode()
    assert "+    name = name.title()" in text
    assert "then  src/greet.py:1-2" in text


def test_notes_are_published_for_a_colleague_who_reads_them_back(
    engines: Engines, small_repository: SmallRepository, tmp_path: Path
) -> None:
    run = command(engines, small_repository)
    run("index", "--words-only")
    gap = run("ask", QUESTION)["gap_id"]
    run(
        "note", "add", "The platform", "--gap", gap, "--text", "Its contract asks for it.", "--author", "Mary"
    )
    done = engines.cli("gaps", "publish", "--repo", str(small_repository.path))
    assert done.returncode == 0, done.stderr
    assert b"docs/lore/the-platform-n" in done.stdout
    assert b"git add docs/lore" in done.stdout
    small_repository.commit("Share what Mary says", None, ("Mary", "mary@example.com"))
    (file,) = run("gaps", "publish")["files"]
    assert file["outcome"] == "unchanged"

    small_repository.git("clone", "--quiet", ".", str(tmp_path / "clone"))
    clone = SmallRepository(tmp_path / "clone", small_repository.environment, small_repository.clock)
    there = command(engines, clone)
    there("index", "--words-only")
    assert there("ask", REWORDED)["statements"][0]["citations"][0]["author"] == "Mary"
    assert there("gaps")["gaps"] == []
    clone.write({"docs/lore/broken.md": "---\ntitle: [\n---\n\nx\n"})
    report = there("index", "--words-only")
    assert any("docs/lore/broken.md" in each for each in report["notices"])
    listed = there("note", "list")
    assert [each["path"] for each in listed["problems"]] == ["docs/lore/broken.md"]
    place = clone.path / file["path"]
    place.write_text(place.read_text() + "\nBen disagrees.\n")
    assert there("gaps", "publish")["files"] == [], "a colleague's file is not ours to write"


def test_a_changed_file_ends_publishing_with_1_and_a_next_step(
    engines: Engines, small_repository: SmallRepository
) -> None:
    run = command(engines, small_repository)
    run("note", "add", "T", "--text", "x")
    (file,) = run("gaps", "publish")["files"]
    (small_repository.path / file["path"]).write_text("mine")
    done = engines.cli("gaps", "publish", "--repo", str(small_repository.path))
    assert done.returncode == 1
    assert b"lorebase index" in done.stdout
    assert (small_repository.path / file["path"]).read_text() == "mine"


def test_an_answer_is_confirmed_and_disputed_and_later_readers_see_it(
    engines: Engines, small_repository: SmallRepository
) -> None:
    run = command(engines, small_repository)
    run("index", "--words-only")
    run("ask", QUESTION)
    marked = run("review", "--dispute", QUESTION, "--comment", "It \x1b[31mis not so.", "--author", "Ben")
    assert [(each["mark"], each["by"]) for each in marked["reviews"]] == [("disputed", "Ben")]
    assert run("ask", REWORDED)["reviews"][0]["comment"].endswith("is not so.")
    text = engines.cli("ask", QUESTION, "--repo", str(small_repository.path)).stdout
    assert b"Disputed by Ben" in text
    assert b"\x1b" not in text
    run("review", "--withdraw", QUESTION, "--author", "Ben")
    assert run("ask", QUESTION)["reviews"] == []
    assert engines.cli("review", QUESTION, "--repo", str(small_repository.path)).returncode == 2


def test_open_questions_become_a_page_that_obeys_nobody(
    engines: Engines, small_repository: SmallRepository
) -> None:
    run = command(engines, small_repository)
    run("index", "--words-only")
    run("ask", "Why does greet say *Hello* [now](javascript:x) <b>?")
    page = engines.cli("gaps", "export", "--repo", str(small_repository.path)).stdout.decode()
    assert page.startswith("# Questions that nothing recorded answers")
    assert "\\*Hello\\* \\[now\\](javascript:x) \\<b\\>" in page
    assert "lorebase note add --gap g" in page


def test_a_gap_whose_file_is_gone_still_shows_and_says_so(
    engines: Engines, small_repository: SmallRepository
) -> None:
    run = command(engines, small_repository)
    run("index", "--words-only")
    run("ask", QUESTION)
    (gap,) = run("gaps")["gaps"]
    assert "src/greet.py" in gap["paths"]
    small_repository.git("rm", "-q", "src/greet.py")
    small_repository.commit("No more greetings")
    run("index", "--words-only")
    (gap,) = run("gaps")["gaps"]
    assert "src/greet.py" in gap["gone"]
    text = engines.cli("gaps", "--repo", str(small_repository.path)).stdout.decode()
    assert "gone: src/greet.py" in text


# ---------------------------------------------------------------------- two worktrees


def two_worktrees(engines: Engines, main: SmallRepository) -> tuple[Client, Client]:
    main.git("worktree", "add", "--quiet", "-b", "side", str(main.path.parent / "side"))
    clients = engines.client(main), engines.client(main.path.parent / "side")
    for client in clients:
        client.call(INDEX, WORDS)
    assert engines.process(clients[0]).pid != engines.process(clients[1]).pid
    return clients


def test_R5_two_worktrees_share_notes_and_gaps_and_each_has_its_own_code(
    engines: Engines, small_repository: SmallRepository
) -> None:
    main, side = two_worktrees(engines, small_repository)
    gap = main.call(ASK, Question(QUESTION, by=Person("Mary", "m@example.com"))).gap_id
    met = side.call(ASK, Question(REWORDED, by=Person("Ben", "b@example.com")))
    assert met.gap_id == gap
    (shared,) = side.call(GAPS, GapFilter()).gaps
    assert {each.name for each in shared.askers} == {"Mary", "Ben"}
    note = main.call(NOTE_ADD, NoteDraft("So", "Its contract.", "src/greet.py:1", "Mary", gap_id=gap))
    assert [each.id for each in side.call(NOTE_LIST, Nothing()).notes] == [note.id]
    assert side.call(ASK, Question(QUESTION)).statements[0].text == "Its contract."
    (small_repository.path.parent / "side/src/greet.py").write_text("nothing = 0\n")
    side.call(INDEX, WORDS)
    assert [each.state for each in side.call(NOTE_LIST, Nothing()).notes] == ["stale"]
    assert [each.state for each in main.call(NOTE_LIST, Nothing()).notes] == ["current"]


def test_R5_two_engines_that_write_at_once_lose_nothing(
    engines: Engines, small_repository: SmallRepository
) -> None:
    main, side = two_worktrees(engines, small_repository)
    note = main.call(NOTE_ADD, NoteDraft("Shared", "x"))

    def write(client: Client, name: str) -> None:
        for number in range(6):
            client.call(NOTE_ADD, NoteDraft(f"{name} {number}", "y"))
            client.call(NOTE_EDIT, NoteChange(note.id, NoteDraft("", f"{name} {number}")))
            client.call(ASK, Question(QUESTION, by=Person("Mary", "m@example.com")))

    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(write, main, "main"), pool.submit(write, side, "side")]
    for each in done:
        each.result()
    for client in (main, side):
        assert len(client.call(NOTE_LIST, Nothing()).notes) == 13
        assert len(client.call(NOTE_VERSIONS, NoteName(note.id)).notes) == 13
        (gap,) = client.call(GAPS, GapFilter()).gaps
        assert (gap.asked, gap.askers[0].asked) == (12, 12)


def test_a_worktree_that_is_forgotten_takes_no_notes_from_the_other(
    engines: Engines, small_repository: SmallRepository
) -> None:
    main, side = two_worktrees(engines, small_repository)
    main.call(NOTE_ADD, NoteDraft("Shared", "x"))
    side.call(FORGET, Forget(people=False))
    assert len(main.call(NOTE_LIST, Nothing()).notes) == 1
    again = engines.client(small_repository.path.parent / "side")
    assert len(again.call(NOTE_LIST, Nothing()).notes) == 1
    again.call(FORGET, Forget(people=True))
    assert main.call(NOTE_LIST, Nothing()).notes == (), "notes belong to all worktrees"
    assert json.dumps(main.call(NOTE_ADD, NoteDraft("New", "y")).title) == '"New"'
