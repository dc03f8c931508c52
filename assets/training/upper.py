"""Train the embedding model's upper layers, and the matrix that turns a question, on both sides of a search.

    python assets/training/upper.py ENCODER.pt --repos FOLDER --data FOLDER

Begins with what is packaged and takes what toward.py takes; `../build_model.py ENCODER.pt` makes the
packaged file of it, and toward.py then learns the matrix anew against all passages. A batch is asked of one
repository: BATCH questions and some names, the passages that they were written on, and for each question
HARD others of the MINED that the packaged model finds nearest. The loss is toward.py's over the passages of
the batch. It takes two cores 25 minutes where they know bfloat16. Whoever packages a new file adds the
fingerprint of the one before to `PackagedModel.replaces`: all indexes are then embedded anew.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import onnx
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1])]
import recover
import toward
from build_model import LAYERS, Encoder, original
from train import HALVES, _forward

from indexer.index.embedding import PackagedModel, load_embedder
from indexer.settings import IndexingSettings

PACKAGED = HERE.parent / "model" / "model.onnx"
FROZEN = 3
"""Layers, from below, that stay as they were, with the table of words."""
EPOCHS = 2.5
BATCH = 40
HARD = 1
MINED = 40
TOKENS = 96
"""Of a passage; longer ones are cut while it is learnt from them."""
QUESTION_TOKENS = 64
RATE = 5e-5
MATRIX_RATE = 2e-4
WARM = 20
"""One of so many steps passes before the rate is whole."""
ROWS = 40
"""Texts of like length that are run at once."""

Ids = list[int]


@dataclass
class Lessons:
    """What one repository teaches: ids of passages, of (row, question) and (row, name), and for each question
    the rows that are mined; ``same`` tells which passages say the same.
    """

    passages: list[Ids]
    asked: list[tuple[int, Ids]]
    names: list[tuple[int, Ids]]
    mined: list[list[int]]
    same: Tensor


def lessons_of(corpus: toward.Corpus, model: PackagedModel, tokenizer: Tokenizer) -> Lessons:
    """Tokenize the texts of a repository, and mine what lies near its questions and does not answer them."""

    def ids(text: str) -> Ids:
        return list(tokenizer.encode(text).ids[:QUESTION_TOKENS])

    same = corpus.rows @ corpus.rows.T > toward.SAME
    gold = torch.tensor([row for row, _ in corpus.asked])
    questions = torch.stack([torch.from_numpy(model.embed_query(text)) for _, text in corpus.asked])
    near = (questions @ corpus.rows.T).masked_fill(same[gold], -1).topk(MINED, dim=1).indices
    return Lessons(
        [each.ids for each in tokenizer.encode_batch(corpus.texts)],
        [(row, ids(text)) for row, text in corpus.asked],
        [(row, ids(text)) for row, text in corpus.names],
        near.tolist(),
        same,
    )


def run(encoder: Encoder, texts: Sequence[Ids]) -> Tensor:
    """Return unit rows (len(texts), 384); the frozen layers need no way back."""
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    rows = [
        _rows(encoder, [texts[at] for at in order[first : first + ROWS]])
        for first in range(0, len(order), ROWS)
    ]
    back = torch.empty(len(order), dtype=torch.int64)
    back[torch.tensor(order)] = torch.arange(len(order))
    return torch.cat(rows)[back]


def _rows(encoder: Encoder, texts: Sequence[Ids]) -> Tensor:
    longest = max(map(len, texts))
    ids = torch.tensor([[*each, *[0] * (longest - len(each))] for each in texts])
    mask = torch.tensor([[1.0] * len(each) + [0.0] * (longest - len(each)) for each in texts])
    bias = (1.0 - mask[:, None, None, :]) * -10_000.0
    with torch.autocast("cpu", torch.bfloat16, enabled=HALVES):
        bias = bias.to(torch.bfloat16) if HALVES else bias
        with torch.no_grad():
            states = encoder.norm(encoder.words(ids) + encoder.positions[:longest])
            for layer in encoder.layers[:FROZEN]:
                states = _forward(layer, states, bias)
        for layer in encoder.layers[FROZEN:]:
            states = _forward(layer, states, bias)
    pooled = (states.float() * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
    return nn.functional.normalize(pooled, dim=1)


def batches(lessons: dict[str, Lessons], rng: random.Random) -> Iterator[tuple[Lessons, list[int]]]:
    """Yield numbers of questions of one repository each, without end, all of them in each round."""
    while True:
        plan = []
        for each in lessons.values():
            order = list(range(len(each.asked)))
            rng.shuffle(order)
            parts = max(1, round(len(order) / BATCH))
            plan += [(each, order[part::parts]) for part in range(parts)]
        rng.shuffle(plan)
        yield from plan


def lost(
    encoder: Encoder, matrix: nn.Linear, given: Lessons, numbers: Sequence[int], rng: random.Random
) -> Tensor:
    """Return the loss of one batch."""
    asked = [given.asked[at] for at in numbers]
    most = min(int(toward.NAMES * len(asked)), len(given.names))
    asked += rng.sample(given.names, most)
    hard = [row for at in numbers for row in rng.sample(given.mined[at], HARD)]
    rows = list(dict.fromkeys([*(row for row, _ in asked), *hard]))
    passages = run(encoder, [given.passages[row] for row in rows])
    questions = toward.turned(matrix, run(encoder, [text for _, text in asked]))
    wanted = torch.tensor([rows.index(row) for row, _ in asked])
    same = given.same[[row for row, _ in asked]][:, rows]
    same[torch.arange(len(asked)), wanted] = False
    odds = questions @ passages.T / toward.SHARPNESS
    return nn.functional.cross_entropy(odds.masked_fill(same, -1e4), wanted)


def learn(encoder: Encoder, matrix: nn.Linear, lessons: dict[str, Lessons]) -> None:
    """Train both, and print the mean loss now and then."""
    for part in (encoder.words, encoder.norm, *encoder.layers[:FROZEN]):
        part.requires_grad_(False)
    encoder.positions.requires_grad_(False)
    learning = [each for each in encoder.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": learning, "lr": RATE}, {"params": matrix.parameters(), "lr": MATRIX_RATE}],
        weight_decay=0.01,
    )
    steps = int(EPOCHS * sum(len(each.asked) for each in lessons.values()) / BATCH)
    warm = max(1, steps // WARM)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.02, 1 - step / steps))
    )
    rng, began, mean = random.Random(0), time.monotonic(), 0.0
    for step, (given, numbers) in zip(range(steps), batches(lessons, rng), strict=False):
        loss = lost(encoder, matrix, given, numbers, rng)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
        schedule.step()
        mean = 0.98 * mean + 0.02 * loss.item() if step else loss.item()
        if step % 50 == 0:
            print(f"{step} of {steps}: {mean:.3f}, {time.monotonic() - began:.0f} s", flush=True)


def main() -> None:
    """Learn, and write the encoder's weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, metavar="ENCODER.pt")
    parser.add_argument("--repos", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    given = parser.parse_args()
    torch.manual_seed(0)
    model = load_embedder(IndexingSettings(), threads=2)
    assert isinstance(model, PackagedModel)
    tokenizer = Tokenizer.from_file(str(original() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(TOKENS)
    lessons = {
        name: lessons_of(corpus, model, tokenizer)
        for name, corpus in toward.corpora_of(given.repos, given.data, model).items()
        if name not in toward.KEPT_OUT
    }
    encoder = Encoder(load_file(original() / "model.safetensors"))
    recover.take_layers(encoder, onnx.load(PACKAGED), range(FROZEN, LAYERS))
    matrix = toward.packaged_matrix()
    learn(encoder, matrix, lessons)
    torch.save(encoder.state_dict(), given.out)


if __name__ == "__main__":
    main()
