"""Where the key of a language model's server comes from: the environment, the keyring, memory.

Never a file, a log, an argument of a process or the text of an error. What the environment of a
front holds comes with its call; the keyring is this system's; what neither holds is kept in the
memory of the running engine, and goes with it.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from indexer.errors import WritingError
from indexer.protocol import FoundKey, KeyPlace

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE: Final = "lorebase"

KEYRING_SECONDS: Final = 20.0
"""A locked keyring asks its owner, in a window of the system's; longer nobody waits for it."""

_SAFE_BACKENDS: Final = ("keyring.backends.",)
"""Others, such as those of keyrings.alt, may keep keys in a file that everybody can read."""

T = TypeVar("T")


class Keyholder:
    """The keys of one engine. An account is a provider with the place of its server."""

    def __init__(self) -> None:
        self._memory: dict[str, str] = {}

    def find(self, account: str, given: str) -> FoundKey:
        """Return the key for ``account``; ``given`` is what the front's environment holds."""
        if given:
            return FoundKey(KeyPlace.ENVIRONMENT, key=given)
        key, notice = self._from_keyring(account)
        if key:
            return FoundKey(KeyPlace.KEYRING, key=key)
        if account in self._memory:
            return FoundKey(KeyPlace.MEMORY, notice, self._memory[account])
        return FoundKey(KeyPlace.NOWHERE, notice)

    def keep(self, account: str, key: str, *, in_memory: bool = False) -> FoundKey:
        """Keep a key in the keyring, or in memory where there is none or none is wanted."""
        if not key.strip() or any(ord(letter) < 0x21 or ord(letter) > 0x7E for letter in key.strip()):
            raise WritingError(
                "That is no key: it holds blanks or other than plain letters.", "Give it again."
            )
        if not in_memory:
            try:
                _in_time(lambda: _write(account, key.strip()))
            except _NoKeyringError as trouble:
                notice = f"{trouble} The key is held until the engine ends, and has to be given again then."
            else:
                self._memory.pop(account, None)
                return FoundKey(KeyPlace.KEYRING)
        else:
            notice = "The key is held until the engine ends."
        self._memory[account] = key.strip()
        return FoundKey(KeyPlace.MEMORY, notice)

    def forget(self, account: str) -> FoundKey:
        """Forget a key wherever we keep it."""
        self._memory.pop(account, None)
        notice = ""
        try:
            _in_time(lambda: _delete(account))
        except _NoKeyringError as trouble:
            notice = str(trouble)
        return FoundKey(KeyPlace.NOWHERE, notice)

    def _from_keyring(self, account: str) -> tuple[str, str]:
        try:
            return _in_time(lambda: _read(account)), ""
        except _NoKeyringError as trouble:
            return "", str(trouble)


class _NoKeyringError(Exception):
    """Why the keyring cannot be used, as a sentence."""


def _read(account: str) -> str:
    return _backend().get_password(SERVICE, account) or ""


def _write(account: str, key: str) -> None:
    backend = _backend()
    backend.set_password(SERVICE, account, key)
    if backend.get_password(SERVICE, account) != key:
        raise _NoKeyringError("The keyring of this system keeps nothing.")


def _delete(account: str) -> None:
    backend = _backend()
    if backend.get_password(SERVICE, account) is not None:
        backend.delete_password(SERVICE, account)


def _backend() -> KeyringBackend:
    try:
        import keyring  # late: it looks for the system's keyrings when it is first asked
    except ImportError as error:
        raise _NoKeyringError("The package `keyring` is not installed.") from error
    backend = keyring.get_keyring()
    for each in (backend, *getattr(backend, "backends", ())):
        if not type(each).__module__.startswith(_SAFE_BACKENDS):
            name = f"{type(each).__module__}.{type(each).__name__}"
            raise _NoKeyringError(f"The keyring {name} may keep keys in plain files, so it is not used.")
    return backend


def _in_time(action: Callable[[], T]) -> T:
    """Return what ``action`` returns, on a thread that is left alone when it takes too long.

    Raises _NoKeyringError with a sentence of ours: what a backend says may hold anything.
    """
    done: queue.Queue[T | Exception] = queue.Queue()

    def run() -> None:
        try:
            done.put(action())
        except Exception as error:  # noqa: BLE001 (the edge of foreign code; backends raise their own)
            done.put(error)

    threading.Thread(target=run, name="keyring", daemon=True).start()
    try:
        found = done.get(timeout=KEYRING_SECONDS)
    except queue.Empty:
        raise _NoKeyringError("The keyring does not answer; it may wait to be unlocked.") from None
    if isinstance(found, _NoKeyringError):
        raise found
    if isinstance(found, Exception):
        raise _NoKeyringError(
            _TROUBLES.get(type(found).__name__, "The keyring of this system failed.")
        ) from None
    return found


_TROUBLES: Final = {
    "NoKeyringError": "This system has no keyring.",
    "KeyringLocked": "The keyring is locked.",
    "InitError": "The keyring could not be opened.",
}
