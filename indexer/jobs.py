"""The one index job of an engine: who waits for it, and how it is paused, stopped and held back."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Protocol

from indexer.errors import CancelledError
from indexer.types import Control, IndexReport, Phase, Progress

LONGEST_YIELD = 5.0
"""Seconds that a job waits for questions at one checkpoint: a client that asks without a pause
slows the job down, but cannot hold it for ever."""

QUIET_SECONDS = 0.3
"""For which nobody asked before the work begins that only later questions need: whoever types, or reads a
list of questions out, asks again within that time.
"""
LONGEST_REST = 2.0
"""Seconds that such work waits for quiet, all its checkpoints together."""

REPORT_EVERY = 0.1
"""Seconds between two reports of one phase: faster ones cost more than they tell."""

NICENESS = 10
"""How much lower the job's priority is than that of a question."""


class Milestone(IntEnum):
    """What a caller waits for, in the order in which a job gets there."""

    WORDS = 1
    COMPLETE = 2


class Steps(Protocol):
    """The work itself, in three parts of which each can be stopped and taken up again."""

    def words(self, control: Control) -> IndexReport:
        """Make HEAD and the working copy searchable by words."""

    def embed(self, control: Control) -> IndexReport:
        """Store every missing vector."""

    def publish(self, control: Control) -> None:
        """Build what makes vector search fast; nobody waits for it."""


class Watcher(Protocol):
    """Whoever is told of every job, whether or not it waits for one; nothing here may block."""

    def progress(self, where: Progress) -> None:
        """Hear where a job stands."""

    def job_ended(self, report: IndexReport | None, error: Exception | None) -> None:
        """Hear how a job ended."""


class QuestionGate:
    """Lets questions go first: work in the background waits while one is answered."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running = 0
        self._ended = float("-inf")

    @contextmanager
    def question(self) -> Iterator[None]:
        """Hold background work back within this block."""
        with self._changed:
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._ended = time.monotonic()
                self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Return when no question runs, or after ``seconds``."""
        with self._changed:
            self._changed.wait_for(lambda: not self._running, seconds)

    def rest(self, longest: float) -> None:
        """Return when nobody has asked for QUIET_SECONDS, or after ``longest`` seconds."""
        until = time.monotonic() + longest
        with self._changed:
            while (now := time.monotonic()) < until:
                left = until - now if self._running else self._ended + QUIET_SECONDS - now
                if left <= 0:
                    return
                self._changed.wait(min(left, until - now))


@dataclass(frozen=True, slots=True, eq=False)
class Waiter:
    """Somebody who waits for a milestone. Exactly one of ``done`` and ``failed`` is called, once,
    unless the waiter leaves first; none of the three may block.
    """

    milestone: Milestone
    progress: Callable[[Progress], None]
    done: Callable[[IndexReport], None]
    failed: Callable[[Exception], None]


class IndexJob:
    """At most one job at a time; who asks while it runs joins it.

    A request that comes while vectors are made sends the job back to its first step, which is
    short when nothing changed, so that the report speaks of the repository as it is now.
    """

    def __init__(
        self,
        steps: Callable[[], Steps],
        gate: QuestionGate,
        trouble: Callable[[Exception], None],
        watcher: Watcher | None = None,
    ) -> None:
        self._watcher = watcher
        self._steps = steps
        self._gate = gate
        self._trouble = trouble
        self._changed = threading.Condition()
        self._waiters: list[Waiter] = []
        self._thread: threading.Thread | None = None
        self._publisher: threading.Thread | None = None
        self._unpublished = False
        self._again = False
        self._stopping = False
        self._closed = False
        self._paused = False
        self._past_words = False
        self._latest: Progress | None = None
        self._reported = 0.0
        self._pace = _Pace()

    @property
    def running(self) -> bool:
        """True while a job or the building of a generation runs."""
        with self._changed:
            return self._thread is not None or self._publisher is not None

    @property
    def indexing(self) -> bool:
        """True while a job runs; what is built and read ahead behind it may go on beside the next one."""
        with self._changed:
            return self._thread is not None

    @property
    def held(self) -> bool:
        """True while the job stands still because somebody paused it."""
        with self._changed:
            return self._paused and self._thread is not None

    @property
    def latest(self) -> Progress | None:
        """Where the running job stands; None when none runs."""
        with self._changed:
            if self._latest is None:
                return None
            return replace(self._latest, paused=self._paused)

    def join(self, waiter: Waiter | None) -> None:
        """Start a job, or join the one that runs; without a waiter nobody is told of its end."""
        with self._changed:
            if self._closed:
                refusal = CancelledError("The engine is leaving.", "Run the command again.")
            else:
                refusal = None
                self._start(waiter)
            latest = self._latest
        if waiter is not None and refusal is not None:
            waiter.failed(refusal)
        elif waiter is not None and latest is not None:
            waiter.progress(latest)

    def leave(self, waiter: Waiter) -> None:
        """Forget a waiter; the job goes on."""
        with self._changed, suppress(ValueError):
            self._waiters.remove(waiter)

    def pause(self) -> None:
        """Hold the job at its next checkpoint until `resume`."""
        with self._changed:
            self._paused = True
        self._tell_paused()

    def resume(self) -> None:
        """Let a paused job go on."""
        with self._changed:
            self._paused = False
            self._changed.notify_all()
        self._tell_paused()

    def stop(self) -> None:
        """Stop the job at its next checkpoint; its waiters fail with CancelledError."""
        with self._changed:
            self._stopping = self._thread is not None or self._publisher is not None
            self._paused = False
            self._changed.notify_all()

    def halt(self, seconds: float) -> bool:
        """Stop, and wait; False when something still runs after ``seconds``."""
        self.stop()
        with self._changed:
            return self._changed.wait_for(lambda: not (self._thread or self._publisher), seconds)

    def close(self, seconds: float) -> bool:
        """Stop, refuse new jobs, and wait; False when something still runs after ``seconds``."""
        with self._changed:
            self._closed = True
        return self.halt(seconds)

    # ------------------------------------------------------------------------ Control

    def checkpoint(self) -> None:
        """See Control. Raises CancelledError too when the job must begin again."""
        self._gate.wait(LONGEST_YIELD)
        with self._changed:
            self._changed.wait_for(lambda: not self._paused or self._stopping)
        self.heed()

    def heed(self) -> None:
        """See Stoppable."""
        with self._changed:
            if self._stopping:
                raise CancelledError("Indexing was stopped.", "What is finished is kept; `index` goes on.")
            if self._again and self._past_words:
                raise CancelledError("Indexing begins again, since something changed.")

    def report(self, progress: Progress) -> None:
        """See Control."""
        now = time.monotonic()
        with self._changed:
            progress = self._pace.completed(progress, now)
            same = self._latest is not None and self._latest.phase is progress.phase
            self._latest = progress
            if same and now - self._reported < REPORT_EVERY and progress.done < progress.total:
                return
            self._reported = now
            waiters = tuple(self._waiters)
        if self._watcher is not None:
            self._watcher.progress(progress)
        for waiter in waiters:
            waiter.progress(progress)

    # ------------------------------------------------------------------------ private

    def _start(self, waiter: Waiter | None) -> None:
        if waiter is not None:
            self._waiters.append(waiter)
        if self._thread is None:
            self._stopping = False
            self._again = False
            self._latest = Progress(Phase.SCAN, 0, 0, "files")
            self._thread = threading.Thread(target=self._run, name="index", daemon=True)
            self._thread.start()
        elif self._past_words:
            self._again = True

    def _run(self) -> None:
        _lower_priority()
        try:
            steps = self._work()
        except Exception as error:  # noqa: BLE001 (the edge of the task: whoever waits is told)
            steps = None
            self._trouble(error)
            self._finish(error)
        if steps is not None:
            self._publish(steps)

    def _work(self) -> Steps:
        steps = self._steps()
        total: IndexReport | None = None
        while True:
            with self._changed:
                self._again = False
                self._past_words = False
            report = steps.words(self)
            total = report if total is None else _merged(total, report)
            with self._changed:
                self._past_words = True
            self._release(Milestone.WORDS, total)
            began = time.monotonic()
            try:
                report = steps.embed(self)
            except CancelledError:
                with self._changed:
                    if self._stopping or not self._again:
                        raise
                    total = _interrupted(total, self._latest, time.monotonic() - began)
                continue
            total = _merged(total, report)
            if self._ended(total):
                return steps

    def _ended(self, report: IndexReport) -> bool:
        """Release everybody and end the job, unless somebody asked for another round."""
        with self._changed:
            if self._again:
                return False
            waiters, self._waiters = self._waiters, []
            self._thread = None
            self._past_words = False
            self._latest = None
            self._changed.notify_all()
        if self._watcher is not None:
            self._watcher.job_ended(report, None)
        for waiter in waiters:
            waiter.done(report)
        return True

    def _release(self, milestone: Milestone, report: IndexReport) -> None:
        with self._changed:
            ready = [each for each in self._waiters if each.milestone <= milestone]
            self._waiters = [each for each in self._waiters if each.milestone > milestone]
        for waiter in ready:
            waiter.done(report)

    def _finish(self, error: Exception) -> None:
        with self._changed:
            waiters, self._waiters = self._waiters, []
            self._thread = None
            self._past_words = False
            self._stopping = False
            self._latest = None
            self._changed.notify_all()
        if self._watcher is not None:
            self._watcher.job_ended(None, error)
        for waiter in waiters:
            waiter.failed(error)

    def _publish(self, steps: Steps) -> None:
        """Build a generation in a thread of its own, so that the next job need not wait."""
        with self._changed:
            self._unpublished = True
            if self._publisher is not None or self._closed:
                return
            self._publisher = threading.Thread(
                target=self._publish_now, args=(steps,), name="publish", daemon=True
            )
            self._publisher.start()

    def _publish_now(self, steps: Steps) -> None:
        _lower_priority()
        while self._has_more_to_publish():
            try:
                steps.publish(_Publication(self._stop_requested, self._gate))
            except Exception as error:  # noqa: BLE001 (the edge of the task; search is exact without it)
                self._trouble(error)

    def _has_more_to_publish(self) -> bool:
        """Say whether a job ended since publishing last began; the publisher ends where none did."""
        with self._changed:
            more = self._unpublished and not self._stopping and not self._closed
            self._unpublished = False
            if not more:
                self._publisher = None
                self._changed.notify_all()
            return more

    def _stop_requested(self) -> bool:
        with self._changed:
            return self._stopping or self._closed

    def _tell_paused(self) -> None:
        latest = self.latest
        if latest is None:
            return
        with self._changed:
            waiters = tuple(self._waiters)
        if self._watcher is not None:
            self._watcher.progress(latest)
        for waiter in waiters:
            waiter.progress(latest)


@dataclass(slots=True)
class _Publication:
    """Steers the building of a generation, and what is read ahead: it can be stopped, and lets questions go
    first, also those that come right after one another.
    """

    stopped: Callable[[], bool]
    gate: QuestionGate
    left: float = LONGEST_REST

    def checkpoint(self) -> None:
        self.gate.wait(LONGEST_YIELD)
        began = time.monotonic()
        self.gate.rest(self.left)
        self.left -= time.monotonic() - began
        if self.stopped():
            raise CancelledError("The building of the vector index was stopped.")

    def report(self, progress: Progress) -> None:
        """Nobody waits for it."""


class _Pace:
    """Rate and time left of a phase, for work that does not count them itself."""

    def __init__(self) -> None:
        self._phase: Phase | None = None
        self._began = 0.0
        self._first = 0

    def completed(self, progress: Progress, now: float) -> Progress:
        """Return ``progress`` with a rate and a time left, where it can be told."""
        if progress.phase is not self._phase or progress.done < self._first:
            self._phase, self._began, self._first = progress.phase, now, progress.done
        elapsed, done = now - self._began, progress.done - self._first
        if progress.rate or elapsed < 0.5 or done <= 0:
            return progress
        rate = done / elapsed
        left = max(progress.total - progress.done, 0) / rate
        # Files differ in size: half as long again is as likely as a quarter less.
        return replace(progress, rate=rate, seconds_left=(left * 0.75, left * 1.5))


def _merged(first: IndexReport, second: IndexReport) -> IndexReport:
    """Return what two rounds of one job did together; states are those of the later one."""
    seconds = dict(first.seconds)
    for name, value in second.seconds.items():
        seconds[name] = seconds.get(name, 0.0) + value
    notices = tuple(dict.fromkeys(first.notices + second.notices))
    return replace(
        second,
        embedded=first.embedded + second.embedded,
        skipped=second.skipped or first.skipped,
        seconds=seconds,
        notices=notices,
    )


def _interrupted(report: IndexReport, latest: Progress | None, seconds: float) -> IndexReport:
    """Return ``report`` with the vectors that were stored before an interruption."""
    made = latest.done if latest is not None and latest.phase is Phase.EMBED else 0
    spent = report.seconds.get(Phase.EMBED.value, 0.0) + seconds
    return replace(
        report, embedded=report.embedded + made, seconds={**report.seconds, Phase.EMBED.value: spent}
    )


def _lower_priority() -> None:
    """Lower this thread's priority, and that of what it starts; only Linux has one for a thread."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
