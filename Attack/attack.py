"""Attacks a served demo world on this machine: python attack.py ADDRESS WORLD SERVER MINUTES (bin/attack starts it)."""
import concurrent.futures
import http.client
import io
import json
import os
import random
import re
import resource
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse
import zipfile

from browser import Browser, code, kind, walk
from cases import cases
from edits import edits
from ways import ways

ADDRESS, WORLD, SERVER, MINUTES = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
TOOLS = os.path.dirname(sys.executable)
END = time.monotonic() + MINUTES * 60
FINDINGS = []
MARK = "zq7x"
# What would end the session it is tried with, or lock out the account.
ENDING = re.compile(r"^/account(/|$)|^/notices/read|^/sign-out")
PAYLOADS = [
    f"'\"><svg onload=alert('{MARK}')>", "<script>alert(1)</script>", "' OR 1=1 --", "%' AND (SELECT 1)=1 --", "\x00", "\udcff\udcfe", "a" * 60_000, "-1",
    "9" * 40, "99999-12-31", "0000-00-00", "=cmd|'/c calc'!A1", "\r\nSet-Cookie: x=1", "../../../../etc/passwd", "//evil.example", "${7*7}{{7*7}}",
    "\u202eabc", "%_%_%_%_%_%_%_%_%_%_%", "((((((((((a*)*)*)*)*)*)*)*)*)*)*", "é" * 5000,
]

# What nobody means; as they stand in an address, percent-encoded or broken.
EXTREMES = [
    "0", "-1", "2147483648", "-2147483649", "9223372036854775807", "-9223372036854775808", "9" * 21, "", "-9999", "20000000", "99999999",
    "0001-01-01", "1899-12-31", "9999-12-31", "10000-01-01", "%00", "%ED%A0%80", "%F", "x~9223372036854775807",
]


# A thousand connections of our own.
resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]), resource.getrlimit(resource.RLIMIT_NOFILE)[1]))


def find(what, where, detail=""):
    if (what, kind(where)) not in [(f[0], kind(f[1])) for f in FINDINGS]:
        FINDINGS.append((what, where, detail))
        print(f"  发现：{what} · {where} · {detail}"[:300], flush=True)


def judge(answer, where, payload=""):
    """What must hold for every answer, whatever was sent."""
    if answer.status >= 500:
        find("failure", where, f"{answer.status} on {payload[:60]!r}")
    if answer.seconds > 3:
        find("slow", where, f"{answer.seconds:.1f} s on {payload[:60]!r}")
    if "Set-Cookie" in answer.headers and "x=1" in (answer.headers.get("Set-Cookie") or ""):
        find("header injection", where, payload[:60])
    if answer.location and not answer.location.startswith("/") or (answer.location or "").startswith("//"):
        find("open redirect", where, answer.location)
    text = answer.text
    if f"<svg onload=alert('{MARK}')>" in text or "<script>alert(1)</script>" in text:
        find("markup gets through", where, payload[:60])
    for word in ("SQLITE_", "PG::", "syntax error", "Fatal error", "/Sources/", "Swift."):
        if word in text:
            find("inner words shown", where, word)
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "X-Request-Id"):
        if name not in answer.headers and answer.status != 400:
            find("header missing", where, name)


def probe(browser, links, forms, until):
    """Each payload in each value of each query and form, one at a time."""
    jobs = []
    for link in links:
        path, _, query = link.partition("?")
        pairs = urllib.parse.parse_qsl(query, keep_blank_values=True)
        for name in {n for n, _ in pairs} | {"to", "after", "sort", "name", "day", "year"}:
            jobs += [("get", path, dict(pairs), name, p) for p in PAYLOADS if len(p) < 9000]
        parts = path.split("/")
        for index, part in enumerate(parts):
            if any(c.isdigit() for c in part):
                for value in ("0", "-1", "9" * 30, "%00", "1%20OR%201=1", "..%2f..", "%F0%9F%92%A9"):
                    jobs.append(("path", "/".join(parts[:index] + [value] + parts[index + 1:]), {}, "", value))
    for form in forms:
        if ENDING.search(form["action"]):
            continue
        for name in form["fields"]:
            if name != "_token":
                jobs += [(form["method"], form["action"], form["fields"], name, p) for p in PAYLOADS]
    random.Random(1).shuffle(jobs)
    done = 0
    for method, path, fields, name, payload in jobs:
        if time.monotonic() > until:
            break
        values = {**fields, name: payload} if name else {}
        try:
            if method == "post":
                answer = browser.post(path, values)
            else:
                query = urllib.parse.urlencode(values, errors="surrogateescape")
                answer = browser.get(path + ("?" + query if query else ""))
            judge(answer, f"{method} {path} {name}", payload)
        except Exception as problem:
            find("no answer", f"{method} {path} {name}", f"{problem!r} on {payload[:40]!r}")
        done += 1
    print(f"  {done} / {len(jobs)} 次试探")


def extremes(browser, links, forms, until):
    """Numbers, days and texts that nobody means, in each part of a path, each name of a query and each field: the server lives, and
    what it spends on one answer is below a second."""
    def spent():
        with open(f"/proc/{SERVER}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def send(method, path, body, where):
        if time.monotonic() > until:
            return
        before = spent() if os.path.exists(f"/proc/{SERVER}") else 0
        try:
            answer = browser.ask(method, path, body, {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else None)
            judge(answer, where, body or path)
            if spent() - before > 1:
                find("dear", where, f"{spent() - before:.1f} s")
        except Exception as problem:
            find("no answer", where, f"{problem!r}")

    for link in links:
        path, _, query = link.partition("?")
        parts, names = path.split("/"), [pair.partition("=")[0] for pair in query.split("&") if pair]
        for value in EXTREMES:
            for index, part in enumerate(parts):
                if any(c.isdigit() for c in part):
                    send("GET", "/".join(parts[:index] + [value] + parts[index + 1:]), None, f"get {path} part {index}")
            send("GET", path + "?" + "&".join(f"{name}={value}" for name in {*names, "after", "before", "year", "day", "unit"}), None, f"get {path}")
    for form in forms:
        if ENDING.search(form["action"]) or form["method"] != "post":
            continue
        for name in form["fields"]:
            for value in EXTREMES if name != "_token" else []:
                pairs = [(k, value if k == name else urllib.parse.quote(v, errors="surrogateescape")) for k, v in form["fields"].items() if k != "_token"]
                body = "&".join(f"{k}={v}" for k, v in [("_token", browser.token)] + pairs)
                send("POST", form["action"].partition("?")[0], body, f"post {form['action']} {name}")


def references(own, other, name):
    """What one sees must not open to another who has no way to it."""
    opened = 0
    mine, _ = walk(other, each=40, limit=400)
    for link, answer in own.items():
        if answer.status != 200 or link in mine or not any(c.isdigit() for c in link.split("?")[0]):
            continue
        got = other.get(link)
        if got.status == 200:
            opened += 1
            find("to be looked at: opens to another", f"{name} {link}", "no way leads there")
    return opened


def forged(browser, stranger, forms):
    """Forms without a token, with another's, from another site, and by GET."""
    def post(form, **more):
        return browser.insist(form["action"], form["fields"], **more)

    for form in forms:
        if form["method"] != "post" or "/sign-out" in form["action"]:
            continue
        for what, answer in {
            "no token": post(form, token=""),
            "another's token": post(form, token=stranger.token),
            "another site": post(form, headers={"Origin": "https://evil.example"}),
            "cross-site": post(form, headers={"Sec-Fetch-Site": "cross-site"}),
        }.items():
            if answer.status not in (403, 404):
                find("forged form taken", form["action"], f"{what}: {answer.status}")


def enumeration(accounts):
    """Whether sign-in tells by words or time who exists."""
    known, unknown, bodies = [], [], set()
    for account in accounts:
        for times, name in ((known, account["name"]), (unknown, "nobody" + account["name"])):
            browser = Browser(ADDRESS)
            browser.get("/sign-in")
            answer = browser.post("/sign-in", {"name": name, "password": "wrong wrong wrong", "to": ""})
            times.append(answer.seconds)
            bodies.add((answer.status, len(answer.text.replace(name, "").replace(browser.token, ""))))
    difference = abs(statistics.median(known) - statistics.median(unknown))
    print(f"  有此账号 {statistics.median(known) * 1000:.0f} ms，无此账号 {statistics.median(unknown) * 1000:.0f} ms，回答 {len(bodies)} 种")
    if len(bodies) > 1 or difference > 0.5 * statistics.median(known):
        find("accounts can be told", "/sign-in", f"{bodies} {difference:.3f}")


def fixation(account):
    browser = Browser(ADDRESS)
    browser.cookies["yugong"] = "planted"
    browser.sign_in(account)
    if browser.cookies.get("yugong") == "planted":
        find("session fixation", "/sign-in")
    old = dict(browser.cookies)
    browser.get("/account")
    browser.post("/sign-out", {})
    browser.cookies = old
    if browser.get("/account").status == 200:
        find("session lives after signing out", "/sign-out")
    for to in ("//evil.example", "https://evil.example", "/\\evil.example", "/%0d%0aX: y", "javascript:alert(1)", "/\t/evil.example", "///evil.example", "/.//evil.example"):
        browser = Browser(ADDRESS)
        browser.get("/sign-in")
        answer = browser.post("/sign-in", {"name": account["name"], "password": account["password"], "to": to})
        judge(answer, "/sign-in to=" + to, to)


def at_once(browser, forms):
    """The same act sent eight times at once: at most one may be taken twice over."""
    for form in forms:
        if form["method"] != "post" or form["files"] or any(w in form["action"] for w in ("/sign-out", "/account", "/find", "/read")):
            continue
        fields = {k: v or "试验" for k, v in form["fields"].items()}
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: browser.post(form["action"], fields), range(8)))
        for answer in answers:
            judge(answer, "at once " + form["action"])
        taken = sum(a.status in (204, 303) for a in answers)
        if taken > 1:
            print(f"  {form['action']} 同时提交 8 次，{taken} 次被接受")


def workbook(sheet, strings="", other=()):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Default Extension='xml' ContentType='application/xml'/></Types>")
        z.writestr("_rels/.rels", "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r1' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' Target='xl/workbook.xml'/></Relationships>")
        z.writestr("xl/workbook.xml", "<workbook xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'><sheets><sheet name='a' sheetId='1' r:id='r1'/></sheets></workbook>")
        z.writestr("xl/_rels/workbook.xml.rels", "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r1' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet' Target='worksheets/sheet1.xml'/></Relationships>")
        z.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in other:
            z.writestr(name, content)
    return out.getvalue()


def hostile_files():
    main = "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'"
    laughs = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + "".join(f"<!ENTITY {chr(98 + i)} '{('&' + chr(97 + i) + ';') * 10}'>" for i in range(9)) + "]>"
    cell = "<c r='A1' t='inlineStr'><is><t>{}</t></is></c>"
    row = f"<worksheet {main}><sheetData><row r='1'>{cell}</row></sheetData></worksheet>"
    titles = "姓名,证件号码,单位编码,任职日期,人员类别,职务\n"
    yield "bomb.xlsx", workbook(f"<worksheet {main}><sheetData>" + " " * 300_000_000 + "</sheetData></worksheet>")
    yield "laughs.xlsx", workbook(laughs + row.format("&j;"))
    yield "entity.xlsx", workbook("<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>" + row.format("&f;"))
    yield "deep.xlsx", workbook("<a>" * 200_000)
    yield "many.xlsx", workbook(row.format("x"), other=[(f"x/{i}", "") for i in range(25_000)])
    yield "../../../../tmp/out.xlsx", workbook(row.format("x"), other=[("../../../../tmp/yugong-out", "x")])
    yield "a\r\nSet-Cookie: x=1.csv", titles.encode()
    yield "<svg onload=alert(1)>.csv", (titles + "<script>alert(1)</script>,x,<script>alert(1)</script>,x,x,x\n").encode()
    yield "formula.csv", (titles + "=cmd|'/c calc'!A1,@SUM(1),+1,-1,=1,=HYPERLINK(\"http://evil.example\")\n").encode()
    yield "line.csv", titles.encode() + b"a" * 30_000_000
    yield "quotes.csv", titles.encode() + b'"' * 5_000_000
    yield "commas.csv", titles.encode() + b"," * 5_000_000
    yield "null.csv", titles.encode() + b"\0" * 1000
    yield "bytes.xls", bytes.fromhex("d0cf11e0a1b11ae1") + random.Random(2).randbytes(100_000)
    yield "bytes.xlsx", b"PK\3\4" + random.Random(3).randbytes(100_000)
    yield "gzip.csv", bytes.fromhex("1f8b0800") + random.Random(4).randbytes(10_000)
    yield "a" * 5000 + ".csv", titles.encode()


def parsers(browser, seconds):
    """Bodies, headers and addresses at which a parser may turn round and round; meanwhile others are answered in a second."""
    signs = [";", "\"", "&", "=", "%", "a", "<", "\r\n", "\r\n--", "; name=\"", "a=b&", "\u0301", "\U0001f1e8\U0001f1f3", " ", "\0"]
    head = "--b\r\nContent-Disposition: form-data"
    parts = {"Content-Type": "multipart/form-data; boundary=b"}
    token = f'{head}; name="_token"\r\n\r\n{browser.token}\r\n'
    sent = []
    for sign in signs:
        many = sign * (120_000 // len(sign.encode()))
        for caller, action, start in ((Browser(ADDRESS), "/sign-in", ""), (browser, "/exchange/imports", ""), (browser, "/exchange/imports", token)):
            for body in (many, head + many + "\r\n\r\n", head + '; name="' + many + '"\r\n\r\n', head + '; name="a"\r\n\r\n' + many):
                sent.append((caller, "POST", action, (start + body).encode(), parts))
        sent.append((browser, "POST", "/people/find", many.encode(), {"Content-Type": "application/x-www-form-urlencoded"}))
        sent.append((Browser(ADDRESS), "POST", "/sign-in", many.encode(), {"Content-Type": "application/x-www-form-urlencoded"}))
        short = urllib.parse.quote(sign, safe=";&=%<\"").replace("<", "%3C").replace('"', "%22").replace(" ", "%20") * (9000 // len(urllib.parse.quote(sign)))
        sent.append((browser, "GET", "/people?" + short, None, {}))
        if sign.isascii() and sign.isprintable():
            sent.append((Browser(ADDRESS), "GET", "/sign-in", None, {"Cookie": (sign * 15_000)[:15_000]}))
            sent.append((Browser(ADDRESS), "POST", "/sign-in", b"", {"Content-Type": "multipart/form-data; " + (sign * 15_000)[:15_000]}))
    random.Random(5).shuffle(sent)
    until, slowest, done, other = time.monotonic() + seconds, 0, 0, Browser(ADDRESS)

    def one(what):
        caller, method, path, body, headers = what
        if time.monotonic() > until:
            return False
        try:
            answer = caller.ask(method, path, body, headers)
            # Of one session only so many files come in at a time.
            if answer.status != 503:
                judge(answer, f"parser {method} {path.split('?')[0]}", (body or b"")[:60].decode("utf-8", "replace"))
        except (OSError, http.client.HTTPException):
            pass  # The connection may be closed before the body is sent.
        return True

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        work = [pool.submit(one, what) for what in sent]
        while not all(w.done() for w in work):
            answer = other.get("/sign-in")
            slowest = max(slowest, answer.seconds)
            if answer.status != 200 or answer.seconds > 1:
                find("others wait while a parser works", "/sign-in", f"{answer.status} after {answer.seconds:.1f} s")
            time.sleep(0.05)
        done = sum(w.result() for w in work)
    print(f"  {done} / {len(sent)} 个敌意请求，其他人最久等 {slowest * 1000:.0f} ms", flush=True)


def idle():
    """Idle connections of one address, within what it may have: others are served, and so is the machine's own word."""
    held = []
    try:
        for _ in range(1000):
            held.append(socket.create_connection((urllib.parse.urlsplit(ADDRESS).hostname, urllib.parse.urlsplit(ADDRESS).port), timeout=5))
    except OSError as full:
        print(f"  {len(held)} 个连接以后：{full}")
    try:
        answer = Browser(ADDRESS).get("/sign-in")
        if answer.status != 200 or answer.seconds > 1:
            find("idle connections keep others out", "/sign-in", f"{answer.status} after {answer.seconds:.1f} s")
    except OSError as problem:
        find("idle connections keep others out", "/sign-in", repr(problem))
    for connection in held:
        connection.close()
    print(f"  {len(held)} 个闲置连接", flush=True)


def memory():
    with open(f"/proc/{SERVER}/status") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmRSS"))


def uploads(browser, forms):
    before = memory()
    for form in forms:
        for field in form["files"]:
            for name, data in hostile_files():
                safe = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
                answer = browser.upload(form["action"], {**form["fields"], "kind": form["fields"].get("kind") or "people"}, field, safe, data)
                judge(answer, f"upload {name[:30]!r}")
                if answer.status == 303:
                    for _ in range(60):
                        page = browser.get(answer.location)
                        judge(page, f"upload {name[:30]!r}")
                        if "离开本页也会继续" not in page.text:
                            break
                        time.sleep(0.2)
                    else:
                        find("an import does not end", name[:40])
                if "root:x:0" in browser.get(answer.location or "/").text:
                    find("a file of the machine is shown", name)
    if os.path.exists("/tmp/yugong-out"):
        find("a file is written outside", "upload")
    print(f"  内存 {before} → {memory()} MB")


def sqlmap(browser, name, forms, links, until):
    """Every form and every query of one caller, three at a time; where people search more thoroughly."""
    cookie = "; ".join(f"{k}={v}" for k, v in browser.cookies.items())
    targets = [(f["action"], f) for f in forms if not f["files"] and "/sign-out" not in f["action"] and not ENDING.search(f["action"])]
    targets += [(link, None) for link in links if "?" in link]
    thorough = {"/people", "/people/find", "/transfers/find", "/figures/units", "/notices", "/me/objections", "/activation", "/grants", "/accounts", "/audit"}
    late = []

    def one(target):
        link, form = target
        if time.monotonic() > until:
            return False
        command = [f"{TOOLS}/sqlmap", "-u", ADDRESS + link, "--cookie", cookie, "--batch", "--technique", "BEU",
                   *(["--level", "2", "--risk", "2"] if link.split("?")[0] in thorough else ["--smart"]), "--dbms", "PostgreSQL" if "YUGONG_ATTACK_DATABASE" in os.environ else "SQLite",
                   "--threads", "2", "--disable-coloring", "--output-dir", f"{WORLD}/sqlmap-{name}-{abs(hash((link, str(form))))}", "--flush-session", "--timeout", "10", "--ignore-code", "422,404,403,429"]
        if form and form["method"] == "post":
            command += ["--data", urllib.parse.urlencode({**form["fields"], "_token": browser.token}), "--skip", "_token,Cookie,User-Agent,Referer,Host"]
        elif form:
            command[2] = ADDRESS + link.split("?")[0] + "?" + urllib.parse.urlencode({k: v or "1" for k, v in form["fields"].items()})
        try:
            out = subprocess.run(command, capture_output=True, text=True, timeout=max(5, min(120, until - time.monotonic()))).stdout
        except subprocess.TimeoutExpired as slow:
            out = (slow.stdout or b"").decode("utf-8", "replace")
            late.append(link)
        if "is vulnerable" in out or "sqlmap identified the following injection" in out:
            find("sqlmap", link, out[-400:])
        return True

    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        done = sum(pool.map(one, targets))
    print(f"  sqlmap（{name}）：{done} / {len(targets)} 处，其中 {len(late)} 处到了时限", flush=True)


def wapiti(browser, name, seconds):
    report = f"{WORLD}/wapiti-{name}.json"
    cookie = "; ".join(f"{k}={v}" for k, v in browser.cookies.items())
    command = [f"{TOOLS}/wapiti", "-u", ADDRESS + "/", "--scope", "domain", "-H", f"Cookie: {cookie}", "-x", ADDRESS + "/sign-out", "-x", ADDRESS + "/account*", "--max-links-per-page", "30", "--max-files-per-dir", "40", "--max-parameters", "20",
               "--max-scan-time", str(max(20, int(seconds * 0.3))), "--max-attack-time", str(max(5, int(seconds * 0.6 / 12))), "--flush-session", "--no-bugreport",
               "-m", "sql,xss,permanentxss,exec,file,crlf,redirect,xxe,upload,csrf,cookieflags,csp,http_headers,methods,ssrf,timesql,inconsistent_redirection,information_disclosure,backup",
               "-d", "5", "--store-session", f"{WORLD}/wapiti", "-f", "json", "-o", report, "-v", "0"]
    try:
        subprocess.run(command, capture_output=True, timeout=seconds + 60)
    except subprocess.TimeoutExpired:
        pass
    if not os.path.exists(report):
        print("  wapiti：没有报告")
        return
    with open(report) as file:
        result = json.load(file)
    print(f"  wapiti：{result['infos'].get('crawled_pages_nbr')} 页")
    for part in ("vulnerabilities", "anomalies", "additionals"):
        for what, items in result[part].items():
            for item in items[:5]:
                find(f"wapiti {what}", item.get("path", ""), item.get("info", "")[:150])


def flood(browser, other):
    """A learner who fills the log, blocks everybody's documents and stores what is long."""
    browser.get("/me")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: browser.post("/notices/read", {}), range(300)))
    taken = sum(a.status == 303 for a in answers)
    print(f"  连续提交 300 次，{taken} 次被接受，{sum(a.status == 429 for a in answers)} 次请等")
    if taken > 200 or not any(a.status == 429 for a in answers):
        find("writes have no pace", "/notices/read", str(taken))
    time.sleep(15)
    browser.get("/me/extract")
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        mine = [pool.submit(browser.post, "/me/extract", {"format": "pdf"}) for _ in range(12)]
        time.sleep(0.3)
        other.get("/me/extract")
        theirs = other.take("/me/extract", {"format": "pdf"})
        # The same asked again while it is made is made once.
        made = len({a.result().location for a in mine if (a.result().location or "").startswith("/files/")})
    print(f"  同时要 12 份 PDF，做了 {made} 份；别人那份等了 {theirs.seconds:.1f} 秒")
    if made > 4 or theirs.seconds > 10:
        find("one blocks everybody's documents", "/me/extract", f"{made} made, {theirs.seconds:.1f} s")
    time.sleep(5)
    form = next((f for f in browser.get("/me/archive").page().links if f.startswith("/me/objections/new")), None)
    if form:
        fields = dict(urllib.parse.parse_qsl(form.partition("?")[2]))
        for text in ("a" + "\u0301" * 300_000, "长" * 200_000, "长" + "\u0301" * 3000):
            if browser.post("/me/objections", {**fields, "text": text}).status == 303:
                find("a long text is kept", "/me/objections", f"{len(text)} code points")


def second_person(officer):
    """One officer who plays two people, step by step; every step but the last is allowed."""
    def stuck(step, answer):
        find("the attack got no further, look whether it still asks the right thing", step, f"{answer.status} {answer.text[-200:]!r}")

    today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
    yesterday = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 16 * 3600))
    why = {"why": "攻击试验"}
    root = re.search(r"/organizations/(\d+)", officer.get("/organizations").text)[1]
    answer = officer.post(f"/organizations/{root}/do/create", {"code": "ATT-PP", "name": "攻击新设的工会", "kind": "enterpriseUnion", "ownership": "非公", "day": "2020-01-01", **why})
    if answer.status != 303:
        return stuck("found a unit", answer)
    first = "11010519900101003"
    number = first + "10X98765432"[sum(int(d) * w for d, w in zip(first, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))) % 11]
    answer = officer.post("/people/new", {"name": "田小禾", "idNumber": number, "code": "ATTP1", "unit": "ATT-PP", "from": "2021-01-01", "title": "干事", "sure": "on", **why})
    if answer.status != 303:
        return stuck("make somebody up", answer)
    person = answer.location.split("/")[-1]
    officer.get(f"/activation/people/{person}")
    answer = officer.post(f"/activation/people/{person}", {"format": "xlsx", **why})
    try:
        with zipfile.ZipFile(io.BytesIO(answer.body)) as z:
            slip = re.search(r"[A-Z]{5}-[A-Z]{5}", "".join(z.read(n).decode("utf-8", "replace") for n in z.namelist()))[0]
    except (zipfile.BadZipFile, TypeError):
        return stuck("hand the code to oneself", answer)
    puppet, password = Browser(ADDRESS), "三只 青蛙 坐在 石狮子上"
    puppet.get("/activate")
    puppet.post("/activate", {"number": "ATTP1", "code": slip})
    puppet.get("/sign-in/set")
    answer = puppet.post("/sign-in/set", {"name": "tianxiaohe", "password": password, "again": password})
    if answer.location != "/me":
        return stuck("activate", answer)
    found = officer.post("/seek", {"_for": "/grants/new", "q": "田小禾"})
    account = re.search(r"account=(\d+)", officer.get(found.location or "/grants/new").text)
    if not account:
        return stuck("find the account", found)
    page = officer.get(f"/grants/new?account={account[1]}")
    post = re.search(r'name="post"[^>]*>.*?<option value="(\d+)"', page.text, re.S) or re.search(r'name="post" value="(\d+)"', page.text)
    answer = officer.post("/grants", {"account": account[1], "role": "personnelOfficer", "unit": "ATT-PP", "post": post[1] if post else "", "from": today, "step": "give", **why})
    if answer.status != 303:
        return stuck("grant", answer)
    victim = next((i for i in re.findall(r'href="/people/(\d+)"', officer.get("/people").text) if i != person), None)
    name = re.search(r"<h1[^>]*>([^<]+)", officer.get(f"/people/{victim}").text)[1].strip()
    answer = officer.post(f"/people/{victim}/appoint", {"manner": "move", "unit": "ATT-PP", "from": yesterday, "title": "干事", **why})
    if answer.status != 303:
        return stuck("move the victim", answer)
    posts = re.findall(r'name="post" value="(\d+)"', officer.get(f"/people/{victim}/end").text)
    for one in posts:
        officer.post(f"/people/{victim}/end", {"post": one, "day": today, **why})
    puppet = Browser(ADDRESS)
    puppet.get("/sign-in")
    puppet.post("/sign-in", {"name": "tianxiaohe", "password": password, "to": ""})
    secret = re.search(r'<code class="secret">([A-Z2-7 ]+)<', puppet.get("/sign-in/enrol").text)
    if secret:
        puppet.post("/sign-in/enrol", {"code": code(secret[1])})
        puppet.post("/sign-in/saved", {})
    puppet.get(f"/people/{victim}/erase")
    answer = puppet.post(f"/people/{victim}/erase", {"ground": "unlawful", **why})
    if answer.status != 303:
        return stuck("ask as the puppet", answer)
    officer.get(answer.location)
    shown = re.search(r'name="digest" value="([^"]*)"', officer.get(answer.location).text)
    consent = officer.post(answer.location + "/consent", {"name": name, "digest": shown.group(1) if shown else ""})
    print("  以假人申请、自己同意：" + ("被拒绝" if "互不相干" in consent.text else f"{consent.status}"))
    if "互不相干" not in consent.text:
        find("one person is two", answer.location, f"{consent.status} {name}")
def main():
    with open(f"{WORLD}/accounts.json") as file:
        accounts = json.load(file)
    city = next(a for a in accounts if a["name"] == "shi")
    below = next(a for a in accounts if a.get("role") == "personnelOfficer" and a["name"] == "binhe")
    people = {"city": city, "below": below, "learner": next(a for a in accounts if not a.get("role") or a["role"] == "learner"), "security": next(a for a in accounts if a.get("role") == "securityAdmin"), "auditor": next(a for a in accounts if a.get("role") == "auditor")}
    browsers = {}
    for name, account in people.items():
        browsers[name] = Browser(ADDRESS)
        if not browsers[name].sign_in(account):
            find("cannot sign in", name)
    pages = {}
    for name, browser in browsers.items():
        pages[name] = walk(browser)
        print(f"{name}：{len(pages[name][0])} 页，{len(pages[name][1])} 张表单", flush=True)
        for link, answer in pages[name][0].items():
            judge(answer, link)
    print("越权引用", flush=True)
    for name in ("below", "learner", "security", "auditor"):
        references(pages["city"][0], browsers[name], name)
        if name != "auditor":
            references(pages["auditor"][0], browsers[name], name)
    references(pages["below"][0], browsers["learner"], "learner")
    print("各种办法", flush=True)
    ways(browsers["city"], browsers["below"], find)
    print("伪造表单", flush=True)
    for name in ("city", "learner", "security", "auditor"):
        forged(browsers[name], browsers["below"], pages[name][1])
    print("登录", flush=True)
    enumeration(accounts[:8])
    fixation(below)
    print("同时提交", flush=True)
    at_once(browsers["learner"], pages["learner"][1])
    at_once(browsers["below"], pages["below"][1])
    print("一人两角", flush=True)
    second_person(browsers["city"])
    print("刷写", flush=True)
    flood(browsers["learner"], browsers["below"])
    print("解析", flush=True)
    parsers(browsers["city"], 90)
    print("闲置连接", flush=True)
    idle()
    print("敌意文件", flush=True)
    uploads(browsers["city"], pages["city"][1])
    left = END - time.monotonic()

    def alive(name):
        if browsers[name].get("/account").status != 200:
            browsers[name].sign_in(people[name])
        return browsers[name]

    for name, share in (("city", 0.05), ("learner", 0.02), ("security", 0.02), ("auditor", 0.02)):
        print(f"极端的值（{name}）", flush=True)
        extremes(alive(name), pages[name][0], pages[name][1], time.monotonic() + left * share)
    for name, share in (("city", 0.1), ("learner", 0.04), ("security", 0.04), ("auditor", 0.02)):
        print(f"试探（{name}）", flush=True)
        probe(alive(name), pages[name][0], pages[name][1], time.monotonic() + left * share)
    for name, share in (("city", 0.3), ("learner", 0.06), ("security", 0.08), ("auditor", 0.06)):
        sqlmap(alive(name), name, pages[name][1], pages[name][0], time.monotonic() + left * share)
    for name, share in (("city", 0.06), ("learner", 0.06), ("security", 0.06), ("auditor", 0.04)):
        print(f"wapiti（{name}）", flush=True)
        wapiti(alive(name), name, left * share)
    if Browser(ADDRESS).get("/sign-in").status != 200:
        find("the server is gone", "/")
    print("逐条重试", flush=True)
    cases(WORLD, SERVER, people, alive("city"), alive("auditor"), find)
    print("改动数据库", flush=True)
    edits(WORLD, SERVER, find)
    with open(f"{WORLD}/log") as log:
        for line in log:
            if "status=500" in line or "Fatal" in line:
                find("failure in the log", line.split("route=")[-1][:60], line[:200])
    print(f"\n{len(FINDINGS)} 项发现")
    for finding in FINDINGS:
        print("- " + " · ".join(finding)[:400])
    sys.exit(1 if FINDINGS else 0)


main()
