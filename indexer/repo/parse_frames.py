"""What travels between the pool and its workers: frames of msgpack, each with its length before it."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO, Final

import msgspec

from indexer.repo.languages import Limits
from indexer.types import ChunkKind, ParsedFile, Redaction

_LENGTH: Final = struct.Struct("<I")
_SECONDS_PER_BYTE: Final = 1e-6
"""Decoding, redacting and splitting into words take about a third of this on a slow machine."""

CLOCK_FACTOR: Final = 15
"""The limit for a file is processor time, so that a busy machine changes no result; a file that
takes so many times as long on the clock (it waits for something) is given up as well. With 5 a machine
at load 25 gave up files that take a tenth of a second."""


@dataclass(frozen=True, slots=True)
class FileTask:
    """A file to parse. ``path`` is git's bytes; ``lines_only`` a reason to read by lines, or empty; ``late``
    says that the reason is the clock.
    """

    key: int
    path: bytes
    language: str
    kind: ChunkKind
    data: bytes
    lines_only: str = ""
    included: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class TextTask:
    """A text, such as a commit message, to redact and to split into words."""

    key: int
    text: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What a worker is sent at once; it answers each task in order, one frame each."""

    limits: Limits
    seconds: float
    files: tuple[FileTask, ...] = ()
    texts: tuple[TextTask, ...] = ()


@dataclass(frozen=True, slots=True)
class TextResult:
    """A text without its secrets, and its words joined by spaces."""

    key: int
    text: str
    words: str
    redactions: tuple[Redaction, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: of a file, or of all texts of a batch. ``problem`` is an error of ours; ``late`` says that
    the clock kept the file from being read as it should be.
    """

    key: int = 0
    parsed: ParsedFile | None = None
    texts: tuple[TextResult, ...] = ()
    problem: str = ""
    late: bool = False


class FrameClosedError(Exception):
    """The other side is gone: the stream ended between frames or inside one."""


def seconds_for(size: int, seconds: float) -> float:
    """Return the processor time that ``size`` bytes may take: ``seconds`` to parse, more to read."""
    return seconds + size * _SECONDS_PER_BYTE


_encoder = msgspec.msgpack.Encoder()
batch_of = msgspec.msgpack.Decoder(Batch).decode
reply_of = msgspec.msgpack.Decoder(Reply).decode


def write_frame(stream: BinaryIO, message: Batch | Reply) -> None:
    """Send one message at once. Raises OSError when the other side is gone."""
    body = _encoder.encode(message)
    stream.write(_LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()


def read_frame(stream: BinaryIO) -> bytes:
    """Wait for one frame and return its body. Raises FrameClosedError at the end of the stream."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    return _exactly(stream, length)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise FrameClosedError
    return data
