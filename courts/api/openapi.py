"""How calls are signed, in the OpenAPI document; read when the product starts."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """The key of a machine."""

    target_class = "courts.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer key."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "The key that `manage.py issue_api_key` printed.",
        }
