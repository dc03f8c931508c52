"""What of a repository is shipped, told by its files alone."""

import pytest

from indexer.answer.shipped import Standing, shipped_of

GEM = ["shop.gemspec", "Rakefile", "lib/shop.rb", "bin/bench", "myapp/config.ru", "myapp/app/job.rb"]
PYTHON = ["pyproject.toml", "shop/__init__.py", "shop/till.py", "tools/release.py", "sandbox/manage.py"]


@pytest.mark.parametrize(
    ("files", "path", "standing"),
    [
        (GEM, "lib/shop.rb", Standing.PACKAGE),
        (GEM, "Rakefile", Standing.PACKAGE),
        (GEM, "bin/bench", Standing.BESIDE),
        (GEM, "myapp/app/job.rb", Standing.APPLICATION),
        (PYTHON, "shop/till.py", Standing.PACKAGE),
        (PYTHON, "tools/release.py", Standing.BESIDE),
        (PYTHON, "sandbox/manage.py", Standing.APPLICATION),
        # An application has no package that anything could stand beside.
        (["Gemfile", "config.ru", *GEM[1:]], "bin/bench", Standing.PACKAGE),
        ([*GEM, "config.ru"], "bin/bench", Standing.PACKAGE),
        (["main.go"], ".github/workflows/release.yml", Standing.BESIDE),
        # Nothing tells where the package is.
        (["shop.gemspec", "code/shop.rb"], "code/shop.rb", Standing.PACKAGE),
    ],
)
def test_what_is_shipped_stands_where_packages_do(files: list[str], path: str, standing: Standing) -> None:
    assert shipped_of(files).standing(path) is standing
