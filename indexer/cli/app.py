"""The commands: index, search, ask, gaps, status, doctor, repair, config, stop; notes are beside."""

from __future__ import annotations

import os
import runpy
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Annotated

import typer

from indexer import __version__, protocol
from indexer.cli import config, notes
from indexer.cli.options import AsJson, Batch, Quiet, Repo, ask_engine, batch_wanted, call, given, opened
from indexer.cli.terminal import ProgressLine, show_error
from indexer.errors import LorebaseError, UsageError
from indexer.types import Query, Severity, VerdictStatus

EPILOG = """Examples:

  lorebase index .

  lorebase ask "where is a retry decided?"

  lorebase search --limit 5 "path:src retry"

  lorebase note add "Why 30 seconds" --about src/http.py:40 --text "The bank's limit."

Exit codes: 0 ok, 1 failed, 2 usage, 3 verdict missing or unknown, 11 locked, 12 newer index."""

NO_ANSWER = 3
"""Exit code of a single question that the repository does not answer."""

GOES_ON = (
    "Stopped waiting; indexing goes on in the background. "
    "`lorebase index --stop` stops it and keeps what is finished."
)

app = typer.Typer(
    name="lorebase",
    help="A local knowledge base over a git repository: cited answers, and what nobody wrote down "
    "labelled as missing.",
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(notes.app, name="note")
app.add_typer(config.app, name="config")


def main() -> None:
    """Run the command line; a bug of ours leaves its trace in a file, not on the terminal."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        app()
    except LorebaseError as error:
        show_error(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python must not complain while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(1)
    except Exception:  # noqa: BLE001 (the edge of the program)
        show_error(_bug())
        sys.exit(1)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lorebase {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and leave."),
    ] = False,
) -> None:
    """Take the options that stand before a command."""


@app.command()
def index(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", show_default=False)] = None,
    repo: Repo = None,
    as_json: AsJson = False,
    words_only: Annotated[
        bool, typer.Option("--words-only", help="Return as soon as words are searchable.")
    ] = False,
    pause: Annotated[bool, typer.Option("--pause", help="Hold the running job.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Let a held job go on.")] = False,
    stop: Annotated[bool, typer.Option("--stop", help="Stop the running job; what is done is kept.")] = False,
    quiet: Quiet = False,
) -> None:
    """Read a repository, or bring its index up to date.

    Returns when every passage can be found by words and by meaning. A second `index` joins the
    one that runs. Interrupting or killing it at any point never loses the last good index.

    Examples: lorebase index . ; lorebase index --words-only --json ~/work/shop
    """
    from indexer.cli import forms, reports

    if folder is not None and repo is not None and folder != repo:
        raise UsageError("Two folders were given.", "Name it once: `lorebase index DIR`.")
    for wanted, method in ((pause, protocol.PAUSE), (resume, protocol.RESUME), (stop, protocol.STOP)):
        if wanted:
            ask_engine(folder or repo, method, protocol.Nothing())
            return
    report = ask_engine(
        folder or repo,
        protocol.INDEX,
        protocol.IndexRequest(words_only),
        quiet=quiet,
        interrupted=GOES_ON,
    )
    if as_json:
        forms.write_json(forms.report_form(report))
    else:
        reports.show_report(report)


@app.command()
def search(
    query: Annotated[str | None, typer.Argument(metavar="[QUERY]", show_default=False)] = None,
    repo: Repo = None,
    as_json: AsJson = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="How many hits.")] = 10,
    batch: Batch = None,
    quiet: Quiet = False,
) -> None:
    """Find code, docs, commits and notes.

    Scopes narrow a query: path:src lang:python kind:code sym:Session who:meyer since:2024-01

    Examples: lorebase search "retry limit" ; lorebase search --json "path:docs proxy"
    """
    from indexer.cli import forms

    if batch_wanted(batch, query, "QUERY"):
        with opened(repo) as client:
            progress = ProgressLine(sys.stderr, quiet)
            forms.run_batch(
                "query",
                lambda text: {
                    "hits": forms.hit_forms(call(client, protocol.SEARCH, Query(text, limit), progress))
                },
            )
        return
    found = ask_engine(repo, protocol.SEARCH, Query(given(query), limit), quiet=quiet)
    if as_json:
        forms.write_json(forms.search_form(found))
    else:
        from indexer.cli import answers  # rich, which JSON does without

        answers.show_hits(found)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(metavar="[QUESTION]", show_default=False)] = None,
    repo: Repo = None,
    as_json: AsJson = False,
    batch: Batch = None,
    quiet: Quiet = False,
) -> None:
    """Answer a question from the repository, with its sources, or say what nobody wrote down.

    Ends with 3 when the repository does not answer it.

    Examples: lorebase ask "how does a redirect keep its cookies?" ; lorebase ask --json "who knows the parser?"
    """
    from indexer.cli import forms

    if batch_wanted(batch, question, "QUESTION"):
        with opened(repo) as client:
            progress = ProgressLine(sys.stderr, quiet)
            forms.run_batch(
                "question",
                lambda text: {
                    "answer": forms.answer_form(call(client, protocol.ASK, protocol.Question(text), progress))
                },
            )
        return
    answer = ask_engine(repo, protocol.ASK, protocol.Question(given(question)), quiet=quiet)
    if as_json:
        forms.write_json(forms.answer_form(answer))
    else:
        from indexer.cli import answers  # rich, which JSON does without

        answers.show_answer(answer)
    if answer.verdict.status in (VerdictStatus.MISSING, VerdictStatus.UNKNOWN):
        raise typer.Exit(NO_ANSWER)


@app.command()
def gaps(
    repo: Repo = None,
    as_json: AsJson = False,
    answered: Annotated[bool, typer.Option("--answered", help="Those with a note too.")] = False,
) -> None:
    """List the questions that nobody's record answers, the most asked first."""
    from indexer.cli import forms, reports

    found = ask_engine(repo, protocol.GAPS, protocol.GapFilter(answered))
    if as_json:
        forms.write_json(found)
    else:
        reports.show_gaps(found.gaps)


@app.command()
def status(repo: Repo = None, as_json: AsJson = False) -> None:
    """Show what is indexed, of which commit, and what runs."""
    from indexer.cli import forms, reports

    found = ask_engine(repo, protocol.STATUS, protocol.Nothing())
    if as_json:
        forms.write_json(found)
    else:
        reports.show_status(found)


@app.command()
def doctor(repo: Repo = None, as_json: AsJson = False) -> None:
    """Check the index and all that it rests on, and name what is wrong. Changes nothing.

    Ends with 1 when something needs `lorebase repair`.
    """
    from indexer.cli import forms, reports

    found = ask_engine(repo, protocol.DOCTOR, protocol.Nothing())
    if as_json:
        forms.write_json(found)
    else:
        reports.show_health(found)
    if found.damaged:
        raise typer.Exit(1)


@app.command()
def repair(
    repo: Repo = None,
    as_json: AsJson = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Read everything anew; notes and gaps are kept.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Mend what `lorebase doctor` found. Never touches the repository, notes or gaps."""
    from indexer.cli import forms, reports

    found = ask_engine(repo, protocol.REPAIR, protocol.Repair(rebuild), quiet=quiet)
    if as_json:
        forms.write_json(found)
    else:
        reports.show_health(found)
    if any(each.severity is Severity.DAMAGED for each in found.findings):
        raise typer.Exit(1)


@app.command()
def stop(repo: Repo = None, as_json: AsJson = False) -> None:
    """End the engine of this repository; the next command starts it again."""
    from indexer.cli import forms

    with opened(repo) as client:
        was_running = client.finish()
    if as_json:
        forms.write_json({"stopped": was_running})
    else:
        typer.echo("The engine has left." if was_running else "No engine was running.")


@app.command(hidden=True)
def engine() -> None:
    """Become an engine; what it serves is read from standard input."""
    runpy.run_module("indexer.service", run_name="__main__", alter_sys=True)


def _bug() -> LorebaseError:
    """Keep the trace of a bug in a file, and return what the person is told."""
    file = Path(tempfile.gettempdir(), f"lorebase-bug-{os.getpid()}.txt")
    kind = sys.exc_info()[0]
    message = f"This is a bug of lorebase's own ({kind.__name__ if kind else 'unknown'})."
    try:
        with file.open("x", encoding="utf-8", errors="backslashreplace") as out:
            out.write(traceback.format_exc())
    except OSError:
        return LorebaseError(message, "Its trace could not be written to a file.")
    return LorebaseError(message, f"The index is not touched by it. The trace is in {file}.")
