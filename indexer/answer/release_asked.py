"""What asks how a version of the repository comes to be released, whoever does it."""

from __future__ import annotations

import re
from typing import Final

_ASKED: Final = re.compile(
    r"\b(?:releas(?:e|es|ing)|publish(?:ing)?|ship(?:ping)?|cut(?:ting)?|tag(?:ging)?)\s+"
    r"(?:(?:an?|the|this|our|my|its|new|next|another|official|patch|minor|major)\s+)*"
    r"(?:versions?|releases?|packages?|gems?|crates?|librar(?:y|ies)|project|modules?|artifacts?|wheels?|jars?"
    r"|it|to (?:pypi|npm|rubygems|crates\.io|maven|the gem server))\b"
    r"|\b(?:mak|do|creat|cut|prepar)(?:e|ing|ting)?\s+(?:(?:an?|the|new|next|patch|minor|major)\s+)*releases?\b"
    r"|\bhow (?:do|can|should) (?:i|we|you|one) (?:release|publish)\s*\??$",
    re.I,
)
"""What asks for a release of what the repository holds; a lock or an event is released by its code."""
_RELEASED: Final = re.compile(
    r"\bhow (?:is|are|does|do|did|gets?) (?:(?:an?|the|this|our|its|each|every|new|next) )*"
    r"(?:(?:versions?|packages?|gems?|crates?|wheels?|libraries|library|artifacts?|modules?|projects?)"
    r"(?: of (?:(?:the|this|our) )?\w+)? (?:(?:get|gets|being|actually|usually) )*"
    r"(?:released|published|uploaded"
    r"|(?:on ?to|to|up on) (?:pypi|npm|rubygems|maven|crates|nuget|packagist))"
    r"|releases?(?: of (?:(?:the|this|our) )?\w+)? (?:(?:get|gets|being|actually|usually) )*"
    r"(?:made|done|cut|published|created|built|prepared|shipped|out))\b",
    re.I,
)
"""The same as "how do we release it", with nobody who does it."""


def asks_release(text: str) -> bool:
    """Return whether a text asks how a release of the repository is made."""
    return _ASKED.search(text) is not None or asks_of_release(text)


def asks_of_release(text: str) -> bool:
    """Return whether a text asks how a version of the repository comes to be released, naming nobody."""
    return _RELEASED.search(text) is not None
