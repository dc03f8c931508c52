"""What kind of test a question wants to copy from, by what the test is of."""

from __future__ import annotations

import re
from typing import Final


def kinds_of_test(text: str) -> list[str]:
    """Return the kinds of test that a text may ask for, "a test that talks to a handler": handler tests."""
    found = _TEST_OF.search(text)
    if found is None:
        return []
    words = found["what"].split()
    return list(dict.fromkeys((f"{' '.join(words)} test", f"{words[-1]} test")))


_TEST_OF: Final = re.compile(
    r"\b(?:tests?|specs?) "
    r"(?:(?:of|for|against|around|with)|(?:that|which|where|to) (?:\w+ ){1,2}?(?:to|with|for|of)?)"
    r" *(?:(?:an?|the|our|one|some|my) )?(?P<what>[\w-]{3,}(?: (?!here\b|in\b|with\b|that\b)[\w-]{3,})?)",
    re.I,
)
