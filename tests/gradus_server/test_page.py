from pathlib import Path

import httpx
import pytest

from tests.gradus_server.service import Service


@pytest.fixture
def built(service: Service, tmp_path: Path) -> httpx.Client:
    folder = tmp_path / "page"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Gradus</title>")
    (folder / "assets" / "main-5f2c9d3e.js").write_text("export {}")
    (folder / "icon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    service.app.state.page = folder
    return httpx.Client(base_url=service.url)


@pytest.mark.parametrize("path", ["/", "/launch", "/runs/run_1", "/runs/run_1?share=x", "/lessons"])
def test_every_address_of_the_page_is_its_document(built: httpx.Client, path: str) -> None:
    with built:
        answer = built.get(path)
    assert "<title>Gradus</title>" in answer.text
    assert answer.headers["cache-control"] == "no-cache"


def test_files_with_a_hash_are_kept_and_others_asked_for(built: httpx.Client) -> None:
    with built:
        script, icon = built.get("/assets/main-5f2c9d3e.js"), built.get("/icon.svg")
        again = built.get("/icon.svg", headers={"If-None-Match": icon.headers["etag"]})
    assert "immutable" in script.headers["cache-control"]
    assert script.headers["content-type"].startswith("text/javascript")
    assert icon.headers["cache-control"] == "no-cache"
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path",
    ["/nothing.js", "/assets/../../secret.txt", "/assets/%2e%2e/%2e%2e/secret.txt", "/link.txt",
     "/..%2fsecret.txt", "/assets/.hidden.js", "/%2fetc/passwd.txt", "/api/v2/x", "/a\\..\\b.txt"],
)  # fmt: skip
def test_nothing_else_is_given_out(built: httpx.Client, path: str) -> None:
    with built:
        answer = built.get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_without_a_build_a_person_is_told_what_to_do(service: Service, tmp_path: Path) -> None:
    service.app.state.page = tmp_path / "none"
    answer = httpx.get(service.url)
    assert answer.status_code == 503
    assert "make install" in answer.text
