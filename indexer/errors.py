"""The errors that a person can act on. Anything else that is raised is a bug of ours."""

from __future__ import annotations


class LorebaseError(Exception):
    """What happened, and a ``hint`` that names what still works and one next step.

    ``exit_code`` is what the command line ends with (0 ok, 1 failed, 2 usage, 11 locked,
    12 newer schema). ``code`` names the class in the protocol, so that a client can raise
    the same error that the engine met.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def code(self) -> str:
        """The name under which this error travels between processes."""
        return type(self).__name__


class NotARepositoryError(LorebaseError):
    """The folder holds no git repository, or it is gone."""


class RepositoryFormatError(LorebaseError):
    """The repository needs a newer git (reftable), or git itself is missing."""


class ObjectProblemError(LorebaseError):
    """An object of the repository is missing or damaged; the message names it."""


class UsageError(LorebaseError):
    """What was asked for cannot be understood."""

    exit_code = 2


class NotFoundError(LorebaseError):
    """A note, a gap or a place that was named does not exist."""


class NotReadyError(LorebaseError):
    """The repository is still being read for the first time, and the caller would not wait."""


class LockedError(LorebaseError):
    """Another process holds the index and cannot be spoken to."""

    exit_code = 11


class NewerSchemaError(LorebaseError):
    """The index was written by a newer version; it was not touched."""

    exit_code = 12


class DamagedIndexError(LorebaseError):
    """The index is damaged and could not be mended without help."""


class StorageError(LorebaseError):
    """The disk is full or cannot be written."""


class ModelError(LorebaseError):
    """An embedding model is missing, damaged, or not the one that made the index."""


class WritingError(LorebaseError):
    """A language model could not write: it is off, not reached, refused, or not let through.

    What was extracted stands as it was.
    """


class EngineUnavailableError(LorebaseError):
    """The engine could not be started, or was lost in the middle of a call."""


class EngineLeavingError(EngineUnavailableError):
    """The engine is on its way out and did not begin the call: whatever it was, the next can be asked."""


class CancelledError(LorebaseError):
    """The call was stopped because somebody asked for it."""


class ProtocolError(LorebaseError):
    """The other side of the connection does not speak our protocol, or another version."""


def error_from(code: str, message: str, hint: str) -> LorebaseError:
    """Return the error that travelled as ``code``; an unknown one becomes a LorebaseError."""
    pending: list[type[LorebaseError]] = [LorebaseError]
    while pending:
        kind = pending.pop()
        if kind.__name__ == code:
            return kind(message, hint)
        pending.extend(kind.__subclasses__())
    return LorebaseError(message, hint)
