"""A worker that can be made to hang and to crash, for the tests of the pool.

It hands `x = 1` to the packaged COBOL grammar, which never returns from it: a real grammar on a
real input, which the product itself does not use. Other marks in the text make it crash.
"""

import os
import signal
import time

from indexer.repo import chunking, parse_worker
from indexer.repo.syntax import Syntax, read_syntax

_split_lines = chunking.split_lines


def _read_syntax(text: str, language: str) -> Syntax:
    if text.startswith("x = 1"):
        from tree_sitter import Parser
        from tree_sitter_language_pack import get_language

        Parser(get_language("cobol")).parse(b"x = 1\n")
    if text.startswith("# sleep"):
        time.sleep(600)
    return read_syntax(text, language)


def _crashing_split_lines(text: str) -> list[str]:
    if "# crash always" in text:
        os.kill(os.getpid(), signal.SIGSEGV)
    return _split_lines(text)


def main() -> None:
    chunking.read_syntax = _read_syntax
    chunking.split_lines = _crashing_split_lines
    parse_worker.main()
