"""调入 between two units that know nothing of each other's people, and the daily page that tells of it."""

import csv

from conftest import Visitor, run


def somebody(world, unit, skip):
    """Name and number of somebody whose primary post in the unit runs: what a letter of introduction would say."""
    path = world["folder"] / f"{unit}.csv"
    run("export", "people", str(path), "--unit", unit, "--database", world["database"])
    with open(path, encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["主任职"] == "是" and not row["离任日期"]]
    return rows[skip]["姓名"], rows[skip]["证件号码"]


def test_somebody_is_asked_for_and_comes(visitor, chromium, world):
    name, number = somebody(world, "HX-JC", 0 if visitor.size == "desktop" else 1)
    page = visitor.sign_in("binhe")
    visitor.picture(f"today-{visitor.size}")
    page.goto(world["address"] + "/people")
    page.get_by_role("link", name="申请调入").click()
    page.fill("input[name=name]", name)
    page.fill("input[name=number]", number[:-1] + "0")
    page.get_by_role("button", name="查找").click()
    assert page.get_by_role("alert").is_visible()
    visitor.picture(f"transfer-nobody-{visitor.size}")
    page.fill("input[name=number]", number)
    page.get_by_role("button", name="查找").click()
    assert page.get_by_text("已登记在您权限以外的单位").is_visible() and number not in page.url
    visitor.picture(f"transfer-ask-{visitor.size}")
    page.fill("input[name=unit]", "HX-LJ-BH")
    page.fill("input[name=title]", "副主席")
    page.fill("input[name=from]", "2027-01-01")
    page.fill("input[name=why]", "工作需要")
    page.get_by_role("button", name="提出申请").click()
    assert page.get_by_text("等对方办理").is_visible()
    visitor.picture(f"transfer-asked-{visitor.size}")
    request = page.url

    other = Visitor(chromium, world, 1280, 900)
    theirs = other.sign_in("jichuang")
    theirs.get_by_role("link", name="件事等您决定").click()
    theirs.get_by_role("link", name=name).first.click()
    assert theirs.url == request
    other.picture(f"transfer-decide-{visitor.size}")
    theirs.get_by_role("button", name="同意调出").click()
    assert theirs.get_by_text("已同意").first.is_visible()
    other.context.close()
    assert other.complaints == []

    page.goto(world["address"] + "/notices")
    page.get_by_role("link", name=f"调入{name}的申请已同意").click()
    page.get_by_role("link", name=name).first.click()
    assert page.get_by_role("heading", name=name).is_visible()
    page.get_by_role("button", name="显示完整号码").first.click()
    assert page.get_by_text(number).is_visible() and number not in page.url
    visitor.picture(f"person-{visitor.size}")
