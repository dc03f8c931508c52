"""What is loaded in the pauses after the first paint: everything, and never much at once."""

import json
import subprocess
import sys
from pathlib import Path

from desktop.preload import ENGINE, VIEWS

ROOT = Path(__file__).resolve().parents[2]
MOST_AT_ONCE = 6
"""Modules of ours that one turn may load; a module takes about a millisecond."""

LOADER = """
import json, sys
import desktop.app
from importlib import import_module
def ours():
    return {name for name in sys.modules if name.partition(".")[0] in ("desktop", "indexer")}
known, told = ours(), []
for name in sys.argv[1:]:
    import_module(name)
    told.append((name, sorted(ours() - known)))
    known = ours()
print(json.dumps(told))
"""


def loaded(names: list[str]) -> list[tuple[str, list[str]]]:
    """Return what each import of ``names`` brought in, one after the other, in a new process."""
    command = [sys.executable, "-c", LOADER, *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [(name, brought) for name, brought in json.loads(done.stdout)]


def test_no_turn_loads_more_than_a_few_modules() -> None:
    brought = loaded([*ENGINE, *VIEWS])
    assert [(name, new) for name, new in brought if len(new) > MOST_AT_ONCE] == []


def test_every_view_is_loaded_before_somebody_looks_at_it() -> None:
    files = sorted((ROOT / "desktop" / "views").glob("*.py"))
    views = [f"desktop.views.{file.stem}" for file in files if file.stem != "__init__"]
    brought = loaded([*ENGINE, *VIEWS, *views, "desktop.widgets.jobs", "desktop.widgets.palette"])
    late = [(name, new) for name, new in brought[len(ENGINE) + len(VIEWS) :] if new]
    assert late == []
