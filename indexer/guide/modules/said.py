"""Sentences of current files and of messages that are worded as reasons. A content, and a message, are read
once: what was found in them is kept.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from indexer.answer.authorship import is_robot
from indexer.answer.blocks import Role
from indexer.answer.inquiry import MINOR
from indexer.answer.sentences import Sentence, sentences_of
from indexer.guide.modules.store import Store
from indexer.guide.modules.tree import TreeFile
from indexer.guide.modules.wording import could_hold_a_reason, is_reason
from indexer.types import ChunkKind, Control

MESSAGES: Final = 20_000
"""Commits, the newest first, whose messages are read."""

READ_OF_MESSAGE: Final = 6_000
"""Characters of a message: beyond them there are only lists and trailers."""

BATCH: Final = 400

_CONTENT: Final = "said"
_MESSAGE: Final = "message"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that gives a reason. ``block_end`` is where the comment or paragraph that it is in ends."""

    start: int
    end: int
    block_end: int
    role: Role
    text: str


_LIST: Final = msgspec.msgpack.Decoder(list[tuple[int, int, int, str, str]])


def said_in_files(
    reader: sqlite3.Connection, store: Store, files: Iterable[TreeFile], control: Control
) -> dict[int, tuple[Said, ...]]:
    """Return the reasons in each content (by the id of its blob); contents without one are left out."""
    wanted = {
        file.blob_id: f"{file.oid}:{file.language}"
        for file in files
        if file.blob_id is not None and file.language and not file.marks & MINOR
    }
    known = store.read_all(_CONTENT)
    missing = [blob_id for blob_id, key in wanted.items() if key not in known]
    fresh: dict[str, bytes] = {}
    for start in range(0, len(missing), BATCH):
        control.checkpoint()
        part = missing[start : start + BATCH]
        found = _read_contents(reader, part)
        fresh.update({wanted[blob_id]: _packed(found.get(blob_id, ())) for blob_id in part})
    store.write(_CONTENT, [(key, "", value) for key, value in fresh.items()])
    gone = known.keys() - set(wanted.values())
    if len(gone) > len(wanted):
        store.forget(_CONTENT, sorted(gone))
    out: dict[int, tuple[Said, ...]] = {}
    for blob_id, key in wanted.items():
        packed = fresh[key] if key in fresh else known[key][1]
        if packed:
            out[blob_id] = _unpacked(packed)
    return out


def said_in_messages(
    reader: sqlite3.Connection, store: Store, control: Control
) -> dict[str, tuple[Said, ...]]:
    """Return the reasons in each message (by the commit's id); messages without one are left out."""
    known = store.read_all(_MESSAGE)
    rows = reader.execute(
        "SELECT c.oid, c.id, p.name, p.email FROM commits c JOIN person p ON p.id = c.person_id"
        " WHERE c.reachable = 1 ORDER BY c.sequence DESC LIMIT ?",
        (MESSAGES,),
    ).fetchall()
    fresh: dict[str, bytes] = {}
    for number, (oid, commit_id, name, email) in enumerate(rows):
        if oid in known:
            continue
        if number % BATCH == 0:
            control.checkpoint()
        sentences = () if is_robot(name, email) else _read_message(reader, commit_id)
        fresh[oid] = _packed(list(_reasons(list(sentences))))
    store.write(_MESSAGE, [(oid, "", value) for oid, value in fresh.items()])
    packed = {oid: value for oid, (_, value) in known.items()} | fresh
    return {oid: _unpacked(packed[oid]) for oid, *_ in rows if packed.get(oid)}


def _read_contents(reader: sqlite3.Connection, blob_ids: Sequence[int]) -> Mapping[int, list[Said]]:
    marks = ",".join("?" * len(blob_ids))
    rows = reader.execute(
        "SELECT c.blob_id, c.kind, b.language, c.start_line, c.text FROM chunk c"  # noqa: S608 - marks alone
        f" JOIN blob b ON b.id = c.blob_id WHERE c.blob_id IN ({marks}) ORDER BY c.blob_id, c.start_line",
        list(blob_ids),
    )
    sentences: dict[int, list[Sentence]] = defaultdict(list)
    for blob_id, kind, language, start, text in rows:
        if could_hold_a_reason(text):
            sentences[blob_id] += sentences_of(ChunkKind(kind), language, text, start)
    return {blob_id: list(_reasons(each)) for blob_id, each in sentences.items()}


def _read_message(reader: sqlite3.Connection, commit_id: int) -> Iterator[Sentence]:
    rows = reader.execute(
        "SELECT start_line, text FROM chunk WHERE commit_id = ? ORDER BY start_line LIMIT 2", (commit_id,)
    )
    for start, text in rows:
        plain = text[:READ_OF_MESSAGE]
        if could_hold_a_reason(plain):
            yield from sentences_of(ChunkKind.COMMIT, "", plain, start)


def _reasons(sentences: Sequence[Sentence]) -> Iterator[Said]:
    ends = [sentence.end_line for sentence in sentences]
    for at in range(len(sentences) - 2, -1, -1):
        this, following = sentences[at], sentences[at + 1]
        if following.role is this.role and following.start_line <= this.end_line + 1:
            ends[at] = max(ends[at], ends[at + 1])
    seen: set[tuple[int, str]] = set()
    for sentence, end in zip(sentences, ends, strict=True):
        key = (sentence.start_line, sentence.text)
        if key not in seen and is_reason(sentence.text, sentence.role):
            seen.add(key)
            yield Said(sentence.start_line, sentence.end_line, end, sentence.role, sentence.text)


def _packed(found: Sequence[Said]) -> bytes:
    if not found:
        return b""
    return msgspec.msgpack.encode(
        [(each.start, each.end, each.block_end, each.role.value, each.text) for each in found]
    )


def _unpacked(packed: bytes) -> tuple[Said, ...]:
    return tuple(
        Said(start, end, block, Role(role), text) for start, end, block, role, text in _LIST.decode(packed)
    )
