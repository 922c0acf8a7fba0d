"""A file that is asked for: it is made after the request, comes by itself, and the button that asked for it works again."""

import openpyxl
import pytest
from conftest import Visitor


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def export(page):
    with page.expect_download() as waiting:
        page.get_by_role("button", name="导出", exact=True).click()
    return waiting.value


def test_an_export_comes_by_itself_and_the_button_works_as_often_as_one_likes(visitor, tmp_path):
    page = visitor.sign_in("linjiang")
    page.goto(visitor.world["address"] + "/exchange")
    first = export(page)
    assert first.suggested_filename.endswith("人员.xlsx") or first.suggested_filename.endswith(".xlsx")
    page.get_by_text("已做好").wait_for()
    assert fits(page)
    visitor.picture(f"file-ready-{visitor.size}")
    rows = []
    for number, file in enumerate([first]):
        path = tmp_path / f"{number}.xlsx"
        file.save_as(path)
        rows.append(openpyxl.load_workbook(path).active.max_row)

    # Back by the browser, and by the page's own way: the form is as it was.
    page.go_back()
    page.wait_for_url("**/exchange")
    second = export(page)
    page.get_by_role("main").get_by_role("link", name="返回").click()
    page.wait_for_url("**/exchange")
    third = export(page)
    for number, file in enumerate([second, third], 1):
        path = tmp_path / f"{number}.xlsx"
        file.save_as(path)
        rows.append(openpyxl.load_workbook(path).active.max_row)
    assert len(set(rows)) == 1 and rows[0] > 10

    # Whoever comes back to the page is not handed it unasked.
    here = page.url
    page.goto(here)
    page.get_by_text("下载过了").wait_for()
    with page.expect_download() as again:
        page.get_by_role("link", name="下载").click()
    assert again.value.suggested_filename == third.suggested_filename
    page.goto(visitor.world["address"] + "/files")
    assert page.locator("main table a").count() >= 3 and fits(page)
    visitor.picture(f"files-{visitor.size}")


def test_of_the_names_behind_a_figure_what_is_seen_leaves(visitor, tmp_path):
    page = visitor.sign_in("linjiang")
    page.goto(visitor.world["address"] + "/figures?year=2022")
    page.locator("table.findings a.door").first.click()
    assert fits(page)
    visitor.picture(f"names-export-{visitor.size}")

    def exported():
        with page.expect_download() as waiting:
            page.get_by_role("button", name="导出 Excel").click()
        path = tmp_path / "names.xlsx"
        waiting.value.save_as(path)
        return list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))

    there = page.url
    everybody = exported()
    assert everybody[0][1] == "姓名"
    # Those alone who are counted, whoever lacks most first: on the page and in the workbook.
    page.goto(there)
    page.locator("tr.filters select[name=counts]").select_option(label="计入")
    page.wait_for_url("**counts=yes**")
    page.get_by_role("link", name="还差").click()
    page.get_by_role("link", name="还差").click()
    page.wait_for_url("**sort=-lacking**")
    visitor.picture(f"names-sorted-{visitor.size}")
    seen = [name.strip() for name in page.locator("table.data tbody .person a").all_inner_texts()]
    rows = exported()
    assert [row[1] for row in rows[1:]][: len(seen)] == seen and 0 < len(rows) - 1 <= len(everybody) - 1


@pytest.mark.parametrize("size", [(1280, 900), (390, 844)], ids=["desktop", "phone"])
def test_without_scripts_too(chromium, world, tmp_path, size):
    someone = Visitor(chromium, world, *size)
    someone.context.close()
    someone.context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", accept_downloads=True, java_script_enabled=False)
    someone.context.set_default_timeout(600_000)
    someone.page = someone.context.new_page()
    page = someone.sign_in("linjiang")
    page.goto(world["address"] + "/exchange")
    file = export(page)
    path = tmp_path / "plain.xlsx"
    file.save_as(path)
    assert openpyxl.load_workbook(path).active.max_row > 10
    page.get_by_text("已做好").wait_for()
    someone.context.close()
