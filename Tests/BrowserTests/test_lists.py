"""Lists are tools: who is short is two clicks from the first page, and from the names one goes on to the next act."""

import re

import openpyxl


def test_who_is_short_is_two_clicks_away_and_can_be_reminded(visitor, world):
    page = visitor.sign_in("linjiang")
    page.goto(world["address"] + "/")
    # A figure about people: those of rules C count units and vacancies.
    visitor.click(page.locator("main a[href*='/figures/']:not([href*='/C'])").first)
    if not re.search(r"/figures/\d+/\w+", page.url):
        short = page.locator("table.findings tr", has=page.locator(".verdict.unmet, .verdict.pending")).filter(has_text=re.compile(r"还差.*人"))
        visitor.click(short.first.locator("a.door").first)
    page.wait_for_url(re.compile(r"/figures/\d+/\w+"))
    assert visitor.clicks <= 2
    assert page.locator("table.data thead").get_by_text("还差").is_visible()
    visitor.picture(f"names-{visitor.size}")
    remind = page.get_by_role("button", name="提醒勾选的")
    if remind.count():
        page.get_by_label("选这一页的全部").first.check()
        assert page.get_by_text(re.compile(r"已选 \d+ 行")).first.is_visible()
        remind.click()
        assert re.search(r"将提醒 .+ 人|都不用或不能提醒", page.locator(".answer").inner_text())
        visitor.picture(f"remind-preview-{visitor.size}")
        sure = page.get_by_role("button", name="确定提醒")
        if sure.count():
            sure.click()
            assert page.get_by_text(re.compile(r"已提醒")).first.is_visible()
            visitor.picture(f"reminded-{visitor.size}")


def test_a_list_is_put_in_order_and_kept_as_a_view(visitor, world):
    page = visitor.sign_in("linjiang")
    page.goto(world["address"] + "/people")
    # The list itself begins on the first screen.
    assert page.locator("table.data tbody tr").first.bounding_box()["y"] < (700 if visitor.size == "desktop" else 844)
    visitor.picture(f"people-{visitor.size}")
    page.locator("th a", has_text="人员编号").click()
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("人员编号")
    page.locator(".views summary").click()
    page.fill(".views input[name=name] >> nth=0", f"按编号 {visitor.size}")
    visitor.picture(f"view-saving-{visitor.size}")
    page.get_by_role("button", name="保存现在的视图").click()
    view = page.locator("a.view", has_text=f"按编号 {visitor.size}")
    assert view.get_attribute("aria-current") == "true"
    page.goto(world["address"] + "/people")
    page.locator("a.view", has_text=f"按编号 {visitor.size}").click()
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("人员编号")
    page.locator(".views summary").click()
    visitor.picture(f"views-{visitor.size}")
    page.get_by_role("button", name="删除").first.click()
    assert page.locator("a.view", has_text=f"按编号 {visitor.size}").count() == 0


def test_the_chairs_of_a_district_are_listed_by_unit_and_taken_home(visitor, world, tmp_path):
    page = visitor.sign_in("linjiang")
    page.goto(world["address"] + "/people")
    page.get_by_label("按职务筛选").fill("主席")
    page.get_by_role("button", name="筛选").click()
    page.locator("th a", has_text="单位").click()
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("单位")
    units, titles = ([cell.inner_text() for cell in page.locator(f"table.data tbody td:nth-child({place})").all()] for place in (4, 5))
    assert titles and all("主席" in title for title in titles)
    visitor.picture(f"people-filtered-{visitor.size}")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="导出 Excel").click()
    path = tmp_path / "people.xlsx"
    waiting.value.save_as(path)
    rows = list(openpyxl.load_workbook(path, read_only=True).active.values)
    header = [str(title) for title in rows[0]]
    assert [row[header.index("职务")] for row in rows[1:]] == titles
    assert [row[header.index("单位")] for row in rows[1:]] == units


def test_what_changed_lately_is_looked_through(visitor, world):
    page = visitor.sign_in("linjiang")
    page.goto(world["address"] + "/changes")
    page.get_by_label("按单位筛选").fill("临江区总工会")
    page.get_by_role("button", name="筛选").click()
    assert {cell.inner_text() for cell in page.locator("table.data tbody td:nth-child(4)").all()} == {"临江区总工会"}
    page.locator("th a", has_text="谁办的").click()
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("谁办的")
    visitor.picture(f"changes-filtered-{visitor.size}")
