"""Answers about what the software itself knows: data sets, layers, presets, networks, words."""

from typing import Any

from gradus_server.wire import SPIRAL, Out, shown


class Datasets(Out):
    model_config = shown({"datasets": [{"name": "spiral", "task": "classification", "input": [2]}]})

    datasets: list[dict[str, Any]]


class Layers(Out):
    model_config = shown(
        {
            "layers": [{"type": "linear", "fields": {}, "required": []}],
            "composites": [],
            "data": {"fields": {}, "required": []},
            "train": {"fields": {"epochs": {"type": "integer", "default": 10}}, "required": []},
        }
    )

    layers: list[dict[str, Any]]
    composites: list[dict[str, Any]]
    data: dict[str, Any]
    train: dict[str, Any]


class Presets(Out):
    model_config = shown(
        {"presets": [{"name": "spiral", "title": {"en": "Spiral"}, "document": SPIRAL}]}
    )

    presets: list[dict[str, Any]]


class Zoo(Out):
    model_config = shown(
        {
            "networks": [
                {
                    "name": "lenet5",
                    "title": "LeNet-5",
                    "source": "LeCun et al. 1998",
                    "note": "",
                    "parameters": 61_706,
                    "document": SPIRAL,
                }
            ]
        }
    )

    networks: list[dict[str, Any]]


class Words(Out):
    """One catalogue for the page: every code that the service uses, with its `{params}`."""

    model_config = shown({"language": "en", "words": {"not_found": "There is no {kind} {id}."}})

    language: str
    words: dict[str, str]
