"""A cadre at a phone: what is owed, the archive, something wrong in it, the copy to take away."""

import json
import pathlib
import subprocess

import pytest
from conftest import PICTURES, ROOT, Visitor

LEARNERS = ["xueman", "luohou", "xinzhuxi", "zhengshu", "wuleibie", "diaodong"]


def at_phone(chromium, world, width=390, **more):
    someone = Visitor(chromium, world, width, 844)
    if more:
        someone.context.close()
        someone.context = chromium.new_context(viewport={"width": width, "height": 844}, locale="zh-CN", accept_downloads=True, **more)
        someone.page = someone.context.new_page()
    return someone


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def present(world):
    return [name for name in LEARNERS if name in world["accounts"]]


def test_each_kind_of_learner_lands_on_their_own_page(chromium, world):
    assert "luohou" in present(world) and "xueman" in present(world)
    for name in present(world):
        someone = at_phone(chromium, world)
        page = someone.sign_in(name)
        assert page.url.endswith("/me"), name
        assert page.locator(".answer").is_visible() and fits(page)
        assert page.locator("nav.bottom a").count() <= 5
        someone.picture(f"me-{name}")
        assert page.get_by_role("link", name="指标").count() == 0
        someone.context.close()
        assert someone.complaints == []


def test_from_the_sentence_to_the_record_to_what_is_wrong_and_its_answer(chromium, world):
    someone = at_phone(chromium, world)
    page = someone.sign_in("luohou")
    page.locator(".line a.door").first.click()
    assert page.get_by_role("heading", name="我的档案").is_visible() and fits(page)
    someone.picture("archive-phone")
    page.locator("#trainings .rows a").first.click()
    assert page.get_by_role("heading", name="来源").is_visible() and fits(page)
    someone.picture("own-record-phone")
    page.get_by_role("link", name="有误？").click()
    page.get_by_role("button", name="送出").click()
    assert not page.url.endswith("sent=1")
    page.fill("textarea[name=text]", "我参加了三天，登记少了一天。")
    someone.picture("objection-new-phone")
    page.get_by_role("button", name="送出").click()
    assert page.get_by_text("答复会出现在通知里").is_visible()

    officer = Visitor(chromium, world, 1280, 900)
    desk = officer.sign_in("shi")
    desk.goto(world["address"] + "/approvals?kind=record.objection")
    desk.locator(".rows a[href^='/approvals/']").first.click()
    assert desk.get_by_text("我参加了三天，登记少了一天。").is_visible()
    officer.picture("objection-desktop")
    desk.fill("input[name=why]", "签到表为两天，请看附件。")
    desk.get_by_role("button", name="核对无误，没有改动").click()
    officer.context.close()

    page.goto(world["address"] + "/notices")
    assert page.locator(".messages .unread").count() >= 1
    someone.picture("notices-phone")
    page.get_by_role("link", name="核对无误，没有改动：签到表为两天").click()
    assert page.get_by_text("答复：签到表为两天").is_visible()
    someone.picture("objections-phone")
    someone.context.close()
    assert someone.complaints == [] and officer.complaints == []


@pytest.mark.skipif(not (ROOT / ".venv/run.lock").exists(), reason="Typst is not installed")
def test_the_copy_to_take_away_is_the_record_and_holds_its_data(chromium, world):
    someone = at_phone(chromium, world)
    page = someone.sign_in("zhengshu" if "zhengshu" in present(world) else "luohou")
    page.goto(world["address"] + "/me/extract")
    someone.picture("extract-phone")
    page.get_by_label("遮住").check()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="制作并下载").click()
    download = waiting.value
    assert download.suggested_filename.startswith("培训教育档案摘录") and download.suggested_filename.endswith(".pdf")
    path = pathlib.Path(PICTURES / "extract.pdf")
    download.save_as(path)
    text = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout
    assert "培训教育档案摘录" in text and "来源与核验" in text and "********" in text
    subprocess.run(["pdfdetach", "-save", "1", "-o", str(PICTURES / "extract.json"), str(path)], check=True)
    data = json.loads((PICTURES / "extract.json").read_text())
    assert data["format"] == "yugong-person-extract" and data["person"]["name"] in text
    digest = subprocess.run(["sha256sum", str(PICTURES / "extract.json")], capture_output=True, text=True, check=True).stdout.split()[0]
    assert digest[:32] in text
    someone.context.close()


@pytest.mark.parametrize("manner", ["narrow", "dark", "without-scripts", "large"])
def test_it_holds_on_every_phone(chromium, world, manner):
    # A letter size of 200 % is a screen of half the points.
    more = {"dark": {"color_scheme": "dark"}, "without-scripts": {"java_script_enabled": False}}.get(manner, {})
    someone = at_phone(chromium, world, 320 if manner == "narrow" else 195 if manner == "large" else 390, **more)
    page = someone.sign_in("luohou")
    for name, path in [("me", "/me"), ("archive", "/me/archive"), ("notices", "/notices"), ("extract", "/me/extract"), ("objections", "/me/objections")]:
        page.goto(world["address"] + path)
        assert page.locator("main h1").is_visible()
        if manner != "without-scripts":
            assert fits(page), f"{path} is wider than the screen: " + page.evaluate("[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll, .segmented')).slice(0, 5).map(e => e.outerHTML.slice(0, 120)).join(' | ')")
        someone.picture(f"{name}-{manner}")
    someone.context.close()


def test_it_prints_on_paper(chromium, world):
    someone = at_phone(chromium, world)
    page = someone.sign_in("luohou")
    page.goto(world["address"] + "/me/archive")
    page.pdf(path=str(PICTURES / "archive-paper.pdf"), format="A4")
    text = subprocess.run(["pdftotext", "-layout", str(PICTURES / "archive-paper.pdf"), "-"], capture_output=True, text=True, check=True).stdout
    assert "各年学时" in text and "更多" not in text
    someone.context.close()
