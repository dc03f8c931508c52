"""Which files hold a program's words in other languages: catalogues of messages, by their path.

They repeat what the code says, in forty languages and with none of its meaning, and would outnumber it.
"""

from __future__ import annotations

import re
from typing import Final

_CATALOGUE: Final = re.compile(r"\.(?:po|pot|xlf|xliff|arb|ftl|resx|xtb|lproj/[^/]+)$", re.I)
_FOLDER: Final = re.compile(
    r"(?:^|/)(?:locales?|i18n|l10n|translations?|lc_messages|lang(?:uage)?s?|values-[a-z]{2}(?:-r[A-Z]{2})?)/",
    re.I,
)
_MESSAGES: Final = re.compile(r"\.(?:json|ya?ml|properties|toml|ini|strings|xml|php|txt)$", re.I)
_SUFFIXED: Final = re.compile(r"(?:messages|strings|translations?)[_.-][a-z]{2}(?:[_-][a-z]{2})?\.\w+$", re.I)


_TONGUE: Final = (
    r"(?:zh|cn|tw|ja|jp|ko|kr|ru|de|fr|es|pt|br|it|pl|tr|uk|ua|vi|fa|ar|nl|hi|hu|cs|cz|ro|sv)"
    r"(?:[-_](?:[A-Z]{2}|[A-Z][a-z]{3}|[a-z]{2}))?"
)
_DOCUMENT: Final = re.compile(
    rf"(?:[-_.]{_TONGUE}\.(?:md|markdown|rst|adoc|txt)"
    rf"|(?:^|/)(?:docs?|documentation|readmes?|translations?)/(?:[\w-]+/)?{_TONGUE}/.*\.(?:md|markdown|rst|adoc))$",
    re.I,
)


def is_translated_document(path: str) -> bool:
    """Return whether a document is a translation of an English one, by its path: ``README.zh-CN.md``."""
    return _DOCUMENT.search(path) is not None


def is_translation(path: str) -> bool:
    """Return whether a file holds messages in some language, and nothing that runs."""
    if _CATALOGUE.search(path) or _SUFFIXED.search(path):
        return True
    return _FOLDER.search(path) is not None and _MESSAGES.search(path) is not None
