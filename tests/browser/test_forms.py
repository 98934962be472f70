"""Rows of the forms that hold several fields: what is done to the data, and how training ends."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, View

pytestmark = pytest.mark.browser


def test_rows_are_added_changed_and_removed_and_the_text_says_the_same(
    opened: Open, wide: View
) -> None:
    tab = opened()
    page = tab.page
    tab.choose_preset("iris")
    page.locator("[data-add-entry]").select_option("standardize")
    page.locator("[data-add-entry]").select_option("noise")
    deviation = page.locator("[data-entry=noise] [data-field=std] input")
    deviation.fill("0.3")
    page.locator("[data-menu=training]").click()
    page.locator("[data-field=early_stopping] input").check()
    patience = page.locator("[data-field=patience] input")
    patience.fill("7")
    page.keyboard.press("Escape")
    tab.open_tab("text")
    text = page.locator(".cm-content")
    expect(text).to_contain_text("std: 0.3")
    expect(text).to_contain_text("patience: 7")
    tab.open_tab("data")
    page.locator("[data-remove-entry='1']").click()
    expect(page.locator("[data-entry=noise]")).to_have_count(0)
    page.keyboard.press("ControlOrMeta+z")
    expect(deviation).to_have_value("0.3")
    assert not tab.complaints
