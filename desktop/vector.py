"""Drawings that may be painted: SVG without anything that loads, runs or refers outside of itself."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from indexer.errors import UsageError

SVG = "http://www.w3.org/2000/svg"
HELD_BACK = frozenset(
    {"image", "feImage", "script", "foreignObject", "style", "animate", "set", "a", "switch"}
)
"""Elements that load, run, or carry what only a browser's own rules would make harmless."""

MOST_ELEMENTS = 200_000
OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#)", re.IGNORECASE)


def scrubbed(source: bytes) -> bytes:
    """Return the drawing with what refers outside taken out.

    Raises UsageError for what is no SVG, declares entities, or is too large.
    """
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", source, re.IGNORECASE):
        raise UsageError("The drawing declares a document type.", "Only plain SVG is drawn.")
    try:
        root = ElementTree.fromstring(source)  # noqa: S314 (no entities: checked above)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise UsageError(f"The drawing cannot be read: {error}.", "Only plain SVG is drawn.") from error
    if root.tag != f"{{{SVG}}}svg":
        raise UsageError("This is no SVG drawing.", "Its root must be <svg> of the SVG namespace.")
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        raise UsageError(f"The drawing has more than {MOST_ELEMENTS:,} elements.", "Draw less of it.")
    for parent in list(root.iter()):
        for child in list(parent):
            name = str(child.tag).rpartition("}")[2]
            if name in HELD_BACK or not str(child.tag).startswith(f"{{{SVG}}}"):
                parent.remove(child)
        for key, value in list(parent.attrib.items()):
            name = key.rpartition("}")[2].lower()
            refers = name == "href" and not value.startswith("#")
            if refers or name.startswith("on") or OUTSIDE.search(value):
                del parent.attrib[key]
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(root)
