"""Statements that log are found in each language, with their text, level and place."""

import pytest

from indexer.guide.logs.statements import read_statements
from indexer.shapes.logs import Level, Writes

CASES = [
    ("python", 'logger.info("user %s paid %d cents", user, cents)', "user {…} paid {…} cents", Level.INFO),
    ("python", 'log.warning(f"no stock of {item.name!r} left")', "no stock of {…} left", Level.WARNING),
    ("python", 'logging.error("cannot open {}: {}".format(path, why))', "cannot open {…}: {…}", Level.ERROR),
    ("python", 'self.log.log(logging.DEBUG, "step %(n)d of "\n    "%(all)d done", v)',
     "step {…} of {…} done",
     Level.DEBUG),
    ("python", "structlog.get_logger().info('order_paid', order=1)", "order_paid", Level.INFO),
    ("java", 'LOG.error("Could not charge {} for {}", card, order, e);', "Could not charge {…} for {…}",
     Level.ERROR),
    ("java", 'logger.warn("retry " + n + " of " + max + " failed");', "retry {…} of {…} failed",
     Level.WARNING),
    ("java", 'log.info(String.format("took %d ms", t));', "took {…} ms", Level.INFO),
    ("java", 'log.atDebug().addKeyValue("a", b).log("cache miss for {}", k);', "cache miss for {…}",
     Level.DEBUG),
    ("kotlin", 'logger.info { "started ${name} on $port now" }', "started {…} on {…} now", Level.INFO),
    ("go", 'log.Printf("listening on %s", addr)', "listening on {…}", Level.INFO),
    ("go", 'slog.Warn("slow query", "took", d)', "slow query", Level.WARNING),
    ("go", 'logger.Error("payment refused", zap.String("id", id))', "payment refused", Level.ERROR),
    ("go", 'log.WithFields(log.Fields{"a": 1}).Infof("sent %d mails", n)', "sent {…} mails", Level.INFO),
    ("go", 'log.Error().Str("k", v).Msg("queue is full")', "queue is full", Level.ERROR),
    ("javascript", "console.error(`upload of ${name} failed`, err)", "upload of {…} failed {…}", Level.ERROR),
    ("typescript", "this.logger.info({ id }, 'order shipped')", "order shipped", Level.INFO),
    ("javascript", "winston.warn('disk at %d percent', used)", "disk at {…} percent", Level.WARNING),
    ("rust", 'tracing::info!(user = %id, "user {} joined", name);', "user {…} joined", Level.INFO),
    ("rust", 'error!(target: "db", "pool exhausted: {err:?}");', "pool exhausted: {…}", Level.ERROR),
    ("csharp", '_logger.LogWarning(ex, "Order {OrderId} is late", id);', "Order {…} is late", Level.WARNING),
    ("csharp", 'Log.Information($"Loaded {count} rows");', "Loaded {…} rows", Level.INFO),
    ("ruby", 'Rails.logger.warn "cart #{cart.id} expired"', "cart {…} expired", Level.WARNING),
    ("ruby", 'logger.error { "mail to #{to} bounced" }', "mail to {…} bounced", Level.ERROR),
    ("php", "$this->logger->error('Import of {file} failed', ['file' => $f]);",
     "Import of {…} failed", Level.ERROR),
    ("php", '$log->info("row $row of " . $all . " read");', "row {…} of {…} read", Level.INFO),
    ("c", 'syslog(LOG_ERR, "cannot bind to %s: %m", host);', "cannot bind to {…}: {…}", Level.ERROR),
    ("c", 'fprintf(stderr, "bad option %c in " "%s\\n", c, v);', "bad option {…} in {…}", Level.NONE),
    ("cpp", 'LOG(WARNING) << "frame " << n << " dropped";', "frame {…} dropped", Level.WARNING),
    ("perl", 'warn "no such key $key in config";', "no such key {…} in config", Level.WARNING),
    ("bash", '  echo "restoring $file now"\n', "restoring {…} now", Level.NONE),
    ("cobol", "           DISPLAY 'ERROR READING CUSTFILE ' WS-STATUS.\n",
     "ERROR READING CUSTFILE {…}", Level.NONE),
    ("elixir", 'Logger.error("worker #{inspect(pid)} died")', "worker {…} died", Level.ERROR),
    ("plsql", "dbms_output.put_line('rows: ' || n || ' deleted');", "rows: {…} deleted", Level.NONE),
]  # fmt: skip


@pytest.mark.parametrize(("language", "code", "text", "level"), CASES)
def test_a_statement_is_read_with_its_fixed_text_and_level(
    language: str, code: str, text: str, level: Level
) -> None:
    found = read_statements(code, language).statements
    assert [each.shown for each in found] == [text]
    assert found[0].level in (level, Level.NONE) if level is Level.NONE else found[0].level is level


def test_the_place_of_a_call_over_several_lines_is_all_of_them() -> None:
    found = read_statements('x = 1\nlogger.info(\n    "one "\n    "two",\n    a,\n)\n', "python").statements
    assert [(each.line, each.end_line, each.texts) for each in found] == [(2, 6, ("one two",))]


def test_names_given_to_a_loggers_methods_are_followed() -> None:
    code = "info, error = logger.info, logger.error\ninfo('ready to serve')\nerror('gone: %s', x)\n"
    found = read_statements(code, "python").statements
    assert [(each.shown, each.level) for each in found] == [
        ("ready to serve", Level.INFO),
        ("gone: {…}", Level.ERROR),
    ]


def test_a_function_that_logs_what_it_is_given_makes_statements_of_its_calls() -> None:
    code = (
        "def _note(self, msg):\n    logger.debug(msg)\n\ndef run(self):\n    self._note('basket emptied')\n"
    )
    found = read_statements(code, "python").statements
    said = next(each for each in found if each.texts)
    assert (said.line, said.through, said.level, said.texts) == (5, 2, Level.DEBUG, ("basket emptied",))


def test_what_is_commented_out_logs_nothing() -> None:
    assert not read_statements('# logger.info("never said")\n', "python").statements
    assert not read_statements('// log.info("never said");\n', "java").statements


def test_an_error_that_is_raised_is_told_from_one_that_is_logged() -> None:
    found = read_statements('raise ValueError("no price for %s" % item)\n', "python").statements
    assert [(each.writes, each.shown) for each in found] == [(Writes.RAISES, "no price for {…}")]


@pytest.mark.parametrize(
    "code", ['logger.info("', "logger.info('''", 'log.info("a" +', "logger.info(((((", 'f"{']
)
def test_code_that_breaks_off_is_read_without_an_error(code: str) -> None:
    for language in ("python", "java", "go", "javascript", "rust", "php", "cobol"):
        read_statements(code, language)


def test_a_text_that_a_variable_was_given_on_the_way_is_that_of_the_call() -> None:
    code = (
        "def open_till(self):\n"
        '    message = "till %d is open"\n'
        "    logger.info(message, 1)\n"
        "    if self.broken:\n"
        '        message = "till is broken"\n'
        "        logger.error(message)\n"
        "\n"
        "def close_till(self):\n"
        '    message = "till is shut"\n'
        "    if self.locked:\n"
        '        message = "till is locked"\n'
        "    logger.info(message)\n"
        "\n"
        "def count(self, message):\n"
        "    logger.info(message)\n"
    )
    found = {each.line: each.texts for each in read_statements(code, "python").statements}
    assert found[3] == ("till", "is open") or found[3] == ("till ", " is open")
    assert found[6] == ("till is broken",)
    assert (found[12], found.get(15, ())) == ((), ())
