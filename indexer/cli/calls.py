"""From a command's arguments to an engine and back to what is shown. Imported by a running command."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import typer

from indexer import protocol
from indexer.cli import forms
from indexer.cli.terminal import ProgressLine, show_error, visible
from indexer.client import Client
from indexer.errors import CancelledError, LorebaseError, UsageError
from indexer.identity import person
from indexer.location import locate
from indexer.pages import AskedWanted, WhoWanted
from indexer.protocol import Event, IndexRequest, Method, WriteWanted
from indexer.settings import ENV_DATA, key_in, load_settings
from indexer.types import Answer, PublishOutcome, Query, ReviewDraft, Severity, VerdictStatus

NO_ANSWER = 3
"""Exit code of a single question that the repository does not answer."""

LAST = "last"
"""Names the newest answer that is kept, for a question that goes on from it."""

INTERRUPTED = 130
"""What a shell expects of a command that was ended by Ctrl+C."""

GOES_ON = (
    "Stopped waiting; indexing goes on in the background. "
    "`lorebase index --stop` stops it and keeps what is finished."
)

P = TypeVar("P")
R = TypeVar("R")


def opened(repo: Path | None) -> Client:
    """Return a client of the repository's engine; nothing is started yet.

    Raises NotARepositoryError when there is no repository there.
    """
    settings = load_settings(os.environ)
    return Client(locate(repo or Path(), settings), settings, os.environ.get("XDG_RUNTIME_DIR"))


def ask_engine(
    repo: Path | None, method: Method[P, R], params: P, *, quiet: bool = False, interrupted: str = ""
) -> R:
    """Make one call, with its progress on standard error.

    ``interrupted`` is said when the person stops waiting: what goes on, and how to end it.
    """
    with opened(repo) as client:
        return call(client, method, params, ProgressLine(sys.stderr, quiet), interrupted)


def given(text: str | None) -> str:
    """Return an argument as text that can travel; bytes that are no UTF-8 are written out."""
    return (text or "").encode("utf-8", "backslashreplace").decode("utf-8")


def index_request(words_only: bool, take_over: bool) -> IndexRequest:
    """Return what `index` asks for."""
    return IndexRequest(words_only, take_over)


def include(repo: Path | None, wanted: Sequence[str], unwanted: Sequence[str]) -> None:
    """Have files that are left out read all the same, and others no longer."""
    for path, on in [*((each, True) for each in wanted), *((each, False) for each in unwanted)]:
        ask_engine(repo, protocol.INCLUDE, protocol.Include(given(path), on))


def index(repo: Path | None, request: IndexRequest, as_json: bool, quiet: bool) -> None:
    """Bring an index up to date, and show what was done."""
    report = ask_engine(repo, protocol.INDEX, request, quiet=quiet, interrupted=GOES_ON)
    if not as_json and sys.stdin.isatty() and _wants_what_was_left_behind(repo):
        wanted = replace(request, take_over=True)
        report = ask_engine(repo, protocol.INDEX, wanted, quiet=quiet, interrupted=GOES_ON)
    if as_json:
        forms.write_json(forms.report_form(report))
    else:
        from indexer.cli import reports  # rich, which JSON does without

        reports.show_report(report)


def _wants_what_was_left_behind(repo: Path | None) -> bool:
    """Ask, once for all, whether the index of this repository's old folder should be moved here."""
    place = ask_engine(repo, protocol.STATUS, protocol.Nothing()).left_behind
    if not place:
        return False
    wanted = typer.confirm(
        f"This repository was indexed at {visible(place)}, which is gone. Move its notes and index here?",
        default=True,
        err=True,
    )
    if not wanted:
        ask_engine(repo, protocol.LEAVE_BEHIND, protocol.Nothing())
    return wanted


def steer(repo: Path | None, *, pause: bool, resume: bool, stop: bool) -> bool:
    """Hold, continue or stop the running job; False when nothing of it was asked for."""
    wanted = ((pause, protocol.PAUSE), (resume, protocol.RESUME), (stop, protocol.STOP))
    chosen = [method for asked, method in wanted if asked]
    if len(chosen) > 1:
        raise UsageError("--pause, --resume and --stop exclude each other.", "Give one of them.")
    for method in chosen:
        ask_engine(repo, method, protocol.Nothing())
    return bool(chosen)


def search(repo: Path | None, query: str, limit: int, as_json: bool, quiet: bool) -> None:
    """Search once."""
    found = ask_engine(repo, protocol.SEARCH, Query(given(query), limit), quiet=quiet)
    if as_json:
        forms.write_json(forms.search_form(found))
    else:
        from indexer.cli import answers  # rich, which JSON does without

        answers.show_hits(found)


def search_batch(repo: Path | None, limit: int, quiet: bool) -> None:
    """Search for each line of standard input."""

    def found(text: str) -> forms.Form:
        return {"hits": forms.hit_forms(call(client, protocol.SEARCH, Query(text, limit), progress))}

    with opened(repo) as client:
        progress = ProgressLine(sys.stderr, quiet)
        forms.run_batch("query", found)


def ask(
    repo: Path | None, question: str, as_json: bool, quiet: bool, write: bool = False, follow: str = ""
) -> None:
    """Ask once; ends with 3 when the repository does not answer. ``write``: see `_written`; ``follow`` is
    the id of the answer that the question goes on from, or `last`.
    """
    with opened(repo) as client:
        progress = ProgressLine(sys.stderr, quiet)
        before = _last_asked(client, progress) if follow == LAST else follow
        asked = protocol.Question(given(question), by=person(os.environ), follows=before)
        answer = call(client, protocol.ASK, asked, progress)
        if write:
            answer, failure = _written(client, answer, progress)
            if failure is not None:
                show_error(failure)
    if as_json:
        forms.write_json(forms.answer_form(answer))
    else:
        from indexer.cli import answers  # rich, which JSON does without

        answers.show_answer(answer)
    if answer.verdict.status in (VerdictStatus.MISSING, VerdictStatus.UNKNOWN):
        raise typer.Exit(NO_ANSWER)


def _last_asked(client: Client, progress: ProgressLine) -> str:
    """Return the id of the newest answer that is kept. Raises UsageError when there is none."""
    rows = call(client, protocol.ASKED, AskedWanted(count=1), progress).rows
    if not rows or not rows[0].kept:
        raise UsageError("There is no kept answer to go on from.", "Ask a question first.")
    return rows[0].id


def show_sent(repo: Path | None, question: str, as_json: bool, quiet: bool) -> None:
    """Print what `ask --write` would send for a question, and send nothing.

    Standard output is the very body; where it would go stands on standard error.
    """
    with opened(repo) as client:
        progress = ProgressLine(sys.stderr, quiet)
        answer = call(client, protocol.ASK, protocol.Question(given(question)), progress)
        page = call(client, protocol.SHOW_SENT, _wanted(answer.kept_id), progress)
    if as_json:
        forms.write_json(page)
        return
    sys.stderr.write(f"{page.method} {visible(page.url)}\n")
    for name, value in page.headers:
        sys.stderr.write(f"{name}: {visible(value)}\n")
    where = "It would stay on this machine" if page.on_this_machine else "It would LEAVE this machine"
    sys.stderr.write(
        f"{where}: {page.sources} of {page.total} sources, about {page.tokens:,} tokens. "
        "Nothing was sent.\n\n"
    )
    sys.stderr.flush()
    sys.stdout.buffer.write(page.body.encode() + (b"\n" if sys.stdout.isatty() else b""))
    sys.stdout.buffer.flush()


def ask_batch(repo: Path | None, quiet: bool, write: bool = False) -> None:
    """Ask for each line of standard input."""

    def answered(text: str) -> forms.Form:
        answer = call(client, protocol.ASK, protocol.Question(text, by=who), progress)
        if not write:
            return {"answer": forms.answer_form(answer)}
        answer, failure = _written(client, answer, progress)
        trouble = {} if failure is None else {"not_written": forms.error_form(failure)}
        return {"answer": forms.answer_form(answer), **trouble}

    who = person(os.environ)
    with opened(repo) as client:
        progress = ProgressLine(sys.stderr, quiet)
        forms.run_batch("question", answered)


def who(repo: Path | None, about: str, limit: int, as_json: bool, quiet: bool) -> None:
    """Show who most likely knows something."""
    found = ask_engine(repo, protocol.WHO, WhoWanted(given(about), limit), quiet=quiet)
    if as_json:
        forms.write_json(found)
    else:
        from indexer.cli import reports  # rich, which JSON does without

        reports.show_people(found)


def show_mcp_configuration(repo: Path | None) -> None:
    """Show what an editor needs to start the server of this repository."""
    from indexer.mcp_server.configuration import configuration

    location = locate(repo or Path(), load_settings(os.environ))
    typer.echo(configuration(location, os.environ.get(ENV_DATA)))


def review(repo: Path | None, draft: ReviewDraft, as_json: bool) -> None:
    """Mark an answer, and show it with its marks."""
    who = person(os.environ, draft.by, draft.email)
    answer = ask_engine(repo, protocol.REVIEW, replace(draft, by=who.name, email=who.email))
    if as_json:
        forms.write_json(forms.answer_form(answer))
    else:
        from indexer.cli import answers  # rich, which JSON does without

        answers.show_marked(answer)


def gaps(repo: Path | None, answered: bool, as_json: bool) -> None:
    """Show the gaps."""
    from indexer.cli import reports

    found = ask_engine(repo, protocol.GAPS, protocol.GapFilter(answered))
    forms.write_json(found) if as_json else reports.show_gaps(found.gaps)


def publish(repo: Path | None, into: str, notes: Sequence[str], as_json: bool) -> None:
    """Write notes into the work tree; ends with 1 when a file was left as it is."""
    from indexer.cli import reports

    wanted = protocol.Publish(given(into), tuple(given(each) for each in notes))
    report = ask_engine(repo, protocol.PUBLISH, wanted)
    forms.write_json(report) if as_json else reports.show_published(report)
    if any(each.outcome is PublishOutcome.REFUSED for each in report.files):
        raise typer.Exit(1)


def export_gaps(repo: Path | None) -> None:
    """Write the open questions as Markdown to standard output."""
    from indexer.cli import gap_export

    found = ask_engine(repo, protocol.GAPS, protocol.GapFilter())
    sys.stdout.write(gap_export.as_markdown(found.gaps))


def status(repo: Path | None, as_json: bool) -> None:
    """Show the state of the index."""
    from indexer.cli import reports

    found = ask_engine(repo, protocol.STATUS, protocol.Nothing())
    forms.write_json(found) if as_json else reports.show_status(found)


def doctor(repo: Path | None, as_json: bool) -> None:
    """Check everything; ends with 1 when something is damaged."""
    from indexer.cli import reports

    found = ask_engine(repo, protocol.DOCTOR, protocol.Nothing())
    forms.write_json(found) if as_json else reports.show_health(found)
    if found.damaged:
        raise typer.Exit(1)


def repair(repo: Path | None, rebuild: bool, as_json: bool, quiet: bool) -> None:
    """Mend what can be mended; ends with 1 when something stays damaged."""
    from indexer.cli import reports

    found = ask_engine(repo, protocol.REPAIR, protocol.Repair(rebuild), quiet=quiet)
    forms.write_json(found) if as_json else reports.show_health(found)
    if any(each.severity is Severity.DAMAGED for each in found.findings):
        raise typer.Exit(1)


def end_engine(repo: Path | None, as_json: bool) -> None:
    """End the engine of a repository."""
    with opened(repo) as client:
        was_running = client.finish()
    if as_json:
        forms.write_json({"stopped": was_running})
    else:
        typer.echo("The engine has left." if was_running else "No engine was running.")


def _wanted(kept_id: str) -> WriteWanted:
    return WriteWanted(kept_id, key=key_in(os.environ, load_settings(os.environ).model))


def _written(client: Client, answer: Answer, progress: ProgressLine) -> tuple[Answer, LorebaseError | None]:
    """Return an answer written out by the language model; as it was, with the reason, if it fails.

    The sentences are told on standard error as they pass. Ctrl+C ends the writing, not the command.
    """
    try:
        return client.call(protocol.WRITE, _wanted(answer.kept_id), progress), None
    except LorebaseError as failure:
        return answer, failure
    except KeyboardInterrupt:
        return answer, CancelledError("Writing was stopped.", "The extracted answer stands.")
    finally:
        progress.clear()


def call(
    client: Client,
    method: Method[P, R],
    params: P,
    progress: Callable[[Event], None],
    interrupted: str = "",
) -> R:
    """Make one call of an open client; Ctrl+C ends the waiting."""
    try:
        return client.call(method, params, progress)
    except KeyboardInterrupt:
        _clear(progress)
        sys.stderr.write((interrupted or "Stopped waiting.") + "\n")
        raise typer.Exit(INTERRUPTED) from None
    finally:
        _clear(progress)


def _clear(progress: Callable[[Event], None]) -> None:
    if isinstance(progress, ProgressLine):
        progress.clear()
