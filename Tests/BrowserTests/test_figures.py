"""From a unit's page to the record behind a figure."""

import re


def test_an_officer_opens_a_failing_figure_down_to_the_records_behind_it(visitor):
    page = visitor.sign_in("linjiang")
    page.goto(visitor.world["address"] + "/figures?year=2022")
    assert "临江区总工会 · 2022 年指标" in page.locator("h1").inner_text()
    assert re.search(r"\d+ 项指标中", page.locator(".answer").inner_text())
    visitor.picture(f"figures-unit-{visitor.size}")

    failing = page.locator("table.findings tr", has=page.locator(".verdict.unmet")).first
    figure = failing.locator("a.door").first
    shown = figure.inner_text()
    figure.click()
    assert shown.split()[0] in page.locator(".answer").inner_text()
    for word in ("算法", "条款", "原文"):
        assert page.get_by_text(word, exact=True).first.is_visible()
    visitor.picture(f"figures-names-{visitor.size}")

    page.locator("table.data .person a").first.click()
    assert page.get_by_role("heading", name="变更记录").is_visible()
    assert "*" in page.locator("dl.facts").first.inner_text()
    visitor.picture(f"person-{visitor.size}")
    page.go_back()

    page.locator("table.data td.n a.door").last.click()
    assert "计入分子" in page.locator(".answer").inner_text()
    visitor.picture(f"figures-person-{visitor.size}")

    records = page.locator("main td a.door")
    if records.count():
        records.first.click()
        assert "这条记录有效" in page.locator(".answer").inner_text()
        visitor.picture(f"record-{visitor.size}")


def test_a_day_in_mid_year_can_be_chosen(visitor):
    page = visitor.sign_in("linjiang")
    page.goto(visitor.world["address"] + "/figures?year=2022")
    page.fill("input[name=day]", "2022-06-30")
    page.get_by_role("button", name="查看").click()
    assert "截至 2022-06-30" in page.locator(".sub").first.inner_text()
    assert "进行中" in page.locator(".answer").inner_text()


def test_what_is_seen_can_be_kept_as_a_workbook(visitor, tmp_path):
    import openpyxl

    page = visitor.sign_in("linjiang")
    page.goto(visitor.world["address"] + "/figures?year=2022")
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 Excel").first.click()
    path = tmp_path / "findings.xlsx"
    download.value.save_as(path)
    sheet = openpyxl.load_workbook(path).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:3] == ("编号", "指标", "人员类别")
    assert len(rows) - 1 == page.locator("table.findings tbody tr").count()


def test_another_units_figures_look_as_if_they_did_not_exist(visitor):
    page = visitor.sign_in("shi")
    page.goto(visitor.world["address"] + "/figures?year=2022")
    whole = page.url.split("?")[0]
    visitor.context.clear_cookies()
    page = visitor.sign_in("linjiang")
    answer = page.goto(whole)
    missing = page.goto(visitor.world["address"] + "/figures/1")
    assert answer.status == missing.status == 404
    visitor.complaints.clear()
