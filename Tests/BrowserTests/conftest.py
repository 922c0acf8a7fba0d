"""A real browser against the real program with the demo world, started once for all stories."""

import json
import os
import pathlib
import re
import socket
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
    for _ in range(200):
        try:
            urllib.request.urlopen(address + "/sign-in", timeout=1)
            break
        except OSError:
            assert server.poll() is None, (folder / "serve.log").read_text()
            time.sleep(0.1)
    yield {"address": address, "database": database, "folder": folder, "accounts": {one["name"]: one for one in accounts}}
    assert server.poll() is None, "the server ended by itself:\n" + (folder / "serve.log").read_text()
    server.terminate()
    server.wait(20)


@pytest.fixture(scope="session")
def chromium():
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("YUGONG_CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


class Visitor:
    """Somebody at a browser: signs in, and leaves pictures to look at."""

    def __init__(self, browser, world, width, height):
        self.world = world
        self.context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", accept_downloads=True)
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))

    def sign_in(self, name):
        self.page.goto(self.world["address"] + "/sign-in")
        self.page.fill("input[name=name]", name)
        self.page.fill("input[name=password]", self.world["accounts"][name]["password"])
        self.page.get_by_role("button", name=re.compile("登录")).click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        return self.page

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
