"""The window's figures: `python -m tests.benchmarks.desktop --repo CELERY [--only start,contrast]`.

Each figure runs alone in a process of its own, offscreen, and once more under Xvfb where that is
installed (`--xvfb`). The repository is cloned first; nothing of it is written.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.window import Window

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
PATIENCE = 600.0


def p(values: list[float], share: float) -> float:
    """The value below which ``share`` of them lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def row(what: str, measured: str, reach: str) -> None:
    print(f"| {what} | {measured} | {reach} |", flush=True)


# ------------------------------------------------------------------------------ a real window


def application():
    from PySide6.QtWidgets import QApplication

    from desktop.theme import load_fonts

    made = QApplication.instance() or QApplication(["lorebase"])
    made.setStyle("Fusion")
    load_fonts()
    return made


def until(condition: Callable[[], object], seconds: float = PATIENCE, pause: float = 0.001) -> bool:
    """Let the window work until something comes true, as its own loop would."""
    from PySide6.QtCore import QEventLoop, QTimer

    if condition():
        return True
    loop, timer = QEventLoop(), QTimer()
    end = time.monotonic() + seconds

    def look() -> None:
        if condition() or time.monotonic() > end:
            loop.quit()

    timer.timeout.connect(look)
    timer.start(max(1, round(pause * 1000)))
    loop.exec()
    timer.stop()
    return bool(condition())


@contextmanager
def opened(repo: Path, data: Path, *, model: str = "none", words: bool = True) -> Iterator[Window]:
    """A shown window on a repository; with ``words``, as soon as they can be searched."""
    application()
    from desktop.state import WindowState
    from desktop.window import Window
    from indexer.client import finish_engine
    from indexer.settings import IndexingSettings, Settings

    runtime = Path(tempfile.mkdtemp(prefix="lb-"))
    settings = Settings(data, IndexingSettings(model=model, watch_seconds=0.0))
    window = Window(settings, WindowState(data), str(runtime))
    window.resize(1440, 900)
    window.show()
    window.open_folder(str(repo))
    try:
        if words:
            until(lambda: window.repository.words_ready)
            until(lambda: len(window.repository.link._calls) <= 1, 30)
        yield window
    finally:
        window.close()
        for folder in (data / "indexes").glob("*"):
            finish_engine(folder)
        shutil.rmtree(runtime, ignore_errors=True)


def settled(window: Window) -> bool:
    return len(window.repository.link._calls) <= 1


# ------------------------------------------------------------------------------ figures


def start(repo: Path, data: Path) -> None:
    """Process start to painted window, warm disk: nothing open, and a repository open."""
    # As an installation starts: from compiled modules, which this command's own environment may forbid.
    environment = {**os.environ, "LOREBASE_DATA": str(data), "PYTHONPYCACHEPREFIX": str(data / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "desktop.app", "--tell-painted"]
    row("process start to painted window", _painted(command, environment), "<= 0.5 s")
    bare = (
        "import sys; from PySide6.QtWidgets import QApplication, QWidget\n"
        "class W(QWidget):\n def paintEvent(self, e): print('painted', flush=True)\n"
        "a = QApplication([]); w = W(); w.show(); a.exec()"
    )
    row("the same, a bare window", _painted([sys.executable, "-c", bare], environment), "")


def _painted(command: list[str], environment: dict[str, str], times: int = 7) -> str:
    import psutil

    taken, worked = [], []
    for _ in range(times + 1):
        began = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, cwd=ROOT)
        process.stdout.readline()
        taken.append(time.perf_counter() - began)
        spent = psutil.Process(process.pid).cpu_times()
        worked.append(spent.user + spent.system)
        process.kill()
        process.wait()
    work = statistics.median(worked[1:])
    return f"{statistics.median(taken[1:]):.2f} s, least {min(taken[1:]):.2f}; {work:.2f} s of processor time"


class Turns:
    """How long the event loop's turns take, by the clock and by the window's own work, ms."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.gaps: list[float] = []
        self.worked: list[float] = []
        self._last = (time.perf_counter(), time.thread_time())
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(1)

    def begin(self) -> None:
        """Forget what was measured."""
        self.gaps.clear()
        self.worked.clear()

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        now, spent = time.perf_counter(), time.thread_time()
        self.gaps.append(max(0.0, (now - self._last[0]) * 1000 - 1.0))
        self.worked.append((spent - self._last[1]) * 1000)
        self._last = (now, spent)


def _preloaded(window: Window) -> None:
    """Load as the application does after its first paint, and make the view of answers."""
    from desktop.preload import Preloader

    made = Preloader(window)
    made.allLoaded.connect(window.prepare)
    made.start()


def loop(repo: Path, data: Path) -> None:
    """How long the event loop is blocked while the repository is indexed and questions are asked."""
    from desktop.places import AskPlace

    questions = _questions(repo)
    with opened(repo, data, model="packaged", words=False) as window:
        turns = Turns()
        _preloaded(window)
        until(lambda: window.repository.words_ready)
        window.show_jobs()
        until(lambda: False, 0.3)  # nobody asks in the turn in which the drawer opens
        asked = 0
        end = time.monotonic() + 60
        while time.monotonic() < end and asked < 25:
            window.go(AskPlace(questions[asked % len(questions)]))
            until(lambda: settled(window), 10)
            asked += 1
        turns.stop()
    row(
        f"event loop blocked, p99 / worst ({asked} questions, {len(turns.gaps):,} turns)",
        f"{p(turns.gaps, 0.99):.1f} / {max(turns.gaps):.0f} ms; "
        f"by the window's own work {p(turns.worked, 0.99):.1f} / {max(turns.worked):.0f} ms",
        "<= 16 / 50 ms",
    )


def views(repo: Path, data: Path) -> None:
    """The longest turn when each view is looked at for the first time, and when it is come back to."""
    from desktop.places import HomePlace, ModulesPlace
    from desktop.views.catalogue import first_place
    from desktop.widgets.rail import Place

    places = [
        *((each.value, first_place(each)) for each in Place if each is not Place.HOME),
        ("map", ModulesPlace("", "map")),
        ("dependencies", ModulesPlace("", "graph")),
    ]
    with opened(repo, data) as window:
        turns = Turns()
        _preloaded(window)
        until(lambda: Place.ASK in window.frame.views and settled(window), 30)
        told = []
        for name, place in places:
            longest = []
            for _ in range(2):
                turns.begin()
                window.go(place)
                until(lambda: False, 0.3)
                until(lambda: settled(window), 30)
                longest.append(max(turns.worked))
                window.go(HomePlace())
                until(lambda: False, 0.2)
            told.append(f"{name} {longest[0]:.0f} / {longest[1]:.0f}")
        turns.stop()
    row("longest turn of a view, own work, ms, first / again", ", ".join(told), "<= 50 ms")


def typing(repo: Path, data: Path) -> None:
    """Keystroke to results shown."""
    from PySide6.QtTest import QTest

    taken: list[float] = []
    with opened(repo, data) as window:
        field, popup = window.frame.top.field, window.frame.finder.popup
        window.activateWindow()
        window.ask()
        painted = [0]
        _count_paints(popup.list.viewport(), painted)
        for word in ("prefetch", "retry backoff", "Consumer", "canvas.py", "celery beat"):
            field.clear()
            until(lambda: False, 0.3)
            for letter in word:
                before = painted[0]
                began = time.perf_counter()
                QTest.keyClick(field, letter)
                done = until(lambda before=before: painted[0] > before and settled(window), 2)
                if done:
                    taken.append((time.perf_counter() - began) * 1000)
    row(
        f"keystroke to results shown, p50 / p95 ({len(taken)} keys)",
        f"{statistics.median(taken):.0f} / {p(taken, 0.95):.0f} ms",
        "<= 60 / 120 ms",
    )


def answers(repo: Path, data: Path) -> None:
    """Question to answer shown."""
    from desktop.places import AskPlace

    taken: list[float] = []
    missed: list[str] = []
    with opened(repo, data) as window:
        questions = _questions(repo)
        for number, question in enumerate(questions[:32]):
            answered: list[object] = []
            window.go(AskPlace("")) if number == 0 else None
            view = window.frame.view(_ask_place())
            connection = view.answered.connect(answered.append)
            began = time.perf_counter()
            window.go(AskPlace(question))
            if until(lambda answered=answered, view=view: answered and view.whole, 10):
                window.repaint()
                taken.append((time.perf_counter() - began) * 1000)
            else:
                missed.append(question)
            view.answered.disconnect(connection)
            until(lambda: settled(window), 5)
    taken = taken[2:]
    row(
        f"question to answer shown, p50 / p95 ({len(taken)} questions)",
        f"{statistics.median(taken):.0f} / {p(taken, 0.95):.0f} ms",
        "p95 <= 700 ms",
    )
    for question in missed:
        row("told no answer within 10 s", question, "none")


def files(repo: Path, data: Path) -> None:
    """A file of 20,000 lines at a line; a file with a line of 5 MB."""
    from desktop.places import SourcePlace

    made = data / "large"
    git = ["git", "-C", str(made), "-c", "user.name=B", "-c", "user.email=b@example.com"]
    made.mkdir(parents=True)
    subprocess.run([*git[:3], "init", "--quiet"], check=True)
    (made / "long.py").write_text("".join(f"def f{i}(x):\n    return x + {i}\n" for i in range(10_000)))
    (made / "wide.js").write_text("var a = '" + "x" * 5_000_000 + "';\n" + "var b = 1;\n" * 20)
    (made / "README.md").write_text("# Large files\n")
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "--quiet", "-m", "Add"], check=True)
    with opened(made, data) as window:
        window.go(SourcePlace("README.md", 1, 1))
        until(lambda: settled(window), 10)
        for what, place, reach in (
            ("open a 20,000-line file at a line", SourcePlace("long.py", 15_001, 15_002), "<= 150 ms"),
            ("open a file with a 5 MB line", SourcePlace("wide.js", 1, 1), "<= 300 ms"),
        ):
            taken, worst, worked = [], [], []
            for _ in range(5):
                window.go(SourcePlace("README.md", 1, 1))
                until(lambda: "# Large files" in _shown_lines(window), 10)  # a kept page comes a turn later
                until(lambda: settled(window), 10)
                shown = _shown_lines(window)
                began, spent = time.perf_counter(), time.thread_time()
                window.go(place)
                until(lambda shown=shown: _shown_lines(window) != shown, 10)
                window.repaint()
                taken.append((time.perf_counter() - began) * 1000)
                worked.append((time.thread_time() - spent) * 1000)
                turn = time.perf_counter()
                until(lambda: settled(window), 10)
                worst.append((time.perf_counter() - turn) * 1000)
            row(
                what,
                f"{statistics.median(taken):.0f} ms, colours {statistics.median(worst):.0f} ms later;"
                f" the window's own work {statistics.median(worked):.0f} ms",
                reach,
            )


def timeline(repo: Path, data: Path) -> None:
    """Frames of the timeline over 100,000 commits."""
    application()
    from desktop.theme import Theme
    from desktop.tokens import LIGHT
    from desktop.widgets.timeline import TimelineView
    from indexer.pages import Tag, Timeline

    weeks = 1_040
    counts = tuple((i * 37) % 190 + 1 for i in range(weeks))
    tags = tuple(Tag(f"v{i}", f"{i:040x}", i * 604_800 * 3) for i in range(300))
    view = TimelineView(Theme(LIGHT))
    view.resize(1300, 160)
    view.show()
    view.show_timeline(Timeline(0, counts, tags, False))
    until(lambda: False, 0.2)
    row(f"a frame of the timeline, {sum(counts):,} commits", _frames(view), "<= 100 ms")


def table(repo: Path, data: Path) -> None:
    """Scrolling a table of 1,000,000 rows."""
    application()
    from desktop.theme import Theme
    from desktop.tokens import LIGHT
    from desktop.widgets.tables import Cell, Column, Table

    made = Table(Theme(LIGHT), (Column("Path"), Column("Size", 90, right=True)), "Rows")

    def give(begin: int, count: int) -> None:
        rows = [(Cell(f"src/module/file_{i}.py"), Cell("12 KB")) for i in range(begin, begin + count)]
        made.rows.put(begin, rows)

    made.rows.wanted.connect(give)
    began = time.perf_counter()
    made.rows.begin(1_000_000)
    made.show_rows(30)
    made.resize(1000, 860)
    made.show()
    painted = [0]
    _count_paints(made.viewport(), painted)
    until(lambda: painted[0])
    filled = (time.perf_counter() - began) * 1000
    bar = made.verticalScrollBar()
    taken = []
    for i in range(60):
        began = time.perf_counter()
        bar.setValue(bar.maximum() * ((i * 17) % 60) // 59)
        made.viewport().repaint()
        taken.append((time.perf_counter() - began) * 1000)
    row(
        "table of 1,000,000 rows: filled / scrolled anywhere p50 / worst",
        f"{filled:.0f} / {statistics.median(taken):.1f} / {max(taken):.0f} ms", "<= 50 ms",
    )  # fmt: skip


def memory(repo: Path, data: Path) -> None:
    """The window's own memory after every view was seen and ten questions were asked."""
    import psutil

    from desktop.places import AskPlace, HealthPlace, HistoryPlace, HomePlace, KnowledgePlace, SettingsPlace

    with opened(repo, data) as window:
        for place in (HomePlace(), HistoryPlace(), KnowledgePlace(), HealthPlace(), SettingsPlace()):
            window.go(place)
            until(lambda: settled(window), 10)
        for question in _questions(repo)[:10]:
            window.go(AskPlace(question))
            until(lambda: settled(window), 10)
        found = psutil.Process().memory_full_info()
    row("window's own memory, PSS / USS", f"{found.pss / 1e6:.0f} / {found.uss / 1e6:.0f} MB", "<= 250 MB")


def contrast(repo: Path, data: Path) -> None:
    """The worst pair of text and ground; tests/desktop/test_tokens.py checks every one."""
    from desktop.tokens import DARK, LIGHT
    from desktop.tokens import contrast as ratio

    worst = min(
        (ratio(getattr(roles, text), getattr(roles, ground)), text, ground, name)
        for name, roles in (("light", LIGHT), ("dark", DARK))
        for text in ("text", "text_2", "text_3", "link", "keyword", "string", "comment", "number", "name")
        for ground in ("page", "surface", "sunken", "raised")
    )
    row(
        "contrast of text, the worst pair", f"{worst[0]:.2f} ({worst[1]} on {worst[2]}, {worst[3]})", ">= 4.5"
    )


def treemap(repo: Path, data: Path) -> None:
    """A map of 50,000 files: gathered into folders, laid out and painted, then zoomed, then pointed at."""
    import gc
    import random

    from PySide6.QtCore import QPointF

    from desktop.theme import Theme
    from desktop.tokens import LIGHT
    from desktop.widgets.treemap import TreemapView
    from indexer.shapes.modules import FileRow, WhyCount

    application()
    dice = random.Random(1)
    folders = [f"src/m{at % 40}/p{at % 300}/q{at}" for at in range(4_000)]
    rows = tuple(
        FileRow(
            f"{dice.choice(folders)}/file{at}.py",
            "",
            "python",
            int(dice.lognormvariate(4.5, 1.1)),
            int(dice.lognormvariate(0.5, 1)),
            0,
            dice.randint(1, 9),
            WhyCount(10, dice.randint(0, 9), 0.2),
        )
        for at in range(50_000)
    )
    taken: dict[str, list[float]] = {
        each: [] for each in ("taken in", "first paint", "of it processor", "again", "zoomed", "pointed at")
    }
    for _ in range(7):
        view = TreemapView(Theme(LIGHT))
        view.resize(1_100, 800)
        gc.collect()
        marks = [time.perf_counter()]
        view.show_files(rows, "large")
        marks.append(time.perf_counter())
        worked = time.process_time()
        view.grab()
        taken["of it processor"].append((time.process_time() - worked) * 1000)
        marks.append(time.perf_counter())
        view.grab()
        marks.append(time.perf_counter())
        view.zoom(4.0)
        view.grab()
        marks.append(time.perf_counter())
        view.file_at(QPointF(700, 300))
        marks.append(time.perf_counter())
        names = ("taken in", "first paint", "again", "zoomed", "pointed at")
        for name, (began, ended) in zip(names, pairwise(marks), strict=True):
            taken[name].append((ended - began) * 1000)
        view.deleteLater()
    middle = {name: statistics.median(values) for name, values in taken.items()}
    first = middle["first paint"]
    least, worked_for = min(taken["first paint"]), middle["of it processor"]
    told = f"{first:.0f} ms, least {least:.0f}; {worked_for:.0f} ms of processor time"
    row("treemap of 50,000 files, laid out and painted", told, "<= 200 ms")
    rest = ", ".join(
        f"{name} {middle[name]:.1f} ms" for name in ("taken in", "again", "zoomed", "pointed at")
    )
    row("the same map", rest, "")


FIGURES = {
    each.__name__: each
    for each in (start, loop, views, typing, answers, files, timeline, table, treemap, memory, contrast)
}
CHEAP = ("start", "table", "timeline", "treemap", "contrast")
NEED_NO_REPOSITORY = frozenset({"start", "table", "timeline", "treemap", "contrast", "files"})


# ------------------------------------------------------------------------------ small parts


def _ask_place():
    from desktop.widgets.rail import Place

    return Place.ASK


def _shown_lines(window: Window) -> str:
    from desktop.widgets.code import CodeView

    views = window.frame.stack.currentWidget().findChildren(CodeView)
    return "\0".join(f"{each.toPlainText()[:200]}{each.verticalScrollBar().value()}" for each in views)


def _count_paints(widget, counter: list[int]) -> None:
    from PySide6.QtCore import QEvent, QObject

    class Counter(QObject):
        def eventFilter(self, watched, event) -> bool:
            if event.type() == QEvent.Type.Paint:
                counter[0] += 1
            return False

    made = Counter(widget)
    widget.installEventFilter(made)


def _frames(widget, times: int = 40) -> str:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        widget.repaint()
        taken.append((time.perf_counter() - began) * 1000)
    return f"{statistics.median(taken):.1f} ms, worst {max(taken):.0f} ms"


def _questions(repo: Path) -> list[str]:
    lines = (HERE / "onboarding.jsonl").read_text("utf-8").splitlines()
    asked = [json.loads(line) for line in lines]
    return [each["question"] for each in asked if each["repo"] == "celery"] or [
        each["question"] for each in asked
    ]


def run(name: str, repo: Path | None, platform: str) -> None:
    """Measure one figure in a process of its own, on a clone and in a data folder that go away."""
    place = Path(tempfile.mkdtemp(prefix="lorebase-bench-"))
    try:
        clone = place / "clone"
        if repo is not None and name not in NEED_NO_REPOSITORY:
            subprocess.run(
                [
                    "git",
                    "-c",
                    "advice.detachedHead=false",
                    "clone",
                    "--quiet",
                    "--local",
                    str(repo),
                    str(clone),
                ],
                check=True,
            )
        command = [sys.executable, "-m", "tests.benchmarks.desktop", "--child", name]
        command += ["--repo", str(clone), "--data", str(place / "data")]
        if platform == "xcb":
            command = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24", *command]
        environment = {**os.environ, "QT_QPA_PLATFORM": platform, "QT_LOGGING_RULES": "*.debug=false"}
        done = subprocess.run(command, env=environment, cwd=ROOT, check=False)
        if done.returncode:
            row(f"{name} ({platform})", f"did not end well: {done.returncode}", "")
    finally:
        shutil.rmtree(place, ignore_errors=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repo", type=Path)
    options.add_argument("--only", default="", help=f"by comma: {', '.join(FIGURES)}; or cheap")
    options.add_argument("--xvfb", action="store_true", help="measure under Xvfb too")
    options.add_argument("--child", default="", help=argparse.SUPPRESS)
    options.add_argument("--data", type=Path, default=None, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.child:
        given.data.mkdir(parents=True, exist_ok=True)
        FIGURES[given.child](given.repo, given.data)
        sys.stdout.flush()
        os._exit(0)  # whatever Qt does at the end is not what is measured
    names = CHEAP if given.only == "cheap" else [n for n in given.only.split(",") if n] or list(FIGURES)
    print("| what | measured | reach |\n| --- | --- | --- |", flush=True)
    for platform in ("offscreen", *(["xcb"] if given.xvfb and shutil.which("xvfb-run") else [])):
        for name in names:
            if given.repo is None and name not in NEED_NO_REPOSITORY:
                row(name, "needs --repo", "")
                continue
            run(name, given.repo and given.repo.resolve(), platform)


if __name__ == "__main__":
    main()
