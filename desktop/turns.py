"""Work in a later turn of the event loop, so that a key or a paint comes first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def in_a_turn(owner: QObject, deed: Callable[[], None]) -> None:
    """Call ``deed`` after the events that wait now; not at all where ``owner`` is gone by then.

    A timer that runs out while a turn lasts is still answered at that turn's end, before any key: only
    one that is started by another timer waits for the next.
    """
    QTimer.singleShot(0, owner, lambda: QTimer.singleShot(0, owner, deed))
