"""Settings are typed, named in every refusal, and listed without secrets."""

from pathlib import Path

import pytest

from gradus_runs.errors import SettingsError
from gradus_runs.settings import Settings, listing, load


def test_defaults_are_a_laptops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")
    current = load({})
    assert current.data == Path("/somewhere/gradus")
    assert current.database == "sqlite:////somewhere/gradus/gradus.db"
    assert (current.host, current.port, current.mode) == ("127.0.0.1", 8765, "laptop")
    assert current.redis_url.get_secret_value() == ""
    assert (current.lease_seconds, current.renew_seconds, current.stall_seconds) == (30, 5, 60)


def test_relative_data_home_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    monkeypatch.setenv("HOME", "/home/me")
    assert load({}).data == Path("/home/me/.local/share/gradus")


def test_variables_of_the_process_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADUS_PORT", "9000")
    monkeypatch.setenv("GRADUS_DATA", "~/nets")
    monkeypatch.setenv("HOME", "/home/me")
    assert (load().port, load().data) == (9000, Path("/home/me/nets"))


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GRADUS_PORT", "high"),
        ("GRADUS_PORT", "70000"),
        ("GRADUS_LEASE_SECONDS", "0"),
        ("GRADUS_CHILDREN", "-1"),
        ("GRADUS_MODE", "cloud"),
    ],
)
def test_refusal_names_the_variable_and_what_it_got(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=variable) as refused:
        load({variable: value})
    assert value in str(refused.value)


def test_listing_tells_every_setting_and_no_secret() -> None:
    current = load(
        {
            "GRADUS_DATABASE_URL": "postgresql://me:hunter2@db/gradus",
            "GRADUS_REDIS_URL": "redis://:hunter3@cache",
        }
    )
    rows = {row["variable"]: row for row in listing(current)}
    assert len(rows) == len(Settings.model_fields)
    assert rows["GRADUS_DATABASE_URL"]["value"] == "postgresql://me:…@db/gradus"
    assert (rows["GRADUS_PORT"]["value"], rows["GRADUS_PORT"]["set"]) == ("8765", "no")
    assert rows["GRADUS_DATABASE_URL"]["set"] == "yes"
    assert all(row["meaning"] for row in rows.values())
    assert "hunter" not in str(rows)
    assert "hunter" not in repr(current)


def test_data_folder_is_its_owners_alone(tmp_path: Path) -> None:
    folder = load({"GRADUS_DATA": str(tmp_path / "a" / "b")}).make_data_folder()
    assert folder.stat().st_mode & 0o777 == 0o700


def test_data_folder_that_cannot_be_made_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    current = load({"GRADUS_DATA": str(tmp_path / "file" / "inside")})
    with pytest.raises(SettingsError, match="GRADUS_DATA"):
        current.make_data_folder()


def test_a_secret_is_read_from_the_file_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://me:hunter2@db/gradus\n")
    current = load({"GRADUS_DATABASE_URL_FILE": str(tmp_path / "url")})
    assert current.database == "postgresql://me:hunter2@db/gradus"
    assert "hunter2" not in str(listing(current))


def test_the_process_itself_may_name_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "url").write_text("redis://:hunter3@cache")
    monkeypatch.setenv("GRADUS_REDIS_URL_FILE", str(tmp_path / "url"))
    assert load().redis_url.get_secret_value() == "redis://:hunter3@cache"


def test_a_variable_comes_before_its_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("sqlite:////from/file.db")
    both = {
        "GRADUS_DATABASE_URL": "sqlite:////from/variable.db",
        "GRADUS_DATABASE_URL_FILE": str(tmp_path / "url"),
    }
    assert load(both).database == "sqlite:////from/variable.db"


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe"])
def test_a_secret_that_cannot_be_had_is_refused_by_name(
    content: bytes | None, tmp_path: Path
) -> None:
    path = tmp_path / "url"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match="GRADUS_REDIS_URL_FILE") as refused:
        load({"GRADUS_REDIS_URL_FILE": str(path)})
    assert str(path) in str(refused.value)
