"""Traces are read out of noisy text, in every form."""

from __future__ import annotations

import pytest

from indexer.guide.explaining import recognise
from indexer.guide.traces.parsing import read_traces
from indexer.shapes.traces import PastedKind, Relation, TraceForm

CHAINED = """\
web_1  | Traceback (most recent call last):
web_1  |   File "/srv/shop/basket.py", line 12, in total_price
web_1  |     return round_price(add_prices(self.items))
web_1  |            ^^^^^^^^^^^
web_1  | KeyError: 'price'
web_1  |
web_1  | The above exception was the direct cause of the following exception:
web_1  |
web_1  | Traceback (most recent call last):
web_1  |   File "/srv/shop/__main__.py", line 3, in <module>
web_1  |     main()
web_1  | shop.errors.BrokenBasketError: no price
"""
GROUP = """\
  + Exception Group Traceback (most recent call last):
  |   File "test.py", line 4, in <module>
  |     raise ExceptionGroup("there were problems", excs)
  | ExceptionGroup: there were problems (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "test.py", line 9, in f
    |     raise ValueError(1)
    | ValueError: 1
    +---------------- 2 ----------------
    | TypeError: 2
    +------------------------------------
"""
JAVA = """\
2024-01-01 12:00:00.123 ERROR [main] c.x.Y - oh
org.shop.web.RequestFailed$Exception: Request processing failed
\tat org.shop.web.Basket.lambda$show$0(Basket.java:123) ~[classes/:na]
\tat java.base/java.lang.Thread.run(Thread.java:829)
\tSuppressed: java.io.IOException: closing
\t\tat org.shop.Till$Drawer.close(Till.java:12)
\t\t... 2 more
Caused by: java.lang.NullPointerException: Cannot invoke "x"
\tat org.shop.MoneyKt$round$1.invokeSuspend(Money.kt:12)
\t... 23 more
"""
NODE = """\
\x1b[31mTypeError: Router.use() requires a middleware function but got a Object\x1b[39m
    at Function.use (/app/node_modules/express/lib/router/index.js:458:13)
    at Object.<anonymous> (C:\\app\\src\\app.js:12:5)
    at async Promise.all (index 0)
    at Module._compile (node:internal/modules/cjs/loader:1105:14) {
  [cause]: Error: inner
      at foo (file:///app/x.mjs:1:2)
"""
GO = """\
panic: runtime error: invalid memory address or nil pointer dereference [recovered]
\tpanic: again

goroutine 1 [running]:
text/template.errRecover(0xc0821553d0)
        /usr/local/Cellar/go/1.4/libexec/src/text/template/exec.go:100 +0xc3
github.com/shop/till/money.(*Pager).Pages(0x0, 0x0)
        /Users/ada/src/github.com/shop/till/money/pager.go:55 +0x22

goroutine 5 [syscall]:
os/signal.loop()
    /usr/local/go/src/os/signal/signal_unix.go:21 +0x1f
"""
RUST = """\
thread 'main' panicked at src/main.rs:12:34:
called `Option::unwrap()` on a `None` value
stack backtrace:
   0: rust_begin_unwind
             at /rustc/x/library/std/src/panicking.rs:584:5
   1: till::search::<impl Money>::round::{{closure}}
             at ./src/main.rs:12:34
"""
DOTNET = """\
Unhandled exception. System.InvalidOperationException: Outer ---> Shop.ReaderException: Unexpected
   at Shop.Reader.ParseValue() in C:\\Dev\\Src\\Shop\\Reader.cs:line 1741
   at Shop.Jobs.<Run>d__12.MoveNext()
   --- End of inner exception stack trace ---
   at App.Program.Main(String[] args) in D:\\a\\Program.cs:line 12
"""
RUBY = """\
/usr/lib/gems/shop-3.0/lib/shop/till.rb:12:in `block in round': undefined method `x' for nil (NoMethodError)
\tfrom /usr/lib/gems/shop-3.0/lib/shop/till.rb:10:in `each'
"""
PHP = """\
PHP Fatal error:  Uncaught Shop\\TillError: no change in /app/vendor/shop/till/src/Till.php:158
Stack trace:
#0 /app/vendor/shop/till/src/Round.php(110): Shop\\Till::change(Object)
#1 /app/index.php(3): Shop\\Round->run()
#2 {main}
  thrown in /app/vendor/shop/till/src/Till.php on line 158
"""
SANITIZER = """\
==123==ERROR: AddressSanitizer: heap-use-after-free on address 0x6020 at pc 0x4 bp 0x7 sp 0x7
    #0 0x4f6b in till_close /src/shop/lib/till.c:123:5
    #1 0x7f in __libc_start_main (/lib/x86_64/libc.so.6+0x2)

freed by thread T0 here:
    #0 0x4 in free (/bin/x+0x4)
    #1 0x4f6b in drop /src/shop/lib/easy.c:12:5
"""
GDB = """\
Program received signal SIGSEGV, Segmentation fault.
#0  0x00007ffff7 in shop::Till<int>::add (h=0x0, key=0x0) at till.cc:123
#1  main () at main.cc:1
"""


@pytest.mark.parametrize(
    ("text", "form", "name", "owner", "line"),
    [
        (CHAINED, TraceForm.PYTHON, "<module>", "", 3),
        (JAVA, TraceForm.JVM, "show", "Basket", 123),
        (NODE, TraceForm.SCRIPT, "use", "", 458),
        (GO, TraceForm.GO, "errRecover", "", 100),
        (RUST, TraceForm.RUST, "rust_begin_unwind", "", 584),
        (DOTNET, TraceForm.DOTNET, "Main", "Program", 12),
        (RUBY, TraceForm.RUBY, "round", "", 12),
        (PHP, TraceForm.PHP, "change", "Till", 158),
        (SANITIZER, TraceForm.NATIVE, "till_close", "", 123),
        (GDB, TraceForm.NATIVE, "add", "Till", 123),
    ],
)
def test_every_form_is_read_with_its_first_frame(
    text: str, form: TraceForm, name: str, owner: str, line: int
) -> None:
    (trace,) = read_traces(text).traces
    frame = trace.errors[0].frames[0]
    assert trace.form is form
    assert (frame.name, frame.owner, frame.line) == (name, owner, line)
    assert recognise(text).kind is PastedKind.TRACE


def test_a_chain_of_python_begins_with_what_was_reported() -> None:
    (trace,) = read_traces(CHAINED).traces
    assert [(error.type, error.relation) for error in trace.errors] == [
        ("shop.errors.BrokenBasketError", Relation.REPORTED),
        ("KeyError", Relation.CAUSE),
    ]
    assert trace.errors[1].frames[0].code == "return round_price(add_prices(self.items))"


def test_members_of_a_group_are_errors_of_their_own() -> None:
    (trace,) = read_traces(GROUP).traces
    assert [(error.type, error.relation, error.depth) for error in trace.errors] == [
        ("ExceptionGroup", Relation.REPORTED, 0),
        ("ValueError", Relation.MEMBER, 1),
        ("TypeError", Relation.MEMBER, 1),
    ]


def test_suppressed_errors_and_causes_of_java_keep_what_they_are() -> None:
    (trace,) = read_traces(JAVA).traces
    assert [(error.relation, error.left_out) for error in trace.errors] == [
        (Relation.REPORTED, 0),
        (Relation.SUPPRESSED, 2),
        (Relation.CAUSE, 23),
    ]
    assert trace.errors[2].frames[0].name == "round"


def test_an_inner_exception_of_dotnet_has_the_frames_before_its_end() -> None:
    (trace,) = read_traces(DOTNET).traces
    assert [frame.name for frame in trace.errors[1].frames] == ["ParseValue", "Run"]


def test_other_goroutines_are_threads() -> None:
    (trace,) = read_traces(GO).traces
    assert trace.errors[0].message == "again"
    assert trace.errors[1].relation is Relation.THREAD


def test_where_memory_was_freed_stands_beside_the_error() -> None:
    (trace,) = read_traces(SANITIZER).traces
    assert trace.errors[1].relation is Relation.ELSEWHERE
    assert [frame.name for frame in trace.errors[1].frames] == ["free", "drop"]


def test_line_breaks_that_are_written_out_are_line_breaks() -> None:
    value = '{"level": "error", "exc": "' + CHAINED.replace("web_1  | ", "").replace('"', '\\"').replace(
        "\n", "\\n"
    )
    (trace,) = read_traces(value).traces
    assert [len(error.frames) for error in trace.errors] == [1, 1]


def test_several_traces_of_one_text_are_told_apart() -> None:
    forms = [trace.form for trace in read_traces(f"{GO}\nand then\n{JAVA}").traces]
    assert forms == [TraceForm.GO, TraceForm.JVM]


def test_a_question_and_a_log_are_no_traces() -> None:
    log = "".join(f"2024-01-01 12:00:0{n % 9} INFO shop.till: round {n}\n" for n in range(60))
    assert recognise("where is a retry decided?").kind is PastedKind.QUESTION
    assert recognise("why is the limit 5?\nand who knows it?").kind is PastedKind.QUESTION
    assert recognise(log).kind is PastedKind.LOG
    assert recognise(log + CHAINED).kind is PastedKind.LOG


def test_a_recursion_without_end_is_a_trace_and_no_log() -> None:
    frame = '  File "/srv/shop/basket.py", line 12, in total_price\n    return self.total_price()\n'
    text = "Traceback (most recent call last):\n" + frame * 100_000 + "RecursionError: too deep\n"
    assert recognise(text).kind is PastedKind.TRACE


HOOK = """\
PanicInfo { message: Some(no way through), location: Location { file: "till/src/log.rs", line: 18, col: 4 } }
trace:
   0: shop::set_hooks::{{closure}}
   1: till::log::Log::read
"""
BARE_PANIC = "panicked at till\\src\\log.rs:18:14:\nfailed to fetch: Empty\n\ntrace:\n   0: <unknown>\n"
ASP_PAGE = """\
[NullReferenceException: no purse]
at Shop.Till.<>c__DisplayClass10_0.<Take>b__1(Coin coin)
at Shop.Till.Take(Coin coin, Int32 number)

[ShopException: taking failed]
at Shop.Day.Open(String name)
"""
DEVELOPERS_PAGE = """\
NullReferenceException: no purse
Shop.Till.get_Total() in Till.cs, line 24
Shop.Day.Open(String name) in Day.cs
"""
TYPED = "   at Shop.Till.Take(Coin coin)\n   at Shop.Till..ctor(Purse purse, IList`1 coins)\n"
SYMFONY = """\
Exception trace:
 () at phar:///usr/bin/shop.phar/src/Shop/Till.php:1106
 Shop\\Errors::handle() at n/a:n/a
 Shop\\Till->take() at phar:///usr/bin/shop.phar/src/Shop/Till.php:1338
 Shop\\Till->open() at phar:///usr/bin/shop.phar/src/Shop/Day.php:12
"""
CORE_DUMP = """\
    Stack trace of thread 30:
    #0  0x0000564d40b867d5 till_take (/usr/src/shop/till + 0x877d5)
    #1  0x00007f64d40b8812 abort (libc.so.6 + 0x2812)
"""
LLDB = "  * frame #0: 0x00007fff6c libsystem_c.dylib`abort + 120\n    frame #1: 0x0001 till`till_take + 57\n"
PRETTY_GO = """\
 panic: no purse

 -> github.com/shop/till.(*Till).Take
 ->   /home/me/till/till.go:15
"""
RICH = """\
│ /usr/lib/python3/site-packages/shop/till.py:17 in          │
│ take                                                       │
│                                                            │
│   16 │   def take(self):                                    │
│ ❱ 17 │   │   return self.add(1)                             │
"""
NARROW_RUBY = (
    "/gems/shop-1.0/lib/till.rb:9:in`each_coin'\n  from /gems/shop-1.0/lib/till.rb:4:in`block in take'\n"
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (HOOK, [("log.rs", 18, ""), ("", 0, "set_hooks"), ("", 0, "read")]),
        (BARE_PANIC, [("log.rs", 18, "")]),
        (ASP_PAGE, [("", 0, "Open")]),
        (DEVELOPERS_PAGE, [("Till.cs", 24, "Total"), ("Day.cs", 0, "Open")]),
        (TYPED, [("", 0, "Take"), ("", 0, "Till")]),
        (SYMFONY, [("Till.php", 1106, "take"), ("Till.php", 1338, "open"), ("Day.php", 12, "")]),
        (CORE_DUMP, [("", 0, "till_take"), ("", 0, "abort")]),
        (LLDB, [("", 0, "abort"), ("", 0, "till_take")]),
        (PRETTY_GO, [("till.go", 15, "Take")]),
        (RICH, [("till.py", 17, "take")]),
        (NARROW_RUBY, [("till.rb", 9, "each_coin"), ("till.rb", 4, "take")]),
    ],
)
def test_the_ways_in_which_tools_print_traces_are_read(text: str, names: list[tuple[str, int, str]]) -> None:
    (trace,) = read_traces(text).traces
    frames = [each for error in trace.errors[:1] for each in error.frames]
    told = [(each.path.replace("\\", "/").rpartition("/")[2], each.line, each.name) for each in frames]
    assert [each for each in told if each[0] or each[2]] == names


def test_what_a_page_of_asp_net_names_first_is_the_cause() -> None:
    (trace,) = read_traces(ASP_PAGE).traces
    assert [(each.type, each.relation) for each in trace.errors] == [
        ("ShopException", Relation.REPORTED),
        ("NullReferenceException", Relation.CAUSE),
    ]
    assert [each.name for each in trace.errors[1].frames] == ["Take", "Take"]


def test_the_code_that_rich_points_at_is_that_of_the_frame() -> None:
    assert read_traces(RICH).traces[0].errors[0].frames[0].code == "return self.add(1)"


def test_the_message_within_the_words_of_a_hook_is_the_message() -> None:
    assert read_traces(HOOK).traces[0].errors[0].message == "no way through"


def test_the_little_program_that_loads_a_gem_is_the_runtimes() -> None:
    text = (
        "/gems/shop-1.0/lib/till.rb:9:in `take': no (Error)\n  from /opt/versions/1.9/bin/shop:23:in `load'\n"
    )
    frames = read_traces(text).traces[0].errors[0].frames
    assert [each.outside for each in frames] == [False, True]


def test_a_hook_and_what_was_deferred_ran_after_the_error() -> None:
    hook, _, _ = (
        read_traces(HOOK.replace("   1: till", "   1: std::panicking::rust_panic_with_hook\n   2: till"))
        .traces[0]
        .errors[0]
        .frames[:3]
    )
    deferred = read_traces(
        "panic: no purse\n\ngoroutine 1 [running]:\nshop.Recover()\n\t/srv/shop/recover.go:9 +0x1\n"
        "panic(0x1, 0x2)\n\t/usr/local/go/src/runtime/panic.go:884 +0x1\n"
        "shop.(*Till).Take(0x1)\n\t/srv/shop/till.go:15 +0x1\n"
    ).traces[0]
    assert (hook.name, hook.after) == ("set_hooks", True)
    assert [(each.name, each.after) for each in deferred.errors[0].frames] == [
        ("Recover", True),
        ("", False),
        ("Take", False),
    ]


def test_what_a_tool_says_above_its_frames_is_the_error() -> None:
    dump = read_traces("        Signal: 11 (SEGV)\n" + CORE_DUMP).traces[0]
    bare = read_traces(
        "2 files inspected\nundefined method `take' for nil\n/srv/shop/till.rb:9:in `open'\n"
    ).traces[0]
    noise = read_traces("2 files inspected\n/srv/shop/till.rb:9:in `open'\n").traces[0]
    assert dump.errors[0].type == "SEGV"
    assert bare.errors[0].message == "undefined method `take' for nil"
    assert noise.errors[0].message == ""
