"""What the log of the service is spared."""

from starlette.requests import ClientDisconnect

from gradus_server.problems import refusal


def test_a_tab_that_closes_in_mid_request_is_no_error_of_ours(caplog) -> None:
    assert refusal(ClientDisconnect()).status == 400
    assert caplog.records == []


def test_an_error_that_nobody_expected_is_logged(caplog) -> None:
    assert refusal(KeyError("?")).status == 500
    assert len(caplog.records) == 1
