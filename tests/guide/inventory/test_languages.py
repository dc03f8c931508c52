"""Endpoints and the other kinds over many languages: one repository, a folder for each application."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from indexer.errors import UsageError
from indexer.guide.inventory.cron import plainly
from indexer.guide.inventory.tokens import FAMILIES, Kind, partners_of, tokens_of
from indexer.knowledge import KnowledgeBase
from indexer.shapes.inventory import Inventory, InventoryKind, InventoryWanted
from tests.conftest import Bench
from tests.guide.conftest import Quiet, settings_of

FILES = {
    "gin/main.go": """package main

import (
	"github.com/gin-gonic/gin"
	"example.org/gin/users"
)

func main() {
	r := gin.Default()
	v1 := r.Group("/api")
	users.Register(v1.Group("/users"))
	r.GET("/ping/:id", pong)
	http.Get("https://example.org")
}
""",
    "gin/users/routes.go": """package users

import "github.com/gin-gonic/gin"

func Register(router *gin.RouterGroup) {
	router.POST("/", Create)
	router.GET("/*rest", auth(List))
}

func Create(c *gin.Context) {}
func List(c *gin.Context) {}
""",
    "gin/users/mode.go": """package users

import "os"

const EnvMode = "USERS_MODE"

func init() {
	mode := os.Getenv(EnvMode)
	if port := os.Getenv("USERS_PORT"); port != "" {
		listen(mode, port)
	}
}
""",
    "chi/main.go": """package main

import "github.com/go-chi/chi/v5"

func routes() {
	r := chi.NewRouter()
	r.Route("/articles", func(r chi.Router) {
		r.With(paginate).Get("/", list)
		r.Route("/{id}", func(r chi.Router) {
			r.Put("/", update)
		})
	})
}
""",
    "laravel/app/Providers/RouteServiceProvider.php": """<?php
Route::prefix('api')->middleware('api')->group(base_path('routes/api.php'));
""",
    "laravel/routes/api.php": """<?php
Route::group(['prefix' => 'v1'], function () {
    Route::get('users/{user}', [UserController::class, 'show']);
    Route::match(['put', 'patch'], 'me', 'MeController@update');
    Route::apiResource('posts', PostController::class)->only(['index', 'destroy']);
});
""",
    "rails/config/routes.rb": """Rails.application.routes.draw do
  root to: "home#index"
  namespace :admin do
    resources :posts, only: %i[index update] do
      member do
        post :publish
      end
      get "stats", on: :collection
    end
  end
  get "/a/:slug" => "articles#show"
  # get "/no" => "no#no"
end
""",
    "rails/app/controllers/admin/posts_controller.rb": """class Admin::PostsController
  def publish
  end
end
""",
    "aspnet/CatsController.cs": """[ApiController]
[Route("api/[controller]")]
public class CatsController : ControllerBase
{
    [HttpGet("{id:int}")]
    public Cat Get(int id) => null;

    [HttpPost]
    public void Make([FromBody] Cat cat) {}
}
""",
    "aspnet/Program.cs": """var app = builder.Build();
var group = app.MapGroup("/todo");
group.MapGet("/{id}", GetTodo);
app.Run();
""",
    "facts/app/config.py": """import os

DEBUG = os.environ.get("APP_DEBUG", "no") == "yes"  # Never in production.
SECRET = os.environ["APP_SECRET"]
NAMES = [
    "a",
]
""",
    "facts/app/read.py": """from django.conf import settings
import os


def run():
    os.environ["APP_SET"] = "1"
    return settings.DEBUG, getattr(settings, "LIMIT", 5)
""",
    "facts/server.js": "const port = process.env.PORT || 3000\n",
    "facts/run.sh": 'echo "${APP_HOME:-/srv/app}"\n',
    "facts/.env.example": "APP_KEY=changeme\n",
    "facts/application.properties": "# How many at once.\nserver.threads=8\n",
    "facts/app/models.py": """from django.db import models


class Dated(models.Model):
    made = models.DateTimeField()

    class Meta:
        abstract = True


class Post(Dated):
    title = models.CharField(max_length=9)
    author = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    tags = models.ManyToManyField("Tag")


class Tag(MP_Node):
    class Meta:
        db_table = "labels"
""",
    "facts/migrations/V1__users.sql": """CREATE TABLE IF NOT EXISTS users (
    id INTEGER PRIMARY KEY,
    name VARCHAR(30) NOT NULL DEFAULT 'a, b',
    team_id INTEGER REFERENCES teams (id),
    UNIQUE (name)
);
-- CREATE TABLE no (id INTEGER);
""",
    "facts/migrations/V2__more.sql": "ALTER TABLE users ADD COLUMN age INTEGER;\n",
    "facts/tasks.py": """app.conf.beat_schedule = {
    "clean": {"task": "tasks.clean", "schedule": crontab(hour=4)},
    "beat": {"task": "tasks.beat", "schedule": 30.0},
}
""",
    "facts/Nightly.java": """class Nightly {
  @Scheduled(cron = "0 30 2 * * MON-FRI")
  void settle() {}
}
""",
    ".github/workflows/nightly.yml": "name: Nightly\non:\n  schedule:\n    - cron: '0 3 * * 1'\n",
    "facts/cli.py": """import click


@click.group()
def cli():
    pass


@cli.command("send")
@click.option("--to")
def send_mail(to):
    \"\"\"Send one mail. Now.\"\"\"
""",
    "facts/package.json": '{"name": "x", "scripts": {"build": "tsc -p ."}}\n',
    "facts/Makefile": "# Build all of it.\nall: one\n\tcc one\n\none:\n\techo\n",
    "facts/manage/management/commands/fix.py": """class Command(BaseCommand):
    help = "Fix it."

    def add_arguments(self, parser):
        parser.add_argument("--hard")
""",
}


@pytest.fixture(scope="module")
def knowledge(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> Iterator[KnowledgeBase]:
    """All of it as one repository."""
    folder = tmp_path_factory.mktemp("languages")
    bench = Bench(folder, settings_of(folder), git_environment)
    made = bench.make("apps")
    made.commit("Begin", FILES)
    opened = KnowledgeBase.open(bench.locate(made), bench.settings)
    opened.words(Quiet())
    yield opened
    opened.close()


def listed(knowledge: KnowledgeBase, kind: InventoryKind, area: str = "") -> Inventory:
    return knowledge.mentor.inventory.list(InventoryWanted((kind,), area), Quiet())


def endpoints(knowledge: KnowledgeBase, area: str) -> list[str]:
    found = listed(knowledge, InventoryKind.ENDPOINTS, area)
    return [
        f"{','.join(each.methods) or 'ANY'} {each.url} {each.handler}".strip() for each in found.endpoints
    ]


def test_gin_groups_are_followed_into_functions_of_other_packages(knowledge: KnowledgeBase) -> None:
    assert endpoints(knowledge, "gin") == [
        "POST /api/users/ Create",
        "GET /api/users/{rest} List",
        "GET /ping/{id} pong",
    ]


def test_chi_routes_nest(knowledge: KnowledgeBase) -> None:
    assert endpoints(knowledge, "chi") == ["GET /articles/ list", "PUT /articles/{id}/ update"]


def test_laravel_groups_prefixes_and_resources(knowledge: KnowledgeBase) -> None:
    found = [each.partition(" ")[2] for each in endpoints(knowledge, "laravel")]
    assert [each.split()[0] for each in found] == [
        "/v1/me",
        "/v1/posts",
        "/v1/posts/{post}",
        "/v1/users/{user}",
    ]
    assert endpoints(knowledge, "laravel")[3] == "GET /v1/users/{user} UserController@show"


def test_rails_namespaces_members_and_collections(knowledge: KnowledgeBase) -> None:
    assert endpoints(knowledge, "rails") == [
        "GET / home#index",
        "GET /a/{slug} articles#show",
        "GET /admin/posts admin/posts#index",
        "GET /admin/posts/stats admin/posts#stats",
        "PATCH,PUT /admin/posts/{id} admin/posts#update",
        "POST /admin/posts/{id}/publish admin/posts#publish",
    ]


def test_asp_net_attributes_and_minimal_apis(knowledge: KnowledgeBase) -> None:
    assert endpoints(knowledge, "aspnet") == [
        "POST /api/Cats CatsController.Make",
        "GET /api/Cats/{id} CatsController.Get",
        "GET /todo/{id} GetTodo",
    ]


def test_a_variable_is_read_under_a_constant_that_holds_its_name(knowledge: KnowledgeBase) -> None:
    found = listed(knowledge, InventoryKind.ENV, "gin").variables
    assert [(each.name, each.read_in) for each in found] == [
        ("USERS_MODE", ("gin/users/mode.go:8",)),
        ("USERS_PORT", ("gin/users/mode.go:9",)),
    ]


def test_variables_say_their_default_and_whether_they_are_required(knowledge: KnowledgeBase) -> None:
    found = {each.name: each for each in listed(knowledge, InventoryKind.ENV, "facts").variables}
    assert set(found) == {"APP_DEBUG", "APP_SECRET", "PORT", "APP_HOME", "APP_KEY"}
    assert (found["APP_DEBUG"].default, found["APP_DEBUG"].required) == ('"no"', False)
    assert (found["APP_SECRET"].required, found["APP_SECRET"].setting) == (True, "SECRET")
    assert found["PORT"].default == "3000"
    assert found["APP_HOME"].default == "/srv/app"
    assert (found["APP_KEY"].reads, found["APP_KEY"].default) == (0, "changeme")


def test_settings_have_their_comment_and_the_places_that_read_them(knowledge: KnowledgeBase) -> None:
    found = {each.name: each for each in listed(knowledge, InventoryKind.SETTINGS, "facts").settings}
    assert found["DEBUG"].says == "Never in production."
    assert found["DEBUG"].read_in == ("facts/app/read.py:7",)
    assert (found["LIMIT"].source, found["LIMIT"].default) == ("read", "5")
    assert (found["server.threads"].default, found["server.threads"].says) == ("8", "How many at once.")
    assert found["NAMES"].citations[0].end_line == 7


def test_tables_of_models_and_of_sql(knowledge: KnowledgeBase) -> None:
    found = {each.name: each for each in listed(knowledge, InventoryKind.TABLES, "facts").tables}
    assert set(found) == {"app_post", "labels", "users"}
    post = found["app_post"]
    assert [each.name for each in post.columns] == ["id", "made", "title", "author_id"]
    assert (post.named, post.columns[3].refers) == (False, "auth.User")
    assert found["labels"].named
    assert found["labels"].unknown == ("It may have more columns, from MP_Node: that is not defined here.",)
    users = found["users"]
    assert [(each.name, each.type) for each in users.columns] == [
        ("id", "INTEGER"),
        ("name", "VARCHAR(30)"),
        ("team_id", "INTEGER"),
    ]
    assert (users.columns[2].refers, users.migrations) == ("teams", 2)


def test_jobs_say_when_they_run(knowledge: KnowledgeBase) -> None:
    found = {each.name: each for each in listed(knowledge, InventoryKind.JOBS).jobs}
    assert (found["clean"].schedule, found["clean"].runs) == ("crontab(hour=4)", "tasks.clean")
    assert found["beat"].plainly == "every 30 seconds"
    assert found["Nightly.settle"].plainly == "at 02:30 from Monday to Friday"
    assert found["Nightly"].plainly == "at 03:00 on Monday"


def test_commands_of_several_tools(knowledge: KnowledgeBase) -> None:
    found = {each.name: each for each in listed(knowledge, InventoryKind.COMMANDS, "facts").commands}
    assert {"cli", "send", "npm run build", "make all", "make one", "manage.py fix"} <= set(found)
    assert (found["send"].says, found["send"].options) == ("Send one mail.", ("--to",))
    assert found["make all"].says == "Build all of it."
    assert found["manage.py fix"].options == ("--hard",)
    assert found["npm run build"].runs == "tsc -p ."


def test_everything_listed_is_cited_byte_for_byte(knowledge: KnowledgeBase) -> None:
    found = knowledge.mentor.inventory.list(InventoryWanted(everywhere=True), Quiet())
    things = (
        *found.endpoints,
        *found.settings,
        *found.variables,
        *found.tables,
        *found.jobs,
        *found.commands,
    )
    assert len(things) > 40
    for each in things:
        for citation in each.citations:
            lines = FILES[citation.path or ""].split("\n")
            assert "\n".join(lines[citation.start_line - 1 : citation.end_line]) == citation.quote
    assert found.dropped == 0


def test_an_area_that_is_not_there_is_said(knowledge: KnowledgeBase) -> None:
    with pytest.raises(UsageError, match="no file or folder nowhere"):
        listed(knowledge, InventoryKind.ENDPOINTS, "nowhere")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("*/5 * * * *", "every 5 minutes"),
        ("0 0 1 * *", "at 00:00 on day 1 of the month"),
        ("@daily", "once a day, at midnight"),
        ("3600", "every hour"),
        ("crontab(hour=4)", ""),
        ("not a schedule", ""),
        ("1 2 3", ""),
    ],
)
def test_a_schedule_is_put_into_words_only_where_it_is_one(written: str, said: str) -> None:
    assert plainly(written) == said


def test_python_is_cut_at_the_marks_of_its_strings() -> None:
    text = "a = rb'x\\n'  # 'no'\nprint'two'\nrb = f\"{a}\"\n\n\n'''a\nb''' .c\n   \n"
    cut = [(each.kind, each.text, each.line) for each in tokens_of(text, "python")]
    assert cut == [
        (Kind.NAME, "a", 1),
        (Kind.SIGN, "=", 1),
        (Kind.STRING, "x\\n", 1),
        (Kind.NAME, "print", 2),
        (Kind.STRING, "two", 2),
        (Kind.NAME, "rb", 3),
        (Kind.SIGN, "=", 3),
        (Kind.STRING, "{a}", 3),
        (Kind.STRING, "a\nb", 6),
        (Kind.DOT, ".", 7),
        (Kind.NAME, "c", 7),
    ]
    assert [each.varies for each in tokens_of(text, "python") if each.kind is Kind.STRING] == [
        False,
        False,
        True,
        False,
    ]


def test_a_slash_divides_after_a_value_and_begins_an_expression_elsewhere() -> None:
    found = [
        each.text for each in tokens_of('x = a / b / c;\ny = "(" / 2;\nz = /["/]+/g.test(q)', "javascript")
    ]
    assert found[:15] == ["x", "=", "a", "/", "b", "/", "c", ";", "y", "=", "(", "/", "2", ";", "z"]
    assert found[15:] == ["=", '/["/]+/g', ".", "test", "(", "q", ")"]


@pytest.mark.parametrize("language", sorted({family: name for name, family in FAMILIES.items()}.values()))
def test_f11_no_text_takes_long_or_breaks_the_reader(language: str) -> None:
    began = time.monotonic()
    for piece in ('"', "'''", "(", "`", "/*", "\\", "@a(", "a.b(", "{[("):
        tokens = tokens_of(piece * 5_001, language)
        assert len(partners_of(tokens)) <= len(tokens)
        assert all(token.kind in Kind for token in tokens)
    assert time.monotonic() - began < 20
