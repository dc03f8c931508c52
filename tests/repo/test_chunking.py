"""From the bytes of a file to its chunks: decoding, cutting, fallbacks and what is left out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.repo.chunking import parse
from indexer.repo.cutting import CHUNK_CHARACTERS, Piece, cut
from indexer.repo.decoding import split_lines, text_of
from indexer.repo.languages import Limits, classify
from indexer.types import ChunkKind, FileMark, ParsedFile, ReadAs

SAMPLES = Path(__file__).parent / "samples"


def parsed(data: bytes | str, path: str = "src/a.py", limits: Limits | None = None) -> ParsedFile:
    content = data.encode() if isinstance(data, str) else data
    return parse(content, path, classify(path, {}), limits or Limits())


def assert_covers(result: ParsedFile, text: str) -> None:
    """Every line is in one chunk, in order, word for word."""
    here = 1
    lines = split_lines(text)
    for chunk in result.chunks:
        assert chunk.start_line == here
        assert chunk.text == "\n".join(lines[chunk.start_line - 1 : chunk.end_line])
        here = chunk.end_line + 1
    assert here == len(lines) + 1 == result.lines + 1


def function(name: str, statements: int) -> str:
    body = "".join(f"    total = total + weigh(parts[{number}])\n" for number in range(statements))
    return f"def {name}(parts):\n{body}    return total\n\n\n"


# ------------------------------------------------------------------------------- cutting


@pytest.mark.parametrize("sample", sorted(path for path in SAMPLES.iterdir() if path.suffix != ".outline"))
def test_every_line_of_a_file_belongs_to_a_chunk(sample: Path) -> None:
    text = sample.read_text("utf-8") * 3
    assert_covers(parsed(text, f"src/{sample.name}"), text)


def test_a_definition_that_fits_stays_whole() -> None:
    text = function("first", 22) + function("second", 22) + function("third", 22)
    assert [chunk.symbol for chunk in parsed(text).chunks] == ["first", "second", "third"]


def test_small_definitions_are_merged_under_the_first_of_them() -> None:
    text = function("first", 2) + function("second", 2) + function("third", 2)
    (chunk,) = parsed(text).chunks
    assert chunk.symbol == "first"


def test_imports_and_constants_give_way_to_the_function_they_stand_with() -> None:
    (chunk,) = parsed("import os\n\nLIMIT = 3\n\n" + function("run", 3)).chunks
    assert chunk.symbol == "run"


def test_a_chunk_of_several_variables_is_named_after_none_of_them() -> None:
    (chunk,) = parsed("import os\n\nLIMIT = 3\nDEPTH = 4\n").chunks
    assert chunk.symbol == ""


def test_a_large_class_is_cut_at_its_methods_and_its_header_goes_with_the_first() -> None:
    methods = "".join(
        "    " + line + "\n" if line else "\n"
        for name in ("one", "two", "three")
        for line in function(name, 18).splitlines()
    )
    text = f"class Scale:\n{methods}"
    result = parsed(text)
    assert [chunk.symbol for chunk in result.chunks] == ["Scale", "Scale.two", "Scale.three"]
    assert result.chunks[0].text.startswith("class Scale:\n    def one")
    assert_covers(result, text)


def test_a_large_function_is_cut_at_blank_lines_and_keeps_its_name() -> None:
    block = "".join(f"    step_{number}(argument, another_argument)\n" for number in range(10)) + "\n"
    text = "def long():\n" + block * 6
    result = parsed(text)
    assert {chunk.symbol for chunk in result.chunks} == {"long"}
    assert len(result.chunks) > 1
    assert all(chunk.text.endswith("\n") or chunk is result.chunks[-1] for chunk in result.chunks)
    assert_covers(result, text)


def test_chunks_keep_near_the_target_size() -> None:
    text = "".join(function(f"part_{number}", number % 40) for number in range(100))
    sizes = [len(chunk.text) for chunk in parsed(text).chunks]
    assert max(sizes) <= CHUNK_CHARACTERS * 1.6
    assert sum(sizes) / len(sizes) > CHUNK_CHARACTERS * 0.5


@given(
    lines=st.lists(st.sampled_from(["", "x", "    y = 1", "z" * 400, "w" * 2_000]), min_size=1, max_size=60),
    pieces=st.lists(st.tuples(st.integers(1, 70), st.integers(0, 40), st.booleans()), max_size=12),
)
def test_whatever_the_pieces_every_line_is_in_one_span_in_order(
    lines: list[str], pieces: list[tuple[int, int, bool]]
) -> None:
    spans = cut(lines, [Piece(start, start + length, f"s{start}", main) for start, length, main in pieces])
    covered = [line for span in spans for line in range(span.start, span.end + 1)]
    assert covered == list(range(1, len(lines) + 1))


def test_the_comment_above_a_definition_is_in_its_chunk() -> None:
    text = function("first", 22) + "# Why it is so.\n@cached\n" + function("second", 22)
    (_, second) = parsed(text).chunks
    assert second.text.startswith("# Why it is so.\n@cached\ndef second")


def test_words_are_stemmed_and_split_for_the_lexical_index() -> None:
    (chunk,) = parsed("def openSession(): pass\n").chunks
    assert {"opensession", "open", "session"} <= set(chunk.words.split())


def test_one_endless_line_is_kept_but_only_its_beginning_is_searchable() -> None:
    text = "x = 1\n" * 200 + f'DATA = "{"ab " * 3000}"\n' + "y = 2\n" * 200
    result = parsed(text)
    assert result.notice == "a line of 9,009 characters: its first 5,000 are searchable"
    assert_covers(result, text)


# ------------------------------------------------------------------------ ways of reading


def test_a_language_without_queries_is_read_by_the_look_of_its_lines() -> None:
    result = parsed("module Shop\n\nfn open(x) {\n  run(x)\n}\n", "src/shop.zig")
    assert (result.language, result.read_as) == ("zig", ReadAs.RULES)
    assert [symbol.name for symbol in result.symbols] == ["Shop", "open"]


def test_an_unknown_file_is_read_by_lines() -> None:
    result = parsed("alpha\nbeta\n", "data.qqq")
    assert (result.language, result.read_as, result.notice) == ("", ReadAs.LINES, "")


def test_where_a_grammar_stumbles_patterns_take_over_and_it_is_said() -> None:
    torn = "int a(void)\n{\n  if(x) {\n  }\n\n}}\nstatic ( {\n"
    text = torn + "".join(f"\nint f{number}(void)\n{{\n  return g({number});\n}}\n" for number in range(9))
    result = parsed(text, "src/a.c")
    assert "stumbles over" in result.notice
    assert {f"f{number}" for number in range(9)} <= {symbol.name for symbol in result.symbols}
    assert_covers(result, text)


def test_sql_is_read_by_its_grammar_while_that_understands_the_file_else_by_rules() -> None:
    clean = "CREATE TABLE a (id INTEGER);\nSELECT x FROM a;\n"
    torn = clean + "EXEC $$ ( BROKEN ((;\n"
    assert parsed(clean, "a.sql").read_as is ReadAs.SYNTAX
    assert parsed(torn, "a.sql").read_as is ReadAs.RULES
    assert parsed(torn, "a.sql").symbols[0].name == "a"


def test_old_dialects_are_read_fixed_form_fortran_python_2_and_old_c() -> None:
    fortran = (
        "      SUBROUTINE DGEMM ( M, N,\n     $                   ALPHA )\nC     .. Arguments ..\n"
        "      CALL XERBLA( 'DGEMM ', INFO )\n  100 CONTINUE\n      END\n"
    )
    assert [symbol.name for symbol in parsed(fortran, "blas/dgemm.f").symbols] == ["DGEMM"]
    assert [symbol.name for symbol in parsed('def f(x):\n    print "a", x\n').symbols] == ["f"]
    old_c = "int main(argc, argv)\nint argc; char **argv;\n{\n  return f(argc);\n}\n"
    assert [symbol.name for symbol in parsed(old_c, "src/main.c").symbols] == ["main"]


def test_a_shebang_names_the_language_of_a_file_without_extension() -> None:
    result = parsed("#!/usr/bin/env python\ndef run(): pass\n", "bin/run")
    assert (result.language, [symbol.name for symbol in result.symbols]) == ("python", ["run"])


def test_documents_are_cut_by_their_headings_into_doc_chunks() -> None:
    result = parsed("# Guide\n\nHello.\n\n## Install\n\nRun it.\n", "docs/guide.md")
    assert result.read_as is ReadAs.RULES
    assert {chunk.kind for chunk in result.chunks} == {ChunkKind.DOC}


def test_secrets_are_cut_out_of_chunks_and_signatures_and_counted() -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    result = parsed(f'def call(token="{token}"):\n    return token\n')
    assert token not in repr(result)
    assert [(each.start_line, each.end_line) for each in result.redactions] == [(1, 1)]
    assert "[REDACTED:" in result.chunks[0].text


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("// Code generated by protoc-gen-go. DO NOT EDIT.\npackage a\n", FileMark.GENERATED),
        ("#!/bin/sh\n# This file was automatically generated by configure.\n", FileMark.GENERATED),
        ("/* @generated */\nexport const a = 1\n", FileMark.GENERATED),
        ('BANNER = "Code generated by us. DO NOT EDIT."\n', FileMark.NONE),
        ("x = 1\n" * 20 + "# Code generated by hand\n", FileMark.NONE),
    ],
)
def test_a_header_that_says_so_marks_a_file_as_generated(text: str, marks: FileMark) -> None:
    assert parsed(text).marks is marks


# ------------------------------------------------------------------------------ bad input


def skipped(data: bytes, path: str = "src/a.py") -> str:
    result = parsed(data, path)
    assert (result.chunks, result.symbols, result.references) == ((), (), ())
    return result.skipped


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF\x02\x01\x01\0\0\0" + bytes(200),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"PK\x03\x04\x14\0\0\0\x08\0",
    ],
)
def test_F1_binary_content_is_skipped_whatever_its_name(data: bytes) -> None:
    assert skipped(data) == "binary"


def test_F2_a_large_text_is_read_by_lines_and_a_huge_one_skipped() -> None:
    limits = Limits(parse_bytes=10_000, lines_bytes=50_000)
    text = function("big", 10) * 40
    assert 10_000 < len(text) < 50_000
    by_lines = parsed(text, limits=limits)
    assert (by_lines.read_as, by_lines.notice) == (ReadAs.LINES, "larger than 10,000 bytes: read by lines")
    assert_covers(by_lines, text)
    assert parsed(text * 4, limits=limits).skipped == "larger than 50,000 bytes"


def test_F3_one_line_of_five_megabytes_is_skipped_as_minified() -> None:
    assert skipped(b"var a=1;" * 650_000, "static/app.js") == "minified"


def test_F4_one_word_of_a_megabyte_is_skipped_as_minified() -> None:
    assert skipped(b"x" * 1_000_000, "notes.txt") == "minified"


def test_long_paragraphs_of_prose_on_one_line_are_no_minified_code() -> None:
    result = parsed("This is a sentence of a long paragraph. " * 300, "docs/essay.md")
    assert result.skipped == ""


def test_F5_invalid_utf8_is_decoded_all_the_same_and_the_encoding_said() -> None:
    data = b"# caf\xc3\xa9 \xff\ndef run(): pass\n" + b"# plain\n" * 400
    result = parsed(data)
    assert [symbol.name for symbol in result.symbols] == ["run"]
    assert result.encoding == "utf-8"
    assert_covers(result, text_of(data, result.encoding))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_F6_utf16_and_byte_order_marks_are_understood(encoding: str) -> None:
    text = "# größer\ndef run(value):\n    return value\n"
    result = parsed(text.encode(encoding))
    assert result.encoding == encoding
    assert [symbol.name for symbol in result.symbols] == ["run"]
    assert_covers(result, text)


def test_F7_lines_are_counted_as_git_does() -> None:
    data = b"def a():\r\n    pass\r\n\rodd\r\ndef b():\n    pass\n"
    result = parsed(data)
    assert result.lines == data.count(b"\n")
    assert_covers(result, data.decode())


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("# Prüfung der Größe für Übermaß\ndef pruefe(): pass\n" * 5, "latin-1"),
        ("# 日本語のコメントです。これは関数の説明です。\ndef run(): pass\n" * 5, "shift_jis"),
        ("      DISPLAY 'HELLO WORLD FROM THE HOST'.\n" * 20, "cp037"),
    ],
)
def test_F8_other_encodings_are_guessed_and_can_be_read_back(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    result = parsed(data)
    assert result.encoding not in ("", "utf-8")
    assert_covers(result, text_of(data, result.encoding))


def test_F9_text_with_a_NUL_inside_is_binary() -> None:
    assert skipped(b"def run():\n    x = 'a\0b'\n") == "binary"


@pytest.mark.parametrize("data", [b"", b"\n", b" \t\r\n\n", b"\xef\xbb\xbf\n"])
def test_F10_empty_files_are_indexed_as_nothing_with_a_reason(data: bytes) -> None:
    assert skipped(data) == "empty"


def test_F12_erroneous_java_over_a_megabyte_is_read_by_lines() -> None:
    text = "class A { void b( { if } }\n" * 45_000
    assert len(text) > 1_200_000
    result = parsed(text, "src/A.java")
    assert (result.read_as, result.symbols) == (ReadAs.LINES, ())
    assert_covers(result, text)


def test_F17_a_compressed_file_is_never_unpacked() -> None:
    import gzip

    assert skipped(gzip.compress(bytes(1_000_000)), "logs/old") == "binary"


def test_R2_an_LFS_pointer_is_labelled_and_not_read() -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    assert skipped(pointer, "model.py") == "LFS pointer, content not here"
