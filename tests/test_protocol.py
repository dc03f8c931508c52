"""What travels between engine and client is checked in both directions, and bounded."""

import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import indexer
from indexer import protocol
from indexer.errors import (
    CancelledError,
    EngineUnavailableError,
    LockedError,
    LorebaseError,
    NewerSchemaError,
    ProtocolError,
    UsageError,
)
from indexer.protocol import Edition, Event, Lines, Request
from indexer.types import (
    ChunkCounts,
    ChunkKind,
    FoundBy,
    Freshness,
    Hit,
    IndexReport,
    Phase,
    Progress,
    Query,
    SearchResult,
    Skipped,
)

FRESH = Freshness("a" * 40, "b" * 40, 3, True, True, 10, 4, ("a notice",))


def test_the_version_is_that_of_the_package() -> None:
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))
    assert indexer.__version__ == project["project"]["version"]


def test_a_request_comes_back_as_it_was_sent() -> None:
    query = Query('what is "auth\x1b\u202e\U0001f600', 5, (ChunkKind.CODE, ChunkKind.NOTE))
    message = protocol.client_message(protocol.request_line(7, protocol.SEARCH, query).strip())
    assert isinstance(message, Request)
    assert (message.id, message.method) == (7, "search")
    assert protocol.params_of(protocol.SEARCH, message.params) == query


def test_a_result_comes_back_as_it_was_sent() -> None:
    hit = Hit(
        "a.py", 1, 2, ChunkKind.CODE, "f", "c" * 40, 0.5, (FoundBy.WORDS, FoundBy.VECTOR), "def f()\x00"
    )
    found = SearchResult("f", (hit,), FRESH, 0.01, ("words only",))
    message = protocol.engine_message(protocol.result_line(1, found).strip())
    assert isinstance(message, protocol.ResultMessage)
    assert protocol.result_of(protocol.SEARCH, message.result) == found


def test_a_report_and_progress_come_back_as_they_were_sent() -> None:
    report = IndexReport(
        None, 3, ChunkCounts(1, 2, 3, 4), 5, 6, (Skipped("a", "binary"),), {"parse": 0.5}, True, False, ("n",)
    )
    message = protocol.engine_message(protocol.result_line(1, report).strip())
    assert isinstance(message, protocol.ResultMessage)
    assert protocol.result_of(protocol.INDEX, message.result) == report
    event = Event(Progress(Phase.EMBED, 1, 2, "passages", "x", 3.0, (1.0, 2.0), True), "hello")
    back = protocol.engine_message(protocol.event_line(9, event).strip())
    assert back == protocol.EventMessage(9, event)


@pytest.mark.parametrize(
    "kind",
    [UsageError, LockedError, NewerSchemaError, EngineUnavailableError, CancelledError, ProtocolError],
)
def test_an_error_keeps_its_class_text_and_exit_code(kind: type[LorebaseError]) -> None:
    sent = kind("It failed \udcff.", "Do this.")
    message = protocol.engine_message(protocol.failure_line(4, sent).strip())
    assert isinstance(message, protocol.FailureMessage)
    assert type(message.error) is kind
    assert message.error.message == "It failed \\udcff."
    assert message.error.hint == "Do this."
    assert message.error.exit_code == kind.exit_code


def test_an_error_of_a_newer_engine_is_still_an_error() -> None:
    line = b'{"id":1,"error":{"code":"FromTheFutureError","message":"m","hint":"h","more":1}}'
    message = protocol.engine_message(line)
    assert isinstance(message, protocol.FailureMessage)
    assert (type(message.error), message.error.message) == (LorebaseError, "m")


@pytest.mark.parametrize(
    "params", [b'{"text":1}', b'{"limit":5}', b'{"text":"x","kinds":["poem"]}', b"[]", b"nonsense"]
)
def test_wrong_parameters_are_refused(params: bytes) -> None:
    with pytest.raises(ProtocolError, match="parameters of search"):
        protocol.params_of(protocol.SEARCH, params)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"GET / HTTP/1.1",
        b"\xff\xfe\x00",
        b"{}",
        b"[]",
        b'{"id":1}',
        b'{"id":"1","method":"ask"}',
        b'{"method":"ask"}',
        b'{"hello":{"edition":{}}}',
        b'{"a":' * 100_000,
    ],
)
def test_a_line_that_is_none_of_ours_is_refused(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        protocol.client_message(line)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_a_protocol_error(line: bytes) -> None:
    for read in (protocol.client_message, protocol.engine_message):
        try:
            read(line)
        except ProtocolError:
            continue


@given(
    st.lists(st.binary(min_size=1, max_size=40).filter(lambda part: b"\n" not in part)), st.integers(1, 50)
)
def test_lines_come_out_whole_however_the_stream_is_cut(lines: list[bytes], size: int) -> None:
    stream = b"".join(line + b"\n" for line in lines)
    reader = Lines()
    found = [
        line for start in range(0, len(stream), size) for line in reader.feed(stream[start : start + size])
    ]
    assert found == lines


def test_a_line_beyond_the_limit_is_refused_before_it_is_kept() -> None:
    reader = Lines(limit=1000)
    assert list(reader.feed(b"x" * 900)) == []
    with pytest.raises(ProtocolError, match="longer than 1,000 bytes"):
        list(reader.feed(b"x" * 900))


def test_a_message_that_is_too_long_is_named_by_the_sender() -> None:
    with pytest.raises(ProtocolError, match="longer than"):
        protocol.result_line(1, "x" * (protocol.MAX_LINE + 1))


def test_every_method_can_describe_its_parameters_and_its_result() -> None:
    for name, method in protocol.METHODS.items():
        assert method.name == name
        msgspec.json.schema(method.params)
        msgspec.json.schema(method.result)


@pytest.mark.parametrize(
    ("ours", "theirs", "newer"),
    [
        (Edition(1, "0.2.0"), Edition(1, "0.1.9"), True),
        (Edition(1, "0.10.0"), Edition(1, "0.9.0"), True),
        (Edition(1, "0.1.0", 5), Edition(1, "0.1.0", 4), True),
        (Edition(1, "0.1.0", 5), Edition(1, "0.1.0", 5), False),
        (Edition(1, "0.1.0", 9), Edition(1, "0.2.0", 1), False),
    ],
)
def test_the_newer_program_is_told_by_version_then_by_build(
    ours: Edition, theirs: Edition, newer: bool
) -> None:
    assert ours.newer_than(theirs) is newer
