"""Settings that a run of calls gives their first values, over several languages."""

import pytest

from indexer.shapes.inventory import InventoryKind, Setting
from tests.guide.inventory.conftest import Listed

APPLICATION = """var app = exports = module.exports = {};

app.defaultConfiguration = function defaultConfiguration() {
  var env = process.env.NODE_ENV || 'development';

  this.enable('x-powered-by');
  this.set('env', env);
  this.set('hop limit', 2);
  this.set('env', 'again');

  if (env === 'production') {
    this.enable('view cache');
  }
};

app.render = function render(res) {
  res.set('Accept', 'text/html');
  res.set('Cache-Control', 'none');
  res.set('Content-Length', 3);
};
"""

DEPLOYMENT = """set :application, "shop"
set :keep_releases, 5
disable :logging
set :stage, "x" if ENV["STAGE"]
"""
EXTENSION = """class Mailer:
    def init_app(self, app):
        app.config.setdefault("MAIL_PORT", 25)
        app.config.setdefault("mail.host", "localhost")
        app.config.setdefault("mail.retries", 3)
        app.config.setdefault("mail.debug", app.debug)
"""
SHOP = """class Shop {
  static Map<String, Object> defaultSettings() {
    Map<String, Object> made = new HashMap<>();
    made.put("shop.limit", 3);
    made.put("shop.open", true);
    made.put("shop.name", "x");
    return made;
  }

  static Properties twoDefaults() {
    Properties defaults = new Properties();
    defaults.setProperty("shop.port", "80");
    defaults.setProperty("shop.host", "localhost");
    return defaults;
  }

  void init() {
    settings.setProperty("till.one", "1");
    settings.setProperty("till.two", "2");
    settings.setProperty("till.three", "3");
  }
}
"""
MAIN = """package main

func load(v *viper.Viper) {
	v.SetDefault("port", 80)
	v.SetDefault("host", "localhost")
	v.SetDefault("log.level", "info")
}
"""

HEADERS = """function defaultHeaders(headers) {
  headers.set('Accept', '*');
  headers.set('TE', 'x');
  headers.set('Via', 'y');
}
"""
KEYWORDS = """def option(*names, **kwargs):
    kwargs.setdefault("help", "x")
    kwargs.setdefault("is_flag", True)
    kwargs.setdefault("nargs", 1)
"""
REGISTRY = """class Codecs {
  Codecs() {
    this.known.put("json", new Json());
    this.known.put("xml", new Xml());
    this.known.put("csv", new Csv());
  }

  void initDefaults() {
    this.known.put("json", new Json());
    this.known.put("xml", new Xml());
    this.known.put("csv", new Csv());
  }
}
"""
TWO = """class App {
  defaultSettings() {
    this.set('one', 1);
    this.set('two', 2);
  }
}
"""
METHOD = """class Cache
  def warm
    set :first, 1
    set :second, 2
    set :third, 3
  end
end
"""


def found(listed: Listed, path: str, text: str) -> dict[str, Setting]:
    """Return the settings of one file by name."""
    return {each.name: each for each in listed(InventoryKind.SETTINGS, {path: text}).settings}


def test_the_values_that_a_function_of_defaults_sets_are_settings_with_their_lines(listed: Listed) -> None:
    settings = found(listed, "lib/application.js", APPLICATION)
    assert {name: each.default for name, each in settings.items()} == {
        "x-powered-by": "true",
        "env": 'process.env.NODE_ENV||"development"',
        "hop limit": "2",
        "view cache": "true if env === 'production'",
    }
    assert {name: each.citations[0].quote.strip() for name, each in settings.items()} == {
        "x-powered-by": "this.enable('x-powered-by');",
        "env": "this.set('env', env);",
        "hop limit": "this.set('hop limit', 2);",
        "view cache": "this.enable('view cache');",
    }


@pytest.mark.parametrize(
    ("path", "text", "wanted"),
    [
        (
            "config/deploy.rb",
            DEPLOYMENT,
            {"application": '"shop"', "keep_releases": "5", "logging": "false", "stage": ""},
        ),
        (
            "shop/extension.py",
            EXTENSION,
            {"MAIL_PORT": "25", "mail.host": '"localhost"', "mail.retries": "3", "mail.debug": "app.debug"},
        ),
        (
            "src/Shop.java",
            SHOP,
            {
                "shop.limit": "3",
                "shop.open": "true",
                "shop.name": '"x"',
                "till.one": '"1"',
                "till.two": '"2"',
                "till.three": '"3"',
            },
        ),
        ("cmd/main.go", MAIN, {"port": "80", "host": '"localhost"', "log.level": '"info"'}),
    ],
    ids=["ruby", "python", "java", "go"],
)
def test_other_languages_set_them_in_their_own_words(
    listed: Listed, path: str, text: str, wanted: dict[str, str]
) -> None:
    assert {name: each.default for name, each in found(listed, path, text).items()} == wanted


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("lib/client.js", HEADERS),
        ("shop/dates.py", KEYWORDS),
        ("src/Codecs.java", REGISTRY),
        ("lib/two.js", TWO),
        ("lib/cache.rb", METHOD),
    ],
    ids=["defaults of no configuration", "what one call is given", "a registry", "two alone", "any method"],
)
def test_calls_that_look_alike_but_set_no_settings_are_left_out(listed: Listed, path: str, text: str) -> None:
    assert found(listed, path, text) == {}


def test_the_name_of_a_system_property_may_have_a_part_behind_a_colon(listed: Listed) -> None:
    text = 'class A {\n  String b() {\n    return System.getProperty("xpath.Factory:depot");\n  }\n}\n'
    assert "xpath.Factory:depot" in found(listed, "src/A.java", text)


def test_what_comes_with_a_request_is_no_environment_variable(listed: Listed) -> None:
    served = 'def host(environ):\n    return environ.get("HTTP_HOST") or environ["SERVER_NAME"]\n'
    taken = 'from os import path, environ\n\nLEVEL = environ.get("SHOP_LEVEL", "info")\n'
    found = listed(InventoryKind.ENV, {"shop/serve.py": served, "shop/level.py": taken}).variables
    assert [each.name for each in found] == ["SHOP_LEVEL"]
