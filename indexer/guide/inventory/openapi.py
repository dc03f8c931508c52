"""The endpoints as an OpenAPI 3.1 document: a skeleton, which says of each part what it could not know."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from indexer.shapes.inventory import Endpoint, Parameter

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_NAMED: Final = re.compile(r"\{([^{}]+)\}")
_INTEGERS: Final = frozenset(("int", "integer", "long", "Integer", "Long", "int32", "int64", "ParseIntPipe"))
_NUMBERS: Final = frozenset(("float", "double", "Float", "Double", "decimal", "number"))
_NOT_KNOWN: Final = (
    "Not known: responses, bodies, security and required query parameters are not read from the code."
)


def openapi_of(endpoints: Sequence[Endpoint], title: str, commit: str | None) -> str:
    """Return the document as JSON. What has no single method or address in OpenAPI is listed apart."""
    paths: dict[str, dict[str, Any]] = {}
    apart: list[dict[str, Any]] = []
    for each in endpoints:
        methods = [method.lower() for method in each.methods if method.lower() in _METHODS]
        if each.url.endswith("*") or (each.methods and not methods):
            apart.append(_apart(each))
            continue
        item = paths.setdefault(each.url, {})
        for method in methods or ["get"]:
            if method in item:
                item[method].setdefault("x-also-at", []).append(_place(each))
                continue
            item[method] = _operation(each, methods_known=bool(methods))
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": commit[:12] if commit else "working copy",
            "description": f"A skeleton, read from the code and to be reviewed. {_NOT_KNOWN}",
        },
        "paths": dict(sorted(paths.items())),
    }
    if apart:
        document["x-not-in-paths"] = apart
    return json.dumps(document, indent=2, ensure_ascii=False)


def _operation(each: Endpoint, *, methods_known: bool) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if each.handler:
        made["operationId"] = re.sub(r"[^\w.]+", "_", f"{each.handler}")
    if each.says:
        made["summary"] = each.says
    parameters = _parameters(each)
    if parameters:
        made["parameters"] = parameters
    if any(one.where == "body" for one in each.parameters):
        names = ", ".join(f"{one.name}: {one.type}" for one in each.parameters if one.where == "body")
        made["requestBody"] = {
            "description": f"Given in the code as {names}; its schema is not known.",
            "content": {"application/json": {"schema": {}}},
        }
    made["responses"] = {"default": {"description": "Not known: the code was not run."}}
    made["x-source"] = _place(each)
    unknown = list(each.unknown)
    if not methods_known:
        unknown.append("Its methods are not known; it is put under GET so that it has a place here.")
    if unknown:
        made["x-unknown"] = unknown
    return made


def _parameters(each: Endpoint) -> list[dict[str, Any]]:
    known = {one.name: one for one in each.parameters}
    found = [
        _parameter(known.get(name, Parameter(name, "path")), "path")
        for name in dict.fromkeys(_NAMED.findall(each.url))
    ]
    return found + [_parameter(one, one.where) for one in each.parameters if one.where in ("query", "header")]


def _parameter(one: Parameter, where: str) -> dict[str, Any]:
    made: dict[str, Any] = {"name": one.name, "in": where}
    if where == "path":
        made["required"] = True
    words = set(re.findall(r"\w+", one.type))
    if words & _INTEGERS:
        made["schema"] = {"type": "integer"}
    elif words & _NUMBERS:
        made["schema"] = {"type": "number"}
    elif one.type in ("str", "string", "String", "path", "slug"):
        made["schema"] = {"type": "string"}
    else:
        made["schema"] = {}
    if one.type:
        made["x-written"] = one.type
    return made


def _apart(each: Endpoint) -> dict[str, Any]:
    return {"url": each.url, "methods": list(each.methods), "handler": each.handler, "x-source": _place(each),
            "x-unknown": list(each.unknown)}  # fmt: skip


def _place(each: Endpoint) -> str:
    first = each.citations[0]
    return f"{first.path}:{first.start_line}"
