"""The pages and lists in which frameworks of PHP show a trace are read as PHP's own."""

from __future__ import annotations

import pytest

from indexer.guide.traces.parsing import read_traces

SYMFONY = """\
Shop\\Exception\\TillException:
no coin

  at src/Shop/Till.php:12
  at Shop\\Till->take(object(Coin))
     (src/Shop/Day.php:13)
  at Shop\\Day->open()
     (public/index.php:3)
"""
OLDER = """\
Shop\\Exception\\TillException: no coin
    at n/a
        in /srv/src/Shop/Till.php line 12

    at Shop\\Till->take(object(Coin))
        in /srv/src/Shop/Day.php line 13

    at Shop\\Day->open('x')
        in  line
"""
WHOOPS = """\
Shop\\Exception\\TillException: no coin in file /srv/src/Shop/Till.php on line 12
Stack trace:
  1. Shop\\Exception\\TillException->() /srv/src/Shop/Till.php:12
  2. Shop\\Till->take() /srv/src/Shop/Day.php:13
  3. Shop\\Day->open() /srv/public/index.php:3
"""
COLLISION = """\
   Shop\\Exception\\TillException  : no coin

  at /srv/src/Shop/Till.php:12
     8|     {
  > 12|         $x;

  Exception trace:

  1   Shop\\Till::take(Object(Shop\\Coin))
      /srv/src/Shop/Day.php:13

  2   Shop\\Day::open()
      /srv/public/index.php:3
"""


@pytest.mark.parametrize("text", [SYMFONY, OLDER, WHOOPS, COLLISION])
def test_a_page_has_the_calls_of_a_trace_with_their_places(text: str) -> None:
    (trace,) = read_traces(text).traces
    error = trace.errors[0]
    assert (error.type, error.message) == ("Shop\\Exception\\TillException", "no coin")
    told = [(each.path.rpartition("/")[2], each.line, each.owner, each.name) for each in error.frames]
    assert told[:2] == [("Till.php", 12, "Till", "take"), ("Day.php", 13, "Day", "open")]


def test_what_made_an_exception_of_a_warning_does_not_stand_at_its_line() -> None:
    for call in (
        "Illuminate\\Foundation\\Bootstrap\\HandleExceptions->handleError(2, 'no', '/srv', 1)",
        "Shop\\Handler->Shop\\{closure}(2, 'no', '/srv/app/Till.php', 12)",
        "my_error_handler(2, 'no', '/srv/app/Till.php', 12)",
    ):
        text = (
            "PHP Fatal error:  Uncaught ErrorException: no in /srv/app/Till.php:12\nStack trace:\n"
            f"#0 /srv/app/Till.php(12): {call}\n#1 /srv/app/Day.php(5): App\\Till->take()\n"
            "#2 /srv/index.php(3): require('/srv/app/Day.php')\n#3 {main}\n"
        )
        frames = read_traces(text).traces[0].errors[0].frames
        told = [(each.path.rpartition("/")[2], each.line, each.name) for each in frames[:3]]
        assert told == [("Till.php", 12, "take"), ("Day.php", 5, ""), ("index.php", 3, "")]


def test_places_on_lines_of_their_own_are_frames_without_names() -> None:
    text = "1) TillTest::testTake\nError: no coin\n\n/srv/src/Till.php:12\n/srv/tests/TillTest.php:13\n"
    error = read_traces(text).traces[0].errors[0]
    assert (error.type, error.message) == ("Error", "no coin")
    assert [(each.line, each.name) for each in error.frames] == [(12, ""), (13, "")]


def test_an_error_of_drupal_has_the_function_that_its_line_is_in() -> None:
    text = "TypeError: no coin in Shop\\Till->take() (line 12 of modules/till/src/Till.php).\n"
    error = read_traces(text).traces[0].errors[0]
    assert (error.type, error.message) == ("TypeError", "no coin")
    assert [(each.line, each.owner, each.name) for each in error.frames] == [(12, "Till", "take")]
