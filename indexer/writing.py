"""Has a language model write a kept answer out, and tells beforehand what would be sent for it.

The answer is there before any of this begins, and stands whatever becomes of it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from indexer import __version__
from indexer.answer.generate import (
    OLLAMA,
    USUAL_PLACES,
    Messages,
    Piece,
    Target,
    count_tokens,
    rehearse,
    stream,
)
from indexer.answer.patience import Deadlines, Patience
from indexer.answer.prompt import Prompt, make_prompt, sources_seen
from indexer.answer.refusals import not_local
from indexer.answer.wire import Wire, is_loopback
from indexer.answer.written import Writing
from indexer.errors import CancelledError, WritingError
from indexer.keyholder import Keyholder
from indexer.pages import AskedName
from indexer.protocol import (
    FoundKey,
    KeyPlace,
    KeyWanted,
    ModelState,
    ModelTest,
    SentPage,
    WriteWanted,
)
from indexer.settings import ModelSettings
from indexer.types import Answer, Statement, Written

if TYPE_CHECKING:
    from indexer.knowledge import KnowledgeBase

STANDS: Final = "The extracted answer stands."

SHOWN_AT_ONCE: Final = 8
"""Requests that were shown and may still be sent as they are."""

CHARACTERS_A_TOKEN: Final = 12
"""More text than this for each token that was allowed is no answer but a fault."""

Lend = Callable[[], AbstractContextManager["KnowledgeBase"]]


@dataclass(frozen=True, slots=True)
class _Shown:
    """A request as it was shown: it is sent like this or not at all."""

    kept_id: str
    prompt: Prompt
    body: bytes


@dataclass(frozen=True, slots=True)
class _Order:
    """All that one writing needs, taken from the index before it begins."""

    answer: Answer
    target: Target
    prompt: Prompt
    local_only: bool
    body: bytes = b""
    """What was shown beforehand; empty if nothing was."""


class Writer:
    """The language model of one engine; callable from several threads.

    ``lend`` gives the index for the length of a block: it is not held while a model writes.
    """

    def __init__(self, settings: ModelSettings, lend: Lend) -> None:
        self._settings = settings
        self._lend = lend
        self._keys = Keyholder()
        self._shown: dict[str, _Shown] = {}

    def state(self, given_key: str) -> ModelState:
        """Return which model would be used, and why it cannot be."""
        with self._lend() as index:
            local_only = index.local_only
        settings = self._settings
        url = settings.url or USUAL_PLACES.get(settings.provider, "")
        on = settings.provider != "off"
        found = self._keys.find(self._account(), given_key) if on else FoundKey(KeyPlace.NOWHERE)
        problem = ""
        try:
            self._checked(self._target(found.key), local_only)
        except WritingError as error:
            problem = f"{error.message} {error.hint}".strip()
        notices = [found.notice] if found.notice and settings.provider != OLLAMA else []
        if on and url.startswith("http:") and not is_loopback(url):
            notices.append("What is sent travels unencrypted, since model.url begins with http.")
        return ModelState(
            settings.provider,
            settings.name,
            url,
            is_loopback(url),
            local_only,
            found.place,
            settings.context_tokens,
            settings.output_tokens,
            problem,
            tuple(notices),
        )

    def keep_key(self, wanted: KeyWanted) -> FoundKey:
        """Keep or forget the key of the model's server; the key itself does not come back."""
        if self._settings.provider == "off":
            raise _off()
        if wanted.forget:
            return self._keys.forget(self._account())
        return self._keys.keep(self._account(), wanted.key, in_memory=wanted.in_memory)

    def mark(self, on: bool) -> ModelState:
        """Mark this repository as local-only, or take the mark away."""
        with self._lend() as index:
            index.mark_local_only(on)
        return self.state("")

    def test(self, given_key: str, patience: Patience) -> ModelTest:
        """Have the model say a word. Raises WritingError when it does not."""
        with self._lend() as index:
            local_only = index.local_only
        target = replace(self._checked(self._target(self._key(given_key)), local_only), output_tokens=64)
        began = time.monotonic()
        first = 0.0
        wire = Wire(patience, target.key, local_only)
        said = Messages(f"You are tested by lorebase {__version__}.", "Say the word: ready")
        with closing(wire), closing(stream(target, said, wire)) as pieces:
            for piece in pieces:
                if piece.text and not first:
                    first = time.monotonic() - began
        if not first:
            raise WritingError("The model answered without a word.", "Try another model.")
        return ModelTest(first, time.monotonic() - began)

    def show_sent(self, wanted: WriteWanted) -> SentPage:
        """Return what `write` would send, and hold it ready; nothing is sent."""
        order = self._order(wanted)
        wire = Wire(self.patience(), order.target.key, order.local_only, rehearsal=True)
        with closing(wire):
            outgoing = rehearse(order.target, order.prompt.messages, wire)
        sent_id = secrets.token_hex(8)
        self._shown[sent_id] = _Shown(wanted.kept_id, order.prompt, outgoing.body)
        while len(self._shown) > SHOWN_AT_ONCE:
            self._shown.pop(next(iter(self._shown)), None)
        return SentPage(
            sent_id,
            outgoing.method,
            outgoing.url,
            outgoing.headers,
            outgoing.body.decode("utf-8"),
            is_loopback(outgoing.url),
            order.prompt.tokens,
            len(order.prompt.sources),
            order.prompt.total,
        )

    def write(self, wanted: WriteWanted, told: Callable[[Statement], None], patience: Patience) -> Answer:
        """Have a kept answer written out, tell each sentence as it passes, and keep the whole.

        Raises WritingError when no sentence came, and CancelledError; the answer stands then.
        """
        began = time.monotonic()
        order = self._order(wanted)
        with self._lend() as index:
            nearness = index.nearness()
        writing = Writing(order.prompt, nearness)
        wire = Wire(patience, order.target.key, order.local_only, expected=order.body)
        course = _Course(order, writing)
        try:
            with closing(wire), closing(stream(order.target, order.prompt.messages, wire)) as pieces:
                course.follow(pieces, told)
        except WritingError as failure:
            course.break_off(failure)
        except CancelledError:
            if writing.passed:
                course.cut("It was stopped.")
                self._kept(course.answer(began))
            raise
        return self._kept(course.answer(began))

    def patience(self) -> Patience:
        """Return how long a request may take, from now on."""
        settings = self._settings
        return Patience(Deadlines(settings.first_seconds, settings.idle_seconds, settings.total_seconds))

    # ------------------------------------------------------------------------ private

    def _order(self, wanted: WriteWanted) -> _Order:
        with self._lend() as index:
            answer = index.pages.asked.kept(AskedName(wanted.kept_id)).answer
            local_only = index.local_only
        target = self._checked(self._target(self._key(wanted.key)), local_only)
        if wanted.sent_id:
            shown = self._shown.get(wanted.sent_id)
            if shown is None or shown.kept_id != wanted.kept_id:
                raise WritingError("What was shown is not held any more.", "Look at it again, then write.")
            return _Order(answer, target, shown.prompt, local_only, shown.body)
        prompt = make_prompt(answer, target.context_tokens, target.output_tokens, count_tokens)
        if not prompt.total:
            raise WritingError("There is nothing to write from: the answer has no sources.", STANDS)
        if not prompt.sources:
            raise WritingError(
                f"No source fits into {target.context_tokens:,} tokens.", "Raise model.context_tokens."
            )
        return _Order(answer, target, prompt, local_only)

    def _kept(self, answer: Answer) -> Answer:
        with self._lend() as index:
            index.pages.asked.keep_written(answer)
        return answer

    def _key(self, given: str) -> str:
        return "" if self._settings.provider == "off" else self._keys.find(self._account(), given).key

    def _account(self) -> str:
        """Return under what a key is kept: it is never given to another server than its own."""
        place = urlsplit(self._settings.url or USUAL_PLACES.get(self._settings.provider, ""))
        return f"{self._settings.provider} at {place.scheme}://{place.netloc}"

    def _target(self, key: str) -> Target:
        settings = self._settings
        url = settings.url or USUAL_PLACES.get(settings.provider, "")
        return Target(
            settings.provider, settings.name, url, settings.context_tokens, settings.output_tokens, key
        )

    def _checked(self, target: Target, local_only: bool) -> Target:
        """Return ``target`` if it may be used. Raises WritingError with what to set otherwise."""
        if target.provider == "off":
            raise _off()
        if target.provider not in USUAL_PLACES:
            raise WritingError(
                f"model.provider is {target.provider!r}, which is none of off, {', '.join(USUAL_PLACES)}.",
                "Set it: `lorebase model set PROVIDER NAME`.",
            )
        if not target.name:
            raise WritingError("No model is named.", "`lorebase model find` lists those on this machine.")
        place = urlsplit(target.url)
        if place.scheme not in ("http", "https") or not place.hostname or place.username or place.query:
            raise WritingError(
                "model.url is no plain http or https address.", "Write it like http://127.0.0.1:11434."
            )
        if target.output_tokens < 1 or target.context_tokens < 2 * target.output_tokens:
            raise WritingError(
                "model.context_tokens must be at least twice model.output_tokens.", "Raise the first."
            )
        if local_only and not is_loopback(target.url):
            raise not_local(place.hostname)
        return target


class _Course:
    """How one writing goes, and how it ended."""

    def __init__(self, order: _Order, writing: Writing) -> None:
        self._order = order
        self._writing = writing
        self._read: int | None = None
        self._cut = False
        self._notices: list[str] = []

    def follow(self, pieces: Iterable[Piece], told: Callable[[Statement], None]) -> None:
        """Take every piece; end before the model does when it finds no end."""
        count, ended, cut_short = 0, False, False
        most = CHARACTERS_A_TOKEN * self._order.target.output_tokens
        for piece in pieces:
            self._read = piece.read_tokens or self._read
            ended, cut_short = ended or piece.ended, cut_short or piece.cut_short
            count += len(piece.text)
            for statement in self._writing.feed(piece.text):
                told(statement)
            if self._writing.broken or count > most:
                self.cut("The model found no end, and was stopped.")
                return
        if cut_short:
            self.cut(f"It reached its limit of {self._order.target.output_tokens:,} tokens.")
        elif not ended:
            self.cut("The connection ended before the answer did.")
        for statement in self._writing.end(whole=not self._cut):
            told(statement)
        if self._cut and not self._writing.passed and not self._writing.dropped:
            raise WritingError("The model's server ended its answer before it began.", "Try again.")

    def cut(self, notice: str) -> None:
        """Mark the text as cut off."""
        self._cut = True
        self._notices.append(f"Cut off: {notice}")

    def break_off(self, failure: WritingError) -> None:
        """Keep what passed before a failure; with nothing of it the failure is all there is."""
        if not self._writing.passed:
            raise WritingError(failure.message, f"{failure.hint} {STANDS}".strip()) from None
        self.cut(f"{failure.message} {failure.hint}".strip())

    def answer(self, began: float) -> Answer:
        """Return the answer with what was written; without a sentence it stays an extracted one."""
        order, passed = self._order, tuple(self._writing.passed)
        written = Written(
            passed,
            f"{order.target.name} ({order.target.provider}, {urlsplit(order.target.url).netloc})",
            dict(self._writing.dropped),
            sources_seen(order.prompt, self._read),
            order.prompt.total,
            self._cut,
            seconds=time.monotonic() - began,
        )
        written = replace(written, notice=" ".join((*self._notices, *self._told(written))))
        return replace(order.answer, mode="written" if passed else "extracted", written=written)

    def _told(self, written: Written) -> list[str]:
        told = []
        if not written.sentences:
            what = (
                "Nothing that the model wrote is supported by the sources"
                if written.dropped
                else "The model found nothing to write from these sources"
            )
            told.append(f"{what}. {STANDS}")
        if written.saw < written.total:
            sent = len(self._order.prompt.sources)
            why = (
                f"its server read {self._read:,} of about {self._order.prompt.tokens:,} tokens; raise the "
                "context length there"
                if written.saw < sent
                else "the rest does not fit into model.context_tokens"
            )
            told.append(f"The model saw {written.saw} of {written.total} sources: {why}.")
        return told


def _off() -> WritingError:
    return WritingError(
        "No language model is turned on.",
        "Answers do without one. `lorebase model find` lists those on this machine.",
    )
