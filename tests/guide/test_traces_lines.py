"""A line is claimed only where something bears it out; else the definition, or the file alone."""

from __future__ import annotations

from indexer.guide.traces.calling import call_lines, nothing_done, without_words
from indexer.guide.traces.carrying import Carrier
from indexer.guide.traces.raising import Raised, raising_line
from indexer.shapes.traces import Mapped, Pasted, Told, TraceForm
from tests.conftest import Bench
from tests.guide.conftest import OpenKnowledge, Quiet
from tests.guide.test_traces_laying import PACKAGE, laid

OLD_C = """\
int
till_take(int coin)
{
\tint weight = till_weigh(coin);
\tint worth = coin * 2;
\treturn weight + worth;
}
"""
NEW_C = OLD_C.replace(
    "{\n", "{\n\t/* A coin may be worn: till_weigh(coin) tells. */\n\tint left = coin - 1;\n\n"
)


def test_a_line_of_now_within_the_definition_is_not_claimed_without_proof(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"src/till.c": OLD_C})
    made.commit("Know what is left", {"src/till.c": NEW_C})
    # Line 5 was a sum then, and is a declaration now: which text ran is not known.
    (found,) = laid(
        open_knowledge(made), "==1==ERROR: AddressSanitizer: FPE\n    #0 0x1 in till_take src/till.c:5\n"
    )
    assert (found.mapped, found.line, found.symbol) == (Mapped.NAMED, 0, "till_take")
    assert found.note


def test_the_only_call_of_the_deeper_frame_is_the_line(bench: Bench, open_knowledge: OpenKnowledge) -> None:
    made = bench.make()
    made.commit("Begin", {"src/till.c": OLD_C})
    made.commit("Know what is left", {"src/till.c": NEW_C})
    *_, found = laid(
        open_knowledge(made),
        "==1==ERROR: AddressSanitizer: FPE\n    #0 0x1 in till_weigh src/gone.c:9\n"
        "    #1 0x2 in till_take src/till.c:4\n",
    )
    assert NEW_C.splitlines()[found.line - 1].strip() == "int weight = till_weigh(coin);"
    assert found.mapped is Mapped.MOVED


def test_one_of_several_calls_is_not_picked(bench: Bench, open_knowledge: OpenKnowledge) -> None:
    made = bench.make()
    twice = NEW_C.replace("coin * 2", "till_weigh(2)")
    made.commit("Begin", {"src/till.c": twice.replace("left", "right")})
    made.commit("Know what is left", {"src/till.c": "\n\n" + twice})
    *_, found = laid(
        open_knowledge(made),
        "==1==ERROR: AddressSanitizer: FPE\n    #0 0x1 in till_weigh src/gone.c:9\n"
        "    #1 0x2 in till_take src/till.c:12\n",
    )
    assert (found.mapped, found.line, found.symbol) == (Mapped.NAMED, 0, "till_take")
    assert "lines 9, 10" in found.note


def test_the_version_in_the_path_carries_the_line(bench: Bench, open_knowledge: OpenKnowledge) -> None:
    made = bench.make()
    spec = {"till.gemspec": "Gem::Specification.new { |s| s.name = 'till' }\n"}
    old = "class Till\n  def take(coin)\n    raise 'no' if coin.nil?\n    @coins << coin\n  end\nend\n"
    new = old.replace("  def take", "  def open\n    @coins = []\n  end\n\n  def take")
    made.commit("Begin", {"lib/till.rb": old, **spec})
    made.git("tag", "v1.2.0")
    made.commit("Open the till", {"lib/till.rb": new})
    trace = "/gems/{}/lib/till.rb:4:in `take': no coins (NoMethodError)\n"
    knowledge = open_knowledge(made)
    (found,) = laid(knowledge, trace.format("till-1.2.0"))
    assert (found.line, "v1.2.0" in found.note) == (8, True)


def test_the_number_of_another_library_is_no_version_of_ours(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    old = "package till\n\nfunc Take(coin int) int {\n\tweight := coin + 1\n\treturn weight / coin\n}\n"
    made.commit("Begin", {"go.mod": "module example.org/till\n", "till.go": old})
    made.git("tag", "v1.1.2")
    made.commit("Count", {"till.go": old.replace("{\n", "{\n\tcount()\n\tcount2()\n", 1)})
    (_, found) = laid(
        open_knowledge(made),
        "panic: no\n\ngoroutine 1 [running]:\nexample.net/door.Open(0x0)\n"
        "\t/go/pkg/mod/example.net/door@v1.1.2/door.go:4 +0x1\n"
        "example.org/till.Take(0x0)\n\t/srv/till/till.go:5 +0x1\n",
    )
    assert "v1.1.2" not in found.note


def test_a_line_without_a_name_is_not_what_stands_there_today(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    old = "function take(coin) {\n  coin.weigh();\n}\n\nfunction open(door) {\n  door.turn();\n}\n"
    made.commit("Begin", {"lib/till.js": old, "package.json": PACKAGE})
    made.commit("Open first", {"lib/till.js": old[old.index("function open") :] + "\n" + old[:39]})
    (found,) = laid(open_knowledge(made), "TypeError: no\n    at /srv/node_modules/till/lib/till.js:2:3\n")
    assert (found.path, found.mapped, found.line, found.symbol) == ("lib/till.js", Mapped.FILE, 0, "")


def test_the_line_that_raises_the_error_is_found_by_it(bench: Bench, open_knowledge: OpenKnowledge) -> None:
    made = bench.make()
    old = (
        "package till\n\nfunc Take(coin int) int {\n\tif coin < 0 {\n"
        '\t\tpanic("no coin is that light")\n\t}\n\treturn coin\n}\n'
    )
    made.commit("Begin", {"go.mod": "module example.org/till\n", "till.go": old})
    new = old.replace("{\n", "{\n\tcount(coin)\n\tweigh(coin)\n", 1)
    made.commit("Count", {"till.go": new})
    (found,) = laid(
        open_knowledge(made),
        "panic: no coin is that light\n\ngoroutine 1 [running]:\n"
        "example.org/till.Take(0x0)\n\t/srv/till/till.go:6 +0x1\n",
    )
    assert "panic(" in new.splitlines()[found.line - 1]


def test_of_two_methods_of_a_name_the_class_of_then_decides(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    door = "class Door:\n    def close(self):\n        self.bolt()\n\n\n"
    till = "class Till:\n    def close(self):\n        self.lock()\n"
    made.commit("Begin", {"shop/things.py": door + till, "shop/__init__.py": ""})
    made.commit("Doors last", {"shop/things.py": till.replace("self.lock", "self.seal") + "\n\n" + door})
    (found,) = laid(
        open_knowledge(made),
        "Traceback (most recent call last):\n"
        '  File "/usr/lib/python3/site-packages/shop/things.py", line 8, in close\n'
        "    self.lock()\nValueError: no\n",
    )
    assert found.symbol == "Till.close"


def test_calls_in_comments_and_strings_are_none() -> None:
    lines = ["take(1); // weigh(2)", "/* weigh(3)", "weigh(4) */", 'say("weigh(5)");', "  weigh (6);"]
    words = without_words(lines, TraceForm.NATIVE)
    assert call_lines("weigh", words, 1, 5, TraceForm.NATIVE) == [5]
    assert [nothing_done(each, TraceForm.NATIVE) for each in words] == [False, True, True, False, False]


def test_a_line_is_carried_past_others_that_look_like_it() -> None:
    old = ["a = 1", "}", "b = 2", "return", "}", "c = 3", "return", "}"]
    new = ["}", "return", "a = 1", "}", "c = 3", "return", "}"]
    carrier = Carrier(old, new)
    assert [carrier.exact(line) for line in (1, 6, 7, 3)] == [3, 5, 6, 0]


def test_an_error_of_the_runtime_is_not_raised_where_its_name_stands() -> None:
    lines = ["if (!coin) {", "  throw new TypeError('there is no coin');", "}"]
    words = without_words(lines, TraceForm.SCRIPT)
    assert raising_line(Raised("TypeError", "x is undefined"), lines, words, 1, 3) == 0
    assert raising_line(Raised("TypeError", "there is no coin"), lines, words, 1, 3) == 2


def test_where_the_file_alone_is_known_its_last_authors_are_told(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    code = "// A licence.\n" * 30 + "\nfunction take(coin) {\n  coin.weigh();\n}\n"
    made.commit("Add a licence", {"lib/till.js": code, "package.json": PACKAGE})
    made.commit("Weigh twice", {"lib/till.js": code.replace("weigh()", "weigh(2)")})
    found = open_knowledge(made).mentor.traces.explain(
        Pasted("TypeError: no\n    at /srv/node_modules/till/lib/till.js:40:3\n"), Quiet()
    )
    told = [each.text for group in found.groups if group.told is Told.CHANGED for each in group.statements]
    assert any("Weigh twice" in each for each in told)
