"""What is read of each language: names, kinds, parents, spans, signatures, docs and uses.

For each language there is a piece of realistic code in ``samples/``, and beside it an outline,
checked by a person, of all that must be read from it.
"""

import time
from pathlib import Path

import pytest

from indexer.repo.syntax import can_parse, read_syntax
from indexer.types import Reference, ReferenceKind, Symbol, SymbolKind

SAMPLES = Path(__file__).parent / "samples"
LANGUAGES = sorted(path.stem for path in SAMPLES.glob("*.outline"))
DEMANDED = (
    "python javascript typescript tsx java c cpp csharp go rust ruby php kotlin scala swift perl lua bash sql"
    " fortran pascal ada r objc groovy powershell html css scss"
)


def outline(symbols: tuple[Symbol, ...], references: tuple[Reference, ...]) -> str:
    lines = [
        f"{each.start_line}-{each.end_line} @{each.name_line} {each.kind} {each.qualified}"
        f" | {each.signature} | {each.doc!r}"
        for each in symbols
    ]
    lines += [f"{each.line} {each.kind} {each.name} <- {each.inside}".rstrip() for each in references]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_definitions_and_uses_of_a_language_are_read_in_full(language: str) -> None:
    (sample,) = (path for path in SAMPLES.glob(f"{language}.*") if path.suffix != ".outline")
    syntax = read_syntax(sample.read_text("utf-8"), language)
    assert syntax.errors == ()
    assert outline(syntax.symbols, syntax.references) == (SAMPLES / f"{language}.outline").read_text("utf-8")


def test_every_demanded_language_has_queries_that_fit_its_grammar_and_a_sample() -> None:
    demanded = sorted(DEMANDED.split())
    assert demanded == LANGUAGES
    assert all(can_parse(language) for language in demanded)


def test_a_language_without_queries_is_not_parsed() -> None:
    assert not can_parse("zig")
    assert not can_parse("")


def test_a_symbol_begins_at_its_comment_and_decorators() -> None:
    text = "x = 1\n\n# Why this is cached:\n# it is slow.\n@cache\ndef slow(): ...\n"
    (_, slow) = read_syntax(text, "python").symbols
    assert (slow.start_line, slow.name_line, slow.end_line) == (3, 6, 6)
    assert slow.doc == "Why this is cached:\nit is slow."


def test_parameters_that_take_the_rest_stand_in_a_signature_of_several_lines() -> None:
    text = "def send(\n    # where to\n    url,\n    *parts,\n    **options,\n): ...\n"
    (send,) = read_syntax(text, "python").symbols
    assert send.signature == "def send( url, *parts, **options, )"
    text = "/** Sends. */\nvoid send(\n  int url, /* where\n  * to */\n  int *part) {}\n"
    assert "int *part" in read_syntax(text, "c").symbols[0].signature


def test_a_comment_beside_code_is_not_taken_for_the_doc_of_what_follows() -> None:
    (_, run) = read_syntax("LIMIT = 3  # three tries\ndef run(): ...\n", "python").symbols
    assert (run.start_line, run.doc) == (2, "")


def test_a_doc_block_may_stand_one_blank_line_above_its_function() -> None:
    text = "/**\n * Sends a file.\n */\n\nres.sendFile = function sendFile (path) {\n}\n"
    (send,) = read_syntax(text, "javascript").symbols
    assert (send.start_line, send.name_line, send.doc) == (1, 5, "Sends a file.")
    (run,) = read_syntax(text.replace("/**", "/*"), "javascript").symbols
    assert (run.start_line, run.doc) == (5, "")


def test_a_use_is_kept_once_for_each_holder_at_its_first_line() -> None:
    text = "def a():\n    go()\n    go()\n\ndef b():\n    go()\n"
    assert read_syntax(text, "python").references == (
        Reference("go", ReferenceKind.CALL, 2, "a"),
        Reference("go", ReferenceKind.CALL, 6, "b"),
    )


def test_methods_that_share_a_name_keep_their_own_uses() -> None:
    text = "class A {\n void a(int b) {\n  go();\n }\n void a(String b) {\n  go();\n  go();\n }\n}\n"
    calls = [each for each in read_syntax(text, "java").references if each.name == "go"]
    assert [(each.line, each.inside) for each in calls] == [(3, "A.a"), (6, "A.a")]


def test_carriage_returns_do_not_shift_line_numbers() -> None:
    (first, second) = read_syntax(
        "def a():\r\n    pass\r\n\r\n\r\ndef b():\r\n    pass\r\n", "python"
    ).symbols
    assert [(each.start_line, each.end_line) for each in (first, second)] == [(1, 2), (5, 6)]


def test_a_definition_outside_of_its_class_names_its_parent() -> None:
    (next_token,) = read_syntax("bool ns::Parser<T>::next(int a) { return a; }\n", "cpp").symbols
    assert (next_token.kind, next_token.qualified) == (SymbolKind.METHOD, "ns.Parser.next")


def test_definitions_inside_of_error_nodes_are_still_found() -> None:
    torn = "int a(void)\n{\n  if (x ===) {\n  }}\n}\n"
    text = torn + "\nint b(void)\n{\n  return c();\n}\n"
    syntax = read_syntax(text, "c")
    assert syntax.errors
    assert "b" in [each.name for each in syntax.symbols]


def test_a_brace_that_each_branch_of_a_conditional_opens_tears_nothing() -> None:
    body = "int a(void)\n{\n#ifdef X\n  if (first()) {\n#else\n  if (second()) {\n#endif\n  }\n}\n"
    syntax = read_syntax(body + "\nint b(void)\n{\n  return c();\n}\n", "c")
    assert not syntax.errors
    assert [(each.qualified, each.start_line, each.end_line) for each in syntax.symbols] == [
        ("a", 1, 9),
        ("b", 11, 14),
    ]
    assert [(each.name, each.line, each.inside) for each in syntax.references if each.kind == "call"] == [
        ("first", 4, "a"),
        ("second", 6, "a"),
        ("c", 13, "b"),
    ]


def test_what_only_other_branches_define_is_kept_and_windows_comes_second() -> None:
    text = """\
#ifdef _WIN32
int wide(int argc) {
#else /* } */
int main(int argc) {
#endif
  return 0;
}
#if defined(A)
static int one(void) { return 1; }
#elif defined(B)
static int two(void) { return 2; }
#else
static int three(void) { return 3; }
#endif
"""
    syntax = read_syntax(text, "c")
    assert not syntax.errors
    assert [(each.name, each.start_line) for each in syntax.symbols] == [
        ("main", 4),
        ("one", 9),
        ("two", 11),
        ("three", 13),
    ]


def test_what_an_if_zero_holds_and_a_cut_conditional_do_no_harm() -> None:
    broken = "#if 0\nthis is ( no C at { all\n#endif\nint a(void) { return 1; }\n"
    assert [each.name for each in read_syntax(broken, "c").symbols if each.name == "a"] == ["a"]
    assert not read_syntax(broken, "c").errors
    for cut in ("#endif\nint a(void) { return 1; }}\n", "#if X\nint a(void) { return 1; }}\n"):
        assert "a" in [each.name for each in read_syntax(cut, "c").symbols]


def test_a_class_of_csharp_that_each_branch_opens_has_its_members() -> None:
    text = """\
#if NET5_0_OR_GREATER
public class Purse : Stream, IAsyncDisposable {
#else
public class Purse : Stream {
#endif
  public int Take() { return 1; }
#if NET5_0_OR_GREATER
  public int Give() { return 2; }
#else
  public int Lend() { return 3; }
#endif
}
"""
    syntax = read_syntax(text, "csharp")
    assert not syntax.errors
    assert [each.qualified for each in syntax.symbols if each.kind is SymbolKind.METHOD] == [
        "Purse.Take",
        "Purse.Give",
        "Purse.Lend",
    ]


def test_async_may_be_the_name_of_a_parameter() -> None:
    text = """\
class Buffer {
  async Task Fill(bool async, int count) => await Read(async, count);
  int Read(bool async) => Fill(async: true) ? 1 : async ? 2 : 3;
  Func<int, Task> Later = async (x) => await Fill(true, x);
}
"""
    syntax = read_syntax(text, "csharp")
    assert not syntax.errors
    assert [each.qualified for each in syntax.symbols if each.kind is SymbolKind.METHOD] == [
        "Buffer.Fill",
        "Buffer.Read",
    ]


def test_F11_conditionals_without_end_within_each_other_cost_no_time() -> None:
    deep = "int a(void) {{\n" + "#if X\n" * 60_000 + "#endif\n" * 60_000
    many = "int a(void) {{\n" + "#if X\nint f(void) { g(); }\n#else\nint f(void) { h(); }\n#endif\n" * 5_000
    for text in (deep, many):
        begun = time.process_time()
        assert read_syntax(text, "c").errors
        # Blanking each within each other took 1.7 s for a tenth of the first one.
        assert time.process_time() - begun < 10
