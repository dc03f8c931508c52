"""An index as LlamaIndex sees it: our hits as nodes, our errors, beside everybody else's calls."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import MetadataMode

from indexer.errors import LorebaseError, NotARepositoryError, UsageError
from indexer.protocol import ASK, INDEX, SEARCH, IndexRequest, Question
from indexer.retriever import LorebaseRetriever
from indexer.types import ChunkKind, Query
from tests.conftest import SmallRepository
from tests.engine.conftest import ROOT, Engines

GREET = "def greet(name):\n    return f'Hello {name}'\n"
RETRY = '''"""Talking to the bank."""

RETRIES = 5


def send(order):
    """Send an order, and retry when the bank is busy."""
    return RETRIES
'''


@pytest.fixture(scope="module")
def engines(engine_folders: tuple[Path, Path]) -> Iterator[Engines]:
    """The engine that the tests of this file share: each only asks it."""
    made = Engines(*engine_folders)
    (made.data / "settings.toml").write_text('[indexing]\nmodel = "none"\nwatch_seconds = 0.0\n')
    yield made
    made.end()


@pytest.fixture(scope="module")
def indexed(engines: Engines, git_environment: dict[str, str]) -> SmallRepository:
    """A repository whose words are searchable."""
    folder = engines.data / "repo"
    folder.mkdir()
    made = SmallRepository(folder, dict(git_environment))
    made.git("init", "--quiet", "--initial-branch=main", ".")
    made.commit("Add a greeting", {"src/greet.py": GREET, "README.md": "# Small\n\nGreets people.\n"})
    made.commit("Talk to the bank", {"src/bank.py": RETRY})
    engines.client(made).call(INDEX, IndexRequest(words_only=True))
    return made


@pytest.fixture
def shop(engines: Engines, indexed: SmallRepository, monkeypatch: pytest.MonkeyPatch) -> SmallRepository:
    """The same, reached by everybody through one runtime folder."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(engines.runtime))
    return indexed


def retriever(engines: Engines, shop: SmallRepository, **options: object) -> LorebaseRetriever:
    return LorebaseRetriever(shop.path / "src", settings=engines.settings(), **options)


def test_hits_come_as_nodes_in_our_order_with_our_places(engines: Engines, shop: SmallRepository) -> None:
    hits = engines.client(shop).call(SEARCH, Query("retry when the bank is busy", 10)).hits
    found = retriever(engines, shop).retrieve("retry when the bank is busy")
    assert [each.node.text for each in found] == [hit.text for hit in hits]
    assert [each.score for each in found] == [hit.score for hit in hits]
    best = found[0].node
    assert best.metadata["path"] == "src/bank.py"
    assert best.metadata["kind"] == "code"
    assert best.metadata["blob_id"] == shop.git("rev-parse", "HEAD:src/bank.py")
    lines = RETRY.split("\n")[best.metadata["start_line"] - 1 : best.metadata["end_line"]]
    assert best.text == "\n".join(lines).rstrip("\n")
    assert "words" in best.metadata["found_by"]
    assert len({each.node.node_id for each in found}) == len(found)


def test_a_commit_keeps_its_id_and_a_model_sees_no_hashes(engines: Engines, shop: SmallRepository) -> None:
    (found,) = retriever(engines, shop, limit=1, kinds=["commit"]).retrieve("talk to the bank")
    assert found.node.metadata["commit_id"] == shop.head
    assert found.node.metadata["path"] is None
    told = found.node.get_content(metadata_mode=MetadataMode.LLM)
    assert shop.head not in told
    assert "None" not in told


def test_limit_kinds_and_scopes_narrow_the_search(engines: Engines, shop: SmallRepository) -> None:
    assert len(retriever(engines, shop, limit=1).retrieve("greet")) == 1
    kinds = {
        each.node.metadata["kind"]
        for each in retriever(engines, shop, kinds=[ChunkKind.DOC]).retrieve("greet")
    }
    assert kinds == {"doc"}
    scoped = retriever(engines, shop, kinds=["code"], scopes=["path:src/greet.py"]).retrieve(
        "bank retry greet"
    )
    assert {each.node.metadata["path"] for each in scoped} == {"src/greet.py"}


def test_many_searches_may_be_awaited_at_once(engines: Engines, shop: SmallRepository) -> None:
    made = retriever(engines, shop, limit=3)

    async def all_at_once() -> list[str]:
        found = await asyncio.gather(*(made.aretrieve("retry bank") for _ in range(8)))
        return [nodes[0].node.node_id for nodes in found]

    assert set(asyncio.run(all_at_once())) == {made.retrieve("retry bank")[0].node.node_id}


def test_a_query_engine_writes_from_our_passages(engines: Engines, shop: SmallRepository) -> None:
    engine = RetrieverQueryEngine.from_args(retriever(engines, shop, limit=2, kinds=["code"]), llm=MockLLM())
    response = engine.query("How often is an order sent again?")
    assert "retry when the bank is busy" in str(response), "the mock model repeats what it was given"
    assert response.source_nodes[0].node.metadata["path"] == "src/bank.py"


def test_S6_it_works_while_others_ask_the_same_index(engines: Engines, shop: SmallRepository) -> None:
    window = engines.client(shop)
    made = retriever(engines, shop)
    for _ in range(3):
        assert window.call(ASK, Question("what does send do?")).statements
        assert made.retrieve("send")
    assert made.retrieve("") == []


def test_what_goes_wrong_is_an_error_of_ours_with_a_hint(
    engines: Engines, tmp_path: Path, shop: SmallRepository
) -> None:
    wrong: list[tuple[type[LorebaseError], dict[str, object]]] = [
        (UsageError, {"limit": 0}),
        (UsageError, {"kinds": ["poem"]}),
    ]
    for kind, options in wrong:
        with pytest.raises(kind) as caught:
            retriever(engines, shop, **options)
        assert caught.value.hint
    with pytest.raises(NotARepositoryError):
        LorebaseRetriever(tmp_path, settings=engines.settings())


def test_the_example_of_the_readme_runs(engines: Engines, shop: SmallRepository) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", readme, re.S)
    assert len([line for line in example.splitlines() if line.strip()]) <= 10
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", example],
        cwd=shop.path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "LOREBASE_DATA": str(engines.data)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, *rest = done.stdout.splitlines()
    assert re.fullmatch(r"src/bank\.py:\d+-\d+ \(\d+\.\d\d\)", first)
    assert "Query: How does a retry work?" in rest
