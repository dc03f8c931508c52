"""What the guide knows for certain, as far as a question asks for it: lists, people, examples.

Whoever asks in words must be told what the commands beside it tell: one road for both.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from indexer.answer.inquiry import Inquiry
from indexer.pages import WhoKnows
from indexer.shapes.examples import Examples
from indexer.shapes.inventory import Inventory, InventoryKind

Said = Callable[[Inquiry], None]
"""Lays down what is known."""


class MentorFacts(Protocol):
    """What an answerer asks of the guide. Each may take seconds at first, and little when asked again."""

    @property
    def repository(self) -> str:
        """Return the name of the repository's folder, or nothing."""

    def inventory(self, kind: InventoryKind, area: str) -> Inventory:
        """Return what stands in a folder or file (empty: everywhere) of one kind. Raises UsageError."""

    def left_out(self, kind: InventoryKind) -> int:
        """Return how many of a kind only tests, examples and the like hold."""

    def who(self, about: str) -> WhoKnows:
        """Return who most likely knows a file, a folder or a definition."""

    def examples(self, question: str) -> Examples | None:
        """Return examples of the kind that a question asks for, or None where there are none."""
