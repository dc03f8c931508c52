"""Whether a sentence is worded as a reason. It asks for more than `indexer.answer.cues`: an answer shows the
reason that it found, so that its reader can judge it; here it is only counted.

"X instead of Y", "must not", "in case of" and "otherwise" tell what is done: alone they are no reasons.
"""

from __future__ import annotations

import re
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.readable import is_readable

SHORTEST: Final = 24
"""Characters: what is shorter ("So that works.") explains nothing to anybody else."""

_SUBJECTS: Final = "it|this|the|we|they|that|there|these|those"
_TIMES: Final = "last|version|release|beginning|start|epoch|previous|above|below|following"

_ALWAYS: Final = "|".join(
    (
        r"because|so that|due to|owing to",
        r"to (?:avoid|prevent|protect|make sure|ensure|guard against|work(?: |-)?around|safeguard|preserve)",
        r"to (?:stay compatible|speed up)",
        r"work(?:ed|s|ing)?[- ]?arounds?|rationale|motivation|on purpose|by design",
        r"deliberate(?:ly)?|intentional(?:ly)?",
        r"(?:the|one|another|main|only|this) reasons? (?:is|are|was|for|why|that|we|to|being|it|behind)",
        r"for (?!some|any|no|whatever|unknown|which)\w+(?: \w+)? reasons?|reasons? why",
        r"for (?:backwards?|forwards?|binary|source|bug|legacy|b/w)[- ]?(?:and \w+ )?compat\w*",
        r"for compat\w*",
        r"for the sake of",
        r"would (?:otherwise|cause|break|lead|fail|crash|hang|leak|block|lose|overwrite|trigger|result)",
        r"would raise an?",
        r"otherwise,? \w+(?: \w+){0,4} (?:would|could|might|may|won't|can't|cannot|fails?)",
        r"which (?:would|causes?|caused|leads|led|breaks|broke|makes it)",
        rf"(?:^|[,;(.] ?)since (?:{_SUBJECTS}|a|an|some|most|all|not|\w+s)\b(?! (?:{_TIMES}))",
        rf"(?:^|[,;(.] ?)as (?:{_SUBJECTS})\b(?! (?:{_TIMES}|first|second|argument|name|value|key))",
        r"(?:this|it|these) (?:avoids?|prevents?|protects?)",
        r"(?:this|it|these) keeps? \w+ from",
        r"without (?:this|it|that|these)[, ]|if we (?:don't|do not|didn't)|or else|unfortunately",
        r"too (?:slow|expensive|large|costly|big|heavy|strict|noisy|late|early|fragile)",
        r"makes? it (?:hard|impossible)|(?:a|the|this|known|old) bugs? in|limitations? (?:of|in)",
        r"not (?:supported|possible|available|safe) (?:by|in|with|on|to)",
        r"(?<!^)(?:therefore|hence|thus|consequently),?",
        r"so (?:we|they|users?|it|the \w+) (?:can|could|must|need|have to|has to|are able|is able|would)",
        r"so (?:we|they|users?|it|the \w+) (?:don't|do not|won't|cannot|can't|doesn't|does not|will not)",
    )
)
_IN_REMARKS: Final = "|".join(
    (
        r"in order to|(?:this|it|these) (?:allows?|lets?|makes? it (?:possible|easier|easy))",
        r"(?:this|it|these) (?:ensures?|guarantees?|makes? sure)|to (?:reduce|stop|please|comply)",
        r"(?:is|are|was|were|be|^) ?(?:needed|required|necessary|important) (?:for|since|so|to)",
        r"no longer (?:needed|supported|required|works?|necessary|exists?|available)|required by",
        r"according to",
        r"so (?:it|we|that|this|these|there)\b|doesn't (?:work|support|allow|like|know|provide)",
        r"does not (?:work|support|allow|know|provide)",
    )
)

_STRICT: Final = re.compile(rf"\b(?:{_ALWAYS})\b", re.I)
_REMARK: Final = re.compile(rf"\b(?:{_ALWAYS}|{_IN_REMARKS})\b", re.I)
_SUBJECT: Final = re.compile(
    r"\b(?:because|so that|in order to|due to|to (?:avoid|prevent|ensure|protect|work around|make sure)"
    r"|for \w+ reasons?|for (?:backwards?|forwards?)[- ]?compat\w*)\b",
    re.I,
)
_INSTRUCTION: Final = re.compile(
    r"^(?:(?:returns?|yields?|raises?|deprecated|use |see |defaults? |param\w*|versionadded|versionchanged"
    r"|example|if (?:true|false|set|given|none)|set (?:this )?to)"
    r"|.*\byou (?:should|can|may|need|must|want)|.*\bcan be (?:overrid|used|set|called|passed))",
    re.I,
)
"""Tells its reader how something is used; a purpose in it is that of the reader."""


_LEGAL: Final = re.compile(
    r"applicable law|licen[cs]e|warrant(?:y|ies)|\bas is\b|copyright|redistribut|liabilit|merchantab"
    r"|permission (?:is|notice)|agreed to in writing|particular purpose",
    re.I,
)
"""What the head of a file says for lawyers is no reason for its code."""

_UNSURE: Final = re.compile(
    r"\b(?:possibly|maybe|perhaps|probably|presumably) (?:because|due)|\bI (?:think|guess|assume|believe)\b"
    r"|\bnot sure\b|\bno idea\b|^if you\b",
    re.I,
)
"""A guess is not a recorded reason, and what speaks to its reader tells how a thing is used."""

_BEGINS_CASE: Final = re.compile(r"^(?:if|when|whenever|in case|unless|for example|e\.g\.)\b", re.I)
_PLAIN: Final = re.compile(r"\b(?:because|since|so (?:that|we)|otherwise|would)\b", re.I)

_CASE: Final = re.compile(r"\b(?:if|when|whenever|unless|while|once|in case)\b[^,;.:(]*$", re.I)


_ASIDE: Final = re.compile(
    r"\b(?:(?:unit |failing )?tests?|mock\w*|stub\w*|lint\w*|flake8|typos?|changelog|CI|pylint|mypy"
    r"|coverage|contribut\w*|pull request|PR|previous(?:ly)? (?:commit|merged)|merg\w+|rebas\w+|docs?"
    r"|documentation|release notes|bump\w*|checks that)\b|^fix",
    re.I,
)
"""What a message says of its tests, and that a fault was mended, is no reason for the code."""


def could_hold_a_reason(text: str) -> bool:
    """Return whether it is worth cutting a text into sentences."""
    return bool(_REMARK.search(text))


def is_reason(text: str, role: Role) -> bool:
    """Return whether a sentence plainly gives a reason."""
    return reason_at(text, role) is not None


def reason_at(text: str, role: Role) -> int | None:
    """Return where in a sentence the words begin that make a reason of it; None where it is none.

    Docstrings and documents, which tell how a thing is used, are asked for more than comments and
    messages, and a subject line for most.
    """
    if len(text) < SHORTEST or text.endswith(("?", ":")) or role is Role.TITLE:
        return None
    if _LEGAL.search(text) or _UNSURE.search(text) or not is_readable(text):
        return None
    if role in (Role.SUBJECT, Role.BODY) and _ASIDE.search(text):
        return None
    strict = role not in (Role.COMMENT, Role.BODY, Role.NOTE, Role.SUBJECT)
    wording = _SUBJECT if role is Role.SUBJECT else _STRICT if strict else _REMARK
    found = wording.search(text)
    if found is None or (strict and _INSTRUCTION.match(text)):
        return None
    # "Raised when a redirect would cause ..." tells when, and a cause in it is that of the case.
    if _CASE.search(text[: found.start()]) or (_BEGINS_CASE.match(text) and not _PLAIN.search(text)):
        return None
    return found.start()
