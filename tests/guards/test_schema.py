"""The OpenAPI document in ``docs/`` is the one that the product gives.

To write it anew: ``manage.py spectacular --lang en --validate --file docs/openapi.yaml``.
"""

from __future__ import annotations

import pytest
import yaml
from django.conf import settings
from django.test import Client
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema


def _generated() -> bytes:
    with translation.override("en"):
        schema = SchemaGenerator().get_schema(request=None, public=True)
        validate_schema(schema)
        return bytes(OpenApiYamlRenderer().render(schema, renderer_context={}))


def test_the_document_has_not_drifted() -> None:
    committed = (settings.BASE_DIR / "docs/openapi.yaml").read_bytes()
    assert committed == _generated(), __doc__


@pytest.mark.django_db
def test_the_document_is_given_and_can_be_read_on_a_page() -> None:
    given = Client().get("/api/v1/schema", headers={"accept-language": "en"})
    assert yaml.safe_load(given.content)["paths"] == yaml.safe_load(_generated())["paths"]
    page = Client().get("/api/v1/docs")
    assert page.status_code == 200
    # The page's own policy forbids scripts in it: they come by an address of their own.
    assert "<script>" not in page.content.decode()


def test_every_operation_names_its_problems() -> None:
    document = yaml.safe_load(_generated())
    for path, operations in document["paths"].items():
        if path.endswith("/schema"):
            continue
        for method, operation in operations.items():
            problems = {code for code in operation["responses"] if code >= "400"}
            is_open = {} in operation["security"]
            assert problems >= {"401", "429"} | (set() if is_open else {"403"}), (method, path)
            for code in problems:
                assert set(operation["responses"][code]["content"]) == {"application/problem+json"}
