"""Many people without 人员类别 are one reason, one preview, one act and one undo."""


def test_the_category_of_many_is_filled_in_at_once_and_taken_back(visitor, world):
    page = visitor.sign_in("linjiang")
    page.goto(world["address"] + "/")
    visitor.click(page.get_by_role("link", name="没有填人员类别"))
    assert page.get_by_text("只列出在任而还没有填人员类别的人").is_visible()
    visitor.picture(f"bulk-list-{visitor.size}")
    boxes = page.locator("tbody input[name=person]")
    many = boxes.count()
    assert many > 1 and not boxes.first.is_checked()
    visitor.click(page.get_by_label("选这一页的全部"))
    assert all(boxes.nth(one).is_checked() for one in range(many))
    visitor.clicks += 1
    page.get_by_role("combobox", name="人员类别").first.select_option(label="基层")
    visitor.click(page.get_by_role("button", name="更改勾选的"))
    assert page.get_by_text(f"将把 {many} 人的人员类别填为“基层”").is_visible()
    visitor.picture(f"bulk-preview-{visitor.size}")
    page.fill("input[name=why]", "名册核对")
    visitor.click(page.get_by_role("button", name=f"确定更改 {many} 人"))
    assert page.get_by_text(f"已更改 {many} 人").is_visible()
    assert visitor.clicks == 5
    visitor.picture(f"bulk-done-{visitor.size}")
    page.fill("input[name=why]", "文件有误")
    page.get_by_role("button", name="全部撤回").click()
    assert page.get_by_text("撤回：文件有误").is_visible()
    visitor.picture(f"bulk-undone-{visitor.size}")
    page.goto(world["address"] + "/people?missing=category")
    assert page.locator("tbody input[name=person]").count() == many
