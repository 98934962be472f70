"""The `gradus` command as a whole: parts that are not installed, servers that do not answer."""

import socket
from importlib.metadata import EntryPoint

import pytest
from typer.testing import CliRunner

from gradus_client import command


@pytest.fixture
def nobody(monkeypatch):
    """The address of a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    monkeypatch.setenv("GRADUS_URL", url)
    return url


@pytest.mark.parametrize("arguments", [["runs"], ["show", "run_1"], ["stop", "run_1"]])
def test_without_a_server_the_remedy_is_said(nobody, arguments):
    answer = CliRunner().invoke(command.build(), arguments)
    assert answer.exit_code == 3
    assert nobody in answer.stderr
    assert "gradus up" in answer.stderr


def test_watching_and_waiting_at_once_is_refused():
    answer = CliRunner().invoke(command.build(), ["run", "-", "--watch", "--wait"])
    assert answer.exit_code == 2


def test_a_wrong_spec_is_refused_before_any_server_is_asked(nobody):
    answer = CliRunner().invoke(command.build(), ["run", "-"], input="spec: nn/2\n")
    assert answer.exit_code == 2


@pytest.mark.parametrize(
    ("asked", "extra"),
    [("up", "all"), ("serve", "server"), ("work", "worker"), ("train", "worker")],
)
def test_a_command_of_a_missing_part_says_what_to_install(asked, extra):
    parts = [
        EntryPoint("server", "no_such_package.command:commands", command.GROUP),
        EntryPoint("worker", "no_such_package.command:commands", command.GROUP),
        EntryPoint("engine", "no_such_package.command:commands", command.GROUP),
    ]
    answer = CliRunner().invoke(command.build(parts), [asked, "--some-option", "value"])
    assert answer.exit_code == 1
    assert f"pip install 'gradus[{extra}]'" in answer.stderr


def test_a_part_of_ours_that_is_broken_is_not_hidden():
    broken = EntryPoint("server", "gradus_client.command:no_such_function", command.GROUP)
    with pytest.raises(AttributeError):
        command.build([broken])
