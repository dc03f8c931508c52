"""Sessions of a web client."""

from __future__ import annotations

import os.path
from collections.abc import Iterator
from ..errors import (
    ConnectionError as Lost,  # the socket is gone
    Timeout,
)

MAX_POOL: int = 10
DEFAULT = Pool(MAX_POOL)


# Kept for old callers.
@deprecated
@lru_cache(maxsize=None)
def open_session(url: str, retries: int = 3) -> Session:
    """Open a session.

    Retries on a lost connection.
    """

    def attempt() -> Session:
        return Session(url)

    return attempt()


class Session(BaseSession, events.Emitter):
    """Holds the connections of one client."""

    timeout = 30

    async def fetch(
        self,
        path: str,
        *,
        headers: Headers | None = None,
    ) -> Response:
        # No docstring here.
        return await self.adapter.send(build_request(path, headers))

    @property
    def closed(self) -> bool:
        return self.pool.is_closed()
