"""Where a path that a trace was written with lies: in a library of its own, or in somebody's folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

LONGEST: Final = 1_000


@dataclass(frozen=True, slots=True)
class WrittenPath:
    """A path in parts. ``library`` names the package that was installed there, as its system does,
    empty for none; ``parts`` begin inside of it then. ``whole``: it began at a root.
    """

    parts: tuple[str, ...]
    library: str = ""
    system: str = ""
    whole: bool = False
    foreign: bool = False
    """Of the runtime's own library."""

    @property
    def name(self) -> str:
        """The file's name."""
        return self.parts[-1] if self.parts else ""


_SCHEME: Final = re.compile(
    r"^(?:(?:file|webpack(?:-internal)?|ng|app|rsrc|vite-fs|turbopack|bundle|resource)://+"
    r"|https?://[^/]*/|node:)"
)
_WEBPACK: Final = re.compile(
    r"^webpack(?:-internal)?://+(?:\(\w+\)/|[\w.@-]*/(?=\./|src/|node_modules/|lib/))?"
)
_RUNTIME: Final = re.compile(
    r"(?:^|/)(?:lib|lib64|Lib|Versions)/python[\d.]*/(?!site-packages(?:\.zip)?/|dist-packages/)"
    r"|/(?:[Pp]ython-?[\d.]+|Python\d*)/[Ll]ib/(?!site-packages/|python[\d.]+/site-packages/)"
    r"|^/?rustc/|(?:^|/)lib/ruby/(?:site_ruby/|vendor_ruby/)?\d[\d.]*/(?!gems/|bundler/gems/)"
    r"|/rubygems/(?:core_ext|specification)"
    r"|(?:^|/)(?:libexec|go|[Gg]o|goroot|go-?\d[\w.]*|\.gvm/gos/go[\w.]+|sdk/go[\w.]+)/src/"
    r"(?!github\.com/|gopkg\.in/|golang\.org/|[\w-]+\.\w+/|.*/vendor/[\w-]+\.\w+/)(?=[a-z]+/)"
    r"|^(?:node:|internal/.*\.js$|<)|/usr/include/|/(?:glibc|gcc|libc)[-\w.]*/|(?:^|/)sysdeps/|nptl/|csu/"
    r"|_tmp/go/src/"
)

_SYSTEMS: Final = tuple(
    (system, re.compile(form))
    for system, form in (
        # The last one counts: libraries lie within libraries.
        ("npm", r".*(?:^|/)node_modules/(?P<library>@[^/]+/[^/]+|[^/@]+)/(?P<inner>.+)$"),
        (
            "python",
            r".*(?:site-packages(?:\.zip)?|dist-packages)/(?:[^/]+\.egg/)?(?P<inner>(?P<library>[^/]+?)(?:\.py|/.+))$",
        ),
        (
            "gem",
            (
                r".*/gems/(?:[\d.]+/gems/|ruby-[\d.]+(?:@[\w.-]+)?/gems/)?(?P<library>[A-Za-z][\w.-]*?)"
                r"-(?:\d[\w.]*(?:-\w+)?|[0-9a-f]{7,40})/(?P<inner>.+)$"
            ),
        ),
        ("go", r".*/pkg/mod/(?P<library>[^@]+)@[^/]+/(?P<inner>.+)$"),
        (
            "go",
            (
                r"^(?:.*/src/)?"
                r"(?P<library>(?:github\.com|gitlab\.com|bitbucket\.org)/[^/@]+/[^/@]+(?:/v\d+)?)(?:@[^/]+)?"
                r"/(?P<inner>.+)$"
            ),
        ),
        ("crate", r".*/registry/src/[^/]+/(?P<library>[\w-]+?)-\d[\w.+-]*/(?P<inner>.+)$"),
        ("crate", r".*/git/checkouts/(?P<library>[\w-]+?)-[0-9a-f]{16}/[0-9a-f]+/(?P<inner>.+)$"),
        (
            "composer",
            r".*(?:^|/)vendor/(?P<library>[a-z0-9][\w.-]*/[\w.-]+)/(?P<inner>.+\.(?:php|inc|phtml))$",
        ),
        ("bower", r".*/bower_components/(?P<library>[^/]+)/(?P<inner>.+)$"),
    )
)


def read_path(written: str) -> WrittenPath:
    """Return where a written path lies."""
    text = unquote(written[:LONGEST]).replace("\\", "/")
    text = _WEBPACK.sub("", text)
    text = _SCHEME.sub("/", text, count=1).partition("?")[0].partition("#")[0]
    whole = text.startswith("/") or re.match(r"^[A-Za-z]:/", text) is not None
    foreign = written.startswith(("node:", "<")) or _RUNTIME.search(text) is not None
    for system, form in _SYSTEMS:
        match = form.match(text)
        if match:
            return WrittenPath(_parts(match["inner"]), match["library"], system, whole)
    return WrittenPath(_parts(text), "", "", whole, foreign)


def _parts(text: str) -> tuple[str, ...]:
    kept: list[str] = []
    for part in text.split("/"):
        if part == "..":
            # What was left by ".." is not known; what stands before is not part of the path.
            kept = kept[:-1]
        elif part not in ("", ".") and not re.fullmatch(r"[A-Za-z]:", part):
            kept.append(part)
    return tuple(kept)
