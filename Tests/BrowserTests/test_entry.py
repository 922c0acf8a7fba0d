"""One training for thirty people who were there; an import that is taken back; a form that tells all its faults at once."""

import re

from test_import import id_number, send, settle, workbook


def test_a_training_for_thirty_people_is_six_clicks(visitor, world):
    page = visitor.sign_in("linjiang")
    visitor.clicks = 0
    if visitor.size == "phone":
        page.goto(world["address"] + "/training/new")
        visitor.clicks += 1
    else:
        visitor.click(page.get_by_role("link", name="登记培训").first)
    page.fill("input[name=title]", f"三十人的培训班 {visitor.size}")
    page.select_option("select[name=form]", label="脱产培训")
    visitor.clicks += 1
    page.fill("input[name=from]", "2025-03-03")
    page.fill("input[name=to]", "2025-03-04")
    page.fill("input[name=days]", "2")
    # The list of those who were there is pasted, as it stands in the sheet of the class.
    names = [row.inner_text() for row in page.locator("tbody td label").all()[:30]]
    boxes = page.locator("tbody input[name=person]")
    ids = [boxes.nth(at).get_attribute("value") for at in range(30)]
    codes = [name.split()[-1] for name in names]
    assert len(codes) == 30
    page.fill("textarea[name=who]", "\n".join(codes))
    visitor.picture(f"entry-form-{visitor.size}")
    visitor.click(page.get_by_role("button", name="下一步：核对"))
    assert page.get_by_text("将给 30 人登记").is_visible()
    visitor.picture(f"entry-preview-{visitor.size}")
    visitor.click(page.get_by_role("button", name="登记 30 人"))
    assert page.get_by_text("已给 30 人登记").is_visible()
    assert visitor.clicks <= 6, visitor.clicks
    visitor.picture(f"entry-done-{visitor.size}")
    page.goto(f"{world['address']}/people/{ids[0]}")
    visitor.picture(f"person-{visitor.size}")


def test_an_import_is_taken_back_as_one(visitor, tmp_path):
    page = visitor.sign_in("linjiang")
    number = id_number("1101051977020300" + ("1" if visitor.size == "phone" else "3"))
    send(page, workbook(tmp_path / "roster.xlsx", number, "HX-LJ"))
    page.get_by_role("button", name=re.compile("全部导入")).click()
    # The result comes by itself.
    page.get_by_text("已全部导入").wait_for()
    visitor.picture(f"import-in-{visitor.size}")
    page.get_by_role("link", name="撤回这次导入").click()
    visitor.picture(f"import-undo-{visitor.size}")
    page.fill("input[name=why]", "用错了表")
    page.get_by_role("button", name="全部撤回").click()
    assert page.get_by_text("撤回：用错了表").is_visible()
    visitor.picture(f"import-undone-{visitor.size}")
    settle(page)


def test_a_form_tells_all_its_faults_and_leads_to_them(visitor, world):
    page = visitor.sign_in("linjiang")
    page.goto(world["address"] + "/people/new")
    page.fill("input[name=idNumber]", "123")
    page.fill("input[name=phone]", "12")
    page.evaluate("document.querySelectorAll('[required]').forEach(one => one.removeAttribute('required'))")
    page.get_by_role("button", name="新建档案").click()
    faults = page.locator("#faults")
    assert "处要改" in faults.inner_text()
    visitor.picture(f"form-faults-{visitor.size}")
    faults.get_by_role("link").nth(1).click()
    assert page.evaluate("location.hash").startswith("#f-")
    assert page.locator(".field.wrong").count() >= 5


def test_an_officer_for_a_vacant_unit_is_four_clicks(visitor, world):
    page = visitor.sign_in("linjiang")
    page.goto(world["address"] + "/grants/vacancies")
    links = [one.get_attribute("href") for one in page.get_by_role("link", name="授权", exact=True).all() if "unit=" in (one.get_attribute("href") or "")]
    # A unit with somebody in or above it who has an account; in the others people are led to activate one first.
    for link in links:
        page.goto(world["address"] + link)
        if page.locator("a[href*='account=']").count():
            break
    else:
        raise AssertionError("nobody near a vacant unit has an account")
    visitor.picture(f"vacancy-people-{visitor.size}")
    visitor.clicks = 0
    page.goto(world["address"] + "/grants/vacancies")
    visitor.click(page.locator(f"a[href='{link}']").first)
    visitor.click(page.locator("a[href*='account=']").first)
    visitor.click(page.get_by_role("button", name="下一步：核对"))
    visitor.picture(f"vacancy-confirm-{visitor.size}")
    assert page.get_by_role("button", name="确认授权").is_visible()
    assert visitor.clicks + 1 <= 4
