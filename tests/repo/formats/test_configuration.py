"""Configuration and build files give their keys, named as a person would ask for them."""

from __future__ import annotations

import json

WORKFLOW = """
name: CI
on: [push]
jobs:
  # Fast checks first.
  lint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: Run ruff
        run: |
          ruff: not a key
          ruff check .
  test:
    needs: lint
    uses: ./.github/workflows/shared.yml
"""


def test_yaml_gives_jobs_and_steps_and_no_keys_out_of_block_text(read) -> None:
    found = read(WORKFLOW, "yaml")
    assert {
        "jobs.lint",
        "jobs.test",
        "jobs.lint.steps.Run ruff",
        "jobs.lint.steps.actions/checkout@v4",
    } <= set(found.symbols())
    assert not any("not a key" in each or each.endswith(".ruff") for each in found.symbols())
    assert {"actions/checkout@v4", "./.github/workflows/shared.yml", "lint"} <= set(found.uses("use"))
    assert found.symbol("lint") == (4, 12)


def test_a_large_yaml_block_is_cut_at_its_own_keys(read) -> None:
    services = "".join(f"  svc{n}:\n    image: img{n}\n    ports:\n      - 80\n" for n in range(12))
    found = read(f"services:\n{services}volumes: {{}}\n", "yaml", plain=True)
    assert (2, 5, "services.svc0") in found.cuts()
    assert found.uses("use", "services.svc3") == ["img3"]


def test_toml_gives_tables_and_keys_and_passes_over_strings_of_several_lines(read) -> None:
    found = read(
        '''
        title = "x"
        [tool.ruff]
        line-length = 110
        text = """
        [not.a.table]
        """
        select = [
          "A",
          "B",
        ]
        [[bin]]
        name = "run"
        ''',
        "toml",
    )
    assert found.symbols() == [
        "title", "tool.ruff", "tool.ruff.line-length", "tool.ruff.text", "tool.ruff.select",
        "bin", "bin.name",
    ]  # fmt: skip


def test_json_with_comments_gives_its_outer_keys_with_their_lines(read) -> None:
    text = '{\n // note: "a": 1\n "scripts": {\n  "build": "tsc",\n  "test": "a \\" b"\n },\n "x": [1]\n}\n'
    found = read(text, "json", plain=True)
    assert found.symbols() == ["scripts", "scripts.build", "scripts.test", "x"]
    assert found.symbol("scripts") == (3, 6)


def test_a_pom_names_dependencies_and_plugins_by_their_artifact(read) -> None:
    found = read(
        """
        <?xml version="1.0"?>
        <!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>
        <project>
          <artifactId>shop</artifactId>
          <!-- <dependency><artifactId>hidden</artifactId></dependency> -->
          <dependencies>
            <dependency>
              <groupId>org.x</groupId>
              <artifactId>mail</artifactId>
            </dependency>
          </dependencies>
        </project>
        """,
        "maven",
    )
    assert "shop.dependencies.mail" in found.symbols()
    assert not any("hidden" in each or "lol" in each for each in found.symbols())


def test_spring_beans_are_named_by_id_and_refer_to_their_class(read) -> None:
    found = read(
        '<beans>\n <bean id="mailer" class="org.x.Mailer">\n  <property name="host" ref="env"/>\n'
        " </bean>\n</beans>\n",
        "xml",
        plain=True,
    )
    assert "beans.mailer" in found.symbols()
    assert set(found.uses("use")) == {"org.x.Mailer", "env"}


def test_ini_and_properties_give_sections_and_keys(read) -> None:
    assert read("[a]\nk = 1\n  more\n; c\n[b]\nx: y\n", "ini", plain=True).symbols() == [
        "a",
        "a.k",
        "b",
        "b.x",
    ]
    assert read("db.url=x\\\n  y=z\n# c\nport: 1\n", "properties", plain=True).symbols() == ["db.url", "port"]


def test_dockerfile_stages_say_what_they_start_from(read) -> None:
    found = read(
        "FROM node:20 AS build\nRUN <<EOT\nFROM nothing\nEOT\nFROM nginx\n"
        "COPY --from=build /a /b\nENV MODE=prod\n",
        "dockerfile",
        plain=True,
    )
    assert found.symbols() == ["build", "nginx", "nginx.MODE"]
    assert found.uses("use") == ["node:20", "nginx", "build"]


def test_make_rules_need_other_rules_and_recipes_are_no_rules(read) -> None:
    found = read(
        "CC ?= gcc\ninclude common.mk\n.PHONY: all\n# Builds it.\nall: lib test ## everything\n\techo a: b\n"
        "lib obj: ; true\n",
        "make",
        plain=True,
    )
    assert found.symbols("rule") == ["all", "lib", "lib.obj"]
    assert found.uses("call", "all") == ["lib", "test"]
    assert found.uses("copy") == ["common.mk"]
    assert found.cuts()[1] == (4, 6, "all")


def test_gradle_and_terraform_blocks_are_named_and_their_needs_listed(read) -> None:
    gradle = read(
        'plugins { id "java" }\ndependencies {\n  implementation "org.x:y:1"\n}\ntask pack(type: Zip) {\n}\n',
        "gradle",
        plain=True,
    )
    assert gradle.symbols() == ["plugins", "dependencies", "pack"]
    assert "org.x:y:1" in gradle.uses("use")
    terraform = read(
        'resource "aws_s3_bucket" "logs" {\n  x = "}"\n}\nmodule "net" {\n  source = "./net"\n}\n'
        'variable "a" {}\n',
        "terraform",
        plain=True,
    )
    assert terraform.symbols() == ["aws_s3_bucket.logs", "module.net", "var.a"]
    assert terraform.uses("import") == ["./net"]


def test_a_notebook_is_cut_by_cell_with_the_lines_of_its_own_file(read) -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Load\n", "text"]},
        {
            "cell_type": "code",
            "outputs": [{"data": {"a": [[1]]}}],
            "source": ["import pandas\n", "def load():\n"],
        },
    ]
    text = json.dumps({"cells": cells, "nbformat": 4}, indent=1)
    found = read(text, "notebook", plain=True)
    assert found.symbols("heading") == ["Load"]
    assert found.symbols("function") == ["Load > cell 2.load"]
    line = found.symbol("load")[0]
    assert "def load()" in text.split("\n")[line - 1]
    assert found.uses("import") == ["pandas"]


def test_go_mod_and_requirements_name_what_they_need(read) -> None:
    found = read("module example.com/a\n\nrequire (\n\tgithub.com/x/y v1.2.3\n)\n", "gomod", plain=True)
    assert found.symbols() == ["example.com/a", "example.com/a.github.com/x/y"]
    pip = read("-r base.txt\nflask>=2\n# c\n", "requirements", plain=True)
    assert pip.symbols() == ["flask"]
    assert pip.uses("copy") == ["base.txt"]


def test_a_language_without_rules_is_left_to_others() -> None:
    from indexer.repo.formats import parse_format

    assert parse_format("print(1)\n", "a.py", "python") is None
