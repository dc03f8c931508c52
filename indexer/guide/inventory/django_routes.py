"""Routes of Django: url patterns, what they include, application configurations, REST routers.

A list of patterns is a router: that of a module's ``urlpatterns``, of another variable, or of a class
with ``get_urls`` (as django-oscar's applications have them). An ``include`` mounts one in another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from indexer.guide.inventory import rest_routes
from indexer.guide.inventory.bindings import origin
from indexer.guide.inventory.code import HOLE, Argument, Call
from indexer.guide.inventory.django_regex import address_of, parameters_of
from indexer.guide.inventory.routers import HungMount, HungRoute, Ref, Registry
from indexer.guide.inventory.routing import Place, Route, Router, plain
from indexer.guide.inventory.sheets import Sheet
from indexer.guide.inventory.tokens import Kind
from indexer.index.symbols import find_symbols
from indexer.types import SymbolKind

HINT: Final = re.compile(
    r"\b(?:re_path|urlpatterns|get_urls|get_app_config|ROOT_URLCONF|\w*[rR]outer\.register)\b"
)
_PATTERNS: Final = ("path", "re_path", "url", "repath")
_LISTS: Final = "urlpatterns"
_METHODS: Final = "The view decides which methods it takes."
_ELSEWHERE: Final = "What answers below it is not in this repository."
_ORPHAN: Final = "No list of patterns here includes the one that it stands in."
_LANGUAGE: Final = "{language}/"


@dataclass
class Django:
    """Reads Django's files, one after another, then says which lists stand at the root."""

    registry: Registry
    _roots: set[str] = field(default_factory=set)
    _own_labels: dict[str, str] = field(default_factory=dict)
    """Key of an application's router to the label that its class gives."""
    _marks: dict[str, str] = field(default_factory=dict)
    _bases: dict[str, list[str]] = field(default_factory=dict)
    _named: dict[str, str] = field(default_factory=dict)
    _later: list[tuple[str, str, str, Place]] = field(default_factory=list)
    """Mounts of an application by its label: parent key, label, prefix, place."""

    def read(self, sheet: Sheet) -> None:
        """Collect the patterns of one file."""
        self._root_of(sheet)
        self._configurations(sheet)
        names = self.registry.imported_from(sheet, "django.urls", "django.conf.urls")
        rest = "register" in sheet.text and "outer" in sheet.text
        if rest:
            rest_routes.read(sheet, self.registry)
        if names & {"path", "re_path", "url", "include", *_PATTERNS} or "urls.path" in sheet.text:
            reading = _Patterns(self, sheet)
            for call in sheet.code.calls(*_PATTERNS):
                if call.receiver in ("", "urls", "django.urls") and (call.receiver or call.name in names):
                    reading.read(call)
        if _LISTS in sheet.text:
            self._extended(sheet)

    def finish(self) -> None:
        """Tie what only the whole of the files tells: which list is the root, and who has a label."""
        routing = self.registry.routing
        for parent, label, prefix, mounted in self._later:
            labelled = self._labelled(label, everywhere=bool(mounted.mark))
            if labelled is not None:
                self.registry.mounts.append(HungMount(Ref(key=parent), Ref(key=labelled), prefix, mounted))
        for key, bases in self._bases.items():
            for base in bases:
                below = self._named.get(base)
                if below is not None and below != key:
                    place = routing.routers[below].place
                    mark = routing.routers[key].place
                    if place is not None and mark is not None:
                        inherits = Place(place.path, place.first, place.first, mark.mark)
                        self.registry.mounts.append(HungMount(Ref(key=key), Ref(key=below), "", inherits))
        for key, router in list(routing.routers.items()):
            path, _, name = key.removeprefix("django:").rpartition(":")
            if key.startswith("django:") and name == _LISTS and path in self._roots:
                routing.routers[key] = Router(key, "", True, router.join, router.place)

    # ------------------------------------------------------------------------ private

    def router(self, sheet: Sheet, name: str, line: int) -> str:
        """Return the key of a list of patterns of a file, made when first met."""
        key = f"django:{sheet.path}:{name}"
        if key not in self.registry.routing.routers:
            place = Place(sheet.path, line, line, sheet.mark)
            self.registry.routing.routers[key] = Router(key, "", False, plain, place, _ORPHAN)
            self.registry.define(sheet, name, 0, self.registry.routing.routers[key])
        return key

    def _root_of(self, sheet: Sheet) -> None:
        for each in sheet.code.assigned():
            if each.name == "ROOT_URLCONF":
                module = sheet.code.value(each.first, each.first)
                if module is not None:
                    self._roots.update(self.module_files(module))

    def module_files(self, module: str) -> list[str]:
        """Return the files that a dotted module can be."""
        if not module or HOLE in module:
            return []
        base = module.replace(".", "/")
        return self.registry.shelf.ending(f"{base}.py", f"{base}/__init__.py")

    def _configurations(self, sheet: Sheet) -> None:
        """Note the classes that have ``get_urls``, with their label and what they are made from."""
        if "Config" not in sheet.text and "get_urls" not in sheet.text:
            return
        code = sheet.code
        for symbol in sheet.definitions:
            if symbol.kind is not SymbolKind.CLASS:
                continue
            at = next(
                (
                    i
                    for i, each in enumerate(code.tokens)
                    if each.line == symbol.name_line and each.text == symbol.name
                ),
                None,
            )
            call = None if at is None else code.call_at(at)
            bases = [] if call is None else [code.name_of(each).rpartition(".")[2] for each in call.arguments]
            owns = any(
                each.name in ("get_urls", "urls") and each.parent == symbol.qualified
                for each in sheet.definitions
            )
            values: dict[str, str | None] = {}
            for each in code.assigned():
                # What comes first stands in the class itself; a keyword of a call may have the name too.
                if symbol.start_line < each.line <= symbol.end_line and each.name in ("label", "name"):
                    values.setdefault(each.name, code.value(each.first, each.first))
            if not owns and not (bases and any("Config" in base for base in bases)):
                continue
            key = self.router(sheet, symbol.name, symbol.name_line)
            full = [code.name_of(each) for each in call.arguments] if call is not None else []
            self._bases[key] = [self._base_key(sheet, base) for base in full]
            self._named[key] = key
            name = values.get("name")
            label = values.get("label") or (name.rpartition(".")[2] if name else "")
            self._own_labels[key] = label or ""
            self._marks[key] = sheet.mark

    def _base_key(self, sheet: Sheet, base: str) -> str:
        """Return the key that a base class has, or would have."""
        head, _, rest = base.partition(".")
        if any(each.name == base and each.kind is SymbolKind.CLASS for each in sheet.definitions):
            return f"django:{sheet.path}:{base}"
        bindings = self.registry.bindings(sheet)
        binding = bindings.get(base) or bindings.get(head)
        found = None if binding is None else origin(sheet, self.registry.shelf, binding)
        if found is None:
            return ""
        path, member = found
        return f"django:{path}:{rest.rpartition('.')[2] or member}"

    def _labelled(self, label: str, *, everywhere: bool) -> str | None:
        """Return the router of the application of a label: the one that none other is made from."""
        known = [key for key in self._own_labels if self._label_of(key) == label]
        found = [key for key in known if everywhere or not self._marks[key]] or known
        if not found:
            return None
        below = {base for key in found for base in self._bases[key]}
        return next((key for key in found if key not in below), found[0])

    def _label_of(self, key: str, depth: int = 0) -> str:
        """Return the label that a class gives, or takes from one that it is made from."""
        own = self._own_labels.get(key, "")
        if own or depth > 8:
            return own
        labels = (self._label_of(base, depth + 1) for base in self._bases.get(key, ()) if base)
        return next((label for label in labels if label), "")

    def mount_label(self, parent: str, label: str, prefix: str, place: Place) -> None:
        """Mount the application of a label, once all are known."""
        self._later.append((parent, label, prefix, place))

    def _extended(self, sheet: Sheet) -> None:
        """Read ``urlpatterns = router.urls`` and ``urlpatterns += other``."""
        code = sheet.code
        for each in code.assigned():
            if each.name != _LISTS or code.tokens[each.first].kind is not Kind.NAME:
                continue
            name = code.dotted(each.first, code.name_end(each.first))
            if code.call_at(code.name_end(each.first)) is not None:
                continue
            place = Place(sheet.path, each.line, each.line, sheet.mark)
            parent = self.router(sheet, _LISTS, each.line)
            child = Ref(sheet.path, name.removesuffix(".urls").removesuffix(f".{_LISTS}"), each.line)
            self.registry.mounts.append(HungMount(Ref(key=parent), child, "", place))


class _Patterns:
    """Reads the ``path(...)`` calls of one file."""

    def __init__(self, django: Django, sheet: Sheet) -> None:
        self._django = django
        self._sheet = sheet
        self._code = sheet.code
        self._given: dict[tuple[str, str], int] = {}
        for each in self._code.assigned():
            if each.name.startswith("self."):
                owner = sheet.class_at(each.line)
                self._given["" if owner is None else owner.qualified, each.name] = each.first

    def read(self, call: Call) -> None:
        """Take one pattern in: a route, or a mount."""
        if not call.arguments:
            return
        code = self._code
        written = code.text(call.arguments[0])
        if written is None and code.tokens[call.arguments[0].first].text in (
            "_",
            "gettext_lazy",
            "pgettext_lazy",
        ):
            inner = code.called(call.arguments[0])
            written = code.text(inner.arguments[0]) if inner is not None and inner.arguments else None
        if written is None:
            written = HOLE
        regex = call.name in ("re_path", "url", "repath")
        container, before = self._container(call)
        if container is None:
            return
        prefix = before + (address_of(written) if regex else _simple(written))
        sheet = self._sheet
        place = Place(sheet.path, call.line, code.tokens[call.closes].line, sheet.mark)
        view = next((each for each in call.arguments[1:] if each.key in ("", "view")), None)
        if view is None or self._mounts(container, prefix, view, place, call.line):
            return
        handler, path, line = self._view(view, call.line)
        route = Route(
            "",
            prefix,
            (),
            "django",
            handler,
            path,
            line,
            place,
            parameters_of(written, regex=regex),
            (_METHODS,),
        )
        self._django.registry.hung.append(HungRoute(Ref(key=container), route))

    def _container(self, call: Call) -> tuple[str | None, str]:
        """Return the list that a pattern stands in, and what patterns around it put before its address."""
        code, sheet = self._code, self._sheet
        before, outermost = "", call.starts
        for opens in code.around(call.starts):
            outermost = opens
            caller = code.call_at(opens - 1) if opens > 0 and code.tokens[opens].text == "(" else None
            if caller is None:
                continue
            outermost = caller.starts
            if caller.name in _PATTERNS and caller.arguments:
                outer = code.text(caller.arguments[0]) or HOLE
                before = (address_of(outer) if caller.name != "path" else _simple(outer)) + before
            elif caller.name == "i18n_patterns":
                before = _LANGUAGE + before
            elif caller.name == "append":
                name = caller.receiver
                return self._django.router(sheet, name, call.line), before
        owner = sheet.class_at(call.line)
        function = sheet.function_at(call.line).rpartition(".")[2]
        if owner is not None and function in ("get_urls", "urls", "get_urlpatterns"):
            return self._django.router(sheet, owner.name, owner.name_line), before
        name = code.target_of(outermost)
        if not name:
            return (self._django.router(sheet, function, call.line), before) if function else (None, before)
        return self._django.router(sheet, name, call.line), before

    def _mounts(self, container: str, prefix: str, view: Argument, place: Place, line: int) -> bool:
        """Take a pattern in whose view is a list of other patterns; say whether it was one."""
        code = self._code
        call = code.called(view)
        if call is not None and call.name == "include" and call.arguments:
            target = call.arguments[0]
            if code.tokens[target.first].text == "(" and code.items(target):
                target = code.items(target)[0]
            if code.tokens[target.first].text == "[":
                return True  # its patterns find what is around them themselves
            inner = code.called(target)
            if inner is not None and inner.name in ("i18n_patterns", "static"):
                return True
            self._include(container, prefix, target, place, line)
            return True
        name = code.name_of(view)
        if name.endswith(".urls"):
            self._include(container, prefix, view, place, line)
            return True
        return False

    def _include(self, container: str, prefix: str, target: Argument, place: Place, line: int) -> None:
        code, django = self._code, self._django
        label = self._label(target, line)
        if label is not None:
            django.mount_label(container, label, prefix, place)
            return
        module = code.text(target) if code.tokens[target.first].kind is Kind.STRING else None
        paths = [] if module is None else django.module_files(module)
        other = django.registry.shelf.sheet(paths[0]) if paths else None
        if other is not None:
            child = Ref(key=django.router(other, _LISTS, 1))
            django.registry.mounts.append(HungMount(Ref(key=container), child, prefix, place))
            return
        name = code.name_of(target)
        bare = name.removesuffix(".urls").removesuffix(f".{_LISTS}")
        key = self._list_named(bare if name != bare else name, line) or (
            self._list_named(name, line) if name else None
        )
        if key is not None:
            django.registry.mounts.append(HungMount(Ref(key=container), Ref(key=key), prefix, place))
            return
        handler = module if module is not None else code.shown(target)
        route = Route("", f"{prefix}*", (), "django", handler, "", 0, place, (), (_ELSEWHERE,))
        django.registry.hung.append(HungRoute(Ref(key=container), route))

    def _list_named(self, name: str, line: int) -> str | None:
        """Return the router that a name stands for: a list or router of this file, or an imported module."""
        django, sheet = self._django, self._sheet
        known = django.registry.find(Ref(sheet.path, name, line))
        if known is not None:
            return known
        if any(each.name == name for each in self._code.assigned()):
            return django.router(sheet, name, line)
        bindings = django.registry.bindings(sheet)
        binding = bindings.get(name) or bindings.get(name.partition(".")[0])
        found = None if binding is None else origin(sheet, django.registry.shelf, binding)
        if found is None:
            return None
        other = django.registry.shelf.sheet(found[0])
        if other is None:
            return None
        return django.router(other, found[1] or _LISTS, 1)

    def _label(self, target: Argument, line: int) -> str | None:
        """Return the label of the application whose urls are included, or None when it is none."""
        code = self._code
        words = code.words(target)
        if "get_app_config" in words:
            return words[words.index("get_app_config") + 1]
        if words[:1] == ["self"] and "urls" in words and len(words) >= 3:
            owner = self._sheet.class_at(line)
            first = self._given.get(("" if owner is None else owner.qualified, f"self.{words[1]}"))
            if first is not None:
                call = code.call_at(code.name_end(first))
                if call is not None and call.name == "get_app_config" and call.arguments:
                    return code.text(call.arguments[0])
        return None

    def _view(self, view: Argument, line: int) -> tuple[str, str, int]:
        """Return the name of what answers, and where that is defined."""
        code = self._code
        first, last = view.first, view.last
        call = code.called(view)
        while (
            call is not None
            and call.name != "as_view"
            and call.arguments
            and not call.receiver.endswith("as_view")
        ):
            # ``login_required(view)``: what is wrapped answers.
            first, last = call.arguments[0].first, call.arguments[0].last
            inner = code.called(Argument("", first, last))
            if inner is None:
                break
            call = inner
        name = (
            call.receiver
            if call is not None and call.name == "as_view"
            else code.name_of(Argument("", first, last))
        )
        if name.startswith("self."):
            owner = self._sheet.class_at(line)
            given = self._given.get(("" if owner is None else owner.qualified, name))
            made = None if given is None else code.call_at(code.name_end(given))
            if made is not None and made.name == "get_class" and len(made.arguments) > 1:
                return self._located(code.text(made.arguments[1]) or name, code.text(made.arguments[0]) or "")
        return self._located(name, "") if name else (code.shown(view), "", 0)

    def _located(self, name: str, module: str) -> tuple[str, str, int]:
        last = name.rpartition(".")[2]
        found = [
            each
            for each in find_symbols(self._django.registry.shelf.reader, last)
            if each.kind in (SymbolKind.CLASS, SymbolKind.FUNCTION)
            and (not each.marks & 31 or self._sheet.mark)
        ]
        if module:
            wanted = module.replace(".", "/")
            found = [each for each in found if wanted in each.path] or found[:0]
        elif len(found) > 1:
            here = self._sheet.path.rpartition("/")[0]
            found = [each for each in found if each.path.rpartition("/")[0] == here]
        if not found:
            return (f"{module}.{name}" if module else name), "", 0
        return found[0].qualified, found[0].path, found[0].name_line


def _simple(written: str) -> str:
    """Return a ``path()`` pattern with its varying parts in braces."""
    return re.sub(r"<(?:[^<>:]+:)?(\w+)>", r"{\1}", written)
