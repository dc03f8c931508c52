"""What a module is for, in at most two sentences: what it says of itself, else what it is made of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.inquiry import listed
from indexer.answer.readable import is_readable
from indexer.answer.sentences import Sentence
from indexer.guide.modules.told import Teller
from indexer.guide.modules.tree import Module, Tree, TreeFile, language_of, use_of
from indexer.guide.overview import is_telling
from indexer.shapes.modules import ModuleLink, ModuleUse, Named
from indexer.types import FileMark, Section, Statement

SENTENCES: Final = 2

FEW: Final = 3
"""Files below which a module is what the modules in it are."""

FEWEST_WORDS: Final = 2
"""Words of a docstring that still tells something; a document's sentence has twice as many."""

NAMED: Final = 3
"""Files or documents named for all of them."""

_LEAST_NAME: Final = 4
"""Letters of a module's name from which a document of that name is taken to be about it."""

HEAD_LINES: Final = 60
"""Lines at the head of a file in which it says what it is."""

_README: Final = re.compile(
    r"^(?:readme|index|overview|about|package)(?:\.(?:md|rst|txt|adoc|markdown|rdoc))?$", re.I
)
_PACKAGE: Final = re.compile(r"^(?:__init__\.py|package-info\.java|doc\.go|mod\.rs|lib\.rs|index\.\w+)$")
_DESCRIPTION: Final = re.compile(
    r"""^\s*(?:"description"\s*:\s*"|description\s*=\s*["']|<description>|description:\s*["']?)"""
    r"""(?P<text>[^"'<\n]{12,300}?)\s*(?:["'],?|</description>)?\s*,?\s*$"""
)
_DESCRIBED: Final = frozenset(
    (
        "package.json",
        "pyproject.toml",
        "setup.py",
        "setup.cfg",
        "pom.xml",
        "Cargo.toml",
        "composer.json",
        "Chart.yaml",
    )
)
_TELLS: Final = re.compile(
    r"\b(?:is|are|provides?|contains?|implements?|defines?|handles?|manages?|allows?|lets|responsible|used|for"
    r"|deals?|offers?|describes?|documents?|explains?|shows?|gives?|adds?|enables?|supports?|represents?|based"
    r"|describe|consists?|makes?|helps?|works?|implementation|interface|utilities|helpers|tools?|support)\b",
    re.I,
)
_NOT_ABOUT_IT: Final = re.compile(
    r"^(?:note|warning|todo|see|for more|to (?:install|run)|install|version|copyright|author|license|download"
    r"|this (?:file|document) (?:is|was) (?:generated|licensed|part of)|import|from|please|click|sponsor\w*"
    r"|open collective|donat\w*"
    r"|in this (?:section|chapter)|your?\b|you've|we |i |let'?s|first|then|after|before|next|these|those|they"
    r"|that|certain|several|some|many|most|parts? of"
    r"|if|when|for example|however|but|and|also|it also|once|since|as|so|now|there|make sure|use|set"
    r"|name: )\b|^[^\w\"'(*`“]|^\W*(?:!/|[\w-]+: \S+ [\w-]+: )",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What was counted of a module: what it offers and what it uses, the most used first."""

    offered: Sequence[Named]
    uses: Sequence[ModuleLink]
    repository: str
    """What the whole is called."""


def purpose(teller: Teller, tree: Tree, module: Module, name: str, parts: Parts) -> list[Statement]:
    """Return what a module is for; ``name`` is how a sentence calls it. At least one sentence, always."""
    said: list[Statement] = []
    known: set[str] = set()
    for statement in own_words(teller, tree, module, parts.repository):
        if statement.text.casefold() not in known:
            known.add(statement.text.casefold())
            said.append(statement)
        if len(said) == SENTENCES:
            return said
    made_of = composed(teller, tree, module, name, parts, known)
    return [*said, *made_of[: SENTENCES - len(said)]]


def own_words(teller: Teller, tree: Tree, module: Module, repository: str) -> Iterator[Statement]:
    """Yield sentences that the module's own documents say of it, the likeliest first; ``repository`` is what
    the whole is called.
    """
    at_top = [file for file in module.own if file.path.rpartition("/")[0] == module.folder]
    if module.parent is None:
        # A README begins with anything, thanks to its sponsors included: of the whole it must say its name.
        yield from _of_the_whole(teller, tree, at_top, repository)
        return
    if module.folder == module.path:
        for file in at_top:
            if file.path.rpartition("/")[2] in _DESCRIBED:
                yield from _description(teller, file)
        for pattern, roles in ((_PACKAGE, _OF_CODE), (_README, _OF_DOCUMENTS)):
            for file in at_top:
                if pattern.match(file.path.rpartition("/")[2]):
                    yield from _first(teller, file, roles)
    yield from _written_elsewhere(teller, tree, module)
    code = [file for file in module.own if file.is_code]
    if len(code) == 1:
        yield from _first(teller, code[0], _OF_CODE)


def _written_elsewhere(teller: Teller, tree: Tree, module: Module) -> Iterator[Statement]:
    word = module.path.replace("#", "/").rpartition("/")[2].lower()
    for file in documents_named_so(tree, module):
        for statement in _first(teller, file, _OF_DOCUMENTS):
            # A document of the same name may be about anything: it must speak of it, too.
            if word[:-1] in statement.text.lower():
                yield statement


def _of_the_whole(
    teller: Teller, tree: Tree, at_top: Sequence[TreeFile], repository: str
) -> Iterator[Statement]:
    """Yield what build files, the README or the first document say that NAME is."""
    for file in at_top:
        if file.path in _DESCRIBED:
            yield from _description(teller, file)
    called = "|".join(re.escape(each) for each in {repository, *re.split(r"[-_. ]", repository)} if each)
    named = re.compile(
        rf"^(?:the )?\W?(?:{called})\W? (?:\S+ ){{0,2}}"
        r"(?:(?:is|are) (?:an?|the)|provides|helps|lets|aims|gives)\b",
        re.I,
    )
    documents = [file for file in at_top if _README.match(file.path)]
    documents += [
        file
        for file in tree.files_below("")
        if file.path.count("/") <= _DEEP
        and re.search(r"(?:^|/)(?:index|intro\w*|readme)\.\w+$", file.path, re.I)
    ]
    read = [
        (file, sentence)
        for file in dict.fromkeys(documents)
        for sentence in teller.sentences(file)[:_READ]
        if tells_what(sentence) and not _ABOUT_ITS_PEOPLE.search(sentence.text)
    ]
    found = [each for each in read if named.match(each[1].text)]
    # "Celery is a distributed system ..." tells more than "Celery is easy to ..."; a folder may be called
    # otherwise than what is in it.
    found.sort(key=lambda each: not _IS_A.search(each[1].text))
    for file, sentence in found[:2] or [each for each in read if _IS_A.match(each[1].text)][:1]:
        statement = teller.quote(Section.WHAT, file.path, sentence)
        if statement is not None:
            yield statement


_IS_A: Final = re.compile(
    r"(?:^(?:the )?[A-Z]\S*(?: \S+){0,4}?|\b) (?:is|are) (?:an?|the) (?:[\w,/+-]+ ){0,6}?"
    r"(?:frameworks?|librar(?:y|ies)|systems?|tools?|servers?|clients?"
    r"|applications?|apps?|engines?|packages?|platforms?|languages?|databases?|services?|toolkits?|programs?"
    r"|projects?|generators?|compilers?|interfaces?|implementations?|modules?|plugins?|queues?|protocols?)\b",
    re.I,
)
_ABOUT_ITS_PEOPLE: Final = re.compile(
    r"\b(?:(?:funding|licen[cs]|sponsor|communit|contribut|maintainer|donat|tidelift)\w*|we)\b", re.I
)


def _is_of_the_system(tree: Tree, module: Module) -> bool:
    """Say whether a module is code that documents tell of: no tests, and no templates of pages."""
    files = list(tree.files_below(module.path))
    return use_of(files) is ModuleUse.CODE and language_of(files) not in (
        "html",
        "css",
        "scss",
        "less",
        "xml",
    )


_DEEP: Final = 2
"""Folders down to which a document may tell what the whole is."""

_READ: Final = 150
"""Sentences of such a document that are looked at."""

_OF_CODE: Final = frozenset((Role.DOCSTRING, Role.COMMENT))
_OF_DOCUMENTS: Final = frozenset((Role.PROSE,))


def _description(teller: Teller, file: TreeFile) -> Iterator[Statement]:
    """Yield what a build file says that its unit is."""
    for number, line in teller.lines(file)[:400]:
        found = _DESCRIPTION.match(line)
        if found and is_telling(found["text"]) and "{" not in found["text"]:
            sentence = Sentence(found["text"].strip(), number, number, Role.PROSE)
            statement = teller.quote(Section.WHAT, file.path, sentence)
            if statement is not None:
                yield statement
            return


def _first(teller: Teller, file: TreeFile, roles: frozenset[Role]) -> Iterator[Statement]:
    """Yield the first sentences of a file that tell what it is, at most two that stand together."""
    last: Sentence | None = None
    for sentence in teller.sentences(file):
        if sentence.start_line > HEAD_LINES or (last is not None and sentence.start_line > last.end_line + 2):
            return
        if (
            sentence.role not in roles
            or not tells_what(sentence, strict=Role.PROSE in roles)
            or (sentence.role in _OF_CODE and _is_inner(teller, file, sentence))
        ):
            if last is not None:
                return
            continue
        statement = teller.quote(Section.WHAT, file.path, sentence)
        if statement is None:
            return
        yield statement
        if last is not None:
            return
        last = sentence


def _is_inner(teller: Teller, file: TreeFile, sentence: Sentence) -> bool:
    """Whether something is defined above a sentence, which may then speak of that."""
    return any(_DEFINES.match(line) for _, line in teller.lines(file)[: sentence.start_line - 1])


def is_of_itself(text: str) -> bool:
    """Return whether the beginning of a sentence lets it speak of what its document is about."""
    return not _NOT_ABOUT_IT.match(text)


def tells_what(sentence: Sentence, *, strict: bool = False) -> bool:
    """Return whether a sentence at the head of a file may tell what the file is for."""
    text = sentence.text
    if (
        not is_telling(text)
        or not is_readable(text)
        or _NOT_ABOUT_IT.match(text)
        or text.endswith((":", "?"))
    ):
        return False
    words = text.split()
    if not strict:
        return len(words) >= FEWEST_WORDS
    telling = len(words) >= 2 * FEWEST_WORDS and bool(_TELLS.search(text))
    return telling and not _ABOUT_ITS_PEOPLE.search(text)


def documents_named_so(tree: Tree, module: Module) -> Iterator[TreeFile]:
    """Yield documents elsewhere that bear the module's name, for modules of the system itself."""
    name = module.path.replace("#", "/").rpartition("/")[2].lower()
    if (
        module.parent is None
        or len(name) < _LEAST_NAME
        or use_of(tree.files_below(module.path)) != ModuleUse.CODE
    ):
        return
    parts = module.path.replace("#", "/").lower().split("/")
    namesakes = [
        each.path.count("/")
        for each in tree.modules.values()
        if each.path.rpartition("/")[2].lower() == name
        and use_of(tree.files_below(each.path)) is ModuleUse.CODE
    ]
    if min(namesakes, default=0) < module.path.count("/"):
        # Of two of one name the document means the one that lies higher, unless it names what is around.
        parts = [*parts[:-2], ".".join(parts[-2:])]
    dotted = {".".join(parts[at:]) for at in range(max(len(parts) - 3, 0), len(parts))}
    for file in tree.files_below(""):
        if file.language in ("markdown", "rst", "asciidoc") and not file.marks & FileMark.EXAMPLE:
            stem = file.path.rpartition("/")[2].rpartition(".")[0].lower()
            if stem in dotted and not file.path.startswith(f"{module.path}/"):
                yield file


def _takes_in(teller: Teller, name: str, uses: Sequence[ModuleLink]) -> Statement:
    """Return what tests, or examples, are of: the modules that they take in most."""
    most = uses[0].imports
    chosen = [each for each in uses[:3] if each.imports * 3 >= most]
    of = listed([f"`{each.path}`" if each.path else "files at the top" for each in chosen])
    places = [
        place for each in chosen for citation in each.statement.citations for place in citation.rests_on
    ]
    return teller.counted(f"{name} mostly imports from {of}.", f"imports of the files of {name}", places)


def composed(
    teller: Teller,
    tree: Tree,
    module: Module,
    name: str,
    parts: Parts,
    known: Collection[str],
) -> list[Statement]:
    """Return what a module is made of, where it does not say what it is for."""
    files = list(module.own)
    inner = [tree.modules[path] for path in module.children]
    code = [file for file in files if file.is_code] or [file for file in files if file.language]
    below = [file for file in tree.files_below(module.path) if file.is_code]
    out: list[Statement] = []
    if use_of(files) in (ModuleUse.TESTS, ModuleUse.EXAMPLES) and parts.uses:
        out.append(_takes_in(teller, name, parts.uses))
    whole = module.parent is None and bool(inner)
    foremost = _foremost(parts.offered)
    told = None if whole else foremost or _most_telling(teller, code or below, known)
    if told is not None:
        out.append(told)
    if whole or (len(inner) > 1 and len(files) < FEW):
        out.append(_holds(teller, module, inner, name))
    elif files or inner:
        out.append(_made_of(teller, module, list(tree.files_below(module.path)), name))
        if told is None and len(inner) > 1:
            out.append(_holds(teller, module, inner, name))
    return out


def _holds(teller: Teller, module: Module, inner: Sequence[Module], name: str) -> Statement:
    """Return which modules a module holds."""
    names = ", ".join(f"`{each.name}`" for each in inner[:6])
    more = f" and {len(inner) - 6} more" if len(inner) > 6 else ""
    text = f"{name} holds {len(inner)} modules: {names}{more}."
    return teller.counted(text, f"modules in {module.path}/", [f"{each.path}/" for each in inner])


def _foremost(offered: Sequence[Named]) -> Statement | None:
    """Return what the module offers before all and says of itself: what many outside use, or a type."""
    telling = [each for each in offered if "“" in each.statement.text and each.kind != "table"]
    used = [each for each in telling[:3] if _FROM_OUTSIDE.search(each.statement.text)]
    types = [each for each in telling if each.kind not in _ACTS]
    return next((each.statement for each in (*used, *types)), None)


def _most_telling(teller: Teller, files: Sequence[TreeFile], known: Collection[str]) -> Statement | None:
    """Return what the most used file says of itself at its head."""
    for file in sorted(files, key=lambda each: (-each.rank, -each.lines, each.path))[:8]:
        sentence = _at_head(teller, file)
        if sentence is None or sentence.text.casefold() in known:
            continue
        text = f"Its `{file.path.rpartition('/')[2]}` says: “{sentence.text}”"
        statement = teller.placed(text, [], (file.path, sentence))
        if statement is not None:
            return statement
    return None


def _at_head(teller: Teller, file: TreeFile) -> Sentence | None:
    """Return the first sentence of a file, when nothing but remarks and names of packages stands before."""
    for sentence in teller.sentences(file):
        strict = sentence.role is Role.PROSE
        if sentence.start_line > HEAD_LINES or sentence.role not in _OF_CODE | _OF_DOCUMENTS:
            if sentence.role is Role.TITLE:
                continue
            return None
        if tells_what(sentence, strict=strict):
            above = teller.lines(file)[: sentence.start_line - 1]
            bare = strict or all(_BEFORE.match(line) for _, line in above)
            return sentence if bare else None
    return None


_FROM_OUTSIDE: Final = re.compile(r", used from (?!1 file)\d")
_ACTS: Final = frozenset(("function", "macro"))
_DEFINES: Final = re.compile(
    r"^\s*(?:(?:async|export|public|private|static|default|abstract|final)\s+)*"
    r"(?:def|class|function|func|fn|interface|struct|impl|enum|trait|sub)\b\s*\w"
)
_BEFORE: Final = re.compile(r"""^\s*(?:$|\#|//|/?\*|--|;|%|['"]{3}|<!--|<\?|package\b|r?['"]{3}|@|.{6}\*)""")


def _made_of(teller: Teller, module: Module, files: Sequence[TreeFile], name: str) -> Statement:
    """Return how many files of what a module has, and which are the most used; documents by their titles."""
    first = sorted(files, key=lambda each: (not each.is_code, -each.rank, -each.lines, each.path))[:NAMED]
    documents = use_of(files) is ModuleUse.DOCUMENTS
    titles = [(each, teller.title(each)) for each in first] if documents else []
    if titles and all(title is not None for _, title in titles):
        names = [f"“{title[1]}”" for _, title in titles if title is not None]
        places = [f"{each.path}:{title[0]}" for each, title in titles if title is not None]
    else:
        names = [f"`{each.path.rpartition('/')[2]}`" for each in first]
        places = [f"{each.path}:1" for each in first]
    kinds = {each.language for each in files if each.language}
    in_what = f" in {sorted(kinds)[0]}" if len(kinds) == 1 and not documents else ""
    noun = "document" if documents else "file"
    lead = ": " if len(files) <= len(names) else ", among them "
    text = f"{name} has {len(files):,} {noun}{'' if len(files) == 1 else 's'}{in_what}{lead}{listed(names)}."
    return teller.counted(text, f"files in {module.path or '.'}", places)
