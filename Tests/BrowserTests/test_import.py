"""A unit's workbook: sent with mistakes, marked, set right, taken in, and found in the figures."""

import datetime
import re

import openpyxl

WEIGHTS, CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"


def id_number(stem):
    return stem + CHECKS[sum(int(digit) * weight for digit, weight in zip(stem, WEIGHTS)) % 11]


def workbook(path, number, unit):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["滨河街道花名册"])
    sheet.merge_cells("A1:D1")
    sheet.append(["姓名", "证件号码", "单位编码", "人员类别", "职务", "任职日期", "备注"])
    sheet.append(["郑小燕", number, unit, "基层", "干事", datetime.date(2020, 3, 1), "新来的"])
    book.save(path)
    return path


def settle(page):
    """Waits as somebody without scripts would: by loading the page again."""
    page.wait_for_url("**/exchange/imports/*")
    for _ in range(6000):
        page.wait_for_load_state()
        page.goto(page.url)
        if page.locator(".answer").count():
            return
        page.wait_for_timeout(100)
    raise AssertionError("the file was never done: " + page.locator("main").inner_text())


def send(page, path, kind="people"):
    page.goto(re.match(r"https?://[^/]+", page.url).group(0) + "/exchange")
    page.locator(f"input[name=kind][value={kind}]").first.check()
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="上传并检查").click()
    settle(page)


def test_a_roster_comes_back_marked_and_goes_in_once_it_is_right(visitor, tmp_path):
    right = id_number("1101051988020300" + ("1" if visitor.size == "phone" else "3"))
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    page = visitor.sign_in("linjiang")

    send(page, workbook(tmp_path / "roster.xlsx", wrong, "HX-LJ"))
    assert "有误" in page.locator(".answer").inner_text()
    assert "校验位不对" in page.locator("main").inner_text()
    visitor.picture(f"import-wrong-{visitor.size}")
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("标注好的原表")).click()
    marked = tmp_path / "marked.xlsx"
    download.value.save_as(marked)
    sheet = openpyxl.load_workbook(marked).active
    titles = [cell.value for cell in sheet[2]]
    assert "错误说明" in titles and "校验位不对" in sheet.cell(3, titles.index("错误说明") + 1).value
    assert sheet.cell(3, titles.index("证件号码") + 1).fill.fill_type == "solid"

    # The marked workbook itself, with the wrong cell set right, is what goes in.
    book = openpyxl.load_workbook(marked)
    book.active.cell(3, titles.index("证件号码") + 1).value = right
    book.save(marked)
    send(page, marked)
    assert "新增 1" in re.sub(r"\s+", " ", page.locator(".answer").inner_text())
    page.locator("main").get_by_role("button", name=re.compile("导入")).first.click()
    settle(page)
    visitor.picture(f"import-done-{visitor.size}")

    # Sent once more it changes nothing: it is in.
    send(page, marked)
    assert "不变 1" in re.sub(r"\s+", " ", page.locator(".answer").inner_text())


def test_a_row_about_another_district_is_an_error_in_the_browser(visitor, tmp_path):
    page = visitor.sign_in("linjiang")
    send(page, workbook(tmp_path / "foreign.xlsx", id_number("11010519880203009"), "HX"))
    assert "有误" in page.locator(".answer").inner_text()
