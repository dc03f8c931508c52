"""Read what an import statement names, from its text; a query cannot join the parts of one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_SPACES: Final = re.compile(r"\s+")
_PYTHON_COMMENT: Final = re.compile(r"#[^\n]*")
_BLOCK_COMMENT: Final = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)


def imported(language: str, statement: str) -> list[str]:
    """Return the names that ``statement`` takes in, as written; empty when it is not understood."""
    reader = _READERS.get(language)
    return reader(statement) if reader else []


def _python(statement: str) -> list[str]:
    text = _flat(_PYTHON_COMMENT.sub(" ", statement).replace("\\", " "))
    if text.startswith("from "):
        module, _, names = text[5:].partition(" import ")
        module = module.replace(" ", "")
        joint = "" if module.endswith(".") else "."
        found = [part.split(" as ")[0].strip() for part in names.strip(" ()").split(",")]
        return [module, *(module + joint + name for name in found if name and name != "*")]
    return [part.split(" as ")[0].strip() for part in text.removeprefix("import ").split(",")]


def _rust(statement: str) -> list[str]:
    text = _flat(_BLOCK_COMMENT.sub(" ", statement)).rstrip(";")
    text = re.sub(r"^(?:pub(?:\s*\([^)]*\))?\s+)?(?:use |extern crate )?", "", text)
    return _leaves(text, "::")


def _ruby(statement: str) -> list[str]:
    match = re.search(r"['\"]([^'\"]+)['\"]", statement)
    if match is None:
        return []
    near = statement.startswith("require_relative") and not match[1].startswith(".")
    return [("./" if near else "") + match[1]]


def _scala(statement: str) -> list[str]:
    text = _flat(_BLOCK_COMMENT.sub(" ", statement)).removeprefix("import ")
    text = re.sub(r"(\w)\s*=>\s*[\w`]+", r"\1", text)
    return [leaf.replace("._", ".*") for leaf in _leaves(text, ".")]


def _php(statement: str) -> list[str]:
    text = _flat(statement).rstrip(";")
    if not text.startswith("use"):
        # require __DIR__ . '/x.php': the folder of the file itself is written "./".
        path = re.search(r"['\"]([^'\"]+)['\"]", text)
        near = "./" if re.search(r"__DIR__|dirname", text) else ""
        return [near + path[1].lstrip("/") if near else path[1]] if path else []
    text = re.sub(r"^use\s+(?:function\s+|const\s+)?", "", text)
    return [leaf.lstrip("\\") for leaf in _leaves(text, "\\")]


def _leaves(text: str, joint: str) -> list[str]:
    """Return each path of ``a::b::{c, d::{e}}`` in full; ``as`` names and ``self`` are left out."""
    out: list[str] = []
    prefixes = [""]
    word = ""
    for sign in text + ",":
        if sign == "{":
            prefixes.append(prefixes[-1] + word.strip())
            word = ""
        elif sign in ",}":
            name = word.split(" as ")[0].strip()
            if name == "self":
                out.append(prefixes[-1].removesuffix(joint))
            elif name:
                out.append(prefixes[-1] + name)
            word = ""
            if sign == "}" and len(prefixes) > 1:
                prefixes.pop()
        else:
            word += sign
    return out


def _dotted(statement: str) -> list[str]:
    """Read `import static a.b.C.*;`, `using X = a.b;`, `import a.b as c`."""
    text = _flat(_BLOCK_COMMENT.sub(" ", statement)).rstrip("; ")
    text = re.sub(r"^(?:global\s+)?(?:import|using|with|use|uses)\s+(?:static\s+|type\s+)?", "", text)
    text = text.partition("=")[2].strip() if "=" in text else text
    return [text.split(" as ")[0].strip()] if text else []


def _list(statement: str) -> list[str]:
    """Read `uses A, B in 'b.pas';` and `with Ada.Text_IO, B;`."""
    text = re.sub(
        r"^(?:limited\s+|private\s+)*(?:with|uses)\s+", "", _flat(statement).rstrip("; "), flags=re.I
    )
    return [part.split(" in ")[0].strip() for part in text.split(",") if part.strip()]


def _include(statement: str) -> list[str]:
    match = re.search(r'"([^"]+)"|(<[^>]+>)', statement)
    return [match[1] or match[2]] if match else []


def _swift(statement: str) -> list[str]:
    return [_flat(statement).split(" ")[-1]]


def _bash(statement: str) -> list[str]:
    words = _flat(statement).split(" ", 1)
    if len(words) < 2:
        return []
    # . "$(dirname "$0")/x.sh": the folder of the file itself is written "./".
    path = re.sub(r"\$[({][^/]*/", "./", words[1], count=1).strip("'\" ")
    return [path.split(" ")[0]]


def _fortran(statement: str) -> list[str]:
    match = re.match(r"\s*use\b(?:\s*,\s*\w+)?\s*(?:::)?\s*(\w+)", statement, re.I)
    return [match[1]] if match else []


def _flat(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


_READERS: Final[dict[str, Callable[[str], list[str]]]] = {
    "python": _python,
    "rust": _rust,
    "scala": _scala,
    "php": _php,
    "ruby": _ruby,
    "java": _dotted,
    "kotlin": _dotted,
    "groovy": _dotted,
    "csharp": _dotted,
    "c": _include,
    "cpp": _include,
    "objc": _include,
    "swift": _swift,
    "ada": _list,
    "pascal": _list,
    "fortran": _fortran,
    "bash": _bash,
}
