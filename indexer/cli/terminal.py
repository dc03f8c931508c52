"""What a terminal can be given: text without hidden powers, progress on one line, errors in three."""

from __future__ import annotations

import re
import shutil
import sys
import time
from typing import TextIO

from indexer.errors import LorebaseError
from indexer.protocol import Event
from indexer.types import Phase, Progress

PLAIN_EVERY = 5.0
"""Seconds between two progress lines where they cannot be rewritten in place."""

BAR_CELLS = 16

PHASE_WORDS = {
    Phase.SCAN: "Scanning",
    Phase.HISTORY: "Reading history",
    Phase.PARSE: "Reading files",
    Phase.LINK: "Linking",
    Phase.EMBED: "Embedding",
    Phase.PUBLISH: "Publishing",
}

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control bytes, which a terminal obeys; marks that hide or reorder what stands beside them; and
halves of characters, which cannot be written at all. Tab and newline are not among them."""


def visible(text: str) -> str:
    r"""Return ``text`` with all that a terminal would obey written out, as ``\x1b``."""
    return written_out(text).expandtabs(4)


def written_out(text: str) -> str:
    """Return ``text`` as `visible` does, with its tabs left as they are."""
    return _UNSAFE.sub(_written, text.replace("\r\n", "\n"))


def one_line(text: str, width: int) -> str:
    """Return the first line of ``text``, cut to ``width`` characters with an ellipsis."""
    line = visible(text).strip().partition("\n")[0]
    return line if len(line) <= width else line[: max(width - 1, 0)] + "…"


def duration(seconds: float) -> str:
    """Return a time as a person would say it."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 90:
        return f"{minutes} min {rest:02d} s" if minutes < 10 else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02d} min"


class ProgressLine:
    """Shows progress on ``out``: one line rewritten in place, or now and then a plain one."""

    def __init__(self, out: TextIO, quiet: bool = False) -> None:
        self._out = out
        self._quiet = quiet
        self._live = out.isatty()
        self._shown = ""
        self._phase: Phase | None = None
        self._last = 0.0

    def __call__(self, event: Event) -> None:
        """Show an event."""
        if self._quiet:
            return
        if event.notice:
            self.clear()
            self._out.write(visible(event.notice) + "\n")
            self._out.flush()
        if event.written is not None:
            self._tell_sentence(visible(event.written.text))
        if event.progress is not None:
            if self._live:
                self._rewrite(event.progress)
            else:
                self._tell(event.progress)

    def clear(self) -> None:
        """Take the line away, so that something else can be written."""
        if self._shown:
            self._out.write("\r\x1b[K")
            self._out.flush()
            self._shown = ""

    def _rewrite(self, progress: Progress) -> None:
        width = shutil.get_terminal_size().columns - 1
        line = progress_text(progress, bar=width >= 60)
        room = width - len(line) - 2
        if progress.current and room > 12:
            current = visible(progress.current).replace("\n", " ")
            line += "  " + (current if len(current) <= room else "…" + current[-room + 1 :])
        line = line[:width]
        if line != self._shown:
            self._out.write(f"\r{line}\x1b[K")
            self._out.flush()
            self._shown = line

    def _tell_sentence(self, text: str) -> None:
        """Show a sentence that a model wrote; in place where the whole answer follows at once."""
        if not self._live:
            self._out.write(text + "\n")
        else:
            room = shutil.get_terminal_size().columns - len("Writing: ") - 1
            self._shown = f"Writing: {one_line(text, room)}"
            self._out.write(f"\r{self._shown}\x1b[K")
        self._out.flush()

    def _tell(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.phase is self._phase and now - self._last < PLAIN_EVERY:
            return
        self._phase, self._last = progress.phase, now
        self._out.write(progress_text(progress, bar=False) + "\n")
        self._out.flush()


def progress_text(progress: Progress, *, bar: bool) -> str:
    """Return phase, count, rate and time left in one line."""
    parts = [f"{PHASE_WORDS[progress.phase]:<15}"]
    if progress.total:
        share = min(progress.done / progress.total, 1.0)
        if bar:
            filled = round(share * BAR_CELLS)
            parts.append("[" + "#" * filled + "." * (BAR_CELLS - filled) + "]")
        parts.append(f"{progress.done:,}/{progress.total:,} {progress.unit}")
    elif progress.done:
        parts.append(f"{progress.done:,} {progress.unit}")
    if progress.paused:
        parts.append("paused")
    elif progress.rate:
        parts.append(f"{progress.rate:,.0f}/s")
        if progress.seconds_left is not None and progress.seconds_left[1] >= 1:
            low, high = progress.seconds_left
            same = duration(low) == duration(high)
            parts.append(f"{duration(high)} left" if same else f"{duration(low)} to {duration(high)} left")
    return "  ".join(parts).rstrip()


def show_error(error: LorebaseError) -> None:
    """Write what happened, what still works and one next step."""
    sys.stderr.write(f"lorebase: {visible(error.message)}\n")
    if error.hint:
        sys.stderr.write(f"  {visible(error.hint)}\n")
    sys.stderr.flush()


def _written(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
