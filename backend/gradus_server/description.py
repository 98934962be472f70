"""The application's description of itself."""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from gradus_server.wire import ProblemDocument

REFERENCE = "#/components/schemas/{model}"


class Described(FastAPI):
    """Its refusals are of another media type than its answers, which the framework cannot say."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            described = super().openapi()
            schemas = described["components"]["schemas"]
            problem = ProblemDocument.model_json_schema(ref_template=REFERENCE)
            schemas.update(problem.pop("$defs", {}))
            schemas[ProblemDocument.__name__] = problem
        schema: dict[str, Any] = self.openapi_schema or {}
        return schema


def operation_name(route: APIRoute) -> str:
    """`create_run` rather than the path in other letters: clients are generated from it."""
    return route.name
