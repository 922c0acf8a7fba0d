"""The tree of organisations and the forms of a file, as an officer uses them."""


def test_an_officer_goes_down_the_tree_and_registers_a_change(visitor):
    page = visitor.sign_in("linjiang")
    page.goto(visitor.world["address"] + "/organizations")
    visitor.picture(f"organizations-{visitor.size}")
    page.get_by_role("link", name="滨河街道总工会", exact=True).first.click()
    assert page.get_by_role("heading", name="变更记录").is_visible()
    visitor.picture(f"organization-{visitor.size}")
    page.get_by_role("link", name="登记变更").click()
    page.fill("input[name=day]", "1990-01-01")
    page.fill("input[name=employees]", "4321" if visitor.size == "desktop" else "4322")
    page.fill("input[name=why]", "年报")
    page.get_by_role("button", name="登记变更").click()
    assert page.get_by_text("（年报）").first.is_visible()
    visitor.picture(f"organization-changed-{visitor.size}")


def test_a_new_file_keeps_what_was_typed_beside_its_refusal(visitor):
    page = visitor.sign_in("linjiang")
    page.goto(visitor.world["address"] + "/people")
    page.get_by_role("link", name="新建档案").click()
    page.fill("input[name=name]", "林知远")
    page.fill("input[name=idNumber]", "110105194912310021")
    page.fill("input[name=unit]", "HX-LJ")
    page.fill("input[name=from]", "2024-03-01")
    page.fill("input[name=why]", "新录用")
    page.get_by_role("button", name="新建档案").click()
    assert page.locator(".field.wrong input[name=idNumber]").input_value() == "110105194912310021"
    assert page.locator("input[name=why]").input_value() == "新录用"
    visitor.picture(f"person-new-{visitor.size}")
