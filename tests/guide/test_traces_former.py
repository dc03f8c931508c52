"""Frames are ours under the names that a module, a namespace or a program had, and had before."""

from __future__ import annotations

from indexer.shapes.traces import Mapped
from tests.conftest import Bench
from tests.guide.conftest import OpenKnowledge
from tests.guide.test_traces_laying import laid

SHARP = """namespace {}
{{
    public class {}
    {{
        public int {}(int coin)
        {{
            var weight = Scale(coin);
            Count(weight);
            Show(weight, coin);
            return weight / coin;
        }}
    }}
}}
"""
THROWN = "System.Exception: no\n   at {}(Int32 coin)\n   at Shop.Main.Run(String[] names)\n"


def test_a_type_of_dotnet_is_found_in_a_namespace_that_was_made_of_its_own(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"Engine/Till.cs": SHARP.format("Shop.Engine", "Till", "Take")})
    knowledge = open_knowledge(made)
    found = laid(knowledge, THROWN.format("Shop.Till.Take"))
    assert (found[0].mapped, found[0].path, found[0].symbol[-9:]) == (
        Mapped.NAMED,
        "Engine/Till.cs",
        "Till.Take",
    )
    assert "`Shop.Engine` now" in found[0].note
    assert laid(knowledge, THROWN.format("Door.Till.Take"))[0].mapped is Mapped.FOREIGN


def test_a_type_of_dotnet_that_two_namespaces_have_now_is_not_guessed(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    files = {f"{each}/Till.cs": SHARP.format(f"Shop.{each}", "Till", "Take") for each in ("Engine", "Client")}
    made.commit("Begin", files)
    assert laid(open_knowledge(made), THROWN.format("Shop.Till.Take"))[0].mapped is Mapped.FOREIGN


def test_a_method_of_dotnet_that_its_type_has_no_more_is_of_the_file_that_had_it(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    partial = "namespace Shop\n{{\n    public partial class Till\n    {{\n"
    partial += "        public int {}(int coin)\n        {{\n"
    rest = "            return {};\n        }}\n    }}\n}}\n"
    code = (partial + rest).format
    made.commit(
        "Begin",
        {"Till.Take.cs": SHARP.format("Shop", "Till", "Take"), "Till.Open.cs": code("Open", "1")},
    )
    made.commit("Mend it", {"Till.Take.cs": code("Weigh", "coin")})
    (found, _) = laid(open_knowledge(made), THROWN.format("Shop.Till.Take"))
    assert (found.mapped, found.path) == (Mapped.FILE, "Till.Take.cs")


def test_a_type_of_dotnet_that_is_gone_is_followed_to_what_its_file_became(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"Services/Purse.cs": SHARP.format("Shop", "Purse", "TakeCoin")})
    made.git("mv", "Services/Purse.cs", "Services/Wallet.cs")
    made.commit("Name it anew", {"Services/Wallet.cs": SHARP.format("Shop", "Wallet", "TakeCoin")})
    (found, _) = laid(open_knowledge(made), THROWN.format("Shop.Purse.TakeCoin"))
    assert (found.path, found.symbol[-8:]) == ("Services/Wallet.cs", "TakeCoin")


GO = """package pool

func (p *Pool) Take(coin int) int {
	return 1 / coin
}
"""


def test_a_module_of_go_is_known_by_the_names_that_it_had(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.commit("Begin", {"go.mod": "module github.com/go-till/till\n", "inner/pool/pool.go": GO})
    made.commit("Move house", {"go.mod": "module github.com/shop/go-till/v9\n"})
    knowledge = open_knowledge(made)
    for module in ("github.com/go-till/till", "github.com/go-till/till/v3", "gopkg.in/till.v5"):
        (found,) = laid(
            knowledge,
            "panic: no\n\ngoroutine 1 [running]:\n"
            f"example.org/shop/vendor/{module}/inner/pool.(*Pool).Take(0x1)\n"
            f"\t/srv/example.org/shop/vendor/{module}/inner/pool/pool.go:4 +0x1\n",
        )
        assert (found.path, found.symbol) == ("inner/pool/pool.go", "Pool.Take")
    (other,) = laid(
        knowledge,
        "panic: no\n\ngoroutine 1 [running]:\ngithub.com/you/other/inner/pool.(*Pool).Take(0x1)\n"
        "\t/srv/src/github.com/you/other/inner/pool/pool.go:4 +0x1\n",
    )
    assert other.mapped is Mapped.FOREIGN


def test_what_a_module_of_go_held_in_another_major_version_is_followed(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    more = GO + "\nfunc (p *Pool) Give(coin int) int {\n\treturn coin\n}\n"
    made.commit("Begin", {"go.mod": "module github.com/shop/till/v4\n", "pool/pool.go": more})
    made.git("rm", "-q", "pool/pool.go")
    made.commit("Part them", {"go.mod": "module github.com/shop/till/v5\n", "pool/take.go": GO})
    (found,) = laid(
        open_knowledge(made),
        "panic: no\n\ngoroutine 1 [running]:\ngithub.com/shop/till/v4/pool.(*Pool).Take(0x1)\n"
        "github.com/shop/till/v4/pool/pool.go:4 +0x1 fp=0xc0 sp=0xc0 pc=0x55\n",
    )
    assert (found.path, found.symbol) == ("pool/take.go", "Pool.Take")


def test_a_class_of_php_is_ours_by_its_namespace_wherever_its_file_lies(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    code = "<?php\n\nnamespace Shop\\Till;\n\nclass Purse\n{\n    function take()\n    {\n"
    made.commit("Begin", {"src/Purse.php": f"{code}        throw new Coin();\n    }}\n}}\n"})
    text = (
        "PHP Fatal error:  Uncaught Error: no in /usr/share/till/Purse.php:9\nStack trace:\n"
        "#0 /srv/index.php(3): Shop\\Till\\Purse->take()\n#1 {main}\n"
    )
    knowledge = open_knowledge(made)
    assert laid(knowledge, text)[0].path == "src/Purse.php"
    assert laid(knowledge, text.replace("Shop\\Till", "Shop\\Door"))[0].mapped is Mapped.FOREIGN


def test_a_program_of_rust_is_ours_that_is_called_otherwise_than_its_package(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    manifest = '[package]\nname = "git-till"\n\n[[bin]]\nname = "till"\npath = "src/main.rs"\n'
    body = "".join(f"    let coin{each} = weigh(coin, {each});\n" for each in range(6))
    take = f"pub fn take_coin(coin: u32) -> u32 {{\n{body}    coin5\n}}\n"
    main = "mod till;\n\nfn main() {\n    till::take_coin(1);\n}\n"
    rest = "fn idle() {\n    rest();\n}\n"
    made.commit("Begin", {"Cargo.toml": manifest, "src/main.rs": main, "src/till.rs": take + rest})
    made.commit("Part them", {"src/purse.rs": take, "src/till.rs": rest})
    (found,) = laid(open_knowledge(made), RUST)[2:3]
    assert (found.path, found.symbol) == ("src/purse.rs", "take_coin")


RUST = """\
   3: core::panicking::panic_fmt
   4: core::panicking::panic
   5: till::till::take_coin
   6: till::main
   7: std::rt::lang_start
"""


def test_a_file_is_not_taken_for_another_of_its_name_that_the_same_commit_moved(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    take = "".join(f"    coin = weigh(coin, {each})\n" for each in range(8))
    solver = f"def resolve_coins(coin):\n{take}    return coin\n"
    core = "class Core:\n    def open_till(self):\n        return self.till\n"
    made.commit("Begin", {"till/resolver/core.py": solver, "till/core.py": core})
    made.git("mv", "till", "src")
    made.commit("Lay it out anew")
    made.git("rm", "-q", "src/resolver/core.py")
    made.commit("Let others resolve")
    (found,) = laid(
        open_knowledge(made),
        'Traceback (most recent call last):\n  File "/srv/till/resolver/core.py", line 3, in resolve_coins\n'
        "    coin = weigh(coin, 1)\nValueError: no\n",
    )
    assert (found.mapped, found.path) == (Mapped.FILE, "")
    assert "moved to" not in found.note
