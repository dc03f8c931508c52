"""One job, many who wait for it: milestones, joining, pausing, stopping, and questions first."""

import threading
import time
from collections.abc import Callable

import pytest

from indexer.errors import CancelledError, StorageError
from indexer.jobs import LONGEST_REST, QUIET_SECONDS, IndexJob, Milestone, QuestionGate, Waiter
from indexer.types import ChunkCounts, Control, IndexReport, Phase, Progress

PATIENCE = 5.0


class Work:
    """Steps that do nothing but take time, and count what was done."""

    def __init__(self, batches: int = 10, seconds: float = 0.01) -> None:
        self.batches = batches
        self.seconds = seconds
        self.rounds = 0
        self.embedded = 0
        self.published = threading.Event()
        self.failure: Exception | None = None

    def words(self, control: Control) -> IndexReport:
        control.checkpoint()
        control.report(Progress(Phase.PARSE, 1, 1, "files"))
        self.rounds += 1
        if self.failure is not None:
            raise self.failure
        return self._report({"parse": 0.5})

    def embed(self, control: Control) -> IndexReport:
        made = 0
        while self.embedded < self.batches:
            control.checkpoint()
            time.sleep(self.seconds)
            self.embedded += 1
            made += 1
            control.report(Progress(Phase.EMBED, made, made + self.batches - self.embedded, "passages"))
        return self._report({"embed": 0.5}, made)

    def publish(self, control: Control) -> None:
        control.checkpoint()
        self.published.set()

    def _report(self, seconds: dict[str, float], made: int = 0) -> IndexReport:
        return IndexReport("c", self.rounds, ChunkCounts(), made, 0, (), seconds)


class Caller:
    """Waits for a milestone and keeps what it is told."""

    def __init__(self, milestone: Milestone) -> None:
        self.told: list[Progress] = []
        self.report: IndexReport | None = None
        self.error: Exception | None = None
        self._over = threading.Event()
        self.waiter = Waiter(milestone, self.told.append, self._done, self._failed)

    def result(self) -> IndexReport:
        assert self._over.wait(PATIENCE), "the waiter was never called"
        assert self.report is not None, self.error
        return self.report

    def failure(self) -> Exception:
        assert self._over.wait(PATIENCE), "the waiter was never called"
        assert self.error is not None
        return self.error

    @property
    def over(self) -> bool:
        return self._over.is_set()

    def _done(self, report: IndexReport) -> None:
        self.report = report
        self._over.set()

    def _failed(self, error: Exception) -> None:
        self.error = error
        self._over.set()


def job(work: Work, gate: QuestionGate | None = None) -> IndexJob:
    return IndexJob(lambda: work, gate or QuestionGate(), lambda _: None)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.002)


def test_who_waits_for_words_is_let_go_before_vectors_are_made() -> None:
    work = Work(batches=1000)
    jobs, caller = job(work), Caller(Milestone.WORDS)
    jobs.join(caller.waiter)
    caller.result()
    assert work.embedded < 1000
    assert jobs.close(PATIENCE)


def test_a_second_caller_joins_and_gets_the_report_of_the_same_job() -> None:
    work = Work(batches=20)
    jobs, first, second = job(work), Caller(Milestone.COMPLETE), Caller(Milestone.COMPLETE)
    jobs.join(first.waiter)
    until(lambda: work.embedded > 3)
    jobs.join(second.waiter)
    report = first.result()
    assert second.result() is report
    assert report.embedded == 20
    assert work.rounds == 2, "what came while vectors were made must look at the repository again"
    assert report.seconds["parse"] == 1.0
    assert report.seconds["embed"] > 0.5
    assert work.published.wait(PATIENCE)


def test_a_paused_job_stands_still_until_it_is_resumed() -> None:
    work = Work(batches=30)
    jobs, caller = job(work), Caller(Milestone.COMPLETE)
    jobs.join(caller.waiter)
    until(lambda: work.embedded > 2)
    jobs.pause()
    time.sleep(0.05)
    stood = work.embedded
    time.sleep(0.1)
    assert work.embedded <= stood + 1
    assert jobs.latest is not None
    assert jobs.latest.paused
    jobs.resume()
    assert caller.result().embedded == 30
    assert any(each.paused for each in caller.told)


def test_a_stopped_job_tells_its_callers_and_the_next_one_goes_on_from_there() -> None:
    work = Work(batches=50)
    jobs, caller = job(work), Caller(Milestone.COMPLETE)
    jobs.join(caller.waiter)
    until(lambda: work.embedded > 2)
    jobs.stop()
    assert isinstance(caller.failure(), CancelledError)
    until(lambda: not jobs.running)
    kept = work.embedded
    again = Caller(Milestone.COMPLETE)
    jobs.join(again.waiter)
    assert again.result().embedded == 50 - kept


def test_a_paused_job_can_be_stopped() -> None:
    work = Work(batches=50)
    jobs, caller = job(work), Caller(Milestone.COMPLETE)
    jobs.join(caller.waiter)
    until(lambda: work.embedded > 0)
    jobs.pause()
    jobs.stop()
    assert isinstance(caller.failure(), CancelledError)


def test_work_waits_while_a_question_runs() -> None:
    gate = QuestionGate()
    work = Work(batches=1000, seconds=0.001)
    jobs, caller = job(work, gate), Caller(Milestone.COMPLETE)
    jobs.join(caller.waiter)
    until(lambda: work.embedded > 0)
    with gate.question():
        time.sleep(0.02)
        stood = work.embedded
        time.sleep(0.1)
        assert work.embedded <= stood + 1
    until(lambda: work.embedded > stood + 1)
    jobs.close(PATIENCE)


def test_what_only_later_questions_need_waits_until_nobody_asks_any_more() -> None:
    gate = QuestionGate()
    began = time.monotonic()
    gate.rest(PATIENCE)
    assert time.monotonic() - began < QUIET_SECONDS
    ended: list[float] = []

    def ask() -> None:
        for _ in range(4):
            with gate.question():
                time.sleep(0.02)
                ended.append(time.monotonic())
            time.sleep(0.05)

    asking = threading.Thread(target=ask)
    asking.start()
    until(lambda: bool(ended))
    gate.rest(PATIENCE)
    rested = time.monotonic()
    asking.join()
    assert len(ended) == 4
    assert rested - ended[-1] >= QUIET_SECONDS


def test_who_asks_without_a_pause_does_not_hold_it_for_ever() -> None:
    gate = QuestionGate()
    with gate.question():
        began = time.monotonic()
        gate.rest(0.1)
        assert 0.1 <= time.monotonic() - began < PATIENCE


def test_what_is_read_ahead_does_not_begin_between_two_questions() -> None:
    gate, work = QuestionGate(), Work()
    jobs, caller = job(work, gate), Caller(Milestone.COMPLETE)
    with gate.question():
        jobs.join(caller.waiter)
        time.sleep(0.05)
    asked = time.monotonic()
    assert work.published.wait(PATIENCE)
    assert time.monotonic() - asked >= QUIET_SECONDS
    jobs.close(PATIENCE)


def test_questions_without_a_pause_hold_up_what_is_read_ahead_for_a_while_only() -> None:
    class Ahead(Work):
        def publish(self, control: Control) -> None:
            for _ in range(20):
                control.checkpoint()
            self.published.set()

    gate, work = QuestionGate(), Ahead()
    jobs, caller = job(work, gate), Caller(Milestone.COMPLETE)
    jobs.join(caller.waiter)
    end = time.monotonic() + LONGEST_REST + PATIENCE
    while not work.published.is_set():
        assert time.monotonic() < end, "nothing is read ahead while somebody asks"
        with gate.question():
            time.sleep(0.01)
        time.sleep(0.01)
    jobs.close(PATIENCE)


def test_what_a_job_brings_while_the_one_before_is_published_is_published_too() -> None:
    class Slow(Work):
        times = 0
        go_on = threading.Event()

        def publish(self, control: Control) -> None:
            self.times += 1
            self.published.set()
            assert self.go_on.wait(PATIENCE)

    work = Slow(batches=1)
    jobs, first, second = job(work), Caller(Milestone.COMPLETE), Caller(Milestone.COMPLETE)
    jobs.join(first.waiter)
    assert work.published.wait(PATIENCE)
    until(lambda: not jobs.indexing)
    # Whoever watches for a new commit starts the next job without waiting for it.
    assert jobs.running
    jobs.join(second.waiter)
    second.result()
    until(lambda: jobs.latest is None)
    time.sleep(0.05)
    work.go_on.set()
    until(lambda: not jobs.running)
    assert work.times == 2


def test_a_caller_who_leaves_is_not_called_and_the_job_goes_on() -> None:
    work = Work(batches=20)
    jobs, leaving, staying = job(work), Caller(Milestone.COMPLETE), Caller(Milestone.COMPLETE)
    jobs.join(leaving.waiter)
    jobs.join(staying.waiter)
    jobs.leave(leaving.waiter)
    assert staying.result().embedded == 20
    assert not leaving.over


def test_every_caller_of_a_failed_job_is_told_and_the_next_job_starts_anew() -> None:
    work = Work()
    work.failure = StorageError("The disk is full.")
    jobs, caller = job(work), Caller(Milestone.WORDS)
    jobs.join(caller.waiter)
    assert caller.failure() is work.failure
    work.failure = None
    again = Caller(Milestone.WORDS)
    jobs.join(again.waiter)
    again.result()
    jobs.close(PATIENCE)


def test_a_closed_job_refuses_and_says_so() -> None:
    jobs, caller = job(Work()), Caller(Milestone.WORDS)
    assert jobs.close(PATIENCE)
    jobs.join(caller.waiter)
    assert isinstance(caller.failure(), CancelledError)


def test_rate_and_time_left_are_filled_in_where_the_work_does_not_count_them() -> None:
    work = Work(batches=1000, seconds=0.002)
    jobs, caller = job(work), Caller(Milestone.COMPLETE)
    jobs.join(caller.waiter)
    until(lambda: jobs.latest is not None and jobs.latest.seconds_left is not None)
    latest = jobs.latest
    assert latest is not None
    assert latest.seconds_left is not None
    assert latest.rate > 0
    assert latest.seconds_left[0] < latest.seconds_left[1]
    jobs.close(PATIENCE)


@pytest.mark.parametrize("callers", [8])
def test_many_callers_at_once_start_one_job(callers: int) -> None:
    work = Work(batches=30)
    jobs = job(work)
    waiting = [Caller(Milestone.COMPLETE) for _ in range(callers)]
    threads = [threading.Thread(target=jobs.join, args=(each.waiter,)) for each in waiting]
    for thread in threads:
        thread.start()
    reports = {id(each.result()) for each in waiting}
    assert len(reports) == 1
    assert work.embedded == 30
