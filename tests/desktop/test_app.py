"""The process of the desktop: how it starts, what it loads first, and how it ends."""

import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from desktop.app import Collector
from indexer.cli.gui import has_display
from tests.conftest import SmallRepository
from tests.desktop.conftest import Desk, rest

ROOT = Path(__file__).resolve().parent.parent.parent
HEAVY = (
    "chromadb", "llama_index", "onnxruntime", "tokenizers", "torch", "sentence_transformers", "numpy",
    "git", "tree_sitter", "sqlite3",
)  # fmt: skip
LATER = ("indexer.protocol", "indexer.types", "msgspec", "PySide6.QtNetwork", "desktop.views.home")
"""What the first page is painted without."""


def environment(desk: Desk) -> dict[str, str]:
    return {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "LOREBASE_DATA": str(desk.data),
        "XDG_RUNTIME_DIR": str(desk.runtime),
    }


def started(desk: Desk, *arguments: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "desktop.app", "--tell-painted", *arguments],
        cwd=ROOT, env=environment(desk), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "painted\n"
    return process


def ended(process: subprocess.Popen[str]) -> tuple[float, str]:
    """Ask the process to end; returns how long it took and what it said."""
    began = time.monotonic()
    process.terminate()
    _, said = process.communicate(timeout=20)
    return time.monotonic() - began, said


def test_U6_the_first_page_is_painted_before_anything_heavy_is_loaded(desk: Desk) -> None:
    code = (
        "import sys\n"
        "from desktop import app\n"
        "painted = app.Desktop._painted\n"
        "def told(self):\n"
        f"    print(sorted(set({HEAVY + LATER!r}) & set(sys.modules)), file=sys.stderr)\n"
        "    painted(self)\n"
        "    self.window.close()\n"
        "app.Desktop._painted = told\n"
        "sys.exit(app.main([]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, env=environment(desk), capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stderr.strip() == "[]"


def test_U6_a_window_with_a_repository_knows_no_git_no_store_and_no_model(
    desk: Desk, own_story: SmallRepository
) -> None:
    code = (
        "import sys\n"
        "from PySide6.QtCore import QTimer\n"
        "from desktop import app\n"
        "loaded = app.Desktop._engine_loaded\n"
        "def told(self):\n"
        "    loaded(self)\n"
        "    self.window.repository.updated.connect(self.window.close)\n"
        "app.Desktop._engine_loaded = told\n"
        f"app.main([{str(own_story.path)!r}])\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, env=environment(desk), capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stderr.strip() == "[]"


def test_U1_nothing_is_opened_in_a_window_that_was_closed(desk: Desk, own_story: SmallRepository) -> None:
    code = (
        "import sys\n"
        "from desktop import app\n"
        "loaded = app.Desktop._engine_loaded\n"
        "def told(self):\n"
        "    self.window.close()\n"
        "    loaded(self)\n"
        "    print(self.window.repository, file=sys.stderr)\n"
        "app.Desktop._engine_loaded = told\n"
        f"app.main([{str(own_story.path)!r}])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, env=environment(desk), capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stderr.strip() == "None"


@pytest.mark.parametrize("after", [0.0, 0.15, 0.6, 2.0])
def test_U1_it_ends_in_every_state_within_three_seconds(
    desk: Desk, own_story: SmallRepository, after: float
) -> None:
    process = started(desk, str(own_story.path))
    time.sleep(after)
    seconds, said = ended(process)
    assert process.returncode == 0, said
    assert said == ""
    assert seconds < 3.0


def test_U1_it_ends_on_the_first_page(desk: Desk) -> None:
    process = started(desk)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)
    assert process.returncode == 0


def test_garbage_is_collected_by_a_timer_alone(qapp: QApplication) -> None:
    parent = QObject()
    collected: list[str] = []

    class Loop:
        def __init__(self) -> None:
            self.me = self

        def __del__(self) -> None:
            collected.append("collected")

    collector = Collector(parent)
    try:
        assert not gc.isenabled()
        Loop()
        collector._timer.setInterval(10)
        rest(0.2)
        assert collected == ["collected"]
    finally:
        gc.enable()
        gc.unfreeze()
        parent.deleteLater()


def test_the_command_line_opens_a_window_and_returns(desk: Desk, own_story: SmallRepository) -> None:
    import psutil

    done = subprocess.run(
        [sys.executable, "-c", "from indexer.cli import main; main()", "gui", str(own_story.path)],
        cwd=ROOT, env=environment(desk), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    windows = [
        each
        for each in psutil.process_iter(["cmdline"])
        if "desktop.app" in (each.info["cmdline"] or ()) and str(own_story.path) in each.info["cmdline"]
    ]
    assert len(windows) == 1
    windows[0].terminate()
    windows[0].wait(10)


def test_without_a_display_the_command_line_says_so(
    monkeypatch: pytest.MonkeyPatch, desk: Desk, own_story: SmallRepository
) -> None:
    wanted = {
        k: v
        for k, v in environment(desk).items()
        if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    done = subprocess.run(
        [sys.executable, "-c", "from indexer.cli import main; main()", "gui"],
        cwd=ROOT, env=wanted, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "There is no display" in done.stderr
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    assert has_display()


def test_U4_it_is_painted_at_four_times_the_size_without_a_font(
    desk: Desk, own_story: SmallRepository, tmp_path: Path
) -> None:
    nothing = {"QT_SCALE_FACTOR": "4", "QT_QPA_FONTDIR": str(tmp_path), "LC_ALL": "ar_EG.UTF-8"}
    code = (
        "import sys\n"
        "from desktop import app, theme\n"
        "app.load_fonts = lambda: None\n"
        "loaded = app.Desktop._engine_loaded\n"
        "def told(self):\n"
        "    loaded(self)\n"
        "    self.window.repository.updated.connect(self.window.close)\n"
        "app.Desktop._engine_loaded = told\n"
        f"sys.exit(app.main([{str(own_story.path)!r}]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, env={**environment(desk), **nothing}, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_display_that_qt_cannot_reach_is_said_with_the_libraries_that_it_wants(
    desk: Desk, own_story: SmallRepository
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from indexer.cli import main; sys.exit(main())", "gui"],
        cwd=own_story.path, env={**environment(desk), "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "nosuch"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Qt misses libraries" in done.stderr
    assert "libxcb-cursor0" in done.stderr
