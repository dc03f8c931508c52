"""The command line as a whole, and the commands that have no file of their own.

Only what `--help` needs is imported here; a command imports `indexer.cli.calls` when it runs.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from indexer import __version__
from indexer.cli import config, examples, explain, export, gaps, inventory, maps, model, notes, onboarding
from indexer.cli.options import AsJson, Batch, Quiet, Repo
from indexer.errors import LorebaseError, UsageError

EPILOG = """Examples:

  lorebase index .

  lorebase ask "where is a retry decided?"

  lorebase search --limit 5 "path:src retry"

  lorebase note add "Why 30 seconds" --about src/http.py:40 --text "The bank's limit."

Exit codes: 0 ok, 1 failed, 2 usage, 3 verdict missing or unknown, 11 locked, 12 newer index."""

ASKING, LEARNING, PEOPLE = "Ask and search", "Learn the codebase", "What people know"
CARE, FRONTS = "The index and its settings", "Windows and editors"

app = typer.Typer(
    name="lorebase",
    help="A local knowledge base over a git repository: cited answers, and what nobody wrote down "
    "labelled as missing.",
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(onboarding.tours, name="tour", rich_help_panel=LEARNING)
app.add_typer(onboarding.sessions, name="session", rich_help_panel=LEARNING)
app.add_typer(notes.app, name="note", rich_help_panel=PEOPLE)
app.add_typer(gaps.app, name="gaps", rich_help_panel=PEOPLE)
app.add_typer(config.app, name="config", rich_help_panel=CARE)
app.add_typer(model.app, name="model", rich_help_panel=CARE)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line, with the process's own arguments if none are given.

    A bug of ours leaves its trace in a file, not on the terminal.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        app(arguments, prog_name="lorebase")
    except LorebaseError as error:
        _end_with(error)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python must not complain while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(1)
    except Exception:  # noqa: BLE001 (the edge of the program)
        _end_with(_bug())


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
    pass


@app.command(rich_help_panel=ASKING)
def index(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", show_default=False)] = None,
    repo: Repo = None,
    as_json: AsJson = False,
    words_only: Annotated[
        bool, typer.Option("--words-only", help="Return as soon as words are searchable.")
    ] = False,
    take_over: Annotated[
        bool, typer.Option("--take-over", help="Take over the index of this repository's old folder.")
    ] = False,
    include: Annotated[
        list[str] | None,
        typer.Option("--include", metavar="PATH", help="Read this file that is left out."),
    ] = None,
    leave_out: Annotated[
        list[str] | None, typer.Option("--leave-out", metavar="PATH", help="Takes --include back.")
    ] = None,
    pause: Annotated[bool, typer.Option("--pause", help="Hold the running job.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Let a held job go on.")] = False,
    stop: Annotated[bool, typer.Option("--stop", help="Stop the running job; what is done is kept.")] = False,
    quiet: Quiet = False,
) -> None:
    """Read a repository, or bring its index up to date.

    Returns when every passage can be found by words and by meaning. A second `index` joins the
    one that runs. Interrupting or killing it at any point never loses the last good index.

    A lock file, minified or installed code is left out, and read when it is included by its path from
    the repository's root; what may hold secrets never is.

    Examples: lorebase index . ; lorebase index --words-only --json ~/work/shop ;
    lorebase index --include web/vendor.min.js
    """
    from indexer.cli import calls

    if folder is not None and repo is not None and folder.resolve() != repo.resolve():
        raise UsageError("Two folders were given.", "Name it once: `lorebase index DIR`.")
    if not calls.steer(folder or repo, pause=pause, resume=resume, stop=stop):
        calls.include(folder or repo, include or [], leave_out or [])
        request = calls.index_request(words_only, take_over)
        calls.index(folder or repo, request, as_json, quiet)


@app.command(rich_help_panel=ASKING)
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

    With --batch - each line of standard input is {"id", "query"}, each of output {"id", "hits"}.

    Examples: lorebase search "retry limit" ; lorebase search --json "path:docs proxy"
    """
    from indexer.cli import calls

    if _from_lines(batch, query, "QUERY"):
        calls.search_batch(repo, limit, quiet)
    else:
        calls.search(repo, query or "", limit, as_json, quiet)


@app.command(rich_help_panel=ASKING)
def ask(
    question: Annotated[str | None, typer.Argument(metavar="[QUESTION]", show_default=False)] = None,
    repo: Repo = None,
    as_json: AsJson = False,
    batch: Batch = None,
    write: Annotated[
        bool, typer.Option("--write", help="Have the language model of `lorebase model` put it into prose.")
    ] = False,
    show_sent: Annotated[
        bool, typer.Option("--show-sent", help="Print the exact bytes --write would send; send nothing.")
    ] = False,
    follow: Annotated[
        str,
        typer.Option(
            "--follow", metavar="ID", help="Go on from a kept answer (its kept_id), or from `last`."
        ),
    ] = "",
    quiet: Quiet = False,
) -> None:
    """Answer a question with sources from the repository, or say what nobody wrote down.

    Ends with 3 when the repository does not answer it.

    With --batch - each line of standard input is {"id", "question"}, each of output {"id", "answer"}.

    Examples: lorebase ask "how does a redirect keep its cookies?" ; lorebase ask --follow last "why?"
    """
    from indexer.cli import calls

    if _from_lines(batch, question, "QUESTION"):
        if show_sent:
            raise UsageError("--show-sent takes one question.", "Leave --batch away.")
        calls.ask_batch(repo, quiet, write)
    elif show_sent:
        calls.show_sent(repo, question or "", as_json, quiet)
    else:
        calls.ask(repo, question or "", as_json, quiet, write, follow)


@app.command(rich_help_panel=ASKING)
def who(
    about: Annotated[str, typer.Argument(metavar="NAME", help="A file, FILE:LINES, a folder, or a name.")],
    repo: Repo = None,
    as_json: AsJson = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=20, help="How many people.")] = 5,
    quiet: Quiet = False,
) -> None:
    """Name the people who most likely know something, and why we think so.

    Examples: lorebase who src/http.py:40-60 ; lorebase who Session.send ; lorebase who "the retry limit"
    """
    from indexer.cli import calls

    calls.who(repo, about, limit, as_json, quiet)


@app.command(rich_help_panel=FRONTS)
def mcp(
    repo: Repo = None,
    config: Annotated[
        bool, typer.Option("--config", help="Print what an editor needs to start this, and leave.")
    ] = False,
) -> None:
    """Serve editors and agents over standard input and output (Model Context Protocol).

    Read-only: ask, search, open_source, who_knows, list_gaps. An editor starts it.

    Example: lorebase mcp --config --repo ~/work/shop
    """
    if config:
        from indexer.cli import calls

        calls.show_mcp_configuration(repo)
        return
    from indexer.mcp_server import server

    server.serve(repo)


@app.command(rich_help_panel=PEOPLE)
def review(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="As it was asked, or nearly so.")],
    repo: Repo = None,
    as_json: AsJson = False,
    confirm: Annotated[bool, typer.Option("--confirm", help="The answer is right.")] = False,
    dispute: Annotated[bool, typer.Option("--dispute", help="The answer is wrong.")] = False,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take your mark back.")] = False,
    comment: Annotated[str, typer.Option("--comment", metavar="TEXT", help="One sentence on why.")] = "",
    author: Annotated[str, typer.Option("--author", metavar="NAME", help="Default: git's user.name.")] = "",
    email: Annotated[str, typer.Option("--email", metavar="ADDRESS", help="Default: git's user.email.")] = "",
) -> None:
    """Confirm or dispute the last answer to a question; later readers of it see your mark.

    Example: lorebase review --dispute "why is the limit five?" --comment "It is seven since May."
    """
    from indexer.cli import calls
    from indexer.types import ReviewDraft, ReviewMark

    chosen = [
        mark
        for given, mark in (
            (confirm, ReviewMark.CONFIRMED),
            (dispute, ReviewMark.DISPUTED),
            (withdraw, ReviewMark.WITHDRAWN),
        )
        if given
    ]
    if len(chosen) != 1:
        raise UsageError("Say what you think of it.", "Give one of --confirm, --dispute and --withdraw.")
    draft = ReviewDraft(
        calls.given(question), chosen[0], calls.given(comment), calls.given(author), calls.given(email)
    )
    calls.review(repo, draft, as_json)


@app.command(rich_help_panel=LEARNING)
def modules(
    path: Annotated[
        str | None, typer.Argument(metavar="[PATH]", show_default=False, help="A module, or a file in one.")
    ] = None,
    repo: Repo = None,
    as_json: AsJson = False,
    review: Annotated[
        bool, typer.Option("--review", help="Say that you looked its summary through.")
    ] = False,
    unreview: Annotated[bool, typer.Option("--unreview", help="Take that back.")] = False,
    write: Annotated[
        str | None, typer.Option("--write", metavar="TEXT", help="A paragraph for its top; empty: none.")
    ] = None,
    author: Annotated[str, typer.Option("--author", metavar="NAME", help="Default: git's user.name.")] = "",
    email: Annotated[str, typer.Option("--email", metavar="ADDRESS", help="Default: git's user.email.")] = "",
    quiet: Quiet = False,
) -> None:
    """Show the modules of the repository with one line on each, or the summary of one.

    A summary tells what the module is for, what it offers and uses, its people, how hot it is, which
    reasons are recorded for it and how much of it has none. A review is withdrawn when it changes.

    Examples: lorebase modules ; lorebase modules src/billing ; lorebase modules src/billing --review
    """
    from indexer.cli import modules as shown

    if path is None:
        if review or unreview or write is not None:
            raise UsageError("Which module?", "Name it: `lorebase modules PATH --review`.")
        shown.show_tree(repo, as_json, quiet)
    else:
        shown.show_page(repo, path, shown.Said(review, unreview, write, author, email), as_json, quiet)


@app.command(rich_help_panel=LEARNING)
def changes(
    commits: Annotated[
        str | None,
        typer.Argument(metavar="[A..B]", show_default=False, help="Two states, or a single commit."),
    ] = None,
    repo: Repo = None,
    as_json: AsJson = False,
    since_last: Annotated[
        bool, typer.Option("--since-last", help="What came since you asked this the last time.")
    ] = False,
    staged: Annotated[bool, typer.Option("--staged", help="What the next commit would hold.")] = False,
    branch: Annotated[
        str | None,
        typer.Option("--branch", metavar="NAME", help="What a branch brings since it left its line."),
    ] = None,
    draft: Annotated[
        str,
        typer.Option("--as", metavar="KIND", help="Print a draft: pr, release-note or commit-message."),
    ] = "",
    most: Annotated[int, typer.Option("--most", min=0, max=50, help="Commits told for each module.")] = 5,
    quiet: Quiet = False,
) -> None:
    """Tell what a range of commits changes: by module, why, what others use of it, what to look at.

    Examples: lorebase changes v1.4..v1.5 ; lorebase changes --staged --as commit-message
    """
    from indexer.cli import changes as shown
    from indexer.shapes.changes import RangeKind

    chosen = [
        (kind, name)
        for kind, name in (
            (RangeKind.COMMITS, commits),
            (RangeKind.SINCE_LAST, "" if since_last else None),
            (RangeKind.STAGED, "" if staged else None),
            (RangeKind.BRANCH, branch),
        )
        if name is not None
    ]
    if len(chosen) != 1:
        raise UsageError(
            "Name what is to be told once.",
            "Give a range (`lorebase changes A..B`), or one of --since-last, --staged and --branch NAME.",
        )
    kind, name = chosen[0]
    shown.show(repo, name, kind, draft, most, as_json, quiet)


app.command(name="map", rich_help_panel=LEARNING)(maps.draw_map)
app.command(rich_help_panel=LEARNING)(explain.explain)
app.command(rich_help_panel=LEARNING)(examples.examples)
app.command(rich_help_panel=LEARNING)(inventory.inventory)
app.command(rich_help_panel=LEARNING)(export.export)


@app.command(rich_help_panel=CARE)
def status(repo: Repo = None, as_json: AsJson = False) -> None:
    """Show what is indexed, of which commit, and what runs."""
    from indexer.cli import calls

    calls.status(repo, as_json)


@app.command(rich_help_panel=CARE)
def doctor(repo: Repo = None, as_json: AsJson = False) -> None:
    """Check the index and name what is wrong; changes nothing.

    Ends with 1 when something needs `lorebase repair`.
    """
    from indexer.cli import calls

    calls.doctor(repo, as_json)


@app.command(rich_help_panel=CARE)
def repair(
    repo: Repo = None,
    as_json: AsJson = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Read everything anew; notes and gaps are kept.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Mend what `lorebase doctor` found; notes and gaps are never touched."""
    from indexer.cli import calls

    calls.repair(repo, rebuild, as_json, quiet)


@app.command(rich_help_panel=CARE)
def stop(repo: Repo = None, as_json: AsJson = False) -> None:
    """End the engine of this repository; the next command starts it again."""
    from indexer.cli import calls

    calls.end_engine(repo, as_json)


@app.command(rich_help_panel=FRONTS)
def gui(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", show_default=False)] = None,
) -> None:
    """Open the window, on the repository around DIR if one is given, and return.

    Example: lorebase gui ~/work/shop
    """
    from indexer.cli import gui as window

    window.start(folder)


@app.command(hidden=True)
def engine() -> None:
    """Become an engine; what it serves is read from standard input."""
    import runpy

    runpy.run_module("indexer.service", run_name="__main__", alter_sys=True)


def _from_lines(batch: str | None, text: str | None, name: str) -> bool:
    """Say whether lines come from standard input; raises UsageError for a contradiction."""
    if batch is None:
        if text is None:
            raise UsageError(f"{name} is missing.", "Run the command with --help for examples.")
        return False
    if batch != "-":
        raise UsageError("--batch reads standard input only.", "Write `--batch -` and pipe the file in.")
    if text is not None:
        raise UsageError(f"--batch takes no {name} beside it.", "Leave one of the two away.")
    return True


def _end_with(error: LorebaseError) -> None:
    from indexer.cli.terminal import show_error

    show_error(error)
    sys.exit(error.exit_code)


def _bug() -> LorebaseError:
    """Keep the trace of a bug in a file, and return what the person is told."""
    import tempfile
    import traceback

    file = Path(tempfile.gettempdir(), f"lorebase-bug-{os.getpid()}.txt")
    kind = sys.exc_info()[0]
    message = f"This is a bug of lorebase's own ({kind.__name__ if kind else 'unknown'})."
    try:
        with file.open("x", encoding="utf-8", errors="backslashreplace") as out:
            out.write(traceback.format_exc())
    except OSError:
        return LorebaseError(message, "Its trace could not be written to a file.")
    return LorebaseError(message, f"The index is not touched by it. The trace is in {file}.")
