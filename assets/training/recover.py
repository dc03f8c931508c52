"""Take the packaged reader back into a form that can be trained on.

    python assets/training/recover.py READER.pt

The file that was trained is not kept; the packaged one holds its weights in int8. The table of words
and the layers that stay as they were are taken from the original, exactly; the rest is multiplied out.
Measured on 200 pairs: `build.py READER.pt --measure PAIRS.jsonl` prints how far the two are apart.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from safetensors.torch import load_file
from torch import Tensor

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import build_model
from train import FROZEN, Reader

PACKAGED = HERE.parent / "reader" / "model.onnx"


class _Weights:
    """The tables of a packaged model by the names of its nodes, multiplied out."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self._tables = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
        self._inputs = {each.name: list(each.input) for each in model.graph.node}

    def plain(self, name: str) -> Tensor:
        """Return a table that was kept in fp32."""
        return torch.from_numpy(self._tables[name].copy())

    def matrix(self, node: str) -> Tensor:
        """Return the weight (out, in) of the layer whose multiplication the node ``node`` does."""
        name = self._inputs[node][1]
        scale = self._tables[f"{name.removesuffix('_quantized')}_scale"]
        # By column, around zero: as build.py stores it.
        whole = self._tables[name].astype(np.float32) * scale.reshape(1, -1)
        # What build_model.smooth divides the input by stands in the weights.
        factors = self._tables.get(f"{node.removesuffix('_quant')}_smooth_factors")
        whole = whole if factors is None else whole * factors[:, None]
        return torch.from_numpy(np.ascontiguousarray(whole.T))


def recovered(model: onnx.ModelProto, original: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the state of a Reader that says what the packaged model says."""
    weights = _Weights(model)
    reader = Reader(original, build_model.LAYERS)
    state = reader.state_dict()
    first, difference = weights.plain("onnx::Add_779"), weights.plain("onnx::Mul_781")
    state["segments"] = torch.stack((first, first + difference))
    for index in range(FROZEN, build_model.LAYERS):
        state |= _layer(weights, index)
    for head in ("pooled", "gives", "asks"):
        state[f"{head}.weight"] = weights.matrix(f"/{head}/Gemm_MatMul_quant")
        state[f"{head}.bias"] = weights.plain(f"{head}.bias")
    return state


def take_layers(encoder: build_model.Encoder, model: onnx.ModelProto, numbers: Iterable[int]) -> None:
    """Put those layers of the packaged embedding model into an encoder that has the original's."""
    weights = _Weights(model)
    state = encoder.state_dict()
    for index in numbers:
        state |= _layer(weights, index)
    encoder.load_state_dict(state)


def _layer(weights: _Weights, index: int) -> dict[str, Tensor]:
    name = f"layers.{index}"
    state = {
        f"{name}.{norm}.{part}": weights.plain(f"{name}.{norm}.{part}")
        for norm in ("attention_norm", "norm")
        for part in ("weight", "bias")
    }
    for part in ("output", "up", "down"):
        state[f"{name}.{part}.weight"] = weights.matrix(f"/{name}/{part}/MatMul_quant")
        state[f"{name}.{part}.bias"] = weights.plain(f"{name}.{part}.bias")
    joined = weights.matrix(f"Attention_{index}_quant").chunk(3)
    biases = weights.plain(f"Attention_{index}_qkv_bias").chunk(3)
    for part, weight, bias in zip(("query", "key", "value"), joined, biases, strict=True):
        state |= {f"{name}.{part}.weight": weight.contiguous(), f"{name}.{part}.bias": bias.contiguous()}
    return state


if __name__ == "__main__":
    torch.save(
        recovered(onnx.load(PACKAGED), load_file(build_model.original() / "model.safetensors")), sys.argv[1]
    )
