"""Gems without a manifest, modules and programs under other names, frames without their numbers."""

from __future__ import annotations

import pytest

from indexer.guide.traces import go_form, rust_form
from indexer.guide.traces.paths import read_path
from tests.conftest import Bench
from tests.guide.conftest import OpenKnowledge
from tests.guide.test_traces_laying import laid


def test_a_gem_whose_manifest_is_made_at_its_release_is_known_by_its_main_file(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    html = "module Till\n  class Html\n    def receipt\n      total.to_s\n    end\n  end\nend\n"
    made.commit("Begin", {"lib/till.rb": "require 'till/html'\n", "lib/till/html.rb": html})
    text = (
        "/usr/share/gems/gems/till-2.5.1/lib/till/html.rb:4:in 'Till::Html#receipt': "
        "undefined local variable or method 'total' (NameError)\n"
        "\tfrom /usr/share/gems/gems/other-1.0.0/lib/other/html.rb:4:in 'Other::Html#receipt'\n"
    )
    found = laid(open_knowledge(made), text)
    assert [(each.path, each.symbol) for each in found] == [
        ("lib/till/html.rb", "Till.Html.receipt"),
        ("", ""),
    ]


def test_a_module_of_the_same_owner_under_another_name_is_ours_where_its_file_says_so(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    conn = "package till\n\ntype Conn struct{}\n\nfunc (c *Conn) readLoop() {\n\tpanic(1)\n}\n"
    made.commit("Begin", {"go.mod": "module github.com/shop/till.go\n", "conn.go": conn})
    text = (
        "goroutine 1 [running]:\n"
        "github.com/shop/go-till.(*Conn).readLoop(0xc420)\n"
        "\t/home/a/src/github.com/shop/go-till/conn.go:6 +0x17d\n"
        "github.com/shop/tilld.(*Server).readLoop2(0xc420)\n"
        "\t/home/a/src/github.com/shop/tilld/conn.go:6 +0x17d\n"
    )
    found = laid(open_knowledge(made), text)
    assert [(each.path, each.symbol) for each in found] == [("conn.go", "Conn.readLoop"), ("", "")]


def test_a_program_of_go_is_followed_from_where_its_sources_lay(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    program = "package main\n\nfunc main() {\n\tpanic(1)\n}\n"
    made.commit("Begin", {"go.mod": "module github.com/shop/till\n", "till.go": program})
    made.git("mv", "till.go", "main.go")
    made.commit("Call it main")
    text = "goroutine 1 [running]:\nmain.main()\n\t/home/a/go/src/github.com/shop/{}/{}.go:4 +0x983\n"
    found = laid(open_knowledge(made), text.format("till", "till"))
    assert [(each.path, each.symbol) for each in found] == [("main.go", "main")]


def test_a_method_of_a_type_of_cpp_is_found_though_its_file_was_taken_apart(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    header = {"till.h": "class Till { public: int parse(int); };\n"}
    body = '#include "till.h"\nint Till::parse(int coin)\n{\n  return coin / 0;\n}\n'
    made.commit("Begin", {**header, "internal/common.cpp": "int other;\n"})
    made.git("rm", "-q", "internal/common.cpp")
    made.commit("Take it apart", {"src/parse.cpp": body})
    text = (
        "==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x6020 at pc 0x7f\n"
        "    #0 0x7febd8ff396c in Till::parse(int) internal/common.cpp:5892\n"
    )
    found = laid(open_knowledge(made), text)
    assert [(each.path, each.symbol) for each in found] == [("src/parse.cpp", "Till.parse")]


def test_where_gdb_stopped_is_a_frame_though_it_has_no_number(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"send.c": "int\nsend_coin(int coin)\n{\n\treturn coin / 0;\n}\n"})
    text = (
        "Program received signal SIGSEGV, Segmentation fault.\n"
        "0x000055555556c525 in send_coin (coin=coin@entry=6,\n"
        '    topic=<optimized out>, topic@entry=0x5 "a") at send.c:4\n'
        "4\treturn coin / 0;\n"
    )
    assert [(each.path, each.symbol) for each in laid(open_knowledge(made), text)] == [
        ("send.c", "send_coin")
    ]


def test_frames_whose_numbers_stand_apart_from_their_sign_below_a_folder_of_our_name(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make("till")
    made.commit("Begin", {"lib/net.c": "int\nread_coin(int coin)\n{\n\treturn coin / 0;\n}\n"})
    text = (
        "> Program terminated with signal 11, Segmentation fault.\n"
        "> # 0  0x0000000000412496 in till_read_coin (coin=1) at /usr/local/src/till/lib/net.c:4\n"
    )
    assert [each.path for each in laid(open_knowledge(made), text)] == ["lib/net.c"]


@pytest.mark.parametrize(
    "name",
    [
        "till::decoder::_<impl>::read_image::h9136914022092451839",
        "till::decoder::read_image::hf21868",
        "till::decoder::read_image::h365860ffb62d2018",
    ],
)
def test_the_hash_behind_a_function_of_rust_is_no_name(name: str) -> None:
    assert rust_form.parts_of(name)[2] == "read_image"


def test_a_function_that_only_begins_like_a_hash_is_one() -> None:
    assert rust_form.parts_of("till::feed::header")[2] == "header"
    assert rust_form.parts_of("till::feed::hadbeef")[2] == "hadbeef"


def test_gccgo_names_a_receiver_last() -> None:
    name = "github.com_shop_till.Read.pN28_github.com_shop_till.Conn"
    assert go_form.parts_of(name) == ("", "Conn", "Read")
    assert go_form.parts_of("github.com_shop_till.ReadAll") == ("", "", "ReadAll")


def test_a_folder_called_internal_is_nodes_own_for_javascript_alone() -> None:
    assert read_path("internal/modules/cjs/loader.js").foreign
    assert not read_path("internal/dcraw_common.cpp").foreign


def test_a_function_that_is_written_in_another_style_now_is_followed(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"till.py": "class Till:\n    def processHtml(self):\n        raise ValueError\n"})
    text = (
        "Traceback (most recent call last):\n"
        '  File "/app/site-packages/till.py", line 30, in _process_html\n'
        "    self.parse_all()\n"
        "ValueError: no\n"
    )
    found = laid(open_knowledge(made), text)
    assert [(each.path, each.symbol, each.line) for each in found] == [("till.py", "Till.processHtml", 0)]
    assert "has the same words" in found[0].note
