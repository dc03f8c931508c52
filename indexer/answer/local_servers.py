"""Which servers of language models run on this machine. Looks only when asked, and only here."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, Final

from indexer.answer.generate import OLLAMA, OPENAI
from indexer.answer.patience import Deadlines, Patience
from indexer.answer.wire import Wire
from indexer.errors import LorebaseError
from indexer.protocol import FoundModels, FoundServer

USUAL_PORTS: Final = (11434, 1234, 8080, 8000, 1337, 5000, 5001, 4891)
"""Ollama; LM Studio; llama.cpp and LocalAI; vLLM; Jan; text-generation-webui; KoboldCpp; GPT4All."""

LOOK_SECONDS: Final = 2.0
MOST_MODELS: Final = 200


def find_servers(ports: Sequence[int] = ()) -> FoundModels:
    """Return what answers on the usual ports, and on ``ports``, of this machine's loopback."""
    wanted = tuple(dict.fromkeys(port for port in (*USUAL_PORTS, *ports) if 0 < port < 65536))
    with ThreadPoolExecutor(len(wanted), "find") as looking:
        found = [each for each in looking.map(_at, wanted) if each is not None]
    return FoundModels(tuple(found), wanted)


def _at(port: int) -> FoundServer | None:
    place = f"http://127.0.0.1:{port}"
    ollama = _asked(f"{place}/api/tags")
    if ollama is not None and isinstance(ollama.get("models"), list):
        return FoundServer(OLLAMA, place, _names(ollama["models"], "name"))
    other = _asked(f"{place}/v1/models")
    if other is not None and isinstance(other.get("data"), list):
        return FoundServer(OPENAI, f"{place}/v1", _names(other["data"], "id"))
    return None


def _asked(url: str) -> dict[str, Any] | None:
    wire = Wire(Patience(Deadlines(LOOK_SECONDS, LOOK_SECONDS, LOOK_SECONDS)), loopback_only=True)
    with closing(wire), wire.client() as client:
        try:
            answer = client.get(url).json()
        except (LorebaseError, ValueError, RecursionError):
            return None  # whatever runs there is no such server
    return answer if isinstance(answer, dict) else None


def _names(models: list[object], field: str) -> tuple[str, ...]:
    names = [each.get(field) for each in models if isinstance(each, dict)]
    return tuple(name for name in names[:MOST_MODELS] if isinstance(name, str) and len(name) < 200)
