"""A real browser against the real program with the demo world, started once for all stories."""

import base64
import hmac
import json
import os
import pathlib
import re
import socket
import struct
import subprocess
import time
import urllib.request

import pytest
from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("YUGONG_BINARY", str(ROOT / ".build/debug/yugong"))
PICTURES = ROOT / ".build" / "pictures"


def run(*arguments, **more):
    return subprocess.run([BINARY, *arguments], check=True, capture_output=True, text=True, **more)


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """The served demo world: its address, its accounts by name and its database."""
    folder = tmp_path_factory.mktemp("world")
    database = f"sqlite:{folder}/demo.db"
    accounts = json.loads(run("demo", "--people", "900", "--database", database, "--format", "json").stdout)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = open(folder / "serve.log", "w")
    server = subprocess.Popen([BINARY, "serve", "--port", str(port), "--database", database], stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    for _ in range(6000):
        try:
            urllib.request.urlopen(address + "/sign-in", timeout=600)
            break
        except OSError:
            assert server.poll() is None, (folder / "serve.log").read_text()
            time.sleep(0.1)
    yield {
        "address": address, "database": database, "folder": folder, "accounts": {one["name"]: one for one in accounts},
        "phones": {one["name"]: Phone(one["totp"]) for one in accounts if one.get("totp")}, "sessions": {},
    }
    assert server.poll() is None, "the server ended by itself:\n" + (folder / "serve.log").read_text()
    server.terminate()
    server.wait(600)


@pytest.fixture(scope="session")
def chromium():
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("YUGONG_CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


class Phone:
    """An authenticator (RFC 6238) that shows each code once: none is taken twice."""

    def __init__(self, secret):
        self.key, self.used = base64.b32decode(secret.replace(" ", "")), 0

    def code(self):
        step = max(self.used + 1, int(time.time() // 30))
        # A code of the next half minute is taken already; for a later one we wait.
        time.sleep(max(0, (step - 1) * 30 - time.time() + 0.2))
        self.used = step
        digest = hmac.new(self.key, struct.pack(">Q", step), "sha1").digest()
        start = digest[-1] & 15
        return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"

    def rest(self):
        """Waits until the code of now is one that was never shown: for whoever has it from elsewhere."""
        time.sleep(max(0, (self.used + 1) * 30 - time.time() + 0.2))


class Visitor:
    """Somebody at a browser: signs in, and leaves pictures to look at."""

    def __init__(self, browser, world, width, height):
        self.world = world
        self.context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", accept_downloads=True)
        # How long a page takes judges nothing: waits outlast the slowest machine.
        self.context.set_default_timeout(600_000)
        self.page = self.context.new_page()
        self.complaints = []
        self.clicks = 0
        self.page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))

    def sign_in(self, name, anew=False):
        """Signs in with password and second factor. An account's session is used again by later stories, which would
        wait for the next code otherwise, unless it must be a new one."""
        sessions = self.world["sessions"]
        if name in sessions and not anew:
            self.context.add_cookies(sessions[name])
            self.page.goto(self.world["address"] + "/")
            if "/sign-in" not in self.page.url:
                return self.page
        self.type_password(name, self.world["accounts"][name]["password"])
        if "/sign-in/code" in self.page.url:
            self.page.fill("input[name=code]", self.world["phones"][name].code())
            self.page.get_by_role("button", name="登录", exact=True).click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        if not anew:
            sessions[name] = [one for one in self.context.cookies() if one["name"] in ("yugong", "yugong-device")]
        return self.page

    def type_password(self, name, password):
        self.page.goto(self.world["address"] + "/sign-in")
        self.page.fill("input[name=name]", name)
        self.page.fill("input[name=password]", password)
        self.page.get_by_role("button", name="登录", exact=True).click()
        self.page.wait_for_url(lambda url: not url.endswith("/sign-in"))

    def click(self, target):
        """Clicks, and counts it."""
        self.clicks += 1
        target.click()

    def picture(self, name):
        self.page.screenshot(path=str(PICTURES / f"{name}.png"), full_page=True)


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desktop", "phone"])
def visitor(request, chromium, world):
    someone = Visitor(chromium, world, *request.param)
    someone.size = request.node.callspec.id
    yield someone
    someone.context.close()
    # The strict content policy is broken by nothing on our own pages.
    assert someone.complaints == []
