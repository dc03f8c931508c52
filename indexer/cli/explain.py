"""`lorebase explain`: a pasted stack trace on the code, or a log in groups.

Nothing heavy is imported before a command runs.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from indexer.cli.options import AsJson, Quiet, Repo
from indexer.errors import UsageError

if TYPE_CHECKING:
    from typing import BinaryIO

    from indexer.cli.terminal import ProgressLine
    from indexer.client import Client
    from indexer.shapes.traces import Pasted

END_BYTES = 4_000_000
"""Bytes of each end of a text that are read; a message stands at one of them. More is a log's."""

FILE = Annotated[
    str | None, typer.Argument(metavar="[FILE|-]", help="A file, or - (the default) for standard input.")
]


def explain(file: FILE = None, repo: Repo = None, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Read a stack trace or a log with you: what failed, where it comes from, what to look at.

    A trace may have noise around it (log prefixes, colours, quoting), be cut off, or be one of
    several. Ends with 3 when no frame is of this repository.

    Examples: lorebase explain crash.txt ; pbpaste | lorebase explain ; lorebase explain --json -
    """
    from indexer.cli import calls
    from indexer.cli.terminal import ProgressLine
    from indexer.shapes.traces import RECOGNISE, Pasted, PastedKind

    with _opened(file) as stream:
        pasted = _ends(stream, file or "-")
        if not pasted.text.strip():
            raise UsageError("There is no text to explain.", "Give a file, or pipe a trace in.")
        with calls.opened(repo) as client:
            progress = ProgressLine(sys.stderr, quiet)
            known = calls.call(client, RECOGNISE, Pasted(pasted.text[:END_BYTES]), progress)
            if known.kind is PastedKind.LOG and not known.frames:
                raise UsageError(
                    "This is a log without a stack trace.", "Paste the trace, or the lines around the error."
                )
            explain_trace(client, pasted, as_json, progress)


def explain_trace(client: Client, pasted: Pasted, as_json: bool, progress: ProgressLine) -> None:
    """Show the traces of a text on the code; ends with 3 when none of it is of this repository."""
    from indexer.cli import calls, forms
    from indexer.shapes.traces import EXPLAIN_TRACE
    from indexer.types import VerdictStatus

    found = calls.call(client, EXPLAIN_TRACE, pasted, progress)
    if as_json:
        forms.write_json(forms.trace_form(found))
    else:
        from indexer.cli import traces  # rich, which JSON does without

        traces.show_traces(found)
    if found.answer.verdict.status in (VerdictStatus.MISSING, VerdictStatus.UNKNOWN):
        raise typer.Exit(calls.NO_ANSWER)


def _opened(file: str | None) -> BinaryIO:
    if file in (None, "-"):
        if sys.stdin.isatty():
            sys.stderr.write("Paste the trace, then end with Ctrl+D.\n")
        return os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    path = Path(file or "")
    try:
        if not path.is_file():
            raise UsageError(f"{path} is no file.", "Give the file that holds the trace, or - to pipe it in.")
        return path.open("rb")
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}.", "Give a file that you may read."
        ) from error


def _ends(stream: BinaryIO, name: str) -> Pasted:
    """Return the two ends of a stream, however long it is, in bounded memory."""
    from indexer.shapes.traces import Pasted

    head = _read(stream, END_BYTES)
    tail, left_out = b"", 0
    while piece := stream.read(1 << 20):
        tail += piece
        if len(tail) > END_BYTES:
            left_out += len(tail) - END_BYTES
            tail = tail[-END_BYTES:]
    del name
    data = head + tail if not left_out else head + b"\n" + tail
    return Pasted(_text(data), left_out)


def _read(stream: BinaryIO, most: int) -> bytes:
    pieces: list[bytes] = []
    while most > 0 and (piece := stream.read(min(most, 1 << 20))):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def _text(data: bytes) -> str:
    """Return bytes as text, whatever wrote them: a Windows console writes UTF-16."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8", "backslashreplace")
