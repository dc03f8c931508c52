"""What the commands of tours and sessions do: ask the engine, and show what comes of it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import typer

from indexer.cli import forms
from indexer.cli.calls import NO_ANSWER, ask_engine, given
from indexer.errors import LorebaseError, StorageError, UsageError
from indexer.identity import person
from indexer.method import Nothing
from indexer.protocol import ASK, Question
from indexer.shapes import onboarding as shapes
from indexer.shapes.onboarding import (
    ReportForm,
    ReportWanted,
    SessionAct,
    SessionName,
    SessionPage,
    SessionStart,
    SessionStep,
    TourEdit,
    TourName,
    TourPublish,
    TourRole,
    TourWanted,
)
from indexer.types import PublishOutcome, VerdictStatus

ROOT = Path(__file__).resolve().parent.parent.parent
"""Where our packages lie: `-m` finds them there, and never something of the same name elsewhere."""

PDF_SECONDS = 60.0


def new(repo: Path | None, area: str, role: str, by: tuple[str, str], as_json: bool, quiet: bool) -> None:
    """Derive a tour and show it."""
    try:
        wanted = TourRole(role.lower())
    except ValueError:
        raise UsageError(f"{role!r} is no role.", f"Choose one of {', '.join(TourRole)}.") from None
    who = person(os.environ, given(by[0]), given(by[1]))
    made = ask_engine(repo, shapes.TOUR_NEW, TourWanted(given(area), wanted, who), quiet=quiet)
    if as_json:
        forms.write_json(made)
    else:
        from indexer.cli import onboarding_text as text  # rich, which JSON does without

        text.show_tour(made, whole=False)


def list_tours(repo: Path | None, as_json: bool) -> None:
    """List the tours."""
    found = ask_engine(repo, shapes.TOUR_LIST, Nothing())
    if as_json:
        forms.write_json(found)
    else:
        from indexer.cli import onboarding_text as text

        text.show_tours(found)


def show(repo: Path | None, name: tuple[str, int], step: int, answers: bool, as_json: bool) -> None:
    """Show a tour, or one step of it."""
    tour = ask_engine(repo, shapes.TOUR_SHOW, TourName(given(name[0]), name[1]))
    if step > len(tour.steps):
        raise UsageError(
            f"The tour has {len(tour.steps)} steps.", f"Give a number from 1 to {len(tour.steps)}."
        )
    if as_json:
        forms.write_json(tour)
        return
    from indexer.cli import onboarding_text as text

    if step:
        text.show_step(tour, step, answers=answers)
    else:
        text.show_tour(tour, whole=True, answers=answers)


def versions(repo: Path | None, tour: str, as_json: bool) -> None:
    """List the versions of a tour."""
    found = ask_engine(repo, shapes.TOUR_VERSIONS, TourName(given(tour)))
    if as_json:
        forms.write_json(found)
    else:
        from indexer.cli import onboarding_text as text

        text.show_versions(found)


def print_text(repo: Path | None, tour: str) -> None:
    """Write a tour's Markdown to standard output."""
    sys.stdout.write(ask_engine(repo, shapes.TOUR_TEXT, TourName(given(tour))).text)


def edit(repo: Path | None, tour: str, file: str, by: tuple[str, str], as_json: bool) -> None:
    """Keep an edited tour."""
    now = ask_engine(repo, shapes.TOUR_TEXT, TourName(given(tour)))
    changed = _from_file(file) if file else _from_editor(now.text)
    base = _version_in(changed) or now.version
    who = person(os.environ, given(by[0]), given(by[1]))
    kept = ask_engine(repo, shapes.TOUR_EDIT, TourEdit(now.id, base, changed, who))
    if as_json:
        forms.write_json(kept)
    else:
        from indexer.cli import onboarding_text as text

        text.show_tour(kept, whole=False)


def publish(repo: Path | None, into: str, tours: Sequence[str], as_json: bool) -> None:
    """Write tours into the work tree; ends with 1 when a file was left as it is."""
    wanted = TourPublish(given(into), tuple(given(each) for each in tours))
    report = ask_engine(repo, shapes.TOUR_PUBLISH, wanted)
    if as_json:
        forms.write_json(report)
    else:
        from indexer.cli import reports

        reports.show_published(report)
    if any(each.outcome is PublishOutcome.REFUSED for each in report.files):
        raise typer.Exit(1)


def delete_tour(repo: Path | None, tour: str, restore: bool, as_json: bool) -> None:
    """Put a tour away, or take it back."""
    ask_engine(repo, shapes.TOUR_RESTORE if restore else shapes.TOUR_DELETE, TourName(given(tour)))
    _say(as_json, "restored" if restore else "deleted", tour)


def start(repo: Path | None, tour: str, by: tuple[str, str], as_json: bool) -> None:
    """Begin a session."""
    who = person(os.environ, given(by[0]), given(by[1]))
    _show(ask_engine(repo, shapes.SESSION_START, SessionStart(given(tour), who)), as_json)


def show_session(repo: Path | None, session: str, step: str, answers: bool, as_json: bool) -> None:
    """Show a session."""
    page = ask_engine(repo, shapes.SESSION_SHOW, SessionName(given(session)))
    if as_json:
        forms.write_json(page)
        return
    from indexer.cli import onboarding_text as text

    number = _number_of(page, step)
    text.show_session(page, number, answers=answers, happened=True)


def act(repo: Path | None, session: str, act_word: str, step: str, words: str, as_json: bool) -> None:
    """Do something at a step, and show what comes of it."""
    if words == "-":
        words = sys.stdin.buffer.read().decode("utf-8", "backslashreplace")
    who = person(os.environ)
    wanted = SessionStep(given(session), SessionAct(act_word), given(step), given(words), by=who)
    page = ask_engine(repo, shapes.SESSION_STEP, wanted)
    if as_json:
        forms.write_json(page)
        return
    from indexer.cli import onboarding_text as text

    if wanted.act in (SessionAct.DONE, SessionAct.AGAIN):
        text.show_session(page, _number_of(page, ""))
    else:
        text.show_kept(page, wanted.act)


def ask(repo: Path | None, session: str, step: str, question: str, as_json: bool, quiet: bool) -> None:
    """Ask on the way; ends with 3 when the repository does not answer."""
    who = person(os.environ)
    ask_engine(repo, shapes.SESSION_SHOW, SessionName(given(session)), quiet=quiet)
    answer = ask_engine(repo, ASK, Question(given(question), by=who), quiet=quiet)
    wanted = SessionStep(
        given(session), SessionAct.ASKED, given(step), answer.question, asked_id=answer.kept_id, by=who
    )
    page = ask_engine(repo, shapes.SESSION_STEP, wanted, quiet=quiet)
    if as_json:
        forms.write_json({"answer": forms.answer_form(answer), "session": page})
    else:
        from indexer.cli import answers

        answers.show_answer(answer)
    if answer.verdict.status in (VerdictStatus.MISSING, VerdictStatus.UNKNOWN):
        raise typer.Exit(NO_ANSWER)


def check(repo: Path | None, session: str, step: str, answer: str, as_json: bool) -> None:
    """Show the question of a step, or mark an answer and show what is right."""
    page = ask_engine(repo, shapes.SESSION_SHOW, SessionName(given(session)))
    number = _number_of(page, step)
    at = page.tour.steps[number - 1]
    if answer:
        chosen, right = -1, None
        if answer.isdigit():
            chosen = int(answer) - 1
        elif answer.lower() in ("right", "wrong"):
            right = answer.lower() == "right"
        else:
            raise UsageError(
                f"{answer!r} is no answer.",
                "Give the number of a choice; or `right` or `wrong`, as you find.",
            )
        wanted = SessionStep(page.session.id, SessionAct.CHECKED, at.key, chosen=chosen, right=right)
        page = ask_engine(repo, shapes.SESSION_STEP, wanted)
    if as_json:
        forms.write_json(page)
    else:
        from indexer.cli import onboarding_text as text

        text.show_check(page, number, answered=bool(answer))


def list_sessions(repo: Path | None, as_json: bool) -> None:
    """List the sessions."""
    found = ask_engine(repo, shapes.SESSION_LIST, Nothing())
    if as_json:
        forms.write_json(found)
    else:
        from indexer.cli import onboarding_text as text

        text.show_sessions(found)


def export(repo: Path | None, session: str, form: str, out: Path | None) -> None:
    """Write a session for its mentor. Raises UsageError, StorageError, LorebaseError."""
    kind = (form or (out.suffix if out is not None else "md")).lower().lstrip(".")
    if kind not in ("md", "markdown", "html", "htm", "pdf"):
        raise UsageError(f"{kind!r} is no form.", "Choose md, html or pdf.")
    wanted = ReportForm.HTML if kind.startswith("htm") else ReportForm.MARKDOWN
    report = ask_engine(repo, shapes.SESSION_REPORT, ReportWanted(given(session), wanted))
    data = report.text.encode("utf-8", "backslashreplace")
    if kind == "pdf":
        data = _pdf(data, report.name)
    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        fresh = out.with_name(f".{out.name}.{os.getpid()}.new")
        fresh.write_bytes(data)
        fresh.replace(out)
    except OSError as error:
        raise StorageError(
            f"{out} cannot be written: {error.strerror or error}.", "Choose another place with --out."
        ) from error
    sys.stderr.write(f"Written to {given(str(out))}.\n")


def overview(repo: Path | None, as_json: bool) -> None:
    """Show a mentor's view."""
    found = ask_engine(repo, shapes.SESSION_OVERVIEW, Nothing())
    if as_json:
        forms.write_json(found)
    else:
        from indexer.cli import onboarding_text as text

        text.show_overview(found)


def delete_session(repo: Path | None, session: str, restore: bool, as_json: bool) -> None:
    """Put a session away, or take it back."""
    method = shapes.SESSION_RESTORE if restore else shapes.SESSION_DELETE
    ask_engine(repo, method, SessionName(given(session)))
    _say(as_json, "restored" if restore else "deleted", session)


# ------------------------------------------------------------------------------------ private


def _show(page: SessionPage, as_json: bool) -> None:
    if as_json:
        forms.write_json(page)
        return
    from indexer.cli import onboarding_text as text

    text.show_session(page, _number_of(page, ""))


def _number_of(page: SessionPage, step: str) -> int:
    """Return the number of a step, as given or where the session stands (the last one, when all is done)."""
    steps = page.tour.steps
    wanted = given(step) or page.session.current
    if wanted.isdigit() and 1 <= int(wanted) <= len(steps):
        return int(wanted)
    at = next((number for number, each in enumerate(steps, 1) if each.key == wanted), 0)
    if step and not at:
        raise UsageError(f"The tour has no step {step!r}.", f"Give a number from 1 to {len(steps)}.")
    return at or len(steps)


def _say(as_json: bool, word: str, key: str) -> None:
    if as_json:
        forms.write_json({word: given(key)})
    else:
        typer.echo(f"{given(key)}: {word}.")


def _from_file(file: str) -> str:
    if file == "-":
        return sys.stdin.buffer.read().decode("utf-8", "backslashreplace")
    try:
        return Path(file).read_text("utf-8", "backslashreplace")
    except OSError as error:
        raise UsageError(
            f"{given(file)} cannot be read: {error.strerror}.", "Name a Markdown file."
        ) from error


def _from_editor(text: str) -> str:
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        raise UsageError("There is no editor.", "Set EDITOR, or use --print and --file.")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "tour.md")
        file.write_text(text, encoding="utf-8")
        done = subprocess.run([*shlex.split(editor), str(file)], check=False)
        changed = file.read_text("utf-8", "backslashreplace")
    if done.returncode or changed == text:
        raise UsageError("Nothing was changed.", "Run it again, and save the file in your editor.")
    return changed


def _version_in(text: str) -> int:
    """Return the version that an edited text says it was made from, 0 where it does not say."""
    for line in text.split("\n")[:12]:
        word, _, value = line.partition(":")
        if word == "tour" and value.strip().isdigit():
            return int(value)
    return 0


def _pdf(markdown: bytes, title: str) -> bytes:
    """Return a PDF, painted by a process of the desktop's. Raises LorebaseError where there is none."""
    command = [sys.executable, "-m", "desktop.render", "pdf", "--from", "markdown", "--title", title]
    try:
        done = subprocess.run(
            command, input=markdown, capture_output=True, cwd=ROOT, timeout=PDF_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LorebaseError(f"The PDF was not made: {error}.", "Export Markdown or HTML instead.") from error
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        said = done.stderr.decode("utf-8", "backslashreplace").strip().splitlines()
        why = said[-1] if said else f"it ended with {done.returncode}"
        raise LorebaseError(
            f"The PDF was not made: {why}", "It needs the desktop (PySide6); Markdown and HTML do without."
        )
    return done.stdout
