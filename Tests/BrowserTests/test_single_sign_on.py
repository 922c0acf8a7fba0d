"""Single sign-on against oidc-provider-mock, in a real browser: bound from the own account, then the own archive."""

import json
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from conftest import BINARY, Visitor, run

NAME = "衡溪统一身份"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(address, process):
    for _ in range(6000):
        try:
            urllib.request.urlopen(address, timeout=600)
            return
        except OSError:
            assert process.poll() is None, f"{address} ended by itself"
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


@pytest.fixture(scope="module")
def joined(tmp_path_factory):
    """A small served world of its own with the provider beside it."""
    folder = tmp_path_factory.mktemp("joined")
    database = f"sqlite:{folder}/demo.db"
    accounts = json.loads(run("demo", "--people", "300", "--database", database, "--format", "json").stdout)
    (folder / "secret").write_text("a secret between the two\n")
    issuer, address = f"http://127.0.0.1:{free_port()}", f"http://127.0.0.1:{free_port()}"
    provider = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", issuer.rsplit(":")[-1], "--require-nonce", "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    log = open(folder / "serve.log", "w")
    server = subprocess.Popen(
        [BINARY, "serve", "--port", address.rsplit(":")[-1], "--database", database, "--public-url", address, "--sso-issuer", issuer,
         "--sso-client", "yugong", "--sso-secret-file", str(folder / "secret"), "--sso-name", NAME], stdout=log, stderr=log)
    answers(issuer, provider)
    answers(address + "/sign-in", server)
    yield {"address": address, "issuer": issuer, "folder": folder, "accounts": {one["name"]: one for one in accounts}, "phones": {}, "sessions": {}}
    log = (folder / "serve.log").read_text()
    assert "a secret between" not in log
    for process in (server, provider):
        process.kill()
        process.wait(20)


def at_provider(page, subject):
    """Signs in at the provider, whose page stands in the browser now."""
    page.wait_for_url(lambda url: "/oauth2/authorize" in url)
    page.fill("input[name=sub]", subject)
    page.locator("button", has_text="Authorize").first.click()


@pytest.mark.parametrize("size", [(1280, 900), (390, 844)], ids=["desktop", "phone"])
def test_a_learner_binds_an_identity_and_comes_to_the_own_archive_by_it(chromium, joined, size, request):
    name, device = [one["name"] for one in joined["accounts"].values() if one["role"] == "learner"][size[0] < 1000], request.node.callspec.id
    subject = f"subject-{name}"
    someone = Visitor(chromium, joined, *size)
    page = someone.page
    page.goto(joined["address"] + "/sign-in")
    someone.picture(f"sign-on-{device}")

    # Nobody has bound this identity: the page says what to do.
    page.get_by_role("button", name=f"用{NAME}登录").click()
    at_provider(page, subject)
    page.wait_for_url(lambda url: "/sign-in?provider=unknown" in url)
    assert page.get_by_text("还没有绑定这里的账号").is_visible()
    someone.picture(f"sign-on-unknown-{device}")

    someone.type_password(name, joined["accounts"][name]["password"])
    page.goto(joined["address"] + "/account")
    page.get_by_role("link", name="绑定统一身份").click()
    someone.picture(f"sign-on-bind-{device}")
    page.fill("input[name=current]", "not the password")
    page.get_by_role("button", name="绑定", exact=True).click()
    assert page.get_by_text("现在的密码不对").is_visible()
    someone.picture(f"sign-on-bind-wrong-{device}")
    page.fill("input[name=current]", joined["accounts"][name]["password"])
    page.get_by_role("button", name="绑定", exact=True).click()
    at_provider(page, subject)
    page.wait_for_url(lambda url: "/account/identity?done=bound" in url)
    assert page.get_by_text("已经绑定").is_visible()
    someone.picture(f"sign-on-bound-{device}")
    someone.context.close()

    # Another day, another browser: no password of ours.
    other = Visitor(chromium, joined, *size)
    page = other.page
    page.goto(joined["address"] + "/me/archive")
    page.wait_for_url(lambda url: "/sign-in?to=" in url)
    page.get_by_role("button", name=f"用{NAME}登录").click()
    at_provider(page, subject)
    page.wait_for_url(joined["address"] + "/me/archive")
    assert page.get_by_role("heading", name="档案").first.is_visible()
    other.picture(f"sign-on-archive-{device}")
    # Going back does not send a form again.
    page.go_back()
    page.wait_for_load_state()
    assert page.url.startswith((joined["address"], joined["issuer"]))
    other.context.close()
    # The provider's own page asks for style sheets of the internet; ours break no policy.
    assert [one for one in someone.complaints + other.complaints if "Content Security Policy" in one] == []
