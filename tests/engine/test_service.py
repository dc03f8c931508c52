"""One engine process for one index: shared, killed, deceived and forgotten, it never loses anything."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import threading
import time
from pathlib import Path

import msgspec
import psutil
import pytest
from filelock import FileLock

from indexer import client as client_module
from indexer import protocol
from indexer.client import Client
from indexer.errors import (
    CancelledError,
    LockedError,
    NewerSchemaError,
    NotFoundError,
    ProtocolError,
    UsageError,
)
from indexer.launch import LOG_NAME
from indexer.lock import HOLDER_NAME, LOCK_NAME, Holder, holder
from indexer.protocol import (
    ASK,
    FORGET,
    INDEX,
    NOTE_ADD,
    NOTE_LIST,
    PAUSE,
    RESUME,
    SEARCH,
    STATUS,
    STOP,
    Forget,
    IndexRequest,
    Nothing,
    Question,
)
from indexer.types import Answer, ChunkKind, IndexReport, NoteDraft, Query
from tests.conftest import SmallRepository
from tests.engine.conftest import PATIENCE, Engines, until, watching

WORDS = IndexRequest(words_only=True)


def paths(client: Client, text: str) -> list[str | None]:
    return [hit.path for hit in client.call(SEARCH, Query(text)).hits if hit.kind is ChunkKind.CODE]


def answered_or_refused(client: Client, text: str) -> bool:
    try:
        return isinstance(client.call(ASK, Question(text)), Answer)
    except UsageError as error:
        return bool(error.hint)


class Waiting:
    """A call on a thread of its own, with its outcome."""

    def __init__(self, client: Client, method: protocol.Method, params: object) -> None:  # type: ignore[type-arg]
        self.result: object = None
        self.error: Exception | None = None
        self.told: list[protocol.Event] = []
        self._call = lambda: client.call(method, params, self.told.append)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.result = self._call()
        except Exception as error:
            self.error = error

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def outcome(self) -> object:
        self._thread.join(PATIENCE)
        assert not self.running, "the call never ended"
        if self.error is not None:
            raise self.error
        return self.result


def held(engines: Engines, repository: SmallRepository) -> tuple[Client, Waiting, Client]:
    """Begin an index job that stands still; return its caller, the call, and another client."""
    steering, calling = engines.client(repository), engines.client(repository)
    steering.call(PAUSE, Nothing())
    waiting = Waiting(calling, INDEX, IndexRequest())
    until(lambda: steering.call(STATUS, Nothing()).job is not None)
    return calling, waiting, steering


def test_the_first_client_starts_an_engine_that_outlives_it(
    engines: Engines, small_repository: SmallRepository
) -> None:
    client = engines.client(small_repository)
    report = client.call(INDEX, WORDS)
    assert report.commit == small_repository.head
    engine = engines.process(client)
    assert os.getsid(engine.pid) != os.getsid(0)
    assert engine.ppid() != os.getpid()
    client.close()
    other = engines.client(small_repository)
    assert paths(other, "greet") == ["src/greet.py"]
    assert engines.process(other).pid == engine.pid


def test_S5_two_indexers_share_one_job_and_get_its_report(
    engines: Engines, small_repository: SmallRepository
) -> None:
    commands = [engines.start_cli("index", str(small_repository.path), "--json") for _ in range(3)]
    reports = [json.loads(each.communicate(timeout=60)[0]) for each in commands]
    assert [each.returncode for each in commands] == [0, 0, 0]
    assert {each["commit"] for each in reports} == {small_repository.head}
    found = holder(engines.client(small_repository).location.index_dir)
    assert found is not None
    engines.meet(found.pid)


def test_S5_a_holder_that_cannot_be_spoken_to_is_named_with_exit_code_11(
    engines: Engines, small_repository: SmallRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "START_SECONDS", 1.5)
    client = engines.client(small_repository)
    folder = client.location.index_dir
    folder.mkdir(parents=True)
    with FileLock(folder / LOCK_NAME), pytest.raises(LockedError) as caught:
        client.call(STATUS, Nothing())
    assert caught.value.exit_code == 11
    assert str(folder) in caught.value.message
    assert client.call(STATUS, Nothing()).index_dir == str(folder)


def test_S6_questions_are_answered_from_the_last_state_while_a_job_runs(
    engines: Engines, small_repository: SmallRepository
) -> None:
    reader = engines.client(small_repository)
    reader.call(INDEX, WORDS)
    before = small_repository.head
    small_repository.commit("Say goodbye", {"src/farewell.py": "def farewell(name):\n    return name\n"})
    small_repository.commit("Say it twice", {"src/twice.py": "def twice(name):\n    return name + name\n"})
    _, job, steering = held(engines, small_repository)
    began = time.monotonic()
    found = reader.call(SEARCH, Query("greet"))
    answer = reader.call(ASK, Question("what does farewell do?"))
    assert time.monotonic() - began < 5
    assert found.freshness.commit_id == before
    assert (answer.freshness.head_id, answer.freshness.behind) == (small_repository.head, 2)
    assert "src/farewell.py" not in {hit.path for hit in reader.call(SEARCH, Query("farewell")).hits}
    assert job.running
    steering.call(RESUME, Nothing())
    report = job.outcome()
    assert isinstance(report, IndexReport)
    assert report.commit == small_repository.head
    assert paths(reader, "farewell") == ["src/farewell.py"]
    assert reader.call(SEARCH, Query("greet")).freshness.behind == 0


def test_S6_many_clients_ask_at_once_while_the_index_changes(
    engines: Engines, small_repository: SmallRepository
) -> None:
    engines.client(small_repository).call(INDEX, WORDS)
    askers = [Waiting(engines.client(small_repository), SEARCH, Query("greet")) for _ in range(6)]
    small_repository.write({"src/more.py": "def greet_again(name):\n    return name\n"})
    indexers = [Waiting(engines.client(small_repository), INDEX, WORDS) for _ in range(2)]
    for each in (*askers, *indexers):
        each.outcome()
    assert "src/more.py" in paths(engines.client(small_repository), "greet_again")


def test_S3_an_engine_killed_in_the_middle_of_a_job_comes_back_and_finishes_it(
    engines: Engines, small_repository: SmallRepository
) -> None:
    _, job, steering = held(engines, small_repository)
    first = engines.process(steering)
    first.send_signal(signal.SIGKILL)
    report = job.outcome()
    assert isinstance(report, IndexReport)
    assert (report.commit, report.files) == (small_repository.head, 2)
    assert engines.process(steering).pid != first.pid
    assert paths(steering, "greet") == ["src/greet.py"]


def test_S3_an_engine_killed_between_questions_is_not_noticed(
    engines: Engines, small_repository: SmallRepository
) -> None:
    client = engines.client(small_repository)
    client.call(INDEX, WORDS)
    for _ in range(3):
        engines.process(client).kill()
        assert client.call(ASK, Question("what does greet do?")).statements


def test_S3_a_question_to_a_repository_never_indexed_survives_a_kill(
    engines: Engines, small_repository: SmallRepository
) -> None:
    steering, asking = engines.client(small_repository), engines.client(small_repository)
    steering.call(PAUSE, Nothing())
    question = Waiting(asking, ASK, Question("what does greet do?"))
    until(lambda: any(each.notice for each in question.told))
    engines.process(steering).kill()
    answer = question.outcome()
    assert answer is not None
    assert "not indexed yet" in question.told[0].notice


def test_no_child_outlives_a_killed_engine(engines: Engines, small_repository: SmallRepository) -> None:
    client = engines.client(small_repository)
    client.call(INDEX, WORDS)
    engine = engines.process(client)
    children = engine.children(recursive=True)
    assert children, "there should be a parse worker or git"
    engine.kill()
    _, alive = psutil.wait_procs([engine, *children], timeout=8)
    assert not alive


def test_an_engine_that_is_asked_to_leave_takes_its_children_along(
    engines: Engines, small_repository: SmallRepository
) -> None:
    client = engines.client(small_repository)
    client.call(INDEX, WORDS)
    engine = engines.process(client)
    processes = [engine, *engine.children(recursive=True)]
    assert client.finish()
    assert not psutil.wait_procs(processes, timeout=5)[1]
    assert not client.running()
    assert holder(client.location.index_dir) is None


def test_a_signal_to_end_is_obeyed_in_the_middle_of_a_job(
    engines: Engines, small_repository: SmallRepository
) -> None:
    _, job, steering = held(engines, small_repository)
    engine = engines.process(steering)
    engine.terminate()
    engine.wait(8)
    with pytest.raises(CancelledError) as caught:
        job.outcome()
    assert "is kept" in caught.value.hint
    assert steering.call(INDEX, WORDS).commit == small_repository.head


def test_S12_a_stale_lock_blocks_nobody(engines: Engines, small_repository: SmallRepository) -> None:
    client = engines.client(small_repository)
    folder = client.location.index_dir
    folder.mkdir(parents=True)
    here = socket.gethostname()
    stale = (
        msgspec.json.encode(Holder(2**22 - 3, 1.0, here, "of a process that is dead")),
        msgspec.json.encode(Holder(os.getpid(), 1.0, here, "of a process whose id was given again")),
        msgspec.json.encode(Holder(os.getpid(), 1.0, "elsewhere", "of another host")),
        b"\x00garbage",
    )
    for left_behind in stale:
        (folder / LOCK_NAME).write_text("12345")
        (folder / HOLDER_NAME).write_bytes(left_behind)
        pid = client.call(STATUS, Nothing()).engine_pid
        now = holder(folder)
        assert now is not None
        assert now.pid == pid
        engine = engines.meet(pid)
        engine.kill()
        engine.wait(5)
    assert client.call(INDEX, WORDS).commit == small_repository.head


def test_S12_a_socket_left_by_a_dead_engine_is_taken_over(
    engines: Engines, small_repository: SmallRepository
) -> None:
    client = engines.client(small_repository)
    engine = engines.process(client)
    engine.kill()
    engine.wait(5)
    assert list((engines.runtime / "lorebase").glob("*.sock"))
    assert client.call(STATUS, Nothing()).engine_pid != engine.pid


HELLO = b'{"hello":{"edition":{"protocol":1,"version":"0.1.0"}}}\n'
GARBAGE = (
    b"\x00\xff\x00\xff\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    b'{"id":1,"method":"ask","params":{}}\n',
    b"x" * 200_000,
    HELLO + b'{"a":' * 50_000 + b"\n",
    HELLO + b'{"id":1,"method":"rm","params":{}}\n',
    HELLO + b'{"id":1,"method":"status","params":{}}\n' * 500,
    b"",
)


def test_garbage_on_the_socket_hurts_nobody(engines: Engines, small_repository: SmallRepository) -> None:
    client = engines.client(small_repository)
    engine = engines.process(client)
    (address,) = (engines.runtime / "lorebase").glob("*.sock")
    for garbage in GARBAGE:
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.settimeout(10)
            stranger.connect(str(address))
            try:
                stranger.sendall(garbage)
                stranger.shutdown(socket.SHUT_WR)
                while stranger.recv(4096):
                    pass
            except OSError:
                pass  # sent away in the middle of it
    assert client.call(STATUS, Nothing()).engine_pid == engine.pid


def test_wrong_parameters_fail_one_call_and_the_conversation_goes_on(
    engines: Engines, small_repository: SmallRepository
) -> None:
    client = engines.client(small_repository)
    wrong = protocol.Method("search", dict, dict)
    with pytest.raises(ProtocolError, match="parameters of search"):
        client.call(wrong, {"text": 5})
    unknown = protocol.Method("poem", dict, dict)
    with pytest.raises(ProtocolError, match="poem"):
        client.call(unknown, {})
    pid = engines.process(client).pid
    assert client.call(STATUS, Nothing()).engine_pid == pid


def test_a_newer_client_asks_an_older_engine_to_leave(
    engines: Engines, small_repository: SmallRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = engines.client(small_repository)
    older.call(INDEX, WORDS)
    engine = engines.process(older)
    ours = protocol.edition()
    newer = protocol.Edition(ours.protocol, ours.version, ours.build)
    monkeypatch.setattr(protocol, "edition", lambda: protocol.Edition(1, "99.0", ours.build))
    client = engines.client(small_repository)
    # The new engine is this same program, so it is older again: take it as it is from then on.
    found = threading.Timer(0.2, lambda: monkeypatch.setattr(protocol, "edition", lambda: newer))
    found.start()
    assert client.call(STATUS, Nothing()).engine_pid != engine.pid
    found.join()
    engine.wait(5)
    assert paths(older, "greet") == ["src/greet.py"]


def test_a_client_that_vanishes_takes_back_its_own_call_only(
    engines: Engines, small_repository: SmallRepository
) -> None:
    steering = engines.client(small_repository)
    steering.call(PAUSE, Nothing())
    vanishing = engines.start_cli("index", str(small_repository.path))
    until(lambda: steering.call(STATUS, Nothing()).job is not None)
    staying = Waiting(engines.client(small_repository), INDEX, WORDS)
    vanishing.kill()
    vanishing.communicate()
    time.sleep(0.1)
    assert staying.running
    steering.call(RESUME, Nothing())
    report = staying.outcome()
    assert isinstance(report, IndexReport)
    assert report.commit == small_repository.head


def test_a_stopped_job_says_so_and_the_next_one_finishes_it(
    engines: Engines, small_repository: SmallRepository
) -> None:
    calling, job, steering = held(engines, small_repository)
    steering.call(STOP, Nothing())
    with pytest.raises(CancelledError):
        job.outcome()
    assert calling.call(INDEX, WORDS).words_complete


def test_an_engine_that_nobody_needs_leaves(engines: Engines, small_repository: SmallRepository) -> None:
    client = engines.client(small_repository, idle=0.3)
    client.call(INDEX, WORDS)
    engine = engines.process(client)
    time.sleep(1.2)
    assert engine.is_running(), "it left while a client was connected"
    client.close()
    engine.wait(8)
    assert not list((engines.runtime / "lorebase").glob("*.sock"))
    assert paths(client, "greet") == ["src/greet.py"]


def test_an_engine_whose_socket_was_removed_listens_again(
    engines: Engines, small_repository: SmallRepository
) -> None:
    client = engines.client(small_repository)
    pid = engines.process(client).pid
    (address,) = (engines.runtime / "lorebase").glob("*.sock")
    address.unlink()
    assert engines.client(small_repository).call(STATUS, Nothing()).engine_pid == pid
    assert client.call(STATUS, Nothing()).engine_pid == pid


def test_a_socket_of_somebody_else_is_not_spoken_to(
    engines: Engines, small_repository: SmallRepository
) -> None:
    client = engines.client(small_repository)
    (engines.runtime / "lorebase").mkdir(mode=0o700, exist_ok=True)
    Path(client._address).write_text("not a socket")
    with pytest.raises(client_module.LorebaseError, match="not a socket of yours"):
        client.call(STATUS, Nothing())


def test_a_running_engine_sees_a_commit_and_an_edit_by_itself(
    engines: Engines, small_repository: SmallRepository
) -> None:
    client = engines.client(small_repository, watching(0.1))
    client.call(INDEX, WORDS)
    small_repository.commit("Say goodbye", {"src/farewell.py": "def farewell(name):\n    return name\n"})
    until(lambda: paths(client, "farewell") == ["src/farewell.py"])
    small_repository.write({"src/edited.py": "def unfinished_business():\n    return 1\n"})
    until(lambda: paths(client, "unfinished_business") == ["src/edited.py"])


def test_a_question_starts_a_sync_where_nothing_watches(
    engines: Engines, small_repository: SmallRepository
) -> None:
    client = engines.client(small_repository)
    client.call(INDEX, WORDS)
    small_repository.commit("Say goodbye", {"src/farewell.py": "def farewell(name):\n    return name\n"})
    assert client.call(SEARCH, Query("farewell")).freshness.behind == 1
    until(lambda: client.call(SEARCH, Query("farewell")).freshness.behind == 0)


def test_a_catalog_of_a_newer_version_is_refused_and_not_touched(
    engines: Engines, small_repository: SmallRepository
) -> None:
    client = engines.client(small_repository)
    client.call(INDEX, WORDS)
    client.finish()
    file = client.location.index_dir / "catalog.db"
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(NewerSchemaError):
        client.call(SEARCH, Query("greet"))
    client.finish()
    assert file.read_bytes() == before


FTS_SYNTAX = (
    'what is "auth',
    "foo:bar",
    "O'Brien",
    "x?",
    "a AND (b OR",
    "*",
    "NEAR(",
    "-",
    "stem : greet",
    "^",
)
ODD_QUESTIONS = ("", " ", "\U0001f600\U0001f914", "greet " * 4000, "?" * 20_000, "\x00\x1b[31m", "a" * 20_000)


def test_T8_syntax_of_the_full_text_index_in_a_question_is_just_text(
    engines: Engines, small_repository: SmallRepository
) -> None:
    client = engines.client(small_repository)
    client.call(INDEX, WORDS)
    for text in FTS_SYNTAX:
        assert client.call(SEARCH, Query(text)).query == text
        assert answered_or_refused(client, text)
    assert "Traceback" not in (client.location.index_dir / LOG_NAME).read_text()


def test_T9_a_question_of_any_length_or_kind_is_answered_or_refused_with_a_hint(
    engines: Engines, small_repository: SmallRepository
) -> None:
    client = engines.client(small_repository)
    client.call(INDEX, WORDS)
    for text in ODD_QUESTIONS:
        assert isinstance(client.call(SEARCH, Query(text)).hits, tuple)
        assert answered_or_refused(client, text)
    assert "Traceback" not in (client.location.index_dir / LOG_NAME).read_text()


def test_an_engine_whose_index_was_thrown_away_leaves_and_makes_way(
    engines: Engines, small_repository: SmallRepository
) -> None:
    client = engines.client(small_repository)
    client.call(INDEX, WORDS)
    engine = engines.process(client)
    client.location.index_dir.rename(engines.runtime / "bin")
    engine.wait(10)
    assert paths(client, "greet") == ["src/greet.py"]


def test_S3_a_note_that_meets_an_engine_on_its_way_out_is_kept_once_by_the_next(
    engines: Engines, small_repository: SmallRepository
) -> None:
    forgetting, noting = engines.client(small_repository), engines.client(small_repository)
    for number in range(1, 6):
        noting.call(STATUS, Nothing())
        leaving = engines.process(noting).pid
        forgetting.call(FORGET, Forget(people=False))
        noting.call(NOTE_ADD, NoteDraft(f"Note {number}", "x"))
        assert engines.process(noting).pid != leaving
        assert len(noting.call(NOTE_LIST, Nothing()).notes) == number


def test_whoever_stops_waiting_is_told_that_the_job_goes_on(
    engines: Engines, small_repository: SmallRepository
) -> None:
    steering = engines.client(small_repository)
    steering.call(PAUSE, Nothing())
    waiting = engines.start_cli("index", str(small_repository.path))
    until(lambda: steering.call(STATUS, Nothing()).job is not None)
    time.sleep(0.3)  # it may have asked, and not listen yet
    waiting.send_signal(signal.SIGINT)
    out, err = waiting.communicate(timeout=10)
    assert (waiting.returncode, out) == (130, b"")
    assert b"goes on in the background" in err
    assert b"Traceback" not in err
    steering.call(RESUME, Nothing())
    assert steering.call(INDEX, WORDS).commit == small_repository.head


def test_a_folder_that_cannot_be_looked_at_does_not_fill_the_log(
    engines: Engines, small_repository: SmallRepository
) -> None:
    client = engines.client(small_repository, watching(0.05))
    client.call(INDEX, WORDS)
    small_repository.git_dir.rename(small_repository.path / "gone")
    time.sleep(2.5)
    assert client.call(SEARCH, Query("greet")).hits
    assert len((client.location.index_dir / LOG_NAME).read_text().splitlines()) < 20


def test_a_question_goes_on_from_a_kept_answer(engines: Engines, small_repository: SmallRepository) -> None:
    client = engines.client(small_repository)
    client.call(INDEX, WORDS)
    first = client.call(ASK, Question("What does `greet` do?"))
    second = client.call(ASK, Question("and who wrote that?", follows=first.kept_id))
    assert second.about == "`src/greet.py`, `greet`"
    assert client.call(ASK, Question("since when?", follows=second.kept_id)).about == second.about
    with pytest.raises(NotFoundError):
        client.call(ASK, Question("why?", follows="999999"))
