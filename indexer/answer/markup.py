"""Render the inline markup of Markdown, reStructuredText and AsciiDoc as plain text."""

from __future__ import annotations

import html
import re
from typing import Final

_TAGS: Final = (
    "a|abbr|b|blockquote|br|center|cite|code|dd|del|details|div|dl|dt|em|font|h[1-6]|hr|i|img|ins|kbd|li|link"
    "|mark|ol|p|picture|pre|q|s|samp|small|source|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|tt|u|ul"
    "|var|xref|see|c|para|remarks|returns|param|value|example|exception|paramref|typeparam|inheritdoc"
)
_RULES: Final = (
    (re.compile(r"\s?\[(?:\*|#\w*|\d+)\]_"), ""),  # footnote, reStructuredText
    (re.compile(r"!\[([^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)"), r"\1"),  # image
    (re.compile(r"\[([^\[\]]+)\]\(mailto:\1\)"), r"\1"),
    (re.compile(r"\[([^\[\]]+)\]\(mailto:([^()\s]+)\)"), r"\1 (\2)"),  # whom to write to is what is told
    (re.compile(r"\[([^\[\]]+)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)"), r"\1"),  # link
    (re.compile(r"\[([^\[\]]+)\]\[[^\]]*\]"), r"\1"),  # link by reference
    (re.compile(r"(?::[a-zA-Z][\w.+-]*)+:`~?!?([^`<>]+?)(?:\s+<[^`<>]+>)?`"), r"`\1`"),  # role
    (re.compile(r"(?<!`)`([^`<>]+?)\s+<[^`<>]+>`__?"), r"\1"),  # link, reStructuredText
    (re.compile(r"(?<!`)`([^`<>]+)`__?(?!\w)"), r"\1"),  # reference, reStructuredText
    (re.compile(r"``([^`]+)``"), r"`\1`"),
    (re.compile(r"(?<!`)`(?:~\.?|\.(?=[A-Z]))(?=\w[^`]*`)"), "`"),  # the short form of a name, Sphinx
    # Javadoc and JSDoc: {@link Name label}, {@link Name | label}, [label]{@link Name}, {@code x}
    (re.compile(r"\[([^\[\]]+)\]\{@link\w*\s+[^{}]+\}"), r"\1"),
    (re.compile(r"\{@link\w*\s+[^{}\s|(]+(?:\([^{}()]*\))?(?:\s*\|\s*|\s+)([^{}]+?)\s*\}"), r"\1"),
    (re.compile(r"\{@\w+\s+#?([^{}]+(?:\{[^{}]*\}[^{}]*)*)\}"), r"`\1`"),
    (re.compile(r"\{@(?:inheritDoc|value|docRoot)\}", re.I), ""),
    # C#: <see cref="T:Name"/>, <paramref name="depth"/>
    (
        re.compile(r"<(?:see|seealso|paramref|typeparamref)\s+\w+\s*=\s*\"(?:[A-Z]:)?([^\"<>]+)\"\s*/>"),
        r"`\1`",
    ),
    (re.compile(r"<see\s+\w+\s*=\s*\"[^\"<>]+\"\s*>([^<>]+)</see>"), r"\1"),
    (re.compile(r"<(c|tt)>([^<>`]+)</\1>"), r"`\2`"),
    # `<stdout>` is no markup but what the text speaks of.
    (re.compile(rf"</?(?:{_TAGS})(?:\s+[^<>]*)?/?>", re.I), " "),
    (re.compile(r"(?<![\w*])\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*(?!\w)"), r"\1"),
    # `pkg/__init__.py` and `__init__` are names.
    (re.compile(r"(?<![\w_/.`])__(?=\S)([^_\n]+?)(?<=\S)__(?![\w_(`]|\.\w)"), r"\1"),
    (re.compile(r"(?<![\w*/])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*/])"), r"\1"),
)
LEFT_OUT: Final = "[\u2026]"
"""Stands where words of a quotation are left out."""

_SPACE: Final = re.compile(r"\s+")
_HINT: Final = re.compile(r"[\[\]`*_<&{]")


def plain(text: str) -> str:
    """Return ``text`` on one line, its markup rendered; code keeps single backquotes."""
    if _HINT.search(text):
        for pattern, shown in _RULES:
            text = pattern.sub(shown, text)
        text = html.unescape(text)
    return _SPACE.sub(" ", text).strip()
