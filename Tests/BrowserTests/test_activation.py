"""From a slip of paper to the own archive on a phone, and what officer and security administrator see of it."""

import re
import subprocess

import openpyxl
from conftest import PICTURES, Phone, Visitor

PASSWORD = "三只 青蛙 坐在 石狮子上"


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def at_phone(chromium, world):
    return Visitor(chromium, world, 390, 844)


def download(page, click):
    with page.expect_download() as waiting:
        click()
    return waiting.value


def slips(officer, folder, how, name, tick=2):
    """Ticks the first people of the list and takes the file home; the path."""
    desk = officer.page
    for box in desk.locator("input[name=person]").all()[:tick]:
        box.check()
    desk.get_by_label(re.compile("Excel" if how == "xlsx" else "PDF")).check()
    file = download(desk, lambda: desk.get_by_role("button", name="给勾选的人做").click())
    assert file.suggested_filename.endswith("." + how)
    path = folder / f"{name}.{how}"
    file.save_as(path)
    return path


def take(page, world, number, code):
    page.goto(world["address"] + "/sign-in")
    page.get_by_text("忘记密码，或者第一次登录").click()
    page.get_by_role("link", name="激活账号或重设密码").click()
    page.fill("input[name=number]", number)
    page.fill("input[name=code]", code)
    page.get_by_role("button", name="下一步").click()


def test_a_slip_read_from_paper_leads_to_the_own_archive_on_a_phone(chromium, world):
    officer = Visitor(chromium, world, 1280, 900)
    desk = officer.sign_in("linjiang")
    desk.goto(world["address"] + "/")
    desk.get_by_role("link", name=re.compile("还没有可用的账号")).click()
    assert desk.get_by_role("heading", name="账号激活").is_visible() and fits(desk)
    officer.picture("activation-desktop")
    paper = slips(officer, world["folder"], "pdf", "slips")

    # The paper says what to type; its QR code is the address and nothing else.
    text = subprocess.run(["pdftotext", "-layout", str(paper), "-"], check=True, capture_output=True, text=True).stdout
    codes, numbers = re.findall(r"\b[A-Z]{5}-[A-Z]{5}\b", text), re.findall(r"人员编号 (\S+)", text)
    assert len(codes) == 2 and len(numbers) == 2 and "签收表" in text and "/activate" in text
    subprocess.run(["pdftoppm", "-r", "110", "-png", str(paper), str(PICTURES / "slips")], check=True)
    pages = sorted(PICTURES.glob("slips-*.png"))
    read = subprocess.run(["zbarimg", "-q", "--raw", str(pages[0])], check=True, capture_output=True, text=True).stdout.split()
    assert set(read) == {world["address"] + "/activate"} and len(read) == 2

    someone = at_phone(chromium, world)
    page = someone.page
    take(page, world, numbers[0], codes[1] if codes[0] != codes[1] else "ABCDE-FGHJK")
    assert page.get_by_text("对不上").is_visible() and fits(page)
    someone.picture("activate-wrong-phone")
    page.goto(read[0])
    assert fits(page)
    someone.picture("activate-phone")
    page.fill("input[name=number]", numbers[0])
    page.fill("input[name=code]", codes[0].lower())
    page.get_by_role("button", name="下一步").click()
    assert page.get_by_role("heading", name="设置账号").is_visible() and fits(page)
    assert page.input_value("input[name=name]") == numbers[0].lower()
    page.fill("input[name=password]", "password1234")
    page.fill("input[name=again]", "password1234")
    page.get_by_role("button", name="完成").click()
    assert page.get_by_text("太常见").is_visible() and fits(page)
    someone.picture("activate-set-phone")
    page.fill("input[name=name]", "wo.de.zhanghao")
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=again]", PASSWORD)
    page.get_by_role("button", name="完成").click()
    page.wait_for_url(lambda url: url.endswith("/me"))
    assert page.locator(".answer").is_visible() and fits(page)
    someone.picture("activated-me-phone")
    page.locator("nav.bottom").get_by_role("link", name="档案").click()
    assert page.get_by_role("heading", name="我的档案").is_visible() and fits(page)
    page.goto(world["address"] + "/notices")
    assert page.get_by_text("激活了账号").is_visible()
    someone.context.close()
    assert [one for one in someone.complaints if "422" not in one] == []

    desk.goto(world["address"] + "/activation/batches")
    officer.picture("batches-desktop")
    desk.locator("td a[href^='/activation/batches/']").first.click()
    assert desk.get_by_text(re.compile("共 2 个，已使用 1 个")).is_visible()
    officer.picture("batch-desktop")
    officer.context.close()
    assert officer.complaints == []


def test_the_workbook_opens_and_its_code_works(chromium, world):
    officer = Visitor(chromium, world, 1280, 900)
    desk = officer.sign_in("linjiang")
    desk.goto(world["address"] + "/activation?state=due")
    book = openpyxl.load_workbook(slips(officer, world["folder"], "xlsx", "slips", tick=3))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0] == ("姓名", "单位", "先填", "一次性码", "种类", "有效期至", "网址", "怎么用") and len(rows) == 4
    assert all(re.fullmatch(r"[A-Z]{5}-[A-Z]{5}", row[3]) and row[6] == world["address"] + "/activate" for row in rows[1:])
    someone = at_phone(chromium, world)
    take(someone.page, world, rows[1][2].split()[1], rows[1][3])
    assert someone.page.get_by_role("heading", name="设置账号").is_visible()
    someone.context.close()
    officer.context.close()


def test_an_officer_without_phone_gets_a_slip_from_above_and_sets_up_another_authenticator(chromium, world):
    above = Visitor(chromium, world, 1280, 900)
    desk = above.sign_in("anquan")
    desk.goto(world["address"] + "/accounts?q=kaifaqu")
    assert fits(desk)
    above.picture("accounts-desktop")
    desk.get_by_role("link", name="kaifaqu", exact=True).click()
    desk.wait_for_url(re.compile(r"/accounts/\d+$"))
    account = desk.url
    above.picture("account-desktop")
    desk.fill("input[name=reason]", "手机丢失，本人持工作证当面申请")
    desk.get_by_label(re.compile("连验证器一起重设")).check()
    file = download(desk, lambda: desk.get_by_role("button", name="做重设密码的码").click())
    paper = world["folder"] / "reset.pdf"
    file.save_as(paper)
    text = subprocess.run(["pdftotext", "-layout", str(paper), "-"], check=True, capture_output=True, text=True).stdout
    code = re.search(r"\b[A-Z]{5}-[A-Z]{5}\b", text)[0]
    assert "重设密码" in text and "签收表" not in text

    someone = at_phone(chromium, world)
    page = someone.page
    take(page, world, "kaifaqu", code)
    assert page.get_by_role("heading", name="重设密码").is_visible() and fits(page)
    someone.picture("reset-set-phone")
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=again]", PASSWORD)
    page.get_by_role("button", name="换上新密码").click()
    assert page.get_by_role("heading", name="设置第二步验证").is_visible() and fits(page)
    phone = Phone(page.locator("code.secret").inner_text())
    page.fill("input[name=code]", phone.code())
    page.get_by_role("button", name="完成设置").click()
    page.get_by_role("button", name="已经保存好").click()
    page.wait_for_url(lambda url: url.endswith("/me"))
    assert fits(page)
    page.goto(world["address"] + "/notices")
    assert page.get_by_text("原来的验证器已取消").is_visible()
    someone.picture("reset-told-phone")
    someone.context.close()
    assert someone.complaints == []
    world["accounts"]["kaifaqu"]["password"], world["phones"]["kaifaqu"] = PASSWORD, phone

    desk.goto(account)
    assert desk.get_by_text("用一次性码重设密码").is_visible()
    above.context.close()
    assert above.complaints == []


def test_the_pages_fit_a_phone_in_every_state(chromium, world):
    officer = at_phone(chromium, world)
    page = officer.sign_in("linjiang")
    for path, name in [
        ("/activation", "full"), ("/activation?q=没有这个人", "empty"), ("/activation?unit=没有这个单位", "wrong-unit"), ("/activation/batches", "batches"),
    ]:
        page.goto(world["address"] + path)
        assert fits(page), path
        officer.picture(f"activation-{name}-phone")
    page.goto(world["address"] + "/activation?state=active")
    page.locator("td a[href^='/activation/people/']").first.click()
    assert fits(page)
    officer.picture("activation-person-phone")
    officer.context.close()
    security = at_phone(chromium, world)
    page = security.sign_in("anquan")
    for path, name in [("/accounts", "full"), ("/accounts?q=没有", "empty")]:
        page.goto(world["address"] + path)
        assert fits(page), path
        security.picture(f"accounts-{name}-phone")
    page.goto(world["address"] + "/accounts?q=luohou")
    page.get_by_role("link", name="luohou", exact=True).click()
    assert fits(page)
    page.get_by_role("button", name="办理").click()
    security.picture("account-phone")
    security.context.close()


def test_codes_for_everybody_without_an_account_are_two_clicks(chromium, world):
    officer = Visitor(chromium, world, 1280, 900)
    desk = officer.sign_in("linjiang")
    officer.clicks = 0
    officer.click(desk.get_by_role("link", name=re.compile("还没有可用的账号")))
    file = download(desk, lambda: officer.click(desk.get_by_role("button", name=re.compile("人都做"))))
    assert officer.clicks == 2 and file.suggested_filename.endswith(".pdf")
