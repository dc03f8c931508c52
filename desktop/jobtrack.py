"""What became of one index job so far, gathered from the reports of its engine. Knows no Qt."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from indexer.types import Phase, Progress


class State(Enum):
    """Where a job stands for the person who looks."""

    QUIET = "quiet"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    STOPPED = "stopped"
    DONE = "done"


class Step(Enum):
    """The steps as they are told, in their order; history and files are read at the same time."""

    SCAN = "scan"
    PARSE = "parse"
    HISTORY = "history"
    WORDS = "words"
    MEANING = "meaning"
    PUBLISH = "publish"


STEP_OF = {
    Phase.SCAN: Step.SCAN,
    Phase.PARSE: Step.PARSE,
    Phase.HISTORY: Step.HISTORY,
    Phase.LINK: Step.WORDS,
    Phase.EMBED: Step.MEANING,
    Phase.PUBLISH: Step.PUBLISH,
}
ORDER = tuple(Step)
TOGETHER = (Step.PARSE, Step.HISTORY)

STEERED_SECONDS = 2.0
"""For so long after Pause or Resume a report sent before it is not taken for the answer."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a step is. ``seconds`` is how long it was seen to run; ``ended`` is clock time."""

    progress: Progress | None = None
    running: bool = False
    done: bool = False
    began: float = 0.0
    seconds: float = 0.0
    ended: float = 0.0


class JobTrack:
    """Takes reports in the order in which they come; ``clock`` and ``now`` are told by tests."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, now: Callable[[], float] = time.time
    ) -> None:
        self.state = State.QUIET
        self._clock, self._now = clock, now
        self._steps: dict[Step, Reached] = {}
        self._steered = 0.0

    @property
    def running(self) -> bool:
        """True until the job has ended."""
        return self.state in (State.RUNNING, State.PAUSED, State.STOPPING)

    def step(self, step: Step) -> Reached:
        """Return how far a step is."""
        return self._steps.get(step, Reached())

    def past(self, step: Step) -> bool:
        """Say whether a step is finished."""
        return self.step(step).done

    def finished(self) -> tuple[str, int]:
        """Return unit and number of what is finished of the furthest step that counts something."""
        for step in reversed(ORDER):
            found = self.step(step).progress
            if found is not None and found.done and step is not Step.WORDS:
                return found.unit, found.done
        return "", 0

    def begin(self) -> None:
        """Begin anew, before the first report is there."""
        self.state = State.RUNNING
        self._steps = {}

    def take(self, progress: Progress | None) -> bool:
        """Take a report; None says that the job has ended. True when it has ended just now."""
        if progress is None:
            return self._end()
        if not self.running:
            self.begin()
        step = STEP_OF[progress.phase]
        if self._restarted(step):
            self._steps = {}
        self._reach(step, progress)
        if self.state is not State.STOPPING and self._clock() - self._steered > STEERED_SECONDS:
            self.state = State.PAUSED if progress.paused else State.RUNNING
        return False

    def toggle_pause(self) -> bool:
        """Show the job as paused, or as running again, at once; returns whether it is paused now."""
        self._steered = self._clock()
        self.state = State.RUNNING if self.state is State.PAUSED else State.PAUSED
        return self.state is State.PAUSED

    def stop(self) -> None:
        """Show the job as stopping at once."""
        self.state = State.STOPPING

    # ------------------------------------------------------------------------ private

    def _end(self) -> bool:
        if not self.running:
            return False
        stopped = self.state is State.STOPPING
        self.state = State.STOPPED if stopped else State.DONE
        for step in ORDER:
            reached = self.step(step)
            if stopped:
                self._steps[step] = replace(reached, running=False)
            elif not reached.done:
                self._steps[step] = self._finish(reached)
        return True

    def _restarted(self, step: Step) -> bool:
        """Say whether the job has gone back to its first step, as it does when HEAD moves."""
        return step is Step.SCAN and self.step(Step.PARSE).progress is not None

    def _reach(self, step: Step, progress: Progress) -> None:
        place = ORDER.index(step)
        for earlier in ORDER[:place]:
            if step in TOGETHER and earlier in TOGETHER:
                continue
            reached = self.step(earlier)
            if not reached.done:
                self._steps[earlier] = self._finish(reached)
        reached = self.step(step)
        began = reached.began or self._clock()
        self._steps[step] = Reached(progress, True, False, began)

    def _finish(self, reached: Reached) -> Reached:
        seconds = self._clock() - reached.began if reached.began else 0.0
        return replace(reached, running=False, done=True, seconds=seconds, ended=self._now())
