"""Has a language model write, through LlamaIndex; nothing outside this file knows which one.

Ollama and OpenAI's chat protocol come from LlamaIndex's own integrations, with our `Wire` as their
only way out. Its integration for Anthropic is not used: it brings the clients of two clouds (some
70 MB), of which one cannot be installed beside Chroma's (python-dateutil below 3 against 3 and
above). The few events of that protocol are read here instead, as a model of LlamaIndex's kind.

All of it is imported late (1.5 s and 100 MB): only who turned a model on pays for it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from indexer.answer.refusals import masked
from indexer.answer.wire import Outgoing, Wire
from indexer.errors import LorebaseError, WritingError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from llama_index.core.llms import ChatMessage, ChatResponse, CustomLLM

OLLAMA: Final = "ollama"
OPENAI: Final = "openai"
ANTHROPIC: Final = "anthropic"

USUAL_PLACES: Final = {
    OLLAMA: "http://127.0.0.1:11434",
    OPENAI: "https://api.openai.com/v1",
    ANTHROPIC: "https://api.anthropic.com",
}
"""Where each provider is, unless the settings say otherwise."""

PACKAGES: Final = ("llama-index-llms-ollama", "llama-index-llms-openai-like")

_ANTHROPIC_VERSION: Final = "2023-06-01"

_NO_KEY: Final = "none"
"""Stands for a key where a server needs none: OpenAI's client refuses to be made without one."""


@dataclass(frozen=True, slots=True)
class Target:
    """Which model, where, and how much it may read and write (in tokens)."""

    provider: str
    name: str
    url: str
    context_tokens: int
    output_tokens: int
    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Messages:
    """What a model is given: our rules, and the request with its evidence."""

    rules: str
    request: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text as it came. The last piece says how the text ended."""

    text: str
    read_tokens: int | None = None
    """How many tokens the model has read, where its server says so."""
    ended: bool = False
    cut_short: bool = False
    """It ended because no more output was allowed."""


def stream(target: Target, messages: Messages, wire: Wire) -> Generator[Piece, None, None]:
    """Yield what the model writes, piece by piece.

    Raises WritingError with what a person can do, or CancelledError; both may come after some text.
    """
    try:
        model, read = _model(target, wire)
        wire.patience.begin()
        for response in model.stream_chat(_chat(messages)):
            wire.patience.heard()
            yield read(response)
    except Exception as error:  # noqa: BLE001 (the edge of foreign code)
        # Clients of three makers raise what they like, mostly around what `wire` knows exactly.
        raise wire.failure or _told(error, target) from None


def rehearse(target: Target, messages: Messages, wire: Wire) -> Outgoing:
    """Return the request that `stream` would send; nothing is sent. ``wire`` must be a rehearsal."""
    assert wire.rehearsal
    try:
        for _ in stream(target, messages, wire):
            pass
    except LorebaseError:
        if wire.outgoing is None:
            raise
    assert wire.outgoing is not None
    return wire.outgoing


def count_tokens(text: str) -> int:
    """Return how many tokens ``text`` has for GPT-4's vocabulary, which LlamaIndex carries.

    The vocabularies of today's open models are within .85 and 1.4 of it on prose and code.
    """
    return len(_encode()(text))


@cache
def _encode() -> Callable[[str], Sequence[int]]:
    try:
        from llama_index.core.utils import get_tokenizer
    except ImportError as error:
        raise _not_installed(error) from error
    found: Callable[[str], Sequence[int]] = get_tokenizer()
    return found


def _chat(messages: Messages) -> list[ChatMessage]:
    from llama_index.core.llms import ChatMessage, MessageRole

    return [
        ChatMessage(role=MessageRole.SYSTEM, content=messages.rules),
        ChatMessage(role=MessageRole.USER, content=messages.request),
    ]


def _model(target: Target, wire: Wire) -> tuple[Any, Callable[[ChatResponse], Piece]]:
    """Return LlamaIndex's model for ``target``, and what reads its responses."""
    try:
        if target.provider == OLLAMA:
            return _ollama(target, wire), _from_ollama
        if target.provider == OPENAI:
            return _openai(target, wire), _from_openai
        return _anthropic(target, wire), _from_anthropic
    except ImportError as error:
        raise _not_installed(error) from error


# ------------------------------------------------------------------------------------ Ollama


def _ollama(target: Target, wire: Wire) -> object:
    """Speak Ollama's own protocol: its OpenAI route ignores the context length."""
    from llama_index.llms.ollama import Ollama
    from ollama import Client

    headers = {"authorization": f"Bearer {target.key}"} if target.key else {}
    client = Client(host=target.url, headers=headers, transport=wire.transport(), trust_env=False)
    return Ollama(
        model=target.name,
        base_url=target.url,
        temperature=0.0,
        context_window=target.context_tokens,
        client=client,
        is_function_calling_model=False,
        thinking=False,
        additional_kwargs={"num_predict": target.output_tokens},
    )


def _from_ollama(response: ChatResponse) -> Piece:
    raw: dict[str, Any] = response.raw or {}
    return Piece(
        response.delta or "",
        raw.get("prompt_eval_count"),
        bool(raw.get("done")),
        raw.get("done_reason") == "length",
    )


# ------------------------------------------------------------------------------------ OpenAI


def _openai(target: Target, wire: Wire) -> object:
    from llama_index.llms.openai_like import OpenAILike

    # By name, since the client is its parent's field and the checker, where it knows the class, does
    # not see that; where the package is not installed it knows no class at all.
    chosen: dict[str, Any] = {
        "model": target.name,
        "api_base": target.url,
        "api_key": target.key or _NO_KEY,
        "is_chat_model": True,
        "is_function_calling_model": False,
        "context_window": target.context_tokens,
        "max_tokens": target.output_tokens,
        "temperature": 0.0,
        "max_retries": 0,
        "http_client": wire.client(),
        "additional_kwargs": {"stream_options": {"include_usage": True}},
    }
    return OpenAILike(**chosen)


def _from_openai(response: ChatResponse) -> Piece:
    raw: Any = response.raw
    ends = [each.finish_reason for each in raw.choices if each.finish_reason]
    usage = raw.usage
    return Piece(response.delta or "", usage.prompt_tokens if usage else None, bool(ends), "length" in ends)


# --------------------------------------------------------------------------------- Anthropic


def _anthropic(target: Target, wire: Wire) -> CustomLLM:
    """Return a model of LlamaIndex's kind that speaks Anthropic's Messages protocol."""
    from llama_index.core.llms import (
        ChatMessage,
        ChatResponse,
        ChatResponseGen,
        CompletionResponse,
        CompletionResponseGen,
        CustomLLM,
        LLMMetadata,
        MessageRole,
    )

    class Anthropic(CustomLLM):
        """Chat alone, streamed alone: nothing else is asked of it."""

        @property
        def metadata(self) -> LLMMetadata:
            return LLMMetadata(
                context_window=target.context_tokens,
                num_output=target.output_tokens,
                is_chat_model=True,
                model_name=target.name,
            )

        def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: object) -> ChatResponseGen:
            del kwargs
            text = ""
            for event in _anthropic_events(target, messages, wire):
                delta = event["delta"].get("text", "") if event["type"] == "content_block_delta" else ""
                text += delta
                said = ChatMessage(role=MessageRole.ASSISTANT, content=text)
                yield ChatResponse(message=said, delta=delta, raw=event)

        def complete(self, prompt: str, formatted: bool = False, **kwargs: object) -> CompletionResponse:
            raise NotImplementedError

        def stream_complete(
            self, prompt: str, formatted: bool = False, **kwargs: object
        ) -> CompletionResponseGen:
            raise NotImplementedError

    return Anthropic()


def _anthropic_events(
    target: Target, messages: Sequence[ChatMessage], wire: Wire
) -> Iterator[dict[str, Any]]:
    """Yield the events of one answer that carry something; pings are no words."""
    asked = {
        "model": target.name,
        "max_tokens": target.output_tokens,
        "system": messages[0].content,
        "messages": [{"role": "user", "content": messages[1].content}],
        "stream": True,
    }
    headers = {
        "anthropic-version": _ANTHROPIC_VERSION,
        "content-type": "application/json",
        "x-api-key": target.key or _NO_KEY,
    }
    body = json.dumps(asked, ensure_ascii=False).encode()
    url = target.url.rstrip("/").removesuffix("/v1") + "/v1/messages"
    with wire.client() as client, client.stream("POST", url, content=body, headers=headers) as response:
        for line in response.iter_lines():
            name, _, data = line.partition(":")
            if name != "data":
                continue
            event = json.loads(data)
            if event["type"] == "error":
                raise ServerSaidError(str(event["error"].get("message", "")))
            if event["type"] in ("message_start", "content_block_delta", "message_delta", "message_stop"):
                yield event


def _from_anthropic(response: ChatResponse) -> Piece:
    event: Any = response.raw
    kind = event["type"]
    if kind == "message_start":
        return Piece("", event["message"].get("usage", {}).get("input_tokens"))
    return Piece(
        response.delta or "",
        ended=kind == "message_stop",
        cut_short=kind == "message_delta" and event["delta"].get("stop_reason") == "max_tokens",
    )


class ServerSaidError(Exception):
    """An error that a server reported in the middle of its answer."""


# ------------------------------------------------------------------------------------ errors


def _told(error: Exception, target: Target) -> LorebaseError:
    """Return what a person is told of an error that some client raised by itself."""
    if isinstance(error, LorebaseError):
        return error
    # The three clients each have one class for what a server says in the middle of an answer.
    if type(error).__name__ in ("ServerSaidError", "ResponseError", "APIError"):
        said = masked(str(error), target.key)
        return WritingError(
            f"The model's server broke off{': ' + said if said else ''}.", "Try again in a moment."
        )
    return WritingError(
        f"The model's server did not answer in the protocol of {target.provider!r} ({type(error).__name__}).",
        "Check model.provider and model.url: `lorebase model` shows them.",
    )


def _not_installed(error: ImportError) -> WritingError:
    return WritingError(
        f"What speaks to language models is not installed here ({error.name}).",
        f"All else works without it. `{sys.executable} -m pip install {' '.join(PACKAGES)}` brings it.",
    )
