"""Texts as data: made up, cut into tokens, brought to one length, and read by networks."""

from typing import Any

import pytest
import torch

from gradus.datasets.text import LONGEST
from gradus.plan import plan, plan_resolved
from gradus.probes import Sample, SamplesProbe, UnitsProbe
from gradus.problems import Problem, SpecError
from gradus_engine.datasets import load
from gradus_engine.datasets.texts import encoded
from gradus_engine.datasets.tokens import known_tokens, pad, tokenize
from gradus_engine.probes import probe
from gradus_engine.session import Session
from tests.gradus_engine.test_script_curves import assert_equal_curves

WORDS = {"type": "tokenize", "words": 80}


def reader(*transforms: Any, words: int = 128, **network: Any) -> dict[str, Any]:
    layers = [
        {"type": "embedding", "words": words, "units": 8, "padding": 0},
        {"type": "gru", "units": 8, "returns": "last"},
        "linear",
    ]
    data = {"name": "phrases", "options": {"samples": 300}, "transforms": list(transforms)}
    optimizer = {"type": "adam", "learning_rate": 0.02}
    train = {"epochs": 10, "batch_size": 16, "optimizer": optimizer}
    return {"spec": "nn/1", "data": data, "network": {**network, "layers": layers}, "train": train}


def refused(document: dict[str, Any]) -> list[Problem]:
    with pytest.raises(SpecError) as found:
        plan(document)
    return list(found.value.problems)


def read(codes: Any) -> str:
    return bytes(int(code) for code in codes).rstrip(b"\0").decode()


def samples(*texts: str) -> torch.Tensor:
    return torch.tensor([encoded(text) for text in texts], dtype=torch.float32)


def test_the_last_clause_says_what_the_class_is() -> None:
    planned = plan(reader()).dataset
    assert planned is not None
    part = load(planned).train
    assert part.inputs.dtype == torch.int64
    for codes, liked in zip(part.inputs, part.targets, strict=True):
        last = read(codes).split(" but ")[-1].split()
        content = last[-1] in ["good", "lovely", "fresh", "great", "warm", "kind", "bright", "fine"]
        assert (content != ("not" in last)) == bool(liked), read(codes)
    texts = {read(codes) for codes in part.inputs}
    assert any(" but " in text for text in texts)
    assert any(" not " in text for text in texts)
    assert max(map(len, texts)) <= LONGEST


def test_words_are_numbered_by_how_often_the_training_part_has_them() -> None:
    fitted = samples("the soup was bad", "the soup was good", "the film was good")
    fields = {"by": "word", "words": 7}
    step = tokenize(fields, known_tokens(fields, fitted))
    # the 3, was 3, good 2, soup 2, bad 1; film comes behind bad and has no number left.
    assert step(samples("the soup was good", "a film was bad"), None)[:, :5].tolist() == [
        [2, 5, 3, 4, 0],
        [1, 1, 3, 6, 0],
    ]


@pytest.mark.parametrize(
    ("by", "tokens"), [("character", ["a", "b", "a", "a"]), ("bigram", ["ab", "ba", "aa"])]
)
def test_characters_and_pairs_of_neighbours_are_tokens_too(by: str, tokens: list[str]) -> None:
    fields = {"by": by, "words": 100}
    step = tokenize(fields, known_tokens(fields, samples("abaa")))
    found = step(samples("abaa"), None)[0].tolist()[: len(tokens) + 1]
    ranks = dict(zip(tokens, found, strict=False))
    assert found[-1] == 0
    assert sorted(set(found[:-1])) == list(range(2, 2 + len(ranks)))
    assert [ranks[token] for token in tokens] == found[:-1]


def test_texts_are_cut_at_their_end_and_filled_up_at_either_side() -> None:
    x = torch.tensor([[5.0, 6, 7, 0], [5, 0, 0, 0], [0, 0, 0, 0], [5, 6, 7, 8]])
    assert pad({"length": 3, "side": "end"}, x)(x, None).tolist() == [
        [5, 6, 7], [5, 0, 0], [0, 0, 0], [5, 6, 7],
    ]  # fmt: skip
    assert pad({"length": 3, "side": "start"}, x)(x, None).tolist() == [
        [5, 6, 7], [0, 0, 5], [0, 0, 0], [5, 6, 7],
    ]  # fmt: skip
    assert pad({"length": 6, "side": "start"}, x)(x, None)[0].tolist() == [0, 0, 0, 5, 6, 7]


def test_the_plan_knows_shape_and_numbers_of_the_tokens() -> None:
    planned = plan(reader(WORDS, {"type": "pad", "length": 14}, words=80))
    assert planned.dataset is not None
    assert (planned.dataset.input, planned.dataset.words) == ((14,), 80)
    assert planned.network.dtypes == {"input": "int64"}
    assert plan_resolved(planned.resolved).hash == planned.hash
    part = load(planned.dataset).validation
    assert tuple(part.inputs.shape[1:]) == (14,)
    assert 0 <= int(part.inputs.min()) <= int(part.inputs.max()) < 80


@pytest.mark.parametrize(
    ("transforms", "code"),
    [
        (["standardize"], "transform.text"),
        ([WORDS, WORDS], "transform.tokens"),
        ([{"type": "noise"}], "transform.text"),
        ([{"type": "pad"}], "field.missing"),
        ([{"type": "tokenize", "by": "sentence"}], "field.choice"),
        ([{"type": "tokenize", "words": 2}], "field.range"),
    ],
)
def test_what_cannot_be_done_to_texts_is_refused(transforms: list[Any], code: str) -> None:
    assert code in {each.code for each in refused(reader(*transforms))}


def test_pictures_are_no_texts() -> None:
    document = reader()
    document["data"] = {"name": "digits", "transforms": ["tokenize"]}
    assert refused(document)[0].code == "transform.no_text"


def test_a_table_with_too_few_rows_is_told_with_its_remedy() -> None:
    [told] = refused(reader(WORDS, words=40))
    assert (told.code, told.path) == ("embedding.words", "/network/layers/0/words")
    assert told.fix == [{"op": "replace", "path": "/network/layers/0/words", "value": 80}]


def test_a_layer_of_numbers_with_fractions_cannot_read_texts() -> None:
    document = reader()
    document["network"]["layers"] = ["linear"]
    assert refused(document)[0].code == "shape.floats"


def test_an_input_of_another_kind_is_told() -> None:
    assert refused(reader(input=[LONGEST]))[0].code == "network.input_kind"
    same = reader(input={"shape": [LONGEST], "dtype": "int64"})
    assert plan(same).network.inputs == {"input": (LONGEST,)}


def test_an_autoencoder_cannot_be_held_against_texts() -> None:
    document = reader()
    document["train"]["losses"] = [{"type": "mse", "target": "batch"}]
    assert "loss.text" in {each.code for each in refused(document)}


@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru"])
def test_recurrent_networks_learn_to_read(kind: str) -> None:
    document = reader(WORDS, {"type": "pad", "length": 14, "side": "start"}, words=80)
    document["data"]["options"]["samples"] = 600
    document["network"]["layers"][1] = {"type": kind, "units": 16, "returns": "last"}
    session = Session(plan(document), threads=1)
    while not session.finished:
        session.advance()
    assert session.evaluate("validation")["validation/accuracy"] > 0.8


def test_samples_and_own_texts_can_be_looked_at() -> None:
    session = Session(plan(reader(WORDS, {"type": "pad", "length": 5}, words=80)))
    shown = probe(session, SamplesProbe(count=3)).arrays
    assert any(values.shape == (3, 5) for values in shown.values())
    units = probe(session, UnitsProbe(sample=Sample(values=(2, 3, 4, 0, 0)))).arrays
    assert units["input"].tolist() == [2, 3, 4, 0, 0]
    for wrong in ((2, 3, 4, 0, 80), (2.5, 0, 0, 0, 0), (-1, 0, 0, 0, 0)):
        with pytest.raises(ValueError, match="whole numbers from 0 to 79"):
            probe(session, UnitsProbe(sample=Sample(values=wrong)))


@pytest.mark.parametrize(
    "transforms",
    [
        [],
        [WORDS, {"type": "pad", "length": 12, "side": "start"}],
        [{"type": "tokenize", "by": "bigram", "words": 100}, {"type": "pad", "length": 20}],
    ],
)
def test_a_script_reads_the_same_texts(transforms: list[Any], tmp_path: Any) -> None:
    assert_equal_curves(plan(reader(*transforms)), tmp_path, steps=6)


@pytest.mark.parametrize("transforms", [[], [{"type": "tokenize"}, {"type": "pad", "length": 9}]])
def test_samples_come_with_the_words_that_their_numbers_stand_for(transforms: list[Any]) -> None:
    """The page shows texts as they are read, and where they are padded."""
    session = Session(plan(reader(*transforms, words=1000)))
    shown = probe(session, SamplesProbe(count=5))
    words = shown.meta["words"]
    for row in shown.arrays["inputs"].tolist():
        told = (" " if transforms else "").join(words[number] for number in row if number)
        assert told.startswith("the ")
        assert " was " in told
    assert words[0] == ""
