"""Reads the traces out of a pasted text, whatever their forms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Final

from indexer.guide.traces import (
    dotnet_form,
    go_form,
    jvm_form,
    native_form,
    php_form,
    python_form,
    ruby_form,
    rust_form,
    script_form,
)
from indexer.guide.traces.cleaning import clean, joined, lines_of
from indexer.guide.traces.model import RawError, RawFrame, RawTrace
from indexer.guide.traces.prefixes import without_prefix
from indexer.repo.secrets import redact
from indexer.shapes.traces import TraceForm

MOST_FRAMES: Final = 200
"""Frames of one error that are kept, half from each end."""

LONGEST_CYCLE: Final = 12
"""Frames of a recursion that go round together."""

_READERS: Final[dict[TraceForm, ModuleType]] = {
    # In this order a line is tried: the form that is most its own first.
    TraceForm.PYTHON: python_form,
    TraceForm.JVM: jvm_form,
    TraceForm.PHP: php_form,
    TraceForm.DOTNET: dotnet_form,
    TraceForm.RUST: rust_form,
    TraceForm.SCRIPT: script_form,
    TraceForm.GO: go_form,
    TraceForm.NATIVE: native_form,
    TraceForm.RUBY: ruby_form,
}

_PLACELESS: Final = (TraceForm.DOTNET, TraceForm.RUST, TraceForm.NATIVE)
"""Forms that are known by more than their places."""


@dataclass(frozen=True, slots=True)
class ReadText:
    """The traces of a text in its order, and what was not read of it."""

    traces: tuple[RawTrace, ...]
    lines: int
    """Lines that are not blank."""
    frame_lines: int
    left_out: int = 0
    """Lines in the middle."""
    text: str = ""
    """What was read, without secrets."""


def read_traces(text: str) -> ReadText:
    """Return the traces of a text. Time and memory are bounded whatever it holds."""
    lines, left_out = lines_in(text)
    kept = redact("\n".join(lines))[0]
    lines = kept.split("\n")
    counted = forms_in(lines)
    found: list[tuple[int, RawTrace]] = []
    for form in counted:
        read: Callable[[Sequence[str]], list[tuple[int, RawTrace]]] = _READERS[form].read
        found += read(lines)
    found.sort(key=lambda each: each[0])
    traces = tuple(_folded(trace) for _, trace in found)
    blank = sum(not line.strip() for line in lines)
    return ReadText(traces, len(lines) - blank + left_out, sum(counted.values()), left_out, kept)


def lines_in(text: str) -> tuple[list[str], int]:
    """Return the lines of a text as they are read, and how many in the middle were left out."""
    lines, left_out = lines_of(text)
    bare = without_prefix(lines, lambda some: sum(forms_in(joined(some)).values()))
    return joined(bare if bare == lines else [clean(line) for line in bare]), left_out


def forms_in(lines: Sequence[str]) -> Counter[TraceForm]:
    """Return how many lines are frames of each form; a line is of one alone."""
    counted: Counter[TraceForm] = Counter()
    known: dict[str, TraceForm | None] = {}
    for line in lines:
        if len(line) < 5:
            continue
        if line not in known:
            known[line] = next((form for form, reader in _READERS.items() if reader.is_frame(line)), None)
        form = known[line]
        if form is not None:
            counted[form] += 1
    for form in _PLACELESS if not counted else ():
        # A release build: its frames have no place at all.
        reader = _READERS[form]
        traces: list[tuple[int, RawTrace]] = reader.read(lines) if reader.speaks(lines) else []
        found = sum(len(error.frames) for _, trace in traces for error in trace.errors)
        if found:
            counted[form] = found
            break
    return counted


def _folded(trace: RawTrace) -> RawTrace:
    return replace(trace, errors=tuple(_shortened(error) for error in trace.errors))


def _shortened(error: RawError) -> RawError:
    frames = _rolled(_with_callees(error.frames))
    left_out = error.left_out
    if len(frames) > MOST_FRAMES:
        half = MOST_FRAMES // 2
        left_out += len(frames) - MOST_FRAMES
        frames = [*frames[:half], *frames[-half:]]
    return replace(error, frames=tuple(frames), left_out=left_out)


_MAKERS: Final = frozenset(("__construct", ".ctor", "<init>"))


def _with_callees(frames: Sequence[RawFrame]) -> list[RawFrame]:
    """Return the frames, each with the name of what its line calls; one that shows its code needs none."""
    told: list[RawFrame] = []
    deeper = ""
    for frame in frames:
        # A name of Ruby may end in a sign; of code that is shown the call must be a part.
        plain = deeper.rstrip("?!").isidentifier() and len(deeper) > 2
        told.append(replace(frame, callee=deeper) if plain and deeper in (frame.code or deeper) else frame)
        # What makes an object is called by the name of its class.
        # What ran after the error was called by nothing that stands in the trace.
        if frame.after:
            deeper = ""
            continue
        deeper = frame.owner.rpartition(".")[2] if frame.name in _MAKERS and frame.owner else frame.name
    return told


def _rolled(frames: Sequence[RawFrame]) -> list[RawFrame]:
    """Return the frames with each recursion once, its frames saying how often it went round."""
    if len(frames) < 4:
        return list(frames)
    keys = [(each.path, each.line, each.name, f"{each.module}.{each.owner}") for each in frames]
    kept: list[RawFrame] = []
    at = 0
    while at < len(frames):
        length, rounds = _cycle(keys, at)
        for offset in range(length):
            frame = frames[at + offset]
            kept.append(replace(frame, repeated=frame.repeated + rounds - 1))
        at += length * rounds
    return kept


def _cycle(keys: Sequence[tuple[str, int, str, str]], at: int) -> tuple[int, int]:
    """Return how long the cycle is that begins here and how often it goes round; 1, 1 for none."""
    for length in range(1, min(LONGEST_CYCLE, (len(keys) - at) // 2) + 1):
        if keys[at] != keys[at + length]:
            continue
        rounds = 1
        while keys[at : at + length] == keys[at + rounds * length : at + (rounds + 1) * length]:
            rounds += 1
        if rounds > 2 or (rounds == 2 and length == 1):
            return length, rounds
    return 1, 1
