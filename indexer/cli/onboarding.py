"""Tours and sessions on the command line: a route through a codebase, and one's walk along it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from indexer.cli.options import AsJson, Quiet, Repo

tours = typer.Typer(
    help="Routes through this codebase for a newcomer, derived and edited.", no_args_is_help=True
)
sessions = typer.Typer(
    help="One person's walk along a tour: progress, questions, gaps.", no_args_is_help=True
)

TourId = Annotated[str, typer.Argument(metavar="TOUR", help="A tour's id, or the start of it.")]
SessionId = Annotated[
    str,
    typer.Option("--session", "-s", metavar="ID", help="Default: the session that was walked last."),
]
Step = Annotated[str, typer.Option("--step", metavar="N", help="Default: the step where the session stands.")]
Author = Annotated[str, typer.Option("--author", metavar="NAME", help="Default: git's user.name.")]
Email = Annotated[str, typer.Option("--email", metavar="ADDRESS", help="Default: git's user.email.")]
Words = Annotated[str, typer.Argument(metavar="TEXT", help="In a sentence; `-`: standard input.")]


@tours.command("new")
def new(
    repo: Repo = None,
    as_json: AsJson = False,
    area: Annotated[
        str, typer.Option("--area", metavar="PATH", help="A folder, a file or a name; default: the whole.")
    ] = "",
    role: Annotated[
        str, typer.Option("--role", metavar="ROLE", help="backend, frontend, ops, qa or any.")
    ] = "any",
    author: Author = "",
    email: Email = "",
    quiet: Quiet = False,
) -> None:
    """Derive a route of 8 to 15 steps from the code, its documents and its history.

    Every sentence is a quotation or a fact that was counted, and cites its source.

    Example: lorebase tour new --area src/checkout --role backend
    """
    from indexer.cli import onboarding_calls as calls

    calls.new(repo, area, role, (author, email), as_json, quiet)


@tours.command("list")
def list_tours(repo: Repo = None, as_json: AsJson = False) -> None:
    """List all tours, those that are files of the repository too."""
    from indexer.cli import onboarding_calls as calls

    calls.list_tours(repo, as_json)


@tours.command("show")
def show(
    tour: TourId,
    repo: Repo = None,
    as_json: AsJson = False,
    step: Annotated[int, typer.Option("--step", metavar="N", min=0, help="One step alone, whole.")] = 0,
    answers: Annotated[bool, typer.Option("--answers", help="Show the answers of the self-checks.")] = False,
    versions: Annotated[bool, typer.Option("--versions", help="List every version of it.")] = False,
    version: Annotated[int, typer.Option("--version", metavar="V", min=0, help="An earlier version.")] = 0,
) -> None:
    """Show a tour: its steps with what they cite, as it stands now.

    Example: lorebase tour show t3f --step 5 --answers
    """
    from indexer.cli import onboarding_calls as calls

    if versions:
        calls.versions(repo, tour, as_json)
    else:
        calls.show(repo, (tour, version), step, answers, as_json)


@tours.command("edit")
def edit(
    tour: TourId,
    repo: Repo = None,
    as_json: AsJson = False,
    file: Annotated[
        str, typer.Option("--file", metavar="FILE", help="Read the Markdown from here (`-`: standard input).")
    ] = "",
    show_text: Annotated[
        bool, typer.Option("--print", help="Print the Markdown, and change nothing.")
    ] = False,
    author: Author = "",
    email: Email = "",
) -> None:
    """Edit a tour by hand: it opens as Markdown in your editor.

    What you do not touch keeps its citations; what you write is shown as yours. Earlier versions
    stay, and so does what somebody else wrote meanwhile.

    Example: lorebase tour edit t3f --print > tour.md ; lorebase tour edit t3f --file tour.md
    """
    from indexer.cli import onboarding_calls as calls

    if show_text:
        calls.print_text(repo, tour)
    else:
        calls.edit(repo, tour, file, (author, email), as_json)


@tours.command("publish")
def publish(
    tour: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TOUR]...", help="Default: all of yours.", show_default=False),
    ] = None,
    repo: Repo = None,
    as_json: AsJson = False,
    into: Annotated[str, typer.Option("--into", metavar="FOLDER", help="Default: docs/tours.")] = "",
) -> None:
    """Write tours as Markdown files into the work tree, for you to look at and commit.

    Ends with 1 when a file was changed by others since, and is left as it is.
    """
    from indexer.cli import onboarding_calls as calls

    calls.publish(repo, into, tour or [], as_json)


@tours.command("delete")
def delete(
    tour: TourId,
    repo: Repo = None,
    as_json: AsJson = False,
    restore: Annotated[bool, typer.Option("--restore", help="Take a deleted one back.")] = False,
) -> None:
    """Put a tour away; its sessions go on, and nothing is lost."""
    from indexer.cli import onboarding_calls as calls

    calls.delete_tour(repo, tour, restore, as_json)


@sessions.command("start")
def start(
    tour: TourId,
    repo: Repo = None,
    as_json: AsJson = False,
    author: Author = "",
    email: Email = "",
) -> None:
    """Begin to walk a tour. Several walks can be under way at once.

    Example: lorebase session start t3f
    """
    from indexer.cli import onboarding_calls as calls

    calls.start(repo, tour, (author, email), as_json)


@sessions.command("show")
def show_session(
    session: SessionId = "",
    repo: Repo = None,
    as_json: AsJson = False,
    step: Step = "",
    answers: Annotated[bool, typer.Option("--answers", help="Show the answer of the self-check.")] = False,
) -> None:
    """Show where a session stands: the present step whole, and what happened so far."""
    from indexer.cli import onboarding_calls as calls

    calls.show_session(repo, session, step, answers, as_json)


@sessions.command("next")
def go_on(session: SessionId = "", repo: Repo = None, as_json: AsJson = False) -> None:
    """Tick the present step off, and show the next one."""
    from indexer.cli import onboarding_calls as calls

    calls.act(repo, session, "done", "", "", as_json)


@sessions.command("done")
def done(
    step: Annotated[
        str, typer.Argument(metavar="[N]", help="Default: the present step.", show_default=False)
    ] = "",
    session: SessionId = "",
    repo: Repo = None,
    as_json: AsJson = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take it back out of those that are done.")] = False,
) -> None:
    """Tick any step off, or take that back.

    Example: lorebase session done 3
    """
    from indexer.cli import onboarding_calls as calls

    calls.act(repo, session, "again" if undo else "done", step, "", as_json)


@sessions.command("stuck")
def stuck(
    text: Words, session: SessionId = "", step: Step = "", repo: Repo = None, as_json: AsJson = False
) -> None:
    """Say what is unclear here: it is kept as a gap, with the step's code and who may know.

    Example: lorebase session stuck "Why must the lock be taken before the price is read?"
    """
    from indexer.cli import onboarding_calls as calls

    calls.act(repo, session, "stuck", step, text, as_json)


@sessions.command("note")
def note(
    text: Words, session: SessionId = "", step: Step = "", repo: Repo = None, as_json: AsJson = False
) -> None:
    """Keep a note on a step, for yourself and your mentor."""
    from indexer.cli import onboarding_calls as calls

    calls.act(repo, session, "noted", step, text, as_json)


@sessions.command("ask")
def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION")],
    session: SessionId = "",
    step: Step = "",
    repo: Repo = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Ask a question on the way: it is answered as `lorebase ask` does, and kept with the session.

    Ends with 3 when the repository does not answer it.
    """
    from indexer.cli import onboarding_calls as calls

    calls.ask(repo, session, step, question, as_json, quiet)


@sessions.command("check")
def check(
    answer: Annotated[
        str,
        typer.Argument(
            metavar="[CHOICE]", help="A choice's number; or right/wrong, for a free one.", show_default=False
        ),
    ] = "",
    session: SessionId = "",
    step: Step = "",
    repo: Repo = None,
    as_json: AsJson = False,
) -> None:
    """Answer the self-check of a step, and see what is right; with no answer the question is shown.

    Example: lorebase session check 2
    """
    from indexer.cli import onboarding_calls as calls

    calls.check(repo, session, step, answer, as_json)


@sessions.command("list")
def list_sessions(repo: Repo = None, as_json: AsJson = False) -> None:
    """List the sessions, the last walked first."""
    from indexer.cli import onboarding_calls as calls

    calls.list_sessions(repo, as_json)


@sessions.command("export")
def export(
    session: SessionId = "",
    repo: Repo = None,
    form: Annotated[
        str, typer.Option("--form", metavar="FORM", help="md, html or pdf; default: by FILE.")
    ] = "",
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Default: standard output.", show_default=False),
    ] = None,
) -> None:
    """Write what a mentor reads: what was read, asked, not answered, and by whom it could be.

    Example: lorebase session export --out eve.pdf
    """
    from indexer.cli import onboarding_calls as calls

    calls.export(repo, session, form, out)


@sessions.command("overview")
def overview(repo: Repo = None, as_json: AsJson = False) -> None:
    """Show a mentor's view: which steps make people stuck, and which gaps come up again."""
    from indexer.cli import onboarding_calls as calls

    calls.overview(repo, as_json)


@sessions.command("delete")
def delete_session(
    session: Annotated[str, typer.Argument(metavar="ID", help="A session's id, or the start of it.")],
    repo: Repo = None,
    as_json: AsJson = False,
    restore: Annotated[bool, typer.Option("--restore", help="Take a deleted one back.")] = False,
) -> None:
    """Put a session away; nothing of it is lost."""
    from indexer.cli import onboarding_calls as calls

    calls.delete_session(repo, session, restore, as_json)
