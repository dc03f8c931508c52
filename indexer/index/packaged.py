"""The models that come in the package: their files, checked, and one run of them on onnxruntime.

The only user of onnxruntime and tokenizers. What is hashed is what is used.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CHECKSUMS = "SHA256SUMS"
MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
QUESTION_FILE = "question.npy"


def packaged_folder(name: str) -> Path:
    """Return where a packaged model is: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "assets" / name
    return inside if inside.is_dir() else package.parent / "assets" / name


@dataclass(frozen=True, slots=True)
class Packaged:
    """A model that is loaded. ``checksums`` are the sha256 of its weights and of its tokenizer."""

    checksums: tuple[str, str]
    _tokenizer: Any
    _session: Any

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of each text, between those that begin and end one."""
        return [encoding.ids for encoding in self._tokenizer.encode_batch(texts)]

    def run(self, inputs: Mapping[str, Sequence[Sequence[int]]]) -> list[NDArray[np.float32]]:
        """Return the model's outputs for rows of ids, padded to one length; its mask is made here.

        All inputs hold rows of the same lengths; ``input_ids`` must be one of them.
        """
        import numpy as np  # late, as onnxruntime is

        lengths = [len(row) for row in inputs["input_ids"]]
        shape = (len(lengths), max(lengths))
        mask = (np.arange(shape[1]) < np.array(lengths)[:, None]).astype(np.int64)
        arrays = {"attention_mask": mask}
        for name, rows in inputs.items():
            array = np.zeros(shape, np.int64)
            for at, row in enumerate(rows):
                array[at, : len(row)] = row
            arrays[name] = array
        result: list[NDArray[np.float32]] = self._session.run(None, arrays)
        return result


def open_packaged(folder: Path, most_tokens: int, tokenizer_folder: Path | None = None) -> Packaged:
    """Load the model in ``folder``; raises ModelError when a file is missing or damaged."""
    # Both load native code, and no front needs them.
    import onnxruntime
    from tokenizers import Tokenizer

    weights, weights_sum = _checked(folder, MODEL_FILE)
    words, words_sum = _checked(tokenizer_folder or folder, TOKENIZER_FILE)
    tokenizer = Tokenizer.from_buffer(words)
    tokenizer.enable_truncation(most_tokens)
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    # Whole batches run side by side: threads that share one batch wait for each other.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
    return Packaged((weights_sum, words_sum), tokenizer, session)


def open_matrix(folder: Path, name: str) -> NDArray[np.float32]:
    """Load the matrix in a packaged file; raises ModelError when it is missing or damaged."""
    import numpy as np  # late, as onnxruntime is

    data, _ = _checked(folder, name)
    matrix: NDArray[np.float32] = np.load(io.BytesIO(data), allow_pickle=False).astype(np.float32)
    return matrix


def _checked(folder: Path, name: str) -> tuple[bytes, str]:
    """Return the content of a file and its checksum, which must be the one in the list."""
    expected = _checksums(folder).get(name)
    if expected is None:
        raise _damaged(folder / CHECKSUMS, f"does not name {name}")
    try:
        data = (folder / name).read_bytes()
    except OSError as error:
        raise _damaged(folder / name, "cannot be read") from error
    if hashlib.sha256(data).hexdigest() != expected:
        raise _damaged(folder / name, "is damaged: its sha256 is not the one in the list")
    return data, expected


def _checksums(folder: Path) -> dict[str, str]:
    """Read the list of checksums: file name -> sha256 in hex."""
    try:
        lines = (folder / CHECKSUMS).read_text("ascii").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(folder / CHECKSUMS, "cannot be read") from error
    return {name: checksum for checksum, _, name in (line.partition("  ") for line in lines) if name}


def _damaged(file: Path, problem: str) -> ModelError:
    return ModelError(
        f"The packaged model's file {file} {problem}.",
        "Search by words works without it. Install the program again to get the file back, or set "
        'indexing.model to "none".',
    )
