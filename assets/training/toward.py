"""Learn the matrix that turns a question towards the passages that answer it (assets/model/question.npy).

    python assets/training/toward.py --repos FOLDER --data FOLDER [--out assets/model]

FOLDER of ``--repos`` holds clones by name of the repositories in ``questions/plain.jsonl.gz``, ``--data``
takes their indexes. Passages keep the vectors that ``../model/model.onnx`` gives them (upper.py trains
that). A question's vector q becomes that of q W + b, and W and b are learnt from which of its repository's
passages a question was written on: softmax over 1,500 of them, cosines divided by .05, those left out that
say the same (cosine above .85). The name or title of a passage is a question too: what is asked by its name
must not be lost for what is asked in plain words.

Three repositories (KEPT_OUT) are kept out; what it prints of them is how often the right one of some 2,500
passages is first and among the first 12, and the mean reciprocal rank, as they are and turned.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1])]
from build_model import list_checksums
from pairs import Quiet

from indexer.index.embedding import PackagedModel, load_embedder, text_to_embed
from indexer.knowledge import KnowledgeBase
from indexer.location import locate
from indexer.settings import IndexingSettings, Settings
from indexer.types import ChunkKind

KEPT_OUT = frozenset(("lobsters", "alembic", "healthchecks"))
PASSAGES, PASSAGES_KEPT_OUT = 1_500, 2_500
"""Of each repository: those that questions were written on, and others by chance."""
SHARPNESS = 0.05
SAME = 0.85
NAMES = 0.3
"""Names and titles that are asked for, for each question."""
EPOCHS = 4
RATE = 5e-4
BATCH = 256


@dataclass
class Corpus:
    """The passages of one repository, as texts and as unit rows, and what was asked, by the row that answers
    it.
    """

    texts: list[str]
    rows: Tensor
    asked: list[tuple[int, str]] = field(default_factory=list)
    names: list[tuple[int, str]] = field(default_factory=list)

    def names_asked(self) -> list[tuple[int, str]]:
        """Return the names and titles of those passages that questions were written on."""
        rows = {row for row, _ in self.asked}
        return [each for each in self.names if each[0] in rows]


def corpus_of(clone: Path, data: Path, lines: Sequence[dict], model: PackagedModel) -> Corpus:
    """Embed passages of a clone, those that the questions in ``lines`` were written on before all others."""
    settings = Settings(data, IndexingSettings(model="none", working_copy=False))
    knowledge = KnowledgeBase.open(locate(clone, settings), settings)
    knowledge.words(Quiet())
    reader = knowledge._catalog.reader()  # noqa: SLF001 - a script beside the engine, not a front
    found = reader.execute(
        "SELECT path.shown, k.oid, c.symbol, c.start_line, c.end_line, c.text FROM passage p"
        " JOIN chunk c ON c.id = p.chunk_id LEFT JOIN path ON path.id = p.path_id"
        " LEFT JOIN commits k ON k.id = c.commit_id WHERE p.current = 1"
    ).fetchall()
    knowledge.close()
    questions: dict[int, list[str]] = defaultdict(list)
    places = defaultdict(list)
    for at, (path, oid, *_) in enumerate(found):
        places[path or oid].append(at)
    for line in lines:
        here = places.get(line.get("path") or line["message"], [])
        own = [at for at in here if "message" in line or found[at][3] <= line["line"] <= found[at][4]]
        if own:
            questions[own[0]].append(line["question"])
    rest = [at for at in range(len(found)) if at not in questions]
    random.Random(11).shuffle(rest)
    most = PASSAGES_KEPT_OUT if clone.name in KEPT_OUT else PASSAGES
    chosen = [*questions, *rest[: max(0, most - len(questions))]]
    texts = [
        text_to_embed(ChunkKind.CODE, path or "", symbol if path else "", text)
        for path, _, symbol, _, _, text in (found[at] for at in chosen)
    ]
    corpus = Corpus(texts, torch.from_numpy(model.embed(texts)))
    for row, at in enumerate(chosen):
        corpus.asked += [(row, each) for each in questions.get(at, ())]
        path, _, symbol, _, _, text = found[at]
        name = text.split("\n")[0] if path is None else symbol.rpartition(" > ")[2] or symbol
        corpus.names += [(row, name)] if name else []
    return corpus


def read_questions() -> dict[str, list[dict]]:
    """Return what was asked by the name of the repository."""
    asked: dict[str, list[dict]] = defaultdict(list)
    # Packed, so that no index of this repository is made of invented questions.
    packed = (HERE / "questions" / "plain.jsonl.gz").read_bytes()
    for text in gzip.decompress(packed).decode("utf-8").splitlines():
        line = json.loads(text)
        asked[line["repo"].rpartition("/")[2]].append(line)
    return asked


def packaged_matrix() -> nn.Linear:
    """Return the matrix that is packaged."""
    whole = torch.from_numpy(np.load(HERE.parent / "model" / "question.npy").astype(np.float32))
    matrix = nn.Linear(whole.size(1), whole.size(1))
    with torch.no_grad():
        matrix.weight.copy_(whole[:-1].T)
        matrix.bias.copy_(whole[-1])
    return matrix


def turned(matrix: nn.Linear, vectors: Tensor) -> Tensor:
    """Return unit rows: the questions, turned."""
    return nn.functional.normalize(matrix(vectors), dim=1)


def batches(asked: Sequence[tuple[str, int]]) -> Iterator[dict[str, list[int]]]:
    """Yield numbers of questions by their repositories."""
    order = torch.randperm(len(asked)).tolist()
    for start in range(0, len(order), BATCH):
        some: dict[str, list[int]] = defaultdict(list)
        for at in order[start : start + BATCH]:
            some[asked[at][0]].append(at)
        yield some


def corpora_of(repos: Path, data: Path, model: PackagedModel) -> dict[str, Corpus]:
    """Return what was asked of the repositories that there is a clone of, by their names."""
    return {
        name: corpus_of(repos / name, data, lines, model)
        for name, lines in read_questions().items()
        if (repos / name).is_dir()
    }


def learn(corpora: dict[str, Corpus], model: PackagedModel) -> nn.Linear:
    """Return the matrix, learnt from all that is not kept out."""
    asked, texts = [], []
    for name, corpus in corpora.items():
        if name not in KEPT_OUT:
            most = int(NAMES * len(corpus.asked))
            names = corpus.names_asked()
            some = random.Random(1).sample(names, min(most, len(names)))
            for row, text in (*corpus.asked, *some):
                asked.append((name, row))
                texts.append(text)
    vectors = torch.from_numpy(model.embed(texts))
    matrix = nn.Linear(vectors.size(1), vectors.size(1))
    nn.init.eye_(matrix.weight)
    nn.init.zeros_(matrix.bias)
    optimizer = torch.optim.Adam(matrix.parameters(), lr=RATE)
    steps = EPOCHS * -(-len(asked) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: max(0.02, 1 - step / steps))
    for _ in range(EPOCHS):
        for some in batches(asked):
            lost = sum(
                (_lost(matrix, vectors, asked, corpora, each) for each in some.items()), torch.zeros(())
            )
            optimizer.zero_grad()
            (lost / sum(map(len, some.values()))).backward()
            optimizer.step()
            schedule.step()
    print(f"{len(asked)} questions")
    return matrix


def _lost(
    matrix: nn.Linear,
    vectors: Tensor,
    asked: Sequence[tuple[str, int]],
    corpora: dict[str, Corpus],
    some: tuple[str, list[int]],
) -> Tensor:
    name, numbers = some
    rows = corpora[name].rows
    wanted = torch.tensor([asked[at][1] for at in numbers])
    odds = turned(matrix, vectors[numbers]) @ rows.T / SHARPNESS
    with torch.no_grad():
        same = rows[wanted] @ rows.T > SAME
        same[torch.arange(len(numbers)), wanted] = False
    return nn.functional.cross_entropy(odds.masked_fill(same, -1e4), wanted, reduction="sum")


@torch.no_grad()
def report(corpora: dict[str, Corpus], model: PackagedModel, matrix: nn.Linear) -> None:
    """Print how well the right passage is found in the repositories that were kept out."""
    for name in sorted(KEPT_OUT & corpora.keys()):
        corpus = corpora[name]
        for sort, asked in (("questions", corpus.asked), ("names", corpus.names_asked())):
            vectors = torch.from_numpy(model.embed([text for _, text in asked]))
            wanted = torch.tensor([row for row, _ in asked])
            for way, rows in (("as they are", vectors), ("turned", turned(matrix, vectors))):
                odds = rows @ corpus.rows.T
                places = 1 + (odds > odds.gather(1, wanted[:, None])).sum(1)
                print(
                    f"{name}, {len(asked)} {sort} {way}: first {(places == 1).float().mean():.3f}, among 12"
                    f" {(places <= 12).float().mean():.3f}, mean reciprocal rank {(1 / places).mean():.3f}"
                )


def main() -> None:
    """Learn, report, and write the matrix and the list of checksums."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repos", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=HERE.parent / "model")
    given = parser.parse_args()
    torch.manual_seed(0)
    model = load_embedder(IndexingSettings(), threads=2)
    assert isinstance(model, PackagedModel)
    corpora = corpora_of(given.repos, given.data, model)
    matrix = learn(corpora, model)
    report(corpora, model, matrix)
    whole = np.concatenate([matrix.weight.detach().numpy().T, matrix.bias.detach().numpy()[None]])
    np.save(given.out / "question.npy", whole.astype(np.float16))
    list_checksums(given.out)


if __name__ == "__main__":
    main()
