"""Pictures of every view with real content: light and dark, 100 and 160 %, small and large windows.

`python -m tests.benchmarks.screenshots --repo FOLDER [--only health,jobs] [--quick]` writes PNG files
into `screenshots/`, which git ignores. The repository is only read; its index goes into a folder
of its own that is deleted afterwards.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.engine import LinkState
from desktop.places import (
    AskPlace,
    ChangesPlace,
    CommitPlace,
    HealthPlace,
    HistoryPlace,
    HomePlace,
    KnowledgePlace,
    ModulesPlace,
    OnboardingPlace,
    SettingsPlace,
    SourcePlace,
)
from desktop.state import WindowState
from desktop.theme import load_fonts
from desktop.views.settings import SECTIONS
from desktop.widgets.stuckcard import Writing
from desktop.window import Window
from indexer.client import finish_engine
from indexer.pages import CommitsWanted, SkippedWanted
from indexer.protocol import (
    ASK,
    COMMITS,
    GAPS,
    HEALTH_PAGE,
    NOTE_ADD,
    OVERVIEW,
    GapFilter,
    Method,
    Nothing,
    Question,
)
from indexer.settings import IndexingSettings, ModelSettings, Settings
from indexer.shapes.changes import DraftKind
from indexer.shapes.modules import MODULES, ModulesWanted, ModuleUse
from indexer.shapes.onboarding import (
    SESSION_START,
    SESSION_STEP,
    TOUR_NEW,
    SessionAct,
    SessionPage,
    SessionStart,
    SessionStep,
    StepKind,
    Tour,
    TourWanted,
)
from indexer.types import NoteDraft, Person
from tests.model_server import Reply, serving

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "screenshots"
SIZES = ((1024, 640), (1600, 1000))
SCALES = (1.0, 1.6)
SCHEMES = ("light", "dark")
PATIENCE = 120.0
YEAR = 365 * 86_400
"""How far back the range goes whose changes are shown."""

QUESTIONS = (
    "How is a request sent and its response returned?",
    "Why are Authorization headers removed on some redirects?",
    "Why was this retry limit chosen and who approved it?",
    "How does the kubernetes operator rotate certificates?",
)
"""For the four verdicts; what each comes to depends on the repository."""


WRITTEN = frozenset({"written", "written-sent", "settings-model"})
"""Scenes with a language model, taken only when they are asked for: no other shall show one."""


def until(condition: Callable[[], object], seconds: float = PATIENCE) -> bool:
    """Let the window work until something comes true; False when it never does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        if condition():
            return True
        time.sleep(0.005)
    return False


def rest(seconds: float) -> None:
    """Let the window work for a while."""
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() >= end)


def write_well(reply: Reply) -> None:
    """Write the first words of three sources, as a model that keeps to them would, and one thing more."""
    blocks = re.split(r"^\[([A-Z]{4}\d+)\] ", reply.prompt, flags=re.MULTILINE)[1:]
    for number in range(0, min(len(blocks), 6), 2):
        lines = [line.strip(" #*>`-") for line in blocks[number + 1].splitlines()[1:]]
        told = next((line for line in lines if len(line.split()) > 6), "")
        if told:
            reply.say(f"{told.rstrip('.')}. [{blocks[number]}]\n")
    reply.say(f"The board approved it in Paris. [{blocks[0]}]\n")
    reply.end()


class Studio:
    """One window on one repository, with something in every view."""

    def __init__(self, window: Window, folder: Path) -> None:
        self.window = window
        self.folder = folder
        self.source = SourcePlace("README.md")
        self.commit = self.note = self.gap = self.module = ""
        self.since = 1
        self.made: list[Path] = []
        self.session = ""
        self.steps: list[str] = ["", "", "", ""]
        """Keys of steps to be seen: the first, a core definition, a walk, what nobody wrote down."""

    @property
    def _calls(self) -> int:
        repository = self.window.repository
        return 0 if repository is None else len(repository.link._calls)

    def settle(self) -> None:
        """Wait until nothing is asked any more; watching never ends."""
        rest(0.15)
        until(lambda: self._calls <= 1, 20)
        rest(0.15)

    def call(self, method: Method, params: object) -> object:
        """Ask the engine and wait."""
        assert self.window.repository is not None
        got: list[object] = []
        self.window.repository.link.call(method, params, got.append, got.append)
        until(lambda: got)
        return got[0]

    def furnish(self) -> None:
        """Open the repository, and ask and write what the views will show."""
        self.window.open_folder(str(self.folder))
        repository = self.window.repository
        assert repository is not None, "no repository there"
        until(lambda: repository.words_ready and repository.link.state is LinkState.READY)
        for question in QUESTIONS:
            answer = self.call(ASK, Question(question))
            told = getattr(answer, "statements", ())
            places = [each for one in told for each in one.citations if each.path]
            if places and self.source.path == "README.md":
                self.source = SourcePlace(places[0].path, places[0].start_line, places[0].end_line)
        found = self.call(COMMITS, CommitsWanted(count=30))
        rows = getattr(found, "rows", ())
        self.commit = next((row.commit_id for row in rows if row.reason), rows[0].commit_id if rows else "")
        self.since = rows[0].authored - YEAR if rows else 1
        about = f"{self.source.path}:{self.source.start_line}"
        text = (
            "A redirect keeps method and body only for `307` and `308`; for any other status browsers turn"
            " the request into a `GET`, and we follow them.\n\nSee **RFC 9110**, section 15.4.\n"
        )
        draft = NoteDraft("Why a redirect drops the body", text, about, "Ada", "ada@example.com")
        self.note = getattr(self.call(NOTE_ADD, draft), "id", "")
        gaps = getattr(self.call(GAPS, GapFilter()), "gaps", ())
        self.gap = gaps[0].id if gaps else ""
        rows = getattr(self.call(MODULES, ModulesWanted()), "rows", ())
        code = [row for row in rows if row.use is ModuleUse.CODE and row.depth > 1]
        self.module = max(code, key=lambda row: row.changes * row.depth, default=rows[0]).path if rows else ""
        self._walk()
        self.call(OVERVIEW, Nothing())
        self.call(HEALTH_PAGE, SkippedWanted())

    def scenes(self) -> dict[str, Callable[[], None]]:
        """Return what is to be seen, by name."""
        window = self.window
        scenes: dict[str, Callable[[], None]] = {"home": lambda: window.go(HomePlace())}
        for number, question in enumerate(QUESTIONS, 1):
            scenes[f"ask-{number}"] = lambda question=question: window.go(AskPlace(question))
        scenes["write"] = self._write
        scenes["threads"] = self._threads
        scenes["searched"] = self._searched
        scenes["source"] = lambda: window.go(self.source)
        scenes["commit"] = lambda: window.go(CommitPlace(self.commit))
        scenes["modules"] = lambda: window.go(ModulesPlace(self.module))
        scenes["modules-below"] = self._below
        scenes["modules-evidence"] = lambda: window.go(ModulesPlace(self.module, number=1))
        scenes["modules-write"] = self._paragraph
        scenes["modules-map"] = lambda: self._map("")
        scenes["modules-within"] = lambda: self._map(self.module)
        scenes["modules-graph"] = lambda: self._graph(chosen=False)
        scenes["modules-chosen"] = lambda: self._graph(chosen=True)
        scenes["onboarding"] = lambda: window.go(OnboardingPlace())
        scenes["onboarding-step"] = lambda: window.go(OnboardingPlace(self.session, self.steps[0]))
        scenes["onboarding-core"] = lambda: window.go(OnboardingPlace(self.session, self.steps[1]))
        scenes["onboarding-flow"] = lambda: window.go(OnboardingPlace(self.session, self.steps[2]))
        scenes["onboarding-stuck"] = self._stuck
        scenes["onboarding-missing"] = lambda: window.go(OnboardingPlace(self.session, self.steps[3]))
        scenes["onboarding-mentor"] = lambda: window.go(OnboardingPlace(mentor=True))
        scenes["history"] = lambda: window.go(HistoryPlace())
        scenes["changes"] = lambda: window.go(ChangesPlace(after=self.since))
        scenes["changes-more"] = self._changes_more
        scenes["changes-draft"] = self._draft
        scenes["knowledge"] = lambda: window.go(KnowledgePlace(note_id=self.note))
        scenes["gap"] = lambda: window.go(KnowledgePlace(gap_id=self.gap))
        scenes["edit"] = self._edit
        scenes["health"] = lambda: window.go(HealthPlace())
        scenes["health-check"] = self._check
        scenes["jobs"] = self._jobs
        scenes["settings"] = lambda: window.go(SettingsPlace())
        scenes["settings-model"] = lambda: self._settings_at("ModelSection")
        scenes["settings-agents"] = lambda: self._settings_at("AgentSection")
        scenes["written"] = self._written
        scenes["written-sent"] = self._sent
        scenes["dispute"] = self._dispute
        scenes["search"] = self._search
        scenes["palette"] = window.show_palette
        scenes["keys"] = window.show_keys
        scenes["notice"] = lambda: window.notice(
            "The engine had stopped and was started again. Nothing was lost."
        )
        scenes["welcome"] = self._welcome
        return scenes

    def shoot(self, name: str, only: set[str]) -> None:
        """Take every scene in the look that the window has now."""
        for scene, begin in self.scenes().items():
            if scene in WRITTEN and not only & WRITTEN:
                continue
            if only and scene.split("-")[0] not in only and scene not in only:
                continue
            self.window.frame.close_overlays()
            if self.window.frame.drawer is not None:
                self.window.frame.drawer.hide()
            begin()
            self.settle()
            file = OUT / f"{scene}-{name}.png"
            self.window.grab().save(str(file))
            self.made.append(file)
            if scene == "search":
                self.window.frame.top.field.clear()
                self.window.focus_view()
            if scene in ("write", "edit", "modules-write", "onboarding-stuck"):
                QTest.keyClick(QApplication.focusWidget() or self.window, Qt.Key.Key_Escape)
            if scene == "welcome":
                self.window.go(HomePlace())

    def _walk(self) -> None:
        """Have a tour made, and walk a part of it as two people."""
        tour = self.call(TOUR_NEW, TourWanted(by=Person("Eve Okafor", "eve@example.com")))
        if not isinstance(tour, Tour):
            return
        kinds = (StepKind.PURPOSE, StepKind.CORE, StepKind.FLOW, StepKind.UNWRITTEN)
        found = [next((step.key for step in tour.steps if step.kind is kind), "") for kind in kinds]
        self.steps = [key or tour.steps[0].key for key in found]
        for name in ("Max Weber", "Eve Okafor"):
            by = Person(name, f"{name[:3].lower()}@example.com")
            page = self.call(SESSION_START, SessionStart(tour.id, by))
            assert isinstance(page, SessionPage)
            self.session = page.session.id
            for _ in range(4):
                self.call(SESSION_STEP, SessionStep(self.session, SessionAct.DONE, by=by))
            stuck = "Why is it done in this order, and who decided that?"
            self.call(SESSION_STEP, SessionStep(self.session, SessionAct.STUCK, self.steps[2], stuck, by=by))
        answer = self.call(ASK, Question(QUESTIONS[0]))
        kept = getattr(answer, "kept_id", "")
        asked = SessionStep(self.session, SessionAct.ASKED, self.steps[1], QUESTIONS[0], kept)
        self.call(SESSION_STEP, asked)
        for key in (step.key for step in tour.steps if step.check is not None and step.check.choices):
            self.call(SESSION_STEP, SessionStep(self.session, SessionAct.CHECKED, key, chosen=1))

    def _stuck(self) -> None:
        self.window.go(OnboardingPlace(self.session, self.steps[1]))
        self.settle()
        view = self.window.frame.stack.currentWidget()
        view.walk.write(Writing.STUCK)
        view.walk.body.card.field.setText("Why must this be set before the first request?")

    def _write(self) -> None:
        self.window.go(AskPlace(QUESTIONS[2]))
        self.settle()
        self.window.frame.stack.currentWidget().write_it_down()

    def _threads(self) -> None:
        self.window.go(AskPlace(QUESTIONS[0]))
        self.settle()
        self.window.frame.stack.currentWidget().show_threads()

    def _searched(self) -> None:
        self.window.go(AskPlace(QUESTIONS[2]))
        self.settle()
        self.window.frame.stack.currentWidget().evidence.show_searched()

    def _edit(self) -> None:
        self.window.go(KnowledgePlace(note_id=self.note))
        self.settle()
        self.window.frame.stack.currentWidget().edit()

    def _below(self) -> None:
        """Show the end of a summary."""
        self.window.go(ModulesPlace(self.module))
        self.settle()
        view = self.window.frame.stack.currentWidget()
        if view.page.body is not None:
            view.page.body.finish()
            self.settle()
            bar = view.page._scroll.verticalScrollBar()
            bar.setValue(bar.maximum())

    def _paragraph(self) -> None:
        self.window.go(ModulesPlace(self.module))
        self.settle()
        view = self.window.frame.stack.currentWidget()
        view.page.write()
        if view.page.body is None:
            return
        view.page.body.head.editor.text.setPlainText("Ask **Ada** before touching the retry rules.")

    def _map(self, path: str) -> None:
        self.window.go(ModulesPlace(path, "map"))
        self.settle()
        view = self.window.frame.stack.currentWidget().map
        view.take_focus()
        files = view.view.plan().files
        if files:
            view.view.choose(files[len(files) // 3])
            view._on_picked(view.view.current)

    def _graph(self, *, chosen: bool) -> None:
        self.window.go(ModulesPlace("", "graph"))
        self.settle()
        view = self.window.frame.stack.currentWidget().graph
        degrees = [len(view.view.graph.arcs_of(at)) for at in range(len(view.view.graph.nodes))]
        view.view.choose(degrees.index(max(degrees)) if chosen and degrees else -1)
        view._show_rows()

    def _welcome(self) -> None:
        """Show the first page, as a window has it that was started with nothing."""
        page = self.window.frame.welcome_page(self.window.state.recent())
        page.focus_first()

    def _settings_at(self, section: str) -> None:
        self.window.go(SettingsPlace())
        self.settle()
        view = self.window.frame.stack.currentWidget()
        view.jump(next(each for each in SECTIONS if each.__name__ == section))

    def _written(self) -> None:
        self.window.go(AskPlace(QUESTIONS[1]))
        self.settle()
        view = self.window.frame.stack.currentWidget()
        view.write_out()
        until(lambda: not view.model.writing, 30)

    def _sent(self) -> None:
        self.window.go(AskPlace(QUESTIONS[1]))
        self.settle()
        view = self.window.frame.stack.currentWidget()
        view._show_sent()
        until(view.written.sheet.isVisible, 10)

    def _dispute(self) -> None:
        self.window.go(AskPlace(QUESTIONS[0]))
        self.settle()
        self.window.frame.stack.currentWidget().dispute()

    def _changes_more(self) -> None:
        self.window.go(ChangesPlace(after=self.since))
        self.settle()
        bar = self.window.frame.stack.currentWidget().changes.sheet.verticalScrollBar()
        bar.setValue(bar.pageStep())

    def _draft(self) -> None:
        self.window.go(ChangesPlace(after=self.since))
        self.settle()
        self.window.frame.stack.currentWidget().changes.show_draft(DraftKind.RELEASE_NOTE)

    def _check(self) -> None:
        self.window.go(HealthPlace())
        self.window.frame.stack.currentWidget().check()

    def _jobs(self) -> None:
        self.window.go(HealthPlace())
        self.settle()
        self.window.show_jobs()

    def _search(self) -> None:
        self.window.go(HomePlace())
        self.window.ask()
        self.window.activateWindow()
        rest(0.1)
        QTest.keyClicks(self.window.frame.top.field, "redirect")
        rest(0.5)


@contextmanager
def studio(repo: Path, model: str, writer: str) -> Iterator[Studio]:
    """Open a window on ``repo``, with the language model at ``writer`` if any; all is deleted afterwards."""
    application = QApplication.instance() or QApplication(["lorebase"])
    application.setStyle("Fusion")
    load_fonts()
    place = Path(tempfile.mkdtemp(prefix="lb-shots-"))
    runtime = Path(tempfile.mkdtemp(prefix="lb-"))
    settings = Settings(
        place,
        IndexingSettings(model=model, watch_seconds=0.0),
        model=ModelSettings("ollama", "small-1", writer) if writer else ModelSettings(),
    )
    window = Window(settings, WindowState(place), str(runtime))
    window.show()
    made = Studio(window, repo)
    try:
        yield made
    finally:
        window.close()
        for folder in (place / "indexes").glob("*"):
            finish_engine(folder)
        shutil.rmtree(place, ignore_errors=True)
        shutil.rmtree(runtime, ignore_errors=True)


def main() -> None:
    """Take the pictures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repo", type=Path, required=True)
    options.add_argument("--only", default="", help="scenes, by comma: home, ask, health, jobs ...")
    options.add_argument("--quick", action="store_true", help="one look: light, 100 %%, large")
    options.add_argument("--model", default="packaged")
    given = options.parse_args()
    OUT.mkdir(exist_ok=True)
    only = {each for each in given.only.split(",") if each}
    with (
        serving("ollama", write_well) as server,
        studio(given.repo.resolve(), given.model, server.url if only & WRITTEN else "") as made,
    ):
        if not only or "welcome" in only:
            made.window.resize(1600, 1000)
            made.window.begin("")
            rest(0.3)
            made.window.grab().save(str(OUT / "first.png"))
        made.furnish()
        for scheme in SCHEMES[: 1 if given.quick else None]:
            for scale in SCALES[: 1 if given.quick else None]:
                looks = replace(made.window.settings.window, scheme=scheme, scale=scale)
                made.window.take_settings(replace(made.window.settings, window=looks))
                for width, height in SIZES[1 if given.quick else 0 :]:
                    made.window.resize(width, height)
                    rest(0.2)
                    made.shoot(f"{scheme}-{round(scale * 100)}-{width}x{height}", only)
        print(f"{len(made.made)} pictures in {OUT}")


if __name__ == "__main__":
    main()
