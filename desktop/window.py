"""The window: where the person is, which repository is open, and what every command does.

Its content is made anew when the colours or the scale change; place, typing and scroll are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QFileDialog, QVBoxLayout, QWidget
from shiboken6 import delete

from desktop.actions import answer_commands, window_commands
from desktop.commands import Command
from desktop.frame import Frame
from desktop.icons import application_icon
from desktop.keys import forget, shortcut
from desktop.outside import dropped_folder, edit, open_new_window, save_markdown
from desktop.places import HealthPlace, HomePlace, Trail
from desktop.repositorynews import RepositoryNews
from desktop.state import WindowState
from desktop.telling import tell
from desktop.theme import palette, style_sheet, theme_for
from desktop.tokens import SCALES
from desktop.views.catalogue import exists, first_place, view_of
from desktop.widgets.rail import Place
from indexer.errors import LorebaseError, NotARepositoryError
from indexer.settings import ModelSettings, Settings, WindowSettings, save_settings

if TYPE_CHECKING:  # loaded after the first paint
    from desktop.finder import Finder
    from desktop.person import PersonFinder
    from desktop.repositories import OpenRepository, Repositories
    from desktop.widgets.palette import Choice
    from indexer.types import Person

DEFAULT_SIZE = (1440, 900)
LEAST_SIZE = (720, 480)


def no_key(model: ModelSettings) -> str:
    """Return the key that no environment holds."""
    del model
    return ""


class Window(QWidget):
    """One window with one repository in front; others stay ready for a quick switch."""

    closed = Signal()

    def __init__(
        self,
        settings: Settings,
        state: WindowState,
        runtime_dir: str | None,
        given_key: Callable[[ModelSettings], str] = no_key,
    ) -> None:
        super().__init__()
        self._given_key = given_key
        self.settings = settings
        self.state = state
        self._runtime_dir = runtime_dir
        self._repositories: Repositories | None = None
        self._person: PersonFinder | None = None
        self.repository: OpenRepository | None = None
        self._own_trail = Trail(HomePlace())
        self._kept: dict[Place, object] = {}
        self._before: QWidget | None = None
        self._news = RepositoryNews(self)
        self._news.updated.connect(self._on_updated)
        self._news.noticed.connect(self.notice)
        self._shortcuts: list[QShortcut] = []
        self._view_shortcuts: list[QShortcut] = []
        self.setWindowTitle("Lorebase")
        self.setWindowIcon(application_icon())
        self.setMinimumSize(*LEAST_SIZE)
        self.setAcceptDrops(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._redressing = QTimer(self)
        self._redressing.setSingleShot(True)
        self._redressing.setInterval(0)
        self._redressing.timeout.connect(self._redress)
        self.theme = theme_for(settings.window.scheme, settings.window.scale)
        self.frame = self._build()
        self._restore_size()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_scheme)

    # ------------------------------------------------------------------------ repositories

    def begin(self, folder: str) -> None:
        """Open ``folder``, or show the first page where it is empty."""
        if folder:
            self.open_folder(folder)
        else:
            self._show()

    def open_folder(self, folder: str) -> None:
        """Open the repository around ``folder``; says what is wrong when there is none."""
        try:
            opened = self._all_repositories().open(Path(folder))
        except NotARepositoryError as error:
            # Its hint speaks to the command line.
            self._tell_trouble(f"{error.message} {self.tr('Choose the folder of a repository.')}")
            return
        except LorebaseError as error:
            self._tell_trouble(f"{error.message} {error.hint}".strip())
            return
        self._switch(opened)
        opened.start()

    def prepare(self) -> None:
        """Make the view of answers before anybody asks: a first question then waits for its answer alone."""
        if self.repository is not None:
            self._find_person()
            self.frame.prepare_answers()

    def _find_person(self) -> None:
        if self._person is None:
            from desktop.person import PersonFinder  # late, as the other half of the engine's side

            self._person = PersonFinder(self)
            self._person.found.connect(self._on_person)
            self._person.start()

    def _on_person(self, person: Person) -> None:
        for view in self.frame.views.values():
            tell(view, "set_person", person)

    def close_repository(self) -> None:
        """Leave the repository; its index stays."""
        closing = self.repository
        if closing is not None:
            self._switch(None)
            self._all_repositories().close(closing)

    def has_repository(self) -> bool:
        """Say whether a repository is open."""
        return self.repository is not None

    def has_job(self) -> bool:
        """Say whether an index job runs."""
        return self.repository is not None and self.repository.progress is not None

    def update_index(self) -> None:
        """Read what is new."""
        if self.repository is not None:
            self.repository.start()

    def steer_job(self, deed: str) -> None:
        """Pause, resume or stop the running job."""
        if self.repository is not None:
            self.repository.steer(deed)

    def _all_repositories(self) -> Repositories:
        if self._repositories is None:
            # Late: sockets and the protocol are loaded once the window is painted.
            from desktop.repositories import Repositories

            self._repositories = Repositories(self.settings, self._runtime_dir, self)
        return self._repositories

    def _switch(self, opened: OpenRepository | None) -> None:
        """Put another repository in front, where the person left it."""
        if opened is self.repository and opened is not None:
            return
        if self.repository is not None:
            self.repository.typed = self.frame.top.field.text()
        self.repository = opened
        if opened is not None:
            folder = str(opened.folder)
            self.state.remember(folder, opened.name)
        self._kept.clear()
        self._news.listen(opened)
        self.frame.finder.set_link(None if opened is None else opened.link)
        self.frame.top.field.setText("" if opened is None else opened.typed)
        for view in (*self.frame.views.values(), self.frame.drawer):
            if view is not None:
                self._give_link(view)
        self._show()
        if opened is not None:
            self.frame.top.field.setFocus()

    def _on_updated(self) -> None:
        for place, view in self.frame.views.items():
            if place is self.frame.front:
                tell(view, "refresh")
            else:
                self._stale.add(place)
        self.prepare()
        self._news.ask_counts()

    # ------------------------------------------------------------------------ places

    @property
    def trail(self) -> Trail:
        """Where the person has been in the repository that is in front."""
        return self._own_trail if self.repository is None else self.repository.trail

    def go(self, place: object) -> None:
        """Go to a place, as a new step."""
        if not exists(view_of(place, self.frame.front)):
            return
        self.trail.go(place)
        self._show()

    def _on_found(self, place: object) -> None:
        """Go where the list leads; whoever pressed Enter there is done with typing."""
        self.go(place)
        self.focus_view()

    def _on_opened(self, place: object) -> None:
        """Go where a view leads; the keyboard follows into another view."""
        front = self.frame.front
        self.go(place)
        if self.frame.front is not front:
            self.focus_view()

    def go_back(self) -> None:
        """Go one step back."""
        if self.trail.can_go_back:
            self.trail.back()
            self._show()

    def go_forward(self) -> None:
        """Go one step forward."""
        if self.trail.can_go_forward:
            self.trail.forward()
            self._show()

    def can_go_back(self) -> bool:
        """Say whether there is a place before this one."""
        return self.trail.can_go_back

    def can_go_forward(self) -> bool:
        """Say whether there is a place to come back to."""
        return self.trail.can_go_forward

    def choose_view(self, view: Place) -> None:
        """Go to a view, where it was left; chosen again, to where it begins."""
        if self.repository is None and view not in (Place.HOME, Place.SETTINGS):
            return
        place = self._left_at.get(view, first_place(view))
        self.go(first_place(view) if view is self.frame.front else place)
        self.focus_view()

    def focus_view(self) -> None:
        """Put the keyboard into the view in front."""
        view = self.frame.stack.currentWidget()
        if view is not None and not (tell(view, "focus_first") or tell(view, "take_focus")):
            view.setFocus(Qt.FocusReason.OtherFocusReason)

    def next_pane(self) -> None:
        """Put the keyboard into the next part of the window: field, the panes of the view, rail."""
        frame, held = self.frame, QApplication.focusWidget()
        if held is not None and frame.stack.isAncestorOf(held):
            # This key reaches the window before any view, so the view is asked for its other panes.
            further: Callable[[], bool] | None = getattr(frame.stack.currentWidget(), "next_pane", None)
            if further is None or not further():
                frame.rail.focus_chosen()
        elif frame.top.field.isEnabled() and held is not frame.top.field:
            frame.finder.begin()
        else:
            self.focus_view()

    def _show(self) -> None:
        """Show the place where the person is."""
        place, frame = self.trail.here, self.frame
        view = view_of(place, frame.front)
        self._left_at[view] = place
        if view is Place.HOME and self.repository is None:
            page = frame.welcome_page(self.state.recent())
            page.openWanted.connect(self.choose_folder)
            page.folderChosen.connect(self.open_folder)
            page.focus_first()
        else:
            widget = frame.bring(view)
            tell(widget, "show_place", place)
            if view in self._stale:
                self._stale.discard(view)
                tell(widget, "refresh")
            tell(widget, "seen")
            self._bind_view_keys(widget)
        self._show_bars()

    def _show_bars(self) -> None:
        frame, known = self.frame, self.repository is not None
        frame.top.back.setEnabled(self.trail.can_go_back)
        frame.top.forward.setEnabled(self.trail.can_go_forward)
        for place in frame.rail.places():
            frame.rail.enable(place, known or place in (Place.HOME, Place.SETTINGS))
        self.setWindowTitle(f"{self.repository.name} - Lorebase" if self.repository else "Lorebase")

    def _on_place_changed(self, place: object) -> None:
        self.trail.replace(place)
        self._left_at[view_of(place, self.frame.front)] = place

    # ------------------------------------------------------------------------ finding

    def ask(self) -> None:
        """Put the keyboard into the field."""
        self.frame.close_overlays()
        self.frame.finder.begin()

    def find_file(self) -> None:
        """Look for a file by name."""
        self.frame.close_overlays()
        self.frame.finder.begin("file", "code", self.tr("Go to a file"))

    def find_symbol(self) -> None:
        """Look for a definition by name."""
        self.frame.close_overlays()
        self.frame.finder.begin("symbol", "symbol", self.tr("Go to a symbol"))

    def show_palette(self) -> None:
        """Show every command."""
        from desktop.widgets.palette import command_choices  # as all that the first page does without

        self._before = QApplication.focusWidget()
        commands = self.commands()

        def narrow(typed: str) -> list[Choice]:
            return command_choices(commands, typed)

        self.frame.ask_choice(self.tr("Type a command"), narrow)

    def show_keys(self) -> None:
        """Show every key."""
        self._before = QApplication.focusWidget()
        self.frame.show_keys(self.commands())

    def switch_repository(self) -> None:
        """Choose another repository, by name or by path."""
        self._before = QApplication.focusWidget()
        self.frame.ask_choice(self.tr("Type a name, or the path of a folder"), self._repository_choices)

    def commands(self) -> list[Command]:
        """Return every command that there is now."""
        frame = self.frame
        made = window_commands(self, frame.items)
        if self.repository is not None:
            made += answer_commands(partial(frame.view, Place.ASK), self._answer_in_front)
        given = getattr(frame.views.get(frame.front), "commands", None)
        return made if given is None else made + list(given())

    def _answer_in_front(self) -> bool:
        return self.frame.front is Place.ASK

    def _repository_choices(self, typed: str) -> list[Choice]:
        from desktop.choosing import repository_choices  # as above

        here = "" if self.repository is None else str(self.repository.folder)
        others = [each for each in self.state.recent() if each.folder != here]
        return repository_choices(others, typed, self.open_folder, self.choose_folder)

    def _on_overlay_left(self) -> None:
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._before = None

    # ------------------------------------------------------------------------ dialogs and others

    def choose_folder(self) -> None:
        """Let the person pick a folder."""
        folder = QFileDialog.getExistingDirectory(self, self.tr("Open a repository"))
        if folder:
            self.open_folder(folder)

    def open_new_window(self) -> None:
        """Open the repository in another window, a process of its own."""
        if self.repository is not None:
            open_new_window(self.repository.folder)

    def show_jobs(self) -> None:
        """Show what runs and what ran."""
        drawer = self._drawer()
        self._before = QApplication.focusWidget()
        drawer.setVisible(not drawer.isVisible())
        self.frame.place_drawer()
        if drawer.isVisible():
            tell(drawer, "seen")

    def notice(self, text: str) -> None:
        """Say in one line what happened; nothing is said of nothing."""
        if text:
            self.frame.notice.say(text)

    def _tell_trouble(self, text: str) -> None:
        if self.repository is None:
            if self.frame.welcome is None:
                self._show()
            assert self.frame.welcome is not None
            self.frame.welcome.show_trouble(text)
        else:
            self.notice(text)

    def _on_editor_wanted(self, path: str, at_line: int) -> None:
        if self.repository is not None:
            work_tree = self.repository.location.work_tree
            self.notice(edit(self.settings.window.editor, work_tree, path, at_line))

    def _on_save_wanted(self, name: str, markdown: str) -> None:
        self.notice(save_markdown(self, name, markdown))

    def _drawer(self) -> QWidget:
        if self.frame.drawer is None:
            # Late: few people open it in the first second.
            from desktop.widgets.jobs import JobsDrawer

            self.frame.drawer = JobsDrawer(self.theme, self.frame)
            self.frame.drawer.hide()
            self._wire(self.frame.drawer)
            self._give_link(self.frame.drawer)
        return self.frame.drawer

    # ------------------------------------------------------------------------ appearance

    def toggle_scheme(self) -> None:
        """Go from light to dark, or back."""
        self._appear(replace(self.settings.window, scheme="light" if self.theme.dark else "dark"))

    def follow_system(self) -> None:
        """Be light or dark as the system is."""
        self._appear(replace(self.settings.window, scheme="system"))

    def change_scale(self, steps: int) -> None:
        """Make everything larger (1) or smaller (-1) by a step; 0 is the usual size."""
        nearest = min(range(len(SCALES)), key=lambda i: abs(SCALES[i] - self.settings.window.scale))
        at = SCALES.index(1.0) if steps == 0 else min(max(nearest + steps, 0), len(SCALES) - 1)
        self._appear(replace(self.settings.window, scale=SCALES[at]))

    def take_settings(self, settings: Settings) -> None:
        """Keep other settings, and look like them."""
        try:
            save_settings(settings)
        except OSError as error:
            self.notice(self.tr("The settings could not be kept: %s.") % (error.strerror or error))
        self.settings = settings
        if self._repositories is not None:
            self._repositories.take_settings(settings)
        self._redressing.start()

    def _appear(self, looks: WindowSettings) -> None:
        self.take_settings(replace(self.settings, window=looks))

    def _on_system_scheme(self) -> None:
        self._redressing.start()

    def _redress(self) -> None:
        """Make the content anew where the theme is another."""
        theme = theme_for(self.settings.window.scheme, self.settings.window.scale)
        self.frame.status.show_model(self.settings.model)
        if theme == self.theme:
            for view in self.frame.views.values():
                self._tell_settings(view)
            return
        old, field = self.frame, self.frame.top.field
        typed, cursor, focused = field.text(), field.cursorPosition(), field.hasFocus()
        for place, view in old.views.items():
            keep = getattr(view, "keep", None)
            if keep is not None:
                self._kept[place] = keep()
        drawer = old.drawer is not None and old.drawer.isVisible()
        self._keep_splitters()
        self.setUpdatesEnabled(False)
        forget(self._view_shortcuts)
        for each in (*old.views.values(), old.drawer):
            tell(each, "set_link", None)
        old.close_down()
        # At once, for a style sheet is laid on every widget that there is. Nothing of the old
        # content is on the stack: this runs from a timer.
        delete(old)
        self.theme = theme
        self.frame = self._build()
        field = self.frame.top.field
        field.setText(typed)
        field.setCursorPosition(cursor)
        if self.repository is not None:
            self.frame.finder.set_link(self.repository.link)
            self._news.ask_counts()
        self._show()
        if drawer:
            self.show_jobs()
        if focused:
            field.setFocus()
        self.setUpdatesEnabled(True)

    def _build(self) -> Frame:
        """Return the content in the present theme, wired but empty."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.setPalette(palette(self.theme))
        application.setStyleSheet(style_sheet(self.theme))
        frame = Frame(self.theme, self)
        frame.status.show_model(self.settings.model)
        self._column.addWidget(frame)
        frame.top.backWanted.connect(self.go_back)
        frame.top.forwardWanted.connect(self.go_forward)
        frame.top.repositoryWanted.connect(self.switch_repository)
        frame.top.jobsWanted.connect(self.show_jobs)
        frame.rail.chosen.connect(self.choose_view)
        frame.status.healthWanted.connect(self._on_health_wanted)
        frame.status.themeToggled.connect(self.toggle_scheme)
        frame.finderMade.connect(self._on_finder_made)
        frame.viewMade.connect(self._on_view_made)
        frame.overlayLeft.connect(self._on_overlay_left)
        self._stale: set[Place] = set()
        self._left_at: dict[Place, object] = {}
        self._bind_keys(frame)
        self._news.set_frame(frame)
        return frame

    def _bind_keys(self, frame: Frame) -> None:
        forget(self._shortcuts)
        self._shortcuts = [shortcut(self, each) for each in window_commands(self, frame.items) if each.key]

    def _bind_view_keys(self, view: QWidget) -> None:
        """Let the keys of the view in front work wherever the focus is."""
        forget(self._view_shortcuts)
        given: tuple[Command, ...] = getattr(view, "commands", tuple)()
        self._view_shortcuts = [shortcut(view, each) for each in given if each.key and not each.held]

    def _on_health_wanted(self) -> None:
        if self.repository is not None:
            self.go(HealthPlace())

    def _on_finder_made(self, finder: Finder) -> None:
        finder.found.connect(self._on_found)
        finder.left.connect(self.focus_view)

    def _on_view_made(self, place: Place, view: QWidget) -> None:
        self._wire(view)
        self._give_link(view)
        tell(view, "restore_splitter", self.state.blob(f"splitter_{place.value}").data())
        if place in self._kept:
            tell(view, "recall", self._kept.pop(place))

    def _wire(self, view: QWidget) -> None:
        """Listen to what a view tells, as far as it does."""
        for name, slot in (
            ("opened", self._on_opened),
            ("noticed", self.notice),
            ("placeChanged", self._on_place_changed),
            ("editorWanted", self._on_editor_wanted),
            ("saveWanted", self._on_save_wanted),
            ("askWanted", self.ask),
            ("openWanted", self.choose_folder),
            ("askedListWanted", self._on_asked_list_wanted),
            ("settingsChanged", self.take_settings),
            ("answered", self._on_people_changed),
            ("noteSaved", self._on_people_changed),
            ("closed", self._on_overlay_left),
            ("forgotten", self.close_repository),
        ):
            signal = getattr(view, name, None)
            if signal is not None:
                signal.connect(slot)
        self._tell_settings(view)

    def _on_asked_list_wanted(self) -> None:
        self.choose_view(Place.ASK)
        tell(self.frame.views.get(Place.ASK), "show_threads")

    def _on_people_changed(self, _: object) -> None:
        self._stale.add(Place.HOME)
        self._news.ask_counts()

    def _give_link(self, view: QWidget) -> None:
        repository = self.repository
        tell(view, "set_link", None if repository is None else repository.link)
        if repository is not None:
            tell(view, "set_name", repository.name)
            tell(view, "show_progress", repository.progress)

    def _tell_settings(self, view: QWidget) -> None:
        tell(view, "set_settings", self.settings)
        if self._person is not None:
            tell(view, "set_person", self._person.person)
        tell(view, "set_given_key", self._given_key(self.settings.model))
        if hasattr(view, "set_commands"):
            view.set_commands(self.commands())

    # ------------------------------------------------------------------------ events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a folder that is dragged in."""
        if dropped_folder(event):
            event.acceptProposedAction()
            if self.frame.welcome is not None:
                self.frame.welcome.drop.show_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Show that it has left."""
        if self.frame.welcome is not None:
            self.frame.welcome.drop.show_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        folder = dropped_folder(event)
        if self.frame.welcome is not None:
            self.frame.welcome.drop.show_over(False)
        if folder:
            event.acceptProposedAction()
            self.open_folder(folder)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave at once. A job goes on in its engine, which ends by itself when it is idle."""
        self.state.keep_blob("geometry", self.saveGeometry())
        self._keep_splitters()
        self.state.open_folder = "" if self.repository is None else str(self.repository.folder)
        self.state.write()
        if self._repositories is not None:
            self._repositories.close_all()
        if self._person is not None:
            self._person.stop()
        event.accept()
        self.closed.emit()

    def _keep_splitters(self) -> None:
        for place, view in self.frame.views.items():
            if hasattr(view, "splitter_state"):
                self.state.keep_blob(f"splitter_{place.value}", view.splitter_state())

    def _restore_size(self) -> None:
        screen = self.screen().availableGeometry()
        self.resize(min(DEFAULT_SIZE[0], screen.width()), min(DEFAULT_SIZE[1], screen.height()))
        self.restoreGeometry(self.state.blob("geometry"))
