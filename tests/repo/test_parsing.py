"""The pool of parser processes: what it returns, and what a hang, a crash or a kill costs."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from indexer.errors import CancelledError, LorebaseError
from indexer.repo.languages import classify
from indexer.repo.parsing import ParseJob, ParsePool
from indexer.types import ParsedFile, ReadAs

ROOT = Path(__file__).parents[2]
SAMPLES = sorted(path for path in (Path(__file__).parent / "samples").iterdir() if path.suffix != ".outline")
STUB = "tests.repo.hanging_worker"
GOOD = b"def run(): pass\n"


def job(key: int, data: bytes, path: str = "src/a.py") -> ParseJob:
    return ParseJob(key, path, classify(path, {}), data)


def parsed(pool: ParsePool, *jobs: ParseJob) -> dict[int, ParsedFile]:
    results = list(pool.parse(jobs))
    assert len(results) == len(jobs)
    return dict(results)


def until(holds: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    return holds()


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture
def pool() -> Iterator[ParsePool]:
    pool = ParsePool(2, 2.0)
    yield pool
    pool.close()


@pytest.fixture
def fragile() -> Iterator[ParsePool]:
    """One worker that can be made to hang or to crash, and half a second a file."""
    pool = ParsePool(1, 0.5, module=STUB)
    yield pool
    pool.close()


# --------------------------------------------------------------------------------- results


def test_every_job_comes_back_once_under_its_key(pool: ParsePool) -> None:
    jobs = [job(key, path.read_bytes(), f"src/{path.name}") for key, path in enumerate(SAMPLES * 3)]
    results = parsed(pool, *jobs)
    assert sorted(results) == list(range(len(jobs)))
    assert all(result.chunks and not result.notice for result in results.values())
    assert all(len(result.symbols) > 3 for result in results.values())


def test_files_that_need_no_parser_come_back_with_their_reason_and_start_none(pool: ParsePool) -> None:
    results = parsed(pool, job(1, b"", "a.lock.py"), job(2, b"{}", "package-lock.json"), job(3, b"k", ".env"))
    assert results[2].skipped == "lock file"
    assert results[3].skipped == "may hold secrets, by its name"


def test_no_process_starts_before_there_is_work() -> None:
    pool = ParsePool(2, 2.0)
    assert list(pool.parse([])) == []
    assert pool.pids() == ()
    pool.close()


def test_texts_are_redacted_and_the_words_of_the_first_line_stand_apart(pool: ParsePool) -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    texts = [(7, f"Remove the token {token}"), (8, "Fix openSession\ud800\n\nIt leaked."), (9, "")]
    results = {key: (text, words, cut) for key, text, words, cut in pool.tokenize(texts)}
    assert token not in results[7][0]
    assert results[7][2][0].start_line == 1
    subject, rest = results[8][1].split("\n")
    assert {"fix", "opensession", "session"} <= set(subject.split())
    assert rest == "leak"
    assert results[9] == ("", "\n", ())


def test_files_and_texts_are_served_at_once_from_two_threads(pool: ParsePool) -> None:
    texts: list[int] = []

    def tokenize() -> None:
        texts.extend(key for key, *_ in pool.tokenize((key, f"Message {key}" * 50) for key in range(3_000)))

    thread = threading.Thread(target=tokenize)
    thread.start()
    results = parsed(pool, *(job(key, GOOD * 50) for key in range(300)))
    thread.join(30)
    assert sorted(results) == list(range(300))
    assert sorted(texts) == list(range(3_000))


def test_a_caller_that_is_stopped_leaves_a_pool_that_works(pool: ParsePool) -> None:
    calls = iter(range(1_000))

    def stop_soon() -> None:
        if next(calls) == 3:
            raise CancelledError("stopped")

    with pytest.raises(CancelledError):
        list(pool.parse((job(key, GOOD * 2_000) for key in range(2_000)), stop_soon))
    assert parsed(pool, job(1, GOOD))[1].symbols[0].name == "run"


def test_a_path_that_is_not_utf8_survives_the_journey_P2(pool: ParsePool) -> None:
    path = b"src/caf\xe9.py".decode("utf-8", "surrogateescape")
    assert parsed(pool, job(1, GOOD, path))[1].language == "python"


# ---------------------------------------------------------------------------------- faults


def test_F13_a_grammar_that_never_returns_is_ended_and_the_file_read_by_lines(fragile: ParsePool) -> None:
    started = time.monotonic()
    results = parsed(fragile, job(1, GOOD), job(2, b"x = 1\ny = 2\n"), job(3, GOOD))
    assert time.monotonic() - started < 20
    assert results[2].notice == "the parser took longer than 0.5 s: read by lines"
    assert results[2].read_as is ReadAs.LINES
    assert not results[2].late
    assert results[2].chunks[0].text == "x = 1\ny = 2"
    assert [results[key].symbols[0].name for key in (1, 3)] == ["run", "run"]


def test_F2_a_large_text_has_the_time_to_be_read_by_lines(fragile: ParsePool) -> None:
    text = "".join(
        f"The {number}th line of a log that nobody rotates says word{number}.\n" for number in range(50_000)
    )
    result = parsed(fragile, job(1, text.encode(), "var/app.log"))[1]
    assert result.lines == 50_000
    assert result.notice.startswith("larger than 1,000,000 bytes")


def test_F13_a_parser_that_sleeps_is_ended_by_the_clock(fragile: ParsePool) -> None:
    results = parsed(fragile, job(1, b"# sleep\n"), job(2, GOOD))
    told = "the parser was not done after 7.5 s on the clock, as on a busy machine: read by lines"
    assert results[1].notice == told
    assert [results[key].late for key in (1, 2)] == [True, False]
    assert results[2].symbols


def test_F11_a_hundred_thousand_brackets_cost_their_time_limit_at_most(fragile: ParsePool) -> None:
    deep = b"(" * 100_000 + b"\n" + b"pass\n" * 300
    balanced = b"x = " + b"(" * 100_000 + b"1" + b")" * 100_000 + b"\n" + b"pass\n" * 300
    results = parsed(fragile, job(1, deep), job(2, balanced), job(3, GOOD))
    assert results[1].chunks
    assert results[2].chunks
    assert results[3].symbols


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL])
def test_a_worker_that_dies_over_a_file_costs_that_file_its_parse_only(
    number: signal.Signals,
) -> None:
    pool = ParsePool(1, 60.0, module=STUB)

    def kill() -> None:
        assert until(lambda: bool(pool.pids()))
        (pid,) = pool.pids()
        assert until(lambda: psutil.Process(pid).cpu_times().user > 0.5)
        os.kill(pid, number)

    killer = threading.Thread(target=kill)
    killer.start()
    results = parsed(pool, job(1, GOOD), job(2, b"x = 1\n"), job(3, GOOD))
    killer.join()
    pool.close()
    assert results[2].notice == f"the parser crashed ({number.name}): read by lines"
    assert results[2].chunks
    assert results[1].symbols
    assert results[3].symbols


def test_a_file_that_crashes_twice_is_given_up_with_a_reason(fragile: ParsePool) -> None:
    results = parsed(fragile, job(1, b"# crash always\n"), job(2, GOOD))
    assert results[1].skipped == "could not be read: the parser crashed (SIGSEGV)"
    assert results[2].symbols


def test_an_idle_worker_killed_from_outside_costs_nothing(fragile: ParsePool) -> None:
    assert parsed(fragile, job(1, GOOD))[1].symbols
    (pid,) = fragile.pids()
    os.kill(pid, signal.SIGKILL)
    assert until(lambda: gone(pid))
    results = parsed(fragile, job(1, GOOD), job(2, GOOD))
    assert [(len(result.symbols), result.notice) for result in results.values()] == [(1, ""), (1, "")]


def test_a_process_that_cannot_be_started_is_an_error_and_no_heap_of_skipped_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    pool = ParsePool(1, 2.0)
    with pytest.raises(LorebaseError, match="could not be started"):
        parsed(pool, job(1, GOOD))
    monkeypatch.undo()
    assert parsed(pool, job(1, GOOD))[1].symbols
    pool.close()


def test_an_idle_worker_goes_and_comes_back_when_there_is_work() -> None:
    pool = ParsePool(1, 2.0, idle_seconds=0.2)
    assert parsed(pool, job(1, GOOD))[1].symbols
    assert until(lambda: pool.pids() == ())
    assert parsed(pool, job(1, GOOD))[1].symbols
    pool.close()


@pytest.mark.parametrize("busy", [False, True])
def test_workers_die_with_a_parent_that_is_killed(busy: bool) -> None:
    data = b"x = 1\n" if busy else GOOD
    program = (
        "import time\n"
        "from indexer.repo.languages import classify\n"
        "from indexer.repo.parsing import ParseJob, ParsePool\n"
        "import threading\n"
        f"pool = ParsePool(1, 2.0, module={STUB!r})\n"
        f"job = ParseJob(1, 'a.py', classify('a.py', {{}}), {data!r})\n"
        "threading.Thread(target=lambda: list(pool.parse([job])), daemon=True).start()\n"
        "while not pool.pids(): time.sleep(0.01)\n"
        "time.sleep(0.7)\n"
        "print(*pool.pids(), flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        (pid,) = map(int, parent.stdout.readline().split())
        assert not gone(pid)
        parent.kill()
        parent.wait()
        assert until(lambda: gone(pid), 20)


def test_closing_ends_all_workers_even_hung_ones() -> None:
    pool = ParsePool(1, 60.0, module=STUB)
    failed: list[BaseException] = []

    def parse() -> None:
        try:
            list(pool.parse([job(1, b"x = 1\n")]))
        except RuntimeError as error:
            failed.append(error)

    thread = threading.Thread(target=parse)
    thread.start()
    assert until(lambda: bool(pool.pids()))
    pids = pool.pids()
    pool.close()
    thread.join(10)
    assert not thread.is_alive()
    assert all(until(lambda pid=pid: gone(pid)) for pid in pids)
    assert failed


def test_modules_that_lie_in_the_current_folder_are_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("msgspec.py", "struct.py", "indexer.py", "sitecustomize.py"):
        (tmp_path / name).write_text(f"open({str(tmp_path / 'canary')!r}, 'w')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    pool = ParsePool(1, 2.0)
    assert parsed(pool, job(1, GOOD))[1].symbols
    pool.close()
    assert not (tmp_path / "canary").exists()


def test_a_worker_starts_without_grammars_and_heavy_libraries() -> None:
    heavy = ("tree_sitter_language_pack", "charset_normalizer", "numpy", "subprocess", "importlib.resources")
    program = f"import sys, indexer.repo.parse_worker; print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_worker_stays_below_ninety_megabytes_with_every_grammar_loaded() -> None:
    pool = ParsePool(2, 2.0)
    jobs = [job(key, path.read_bytes() * 10, f"src/{path.name}") for key, path in enumerate(SAMPLES)]
    parsed(pool, *jobs * 2)
    memory = [psutil.Process(pid).memory_full_info() for pid in pool.pids()]
    pool.close()
    assert max(getattr(each, "pss", each.rss) for each in memory) < 90_000_000
