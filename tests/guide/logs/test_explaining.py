"""A log of a small shop, explained: groups tied to the statements that wrote them, cited and checked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.errors import CancelledError, UsageError
from indexer.knowledge import KnowledgeBase
from indexer.shapes.logs import Level, LogExplained, LogForm, LogWanted, Tie, Writes
from indexer.types import CitationKind, Progress, VerdictStatus
from tests.conftest import Bench
from tests.guide.conftest import ADA, BOB, YEAR_2023, YEAR_2024, Quiet, settings_of

PAYING = '''"""Takes money."""

import logging

logger = logging.getLogger(__name__)

REFUSED = """\\
payment %s was refused by the bank: %s
"""


class Till:
    def charge(self, order, cents):
        logger.info("charging %d cents for order %s", cents, order)
        if cents > 100_000:
            logger.error(REFUSED, order, "limit")
        logger.debug("order %s is paid", order)

    def _say(self, text):
        logger.warning(text)

    def close(self):
        self._say("the till is closed for today")
'''
SHIPPING = """const log = require('pino')({name: 'shipping'});

function ship(parcel) {
  log.info({parcel: parcel.id}, 'parcel handed to the carrier');
  log.error('connection lost');
}
"""
MAILING = """package shop;

class Mailer {
    void send(String to) {
        LOG.error("connection lost");
        LOG.warn("mail to {} bounced after {} tries", to, tries);
    }
}
"""


@pytest.fixture(scope="module")
def shop(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> Iterator[KnowledgeBase]:
    bench = Bench(tmp_path_factory.mktemp("logs"), None, git_environment)  # type: ignore[arg-type]
    bench = Bench(bench.folder, settings_of(bench.folder), git_environment)
    made = bench.make("shop")
    made.commit("Take money", {"shop/paying.py": PAYING.replace("100_000", "50_000")}, ADA, YEAR_2023)
    made.commit(
        "Ship and mail", {"web/shipping.js": SHIPPING, "src/shop/Mailer.java": MAILING}, ADA, YEAR_2023 + 99
    )
    made.commit("Raise the limit of the till", {"shop/paying.py": PAYING}, BOB, YEAR_2024)
    opened = KnowledgeBase.open(bench.locate(made), bench.settings)
    opened.words(Quiet())
    yield opened
    opened.close()


def explained(shop: KnowledgeBase, text: str, **more: object) -> LogExplained:
    return shop.mentor.logs.explain(LogWanted(text=text, name="app.log", **more), Quiet())  # type: ignore[arg-type]


LOG = "".join(
    f"2024-07-05 10:{minute:02d}:00,000 INFO shop.paying: charging {minute * 7} cents for order A{minute}\n"
    f"2024-07-05 10:{minute:02d}:01,000 DEBUG shop.paying: order A{minute} is paid\n"
    for minute in range(60)
) + "".join(
    f"2024-07-05 10:40:{second:02d},500 ERROR shop.paying: payment B{second} was refused by the bank: limit\n"
    for second in range(30)
)


def test_lines_are_grouped_by_the_statement_that_wrote_them(shop: KnowledgeBase) -> None:
    found = explained(shop, LOG)
    assert [(each.count, each.level, each.tie) for each in found.groups] == [
        (30, Level.ERROR, Tie.NAMED),
        (60, Level.INFO, Tie.NAMED),
        (60, Level.DEBUG, Tie.NAMED),
    ]
    places = [each.place for each in found.groups if each.place is not None]
    assert [(each.path, each.line) for each in places] == [
        ("shop/paying.py", 16),
        ("shop/paying.py", 14),
        ("shop/paying.py", 17),
    ]
    assert places[0].symbol == "Till.charge"
    assert found.verdict.status is VerdictStatus.GROUNDED


def test_the_citation_of_a_group_is_the_statement_and_the_text_that_it_takes(shop: KnowledgeBase) -> None:
    group = explained(shop, LOG).groups[0]
    first = group.statements[0]
    assert [(each.path, each.start_line) for each in first.citations] == [
        ("shop/paying.py", 16),
        ("shop/paying.py", 7),
    ]
    assert "was refused by the bank" in first.citations[1].quote
    assert first.text == "Logged by shop/paying.py:16, in `Till.charge`; its text stands at shop/paying.py:7."


def test_a_message_that_begins_with_a_new_line_stands_below_its_head(shop: KnowledgeBase) -> None:
    text = (
        "2024-07-05 10:40:01,500 ERROR shop.paying:\n\npayment B1 was refused by the bank: limit\n"
        "2024-07-05 10:40:02,500 INFO shop.paying:\n"
        "2024-07-05 10:40:03,500 INFO shop.paying: charging 7 cents for order A1\n"
        "2024-07-05 10:40:04,500 ERROR shop.paying: \npayment B2 was refused by the bank: limit\n"
        "2024-07-05 10:40:05,500 INFO shop.paying:\n"
    )
    found = explained(shop, text)
    tied = {each.place.line: (each.count, each.first_line) for each in found.groups if each.place is not None}
    assert tied == {16: (2, 1), 14: (1, 5)}
    assert sum(each.count for each in found.groups) == 5


def test_what_changed_near_an_error_is_told_with_its_commit(shop: KnowledgeBase) -> None:
    group = explained(shop, LOG).groups[0]
    changes = [each for each in group.statements if each.citations[0].kind is CitationKind.COMMIT]
    assert "Raise the limit of the till" in changes[0].text
    assert "1 day before" in changes[0].text or "days before" in changes[0].text or "2024" in changes[0].text
    assert group.knowers


def test_a_burst_stands_out(shop: KnowledgeBase) -> None:
    found = explained(shop, LOG)
    assert sum(found.groups[0].times) == 30
    assert [found.groups[0].times[bar] for bar in found.groups[0].spikes] == [30]
    assert found.groups[1].spikes == ()
    assert any("bursts" in each.text and "10:40" in each.text for each in found.statements)


def test_a_text_that_stands_twice_is_told_to_and_the_class_in_the_line_decides(shop: KnowledgeBase) -> None:
    open_case = explained(shop, "2024-07-05 10:00:00 ERROR connection lost\n" * 3).groups[0]
    assert open_case.tie is Tie.SEVERAL
    assert len(open_case.others) == 1
    named = explained(shop, "2024-07-05 10:00:00 ERROR [main] shop.Mailer - connection lost\n" * 3).groups[0]
    assert named.tie is Tie.NAMED
    assert named.place is not None
    assert named.place.path == "src/shop/Mailer.java"


def test_a_call_through_a_function_of_ones_own_is_the_statement(shop: KnowledgeBase) -> None:
    group = explained(shop, "2024-07-05 10:00:00 WARNING shop.paying: the till is closed for today\n").groups[
        0
    ]
    assert group.place is not None
    assert (group.place.path, group.place.line) == ("shop/paying.py", 23)


def test_json_lines_are_read_by_their_fields(shop: KnowledgeBase) -> None:
    lines = "".join(
        f'{{"level":30,"time":{1720173600000 + n},"name":"shipping","parcel":{n},'
        '"msg":"parcel handed to the carrier"}\n'
        for n in range(20)
    )
    found = explained(shop, lines)
    assert found.form is LogForm.JSON
    assert [(each.count, each.level) for each in found.groups] == [(20, Level.INFO)]
    assert found.groups[0].place is not None
    assert found.groups[0].place.path == "web/shipping.js"


def test_a_trace_is_counted_with_the_line_before_it(shop: KnowledgeBase) -> None:
    one = (
        "2024-07-05 10:00:00 ERROR shop.paying: payment B1 was refused by the bank: limit\n"
        "Traceback (most recent call last):\n"
        '  File "/srv/shop/paying.py", line 14, in charge\n'
        "    bank.charge(1)\n"
        "bank.BankError: no\n"
    )
    found = explained(shop, one * 5 + "2024-07-05 10:00:01 DEBUG shop.paying: order A1 is paid\n")
    assert [each.count for each in found.groups] == [5, 1]
    assert [(each.title, each.count) for each in found.groups[0].traces] == [("bank.BankError", 5)]


def test_a_log_of_another_program_is_said_to_be_one(shop: KnowledgeBase) -> None:
    lines = "".join(
        f"Sep  1 12:00:{n:02d} host sshd[{n}]: Failed password for root from 9.9.9.{n}\n" for n in range(40)
    )
    found = explained(shop, lines)
    assert found.verdict.status is VerdictStatus.UNKNOWN
    assert "it is another program's" in found.verdict.reason
    assert all(each.place is None for each in found.groups)


def test_a_trace_of_a_form_that_is_not_known_is_no_log_of_another_program(shop: KnowledgeBase) -> None:
    names = ("take", "count", "open", "close", "weigh", "sort", "lend")
    lines = "".join(f"(shop {name}) lib/shop/{name}.ex:{n}: Shop.{name}/2\n" for n, name in enumerate(names))
    found = explained(shop, f"** (ArithmeticError) bad argument\n{lines}")
    assert found.verdict.status is VerdictStatus.UNKNOWN
    assert "another program" not in found.verdict.reason
    assert "look like those of a stack trace" in found.verdict.reason


def test_k_what_is_secret_or_personal_is_masked_everywhere(shop: KnowledgeBase) -> None:
    line = (
        "2024-07-05 10:00:00 ERROR mail to ada@example.com bounced from 10.20.30.40 password=hunter2! "
        "card 4111 1111 1111 1111 iban DE89370400440532013000 "
        "token ghp_0123456789abcdefABCDEF0123456789abcd\n"
    )
    shown = repr(explained(shop, line * 4))
    for secret in ("ada@example", "10.20.30.40", "hunter2", "4111", "DE8937", "ghp_0123"):
        assert secret not in shown
    assert "10.20.30.40" in repr(explained(shop, line, show_addresses=True))


# ------------------------------------------------------------------------------- bad input


def test_an_empty_log_and_one_that_is_no_text_are_refused(shop: KnowledgeBase, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        explained(shop, "   \n")
    (tmp_path / "core").write_bytes(random.Random(1).randbytes(100_000))
    with pytest.raises(UsageError, match="not text"):
        shop.mentor.logs.explain(LogWanted(path=str(tmp_path / "core")), Quiet())


def test_an_empty_file_has_no_groups(shop: KnowledgeBase, tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(b"")
    found = shop.mentor.logs.explain(LogWanted(path=str(tmp_path / "app.log")), Quiet())
    assert (found.lines, found.groups, found.verdict.status) == (0, (), VerdictStatus.UNKNOWN)


def test_a_log_without_times_is_shown_by_place(shop: KnowledgeBase) -> None:
    found = explained(shop, "ERROR: connection lost\nINFO: all is well here\n" * 200)
    assert found.bucket_start is None
    assert sum(found.times) == 400
    assert any("no time" in each for each in found.notices)


def test_a_clock_that_goes_back_and_mixed_encodings_are_borne(shop: KnowledgeBase, tmp_path: Path) -> None:
    lines = [f"2024-07-05 10:{59 - n:02d}:00 DEBUG shop.paying: order Ä{n} is paid\n" for n in range(60)]
    data = b"".join(each.encode("utf-8" if n % 2 else "latin-1") for n, each in enumerate(lines))
    (tmp_path / "app.log").write_bytes(data + b"\xff\xfe\x00 noise \x00\n")
    found = shop.mentor.logs.explain(LogWanted(path=str(tmp_path / "app.log")), Quiet())
    assert found.groups[0].count == 60
    assert any("earlier than the one before" in each for each in found.notices)


def test_f17_a_sparse_gigabyte_is_read_in_bounds(shop: KnowledgeBase, tmp_path: Path) -> None:
    file = tmp_path / "app.log"
    with file.open("wb") as out:
        out.write(LOG.encode() * 30)
        out.truncate(200 << 20)
    found = shop.mentor.logs.explain(LogWanted(path=str(file)), Quiet())
    assert found.groups[0].count == 900
    assert any("very long" in each for each in found.notices)


class Impatient(Quiet):
    """Takes its call back when the log is being read."""

    def __init__(self) -> None:
        self.told = 0

    def report(self, progress: Progress) -> None:
        self.told += 1

    def checkpoint(self) -> None:
        if self.told:
            raise CancelledError("Stopped.", "")


def test_a_call_taken_back_ends_at_once(shop: KnowledgeBase, tmp_path: Path) -> None:
    file = tmp_path / "app.log"
    file.write_bytes(LOG.encode() * 2_000)
    with pytest.raises(CancelledError):
        shop.mentor.logs.explain(LogWanted(path=str(file)), Impatient())


def test_an_error_text_is_told_from_a_log_text(shop: KnowledgeBase) -> None:
    group = explained(shop, LOG).groups[0]
    assert group.place is not None
    assert group.place.writes is Writes.LOGS
