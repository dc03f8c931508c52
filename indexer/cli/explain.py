"""`lorebase explain`: a pasted stack trace on the code, or a log in groups.

Nothing heavy is imported before a command runs.
"""

from __future__ import annotations

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
LOG = Annotated[bool, typer.Option("--log", help="It is a log, whatever it looks like.")]
TRACE = Annotated[bool, typer.Option("--trace", help="It is a stack trace, whatever is around it.")]
ADDRESSES = Annotated[bool, typer.Option("--show-addresses", help="Do not mask IP addresses in a log.")]
LIMIT = Annotated[
    int, typer.Option("--limit", "-n", min=1, max=1000, help="How many groups of a log are shown.")
]


def explain(
    file: FILE = None,
    repo: Repo = None,
    log: LOG = False,
    trace: TRACE = False,
    show_addresses: ADDRESSES = False,
    limit: LIMIT = 20,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Read a stack trace or a log with you: what failed, where it comes from, what to look at.

    A trace may have noise around it (log prefixes, colours, quoting), be cut off, or be one of
    several. A log, of up to 1 GB, is shown in groups, each tied to the statement that wrote its lines.
    Secrets and personal data in it are masked. Ends with 3 when nothing of it is this repository's.

    Examples: lorebase explain crash.txt ; pbpaste | lorebase explain ; lorebase explain worker.log
    """
    if log and trace:
        raise UsageError("--log and --trace exclude each other.", "Give one of them.")
    from indexer.cli import calls
    from indexer.cli.spooling import as_file
    from indexer.cli.terminal import ProgressLine

    with as_file(file) as (path, name), calls.opened(repo) as client:
        progress = ProgressLine(sys.stderr, quiet)
        pasted = None if log else _pasted(path)
        if pasted is None or not (trace or _is_trace(client, pasted, progress)):
            from indexer.cli import logs

            logs.explain_log(client, (path, name), logs.Options(show_addresses, limit), as_json, progress)
        else:
            explain_trace(client, pasted, as_json, progress)


def _is_trace(client: Client, pasted: Pasted, progress: ProgressLine) -> bool:
    """Whether a text is to be read as a trace: it is no log, or it is neither."""
    from indexer.cli import calls
    from indexer.shapes.traces import RECOGNISE, Pasted, PastedKind

    known = calls.call(client, RECOGNISE, Pasted(pasted.text[:END_BYTES]), progress)
    return known.kind is not PastedKind.LOG


def _pasted(path: Path) -> Pasted:
    with path.open("rb") as stream:
        pasted = _ends(stream)
    if not pasted.text.strip():
        raise UsageError("There is no text to explain.", "Give a file, or pipe a trace in.")
    return pasted


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


def _ends(stream: BinaryIO) -> Pasted:
    """Return the two ends of a stream, however long it is, in bounded memory."""
    from indexer.shapes.traces import Pasted

    head = _read(stream, END_BYTES)
    tail, left_out = b"", 0
    while piece := stream.read(1 << 20):
        tail += piece
        if len(tail) > END_BYTES:
            left_out += len(tail) - END_BYTES
            tail = tail[-END_BYTES:]
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
