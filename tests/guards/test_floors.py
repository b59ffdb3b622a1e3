"""An app knows only the floors below it; what the import contract cannot see is seen here."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey

ROOT: Path = settings.BASE_DIR
FLOORS = ("courts", "notices", "escalation", "cases", "liaison", "workorders", "reports")
HEIGHT = {name: height for height, name in enumerate(FLOORS)}
# To which app the folders of templates belong; the others are there for all.
TEMPLATES = {
    "calendar": "courts",
    "escalation": "escalation",
    "desk": "liaison",
    "portal": "liaison",
    "orders": "workorders",
    "supervision": "workorders",
    "find": "workorders",
    "leadership": "reports",
    "reports": "reports",
    "catalogue": "reports",
    "notices": "notices",
}
FOR_ALL = {"admin", "base", "components", "registration"}
_USES = re.compile(r"""\{%\s*(?:include|extends)\s+["']([\w-]+)/""")
_NAMED = re.compile(r"([\w-]+)/[\w/-]+\.(?:html|txt)")


def _sources() -> Iterator[tuple[str, Path, ast.Module]]:
    for app in FLOORS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield app, path, ast.parse(path.read_text(encoding="utf-8"))


def test_the_import_contracts_are_kept() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    run = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def test_no_relation_points_up_and_no_lower_model_gets_a_manager_from_above() -> None:
    wrong = []
    for model in apps.get_models():
        own = model._meta.app_label
        if own not in HEIGHT:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, GenericForeignKey):
                wrong.append(f"{model.__name__}.{field.name} points at anything")
            if not field.is_relation or field.auto_created or field.related_model is None:
                continue
            target = field.related_model._meta.app_label
            if target == "contenttypes":
                wrong.append(f"{model.__name__}.{field.name} points at anything")
            if target == own or target not in HEIGHT:
                continue
            if HEIGHT[target] > HEIGHT[own]:
                wrong.append(f"{model.__name__}.{field.name} points up to {target}")
            if not field.remote_field.hidden:
                wrong.append(f'{model.__name__}.{field.name} lacks related_name="+"')
    assert not wrong, "\n".join(wrong)


def test_no_model_is_fetched_by_its_name() -> None:
    wrong = [
        f"{path}:{node.lineno}"
        for _app, path, tree in _sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", ""))
        in ("get_model", "import_module")
    ]
    assert not wrong, wrong


def test_no_source_names_a_thing_of_a_higher_app_in_a_string() -> None:
    """Such as ``"workorders.WorkOrder"`` below ``workorders``: links go by URL name instead."""
    wrong = []
    for app, path, tree in _sources():
        above = [name for name in FLOORS if HEIGHT[name] > HEIGHT[app]]
        pattern = re.compile(rf"(?:{'|'.join(above)})\.\w+(?:\.\w+)*") if above else None
        for node in ast.walk(tree):
            if (
                pattern
                and isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and pattern.fullmatch(node.value)
            ):
                wrong.append(f"{path}:{node.lineno}: {node.value}")
    assert not wrong, "\n".join(wrong)


def test_every_folder_of_templates_has_its_floor() -> None:
    folders = {path.name for path in (ROOT / "templates").iterdir() if path.is_dir()}
    assert folders == set(TEMPLATES) | FOR_ALL


def test_no_template_takes_in_one_of_a_higher_app() -> None:
    wrong = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        folder = path.relative_to(ROOT / "templates").parts[0]
        own = HEIGHT.get(TEMPLATES.get(folder, ""), -1)
        for used in _USES.findall(path.read_text(encoding="utf-8")):
            if used in TEMPLATES and used != folder and HEIGHT[TEMPLATES[used]] > own:
                wrong.append(f"{path} takes in {used}/")
    assert not wrong, "\n".join(wrong)


def test_no_view_renders_a_template_of_a_higher_app() -> None:
    wrong = []
    for app, path, tree in _sources():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            named = _NAMED.fullmatch(node.value)
            owner = TEMPLATES.get(named[1]) if named else None
            if owner and HEIGHT[owner] > HEIGHT[app]:
                wrong.append(f"{path}:{node.lineno}: {node.value}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", ["utils", "helpers", "common"])
def test_no_room_for_everything(name: str) -> None:
    found = [path for app in FLOORS for path in (ROOT / app).rglob(f"{name}.py")]
    assert not found
