"""待办: what waits is decided, sent back, changed, declined, taken back and given up, and somebody stands in for somebody."""

import datetime

from conftest import Visitor


def asked(page, world, title):
    """Opens the request of the demo world with this post or name on its line; what its title is."""
    page.goto(world["address"] + "/approvals")
    link = page.locator(".rows li", has_text=title).get_by_role("link").first
    name = link.inner_text()
    link.click()
    return name


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_request_goes_back_is_changed_declined_and_granted(visitor, chromium, world):
    """One of the requests that wait at 开发区; each size of window has its own."""
    side = visitor.size != "desktop"
    page = visitor.sign_in("kaifaqu")
    page.goto(world["address"] + "/approvals")
    assert page.get_by_text("件事等您办理").is_visible() and fits(page)
    visitor.picture(f"inbox-{visitor.size}")
    name = asked(page, world, "申请由" if side else "“滨河街道总工会”申请调入")
    assert fits(page)
    visitor.picture(f"approval-{visitor.size}")
    page.get_by_text("逐项提意见").click()
    page.locator("input[name='remark.from']").fill("请改到下月")
    page.get_by_role("button", name="退回修改").click()
    assert page.get_by_text("退回时要写明原因").is_visible()
    visitor.picture(f"approval-refused-{visitor.size}")
    page.fill("input[name=why]", "日期太紧")
    page.get_by_role("button", name="退回修改").click()
    assert page.get_by_text("退回意见：请改到下月").is_visible()

    other = Visitor(chromium, world, 390 if side else 1280, 844 if side else 900)
    theirs = other.sign_in("binhe")
    theirs.goto(world["address"] + "/approvals")
    assert theirs.get_by_role("heading", name="退回给您修改").is_visible()
    other.picture(f"inbox-returned-{visitor.size}")
    theirs.get_by_role("link", name=name).first.click()
    other.picture(f"approval-returned-{visitor.size}")
    theirs.fill("input[name=from]", f"{datetime.date.today() + datetime.timedelta(days=60)}")
    theirs.locator("form[action$='/ask'] input[name=why]").fill("按意见改了日期")
    theirs.get_by_role("button", name="改好再提").click()
    assert theirs.get_by_text("等对方办理").is_visible()

    name = asked(page, world, name)
    assert page.get_by_text("有改动").is_visible() and fits(page)
    visitor.picture(f"approval-changed-{visitor.size}")
    page.fill("input[name=why]", "本年度不放")
    page.get_by_role("button", name="不同意", exact=True).click()
    page.locator("form[action$='/take-back'] input[name=why]").fill("单位研究后同意")
    page.get_by_role("button", name="撤回决定").click()
    assert page.get_by_text("撤回决定，重新待办").is_visible()
    page.goto(world["address"] + "/approvals")
    page.locator(".rows li", has_text=name).locator("input[name=approval]").check()
    page.get_by_role("button", name="同意所选的").click()
    assert page.get_by_text("已同意 1 件").is_visible()
    visitor.picture(f"inbox-done-{visitor.size}")
    theirs.reload()
    assert theirs.get_by_text("已同意").first.is_visible()
    other.picture(f"approval-consented-{visitor.size}")
    other.context.close()
    assert other.complaints == []


def test_what_was_asked_is_given_up_and_an_absence_is_covered(visitor, chromium, world):
    page = visitor.sign_in("jichuang")
    page.goto(world["address"] + "/approvals?view=asked")
    visitor.picture(f"inbox-asked-{visitor.size}")
    page.locator(".rows").get_by_role("link").first.click()
    page.get_by_role("button", name="撤销申请").click()
    assert page.get_by_text("申请单位已撤销").is_visible()
    page.goto(world["address"] + "/approvals?view=decided")
    assert page.get_by_text("已撤销").first.is_visible() and fits(page)
    visitor.picture(f"inbox-decided-{visitor.size}")

    page.goto(world["address"] + "/substitutes")
    visitor.picture(f"substitutes-{visitor.size}")
    today = datetime.date.today() + datetime.timedelta(days=0 if visitor.size == "desktop" else 30)
    page.select_option("select[name=substitute]", index=1)
    page.fill("input[name=from]", str(today))
    page.fill("input[name=until]", str(today - datetime.timedelta(days=1)))
    page.fill("input[name=why]", "出差")
    page.get_by_role("button", name="确定").click()
    assert page.get_by_text("最后一天早于第一天").is_visible()
    page.fill("input[name=until]", str(today + datetime.timedelta(days=5)))
    page.get_by_role("button", name="确定").click()
    assert page.get_by_text("代理中" if visitor.size == "desktop" else "未开始").first.is_visible() or page.get_by_role("button", name="结束").first.is_visible()
    assert fits(page)
    visitor.picture(f"substitutes-chosen-{visitor.size}")
    page.get_by_role("button", name="结束").first.click()


def test_a_substitute_signs_in_and_decides_and_both_names_stay(visitor, chromium, world):
    """What was sent back is asked again; who has the turn is away, and whoever stands in decides it: sent back on the desktop, granted on the phone."""
    narrow = visitor.size != "desktop"
    size = (390, 844) if narrow else (1280, 900)
    today = datetime.date.today()
    asking = Visitor(chromium, world, *size)
    theirs = asking.sign_in("binhe")
    theirs.goto(world["address"] + "/approvals")
    theirs.locator(".panel", has_text="退回给您修改").locator(".rows").get_by_role("link").first.click()
    theirs.fill("input[name=from]", f"{today + datetime.timedelta(days=40 if narrow else 50)}")
    theirs.locator("form[action$='/ask'] input[name=why]").fill("日期改好了")
    theirs.get_by_role("button", name="改好再提").click()
    assert theirs.get_by_text("等对方办理").is_visible()
    title = theirs.locator("h1").inner_text()

    stands = Visitor(chromium, world, *size)
    page = stands.sign_in("kaifaqu-lingdao")
    page.goto(world["address"] + "/approvals")
    assert page.get_by_text("没有等您办理的事").is_visible() and fits(page)
    stands.picture(f"inbox-empty-{visitor.size}")

    away = visitor.sign_in("kaifaqu")
    away.goto(world["address"] + "/substitutes")
    other = away.locator("select[name=substitute] option", has_text="领导").filter(has_text="开发区").first
    name = other.inner_text().split("（")[0]
    away.select_option("select[name=substitute]", value=other.get_attribute("value"))
    away.fill("input[name=from]", f"{today}")
    away.fill("input[name=until]", f"{today + datetime.timedelta(days=3)}")
    away.fill("input[name=why]", "出差")
    away.get_by_role("button", name="确定").click()
    assert away.get_by_text(f"现在由 {name} 代您办理").is_visible()

    page.goto(world["address"] + "/notices")
    absent = page.get_by_text("办理待办事项").first.inner_text().split("由您代")[1].split("办理")[0]
    page.goto(world["address"] + "/approvals")
    assert page.get_by_text(f"代{absent}办理").first.is_visible() and fits(page)
    stands.picture(f"inbox-absent-{visitor.size}")
    page.emulate_media(color_scheme="dark")
    stands.picture(f"inbox-absent-{visitor.size}-dark")
    page.locator(".rows li", has_text=title).get_by_role("link").first.click()
    assert page.get_by_text(f"您代 {absent} 办理").is_visible() and fits(page)
    stands.picture(f"approval-absent-{visitor.size}-dark")
    page.emulate_media(color_scheme="light")
    stands.picture(f"approval-absent-{visitor.size}")
    page.locator("form[action$='/consent'] input[name=why]").fill("核对过了")
    if narrow:
        page.locator("form[action$='/consent'] button").first.click()
    else:
        page.get_by_role("button", name="退回修改").click()
    both = f"{name}（代{absent}）"
    assert page.get_by_text(both).last.is_visible() and fits(page)
    stands.picture(f"approval-decided-absent-{visitor.size}")
    page.emulate_media(media="print")
    stands.picture(f"approval-decided-absent-{visitor.size}-print")
    theirs.reload()
    assert theirs.get_by_text(both).last.is_visible()

    away.goto(world["address"] + "/substitutes")
    away.get_by_role("button", name="结束").first.click()
    page.emulate_media(media="screen")
    page.goto(world["address"] + "/approvals")
    assert page.get_by_text("没有等您办理的事").is_visible()
    for one in (asking, stands):
        one.context.close()
        assert one.complaints == []
