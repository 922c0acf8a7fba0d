"""A grant is given and taken back in real browsers, and its holder notices."""

from conftest import Visitor


def test_a_grant_is_given_and_taken_back(visitor, chromium, world):
    holder = Visitor(chromium, world, 390, 844)
    own = holder.sign_in("xinzhuxi", anew=True)
    page = visitor.sign_in("linjiang")
    page.goto(world["address"] + "/grants")
    page.get_by_role("link", name="授权", exact=True).last.click()
    page.fill("input[name=q]", "xinzhuxi")
    page.get_by_role("button", name="查找").click()
    visitor.picture(f"grants-choose-{visitor.size}")
    page.locator("a[href*='account=']").first.click()

    # Nothing chosen, then a unit outside: each is said beside its field.
    page.select_option("select[name=role]", "lecturer")
    page.fill("input[name=unit]", "HX")
    page.get_by_role("button", name="下一步：核对").click()
    assert "在您管理的单位里没有找到" in page.inner_text("main")
    page.fill("input[name=unit]", "HX-LJ")
    page.fill("input[name=why]", "临工发〔2026〕3 号")
    page.get_by_role("button", name="下一步：核对").click()
    assert "请核对" in page.inner_text("main")
    visitor.picture(f"grants-confirm-{visitor.size}")
    page.get_by_role("button", name="确认授权").click()
    assert "讲师" in page.inner_text("h1")
    grant = page.url

    own.goto(world["address"] + "/notices")
    own.get_by_role("link", name="您被授予“讲师”").first.click()
    assert own.url.endswith("/account/rights") and "临工发〔2026〕3 号" in own.inner_text("main")
    holder.picture("grants-own-rights")

    page.goto(grant)
    page.fill("input[name=why]", "工作调整")
    page.get_by_role("button", name="下一步：核对").click()
    assert "正在用的登录会立刻退出" in page.inner_text("main")
    visitor.picture(f"grants-ending-{visitor.size}")
    page.get_by_role("button", name="结束授权").click()
    assert "已结束" in page.inner_text("main")

    own.goto(world["address"] + "/me")
    assert "/sign-in?lost=1" in own.url and "登录随之结束" in own.inner_text("main")
    holder.picture("grants-lost")
    holder.context.close()
    assert holder.complaints == []
