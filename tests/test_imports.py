"""The picture of the imports is a ladder: no circle, nothing against the arrow, no Qt in the engine."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

LADDER = (
    ("indexer.types", "indexer.errors", "indexer.gitconfig", "indexer.pages"),
    ("indexer.method", "indexer.shapes"),
    ("indexer.drawing",),
    ("indexer.settings", "indexer.identity"),
    ("indexer.location",),
    ("indexer.protocol", "indexer.transport", "indexer.lock", "indexer.launch"),
    ("indexer.repo",),
    ("indexer.index",),
    ("indexer.answer",),
    ("indexer.guide",),
    ("indexer.jobs", "indexer.watching"),
    (
        "indexer.knowledge",
        "indexer.care",
        "indexer.forgetting",
        "indexer.freshness",
        "indexer.meaning",
        "indexer.takeover",
        "indexer.keyholder",
        "indexer.writing",
    ),
    (
        "indexer.service",
        "indexer.conversation",
        "indexer.shelf",
        "indexer.methods",
        "indexer.page_calls",
        "indexer.writing_calls",
        "indexer.guide_calls",
    ),
)
"""The engine, lowest step first: a module imports only from its own step (siblings) and below."""

FRONTS = ("indexer.cli", "indexer.mcp_server", "indexer.retriever", "desktop")
SEEN_BY_FRONTS = (
    "indexer.types",
    "indexer.pages",
    "indexer.method",
    "indexer.shapes",
    "indexer.drawing",
    "indexer.errors",
    "indexer.settings",
    "indexer.identity",
    "indexer.location",
    "indexer.protocol",
    "indexer.transport",
    "indexer.lock",
    "indexer.launch",
    "indexer.client",
)
ENTRY = "indexer.__main__"
"""Chooses what this process becomes (a front, the engine, a parse worker); nobody imports it."""

HEAVY = (
    "chromadb",
    "onnxruntime",
    "tokenizers",
    "torch",
    "sentence_transformers",
    "llama_index",
    "mcp",
    "pydantic",
    "httpx",
    "PySide6",
)


def module_name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def source_files() -> list[Path]:
    return sorted(file for top in ("indexer", "desktop") for file in (ROOT / top).rglob("*.py"))


MODULES = {module_name(file): file for file in source_files()}


@cache
def imported(file: Path) -> tuple[str, ...]:
    """Every module that is named in an import of ``file``, inside functions too."""
    return tuple(_imported(file))


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative imports hide where the arrow points"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in MODULES else str(node.module)


def own_imports(name: str) -> set[str]:
    return {target for target in imported(MODULES[name]) if target in MODULES and target != name}


def step(name: str) -> int | None:
    for height, group in enumerate(LADDER):
        if any(name == head or name.startswith(head + ".") for head in group):
            return height
    return None


def seen_by_fronts(name: str) -> bool:
    return any(name == head or name.startswith(head + ".") for head in SEEN_BY_FRONTS)


def is_front(name: str) -> bool:
    return any(name == head or name.startswith(head + ".") for head in FRONTS)


def test_no_circle_of_imports_exists() -> None:
    sorter = TopologicalSorter({name: own_imports(name) for name in MODULES})
    try:
        sorter.prepare()
    except CycleError as error:
        pytest.fail(f"circle of imports: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize("name", sorted(MODULES))
def test_imports_point_down_the_ladder(name: str) -> None:
    targets = own_imports(name)
    if name == ENTRY:
        return
    assert ENTRY not in targets, f"{name} imports the entry point"
    if is_front(name):
        allowed = {t for t in targets if seen_by_fronts(t) or t == "indexer" or is_front(t)}
        assert targets == allowed, f"a front reaches into the engine: {targets - allowed}"
        return
    if name in ("indexer", "desktop"):
        assert not targets
        return
    if name == "indexer.client":
        assert all(seen_by_fronts(t) for t in targets)
        return
    height = step(name)
    assert height is not None, f"{name} has no place on the ladder: give it one in LADDER"
    for target in targets:
        below = step(target)
        if target == "indexer":
            continue
        assert below is not None, f"{name} imports {target}, which is a front"
        assert below <= height, f"{name} imports {target}, against the arrow"


def test_nobody_imports_the_service() -> None:
    users = {name for name in MODULES if "indexer.service" in own_imports(name)}
    assert users <= {ENTRY}


def test_the_engine_knows_no_qt() -> None:
    users = [
        name
        for name, file in MODULES.items()
        if name.startswith("indexer")
        and any(t.split(".")[0] in ("PySide6", "desktop") for t in imported(file))
    ]
    assert users in ([], [ENTRY])


def test_types_import_the_standard_library_alone() -> None:
    for name in ("indexer.types", "indexer.errors"):
        tops = {target.split(".")[0] for target in imported(MODULES[name])}
        assert tops <= set(sys.stdlib_module_names)


HOMES = {
    "git": ("indexer.repo.",),
    "chromadb": ("indexer.index.",),
    "sentence_transformers": ("indexer.index.embedding",),
    "onnxruntime": ("indexer.index.packaged",),
    "tokenizers": ("indexer.index.packaged",),
    "tree_sitter": ("indexer.repo.",),
    "tree_sitter_language_pack": ("indexer.repo.",),
    "httpx": ("indexer.answer.wire",),
    "httpcore": ("indexer.answer.wire",),
    "keyring": ("indexer.keyholder",),
    "ollama": ("indexer.answer.generate",),
    "llama_index": ("indexer.answer.generate", "indexer.retriever"),
    "mcp": ("indexer.mcp_server.server",),
    "mcp_types": ("indexer.mcp_server.server",),
}


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_third_party_library_has_one_home(library: str) -> None:
    users = [
        name for name, file in MODULES.items() if any(t.split(".")[0] == library for t in imported(file))
    ]
    assert len(users) <= (2 if library == "llama_index" else 1), f"{library} is used in {users}"
    assert all(user.startswith(HOMES[library]) for user in users)


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from indexer.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True, cwd=ROOT
    )
    assert done.stderr.strip().splitlines()[-1] == "[]"
