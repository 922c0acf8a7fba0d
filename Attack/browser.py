"""A browser for attacks: keeps cookies, follows no redirect, and knows the forms of a page."""
import base64
import hmac
import html.parser
import http.client
import re
import struct
import time
import urllib.parse


class Forms(html.parser.HTMLParser):
    """The links and forms of a page."""

    def __init__(self):
        super().__init__()
        self.links, self.forms, self.form, self.select = [], [], None, None

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag == "a" and a.get("href", "").startswith("/"):
            self.links.append(a["href"].split("#")[0])
        if a.get("hx-get", "").startswith("/"):
            self.links.append(a["hx-get"])
        if tag == "form":
            self.form = {"method": (a.get("method") or "get").lower(), "action": a.get("action") or "", "files": [], "fields": {}}
            self.forms.append(self.form)
        if self.form is None:
            return
        name = a.get("name")
        if tag == "input" and name:
            if a.get("type") == "file":
                self.form["files"].append(name)
            elif a.get("type") not in ("checkbox", "radio") or "checked" in a or name not in self.form["fields"]:
                self.form["fields"][name] = a.get("value") or ""
        elif tag == "textarea" and name:
            self.form["fields"][name] = ""
        elif tag == "select" and name:
            self.select = name
            self.form["fields"].setdefault(name, "")
        elif tag == "option" and self.select and ("selected" in a or not self.form["fields"].get(self.select)):
            self.form["fields"][self.select] = a.get("value") or ""
        elif tag == "button" and name:
            self.form["fields"].setdefault(name, a.get("value") or "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        if tag == "select":
            self.select = None


class Answer:
    def __init__(self, status, headers, body, seconds):
        self.status, self.headers, self.body, self.seconds = status, headers, body, seconds
        self.location = headers.get("Location")

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    def page(self):
        parser = Forms()
        if (self.headers.get("Content-Type") or "").startswith("text/html"):
            parser.feed(self.text)
        return parser


class Browser:
    def __init__(self, address):
        self.host, self.cookies, self.token = address.split("//")[1], {}, ""

    def ask(self, method, path, body=None, headers=None, timeout=30):
        connection = http.client.HTTPConnection(self.host, timeout=timeout)
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} if self.cookies else {}
        sent.update(headers or {})
        start = time.monotonic()
        connection.request(method, path, body=body, headers=sent)
        response = connection.getresponse()
        data = response.read()
        answer = Answer(response.status, response.headers, data, time.monotonic() - start)
        connection.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
            if not value:
                del self.cookies[name]
        found = re.search(rb'name="_token" value="([^"]*)"', data)
        if found:
            self.token = found[1].decode()
        return answer

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, fields, token=None, headers=None):
        pairs = [("_token", self.token if token is None else token)] + [(k, v) for k, v in fields.items() if k != "_token"]
        body = urllib.parse.urlencode(pairs, encoding="utf-8", errors="surrogateescape")
        return self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})})

    def insist(self, path, fields, **more):
        """The same, again while it is asked to wait: writes have a pace, which is judged before anything else."""
        for _ in range(60):
            answer = self.post(path, fields, **more)
            if answer.status != 429:
                break
            time.sleep(0.6)
        return answer

    def take(self, path, fields):
        """The file that a form asks for, once it is made; the answer itself where it asks for none."""
        start = time.monotonic()
        answer = self.insist(path, fields)
        while (answer.location or "").startswith("/files/"):
            page = self.get(answer.location)
            if answer.location + "/content" in page.text:
                page = self.get(answer.location + "/content")
            elif answer.location + "/progress" in page.text:
                continue
            page.seconds = time.monotonic() - start
            return page
        return answer

    def upload(self, path, fields, field, name, data):
        parts = b""
        for key, value in {"_token": self.token, **{k: v for k, v in fields.items() if k != "_token"}}.items():
            parts += f'--b\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        parts += f'--b\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'.encode() + data + b"\r\n--b--\r\n"
        return self.ask("POST", path, parts, {"Content-Type": "multipart/form-data; boundary=b"}, timeout=120)

    def sign_in(self, account):
        """Signs in with everything the demo tells of an account; says whether it worked."""
        page = self.get("/sign-in")
        answer = self.post("/sign-in", {"name": account["name"], "password": account["password"], "to": ""})
        for _ in range(3):
            if answer.status == 303 and answer.location and answer.location.startswith("/sign-in/"):
                answer = self.get(answer.location)
            form = next((f for f in answer.page().forms if f["method"] == "post" and any("code" in k or k == "totp" for k in f["fields"])), None)
            secret = next((v for k, v in account.items() if "totp" in k.lower() or "secret" in k.lower()), None)
            if not form or not secret:
                break
            field = next(k for k in form["fields"] if "code" in k or k == "totp")
            answer = self.post(form["action"] or "/sign-in", {**form["fields"], field: code(secret)})
        return self.get("/account").status == 200


SHOWN = {}


def code(secret, at=None):
    """The one-time code of RFC 6238 for a secret in base32; each is shown once, because none is taken twice."""
    key = base64.b32decode(secret.replace(" ", "").upper() + "=" * (-len(secret.replace(" ", "")) % 8))
    step = max(SHOWN.get(secret, 0) + 1, int((at or time.time()) // 30))
    time.sleep(max(0, (step - 1) * 30 - time.time() + 0.2))
    SHOWN[secret] = step
    digest = hmac.new(key, struct.pack(">Q", step), "sha1").digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def kind(link):
    """A link without its numbers: one of each kind is enough."""
    path, _, query = link.partition("?")
    names = sorted(name for name, _ in urllib.parse.parse_qsl(query, keep_blank_values=True))
    return "/".join("#" if re.search(r"\d", part) else part for part in path.split("/")) + ("?" + "&".join(names) if names else "")


def walk(browser, each=1, limit=200):
    """All pages there is a way to: answers by link, and their forms."""
    found, seen, waiting, forms = {}, {}, ["/"], {}
    while waiting and len(found) < limit:
        link = waiting.pop()
        if link in found or seen.get(kind(link), 0) >= each or link.startswith(("/assets/", "/sign-out")):
            continue
        seen[kind(link)] = seen.get(kind(link), 0) + 1
        answer = found[link] = browser.get(link)
        page = answer.page()
        waiting += page.links + ([answer.location] if (answer.location or "").startswith("/") else [])
        for form in page.forms:
            action = form["action"] or link.split("?")[0]
            forms.setdefault((form["method"], kind(action), tuple(sorted(form["fields"]))), {**form, "action": action, "page": link})
    return found, list(forms.values())
