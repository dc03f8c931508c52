"""The table of commands: what each is called, its key, and which of the window's deeds it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QCoreApplication

from desktop.commands import Command
from desktop.widgets.rail import Place, RailItem


class Deeds(Protocol):
    """What a window can do."""

    def ask(self) -> None:
        """Put the keyboard into the field."""

    def find_file(self) -> None:
        """Look for a file by name."""

    def find_symbol(self) -> None:
        """Look for a definition by name."""

    def go_back(self) -> None:
        """Go one step back."""

    def go_forward(self) -> None:
        """Go one step forward."""

    def choose_view(self, view: Place) -> None:
        """Go to a view."""

    def next_pane(self) -> None:
        """Put the keyboard into the next part of the window."""

    def choose_folder(self) -> None:
        """Let the person pick a folder."""

    def switch_repository(self) -> None:
        """Choose another repository."""

    def open_new_window(self) -> None:
        """Open the repository in another window."""

    def close_repository(self) -> None:
        """Leave the repository."""

    def update_index(self) -> None:
        """Read what is new."""

    def steer_job(self, deed: str) -> None:
        """Pause, resume or stop the running job."""

    def show_jobs(self) -> None:
        """Show what runs and what ran."""

    def show_palette(self) -> None:
        """Show every command."""

    def show_keys(self) -> None:
        """Show every key."""

    def toggle_scheme(self) -> None:
        """Go from light to dark, or back."""

    def follow_system(self) -> None:
        """Be light or dark as the system is."""

    def change_scale(self, steps: int) -> None:
        """Make everything larger (1), smaller (-1) or as usual (0)."""

    def close(self) -> bool:
        """Close the window."""

    def has_repository(self) -> bool:
        """Say whether a repository is open."""

    def can_go_back(self) -> bool:
        """Say whether there is a place before this one."""

    def can_go_forward(self) -> bool:
        """Say whether there is a place to come back to."""

    def has_job(self) -> bool:
        """Say whether an index job runs."""


def window_commands(deeds: Deeds, views: Sequence[RailItem]) -> list[Command]:
    """Return every command of the window itself, in the order of the key list."""
    tr = QCoreApplication.translate
    go, look, job = tr("Commands", "Go"), tr("Commands", "Window"), tr("Commands", "Index")
    repository = tr("Commands", "Repository")
    known = deeds.has_repository
    switch, leave = tr("Commands", "Switch to another repository…"), tr("Commands", "Close this repository")
    stop = tr("Commands", "Stop indexing, keep what is done")
    another = tr("Commands", "Open this repository in a new window")
    made = [
        Command(tr("Commands", "Ask or search"), "Ctrl+K", deeds.ask, go, known),
        Command(tr("Commands", "Go to a file"), "Ctrl+P", deeds.find_file, go, known),
        Command(tr("Commands", "Go to a symbol"), "Ctrl+T", deeds.find_symbol, go, known),
        Command(tr("Commands", "Back"), "Alt+Left", deeds.go_back, go, deeds.can_go_back),
        Command(tr("Commands", "Forward"), "Alt+Right", deeds.go_forward, go, deeds.can_go_forward),
        Command(tr("Commands", "Next pane"), "F6", deeds.next_pane, go, held=True),
        Command(tr("Commands", "Open a repository…"), "Ctrl+O", deeds.choose_folder, repository),
        Command(switch, "Ctrl+Shift+O", deeds.switch_repository, repository),
        Command(another, "Ctrl+Shift+N", deeds.open_new_window, repository, known),
        Command(leave, "Ctrl+Shift+W", deeds.close_repository, repository, known),
        Command(tr("Commands", "Bring the index up to date"), "F5", deeds.update_index, job, known),
        Command(tr("Commands", "Show jobs"), "Ctrl+J", deeds.show_jobs, job, known),
        Command(tr("Commands", "Pause indexing"), "", _Steer(deeds, "pause"), job, deeds.has_job),
        Command(tr("Commands", "Resume indexing"), "", _Steer(deeds, "resume"), job, deeds.has_job),
        Command(stop, "", _Steer(deeds, "stop"), job, deeds.has_job),
        Command(tr("Commands", "All commands"), "Ctrl+Shift+P", deeds.show_palette, look),
        Command(tr("Commands", "List of keys"), "?", deeds.show_keys, look),
        Command(tr("Commands", "Switch between light and dark"), "Ctrl+Shift+L", deeds.toggle_scheme, look),
        Command(tr("Commands", "Follow the system’s light or dark"), "", deeds.follow_system, look),
        Command(tr("Commands", "Larger text"), "Ctrl++", _Scale(deeds, 1), look),
        Command(tr("Commands", "Smaller text"), "Ctrl+-", _Scale(deeds, -1), look),
        Command(tr("Commands", "Usual size of text"), "Ctrl+0", _Scale(deeds, 0), look),
        Command(tr("Commands", "Close the window"), "Ctrl+Q", deeds.close, look),
    ]  # fmt: skip
    for number, each in enumerate(views, 1):
        settings = each.place is Place.SETTINGS
        key = "Ctrl+," if settings else f"Alt+{number}"
        reachable = deeds.has_repository if each.place not in (Place.HOME, Place.SETTINGS) else _always
        made.append(Command(each.label, key, _View(deeds, each.place), tr("Commands", "Views"), reachable))
    return made


def answer_commands(view: Callable[[], object], in_front: Callable[[], bool]) -> list[Command]:
    """Return the commands of an answer and its evidence; their keys are bound in the view itself.

    ``view`` returns the view of answers. It is called when a command is given, not to list them: a list
    of keys makes no view.
    """
    tr = QCoreApplication.translate
    group = tr("Commands", "Answer and evidence")
    table = (
        (tr("Commands", "Next citation"), "F8", "next_citation"),
        (tr("Commands", "Previous citation"), "Shift+F8", "previous_citation"),
        (tr("Commands", "Show source 1; 2 to 9 likewise"), "1", "show_first"),
        (tr("Commands", "Copy with citations"), "Ctrl+Shift+C", "copy_with_citations"),
        (tr("Commands", "Save the answer as Markdown…"), "Ctrl+S", "save_as_markdown"),
        (tr("Commands", "Ask again of what is there now"), "", "ask_again"),
        (tr("Commands", "Write down what is missing"), "", "write_it_down"),
        (tr("Commands", "Confirm this answer, or take that back"), "", "confirm"),
        (tr("Commands", "Dispute this answer…"), "", "dispute"),
        (tr("Commands", "Write the answer out with the language model"), "Ctrl+Return", "write_out"),
        (tr("Commands", "Open in the editor"), "Ctrl+E", "open_in_editor"),
        (tr("Commands", "Questions asked before"), "", "show_threads"),
        (tr("Commands", "Find in this pane"), "Ctrl+F", "find_in_pane"),
        (tr("Commands", "Go to a line"), "Ctrl+G", "go_to_line"),
        (tr("Commands", "Show or hide the evidence"), "", "toggle_evidence"),
    )
    return [
        Command(name, key, _Answer(view, method), group, in_front, held=True) for name, key, method in table
    ]


class _Answer:
    def __init__(self, view: Callable[[], object], method: str) -> None:
        self._view, self._method = view, method

    def __call__(self) -> None:
        getattr(self._view(), self._method)()


class _View:
    def __init__(self, deeds: Deeds, view: Place) -> None:
        self._deeds, self._view = deeds, view

    def __call__(self) -> None:
        self._deeds.choose_view(self._view)


class _Steer:
    def __init__(self, deeds: Deeds, deed: str) -> None:
        self._deeds, self._deed = deeds, deed

    def __call__(self) -> None:
        self._deeds.steer_job(self._deed)


class _Scale:
    def __init__(self, deeds: Deeds, steps: int) -> None:
        self._deeds, self._steps = deeds, steps

    def __call__(self) -> None:
        self._deeds.change_scale(self._steps)


def _always() -> bool:
    return True
