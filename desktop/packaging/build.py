"""Builds Lorebase as one folder: interpreter, packages, launcher, desktop entry and icon (Linux).

`python -m desktop.packaging.build [FOLDER]` copies what the running environment holds, which is
what the tests ran on: nothing is downloaded. PyTorch and what only it needs stay out. The folder
can be moved anywhere; `FOLDER/lorebase` starts the window, `FOLDER/lorebase ask ...` the command
line, and `FOLDER/install` adds the entry to the menu of the user.
"""

from __future__ import annotations

import argparse
import compileall
import fnmatch
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
VERSION = f"python{sys.version_info.major}.{sys.version_info.minor}"

LEFT_OUT = frozenset(
    {
        "sentence-transformers",  # brings PyTorch; serves models other than the packaged one
        "llama-index-core",  # for people who build on an index, and for language models: an option
        "llama-index-llms-ollama",
        "llama-index-llms-openai-like",
        "kubernetes",  # Chroma's own server in a cluster
        "sympy",  # onnxruntime's tools for shapes; never imported when a model runs
        "mpmath",
        "hf-xet",  # downloads of models
        "uvloop",
        "watchfiles",
        "pip",
        "setuptools",
    }
)
"""Distributions that the application never imports; the figures of README.md say what they weigh."""

NOT_STANDARD = (
    "test", "idlelib", "tkinter", "turtledemo", "turtle.py", "lib2to3", "ensurepip", "pydoc_data",
    "site-packages", "config-*", "__pycache__",
)  # fmt: skip
NOT_DYNLOAD = ("_test*", "_xx*", "xx*", "_tkinter*", "_ctypes_test*")

QT_MODULES = ("QtCore", "QtGui", "QtWidgets", "QtSvg", "QtNetwork", "QtDBus")
QT_LIBRARIES = (
    "libQt6Core.*", "libQt6Gui.*", "libQt6Widgets.*", "libQt6Svg.*", "libQt6Network.*", "libQt6DBus.*",
    "libQt6XcbQpa.*", "libQt6OpenGL.*", "libQt6Wayland*Client*", "libQt6WlShellIntegration.*", "libicu*",
)  # fmt: skip
QT_PLUGINS = (
    "platforms", "platformthemes", "platforminputcontexts", "iconengines", "imageformats",
    "xcbglintegrations", "wayland-decoration-client", "wayland-graphics-integration-client",
    "wayland-shell-integration",
)  # fmt: skip
NOT_PLUGINS = ("*eglfs*", "*linuxfb*", "*vnc*", "*vkkhr*", "*qpdf*", "*minimalegl*")

SYSTEM_LIBRARIES = ("libsqlite3", "libssl", "libcrypto", "libffi", "liblzma", "libbz2", "libz", "libuuid")
"""Libraries that the interpreter's modules need and that differ between systems."""

QUERIES = ROOT / "indexer" / "repo" / "queries"

NEVER = ("*.pyi", "*.c", "*.h", "*.pxd", "*.a", "*.lib")
TESTS = re.compile(r"(^|/)(tests?|testing)/")
KEEP_TESTS = frozenset({"numpy"})
"""numpy.testing is imported by packages that scipy's habits made; it is small."""


def main() -> int:
    """Build, say what it weighs, and try it; returns the exit code."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path, default=ROOT / "dist" / "lorebase")
    final: Path = options.parse_args().folder.resolve()
    if final.exists() and not (final / "lorebase").exists() and any(final.iterdir()):
        sys.stderr.write(f"{final} is not empty, and no application of ours.\n")
        return 2
    target = final.with_name(f"{final.name}.new")
    shutil.rmtree(target, ignore_errors=True)
    packages = target / "lib" / VERSION / "site-packages"
    packages.mkdir(parents=True)
    copy_interpreter(target)
    for name in sorted(closure()):
        copy_distribution(name, packages)
    prune_qt(packages / "PySide6")
    copy_ours(packages)
    write_launcher(target)
    compileall.compile_dir(
        target / "lib", quiet=2, workers=os.cpu_count() or 1, stripdir=str(target),
        invalidation_mode=__import__("py_compile").PycInvalidationMode.UNCHECKED_HASH,
    )  # fmt: skip
    # Whatever was written with an absolute path shows itself once the folder has moved.
    shutil.rmtree(final, ignore_errors=True)
    target.rename(final)
    sys.stdout.write(f"{final}: {weight(final) / 1e6:,.0f} MB\n")
    return 0 if tried(final) else 1


def closure() -> set[str]:
    """Return the names of the installed distributions that the application needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    waiting = [Requirement(each) for each in project["dependencies"]]
    found: set[str] = set()
    while waiting:
        wanted = waiting.pop()
        name = _plain(wanted.name)
        holds = wanted.marker is None or any(
            wanted.marker.evaluate({"extra": extra}) for extra in ("", *wanted.extras)
        )
        if name in found or name in LEFT_OUT or not holds:
            continue
        try:
            needed = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue  # for another system, or optional
        found.add(name)
        waiting += [each for each in map(Requirement, needed) if not _extra_only(each)]
    return found


def copy_interpreter(target: Path) -> None:
    """Copy the interpreter and its library, and let them find each other wherever they lie."""
    base = Path(sys.base_prefix)
    (target / "bin").mkdir()
    program = target / "bin" / VERSION
    shutil.copy2(Path(sys.executable).resolve(), program)
    library = target / "lib" / VERSION
    shutil.copytree(
        base / "lib" / VERSION, library, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*NOT_STANDARD)
    )
    for each in list((library / "lib-dynload").iterdir()):
        if any(fnmatch.fnmatch(each.name, pattern) for pattern in NOT_DYNLOAD):
            each.unlink()
    shared = sysconfig.get_config_var("INSTSONAME")
    if sysconfig.get_config_var("Py_ENABLE_SHARED") and shared:
        shutil.copy2(base / "lib" / str(shared), target / "lib" / str(shared))
    was = os.fsencode(base / "lib")
    point(program, was, b"$ORIGIN/../lib")
    for module in (library / "lib-dynload").glob("*.so"):
        point(module, was, b"$ORIGIN/../..")
        for name, place in needed_libraries(module):
            if name.startswith(SYSTEM_LIBRARIES) and not (target / "lib" / name).exists():
                shutil.copy2(place, target / "lib" / name)
    strip([program, *(target / "lib").glob("*.so*"), *(library / "lib-dynload").glob("*.so")])


def point(file: Path, was: bytes, now: bytes) -> None:
    """Write another run path into a program or library; the new one must not be longer."""
    data = file.read_bytes()
    place = data.find(was + b"\0")
    if place < 0 or len(now) > len(was):
        return
    file.chmod(0o755)
    file.write_bytes(data[:place] + now + b"\0" * (len(was) - len(now)) + data[place + len(was) :])


def needed_libraries(file: Path) -> Iterator[tuple[str, str]]:
    """Yield name and place of the shared libraries that the system's loader finds for ``file``."""
    done = subprocess.run(["ldd", str(file)], capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        name, arrow, rest = line.strip().partition(" => ")
        if arrow and rest.startswith("/"):
            yield name, rest.split(" ")[0]


def strip(files: list[Path]) -> None:
    """Drop what only a debugger needs, where the tool for it is there."""
    tool = shutil.which("strip")
    for file in files if tool else ():
        subprocess.run([str(tool), "--strip-unneeded", str(file)], capture_output=True, check=False)


def copy_distribution(name: str, packages: Path) -> None:
    """Copy the files of one installed distribution, tests and headers apart."""
    found = metadata.distribution(name)
    for each in found.files or ():
        shown = each.as_posix()
        if shown.startswith("..") or "__pycache__" in shown:
            continue
        if any(fnmatch.fnmatch(shown, pattern) for pattern in NEVER):
            continue
        if name == "tree-sitter-language-pack" and _grammar_is_left_out(shown):
            continue
        if TESTS.search(shown) and name not in KEEP_TESTS:
            continue
        if name.startswith("pyside6") and _qt_is_left_out(shown):
            continue
        source = Path(str(found.locate_file(each)))
        if source.is_file():
            copy = packages / shown
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy)


def prune_qt(folder: Path) -> None:
    """Say it when the list of libraries above no longer fits Qt."""
    lib = folder / "Qt" / "lib"
    here = {each.name for each in lib.iterdir()}
    for file in [*folder.glob("*.so"), *lib.iterdir(), *(folder / "Qt" / "plugins").rglob("*.so")]:
        for name, place in needed_libraries(file):
            if name.startswith(("libQt6", "libicu")) and name not in here:
                sys.stdout.write(f"{file.name} needs {name} (now found at {place})\n")


def copy_ours(packages: Path) -> None:
    """Copy the engine, the window and their assets."""
    ignored = shutil.ignore_patterns("__pycache__", "packaging")
    for name in ("indexer", "desktop"):
        shutil.copytree(ROOT / name, packages / name, ignore=ignored)
    shutil.copytree(
        ROOT / "assets",
        packages / "indexer" / "assets",
        ignore=shutil.ignore_patterns("*.py", "__pycache__", "training", "pictures"),
    )
    for name in ("LICENSE", "NOTICE"):
        shutil.copy2(ROOT / name, packages / "indexer" / name)


def write_launcher(target: Path) -> None:
    """Write what starts the application, its entry and its icon."""
    launcher = target / "lorebase"
    launcher.write_text((HERE / "lorebase.sh").read_text("utf-8").replace("@PYTHON@", VERSION), "utf-8")
    shutil.copy2(HERE / "install.sh", target / "install")
    for each in (launcher, target / "install"):
        each.chmod(0o755)
    entry = target / "share" / "applications"
    entry.mkdir(parents=True)
    shutil.copy2(HERE / "lorebase.desktop", entry / "lorebase.desktop")
    icons = target / "share" / "icons" / "hicolor" / "scalable" / "apps"
    icons.mkdir(parents=True)
    shutil.copy2(ROOT / "assets" / "icons" / "lorebase.svg", icons / "lorebase.svg")


def weight(folder: Path) -> int:
    """Return the bytes of all files."""
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())


def tried(target: Path) -> bool:
    """Say whether the folder works by itself: imports what runs late, and shows its version."""
    code = (
        "import sqlite3, ssl, ctypes, lzma, numpy, onnxruntime, tokenizers, chromadb, git, Stemmer, msgspec;"
        "import tree_sitter_language_pack, markdown_it, pygments, PySide6.QtWidgets, PySide6.QtSvg;"
        "from indexer.settings import IndexingSettings; from indexer.index.embedding import load_embedder;"
        "load_embedder(IndexingSettings(), 1).embed(['x']); import sys;"
        "from indexer.repo import syntax; from pathlib import Path;"
        "[syntax.read_syntax('x', q.stem) for q in (Path(syntax.__file__).parent / 'queries').glob('*.scm')];"
        "assert all(p.startswith(sys.prefix) or not p for p in sys.path), sys.path"
    )
    environment = {"HOME": "/nonexistent", "PATH": "/usr/bin:/bin", "QT_QPA_PLATFORM": "offscreen"}
    for command in ([target / "bin" / VERSION, "-I", "-c", code], [target / "lorebase", "--version"]):
        done = subprocess.run(
            [str(each) for each in command], env=environment, capture_output=True, text=True, check=False,
            cwd=target,
        )  # fmt: skip
        if done.returncode:
            sys.stderr.write(f"{command}: {done.stderr[-2_000:]}\n")
            return False
    return True


def _extra_only(wanted: Requirement) -> bool:
    return wanted.marker is not None and not wanted.marker.evaluate({"extra": ""})


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _grammar_is_left_out(shown: str) -> bool:
    """Say whether a grammar has no queries of ours: it would never be loaded."""
    folder, _, file = shown.rpartition("/")
    language = file.partition(".")[0]
    return folder.endswith("/bindings") and not (QUERIES / f"{language}.scm").is_file()


def _qt_is_left_out(shown: str) -> bool:
    parts = shown.split("/")
    if parts[0] != "PySide6":
        return False
    if parts[1] == "Qt":
        if parts[2] == "lib":
            return not any(fnmatch.fnmatch(parts[3], pattern) for pattern in QT_LIBRARIES)
        wanted = parts[2] == "plugins" and parts[3] in QT_PLUGINS
        return not wanted or any(fnmatch.fnmatch(parts[-1], pattern) for pattern in NOT_PLUGINS)
    if len(parts) == 2 and parts[1].startswith("Qt"):
        return parts[1].split(".")[0] not in QT_MODULES
    if parts[1] in ("scripts", "typesystems", "include", "glue", "doc", "qml", "resources"):
        return True
    runs = parts[1].endswith((".py", ".so")) or ".so." in parts[1]
    return len(parts) == 2 and not runs


if __name__ == "__main__":
    sys.exit(main())
