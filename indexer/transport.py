"""How bytes travel between an engine and its clients: a socket of this user, or a named pipe.

Nothing here knows what is said. On Windows a named pipe with a key stands in for the socket;
that road is written after its documentation and has not been run there yet.
"""

from __future__ import annotations

import os
import secrets
import socket
import stat
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from indexer.errors import EngineUnavailableError

READ_BYTES = 256 * 1024
"""What one read takes at most: large results come in few pieces."""

BACKLOG = 64
"""Clients that may wait to be let in; more are refused by the system, and try again."""


class Channel(Protocol):
    """A stream of bytes to one peer. Both methods raise OSError when the peer is lost."""

    def send(self, data: bytes) -> None:
        """Send all of ``data``."""

    def receive(self) -> bytes:
        """Return the next bytes, empty at the end of the stream."""

    def timeout(self, seconds: float | None) -> None:
        """Let `receive` and `send` raise TimeoutError after so long; None: never."""

    def close(self) -> None:
        """Let go of the peer; a `receive` that waits in another thread returns."""


class Listener(Protocol):
    """A place where clients are let in."""

    def accept(self) -> Channel:
        """Wait for the next client; raises OSError once closed."""

    def present(self) -> bool:
        """Say whether clients can still find this place by its address."""

    def close(self) -> None:
        """Let nobody in any more, and remove the address if it is still ours."""


def listen(address: str, key_folder: Path) -> Listener:
    """Open ``address`` for clients. Only the holder of the index's lock may call this: what
    stands at the address is taken for the left-over of an engine that died.
    """
    if sys.platform == "win32":
        return _PipeListener(address, key_folder)
    return _SocketListener(address)


def connect(address: str, key_folder: Path, seconds: float) -> Channel:
    """Return a channel to the engine at ``address``; raises OSError when nobody listens there.

    Raises EngineUnavailableError when the listener belongs to somebody else.
    """
    if sys.platform == "win32":
        return _PipeChannel.to(address, key_folder)
    state = os.lstat(address)
    if not stat.S_ISSOCK(state.st_mode) or state.st_uid != os.getuid():
        raise EngineUnavailableError(
            f"{address} is not a socket of yours.", "Remove it, and run the command again."
        )
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        peer.settimeout(seconds)
        peer.connect(address)
        if _peer_user(peer) != os.getuid():
            raise EngineUnavailableError(f"Somebody else listens at {address}.", "Remove it, and try again.")
    except BaseException:
        peer.close()
        raise
    return _SocketChannel(peer)


class _SocketChannel:
    def __init__(self, peer: socket.socket) -> None:
        self._peer = peer

    def send(self, data: bytes) -> None:
        self._peer.sendall(data)

    def receive(self) -> bytes:
        return self._peer.recv(READ_BYTES)

    def timeout(self, seconds: float | None) -> None:
        self._peer.settimeout(seconds)

    def close(self) -> None:
        with suppress(OSError):
            self._peer.shutdown(socket.SHUT_RDWR)
        self._peer.close()


class _SocketListener:
    def __init__(self, address: str) -> None:
        self._address = address
        Path(address).unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            # Bound under another name first: who finds the address finds somebody listening.
            fresh = f"{address}.{os.getpid() % 1000}"
            Path(fresh).unlink(missing_ok=True)
            self._socket.bind(fresh)
            Path(fresh).chmod(0o600)
            self._socket.listen(BACKLOG)
            Path(fresh).rename(address)
            self._inode = os.lstat(address).st_ino
        except BaseException:
            self._socket.close()
            raise

    def accept(self) -> Channel:
        while True:
            peer, _ = self._socket.accept()
            if _peer_user(peer) == os.getuid():
                return _SocketChannel(peer)
            peer.close()

    def present(self) -> bool:
        try:
            return os.lstat(self._address).st_ino == self._inode
        except OSError:
            return False

    def close(self) -> None:
        if self.present():
            with suppress(OSError):
                Path(self._address).unlink()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def _peer_user(peer: socket.socket) -> int:
    """Return the user at the other end; where the system cannot tell, the folder's mode must do."""
    if hasattr(socket, "SO_PEERCRED"):
        raw = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return int(struct.unpack("3i", raw)[1])
    return os.getuid()


# ----------------------------------------------------------------------------------- Windows


class _PipeChannel:
    def __init__(self, connection: _Connection) -> None:
        self._connection = connection

    @classmethod
    def to(cls, address: str, key_folder: Path) -> _PipeChannel:
        from multiprocessing.connection import Client  # Windows alone needs it

        try:
            key = (key_folder / "engine.key").read_bytes()
            return cls(Client(address, family="AF_PIPE", authkey=key))
        except EOFError as error:
            raise ConnectionError("the engine left") from error

    def send(self, data: bytes) -> None:
        self._connection.send_bytes(data)

    def receive(self) -> bytes:
        try:
            return self._connection.recv_bytes()
        except EOFError:
            return b""

    def timeout(self, seconds: float | None) -> None:
        """Do nothing: such a pipe has no time limit of its own."""

    def close(self) -> None:
        self._connection.close()


class _PipeListener:
    def __init__(self, address: str, key_folder: Path) -> None:
        from multiprocessing.connection import Listener as Pipe  # Windows alone needs it

        key = secrets.token_bytes(32)
        (key_folder / "engine.key").write_bytes(key)
        self._pipe = Pipe(address, family="AF_PIPE", authkey=key)

    def accept(self) -> Channel:
        from multiprocessing import AuthenticationError

        while True:
            try:
                return _PipeChannel(self._pipe.accept())
            except (AuthenticationError, EOFError):
                continue

    def present(self) -> bool:
        return True

    def close(self) -> None:
        self._pipe.close()


class _Connection(Protocol):
    def send_bytes(self, buf: bytes) -> None: ...

    def recv_bytes(self) -> bytes: ...

    def close(self) -> None: ...
