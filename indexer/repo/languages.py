"""Say what a file is from its path and git attributes alone: language, kind, marks, reason to skip.

Languages carry the names that the grammar pack uses, so that a grammar is found by its name;
formats without a grammar have names of our own (``jcl``, ``bms``, ``plsql``, ``text``). What only
the content can tell (a shebang, a C++ header) is settled by ``refine``, in the worker.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from indexer.types import ChunkKind, FileMark

UNKNOWN: Final = ""
"""The language of a file that neither its name nor its content gives away: read by lines."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_EXTENSIONS: Final = {
    "actionscript": "as",
    "ada": "ada adb ads",
    "apex": "apex trigger",
    "asciidoc": "adoc asciidoc asc",
    "asm": "asm s nasm",
    "assembler": "mac hlasm",
    "bash": "sh bash zsh ksh bats ebuild",
    "bat": "bat cmd",
    "bicep": "bicep",
    "bms": "bms",
    "c": "c h",
    "clojure": "clj cljs cljc edn",
    "cmake": "cmake",
    "cobol": "cbl cob cobol cpy ccp dcl",
    "commonlisp": "lisp lsp cl",
    "control": "ctl cntl prm",
    "cpp": "cpp cc cxx c++ hpp hh hxx h++ ipp tpp inl",
    "csd": "csd",
    "csharp": "cs csx",
    "css": "css",
    "csv": "csv",
    "cuda": "cu cuh",
    "d": "d",
    "dart": "dart",
    "dockerfile": "dockerfile containerfile",
    "elisp": "el",
    "elixir": "ex exs",
    "elm": "elm",
    "erlang": "erl hrl",
    "fish": "fish",
    "fortran": "f for ftn f77 f90 f95 f03 f08 fpp",
    "fsharp": "fs fsx fsi",
    "gdscript": "gd",
    "gleam": "gleam",
    "glsl": "glsl vert frag",
    "go": "go",
    "gradle": "gradle",
    "graphql": "graphql gql graphqls",
    "groovy": "groovy gvy gsh",
    "haskell": "hs lhs",
    "haxe": "hx",
    "html": "html htm xhtml vm ftl hbs mustache ejs jinja jinja2 j2",
    "ini": "ini cfg conf cnf inf editorconfig desktop service",
    "ims": "dbd psb",
    "java": "java",
    "javascript": "js jsx mjs cjs es6",
    "jcl": "jcl prc proc",
    "json": "json jsonc json5 geojson webmanifest avsc",
    "jsp": "jsp jspf jspx tag",
    "julia": "jl",
    "kotlin": "kt kts",
    "latex": "tex ltx sty",
    "less": "less",
    "lua": "lua",
    "make": "mk mak",
    "markdown": "md markdown mdown mkd mdx rmd qmd",
    "matlab": "matlab",
    "nim": "nim nims",
    "nix": "nix",
    "notebook": "ipynb",
    "objc": "m mm",
    "ocaml": "ml",
    "ocaml_interface": "mli",
    "org": "org",
    "pascal": "pas dpr lpr dpk pp",
    "perl": "pl pm t pod psgi",
    "php": "php phtml php3 php4 php5 php7 phps inc module install",
    "plsql": "pls plb pks pkb pkg plsql pck trg",
    "powershell": "ps1 psm1 psd1",
    "prisma": "prisma",
    "prolog": "pro prolog",
    "properties": "properties",
    "proto": "proto",
    "puppet": "epp",
    "python": "py pyi pyw pyx pxd wsgi",
    "r": "r",
    "racket": "rkt",
    "rexx": "rexx rex",
    "rpg": "rpgle sqlrpgle rpg",
    "rst": "rst rest",
    "ruby": "rb rake gemspec ru podspec rbw jbuilder",
    "rust": "rs",
    "scala": "scala sc sbt",
    "scheme": "scm ss sld",
    "sass": "sass",
    "scss": "scss",
    "smali": "smali",
    "solidity": "sol",
    "sql": "sql ddl dml",
    "starlark": "bzl star bazel",
    "svelte": "svelte",
    "swift": "swift",
    "tcl": "tcl tk",
    "terraform": "tf tfvars hcl",
    "text": "txt text man 1 3 5 7 8",
    "thrift": "thrift",
    "toml": "toml",
    "tsv": "tsv",
    "tsx": "tsx",
    "twig": "twig",
    "typescript": "ts mts cts",
    "v": "vsh",
    "vb": "vb vbs bas frm cls",
    "verilog": "v sv svh vh",
    "vhdl": "vhd vhdl",
    "vim": "vim",
    "vue": "vue",
    "xml": "xml xsd xsl xslt wsdl pom csproj vbproj fsproj props targets config resx xaml xmi plist",
    "yaml": "yml yaml cff",
    "zig": "zig",
}
_BY_EXTENSION: Final = {
    extension: language for language, extensions in _EXTENSIONS.items() for extension in extensions.split()
}

_NAMES: Final = {
    "dockerfile": "dockerfile containerfile",
    "make": "makefile gnumakefile bsdmakefile",
    "cmake": "cmakelists.txt",
    "ruby": "gemfile rakefile vagrantfile podfile fastfile guardfile capfile brewfile dangerfile",
    "groovy": "jenkinsfile",
    "maven": "pom.xml",
    "starlark": "build workspace build.bazel workspace.bazel tiltfile",
    "python": "sconstruct sconscript wscript",
    "r": ".rprofile",
    "bash": ".bashrc .bash_profile .profile .zshrc gradlew configure pkgbuild apkbuild",
    "ini": ".editorconfig .gitconfig .flake8 .coveragerc .pylintrc setup.cfg tox.ini .npmrc",
    "toml": "pipfile",
    "json": ".babelrc .eslintrc .prettierrc .swcrc .jshintrc composer.json",
    "gitignore": ".gitignore .dockerignore .npmignore .eslintignore .prettierignore",
    "gitattributes": ".gitattributes",
    "gomod": "go.mod",
    "requirements": "requirements.txt constraints.txt",
    "text": (
        "readme license licence copying notice authors contributors maintainers changelog changes history"
        " news todo install contributing codeowners thanks credits version copyright security owners"
    ),
}
_BY_NAME: Final = {name: language for language, names in _NAMES.items() for name in names.split()}

_REQUIREMENTS: Final = re.compile(r"requirements[\w.-]*\.(?:txt|in)")
_ALIASES: Final = {
    "c++": "cpp", "c#": "csharp", "objective-c": "objc", "objective-c++": "objc", "shell": "bash",
    "f#": "fsharp", "visual basic": "vb", "visual basic .net": "vb", "restructuredtext": "rst",
    "jupyter notebook": "notebook", "makefile": "make", "hcl": "terraform", "emacs lisp": "elisp",
    "common lisp": "commonlisp", "tex": "latex", "vim script": "vim", "batchfile": "bat",
    "maven pom": "maven", "java server pages": "jsp", "free pascal": "pascal", "delphi": "pascal",
}  # fmt: skip
"""Names of linguist-language that differ from ours."""

_DOC_LANGUAGES: Final = frozenset({"markdown", "rst", "asciidoc", "text", "org", "latex", "notebook"})
_CONFIG_LANGUAGES: Final = frozenset(
    {
        "yaml", "toml", "json", "xml", "ini", "properties", "dockerfile", "make", "cmake", "gradle", "maven",
        "terraform", "csv", "tsv", "gitignore", "gitattributes", "gomod", "requirements", "starlark", "bicep",
    }
)  # fmt: skip

_BINARY: Final = _set(
    "png jpg jpeg gif bmp ico icns webp tiff tif psd ai eps avif heic svgz xcf pdf doc docx xls xlsx ppt pptx"
    " odt ods odp zip gz tgz bz2 xz zst 7z rar tar jar war ear aar whl egg deb rpm dmg iso apk ipa class pyc"
    " pyo pyd o a so dylib dll exe lib obj bin wasm ttf otf woff woff2 eot mp3 mp4 m4a wav ogg flac"
    " avi mov mkv webm sqlite sqlite3 db mdb parquet arrow feather npy npz pkl pickle h5 hdf5 onnx pt pth"
    " safetensors tflite mo swf fla blend fbx glb nib pack idx"
)
_SECRET_NAMES: Final = re.compile(
    r"""(?x) ^(?: \.env(?:\.(?!example|sample|template|dist|defaults?|test|schema).*)?
      | id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)? | \.netrc | _netrc | \.pgpass | \.htpasswd | \.git-credentials
      | .*\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc\.key)
    )$"""
)
_LOCK_NAMES: Final = _set(
    "package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lockb bun.lock poetry.lock"
    " pipfile.lock pdm.lock uv.lock cargo.lock gemfile.lock composer.lock go.sum podfile.lock mix.lock"
    " pubspec.lock packages.lock.json gradle.lockfile flake.lock deno.lock paket.lock .terraform.lock.hcl"
)
_MINIFIED: Final = re.compile(r"(?:[.-]min\.(?:js|css|mjs|cjs|html)|\.(?:js|css|mjs)\.map)$")
_LOCK, _MINIFIED_NAME, _PACKAGES = "lock file", "minified, by its name", "installed packages"
MINIFIED: Final = "minified"
_INCLUDABLE: Final = frozenset({_LOCK, _MINIFIED_NAME, _PACKAGES, MINIFIED})

_INSTALLED: Final = frozenset({"node_modules", "bower_components", "jspm_packages", ".yarn", "site-packages"})
"""Folders that a package manager fills; a repository that holds one is searched without it."""

_VENDORED: Final = _set(
    "vendor vendors vendored _vendor third_party third-party thirdparty 3rdparty external externals"
    " deps extern godeps _vendored node_modules bower_components dist"
)
"""Folders of other people's code, and (``dist``) of bundles built from the sources beside them:
both are read, and stand behind the repository's own code. After linguist's list of vendored paths."""

_TESTS: Final = _set("test tests testing spec specs __tests__ testdata fixtures e2e t unittests testsuite")
_EXAMPLES: Final = _set("example examples sample samples demo demos tutorial tutorials playground docs_src")
_DOCS: Final = _set("doc docs documentation man wiki")
_TEST_NAME: Final = re.compile(
    r"(?:^test_.*\.|_tests?\.|^conftest\.py$|\.(?:spec|test|cy|e2e)\."
    r"|(?:^|[a-z\d])(?:Tests?|Spec|IT)\.[a-z]+$|^tests?\.)"
)
_GENERATED: Final = re.compile(
    r"(?:_pb2(?:_grpc)?\.pyi?$|\.pb\.(?:go|cc|h|swift)$|[._-]generated\.|\.g\.(?:dart|cs|i\.cs)$|\.designer\.cs$"
    r"|^zz_generated|\.gen\.|_gen\.go$|^parsetab\.py$)",
    re.IGNORECASE,
)
_LEGACY: Final = re.compile(
    r"(?:^|[/_.-])(?:compat|legacy|deprecated|obsolete|old)(?=[/_.-]|$)", re.IGNORECASE
)
_STUB: Final = re.compile(r"\.(?:d\.[cm]?ts|pyi)$")
_SOURCES: Final = re.compile(r"(?:^|(?<=/))src/main/(?:java|kotlin|scala|groovy)/")
_SAYS_GENERATED: Final = re.compile(
    r"(?i)^\s*(?:#|//|/?\*|--|;|%|<!--|\"\"\").*(?:@generated\b|\bcode generated\b|do not edit\b"
    r"|\b(?:auto-?(?:matically )?generated|generated (?:by|from|automatically))\b)"
)
_HEAD_LINES: Final = 12
_HEAD_CHARACTERS: Final = 2_000
"""Where such a header stands; further down the words are more often about other files."""

_SHEBANG: Final = re.compile(rb"#!\s*\S*?/?(?:env\s+(?:-\S+\s+)*)?([A-Za-z]+)[\d.]*(?:\s|$)")
_INTERPRETERS: Final = {
    "python": "python", "pypy": "python", "node": "javascript", "nodejs": "javascript", "deno": "typescript",
    "bun": "typescript", "bash": "bash", "sh": "bash", "dash": "bash", "ksh": "bash", "zsh": "bash",
    "perl": "perl", "ruby": "ruby", "php": "php", "lua": "lua", "Rscript": "r", "groovy": "groovy",
    "pwsh": "powershell", "tclsh": "tcl", "wish": "tcl", "awk": "awk", "gawk": "awk", "make": "make",
    "fish": "fish", "osascript": "applescript", "scala": "scala", "kotlin": "kotlin", "swift": "swift",
    "escript": "erlang", "elixir": "elixir", "julia": "julia",
}  # fmt: skip
_XML: Final = re.compile(rb"\A\s*<\?xml")
_SHARED: Final = {
    # The first pattern that is found in the head of the file names its language.
    "c": (
        (re.compile(rb"(?m)^\s*(?:@(?:interface|implementation|protocol|class|import)\b|#import\s)"), "objc"),
        (
            re.compile(
                rb"(?m)^\s*(?:class\s+\w|namespace\s+[\w:]*\s*\{|template\s*<|using\s+\w"
                rb"|(?:public|private|protected):)"
            ),
            "cpp",
        ),
    ),
    "objc": ((re.compile(rb"(?m)\A\s*(?:function\b|classdef\b|%)"), "matlab"),),
    "pascal": ((re.compile(rb"(?m)^\s*(?:class|define|node)\s+[\w:']+.*\{\s*$"), "puppet"),),
    "perl": ((re.compile(rb"(?m)^\s*:-\s"), "prolog"),),
    "typescript": ((_XML, "xml"),),
    "php": ((re.compile(rb"\A(?!(?s:.)*<\?)"), UNKNOWN),),
    "control": ((re.compile(rb"(?m)\A\s*VERSION\s+\d|^Attribute VB_"), "vb"),),
    "vb": ((re.compile(rb"\A\s*[\\%]"), "latex"),),
}
_CPP_BELOW: Final = re.compile(
    rb"\bstd::\w|\b(?:static|reinterpret|const|dynamic)_cast<|(?m:^[ \t]*template\s*<)"
)
_CPP_LEAST: Final = 8
"""What no C has, and how much of it makes a header one of C++, whose head is C: libraries of one header have
their code below what C may include.
"""

_SNIFFED: Final = 16_384
"""How many bytes of a file are looked at to settle its language."""


@dataclass(frozen=True, slots=True)
class FileClass:
    """What a path gives away. ``skip`` is the reason why its content is not read, or empty."""

    language: str
    kind: ChunkKind
    marks: FileMark
    skip: str = ""
    included: bool = False
    """A person wants it read, though nobody wrote it by hand."""


@dataclass(frozen=True, slots=True)
class Limits:
    """In bytes: up to ``parse_bytes`` a file is parsed, up to ``lines_bytes`` it is cut by lines."""

    parse_bytes: int = 1_000_000
    lines_bytes: int = 10_000_000


def classify(path: str, attributes: Mapping[str, str]) -> FileClass:
    """Return what ``path`` is; ``attributes`` are git's (``linguist-*``), as check-attr prints them."""
    folders, _, name = path.rpartition("/")
    lowered = name.lower()
    parts = frozenset(folders.lower().split("/")) if folders else frozenset[str]()
    named = attributes.get("linguist-language", "").lower().replace("-", " ")
    language = _ALIASES.get(named, named if named in _EXTENSIONS else "") or _language(lowered)
    marks = _marks(path, name, parts, language, attributes)
    kind = ChunkKind.DOC if language in _DOC_LANGUAGES else ChunkKind.CODE
    return FileClass(language, kind, marks, _reason_to_skip(lowered, parts, language))


def includable(reason: str) -> bool:
    """Say whether a file that is left out for this reason can be read when a person wants it."""
    return reason in _INCLUDABLE


def included(file_class: FileClass) -> FileClass:
    """Return ``file_class`` as a person wants it: read, unless it may hold secrets."""
    skip = "" if includable(file_class.skip) else file_class.skip
    return replace(file_class, skip=skip, included=True)


def refine(language: str, data: bytes) -> str:
    """Return the language once the content is known: shebangs, and extensions that two share."""
    head = data[:_SNIFFED]
    if language == UNKNOWN:
        match = _SHEBANG.match(head)
        if match:
            return _INTERPRETERS.get(match[1].decode("ascii"), UNKNOWN)
        return "xml" if head.lstrip().startswith(b"<?xml") else UNKNOWN
    for pattern, other in _SHARED.get(language, ()):
        if pattern.search(head):
            return other
    if language == "c" and sum(1 for _ in islice(_CPP_BELOW.finditer(data), _CPP_LEAST)) == _CPP_LEAST:
        return "cpp"
    return language


def is_generated(head: str) -> bool:
    """Return whether the first lines of a file say that a program wrote it."""
    return any(_SAYS_GENERATED.search(line) for line in head[:_HEAD_CHARACTERS].split("\n", _HEAD_LINES))


def kind_of(language: str) -> ChunkKind:
    """Return the kind of chunk that a file in ``language`` is cut into."""
    return ChunkKind.DOC if language in _DOC_LANGUAGES else ChunkKind.CODE


def _language(name: str) -> str:
    if name in _BY_NAME:
        return _BY_NAME[name]
    if _REQUIREMENTS.fullmatch(name):
        return "requirements"
    stem, dot, extension = name.rpartition(".")
    if dot and stem and extension in _BY_EXTENSION:
        return _BY_EXTENSION[extension]
    if name.startswith(("dockerfile.", "containerfile.")):
        return "dockerfile"
    if name.startswith("makefile."):
        return "make"
    if name.startswith(("readme.", "license.", "changelog.")):
        return "text"
    if extension == "in" and stem:
        return _language(stem)
    return UNKNOWN


def _marks(
    path: str, name: str, parts: frozenset[str], language: str, attributes: Mapping[str, str]
) -> FileMark:
    marks = FileMark.NONE
    sources = _SOURCES.search(path)
    if sources is not None:
        # Below it folders are the parts of a package's name: org.springframework.samples is no sample.
        parts = frozenset(path[: sources.start()].lower().split("/"))
    if parts & _TESTS or _TEST_NAME.search(name):
        marks |= FileMark.TEST
    if {each.lstrip("_") for each in parts} & _EXAMPLES:  # Go keeps them in _examples/
        marks |= FileMark.EXAMPLE
    if _said(attributes, "linguist-generated", _GENERATED.search(name) is not None):
        marks |= FileMark.GENERATED
    if _said(attributes, "linguist-vendored", bool(parts & _VENDORED)):
        marks |= FileMark.VENDORED
    if _said(attributes, "linguist-documentation", bool(parts & _DOCS) or language in _DOC_LANGUAGES):
        marks |= FileMark.DOCUMENTATION
    if language in _CONFIG_LANGUAGES:
        marks |= FileMark.CONFIGURATION
    if _LEGACY.search(path):
        marks |= FileMark.LEGACY
    if _STUB.search(name):
        marks |= FileMark.STUB
    return marks


def _said(attributes: Mapping[str, str], name: str, otherwise: bool) -> bool:
    value = attributes.get(name, "unspecified").lower()
    if value in {"set", "true"}:
        return True
    return False if value in {"unset", "false"} else otherwise


def _reason_to_skip(name: str, parts: frozenset[str], language: str) -> str:
    if _SECRET_NAMES.match(name):
        return "may hold secrets, by its name"
    if name in _LOCK_NAMES:
        return _LOCK
    if _MINIFIED.search(name):
        return _MINIFIED_NAME
    if parts & _INSTALLED:
        return _PACKAGES
    extension = name.rpartition(".")[2] if "." in name else ""
    if language == UNKNOWN and extension in _BINARY:
        return "binary, by its name"
    return ""
