"""Train the reader: whether a passage gives what a question asks for, and what a question asks for.

    python assets/training/train.py --pairs PAIRS.jsonl --then PAIRS.jsonl --questions QUESTIONS.jsonl
        --out FOLDER [--dev PAIRS.jsonl]

A line of PAIRS is one question with the windows of the passages that a search brought up:
``{"question": ..., "windows": [{"title", "text", "gives": 0 or 1}, ...]}``; lines of one ``place`` are learnt
from together, so that what answers one question and not the other is compared. The weights begin as those
of all-MiniLM-L6-v2 (see ../build_model.py), whose layers are trained on from the question and the
passage side by side. Writes ``reader.pt``; `build.py` makes the packaged file of it.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2])]
import build_model
from build_model import PARTS, WIDTH, Layer, original
from mine import auc

from indexer.index.reader import (
    ASKED,
    CATEGORIES,
    MAX_TOKENS,
    NEEDS,
    QUESTION_TOKENS,
)

BATCH = 32
ASIDE = 12
"""Questions that stand alone, beside each batch of pairs."""
NEGATIVES = 6
"""Windows that do not answer, of each question and epoch: another choice in each."""
RATE = 5e-5
FROZEN = 2
"""Layers, from below, that stay as they were, with the table of words: they know English already."""
WARM = 0.1
COMPARED = 1.0
"""What the order of two pairs counts beside what each is for itself."""
HALVES = torch.cpu._is_avx512_bf16_supported()  # noqa: SLF001 - nothing public tells
"""Whether half of the bits is faster: where the processor knows bfloat16; fourteen times slower elsewhere."""


def _forward(layer: Layer, states: Tensor, bias: Tensor) -> Tensor:
    """Do what Layer.forward does, three times as fast, and in a form that cannot be exported."""
    query, key, value = (build_model.heads(part(states)) for part in (layer.query, layer.key, layer.value))
    context = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.dtype))
    states = layer.attention_norm(layer.output(context.transpose(1, 2).reshape(states.shape)) + states)
    return layer.norm(layer.down(nn.functional.gelu(layer.up(states))) + states)


class Reader(nn.Module):
    """Ids, mask and segments of question and passage to one number: the log-odds that it answers."""

    def __init__(self, weights: dict[str, Tensor], layers: int) -> None:
        super().__init__()
        self.words = nn.Embedding.from_pretrained(weights["embeddings.word_embeddings.weight"].clone())
        self.positions = nn.Parameter(weights["embeddings.position_embeddings.weight"][:MAX_TOKENS].clone())
        self.segments = nn.Parameter(weights["embeddings.token_type_embeddings.weight"].clone())
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.norm.load_state_dict(build_model.part_of(weights, "embeddings.LayerNorm"))
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        for index, layer in enumerate(self.layers):
            for ours, theirs in PARTS.items():
                getattr(layer, ours).load_state_dict(
                    build_model.part_of(weights, f"encoder.layer.{index}.{theirs}")
                )
        self.pooled = nn.Linear(2 * WIDTH, WIDTH)
        self.gives = nn.Linear(WIDTH, 1)
        self.asks = nn.Linear(2 * WIDTH, len(ASKED))
        self.drop = nn.Dropout(0.1)
        self.plain = False
        """True while it is exported."""
        for part in (self.words, self.norm, *self.layers[:FROZEN]):
            part.requires_grad_(False)
        self.positions.requires_grad_(False)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, segments: Tensor) -> tuple[Tensor, Tensor]:
        """Return log-odds for ids, mask and segments (rows, tokens): (rows,) that the passage answers,
        and (rows, len(ASKED)) of what a question that stands alone in its row asks for.
        """
        kind = self.positions.dtype
        bias = (1.0 - attention_mask[:, None, None, :].to(kind)) * -10_000.0
        places = self.positions[: input_ids.size(1)]
        marks = segments[:, :, None].to(kind)
        sides = self.segments[0] + marks * (self.segments[1] - self.segments[0])
        states = self.drop(self.norm(self.words(input_ids) + places + sides))
        for layer in self.layers:
            # What stays as it is needs no way back.
            learns = torch.is_grad_enabled() and layer.up.weight.requires_grad
            with torch.set_grad_enabled(learns):
                states = layer(states, bias) if self.plain else _forward(layer, states, bias)
        mask = attention_mask.to(kind)[:, :, None]
        mean = (states * mask).sum(1) / mask.sum(1)
        both = torch.cat((states[:, 0], mean), 1)
        pooled = torch.tanh(self.pooled(both))
        return self.gives(self.drop(pooled)).squeeze(1), self.asks(self.drop(both))


def encode(tokenizer: Tokenizer, question: str, window: dict) -> tuple[list[int], list[int]]:
    """Return ids and segments of one pair, as `indexer.index.reader` makes them."""
    asked = tokenizer.encode(question[:600]).ids[:QUESTION_TOKENS]
    asked[-1] = tokenizer.token_to_id("[SEP]")
    told = tokenizer.encode(f"{window['title']}: {window['text']}"[:1_200]).ids[1:][: MAX_TOKENS - len(asked)]
    told[-1] = tokenizer.token_to_id("[SEP]")
    return asked + told, [0] * len(asked) + [1] * len(told)


def batches(groups: list[list[tuple]], rng: random.Random) -> list[list[tuple]]:
    """Return rows in batches of like length, those of a group together, the batches in random order."""
    rng.shuffle(groups)
    out = []
    for start in range(0, len(groups), BATCH * 8):
        some = sorted(groups[start : start + BATCH * 8], key=lambda rows: max(len(row[0]) for row in rows))
        batch: list[tuple] = []
        for rows in some:
            if batch and len(batch) + len(rows) > BATCH:
                out.append(batch)
                batch = []
            batch = batch + rows
        out.append(batch)
    rng.shuffle(out)
    return out


def tensors(batch: list[tuple]) -> tuple[Tensor, Tensor, Tensor]:
    """Return ids, mask and segments (rows, tokens), padded to the longest."""
    longest = max(len(ids) for ids, *_ in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.int64)
    mask, segments = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, (one, sides, *_) in enumerate(batch):
        ids[row, : len(one)] = torch.tensor(one)
        segments[row, : len(one)] = torch.tensor(sides)
        mask[row, : len(one)] = 1
    return ids, mask, segments


def pairs_of(
    lines: list[dict], tokenizer: Tokenizer, rng: random.Random, negatives: int
) -> list[list[tuple]]:
    """Return groups of (ids, segments, gives, question, passage): all that answer, some that do not.

    A group holds one question, or all of one place; question and passage are numbers that tell which rows
    share one.
    """
    groups: dict[object, list[tuple]] = {}
    passages: dict[tuple[str, str], int] = {}
    for number, line in enumerate(lines):
        rows = groups.setdefault(line.get("place", number), [])
        for each in line["windows"] if line.get("judged") else chosen_of(line["windows"], rng, negatives):
            passage = passages.setdefault((each["title"], each["text"]), len(passages))
            pair = encode(tokenizer, line["question"], each)
            rows.append((*pair, float(each["gives"]), number, passage))
    return [rows for rows in groups.values() if rows]


def chosen_of(windows: list[dict], rng: random.Random, negatives: int) -> list[dict]:
    """Return what answers, and so many by chance of what does not."""
    gives = [each for each in windows if each["gives"]]
    others = [each for each in windows if not each["gives"]]
    # The nearest come first: half of the choice is from them.
    near, far = others[: 3 * negatives], others[3 * negatives :]
    chosen = rng.sample(near, min(len(near), negatives - negatives // 4))
    return [*gives[:2], *chosen, *rng.sample(far, min(len(far), negatives // 4))]


def questions_of(lines: list[dict], tokenizer: Tokenizer) -> list[tuple]:
    """Return (ids, segments, wanted, known) of questions alone; what is not known of one is not learnt."""
    rows = []
    for line in lines:
        ids = tokenizer.encode((line.get("q") or line["question"])[:600]).ids[:QUESTION_TOKENS]
        ids[-1] = tokenizer.token_to_id("[SEP]")
        wanted = [float(need in line["needs"]) for need in NEEDS]
        wanted += [float(line["category"] == each) for each in CATEGORIES] + [float(bool(line.get("ours")))]
        # Of a question that is answered nobody said what would be missing.
        known = [1.0] * len(NEEDS) + [float(line["category"] is not None)] * len(CATEGORIES)
        known.append(float("ours" in line))
        rows.append((ids, [0] * len(ids), wanted, known))
    return rows


def learn_questions(model: Reader, rows: list[tuple], rng: random.Random) -> Tensor:
    """Return the loss of one batch of questions."""
    batch = rng.sample(rows, ASIDE)
    with torch.autocast("cpu", torch.bfloat16, enabled=HALVES):
        logits = model(*tensors(batch))[1].float()
    wanted, known = torch.tensor([row[2] for row in batch]), torch.tensor([row[3] for row in batch])
    lost = nn.functional.binary_cross_entropy_with_logits(logits, wanted, known, reduction="none")
    return lost.sum(1).mean() / 5


@dataclass
class Lessons:
    """What is learnt from: pairs, chosen anew for each epoch, and questions that stand alone."""

    lines: list[dict]
    questions: list[tuple]
    tokenizer: Tokenizer
    rng: random.Random
    negatives: int

    def pairs(self) -> list[list[tuple]]:
        """Return the pairs of one epoch."""
        return pairs_of(self.lines, self.tokenizer, self.rng, self.negatives)


def train(model: Reader, lessons: Lessons, epochs: int, rate: float) -> Iterator[float]:
    """Train for some epochs; yield the mean loss of each."""
    steps = epochs * len(batches(lessons.pairs(), random.Random(0)))
    print(f"{len(lessons.lines)} questions, {steps} steps", flush=True)
    heads = ("pooled", "gives", "asks")
    fresh = [p for n, p in model.named_parameters() if n.startswith(heads)]
    known = [p for n, p in model.named_parameters() if p.requires_grad and not n.startswith(heads)]
    optimizer = torch.optim.AdamW(
        [{"params": fresh, "lr": 5 * rate}, {"params": known}], lr=rate, weight_decay=0.01
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min((step + 1) / (WARM * steps), max(0.02, (steps - step) / steps / (1 - WARM))),
    )
    for _ in range(epochs):
        groups = lessons.pairs()
        rows = [row for group in groups for row in group]
        answering = sum(row[2] for row in rows)
        # What answers is rare; it counts for more, up to four times.
        positive = min(4.0, (len(rows) - answering) / max(1.0, answering))
        model.train()
        total, begun, order = 0.0, time.process_time(), batches(groups, lessons.rng)
        for number, batch in enumerate(order, 1):
            loss = lose(model, batch, positive)
            if lessons.questions:
                loss = loss + learn_questions(model, lessons.questions, lessons.rng)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
            if number % 50 == 0:
                rate_now = number * BATCH / (time.process_time() - begun)
                print(f"  {number}/{len(order)} loss {total / number:.4f} {rate_now:.0f}/s", flush=True)
        yield total / max(len(order), 1)


def lose(model: Reader, batch: list[tuple], positive: float) -> Tensor:
    """Return the loss of one batch of pairs."""
    # Half of the bits where it does no harm: several times as fast on processors that know bfloat16.
    with torch.autocast("cpu", torch.bfloat16, enabled=HALVES):
        logits = model(*tensors(batch))[0].float()
    wanted = torch.tensor([row[2] for row in batch])
    weight = 1 + wanted * (positive - 1)
    alone = nn.functional.binary_cross_entropy_with_logits(logits, wanted, weight)
    return alone + COMPARED * compared(logits, wanted, batch)


def compared(logits: Tensor, wanted: Tensor, batch: list[tuple]) -> Tensor:
    """Return the loss of pairs that do not answer beside those that do, of one question or one passage."""
    question, passage = (torch.tensor([row[at] for row in batch]) for at in (3, 4))
    shared = (question[:, None] == question) | (passage[:, None] == passage)
    opposed = shared & (wanted[:, None] > wanted)
    gaps = (logits[:, None] - logits)[opposed]
    return nn.functional.softplus(-gaps).mean() if len(gaps) else logits.sum() * 0


@torch.no_grad()
def scores(model: Reader, tokenizer: Tokenizer, lines: list[dict]) -> list[list[float]]:
    """Return the log-odds of every window of every line."""
    model.eval()
    out = []
    for line in lines:
        rows = [(*encode(tokenizer, line["question"], each),) for each in line["windows"]]
        got: list[float] = []
        for start in range(0, len(rows), 64):
            with torch.autocast("cpu", torch.bfloat16, enabled=HALVES):
                got += model(*tensors(rows[start : start + 64]))[0].float().tolist()
        out.append(got)
    return out


@torch.no_grad()
def report_questions(model: Reader, tokenizer: Tokenizer, lines: list[dict], name: str) -> None:
    """Print how well needs, categories and "ours" are read from the question alone."""
    model.eval()
    rows = questions_of(lines, tokenizer)
    got = torch.cat([model(*tensors(rows[at : at + 64]))[1] for at in range(0, len(rows), 64)])
    needs, kinds = got[:, : len(NEEDS)].argmax(1).tolist(), got[:, len(NEEDS) : -1].argmax(1).tolist()
    needed = [NEEDS[need] in line["needs"] for need, line in zip(needs, lines, strict=True) if line["needs"]]
    kind = [
        CATEGORIES[one] == line["category"]
        for one, line in zip(kinds, lines, strict=True)
        if line["category"]
    ]
    ours = [line.get("ours") for line in lines]
    odds = got[:, -1].tolist()
    split = [[o for o, each in zip(odds, ours, strict=True) if bool(each) is side] for side in (True, False)]
    print(
        f"{name}: need {sum(needed) / max(len(needed), 1):.3f}, category {sum(kind) / max(len(kind), 1):.3f}"
        f" of {len(kind)}, ours AUC {auc(*split):.3f}",
        flush=True,
    )


def report(model: Reader, tokenizer: Tokenizer, lines: list[dict], name: str) -> None:
    """Print how well the best window tells grounded from missing, and where the gold windows stand."""
    found = scores(model, tokenizer, lines)
    tops = [max(each, default=-9.0) for each in found]
    grounded = [top for top, line in zip(tops, lines, strict=True) if line.get("expected") == "grounded"]
    missing = [top for top, line in zip(tops, lines, strict=True) if line.get("expected") == "missing"]
    places = []
    for got, line in zip(found, lines, strict=True):
        gold = [score for score, w in zip(got, line["windows"], strict=True) if w["gives"]]
        if gold:
            places.append(sum(score > max(gold) for score in got))
    first = sum(place == 0 for place in places) / max(len(places), 1)
    five = sum(place < 5 for place in places) / max(len(places), 1)
    print(
        f"{name}: AUC of the best window {auc(grounded, missing):.3f} ({len(grounded)}, {len(missing)});"
        f" gold window first {first:.2f}, among five {five:.2f} of {len(places)}",
        flush=True,
    )


def read(files: list[str]) -> list[dict]:
    """Return the lines of all these files."""
    return [json.loads(line) for file in files for line in Path(file).read_text("utf-8").splitlines()]


def main() -> None:
    """Train as the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", nargs="*", default=[], help="what to begin with: one epoch")
    parser.add_argument("--then", nargs="*", default=[], help="what to end with")
    parser.add_argument("--questions", nargs="*", default=[], help="questions with needs and category")
    parser.add_argument("--dev", nargs="*", default=[])
    parser.add_argument("--dev-questions", nargs="*", default=[])
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument(
        "--frozen", type=int, default=FROZEN, help="layers, from below, that stay as they are"
    )
    parser.add_argument("--negatives", type=int, default=NEGATIVES)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--start", help="reader.pt to go on from")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    torch.manual_seed(1)
    rng = random.Random(1)
    source = original()
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    model = Reader(load_file(source / "model.safetensors"), given.layers)
    if given.start:
        model.load_state_dict(torch.load(given.start))
    model.layers[: given.frozen].requires_grad_(False)
    # Below layers that stay as they are nothing is learnt.
    model.segments.requires_grad_(given.frozen == 0)
    questions = questions_of(read(given.questions), tokenizer)
    given.out.mkdir(parents=True, exist_ok=True)
    for files, epochs, negatives in ((given.pairs, 1, 4), (given.then, given.epochs, given.negatives)):
        if not files:
            continue
        lessons = Lessons(read(files), questions, tokenizer, rng, negatives)
        for number, loss in enumerate(train(model, lessons, epochs, given.rate), 1):
            print(f"epoch {number}: loss {loss:.4f}", flush=True)
            torch.save(model.state_dict(), given.out / "reader.pt")
            for file in given.dev:
                report(model, tokenizer, read([file]), Path(file).stem)
            for file in given.dev_questions:
                report_questions(model, tokenizer, read([file]), Path(file).stem)


if __name__ == "__main__":
    main()
