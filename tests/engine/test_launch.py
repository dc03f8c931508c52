"""How an engine is started by whoever needs one, and found, and named when it cannot be."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from indexer.errors import EngineUnavailableError
from indexer.launch import Ready, Start, last_words, start_message
from indexer.location import socket_path
from indexer.lock import Holder, IndexLock, holder
from indexer.transport import connect, listen
from tests.conftest import SmallRepository
from tests.engine.conftest import ROOT, Engines


def test_a_front_can_start_an_engine_as_a_child_that_ends_at_once(
    engines: Engines, small_repository: SmallRepository
) -> None:
    client = engines.client(small_repository)
    start = start_message(
        client.location, engines.settings(), socket_path(client.location, str(engines.runtime))
    )
    done = subprocess.run(
        [sys.executable, "-m", "indexer.launch"],
        input=msgspec.json.encode(start),
        capture_output=True,
        cwd=ROOT,
        check=True,
        timeout=30,
    )
    ready = msgspec.json.decode(done.stdout, type=Ready)
    assert ready.code == ""
    assert engines.process(client).pid == ready.pid
    again = subprocess.run(
        [sys.executable, "-m", "indexer.launch"],
        input=msgspec.json.encode(start),
        capture_output=True,
        cwd=ROOT,
        check=True,
        timeout=30,
    )
    assert msgspec.json.decode(again.stdout, type=Ready).code == "LockedError"


def test_a_folder_whose_name_is_not_UTF8_reaches_the_engine_whole(
    engines: Engines, small_repository: SmallRepository
) -> None:
    odd = Path(os.fsdecode(os.fsencode(small_repository.path.parent) + b"/caf\xe9 \n folder"))
    small_repository.path.rename(odd)
    client = engines.client(odd)
    start = start_message(client.location, engines.settings(), "x")
    again = msgspec.json.decode(msgspec.json.encode(start), type=Start)
    assert again.location == client.location
    report = engines.json("index", os.fsencode(odd))
    assert report["files"] == 2
    facts = engines.json("status", "--repo", os.fsencode(odd))["repository"]
    assert isinstance(facts, dict)
    assert "caf\\xe9 \n folder" in facts["common_dir"]
    assert engines.cli("status", "--repo", os.fsencode(odd)).returncode == 0


def test_a_lock_is_held_by_one_and_free_again_after_its_release(tmp_path: Path) -> None:
    lock, other = IndexLock(tmp_path), IndexLock(tmp_path)
    assert lock.acquire("here")
    assert not other.acquire("there")
    found = holder(tmp_path)
    assert found is not None
    assert (found.pid, found.address, found.host) == (os.getpid(), "here", socket.gethostname())
    lock.release()
    assert holder(tmp_path) is None
    assert other.acquire("there")
    other.release()


def test_a_holder_that_is_dead_is_nobody(tmp_path: Path) -> None:
    (tmp_path / "engine.json").write_bytes(
        msgspec.json.encode(Holder(os.getpid(), 5.0, socket.gethostname(), "x"))
    )
    assert holder(tmp_path) is None


def test_bytes_travel_whole_over_the_transport(tmp_path: Path, engines: Engines) -> None:
    address = str(engines.runtime / "t.sock")
    listener = listen(address, tmp_path)
    assert listener.present()
    here = connect(address, tmp_path, 5.0)
    there = listener.accept()
    here.send(b"x" * 100_000)
    received = b""
    while len(received) < 100_000:
        received += there.receive()
    assert received == b"x" * 100_000
    here.close()
    assert there.receive() == b""
    there.close()
    listener.close()
    assert not Path(address).exists()
    with pytest.raises(OSError, match="No such file"):
        connect(address, tmp_path, 1.0)


def test_what_stands_at_the_address_must_be_a_socket(tmp_path: Path) -> None:
    (tmp_path / "a.sock").write_text("")
    with pytest.raises(EngineUnavailableError):
        connect(str(tmp_path / "a.sock"), tmp_path, 1.0)


def test_the_last_words_of_an_engine_end_the_sentence(tmp_path: Path) -> None:
    log = tmp_path / "engine.log"
    assert last_words(log) == "."
    log.write_text("one\nImportError: no module\n\n")
    assert last_words(log) == ": ImportError: no module"
