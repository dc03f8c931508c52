"""The language model, as the window uses it: whether there is one, what it would be sent, what it writes.

Nothing is sent before the person asks for it, and to another machine nothing that was not shown.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop.asking import Asking
from desktop.engine import Link
from indexer.errors import LorebaseError
from indexer.protocol import MODEL, SHOW_SENT, WRITE, Event, GivenKey, ModelState, SentPage, WriteWanted
from indexer.types import Answer


class ModelWriting(QObject):
    """One writing at a time; what comes of it comes through the signals."""

    stateChanged = Signal()
    passed = Signal(object)
    """A Statement of the model that was held against its sources, and let through."""
    ended = Signal(str, object)
    """The id of the kept answer, and the Answer with all that was written."""
    failed = Signal(object)  # LorebaseError
    sentShown = Signal(object)  # SentPage
    sendAskedFor = Signal(object)
    """The SentPage of a writing that waits for the person: it would leave this machine."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._asking = Asking(self)
        self._key = ""
        self._call = 0
        self._agreed = False
        self.state: ModelState | None = None

    def set_link(self, link: Link | None) -> None:
        """Write for another repository; leave to send is asked for anew."""
        self.stop()
        self._asking.set_link(link)
        self._agreed = False
        self.state = None
        self.ask_state()

    def set_key(self, key: str) -> None:
        """Take the key that the environment of this window holds for the model's server."""
        self._key = key

    def ask_state(self) -> None:
        """Ask which model there is."""
        self._asking.ask(MODEL, GivenKey(self._key), self._on_state)

    @property
    def offered(self) -> bool:
        """True when a model is chosen, whether it can be used now or not."""
        return self.state is not None and self.state.provider != "off"

    @property
    def writing(self) -> bool:
        """True while a model writes."""
        return bool(self._call)

    def write(self, kept_id: str) -> None:
        """Have an answer written out; to another machine only what the person has seen once."""
        if self.state is None or not kept_id or self._call:
            return
        if self.state.on_this_machine or self._agreed:
            self._write(WriteWanted(kept_id, key=self._key))
        else:
            wanted = WriteWanted(kept_id, key=self._key)
            self._asking.ask(SHOW_SENT, wanted, self.sendAskedFor.emit, self.failed.emit)

    def send_shown(self, kept_id: str, page: SentPage) -> None:
        """Send exactly what was shown; from now on this repository's questions may be sent."""
        self._agreed = True
        self._write(WriteWanted(kept_id, page.sent_id, self._key))

    def show_sent(self, kept_id: str) -> None:
        """Ask what would be sent; sends nothing."""
        wanted = WriteWanted(kept_id, key=self._key)
        self._asking.ask(SHOW_SENT, wanted, self.sentShown.emit, self.failed.emit)

    def stop(self) -> None:
        """Let go of the model; what has passed stays."""
        self._asking.cancel(self._call)
        self._call = 0

    # ------------------------------------------------------------------------ private

    def _write(self, wanted: WriteWanted) -> None:
        ended = partial(self._on_ended, wanted.kept_id)
        self._call = self._asking.ask(WRITE, wanted, ended, self._on_failed, self._on_event)

    def _on_state(self, state: ModelState) -> None:
        self.state = state
        self.stateChanged.emit()

    def _on_event(self, event: Event) -> None:
        if event.written is not None:
            self.passed.emit(event.written)

    def _on_ended(self, kept_id: str, answer: Answer) -> None:
        self._call = 0
        self.ended.emit(kept_id, answer)

    def _on_failed(self, error: LorebaseError) -> None:
        self._call = 0
        self.failed.emit(error)
