"""Lines are read bounded and taken apart: time, level, message, whatever wrote them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.guide.logs.lines import MOST_OF_LINE, LineSource, NotALogError, open_file, open_text
from indexer.guide.logs.records import read_record
from indexer.guide.logs.stamps import Stamps
from indexer.shapes.logs import Level, LogForm

NOW = 1_790_000_000.0  # 2026-09-21
NOON = 1_788_264_000.0  # 2026-09-01 12:00:00

Opened = Callable[[Path], LineSource]


@pytest.fixture
def opened() -> Iterator[Opened]:
    """Open a log that is closed at the end."""
    sources: list[LineSource] = []

    def open_it(file: Path) -> LineSource:
        sources.append(open_file(str(file)))
        return sources[-1]

    yield open_it
    for each in sources:
        each.stream.close()


TIMES = [
    "2026-09-01 12:00:00,000 INFO x",
    "2026-09-01T12:00:00Z x",
    "2026-09-01T14:00:00.000+02:00 x",
    "[01/Sep/2026:12:00:00 +0000] x",
    "[Tue Sep 01 12:00:00.000 2026] [error] x",
    "Sep  1 12:00:00 host app[12]: x",
    "I0901 12:00:00.000000 1 main.go:3] x",
    "01.09.2026 12:00:00 x",
    "26/09/01 12:00:00 INFO x",
    "260901 120000 123 INFO x",
    "01-Sep-2026 12:00:00.000 INFO x",
    "1788264000.000 x",
    "1788264000000 x",
    '{"ts":1788264000.0,"level":"info","msg":"x"}',
    '{"time":"2026-09-01T12:00:00Z","level":30,"msg":"x"}',
    'time=2026-09-01T12:00:00Z level=info msg="x"',
]


@pytest.mark.parametrize("line", TIMES)
def test_a_time_is_read_in_the_ways_in_which_logs_write_it(line: str) -> None:
    assert read_record(line, Stamps(NOW)).moment == NOON


def test_a_time_without_a_year_is_the_last_such_day_before_the_file() -> None:
    moment = read_record("Dec 24 18:00:00 host app: x", Stamps(NOW)).moment
    assert moment is not None
    assert NOW - 366 * 86_400 < moment < NOW


LEVELS = [
    ("2026-09-01 12:00:00 ERROR a.b: it broke", Level.ERROR, "a.b: it broke"),
    ("[2026-09-01 12:00:00: WARNING/MainProcess] it broke", Level.WARNING, "it broke"),
    ("<11>1 2026-09-01T12:00:00Z host app 12 - - it broke", Level.ERROR, "it broke"),
    ("warn: it broke", Level.WARNING, "it broke"),
    ("fail: Shop.Cart[0]", Level.ERROR, "Shop.Cart[0]"),
    ('{"level":50,"msg":"it broke"}', Level.ERROR, "it broke"),
    ('{"levelname":"CRITICAL","message":"it broke"}', Level.FATAL, "it broke"),
    ('level=warn ts=1 msg="it broke"', Level.WARNING, "it broke"),
    ('{"log":"2026-09-01 12:00:00 ERROR it broke\\n","stream":"stderr","time":"2026-09-01T12:00:00Z"}',
     Level.ERROR, "it broke"),
    ("web_1  | 2026-09-01 12:00:00 ERROR it broke", Level.ERROR, "it broke"),
    ('1.2.3.4 - - [01/Sep/2026:12:00:00 +0000] "GET /x HTTP/1.1" 503 12', Level.ERROR,
     '"GET /x HTTP/1.1" 503 12'),
]  # fmt: skip


@pytest.mark.parametrize(("line", "level", "message"), LEVELS)
def test_level_and_message_are_told_apart(line: str, level: Level, message: str) -> None:
    record = read_record(line, Stamps(NOW))
    assert (record.level, record.message) == (level, message)


def test_json_that_is_none_is_a_plain_line() -> None:
    assert read_record('{"msg": broken', Stamps(NOW)).form is LogForm.PLAIN


# ------------------------------------------------------------------------------- bad input


def test_f1_what_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "app.log"
    file.write_bytes(bytes(range(256)) * 400)
    with pytest.raises(NotALogError, match="not text"):
        open_file(str(file))


def test_f15_a_pipe_is_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotALogError, match="no regular file"):
        open_file(str(tmp_path / "pipe"))


def test_f14_a_file_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(NotALogError, match="no such file"):
        open_file(str(tmp_path / "gone.log"))


def test_f4_a_line_without_end_is_cut_and_counted(tmp_path: Path, opened: Opened) -> None:
    file = tmp_path / "app.log"
    file.write_bytes(b"first\n" + b"x" * 5_000_000 + b"\nlast\n")
    source = opened(file)
    lines = [line for batch in source.batches() for line in batch]
    assert [len(line) for line in lines] == [5, MOST_OF_LINE, 4]
    assert (source.lines, source.shortened) == (3, 1)


def test_f14_a_file_that_shrinks_while_it_is_read_ends_early(tmp_path: Path, opened: Opened) -> None:
    file = tmp_path / "app.log"
    file.write_bytes(b"a line\n" * 400_000)
    source = opened(file)
    batches = source.batches()
    next(batches)
    os.truncate(file, 10)
    list(batches)
    assert any("shorter" in notice for notice in source.notices)


def test_f14_what_is_written_meanwhile_is_not_waited_for(tmp_path: Path, opened: Opened) -> None:
    file = tmp_path / "app.log"
    file.write_bytes(b"a line\n" * 10)
    source = opened(file)
    with file.open("ab") as more:
        more.write(b"another\n" * 10)
    assert sum(map(len, source.batches())) == 10
    assert source.grew()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_f6_a_log_in_utf_16_is_read(tmp_path: Path, encoding: str, opened: Opened) -> None:
    file = tmp_path / "app.log"
    file.write_bytes(("2026-09-01 12:00:00 ERROR größer\n" * 20).encode(encoding))
    lines = [line for batch in opened(file).batches() for line in batch]
    assert len(lines) == 20
    assert lines[3].decode() == "2026-09-01 12:00:00 ERROR größer"


def test_f10_an_empty_log_has_no_lines() -> None:
    assert list(open_text("").batches()) == []
