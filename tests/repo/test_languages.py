"""Language, kind, marks and reason to skip, from a path and git's attributes."""

import pytest

from indexer.repo.languages import FileClass, classify, refine
from indexer.types import ChunkKind, FileMark


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("src/app.py", "python"),
        ("src/App.TSX", "tsx"),
        ("lib/Parser.pm", "perl"),
        ("app/cbl/CBTRN02C.cbl", "cobol"),
        ("app/cpy/CVTRA05Y.cpy", "cobol"),
        ("app/jcl/POSTTRAN.jcl", "jcl"),
        ("app/bms/COSGN00.bms", "bms"),
        ("Dockerfile", "dockerfile"),
        ("deploy/Dockerfile.prod", "dockerfile"),
        ("GNUmakefile", "make"),
        ("pom.xml", "maven"),
        ("build.gradle", "gradle"),
        ("main.tf", "terraform"),
        ("README", "text"),
        ("docs/index.rst", "rst"),
        ("notes/a.ipynb", "notebook"),
        ("requirements-dev.txt", "requirements"),
        ("config.h.in", "c"),
        ("bin/run", ""),
        (".gitignore", "gitignore"),
        ("strange.qqq", ""),
    ],
)
def test_the_language_comes_from_name_or_extension(path: str, language: str) -> None:
    assert classify(path, {}).language == language


def test_linguist_language_overrides_the_extension() -> None:
    assert classify("a.inc", {"linguist-language": "C++"}).language == "cpp"
    assert classify("a.x", {"linguist-language": "Visual-Basic"}).language == "vb"


def test_documents_are_doc_and_everything_else_is_code() -> None:
    assert classify("docs/a.md", {}).kind is ChunkKind.DOC
    assert classify("a.yaml", {}).kind is ChunkKind.CODE


@pytest.mark.parametrize(
    ("path", "mark"),
    [
        ("tests/test_app.py", FileMark.TEST),
        ("src/app.spec.ts", FileMark.TEST),
        ("src/OrderServiceTest.java", FileMark.TEST),
        ("pkg/router_test.go", FileMark.TEST),
        ("examples/basic.py", FileMark.EXAMPLE),
        ("vendor/lib/a.go", FileMark.VENDORED),
        ("dist/esm/app.js", FileMark.VENDORED),
        ("api/orders_pb2.py", FileMark.GENERATED),
        ("api/orders.pb.go", FileMark.GENERATED),
        ("docs/usage.md", FileMark.DOCUMENTATION),
        ("settings.yaml", FileMark.CONFIGURATION),
        ("src/compat/urls.py", FileMark.LEGACY),
        ("types/index.d.ts", FileMark.STUB),
    ],
)
def test_a_path_gives_its_marks(path: str, mark: FileMark) -> None:
    assert mark in classify(path, {}).marks


@pytest.mark.parametrize(
    "path",
    [
        "src/main/java/org/springframework/samples/petclinic/Owner.java",
        "core/src/main/kotlin/io/demo/test/Runner.kt",
    ],
)
def test_a_package_named_like_a_sample_or_a_test_is_the_code_itself(path: str) -> None:
    assert classify(path, {}).marks == FileMark.NONE
    assert FileMark.EXAMPLE in classify("samples/" + path, {}).marks


@pytest.mark.parametrize("path", ["src/latest.py", "src/contest.py", "src/protest/a.py", "src/Manifest.java"])
def test_a_name_that_only_sounds_like_a_test_is_none(path: str) -> None:
    assert FileMark.TEST not in classify(path, {}).marks


def test_attributes_have_the_last_word_on_generated_and_vendored() -> None:
    assert FileMark.GENERATED in classify("a.py", {"linguist-generated": "set"}).marks
    assert FileMark.GENERATED in classify("a.py", {"linguist-generated": "true"}).marks
    assert FileMark.VENDORED not in classify("vendor/a.py", {"linguist-vendored": "false"}).marks
    assert FileMark.VENDORED in classify("vendor/a.py", {"linguist-vendored": "unspecified"}).marks


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (".env", "may hold secrets, by its name"),
        ("deploy/.env.production", "may hold secrets, by its name"),
        ("keys/server.pem", "may hold secrets, by its name"),
        (".ssh/id_rsa", "may hold secrets, by its name"),
        ("package-lock.json", "lock file"),
        ("Cargo.lock", "lock file"),
        ("static/jquery.min.js", "minified, by its name"),
        ("static/app.js.map", "minified, by its name"),
        ("web/node_modules/left-pad/index.js", "installed packages"),
        ("logo.PNG", "binary, by its name"),
    ],
)
def test_what_is_not_read_has_its_reason(path: str, reason: str) -> None:
    assert classify(path, {}).skip == reason


@pytest.mark.parametrize(
    "path", [".env.example", "id_rsa.pub", "src/env.py", "Makefile.lock.md", "src/pem.go"]
)
def test_harmless_names_are_read(path: str) -> None:
    assert classify(path, {}).skip == ""


@pytest.mark.parametrize(
    ("language", "head", "refined"),
    [
        ("", b"#!/usr/bin/env python3\nprint()\n", "python"),
        ("", b"#!/bin/sh\n", "bash"),
        ("", b"#!/usr/bin/perl -w\n", "perl"),
        ("", b"#!/usr/bin/env -S node --harmony\n", "javascript"),
        ("", b"hello\n", ""),
        ("c", b"#pragma once\nnamespace a {\n", "cpp"),
        ("c", b"struct a { int class_; };\n", "c"),
        ("c", b"int a;\n" * 4_000 + b"static int b = std::max(1, static_cast<int>(c));\n" * 8, "cpp"),
        ("c", b"int a;\n" * 4_000 + b"/* like std::max */\n" * 2, "c"),
        ("c", b"@interface Foo : NSObject\n", "objc"),
        ("objc", b"function y = f(x)\n", "matlab"),
        ("objc", b"#import <a.h>\n", "objc"),
        ("typescript", b'<?xml version="1.0"?><TS>', "xml"),
        ("php", b"plain include file\n", ""),
        ("php", b"<?php echo 1;\n", "php"),
    ],
)
def test_content_settles_what_the_name_leaves_open(language: str, head: bytes, refined: str) -> None:
    assert refine(language, head) == refined


def test_a_path_that_is_not_utf8_is_classified_all_the_same_P2() -> None:
    assert classify(b"src/caf\xe9.py".decode("utf-8", "surrogateescape"), {}) == FileClass(
        "python", ChunkKind.CODE, FileMark.NONE
    )
