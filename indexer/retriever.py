"""A LlamaIndex retriever over a Lorebase index, for people who build on it. See README.md.

A client of the engine like every front, so it works beside the window and while the repository is
being read. Importing this module loads LlamaIndex, which takes a second.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from pathlib import Path

from llama_index.core.callbacks import CallbackManager
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from indexer import protocol
from indexer.client import Client
from indexer.errors import UsageError
from indexer.location import locate
from indexer.settings import Settings, load_settings
from indexer.types import ChunkKind, Hit, Query

MOST = 1_000
"""Hits that one search gives at most."""

NOT_FOR_MODELS = ("commit_id", "blob_id", "note_id", "found_by")
"""Metadata that tells a language model, or an embedding, nothing."""


class LorebaseRetriever(BaseRetriever):
    """Finds passages of one repository: code, documents, commit messages and notes.

    ``repository`` is any folder of it. ``kinds`` are among "code", "doc", "commit" and "note"; none
    means all. ``scopes`` narrow every search: ``("path:src", "lang:python")``. ``settings`` are those
    of the user when they are left out.

    The first search of a repository that was never indexed waits until its words are searchable.
    Every failure is a `LorebaseError` with a message and a hint: NotARepositoryError and UsageError
    come from making a retriever, all others from retrieving.
    """

    def __init__(
        self,
        repository: str | Path,
        *,
        limit: int = 10,
        kinds: Iterable[ChunkKind | str] = (),
        scopes: Iterable[str] = (),
        settings: Settings | None = None,
        callback_manager: CallbackManager | None = None,
    ) -> None:
        if not 1 <= limit <= MOST:
            raise UsageError(f"The limit is {limit}.", f"Give a number from 1 to {MOST:,}.")
        self._limit = limit
        self._kinds = tuple(_kind(each) for each in kinds)
        self._scopes = (scopes,) if isinstance(scopes, str) else tuple(scopes)
        self._settings = load_settings(os.environ) if settings is None else settings
        self._location = locate(Path(repository), self._settings)
        self._runtime_dir = os.environ.get("XDG_RUNTIME_DIR")
        super().__init__(callback_manager=callback_manager)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        text = " ".join((*self._scopes, query_bundle.query_str))
        query = Query(text.encode("utf-8", "backslashreplace").decode("utf-8"), self._limit, self._kinds)
        # A connection for each search: searches may overlap, and the engine may leave in between.
        with Client(self._location, self._settings, self._runtime_dir) as client:
            found = client.call(protocol.SEARCH, query)
        return [NodeWithScore(node=_node(hit), score=hit.score) for hit in found.hits]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


def _node(hit: Hit) -> TextNode:
    """Return a hit as LlamaIndex has passages; its metadata is flat, so that any store takes it."""
    metadata = {
        "path": hit.path,
        "start_line": hit.start_line,
        "end_line": hit.end_line,
        "kind": hit.kind.value,
        "symbol": hit.symbol,
        "language": hit.language,
        "commit_id": hit.commit_id,
        "blob_id": hit.blob_id,
        "note_id": hit.note_id,
        "found_by": ", ".join(hit.found_by),
    }
    silent = [key for key, value in metadata.items() if key in NOT_FOR_MODELS or value in (None, "")]
    return TextNode(
        id_=_id(hit),
        text=hit.text,
        metadata=metadata,
        excluded_llm_metadata_keys=silent,
        excluded_embed_metadata_keys=silent,
    )


def _id(hit: Hit) -> str:
    """Return what names a passage for as long as its content and its place stay."""
    if hit.note_id is not None:
        return f"note:{hit.note_id}"
    lines = f"{hit.start_line}-{hit.end_line}"
    if hit.path is None:
        return f"commit:{hit.commit_id}:{lines}"
    return f"{hit.path}:{lines}@{hit.blob_id}"


def _kind(name: ChunkKind | str) -> ChunkKind:
    try:
        return ChunkKind(name)
    except ValueError as error:
        raise UsageError(
            f"{name!r} is no kind of passage.", f"Choose from {', '.join(ChunkKind)}."
        ) from error
