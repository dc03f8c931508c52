"""What can be read aloud: sentences that are no pragma, licence, log line or piece of code."""

from __future__ import annotations

import re
from typing import Final

CHANGE_LOG: Final = re.compile(
    r"(?:^|/)(?:change|history|news|release|whatsnew|upgrad)[^/]*(?:/|\.|$)"
    r"|[-_](?:changes|changelog|history|release[-_]notes|upgrad(?:e|ing))\.\w+$",
    re.I,
)
"""Of `Pro-Changes.md` too, which another edition keeps beside it."""

_HEADER: Final = re.compile(
    r"^(?:program|application|type|author|date[ -]\w+|system|version|module|ver|file|installation)\s*:", re.I
)
"""A line of the header that legacy programs begin with, which names and dates, and tells nothing."""
_NOISE: Final = re.compile(
    r"^(?:pylint|noqa|pragma:|XXX\b.{0,12}$|type: ignore|Copyright|Licensed|SPDX|eslint|TODO\b.{0,12}$)", re.I
)
_UNREADABLE: Final = re.compile(
    r"^from \S+ import\b|^import [\w.]+;?$"
    r"|[{}\\]{2,}|\[(?:INFO|WARN|DEBUG|ERROR)|(?:=\s?\S+,\s?){3,}|^\S+$|\bdef \w+\(|^(?:>>>|[$@#>])"
    r"|\w\(.*\)\s*[:{]$"
    r"|(?:\b[\w:-]+=\"[^\"]*\"\s*){2,}|^(?://|/\*|\*/|--\s)|\s//\s|(?:\w\([^()]*\) == ?[^=]|\w\([^()]*\) = )"
)
_CODE_LINE: Final = re.compile(
    r"^(?:(?:public|private|protected|internal|static|final|abstract|export|default|async|sealed|override)\s+)*"
    r"(?:class|interface|enum|struct|trait|module|namespace|record|fn|func|function|def)\s+[\w.:<>]+"
    r"(?:\s*\(.*\))?(?:\s+(?:extends|implements|where)\s.*)?\s*[{:;]?$"
    r"|^(?:const|let|var|using|package|require|include|return|throw|use)\s.*[;{]$"
)
"""A line of code that stands as prose: `public class Pool {`."""
_IMPORT: Final = re.compile(
    r"^\s*(?:import\s+(?:static\s+|type\s+)?[\w.*{'\"@]|from\s+\S+\s+import\b|#\s*include\b|#\s*import\b"
    r"|using\s+(?:static\s+)?[\w.]+(?:\s*=\s*[\w.<>]+)?;|require(?:_relative)?[\s(]+['\"]|package\s+[\w.]+;?\s*$"
    r"|(?:const|let|var)\s+[\w{}\s,]+=\s*require\s*\(|use\s+[\w:\\\\{}, *]+;|extern crate\b"
    r"|export\s.*\bfrom\s+['\"])"
)
_RESTATES: Final = re.compile(
    r"^(?:(?:(?:(?:[Cc]reate|[Cc]onstruct|[Ii]nitiali[sz]e|[Ii]nstantiate|[Bb]uild|[Mm]ake)s?)"
    r"(?: an?| the)?(?: new| empty| default)*(?: instance(?: of)?| object)?(?: an?| the| this)*"
    r"|(?:[Dd]efault |[Ee]mpty |[Nn]o-?arg(?:ument)?s? |[Pp]rivate |[Pp]ublic |[Hh]idden )*[Cc]onstructor"
    r"(?: for| of)?(?: an?| the| this)*))"
    r"(?: `?(?:[A-Z]\w*[.#])*[A-Z]\w*[a-z]\w*(?:<\w+>|\([^)]*\))?`?)?(?: class| object| instance)?[.:]?$"
)
"""What a constructor is said to do, and what its name says: "Create a new SoftPool."."""
_PARAMETER: Final = re.compile(
    r"^\*{0,2}\w+ \([^)]*\): |^(?:Arguments|Args|Parameters|See [Aa]lso)\b"
    # "Returns the handle of a path" is a sentence; "Returns: str" and "Returns out : array" head a list.
    r"|^(?:Returns|Raises|Example)\b"
    r"(?!\s+(?:the|an?|all|any|true|false|whether|its|this|that|each|every|one|if|how)\b)"
)
_FRAGMENT: Final = re.compile(r"^(?:the|an?|its|their)(?:[;,]? [\w`.-]+){1,6}\.?$")
"""What a parameter is said to be: ``the parent context if available.``"""
_CODE_SIGNS: Final = re.compile(r"[(){}\[\]=;<>|\\$]")
_CODE_SHARE: Final = 0.09
"""Share of such signs, names in backquotes left out, from which a "sentence" is code."""


def is_readable(text: str) -> bool:
    """Return whether a sentence is one: no pragma, licence, log line or piece of code."""
    if _NOISE.match(text) or _HEADER.match(text) or _UNREADABLE.search(text) or _PARAMETER.match(text):
        return False
    if _FRAGMENT.match(text) or _CODE_LINE.match(text) or _RESTATES.match(text):
        return False
    bare = re.sub(r"`[^`]*`", "", text)
    return len(_CODE_SIGNS.findall(bare)) <= 1 + _CODE_SHARE * len(bare)


def is_import(line: str) -> bool:
    """Return whether a line of code only takes in what is defined elsewhere."""
    return _IMPORT.match(line) is not None


def is_told(text: str) -> bool:
    """Return whether a sentence is a whole one of prose, which can stand at the head of an answer."""
    whole = text[:1].isupper() or text[:1] in '`"“'
    return whole and text.endswith((".", "!")) and is_readable(text) and " = " not in text
