"""Memory of a tree of processes, sampled from outside: PSS, so that shared pages count once."""

import threading
import time
from types import TracebackType

import psutil


class PeakMemory:
    """Samples the PSS of a process and all its children until the block ends; ``mib`` is the peak."""

    def __init__(self, pid: int, every: float = 0.2) -> None:
        self.mib = 0.0
        self._pid = pid
        self._every = every
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "PeakMemory":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.is_set():
            self.mib = max(self.mib, tree_pss_mib(self._pid))
            time.sleep(self._every)


def tree_pss_mib(pid: int) -> float:
    """PSS in MiB of ``pid`` and its descendants; processes that end meanwhile count as nothing."""
    try:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    total = 0
    for process in family:
        try:
            total += process.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total / 2**20
