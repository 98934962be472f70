"""Where the command line finds its server and its token."""

import pytest

from gradus_client.address import Address, data_folder, find


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "address").write_text("http://127.0.0.1:9000\n")
    (tmp_path / "token").write_text("grd_local\n")
    return tmp_path


def test_the_data_folder_names_server_and_token(folder):
    assert find({"GRADUS_DATA": str(folder)}) == Address("http://127.0.0.1:9000", "grd_local")


def test_an_empty_folder_means_this_machine(tmp_path):
    assert find({"GRADUS_DATA": str(tmp_path)}) == Address("http://127.0.0.1:8765", None)


def test_the_environment_goes_before_the_folder(folder):
    named = {"GRADUS_URL": "https://nets.example/", "GRADUS_TOKEN": "grd_team"}
    assert find({"GRADUS_DATA": str(folder), **named}) == Address(
        "https://nets.example", "grd_team"
    )


def test_the_token_of_this_machine_is_not_shown_to_another(folder):
    found = find({"GRADUS_DATA": str(folder), "GRADUS_URL": "https://nets.example"})
    assert found.token is None


def test_the_default_folder_lies_in_the_data_home(tmp_path):
    assert data_folder({"XDG_DATA_HOME": str(tmp_path)}) == tmp_path / "gradus"


@pytest.mark.parametrize("variable", ["GRADUS_DATA", "XDG_DATA_HOME"])
def test_client_and_service_mean_the_same_folder(variable, tmp_path, monkeypatch):
    settings = pytest.importorskip("gradus_runs.settings")
    monkeypatch.delenv("GRADUS_DATA", raising=False)
    monkeypatch.setenv(variable, str(tmp_path))
    assert data_folder() == settings.load().data
