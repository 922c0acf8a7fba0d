"""Which policy binds a unit: seen, adopted, and the figures that follow it."""

import datetime


def test_an_officer_finds_what_binds_the_unit_and_adopts_from_a_day_on(visitor):
    page = visitor.sign_in("linjiang")
    address = visitor.world["address"]
    page.goto(address + "/policies")
    assert "今天约束临江区总工会的政策有" in page.locator(".answer").inner_text()
    visitor.picture(f"policies-{visitor.size}")

    page.get_by_role("link", name="《关于进一步加强工会工作者队伍建设的实施方案》").first.click()
    assert "衡溪市总工会自 2015-01-09 起采用" in page.locator(".answer").inner_text()
    for heading in ("用指标盯的", "用日历盯的", "要有、要做的", "采用的单位"):
        assert page.get_by_role("heading", name=heading).is_visible()
    page.locator("details summary").first.click()
    assert page.locator("details q").first.is_visible()
    visitor.picture(f"policy-{visitor.size}")

    page.get_by_role("link", name="由临江区总工会采用").click()
    assert page.locator("select[name=policy]").input_value() == "beijing-workforce-2015"
    # Both sizes share one world: each adopts from a day of its own.
    day = datetime.date.today() - datetime.timedelta(days=10 if visitor.size == "desktop" else 5)
    page.fill("input[name=from]", "2014-01-01")
    page.fill("input[name=why]", "区总工会主席办公会纪要")
    page.get_by_role("button", name="采用").click()
    assert "的期间是 2015-01-09" in page.locator(".field.wrong").inner_text()
    visitor.picture(f"policy-adopt-refused-{visitor.size}")
    page.fill("input[name=from]", day.isoformat())
    page.get_by_role("button", name="采用").click()
    assert f"本单位采用，{day.isoformat()} 起" in page.locator("main").inner_text()
    visitor.picture(f"policy-unit-{visitor.size}")

    page.get_by_role("link", name="撤回最近一次").click()
    page.fill("input[name=why]", "应由市总工会统一采用")
    page.get_by_role("button", name="撤回").click()
    assert "没有自己采用的" in page.locator("main").inner_text()


def test_figures_are_switched_from_one_policy_to_another_and_stay_with_it(visitor):
    page = visitor.sign_in("linjiang")
    page.goto(visitor.world["address"] + "/figures?year=2022")
    assert page.get_by_text("五年走势").count()
    page.get_by_role("navigation", name="政策").get_by_role("link", name="工会工作者队伍").click()
    assert "policy=beijing-workforce-2015" in page.url
    assert page.get_by_text("新上岗岗前培训").count()
    visitor.picture(f"figures-workforce-{visitor.size}")
    page.locator("table.findings a.door[href*='/C10?']").first.click()
    assert "policy=beijing-workforce-2015" in page.url and "新上岗岗前培训" in page.locator("h1").inner_text()
    visitor.picture(f"figures-workforce-names-{visitor.size}")
    page.get_by_role("link", name="2022 年指标").click()
    assert "policy=beijing-workforce-2015" in page.url and "2022 年指标" in page.locator("h1").inner_text()
