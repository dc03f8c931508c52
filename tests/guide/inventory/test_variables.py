"""What is taken where an environment variable is not there."""

import pytest

from indexer.shapes.inventory import InventoryKind
from tests.guide.inventory.conftest import Listed

RUBY = """mode = given || ENV["APP_MODE"] || ENV["RACK_MODE"] || "development"
ENV["GEM_LIST"] ||= File.expand_path("../Gems", __dir__)
port = ENV.fetch("PORT") { 3000 }
warm if ENV["WARM"] || ENV["HOT"]
key = ENV["KEY"] || raise("no key")
wait = ENV["WAIT"] || 5 * 60
late = Integer(ENV["LATE"] || 0)
"""
SCRIPT = """const mode = process.env.APP_MODE || process.env['NODE_MODE'] || 'local'
const home = process.env.APP_HOME ?? process.env.HOME_DIR
const port = process.env.PORT || config.port || 80
if (process.env.QUIET || process.env.SILENT) { hush() }
const many = process.env.MANY || few ? 1 : 2
const level = process.env.LEVEL || !debug
const list = process.env.LIST || []
"""
PYTHON = """import os, sys

mode = os.environ.get("APP_MODE") or os.environ["OLD_MODE"] or "local"
home = os.environ.get("APP_HOME") or os.environ.get("HOME_DIR")
name = os.environ.get("APP_NAME", "") or "shop"
stop = os.environ.get("STOP") or sys.exit(1)
if not os.environ.get("QUIET") or os.environ.get("SILENT"):
    pass
"""


@pytest.mark.parametrize(
    ("path", "text", "wanted"),
    [
        (
            "lib/app.rb",
            RUBY,
            {
                "APP_MODE": ('"development"', ("RACK_MODE",)),
                "RACK_MODE": ('"development"', ()),
                "GEM_LIST": ('File.expand_path("../Gems",__dir__)', ()),
                "PORT": ("3000", ()),
                "WARM": ("", ()),
                "HOT": ("", ()),
                "KEY": ("", ()),
                "WAIT": ("", ()),
                "LATE": ("0", ()),
            },
        ),
        (
            "lib/app.js",
            SCRIPT,
            {
                "APP_MODE": ('"local"', ("NODE_MODE",)),
                "NODE_MODE": ('"local"', ()),
                "APP_HOME": ("", ("HOME_DIR",)),
                "HOME_DIR": ("", ()),
                "PORT": ("config.port||80", ()),
                "QUIET": ("", ()),
                "SILENT": ("", ()),
                "MANY": ("", ()),
                "LEVEL": ("", ()),
                "LIST": ("[]", ()),
            },
        ),
        (
            "shop/app.py",
            PYTHON,
            {
                "APP_MODE": ('"local"', ("OLD_MODE",)),
                "OLD_MODE": ('"local"', ()),
                "APP_HOME": ("", ("HOME_DIR",)),
                "HOME_DIR": ("", ()),
                "APP_NAME": ('"shop"', ()),
                "STOP": ("", ()),
                "QUIET": ("", ()),
                "SILENT": ("", ()),
            },
        ),
        (
            "run.sh",
            'echo "${APP_HOME:-${OLD_HOME:-/srv/app}} ${APP_NAME:=shop}"\n',
            {
                "APP_HOME": ("${OLD_HOME:-/srv/app}", ()),
                "OLD_HOME": ("/srv/app", ()),
                "APP_NAME": ("shop", ()),
            },
        ),
    ],
    ids=["ruby", "javascript", "python", "shell"],
)
def test_a_default_is_a_value_and_another_variable_is_named_as_one(
    listed: Listed, path: str, text: str, wanted: dict[str, tuple[str, tuple[str, ...]]]
) -> None:
    variables = listed(InventoryKind.ENV, {path: text}).variables
    assert {each.name: (each.default, each.others) for each in variables} == wanted


def test_what_is_shipped_tells_the_default_before_a_script_and_a_demonstration(listed: Listed) -> None:
    files = {
        "shop.gemspec": "Gem::Specification.new\n",
        "bin/bench": '#!/usr/bin/env ruby\nputs ENV["THREADS"] || 9\n',
        "lib/shop.rb": 'THREADS = ENV["THREADS"]\n',
        "myapp/config.ru": "run Shop\n",
        "myapp/config/puma.rb": 'threads ENV.fetch("THREADS", 5)\n',
    }
    (threads,) = listed(InventoryKind.ENV, files).variables
    assert (threads.default, threads.citations[0].path) == ("", "lib/shop.rb")
    assert threads.read_in[0] == "lib/shop.rb:1"
    assert threads.reads == 3
