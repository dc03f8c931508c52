"""Make the packaged reader of a trained one: ONNX in int8, with its checksum.

    python assets/training/build.py READER.pt [--target FOLDER] [--mean BEFORE.pt] [--scale A --shift B]
                                                       write assets/reader/model.onnx
    python assets/training/build.py READER.pt --measure PAIRS.jsonl
                                                       compare the packaged file with the trained one

``--mean`` takes the mean of the weights and of those that the training began from (Wortsman et al., 2022):
what was learnt of one kind of question costs less of what was known of others. int8 fits the mean of two that
were trained apart badly, and of two rounds that follow each other well (correlation .997).
``--scale`` and ``--shift`` are put into the last layer, so that log-odds are A times as wide and B higher:
the limits that the code holds them to were set on an earlier reader, and then mean the same for this one.
Takes the same steps as ../build_model.py does for the embedding model; its tokenizer is that model's.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "reader"
sys.path[:0] = [str(HERE), str(HERE.parent)]
import build_model
from train import Reader, encode, scores


def build(reader: Reader, target: Path) -> None:
    """Write model.onnx and SHA256SUMS to ``target``."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        _export(reader, work / "plain.onnx")
        # The sum of words, places and sides is one more than the embedding model has.
        build_model.make_small(work / "plain.onnx", target / "model.onnx", 2 * build_model.LAYERS + 1)
    digest = hashlib.sha256((target / "model.onnx").read_bytes()).hexdigest()
    (target / "SHA256SUMS").write_text(f"{digest}  model.onnx\n", "ascii")


def _export(reader: Reader, file: Path) -> None:
    reader.plain = True
    ids = torch.arange(1_000, 1_027).reshape(3, 9)
    mask = torch.ones(3, 9, dtype=torch.int64)
    segments = torch.tensor([[0] * 4 + [1] * 5] * 3)
    names = ["input_ids", "attention_mask", "segments"]
    with warnings.catch_warnings():
        # The newer exporter writes names that onnxruntime's optimizer does not know again.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            reader.eval(),
            (ids, mask, segments),
            str(file),
            input_names=names,
            output_names=["gives", "asks"],
            dynamic_axes={
                **{name: {0: "pairs", 1: "tokens"} for name in names},
                "gives": {0: "pairs"},
                "asks": {0: "pairs"},
            },
            opset_version=build_model.OPSET,
            dynamo=False,
        )


def measure(reader: Reader, tokenizer: Tokenizer, target: Path, lines: list[dict]) -> None:
    """Print how far the packaged reader's log-odds are from those of the trained one."""
    import onnxruntime

    session = onnxruntime.InferenceSession(target / "model.onnx", providers=["CPUExecutionProvider"])
    wanted = np.array([one for each in scores(reader, tokenizer, lines) for one in each])
    got = []
    for line in lines:
        for window in line["windows"]:
            ids, segments = encode(tokenizer, line["question"], window)
            inputs = {"input_ids": [ids], "attention_mask": [[1] * len(ids)], "segments": [segments]}
            got.append(session.run(None, {k: np.array(v, np.int64) for k, v in inputs.items()})[0][0])
    off = np.abs(wanted - np.array(got))
    print(
        f"pairs {len(got)}, log-odds off by {off.mean():.3f} in the mean, "
        f"{np.quantile(off, 0.99):.3f} at p99;"
        f" correlation {np.corrcoef(wanted, got)[0, 1]:.4f}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("reader", type=Path)
    parser.add_argument("--measure", type=Path, metavar="PAIRS.jsonl")
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument("--mean", type=Path, metavar="BEFORE.pt")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--shift", type=float, default=0.0)
    given = parser.parse_args()
    source = build_model.original()
    state = torch.load(given.reader)
    if given.mean:
        before = torch.load(given.mean)
        state = {name: (value + before[name]) / 2 for name, value in state.items()}
    model = Reader(
        load_file(source / "model.safetensors"),
        1 + max(int(n.split(".")[1]) for n in state if n.startswith("layers.")),
    )
    state["gives.weight"] = given.scale * state["gives.weight"]
    state["gives.bias"] = given.scale * state["gives.bias"] + given.shift
    model.load_state_dict(state)
    if given.measure:
        words = Tokenizer.from_file(str(source / "tokenizer.json"))
        words.no_truncation()
        words.no_padding()
        measure(
            model,
            words,
            given.target,
            [json.loads(line) for line in given.measure.read_text("utf-8").splitlines()],
        )
    else:
        given.target.mkdir(parents=True, exist_ok=True)
        build(model, given.target)
