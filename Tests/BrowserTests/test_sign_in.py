"""Signing in: the authenticator, recovery codes, a stolen session."""

import json
import re
import subprocess
import urllib.parse

from conftest import PICTURES, Phone, Visitor, run


def secret_in_picture(path):
    """What a QR reader makes of a picture of the screen."""
    read = subprocess.run(["zbarimg", "--quiet", "--raw", path], check=True, capture_output=True, text=True).stdout.strip()
    address = urllib.parse.urlparse(read)
    assert address.scheme == "otpauth" and address.netloc == "totp", read
    return urllib.parse.parse_qs(address.query)["secret"][0]


def new_officer(world, name):
    """An officer without a second factor yet, made as the machine's owner makes one."""
    unit = world["accounts"]["shi"]["unit"]
    made = run("user", "add", name, "--role", "personnelOfficer", "--unit", unit, "--database", world["database"], "--format", "json")
    return json.loads(made.stdout)["password"]


def test_an_officer_sets_up_the_authenticator_with_a_qr_reader(chromium, world):
    password = new_officer(world, "xinguanliyuan")
    someone = Visitor(chromium, world, 1280, 900)
    page = someone.page
    someone.type_password("xinguanliyuan", password)
    assert page.url.endswith("/sign-in/enrol")
    someone.picture("enrol-desktop")
    phone = Phone(secret_in_picture(str(PICTURES / "enrol-desktop.png")))
    page.fill("input[name=code]", "000000")
    page.get_by_role("button", name="完成设置").click()
    assert page.get_by_role("alert").is_visible()
    someone.picture("enrol-wrong")
    page.fill("input[name=code]", phone.code())
    page.get_by_role("button", name="完成设置").click()
    codes = page.locator("ul.codes code").all_inner_texts()
    assert len(codes) == 10 and all(re.fullmatch("[A-Z]{5}-[A-Z]{5}", code) for code in codes)
    someone.picture("recovery-codes")
    page.get_by_role("button", name="已经保存好").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(world["address"] + "/account")
    assert page.get_by_text("还有 10 个").is_visible()
    someone.picture("account-desktop")

    # At a phone, with a recovery code, because the authenticator is not at hand.
    other = Visitor(chromium, world, 390, 844)
    mobile = other.page
    other.type_password("xinguanliyuan", password)
    assert mobile.url.endswith("/sign-in/code")
    other.picture("code-phone")
    mobile.get_by_text("手机不在身边").click()
    mobile.fill("input[name=recovery]", codes[0])
    mobile.get_by_role("button", name="用恢复码登录").click()
    mobile.wait_for_url(lambda url: "/sign-in" not in url)
    mobile.goto(world["address"] + "/account")
    assert mobile.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    other.picture("account-phone")

    # The session of the desk is one the owner wants gone.
    mobile.locator("#sessions .rows li", has_text="电脑").get_by_role("button", name="退出这次登录").first.click()
    assert mobile.get_by_text("那次登录已经退出").is_visible()
    page.goto(world["address"] + "/people")
    assert "/sign-in" in page.url
    someone.picture("session-ended")
    someone.context.close()

    mobile.goto(world["address"] + "/account/factor")
    other.picture("factor-phone")
    mobile.get_by_label("只生成一组新的恢复码").check()
    mobile.fill("input[name=current]", "不对的密码不对的密码")
    mobile.fill("input[name=code]", codes[1])
    mobile.get_by_role("button", name="继续").click()
    assert mobile.get_by_text("现在的密码不对").is_visible()
    other.picture("factor-wrong-phone")
    mobile.fill("input[name=current]", password)
    mobile.fill("input[name=code]", codes[1])
    mobile.get_by_role("button", name="继续").click()
    assert mobile.locator("ul.codes code").count() == 10
    other.picture("recovery-renewed-phone")
    other.context.close()
    # The refused forms answer 422, which the browser notes on its console.
    assert all("422" in one for one in someone.complaints + other.complaints)


def test_a_stolen_session_is_ended_by_its_owner(chromium, world):
    owner, thief = Visitor(chromium, world, 1280, 900), Visitor(chromium, world, 1280, 900)
    owner.sign_in("luohou", anew=True)
    thief.context.add_cookies([one for one in owner.context.cookies() if one["name"].endswith("yugong")])
    thief.page.goto(world["address"] + "/me")
    assert thief.page.url.endswith("/me"), "whoever holds the cookie is taken for the owner"
    phone = Visitor(chromium, world, 390, 844)
    phone.sign_in("luohou", anew=True)
    phone.page.goto(world["address"] + "/account")
    phone.page.get_by_role("button", name="退出其他设备").click()
    assert phone.page.get_by_text("已全部退出").is_visible()
    thief.page.goto(world["address"] + "/me/archive")
    assert "/sign-in" in thief.page.url
    owner.page.goto(world["address"] + "/me")
    assert "/sign-in" in owner.page.url
    for one in (owner, thief, phone):
        one.context.close()


def test_who_tries_the_demo_without_a_phone_takes_the_code_from_the_command_line(chromium, world):
    account = world["accounts"]["shenji"]
    world["phones"]["shenji"].rest()
    someone = Visitor(chromium, world, 1280, 900)
    someone.type_password("shenji", account["password"])
    someone.page.fill("input[name=code]", run("user", "code", account["totp"]).stdout.strip())
    someone.page.get_by_role("button", name="登录", exact=True).click()
    someone.page.wait_for_url(lambda url: "/sign-in" not in url)
    someone.context.close()
