"""What the software knows by itself: layers, data sets, schema, limits, words, presets."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request

from gradus.catalogue import catalogue, composites, data, training
from gradus.datasets import FACTS, facts_json
from gradus.presets import PRESETS
from gradus.schema import json_schema
from gradus.words import LANGUAGES
from gradus.zoo import ZOO
from gradus_server.catalogue import Datasets, Layers, Presets, Words, Zoo
from gradus_server.dependencies import errors, shown
from gradus_server.limits import LIMITS

router = APIRouter(prefix="/api/v1", tags=["catalogue"])


@router.get("/datasets", responses=errors(public=True))
def list_datasets() -> Datasets:
    """The built-in data sets with the JSON Schema of their options."""
    return Datasets(datasets=[facts_json(facts) for facts in FACTS.values()])


Language = Annotated[Literal["en", "zh"], Query(description="Of meanings and descriptions.")]


@router.get("/layers", responses=errors(422, public=True))
def list_layers(language: Language = "en") -> Layers:
    """Every layer type and composite: meaning, formula, shape rule, counts, source, a worked
    example, fields with their bounds; and the fields of data and training, with every transform,
    optimizer and loss."""
    return Layers(
        layers=catalogue(language),
        composites=composites(language),
        data=data(language),
        train=training(language),
    )


@router.get("/schema", responses=errors(422, public=True) | shown({"title": "nn/1"}))
def get_schema(language: Language = "en") -> dict[str, Any]:
    """The JSON Schema of a document `nn/1`, for editors."""
    return json_schema(language)


@router.get("/presets", responses=errors(public=True))
def list_presets() -> Presets:
    """Documents to start from; the first is the one that a new page opens."""
    return Presets(presets=[preset.to_json() for preset in PRESETS.values()])


@router.get("/zoo", responses=errors(public=True))
def list_zoo() -> Zoo:
    """Published networks as documents, each with its exact number of parameters."""
    return Zoo(networks=[entry.to_json() for entry in ZOO.values()])


@router.get("/limits", responses=errors(public=True) | shown(LIMITS))
async def get_limits() -> dict[str, int]:
    """How much one may ask for."""
    return dict(LIMITS)


@router.get("/words", responses=errors(422, public=True))
def get_words(language: Annotated[Literal["en", "zh"], Query()] = "en") -> Words:
    """The sentences for codes of problems, advice, verdicts and events."""
    return Words(language=language, words=dict(LANGUAGES[language]))


@router.get("/openapi.json", include_in_schema=False)
def get_openapi(request: Request) -> dict[str, Any]:
    """The description of this API."""
    description: dict[str, Any] = request.app.openapi()
    return description
