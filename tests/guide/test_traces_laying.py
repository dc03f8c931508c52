"""Frames are laid on files by what other frames prove, and by the version that they fit."""

from __future__ import annotations

from indexer.knowledge import KnowledgeBase
from indexer.shapes.traces import Mapped, Pasted, Told, TraceFrame
from tests.conftest import Bench
from tests.guide.conftest import OpenKnowledge, Quiet

TILL_C = "static int\ntill_take_coin(int coin)\n{\n\treturn coin / 0;\n}\n"
DRAW_C = "void\ndraw_all_coins(int coins)\n{\n\ttill_take_coin(coins);\n}\n"
OLD_JS = """\
function Till() {}

Till.prototype.take = function (coins) {
  coins.forEach(function (coin) {
    coin.weigh();
  });
};
module.exports = Till;
"""
PADDING = "".join(f"const LIMIT_{number} = {number};\n" for number in range(8))
NEW_JS = OLD_JS.replace(
    "Till.prototype.take",
    PADDING + "Till.prototype.open = function () {\n  this.log();\n  this.wait();\n};\n\nTill.prototype.take",
)
TRACE_JS = """\
TypeError: coin.weigh is not a function
    at /srv/node_modules/till/lib/till.js:5:10
    at Array.forEach (native)
    at Till.take (/srv/node_modules/till/lib/till.js:4:9)
"""
PACKAGE = '{"name": "till"}\n'


def laid(knowledge: KnowledgeBase, text: str) -> list[TraceFrame]:
    found = knowledge.mentor.traces.explain(Pasted(text), Quiet())
    return [frame for error in found.traces[0].errors for frame in error.frames]


def test_a_folder_is_ours_where_several_files_of_it_have_the_functions_of_their_frames(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"till.c": TILL_C, "draw.c": DRAW_C, "main.c": "int main(void) { return 0; }\n"})
    found = laid(
        open_knowledge(made),
        "==1==ERROR: AddressSanitizer: FPE on unknown address 0x1\n"
        "    #0 0x1 in till_take_coin /home/me/money/till.c:4\n"
        "    #1 0x2 in draw_all_coins /home/me/money/draw.c:4\n"
        "    #2 0x3 in gone_since /home/me/money/main.c:90\n"
        "    #3 0x4 in main /home/you/other/main.c:1\n",
    )
    assert [each.path for each in found] == ["till.c", "draw.c", "main.c", ""]
    assert [each.symbol for each in found[:3]] == ["till_take_coin", "draw_all_coins", ""]


def test_a_folder_of_another_project_with_a_file_like_ours_is_not_ours(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"till.c": TILL_C, "draw.c": DRAW_C})
    found = laid(
        open_knowledge(made),
        "==1==ERROR: AddressSanitizer: FPE on unknown address 0x1\n"
        "    #0 0x1 in till_take_coin /home/you/bank/till.c:4\n"
        "    #1 0x2 in vault_open /home/you/bank/vault.c:4\n",
    )
    assert {each.mapped for each in found} == {Mapped.FOREIGN}


def test_a_frame_of_a_program_without_places_is_found_by_its_function(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"till.c": TILL_C, "draw.c": DRAW_C})
    core = "#0  0x00000001 draw_all_coins (/usr/bin/{} + 0x12)\n#1  0x00000002 abort (libc.so.6 + 0x2)\n"
    knowledge = open_knowledge(made)
    assert [each.path for each in laid(knowledge, core.format("till"))] == ["draw.c", ""]
    assert [each.path for each in laid(knowledge, core.format("bank"))] == ["", ""]


def test_a_copy_that_somebody_keeps_of_a_module_of_go_is_that_module(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    code = "package till\n\nfunc Take(coin int) int {\n\treturn 1 / coin\n}\n"
    made.commit("Begin", {"go.mod": "module github.com/shop/till\n", "till.go": code})
    found = laid(
        open_knowledge(made),
        "panic: runtime error: integer divide by zero\n\ngoroutine 1 [running]:\n"
        "bank/vendor/github.com/old-shop/till.Take(0x0)\n"
        "\t/go/src/bank/vendor/github.com/old-shop/till/till.go:4 +0x1\n"
        "github.com/bank/core/vendor/github.com/vault/door.Take(0x0)\n"
        "\t/go/src/github.com/bank/core/vendor/github.com/vault/door/till.go:4 +0x1\n",
    )
    assert [each.path for each in found] == ["till.go", ""]


def test_a_module_of_a_crate_is_ours_though_its_function_is_no_more(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    manifest = '[package]\nname = "till"\n'
    made.commit("Begin", {"Cargo.toml": manifest, "src/coins/weight.rs": "pub fn weigh() {}\n"})
    found = laid(
        open_knowledge(made),
        "thread 'main' panicked at 'no', src/coins/weight.rs:40:5\nstack backtrace:\n"
        "   0: core::panicking::panic\n   1: till::coins::weight::measure\n"
        "   2: bank::coins::weight::measure\n",
    )
    measured = [each for each in found if "measure" in each.written]
    assert [each.path for each in measured] == ["src/coins/weight.rs", ""]
    assert "not in this file any more" in measured[0].note


def test_a_line_on_which_nothing_can_panic_is_not_said_to_have(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"src/coins/list.rs": "mod penny;\nmod pound;\n\npub fn count() {}\n"})
    found = laid(open_knowledge(made), "thread 'main' panicked at 'no coin', src/coins/list.rs:2:14\n")
    assert [(each.mapped, each.path, each.line) for each in found] == [(Mapped.FILE, "src/coins/list.rs", 0)]


def test_a_plain_word_in_a_file_that_came_as_another_went_is_no_move(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    client = "package org.shop;\n\npublic class OldClient {\n    void ping() {\n        send();\n    }\n}\n"
    made.commit("Begin", {"src/org/shop/OldClient.java": client})
    made.git("rm", "-q", "src/org/shop/OldClient.java")
    made.commit(
        "Begin anew",
        {
            "src/org/shop/Commands.java": "package org.shop;\n\nimport org.shop.wire.Line;\n\n"
            "/** What may be asked. */\nclass Commands extends Line {\n    boolean ping() {\n"
            "        return ask(1, 2) > 0 && isOpen();\n    }\n\n    int asked;\n}\n"
        },
    )
    (found,) = laid(
        open_knowledge(made),
        "java.lang.Error: no\n\tat org.shop.OldClient.ping(OldClient.java:5)\n",
    )
    assert (found.path, found.symbol) == ("", "")
    assert "moved" not in found.note


def test_a_program_without_an_ending_is_followed_to_another_folder(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    script = "#!/usr/bin/env ruby\nrequire 'till'\nTill.open\n"
    made.commit(
        "Begin", {"bin/till": script, "till.gemspec": "Gem::Specification.new { |s| s.name = 'till' }\n"}
    )
    made.git("rm", "-q", "bin/till")
    made.commit("Keep programs in exe", {"exe/till": script})
    (found,) = laid(open_knowledge(made), "/gems/till-1.0/bin/till:3:in `<main>': no coin (RuntimeError)\n")
    assert (found.path, "moved to exe/till" in found.note) == ("exe/till", True)


def test_a_frame_without_a_name_is_laid_by_the_version_that_the_others_fit(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"lib/till.js": OLD_JS, "package.json": PACKAGE})
    made.commit("Open the till", {"lib/till.js": NEW_JS})
    weighed, _, outer = laid(open_knowledge(made), TRACE_JS)
    assert NEW_JS.splitlines()[weighed.line - 1].strip() == "coin.weigh();"
    assert "take" in outer.symbol


def test_a_frame_without_a_name_is_not_laid_on_a_line_that_others_disprove(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"lib/till.js": NEW_JS, "package.json": PACKAGE})
    text = TRACE_JS.replace("till.js:4:9", "till.js:12:9").replace("till.js:5:10", "till.js:13:3")
    unnamed, _, _ = laid(open_knowledge(made), text)
    assert (unnamed.path, unnamed.mapped, unnamed.line) == ("lib/till.js", Mapped.FILE, 0)
    assert "not known" in unnamed.note


def test_a_file_that_is_written_anew_with_another_ending_keeps_its_past(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"lib/till.js": OLD_JS, "package.json": PACKAGE})
    made.git("rm", "-q", "lib/till.js")
    made.commit("Be plain about modules", {"lib/till.cjs": NEW_JS})
    weighed, _, _ = laid(open_knowledge(made), TRACE_JS)
    assert weighed.path == "lib/till.cjs"
    assert NEW_JS.splitlines()[weighed.line - 1].strip() == "coin.weigh();"


def test_a_method_is_followed_to_the_file_that_its_type_went_to(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    code = "class TillKeeper:\n    def start(self):\n        self.blueprint.start(self)\n"
    made.commit(
        "Begin",
        {"shop/__init__.py": code, "shop/other.py": "class Door:\n    def start(self):\n        pass\n"},
    )
    made.commit(
        "Part",
        {"shop/keeper.py": "import os\n\n\n" + code, "shop/__init__.py": "from shop.keeper import *\n"},
    )
    (found,) = laid(
        open_knowledge(made),
        "Traceback (most recent call last):\n"
        '  File "/usr/lib/python3/site-packages/shop/__init__.py", line 3, in start\n'
        "ValueError: no\n",
    )
    assert (found.path, found.symbol) == ("shop/keeper.py", "TillKeeper.start")
    assert "TillKeeper" in found.note


def test_a_line_is_laid_in_the_definition_that_it_was_in_whichever_version_ran(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    begun = OLD_JS.replace("    coin.weigh();\n", "    coin.weigh();\n    coin.count();\n")
    made.commit("Begin", {"lib/till.js": begun, "package.json": PACKAGE})
    made.commit("Weigh twice", {"lib/till.js": begun.replace("coin.count", "coin.weigh")})
    made.commit("Leave room", {"lib/till.js": OLD_JS.replace("    coin", "\n\n    coin")})
    text = "TypeError: coin.weigh is not a function\n    at /srv/node_modules/till/lib/till.js:5:10\n"
    (found,) = laid(open_knowledge(made), text)
    assert (found.mapped, found.line, "take" in found.symbol) == (Mapped.NAMED, 0, True)
    assert "in every version" in found.note


def test_the_deepest_frame_is_none_of_what_ran_after_the_error(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    take = "package shop\n\nfunc Take(coin int) int {\n\treturn 1 / coin\n}\n"
    recover = "package shop\n\nfunc Recover() {\n\trecover()\n}\n"
    made.commit("Begin", {"go.mod": "module example.org/shop\n", "till.go": take, "recover.go": recover})
    found = open_knowledge(made).mentor.traces.explain(
        Pasted(
            "panic: no purse\n\ngoroutine 1 [running]:\n"
            "example.org/shop.Recover()\n\t/srv/shop/recover.go:4 +0x1\n"
            "panic(0x1, 0x2)\n\t/usr/local/go/src/runtime/panic.go:884 +0x1\n"
            "example.org/shop.Take(0x0)\n\t/srv/shop/till.go:4 +0x1\n"
        ),
        Quiet(),
    )
    said = [each.text for group in found.groups for each in group.statements]
    assert any(each.startswith("The deepest frame of this repository is `Take` in till.go") for each in said)
    assert [frame.path for frame in found.traces[0].errors[0].frames] == ["recover.go", "", "till.go"]


def test_a_branch_that_mended_something_else_has_not_mended_this(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    code = "class Till:\n    def take(self):\n        raise KeyError('no coin left in purse')\n"
    made.commit("Begin", {"shop/till.py": code, "shop/__init__.py": ""})
    body = "- Fix the docs\n\n- Say that no coin is left in the purse\n\n- Drop what is old"
    made.commit(f"Add flags\n\n{body}", {"shop/till.py": f"LIMIT = 1\n\n\n{code}"})
    mended = "- Drop what is old\n\n- Fix that no coin was left in the purse"
    made.commit(f"Begin again\n\n{mended}", {"shop/till.py": f"LIMIT = 2\n\n\n{code}"})
    found = open_knowledge(made).mentor.traces.explain(
        Pasted(
            "Traceback (most recent call last):\n"
            '  File "/usr/lib/python3/site-packages/shop/till.py", line 3, in take\n'
            "    raise KeyError('no coin left in purse')\nKeyError: 'no coin left in purse'\n"
        ),
        Quiet(),
    )
    told = [each.text for group in found.groups if group.told is Told.FIXED for each in group.statements]
    assert ["Begin again" in each for each in told] == [True]
