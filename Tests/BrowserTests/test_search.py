"""One line in the frame finds people, units, records, clauses and pages; it works without scripts, and names stand in no address."""


def ask(page, typed, field="input[name=find]"):
    page.fill(field, typed)
    with page.expect_navigation():
        page.press(field, "Enter")


def test_an_officer_finds_from_anywhere_and_goes_on(visitor, world):
    page = visitor.sign_in("linjiang")
    page.goto(world["address"] + "/people")
    name = page.locator("tbody .person a").first.inner_text()
    page.goto(world["address"] + "/exchange")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    visitor.picture(f"search-line-{visitor.size}")
    page.keyboard.type(name)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    found = page.locator("section.panel", has=page.get_by_role("heading", name="人员", exact=True))
    assert found.get_by_role("link", name=name, exact=True).first.is_visible()
    assert name not in page.url and "q=~" in page.url
    visitor.picture(f"search-people-{visitor.size}")
    found.get_by_role("link", name="学时").first.click()
    assert "/hours" in page.url
    ask(page, "临江", "#find")
    assert page.get_by_role("heading", name="单位", exact=True).is_visible()
    visitor.picture(f"search-units-{visitor.size}")
    ask(page, "学时")
    assert page.get_by_role("heading", name="政策条款", exact=True).is_visible()
    visitor.picture(f"search-clauses-{visitor.size}")
    page.fill("input[name=find]", "没有的东西")
    with page.expect_navigation():
        page.get_by_role("button", name="搜索").click()
    assert page.get_by_text("换个办法再找").is_visible()
    visitor.picture(f"search-nothing-{visitor.size}")
    ask(page, "110101199003071234")
    assert page.url.endswith("/search") and page.get_by_text("没有找到这个号码").is_visible()


def test_a_learner_finds_the_own_trainings(visitor, world):
    learner = next(name for name, one in world["accounts"].items() if not one.get("totp"))
    page = visitor.sign_in(learner)
    page.goto(world["address"] + "/search")
    visitor.picture(f"search-empty-learner-{visitor.size}")
    ask(page, "培训")
    visitor.picture(f"search-learner-{visitor.size}")
    assert page.get_by_role("heading", name="搜索：培训").is_visible()
    assert page.locator("section.panel").count() > 0


def test_what_is_not_there_keeps_the_menu(visitor, world):
    page = visitor.sign_in("linjiang")
    page.goto(world["address"] + "/people")
    # The browser itself tells of the status; it is no complaint about the page.
    page.goto(world["address"] + "/no-such-page")
    visitor.complaints.clear()
    assert page.get_by_text("没有这个页面").first.is_visible() and page.locator("#find").is_visible() and page.locator("nav[aria-label=功能] a").count() > 3
    visitor.picture(f"missing-{visitor.size}")
    page.get_by_role("link", name="回首页").click()
    assert page.get_by_role("heading", name="今日").is_visible()
    visitor.picture(f"today-{visitor.size}")
    page.goto(world["address"] + "/changes")
    visitor.picture(f"changes-{visitor.size}")
    page.goto(world["address"] + "/account/rights")
    visitor.picture(f"rights-{visitor.size}")


def test_administrators_see_what_waits(visitor, world):
    page = visitor.sign_in("anquan")
    assert page.get_by_text("个单位还没有组织人事管理员").is_visible()
    visitor.picture(f"home-security-{visitor.size}")
    auditor = next((name for name in world["accounts"] if name.startswith("shenji")), None)
    if auditor:
        page = visitor.sign_in(auditor)
        visitor.picture(f"home-auditor-{visitor.size}")
        page.goto(world["address"] + "/audit")
        visitor.picture(f"audit-{visitor.size}")
