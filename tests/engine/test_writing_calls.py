"""The language model through a real engine and the command line: streamed, taken back, never leaked."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from indexer.client import Client
from indexer.errors import CancelledError, EngineUnavailableError, WritingError
from indexer.launch import LOG_NAME
from indexer.location import locate
from indexer.pages import AskedName
from indexer.protocol import (
    ASK,
    KEPT,
    MODEL,
    MODEL_FIND,
    MODEL_KEY,
    SHOW_SENT,
    WRITE,
    Event,
    FindModels,
    GivenKey,
    KeyPlace,
    KeyWanted,
    Question,
    WriteWanted,
)
from indexer.settings import load_settings
from tests.asking import build_shop
from tests.conftest import SmallRepository
from tests.engine.conftest import Engines
from tests.model_server import PATIENCE, ModelServer, Reply, serving
from tests.writers import GOOD, KEY, MORE, QUESTION, REASON

pytestmark = pytest.mark.timeout(300)  # three engines load LlamaIndex, which a busy machine makes slow


@pytest.fixture(scope="module", autouse=True)
def no_keyring() -> Iterator[None]:
    """Keep the tests away from the keyring, and the keys, of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        for name in ("LOREBASE_MODEL_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]) -> SmallRepository:
    return build_shop(tmp_path_factory.mktemp("engine-written") / "shop", git_environment)


@pytest.fixture(scope="module")
def shared_server() -> Iterator[ModelServer]:
    with serving("openai", well) as server:
        yield server


@pytest.fixture
def server(shared_server: ModelServer) -> ModelServer:
    """One server for all tests, that writes well unless a test gives it another script."""
    shared_server.script = well
    shared_server.seen.clear()
    shared_server.left.clear()
    return shared_server


@pytest.fixture(scope="module")
def engines(engine_folders: tuple[Path, Path], shared_server: ModelServer) -> Iterator[Engines]:
    """One engine for most tests: to load what speaks to models takes seconds."""
    made = Engines(*engine_folders)
    made.data.joinpath("settings.toml").write_text(
        '[indexing]\nmodel = "none"\nwatch_seconds = 0.0\nparse_workers = 1\n'
        f'[model]\nprovider = "openai"\nname = "small-1"\nurl = "{shared_server.url}"\nidle_seconds = 15.0\n'
    )
    yield made
    made.end()


def well(reply: Reply) -> None:
    reply.say(f"{GOOD} [{reply.id_of(REASON)}]\n")
    reply.say(f"The bank is closed on Sundays. [{reply.id_of(REASON)}]\n")
    reply.say(f"{MORE} [{reply.id_of('checkout allows')}]")
    reply.end()


def hold(reply: Reply) -> None:
    reply.say(f"{GOOD} [{reply.id_of(REASON)}]\nMore")
    reply.wait_until_left()


def client_of(engines: Engines, shop: SmallRepository) -> Client:
    """Return a client of the engine that writes with the model of the shared server."""
    settings = load_settings({"LOREBASE_DATA": str(engines.data)})
    client = Client(locate(shop.path, settings), settings, str(engines.runtime))
    engines.clients.append(client)
    return client


def test_sentences_travel_as_events_and_the_whole_is_kept_for_the_thread(
    engines: Engines, shop: SmallRepository, server: ModelServer
) -> None:
    client = client_of(engines, shop)
    answer = client.call(ASK, Question(QUESTION))
    told: list[Event] = []
    page = client.call(SHOW_SENT, WriteWanted(answer.kept_id))
    assert server.seen == []
    done = client.call(WRITE, WriteWanted(answer.kept_id, page.sent_id), told.append)
    assert server.seen[0].body == page.body.encode()
    assert [each.written.text for each in told if each.written is not None] == [GOOD, MORE]
    assert done.written is not None
    assert done.written.dropped_count == 1
    kept = client.call(KEPT, AskedName(answer.kept_id)).answer
    assert (kept.written, kept.mode) == (done.written, "written")
    engines.process(client)


def test_M15_a_client_that_leaves_makes_the_engine_let_go_of_the_model(
    engines: Engines, shop: SmallRepository, server: ModelServer
) -> None:
    server.script = hold
    client = client_of(engines, shop)
    answer = client.call(ASK, Question(QUESTION))
    heard = threading.Event()
    thread = threading.Thread(target=_swallow, args=(client, answer.kept_id, heard))
    thread.start()
    assert heard.wait(PATIENCE)
    assert client_of(engines, shop).call(ASK, Question(QUESTION)).mode == "extracted", "questions go on"
    assert client._channel is not None
    client._channel.close()
    thread.join(PATIENCE)
    assert server.left.wait(PATIENCE)


def _swallow(client: Client, kept_id: str, heard: threading.Event) -> None:
    with suppress(CancelledError, EngineUnavailableError, OSError):
        client.call(WRITE, WriteWanted(kept_id), lambda _: heard.set())


def test_servers_on_this_machine_are_found_when_asked_for(
    engines: Engines, shop: SmallRepository, server: ModelServer
) -> None:
    def tags(reply: Reply) -> None:
        if reply.path == "/api/tags":
            reply.status(200, b'{"models": [{"name": "qwen3:8b"}, {"name": "llama3.2"}]}')
        else:
            reply.status(404, b"{}")

    def models(reply: Reply) -> None:
        if reply.path == "/v1/models":
            reply.status(200, b'{"object": "list", "data": [{"id": "local-model"}]}')
        else:
            reply.status(404, b"<html>", "text/html")

    with (
        serving("ollama", tags) as first,
        serving("openai", models) as second,
        serving("openai", lambda reply: reply.status(200, b"[1, 2]")) as third,
    ):
        ports = (first.port, second.port, third.port)
        found = client_of(engines, shop).call(MODEL_FIND, FindModels(ports))
    servers = {each.url: (each.provider, each.models) for each in found.servers}
    assert servers[f"http://127.0.0.1:{first.port}"] == ("ollama", ("qwen3:8b", "llama3.2"))
    assert servers[f"http://127.0.0.1:{second.port}/v1"] == ("openai", ("local-model",))
    assert not any(str(third.port) in url for url in servers)
    assert set(ports) < set(found.ports)
    assert server.seen == []


# ------------------------------------------------------------------------------ command line


def ask_of(engines: Engines, shop: SmallRepository, *more: str) -> tuple[int, str, str]:
    """Ask on the command line; return the exit code, and what was written, on one line each."""
    done = engines.cli("ask", QUESTION, "--repo", str(shop.path), *more)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def flat(text: str) -> str:
    """Return ``text`` without the line breaks of a terminal."""
    return " ".join(text.split())


def test_ask_write_streams_to_standard_error_and_prints_the_written_answer(
    engines: Engines, shop: SmallRepository, server: ModelServer
) -> None:
    code, out, err = ask_of(engines, shop, "--write")
    assert (code, err.splitlines()[-2:]) == (0, [GOOD, MORE])
    assert flat(out).count("A charge is retried up to three times because") == 1
    assert "written by small-1 (openai, 127.0.0.1:" in flat(out)
    assert "1 of its sentences dropped" in flat(out)
    code, out, _ = ask_of(engines, shop, "--write", "--json", "--quiet")
    form = json.loads(out)
    assert (code, form["mode"]) == (0, "written")
    assert [each["text"] for each in form["written"]["sentences"]] == [GOOD, MORE]
    assert all(each["citations"] for each in form["written"]["sentences"])
    assert form["written"]["model"].startswith("small-1")
    assert sum(form["written"]["dropped"].values()) == 1
    assert form["statements"]
    assert len(server.seen) == 2


def test_a_model_that_fails_leaves_the_extracted_answer_and_one_line(
    engines: Engines, shop: SmallRepository, server: ModelServer
) -> None:
    server.script = lambda reply: reply.refuse(500, "out of memory")
    code, out, err = ask_of(engines, shop, "--write")
    assert code == 0
    assert "extracted, no model" in flat(out)
    assert "The model's server failed by itself (500: out of memory)." in err
    assert "The extracted answer stands." in err


def test_M15_ctrl_c_ends_the_writing_and_leaves_the_extracted_answer(
    engines: Engines, shop: SmallRepository, server: ModelServer
) -> None:
    server.script = hold
    server.met.clear()
    command = engines.start_cli("ask", QUESTION, "--write", "--repo", str(shop.path))
    assert server.met.wait(PATIENCE)
    command.send_signal(signal.SIGINT)
    out, err = (each.decode() for each in command.communicate(timeout=PATIENCE))
    assert command.returncode == 0
    assert "extracted, no model" in flat(out)
    assert "Writing was stopped." in err
    assert server.left.wait(PATIENCE)


def test_show_sent_prints_the_exact_body_and_sends_nothing(
    engines: Engines, shop: SmallRepository, server: ModelServer
) -> None:
    code, out, err = ask_of(engines, shop, "--show-sent")
    assert server.seen == []
    assert code == 0
    asked = json.loads(out)
    assert asked["model"] == "small-1"
    assert REASON in asked["messages"][1]["content"]
    assert f"POST {server.url}/chat/completions" in err
    assert "It would stay on this machine" in err
    assert "Nothing was sent." in err


def test_a_batch_is_written_line_by_line(
    engines: Engines, shop: SmallRepository, server: ModelServer
) -> None:
    lines = b"".join(
        json.dumps({"id": number, "question": question}).encode() + b"\n"
        for number, question in enumerate((QUESTION, "What does the flux kubernetes operator reconcile?"))
    )
    done = engines.cli("ask", "--batch", "-", "--write", "--quiet", "--repo", str(shop.path), given=lines)
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first["answer"]["mode"] == "written"
    assert second["answer"]["mode"] == "extracted"
    assert "nothing to write from" in second["not_written"]["message"]


def test_K4_M16_a_key_given_to_an_engine_stays_in_its_memory(
    engines: Engines, shop: SmallRepository, server: ModelServer
) -> None:
    server.script = lambda reply: reply.refuse(401, f"Incorrect API key provided: {KEY}")
    client, repo = client_of(engines, shop), ("--repo", str(shop.path))
    given = engines.cli("model", "key", *repo, given=KEY.encode() + b"\n")
    assert given.stdout == b"The key is in the memory of the running engine.\n"
    assert b"This system has no keyring." in given.stderr
    assert client.call(MODEL, GivenKey()).key is KeyPlace.MEMORY
    with pytest.raises(WritingError) as caught:
        client.call(WRITE, WriteWanted(client.call(ASK, Question(QUESTION)).kept_id))
    assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"
    assert "[key]" in caught.value.message
    process = engines.process(client)
    assert not any(KEY in each for each in process.cmdline())
    assert client.call(MODEL_KEY, KeyWanted(forget=True)).place is KeyPlace.NOWHERE
    assert client.call(MODEL, GivenKey()).key is KeyPlace.NOWHERE
    assert (client.location.index_dir / LOG_NAME).is_file()
    for file in engines.data.rglob("*"):
        if file.is_file():
            assert KEY.encode() not in file.read_bytes(), f"{file} holds the key"


def test_the_model_commands_test_and_choose_a_model(
    engines: Engines, shop: SmallRepository, server: ModelServer
) -> None:
    def ready(reply: Reply) -> None:
        reply.say("ready")
        reply.end()

    server.script = ready
    repo = ("--repo", str(shop.path))
    assert b"The model answers: first word after" in engines.cli("model", "test", *repo).stdout
    assert engines.cli("model", "find", *repo, "--port", str(server.port)).returncode == 0
    assert engines.cli("model", "set", "gpt", "x").returncode == 2
    assert engines.cli("model", "set", "ollama").returncode == 2
    before = (engines.data / "settings.toml").read_text()
    try:
        abroad = "https://models.example.com/v1"
        assert engines.cli("model", "set", "openai", "big-1", "--url", abroad).returncode == 0
        shown = engines.json("model", *repo)
        assert (shown["name"], shown["on_this_machine"], shown["key"]) == ("big-1", False, "nowhere")
        assert engines.cli("model", "set", "off").returncode == 0
        assert b"off; answers are quoted, not written" in engines.cli("model", *repo).stdout
        code, out, err = ask_of(engines, shop, "--write")
        assert (code, "No language model is turned on." in err) == (0, True)
        assert REASON in flat(out)
    finally:
        (engines.data / "settings.toml").write_text(before)
        client_of(engines, shop).finish()


def test_the_local_only_mark_outlives_the_engine(
    engines: Engines, shop: SmallRepository, server: ModelServer
) -> None:
    repo = ("--repo", str(shop.path))
    assert engines.json("model", "local-only", "on", *repo)["local_only"] is True
    assert client_of(engines, shop).finish()
    assert engines.json("model", *repo)["local_only"] is True
    assert engines.json("model", "local-only", "off", *repo)["local_only"] is False
    assert engines.cli("model", "local-only", "perhaps", *repo).returncode == 2


def test_M15_an_engine_that_is_asked_to_leave_does_not_wait_for_a_model(
    engines: Engines, shop: SmallRepository, server: ModelServer
) -> None:
    server.script = hold
    client = client_of(engines, shop)
    answer = client.call(ASK, Question(QUESTION))
    process = engines.process(client)
    heard = threading.Event()
    thread = threading.Thread(target=_swallow, args=(client, answer.kept_id, heard))
    thread.start()
    assert heard.wait(PATIENCE)
    assert client_of(engines, shop).finish()
    assert server.left.wait(PATIENCE)
    thread.join(PATIENCE)
    psutil.wait_procs([process], timeout=PATIENCE)
    assert not process.is_running()
