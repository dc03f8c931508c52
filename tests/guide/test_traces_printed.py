"""Traces as runtimes, debuggers, loggers and shippers really print them, and cut them off."""

from __future__ import annotations

import json

import pytest

from indexer.guide.explaining import recognise
from indexer.guide.traces.parsing import read_traces
from indexer.shapes.traces import PastedKind, Relation, TraceForm

GO = """\
panic: runtime error: index out of range [0] with length 0

goroutine 879 [running]:
github.com/shop/till/money.key({0xc00, 0x9b}, 0xc0, 0x0)
        /shop/money/money.go:78 +0x85
github.com/shop/till/money.(*Purse).Count(0xc0, 0xc1)
        /shop/money/purse.go:149 +0xd9
"""
PYTHON = """\
Traceback (most recent call last):
  File "/srv/shop/till.py", line 12, in take
    raise EmptyPurse()
shop.EmptyPurse
"""
JVM = """\
org.shop.EmptyPurse: no coin
\tat org.shop.Till.take(Till.java:12)
\tat org.shop.Till.open(Till.java:9)
\tat org.shop.Main.main(Main.java:3)
"""
PREFIXES = {
    "syslog": "Jun 20 19:59:37 ",
    "syslog with a host": "Jun 20 19:59:37 box till[12]: ",
    "several words": "2022-02-10T14:12:17.2839 193.9.249.145 coredns  ",
    "compose": "till-1  | ",
    "swarm": "till.1.x3@node    | ",
    "a tag": "[pod/till-7f9/till] ",
    "a level and a logger": "ERROR:shop.till:",
    "dropwizard": "! ",
    "a shipper": "till-web box-3 ",
    "absl": "E 04-27 13:23:32 till.py:414] ",
    "apache": "[Thu Mar 03 17:36:21.123 2022] [app:error] [pid 1] [client 1.2.3.4:5] ",
}


@pytest.mark.parametrize("prefix", PREFIXES.values(), ids=PREFIXES.keys())
@pytest.mark.parametrize("text", [GO, PYTHON, JVM], ids=["go", "python", "jvm"])
def test_what_each_line_begins_with_is_no_part_of_a_trace(prefix: str, text: str) -> None:
    """The same frames, code and message are read with it as without it."""
    behind = "".join(f"{prefix}{line}\n" for line in text.splitlines())
    (bare,), (read,) = read_traces(text).traces, read_traces(behind).traces
    assert [(each.type, each.message) for each in read.errors] == [
        (each.type, each.message) for each in bare.errors
    ]
    assert [(each.path, each.line, each.name, each.code) for each in read.errors[0].frames] == [
        (each.path, each.line, each.name, each.code) for each in bare.errors[0].frames
    ]
    assert recognise(behind).kind is PastedKind.TRACE


def test_frames_that_begin_alike_keep_what_they_begin_with() -> None:
    text = "".join(f"/srv/shop/till.rb:{line}:in `take'\n" for line in (9, 12, 15, 18, 21))
    (trace,) = read_traces(text).traces
    assert [(each.path, each.line) for each in trace.errors[0].frames][:2] == [
        ("/srv/shop/till.rb", 9),
        ("/srv/shop/till.rb", 12),
    ]


def test_a_prefix_that_was_cut_off_is_no_error() -> None:
    lines = [f"ERROR:shop.till:{line}" for line in PYTHON.splitlines()[:3]]
    (trace,) = read_traces("\n".join([*lines, "ER"])).traces
    assert trace.errors[0].type == ""


PHP = "#0 /srv/shop/src/Till.php(58): Shop\\Till->take(Object(Shop\\Coin))\n#1 {main}"
PAGE = {
    "error": "no coin",
    "details": {
        "exception": "Shop\\EmptyPurse",
        "message": "no coin",
        "file": "/srv/shop/src/Till.php",
        "line": 94,
        "trace": PHP.split("\n"),
    },
}


def test_a_trace_within_json_is_read_with_what_its_fields_tell() -> None:
    # PHP writes each slash with a backslash before it.
    text = json.dumps(PAGE, indent=2).replace("/", "\\/")
    (trace,) = read_traces(text).traces
    error = trace.errors[0]
    assert (error.type, error.message) == ("Shop\\EmptyPurse", "no coin")
    assert [(each.path, each.line, each.module, each.name) for each in error.frames[:2]] == [
        ("/srv/shop/src/Till.php", 94, "Shop", "take"),
        ("/srv/shop/src/Till.php", 58, "", ""),
    ]


@pytest.mark.parametrize("text", [GO, PYTHON, JVM], ids=["go", "python", "jvm"])
@pytest.mark.parametrize("times", [1, 2], ids=["once", "in a string of a string"])
def test_a_trace_in_a_string_of_json_is_the_trace(text: str, times: int) -> None:
    packed = text
    for _ in range(times):
        packed = json.dumps({"level": 50, "err": {"stack": packed}, "msg": "oh"})
    (bare,), (read,) = read_traces(text).traces, read_traces(packed).traces
    assert (read.errors[0].type, read.errors[0].message) == (bare.errors[0].type, bare.errors[0].message)
    assert [(each.path, each.line, each.name) for each in read.errors[0].frames] == [
        (each.path, each.line, each.name) for each in bare.errors[0].frames
    ]


def test_a_path_of_windows_has_no_line_breaks_in_it() -> None:
    line = '  File "C:\\Users\\nora\\notes\\readers\\till\\takings.py", line 12, in take'
    (trace,) = read_traces(f"{line * 1}{' ' * 60}\nValueError: no\n").traces
    assert trace.errors[0].frames[0].path == "C:\\Users\\nora\\notes\\readers\\till\\takings.py"


DELVE = """\
 0  0x0000000000483201 in runtime.raise
    at /usr/local/go/src/runtime/sys_linux_amd64.s:154
 1  0x0000000000c0c7ef in [till.io/till.(*Purse).Count](http://till.io/till.(*Purse).Count)
    at /builds/vendor/[till.io/till/purse.go:88](http://till.io/till/purse.go:88)
"""
RECOVERED = """\
[ERROR] Recovered from panic in server: "dns://:53" runtime error: invalid memory address
goroutine 1 [running]:
shop.(*Till).Take(0x1)
\t/srv/shop/till.go:15 +0x1
"""
BARE_JVM = """\
org.shop.Till.take(Till.java:12)
sun.reflect.NativeMethodAccessorImpl.invoke0(Native Method)
com.sun.proxy.$Proxy36.open(Unknown Source)
"""
SENTRY_JS = """\
TypeError: Cannot read properties of undefined
  File "app/lib/till.js", line 2148, col 21, in null.<anonymous>
  File "app/lib/coin.js", line 223, col 9, in Coins.<computed> [as find]
  File "node:internal/process/task_queues", line 78, col 11, in processTicksAndRejections
"""
SENTRY_PAGE = """\
Exception text: `PurseError: no coin`

Exception type: `shop.errors.PurseError`

shop/till.py in take at line 943
shop/till.py in open at line 980
"""
ONE_LINE = (
    "main error: TimeoutError: the pool is full     at /Applications/My Till.app/lib/client.js:339:13     "
    "at tryOnce (/Applications/My Till.app/lib/util.js:16:23)     at /Applications/My Till.app/lib/x.js:1:2"
)
PYTEST = """\
            with session.take(
>                   trace=trace) as coin:

tests/test_till.py:477:
_ _ _ _ _ _ _ _ _
shop/till.py:319: in take
    traces=traces
"""
FPM = """\
 [20-Feb-2020 08:42:40] WARNING: [pool www] child 70 said into stderr: "NOTICE: PHP message: PHP \
Fatal error:  Uncaught Shop\\EmptyPurse: no coin in /app/src/Till.php:277"
[20-Feb-2020 08:42:40] WARNING: [pool www] child 70 said into stderr: "Stack trace:"
[20-Feb-2020 08:42:40] WARNING: [pool www] child 70 said into stderr: \
"#0 /app/src/Day.php(1080): Shop\\Till->take()"
[20-Feb-2020 08:42:40] WARNING: [pool www] child 70 said into stderr: "#1 /app/index.php(3): Shop\\Day->open"
"""
XDEBUG = """\
PHP Warning:  Uncaught Error: no coin in /app/src/Till.php on line 9
PHP Stack trace:
PHP   1. {main}() /app/index.php:0
PHP   2. Shop\\Day->open($name = 'x.y', $flags = *uninitialized*) /app/index.php:10
PHP   3. Shop\\Till->take($coin = class Shop\\Coin { public $at = 1.5 }) /app/src/Day.php:12
"""
CALLED = (
    "PHP Fatal error:  Uncaught TypeError: Argument 2 passed to Shop\\Till::take() must be of the type int, "
    "string given, called in /app/src/Day.php on line 630 and defined in /app/src/Till.php:1880\n"
    "Stack trace:\n#0 /app/src/Day.php(630): Shop\\Till::take('x')\n#1 /app/index.php(3): Shop\\Day->open()\n"
)
PLACELESS_ASAN = """\
==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602
    #0 0x7f7a in Shop::take(unsigned char*, int, Shop::Order) (/home/me/build/lib/libshop.so.0+0x3d)
    #1 0x7f7b in long Shop::count<int>(unsigned char*) (/home/me/build/lib/libshop.so.0+0x33) (BuildId: 1f)
    #2 0x507755 in till_open /src/shop/till.c
    #3 0x7f7c in __libc_start_main (/lib/x86_64-linux-gnu/libc.so.6+0x2082f)
"""
GDB = """\
Program terminated with signal SIGSEGV, Segmentation fault.
#0  0x00007fe6 in Shop::Purse<unsigned int>::take (this=0x1e17c00, buf=0x7fe <error: Cannot access memory at \
address 0x7fe>, len=0x59)
    at /src/shop/purse.hpp:1758
#1  0x00007fe7 in main (argc=2, argv=0x7fff
"""
GLIBC = "/srv/shop/bin/till(till_take+0x12) [0x55f0]\n/lib/libc.so.6(__libc_start_main+0xf3) [0x7f00]\n"
PAIRED = """\
Error: thread 'screen' panicked at 'called `Option::unwrap()` on a `None` value': \
/r/till-0.2.1/src/screen.rs:227
   0: till::errors::handle
   1: till::screen::draw
"""
RETURNED = """\
Error: failed to open the till

Caused by:
    no such purse

Stack backtrace:
   0: anyhow::error::msg
             at /r/anyhow-1.0.71/src/error.rs:83:36
      anyhow::private
             at /r/anyhow-1.0.71/src/lib.rs:9:1
   1: <core::result::Result<U,E> as till::errors::ToTill<U>>::to_till
             at /home/me/till/src/errors.rs:771:29
"""
DEBUGGER = """\
System.NullReferenceException was unhandled by user code
  HResult=-2147467261
  Message=no purse
  Source=Shop
  StackTrace:
       at Shop.Till.Take() in C:\\work\\Till.cs:line 102
  InnerException: System.InvalidOperationException
       Message=closed
       StackTrace:
            at Shop.Day.Open(String name, NLo
"""
LOGGED = """\
An exception of type Shop.ShopException occurred and was caught.
Source:Shop;
Message:no coin on TAKE;

StackTrace:
 at Shop.Till.Take[T](Message message, Coin`1 coin)
 at Shop.Till.Open(String name)
"""
UNREAD = "/gems/shop-1.0/till.rb:661: syntax error, unexpected ')'\n/gems/shop-1.0/day.rb:4\n"
DASHED = "NoMethodError - undefined method `take' for nil:NilClass\n/srv/shop/till.rb:366:in `serve'\n"
SHUT_DOWN = """\
Traceback (most recent call last):
  File "/srv/shop/till.py", line 12, in take
<type 'exceptions.AttributeError'>: 'NoneType' object has no attribute 'error'
"""


@pytest.mark.parametrize(
    ("text", "error", "frames"),
    [
        (DELVE, ("", ""), [("sys_linux_amd64.s", 154, "raise"), ("purse.go", 88, "Count")]),
        (RECOVERED, ("panic", "runtime error: invalid memory address"), [("till.go", 15, "Take")]),
        (BARE_JVM, ("", ""), [("Till.java", 12, "take"), ("", 0, "invoke0"), ("", 0, "open")]),
        (
            SENTRY_JS,
            ("TypeError", "Cannot read properties of undefined"),
            [
                ("till.js", 2148, ""),
                ("coin.js", 223, "find"),
                ("task_queues", 78, "processTicksAndRejections"),
            ],
        ),
        (
            SENTRY_PAGE,
            ("shop.errors.PurseError", "no coin"),
            [("till.py", 943, "take"), ("till.py", 980, "open")],
        ),
        (
            ONE_LINE,
            ("TimeoutError", "the pool is full"),
            [("client.js", 339, ""), ("util.js", 16, "tryOnce"), ("x.js", 1, "")],
        ),
        (PYTEST, ("", ""), [("till.py", 319, "take"), ("test_till.py", 477, "")]),
        (
            FPM,
            ("Shop\\EmptyPurse", "no coin"),
            [("Till.php", 277, "take"), ("Day.php", 1080, ""), ("index.php", 3, "")],
        ),
        (
            XDEBUG,
            ("Error", "no coin"),
            [("Till.php", 9, "take"), ("Day.php", 12, "open"), ("index.php", 10, "")],
        ),
        (
            CALLED,
            (
                "TypeError",
                (
                    "Argument 2 passed to Shop\\Till::take() must be of the type int, string given, called "
                    "in /app/src/Day.php on line 630 and defined"
                ),
            ),
            [("Till.php", 1880, "take"), ("Day.php", 630, "open"), ("index.php", 3, "")],
        ),
        (
            PLACELESS_ASAN,
            ("AddressSanitizer", "heap-buffer-overflow on address 0x602"),
            [("", 0, "take"), ("", 0, "count"), ("till.c", 0, "till_open"), ("", 0, "__libc_start_main")],
        ),
        (GDB, ("SIGSEGV", "Segmentation fault"), [("purse.hpp", 1758, "take"), ("", 0, "main")]),
        (GLIBC, ("", ""), [("", 0, "till_take"), ("", 0, "__libc_start_main")]),
        (
            PAIRED,
            ("panic", "called `Option::unwrap()` on a `None` value"),
            [("screen.rs", 227, ""), ("", 0, "handle"), ("", 0, "draw")],
        ),
        (
            RETURNED,
            ("error", "failed to open the till"),
            [("error.rs", 83, "msg"), ("lib.rs", 9, "private"), ("errors.rs", 771, "to_till")],
        ),
        (DEBUGGER, ("System.NullReferenceException", "no purse"), [("Till.cs", 102, "Take")]),
        (LOGGED, ("Shop.ShopException", "no coin on TAKE"), [("", 0, "Take"), ("", 0, "Open")]),
        (
            UNREAD,
            ("SyntaxError", "syntax error, unexpected ')'"),
            [("till.rb", 661, ""), ("day.rb", 4, "")],
        ),
        (DASHED, ("NoMethodError", "undefined method `take' for nil:NilClass"), [("till.rb", 366, "serve")]),
        (
            SHUT_DOWN,
            ("AttributeError", "'NoneType' object has no attribute 'error'"),
            [("till.py", 12, "take")],
        ),
    ],
)
def test_a_trace_is_read_as_it_is_printed(
    text: str, error: tuple[str, str], frames: list[tuple[str, int, str]]
) -> None:
    (trace,) = read_traces(text).traces
    first = trace.errors[0]
    assert (first.type, first.message) == error
    told = [(each.path.replace("\\", "/").rpartition("/")[2], each.line, each.name) for each in first.frames]
    assert [each for each in told if each[0] or each[2]] == frames
    assert recognise(text).kind is PastedKind.TRACE


def test_the_code_that_pytest_points_at_is_that_of_the_frame_without_a_name() -> None:
    (trace,) = read_traces(PYTEST).traces
    assert trace.errors[0].frames[-1].code == "trace=trace) as coin:"


def test_an_inner_exception_that_is_told_below_is_the_cause_even_when_it_is_cut_off() -> None:
    (trace,) = read_traces(DEBUGGER).traces
    assert [(each.type, each.message, each.relation) for each in trace.errors] == [
        ("System.NullReferenceException", "no purse", Relation.REPORTED),
        ("System.InvalidOperationException", "closed", Relation.CAUSE),
    ]


def test_calls_of_xdebug_that_were_cut_off_leave_open_what_is_deeper() -> None:
    cut = XDEBUG[: XDEBUG.index(" public $at")]
    frames = read_traces(cut).traces[0].errors[0].frames
    told = [(each.path.rpartition("/")[2], each.line, each.name, each.outside) for each in frames[:4]]
    assert told == [
        ("Till.php", 9, "", False),
        ("", 0, "take", False),
        ("", 0, "open", False),
        ("index.php", 10, "", False),
    ]


def test_a_library_in_somebodys_folder_is_not_the_systems() -> None:
    frames = read_traces(PLACELESS_ASAN).traces[0].errors[0].frames
    assert [each.outside for each in frames] == [False, False, False, True]
    assert frames[0].binary == "/home/me/build/lib/libshop.so.0"


HEADLESS = """\
0x60200000decf is located 1 bytes to the left of 1-byte region [0x60200000ded0,0x60200000ded1)
allocated by thread T0 here:
    #0 0x7f19 in __interceptor_malloc (/usr/lib/libasan.so.3+0xc6ec0)
    #1 0x7f1a in till_open /src/shop/till.c:1102
"""


def test_where_memory_was_taken_is_not_the_error_whose_head_was_cut_off() -> None:
    summary = "SUMMARY: AddressSanitizer: heap-buffer-overflow /src/shop/till.c:1107 in till_take\n"
    (trace,) = read_traces(f"{HEADLESS}\n{summary}").traces
    assert [(each.type, each.message, each.relation) for each in trace.errors] == [
        ("AddressSanitizer", "heap-buffer-overflow", Relation.REPORTED),
        ("", "allocated by thread T0 here", Relation.ELSEWHERE),
    ]
    assert [(each.line, each.name) for each in trace.errors[0].frames] == [(1107, "till_take")]
    (bare,) = read_traces(HEADLESS).traces
    assert (bare.errors[0].relation, bare.cut_off) == (
        Relation.ELSEWHERE,
        "What went wrong is not in the text.",
    )


def test_what_gdb_shows_twice_is_one_trace_and_a_handlers_frames_came_after() -> None:
    frame = "#0  0x01 in till_take (h=0x0) at till.c:95\n"
    shown = f"Program received signal SIGSEGV, Segmentation fault.\n{frame}95\t  h->a = 1;\n(gdb) bt\n{frame}"
    handler = (
        "#0  0x01 in write_log () at log.c:9\n#1  <signal handler called>\n#2  0x02 in main () at main.c:1\n"
    )
    (trace,) = read_traces(f"{shown}#1  0x02 in main () at main.c:1\n").traces
    assert (trace.errors[0].type, [each.line for each in trace.errors[0].frames]) == ("SIGSEGV", [95, 1])
    (handled,) = read_traces(handler).traces
    assert [each.after for each in handled.errors[0].frames] == [True, False]


def test_of_two_panics_each_keeps_its_last_frame() -> None:
    text = (
        "thread 'reader' panicked at 'no coin', src/till.rs:778:17\nstack backtrace:\n   0: till::take\n"
        "   1: till::read\nnote: Some details are omitted.\n"
        "thread 'main' panicked at 'gone', src/main.rs:81:41\nstack backtrace:\n   0: till::main\n"
    )
    traces = read_traces(text).traces
    assert [[each.name for each in trace.errors[0].frames if not each.path] for trace in traces] == [
        ["take", "read"],
        ["main"],
    ]


def test_the_state_of_a_thread_is_no_error() -> None:
    text = (
        '"till-4" #18 daemon prio=5 tid=0x1 nid=0x2 waiting\n   java.lang.Thread.State: WAITING (parking)\n'
        "\tat org.shop.Till.take(Till.java:12)\n"
    )
    (trace,) = read_traces(text[1:]).traces
    assert [(each.type, each.relation) for each in trace.errors] == [("", Relation.THREAD)]


def test_a_fence_above_a_trace_is_no_message() -> None:
    (trace,) = read_traces("```\nshop.Take(0x1)\n\t/srv/shop/till.go:15 +0x1\n```\n").traces
    assert trace.form is TraceForm.GO
    assert trace.errors[0].message == ""
