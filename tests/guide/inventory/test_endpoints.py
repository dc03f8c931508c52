"""Endpoints of each framework: their whole address, methods, handler and place."""

from __future__ import annotations

import json

from indexer.shapes.inventory import Inventory, InventoryKind
from tests.guide.inventory.conftest import Listed

ENDPOINTS = InventoryKind.ENDPOINTS


def shown(found: Inventory) -> list[str]:
    """Return methods, address and handler of each endpoint, in order."""
    return [
        f"{','.join(each.methods) or 'ANY'} {each.url} {each.handler}".strip() for each in found.endpoints
    ]


def test_a_blueprint_has_its_own_prefix_and_the_one_it_is_registered_with(listed: Listed) -> None:
    found = listed(
        ENDPOINTS,
        {
            "shop/__init__.py": (
                "from flask import Flask\n"
                "from shop import basket\n"
                "\n"
                "\n"
                "def create_app():\n"
                "    app = Flask(__name__)\n"
                "    app.register_blueprint(basket.bp, url_prefix='/v1')\n"
                "    return app\n"
            ),
            "shop/basket.py": (
                "from flask import Blueprint\n"
                "\n"
                'bp = Blueprint("basket", __name__)\n'
                "\n"
                "\n"
                '@bp.route("/items/<int:item_id>", methods=["PUT", "DELETE"])\n'
                "def change(item_id):\n"
                '    """Change one item. Or not."""\n'
                "\n"
                "\n"
                '@bp.get("/")\n'
                "def index():\n"
                "    pass\n"
            ),
        },
    )
    assert shown(found) == ["GET /v1/ index", "PUT,DELETE /v1/items/{item_id} change"]
    change = found.endpoints[1]
    assert change.says == "Change one item."
    assert change.handler_place == "shop/basket.py:7"
    assert [f"{each.path}:{each.start_line}" for each in change.citations] == [
        "shop/basket.py:6",
        "shop/__init__.py:7",
    ]
    assert change.citations[0].quote.startswith('@bp.route("/items/<int:item_id>"')
    assert [(each.name, each.type) for each in change.parameters] == [("item_id", "int")]


def test_a_blueprint_that_nobody_registers_says_so(listed: Listed) -> None:
    found = listed(
        ENDPOINTS,
        {
            "a.py": (
                "from flask import Blueprint\n"
                'bp = Blueprint("a", __name__, url_prefix="/a")\n'
                '@bp.get("/x")\n'
                "def x(): ...\n"
            )
        },
    )
    assert shown(found) == ["GET /a/x x"]
    assert "does not spell out where" in found.endpoints[0].unknown[0]


def test_an_address_that_is_computed_is_not_guessed(listed: Listed) -> None:
    found = listed(
        ENDPOINTS,
        {
            "a.py": (
                "from fastapi import FastAPI\n"
                "import os\n"
                "app = FastAPI()\n"
                '@app.get(f"/{os.sep}/x")\n'
                "def x(): ...\n"
            )
        },
    )
    assert shown(found) == ["GET /{computed}/x x"]
    assert found.endpoints[0].unknown == ("A part of its address is computed when the program runs.",)


def test_what_stands_in_a_docstring_or_a_comment_is_no_endpoint(listed: Listed) -> None:
    text = 'from flask import Flask\napp = Flask(__name__)\n"""\n@app.get("/no")\n"""\n# @app.get("/nor")\n'
    assert shown(listed(ENDPOINTS, {"a.py": text})) == []


def test_tests_are_left_out_and_counted_unless_all_are_asked_for(listed: Listed) -> None:
    route = 'from flask import Flask\napp = Flask(__name__)\n@app.get("/{}")\ndef x(): ...\n'
    files = {"a.py": route.format("own"), "tests/test_a.py": route.format("tried")}
    found = listed(ENDPOINTS, files)
    assert shown(found) == ["GET /own x"]
    assert [(each.mark, each.count) for each in found.left_out] == [("test", 1)]


def test_all_lists_those_of_tests_too(listed: Listed) -> None:
    route = 'from flask import Flask\napp = Flask(__name__)\n@app.get("/{}")\ndef x(): ...\n'
    files = {"a.py": route.format("own"), "tests/test_a.py": route.format("tried")}
    assert shown(listed(ENDPOINTS, files, everywhere=True)) == ["GET /own x", "GET /tried x"]


def test_django_includes_are_followed_and_regular_expressions_read(listed: Listed) -> None:
    found = listed(
        ENDPOINTS,
        {
            "site/settings.py": 'ROOT_URLCONF = "site.urls"\n',
            "site/urls.py": (
                "from django.contrib import admin\n"
                "from django.urls import include, path\n"
                'urlpatterns = [path("admin/", admin.site.urls), path("shop/", include("shop.urls"))]\n'
            ),
            "shop/urls.py": (
                "from django.urls import path, re_path\n"
                "from shop import views\n"
                "urlpatterns = [\n"
                '    path("<int:pk>/", views.detail, name="detail"),\n'
                "    re_path(r'^by-slug/(?P<slug>[-\\w]+(/[-\\w]+)*)/$', views.Listing.as_view()),\n"
                "]\n"
            ),
            "shop/views.py": "class Listing:\n    pass\n\n\ndef detail(request, pk):\n    pass\n",
        },
    )
    assert shown(found) == [
        "ANY /admin/* admin.site.urls",
        "ANY /shop/by-slug/{slug}/ Listing",
        "ANY /shop/{pk}/ detail",
    ]
    assert found.endpoints[0].unknown == ("What answers below it is not in this repository.",)
    assert found.endpoints[2].handler_place == "shop/views.py:5"


def test_an_application_with_get_urls_is_mounted_by_its_label(listed: Listed) -> None:
    config = (
        "from django.urls import path\n"
        "from oscar.core.application import OscarConfig\n"
        "from oscar.core.loading import get_class\n"
        "\n"
        "\n"
        "class BasketConfig(OscarConfig):\n"
        '    label = "basket"\n'
        "\n"
        "    def ready(self):\n"
        '        self.view = get_class("basket.views", "BasketView")\n'
        "\n"
        "    def get_urls(self):\n"
        '        return self.post_process_urls([path("add/<int:pk>/", self.view.as_view(), name="add")])\n'
    )
    shop = (
        "from django.apps import apps\n"
        "from django.urls import path\n"
        "from oscar.core.application import OscarConfig\n"
        "\n"
        "\n"
        "class Shop(OscarConfig):\n"
        '    name = "oscar"\n'
        "\n"
        "    def ready(self):\n"
        '        self.basket_app = apps.get_app_config("basket")\n'
        "\n"
        "    def get_urls(self):\n"
        '        return [path("basket/", self.basket_app.urls)]\n'
    )
    urls = (
        "from django.apps import apps\n"
        "from django.conf.urls.i18n import i18n_patterns\n"
        "from django.urls import include, path\n"
        "urlpatterns = []\n"
        'urlpatterns += i18n_patterns(path("", include(apps.get_app_config("oscar").urls[0])))\n'
    )
    found = listed(
        ENDPOINTS,
        {
            "basket/apps.py": config,
            "basket/views.py": "class BasketView:\n    pass\n",
            "shop.py": shop,
            "urls.py": urls,
            "settings.py": 'ROOT_URLCONF = "urls"\n',
        },
    )
    assert shown(found) == ["ANY /{language}/basket/add/{pk}/ BasketView"]
    assert found.endpoints[0].handler_place == "basket/views.py:1"


def test_a_view_set_has_the_routes_of_its_actions(listed: Listed) -> None:
    found = listed(
        ENDPOINTS,
        {
            "urls.py": (
                "from django.urls import include, path\n"
                "from rest_framework.routers import DefaultRouter\n"
                "from views import NoteViewSet\n"
                "router = DefaultRouter()\n"
                "router.register(r'notes', NoteViewSet)\n"
                "urlpatterns = [path('api/', include(router.urls))]\n"
            ),
            "views.py": (
                "from rest_framework import viewsets\n"
                "from rest_framework.decorators import action\n"
                "\n"
                "\n"
                "class NoteViewSet(viewsets.ReadOnlyModelViewSet):\n"
                "    @action(detail=True, methods=['post'])\n"
                "    def pin(self, request, pk=None):\n"
                "        pass\n"
            ),
            "settings.py": "ROOT_URLCONF = 'urls'\n",
        },
    )
    assert shown(found) == [
        "GET /api/notes/ NoteViewSet.list",
        "GET /api/notes/{pk}/ NoteViewSet.retrieve",
        "POST /api/notes/{pk}/pin/ NoteViewSet.pin",
    ]


def test_spring_and_jax_rs_join_the_path_of_the_class(listed: Listed) -> None:
    found = listed(
        ENDPOINTS,
        {
            "src/PetController.java": (
                "@RestController\n"
                '@RequestMapping("/pets")\n'
                "class PetController {\n"
                '  @GetMapping({"/{id:\\\\d+}", "/by-id/{id}"})\n'
                '  public Pet one(@PathVariable("id") long id) { return null; }\n'
                '  @RequestMapping(value = "/x", method = {RequestMethod.PUT, RequestMethod.POST})\n'
                "  public void x() {}\n"
                "}\n"
            ),
            "src/Resource.java": (
                'interface Paths { String ROOT = "/1.0"; }\n'
                "\n"
                '@Path("/accounts")\n'
                "class Accounts {\n"
                "  @GET\n"
                '  @Path("/{id:[a-z]+}")\n'
                '  Response get(@PathParam("id") String id, @QueryParam("deep") boolean d) { return null; }\n'
                "  @POST\n"
                "  public Response make() { return null; }\n"
                "}\n"
            ),
            "src/Client.java": (
                '@FeignClient("x")\ninterface Client {\n  @GetMapping("/not-ours")\n  String get();\n}\n'
            ),
        },
    )
    assert shown(found) == [
        "POST /accounts Accounts.make",
        "GET /accounts/{id} Accounts.get",
        "GET /pets/by-id/{id} PetController.one",
        "PUT,POST /pets/x PetController.x",
        "GET /pets/{id} PetController.one",
    ]
    get = found.endpoints[1]
    assert [(each.name, each.where, each.type) for each in get.parameters] == [
        ("id", "path", "String"),
        ("deep", "query", "boolean"),
    ]


def test_express_routers_are_followed_through_imports_and_uses(listed: Listed) -> None:
    found = listed(
        ENDPOINTS,
        {
            "app.js": (
                "const express = require('express')\n"
                "const users = require('./routes/users')\n"
                "const app = express()\n"
                "app.use(express.json())\n"
                "app.use('/users', users)\n"
                "app.use('/files', express.static('public'))\n"
                "app.route('/both').get(show).post(save)\n"
                "module.exports = app\n"
            ),
            "routes/users.js": (
                "const router = require('express').Router()\n"
                "router.get('/:id(\\\\d+)', auth, (req, res) => { cache.get('/x') })\n"
                "module.exports = router\n"
            ),
        },
    )
    assert shown(found) == [
        "GET /both show",
        "POST /both save",
        'GET /files/* express.static("public")',
        "GET /users/{id}",
    ]


def test_a_nest_controller_and_a_fastify_plugin(listed: Listed) -> None:
    found = listed(
        ENDPOINTS,
        {
            "cats.controller.ts": (
                "import { Controller, Get, Post } from '@nestjs/common';\n"
                "\n"
                "@Controller('cats')\n"
                "export class CatsController {\n"
                "  @Get(':id')\n"
                "  findOne(@Param('id') id: string) {}\n"
                "\n"
                "  @Post()\n"
                "  create() {}\n"
                "}\n"
            ),
            "app.js": (
                "const fastify = require('fastify')()\n"
                "fastify.register(require('./plugin'), { prefix: '/v1' })\n"
            ),
            "plugin.js": (
                "module.exports = async function (fastify, opts) {\n"
                "  fastify.get('/hello', async () => 'x')\n"
                "}\n"
            ),
        },
    )
    assert shown(found) == [
        "POST /cats CatsController.create",
        "GET /cats/{id} CatsController.findOne",
        "GET /v1/hello",
    ]


def test_the_openapi_document_says_what_it_does_not_know(listed: Listed) -> None:
    found = listed(
        ENDPOINTS,
        {"a.py": ('from flask import Flask\napp = Flask(__name__)\n@app.get("/a/<int:n>")\ndef a(n): ...\n')},
        openapi=True,
    )
    made = json.loads(found.openapi)
    operation = made["paths"]["/a/{n}"]["get"]
    assert made["openapi"] == "3.1.0"
    assert operation["parameters"] == [
        {"name": "n", "in": "path", "required": True, "schema": {"type": "integer"}, "x-written": "int"}
    ]
    assert operation["x-source"] == "a.py:3"
    assert "Not known" in made["info"]["description"]
