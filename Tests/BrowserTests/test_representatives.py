"""Terms of office: a workbook of representatives, the list of a unit, and the file of one of them."""

import datetime
import sqlite3

import openpyxl

from test_import import send, settle


def unit_with_terms(world, prefix):
    """A unit of the demo world with terms, those with most first."""
    with sqlite3.connect(world["database"].removeprefix("sqlite:")) as database:
        return database.execute(
            "SELECT o.id, o.code FROM term_of_office t JOIN organization o ON o.id = t.organization_id WHERE o.code LIKE ? GROUP BY o.id, o.code ORDER BY count(*) DESC, o.code",
            (prefix + "%",)).fetchone()


def test_a_unit_shows_who_is_in_office_and_whose_term_is_over(visitor):
    page = visitor.sign_in("linjiang")
    unit, _ = unit_with_terms(visitor.world, "HX-LJ-")
    page.goto(f"{visitor.world['address']}/organizations/{unit}")
    page.get_by_role("link", name="职工代表", exact=True).click()
    assert page.get_by_role("heading", name="任期").is_visible()
    visitor.picture(f"representatives-{visitor.size}")
    page.get_by_label("按状态筛选").select_option("overdue")
    page.get_by_role("button", name="筛选").click()
    assert page.get_by_text("已换届", exact=True).count() <= 1
    page.locator("table.data tbody a[href^='/people/']").first.click()
    page.wait_for_url(lambda url: "/people/" in url)
    page.get_by_role("heading", name="代表任期").wait_for()
    visitor.picture(f"representatives-person-{visitor.size}")


def test_a_unit_without_terms_says_what_comes_here_and_shows_the_units_below(visitor):
    page = visitor.sign_in("linjiang")
    page.goto(visitor.world["address"] + "/organizations")
    page.get_by_role("link", name="临江区总工会", exact=True).first.click()
    page.get_by_role("link", name="职工代表", exact=True).click()
    assert page.get_by_text("还没有登记任期").is_visible()
    assert page.get_by_role("heading", name="下级单位").is_visible()
    visitor.picture(f"representatives-empty-{visitor.size}")


def test_what_was_exported_is_set_right_and_taken_in_again(visitor, tmp_path):
    page = visitor.sign_in("linjiang")
    unit, _ = unit_with_terms(visitor.world, "HX-LJ-")
    page.goto(f"{visitor.world['address']}/organizations/{unit}/representatives")
    with page.expect_download() as taken:
        page.get_by_role("button", name="导出任期表").click()
    path = tmp_path / "代表.xlsx"
    taken.value.save_as(path)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    titles = [cell.value.rstrip("*") for cell in sheet[1]]
    assert titles == ["证件号码", "姓名", "单位编码", "代表类型", "届次", "当选日期", "届满日期", "离任日期", "选区", "人员构成"]
    sheet.cell(2, titles.index("届满日期") + 1).value = datetime.date(1999, 1, 1)
    sheet.cell(3, titles.index("选区") + 1).value = f"三车间{visitor.size}"
    book.save(path)
    send(page, path, "representatives")
    settle(page)
    assert page.get_by_text("届满日期应晚于当选日期").is_visible()
    visitor.picture(f"representatives-import-{visitor.size}")
    page.get_by_role("button", name="只导入无误的 1 行").click()
    settle(page)
    assert page.get_by_text("变更 1").count() or page.locator(".answer").inner_text().count("变更")
