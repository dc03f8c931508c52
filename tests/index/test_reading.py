"""Who changes what is made of a file must raise READING, or old indexes keep the old way for ever."""

import hashlib
from pathlib import Path

import msgspec

from indexer.index.embedding import text_to_embed
from indexer.index.sync import READING
from indexer.repo.chunking import parse
from indexer.repo.languages import Limits, classify

SAMPLES = Path(__file__).parents[1] / "repo" / "samples"
KNOWN = {
    "1": "65a7cd8527da2564",
    "2": "e46ae13a350ca601",
    "3": "e46ae13a350ca601",
    "4": "8ac9307a3c6ac003",
    "5": "81099af0f25b24ee",
    "6": "81099af0f25b24ee",
    "7": "81099af0f25b24ee",
    "8": "81099af0f25b24ee",
}
"""What READING stands for: a digest of all that is made of the samples. 2 keeps starred lines in
signatures, and marks other paths; 3 marks still others; 4 takes what a JavaScript module exports by value
for a definition; 5 keeps the uses of each method of one name, and words apart that have one stem; 6 reads C
past its conditionals and C# with `async` as a name, 7 C# past its conditionals, which no sample has; 8 reads
a header of C++ whose head is C as C++, which no sample is."""


def digest() -> str:
    found = hashlib.sha256()
    for sample in sorted(SAMPLES.iterdir()):
        path = f"src/{sample.name}"
        parsed = parse(sample.read_bytes(), path, classify(path, {}), Limits())
        found.update(msgspec.json.encode(parsed))
        for chunk in parsed.chunks:
            found.update(text_to_embed(chunk.kind, path, chunk.symbol, chunk.text).encode())
    return found.hexdigest()[:16]


def test_READING_is_raised_whenever_files_are_read_another_way():
    assert KNOWN.get(READING) == digest(), (
        "Files are read another way than before: raise READING in indexer/index/sync.py, and put"
        f' "{digest()}" beside its new value here.'
    )
