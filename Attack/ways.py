"""What a page refuses must be refused to a workbook too: an officer of a street tries to open, change and close what is not his."""
import csv
import io
import re
import time

DAY = "2020-03-01"


def table(browser, kind, unit, subtree=False):
    """What an export says, as dictionaries."""
    browser.get("/exchange")
    answer = browser.take("/exchange/exports", {"kind": kind, "unit": unit, "format": "csv", **({"subtree": "on"} if subtree else {})})
    return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig")))) if answer.status == 200 else []


def take_in(browser, kind, rows, effective=""):
    """Sends rows as a workbook, takes in whatever is not marked as wrong, and gives the page of the import."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    browser.get("/exchange")
    link = browser.upload("/exchange/imports", {"kind": kind, "effective": effective}, "file", "a.csv", out.getvalue().encode()).location
    for sent in (False, True):
        if sent:
            browser.insist(link + "/apply", {"partial": "on"})
        for _ in range(300):
            page = browser.get(link)
            if "离开本页也会继续" not in page.text:
                break
            time.sleep(0.1)
    return page


def people(city, below, find):
    """Somebody of another district, whose name and number are known, is pulled into sight by a row of one's own unit."""
    there = next((row for row in table(city, "people", "HX-JC") if row["主任职"] == "是" and not row["离任日期"]), None)
    if there is None:
        return find("nobody to try with", "HX-JC")
    city.get("/people")
    file = city.insist("/people/find", {"number": there["证件号码"]}).location
    if not file or below.get(file).status != 404:
        return find("to be looked at: opens to another", "/people/ID", "before anything was tried")
    keys = {"姓名": there["姓名"], "证件号码": there["证件号码"], "单位编码": "HX-LJ-BH", "职务": "委员"}
    tried = {
        "a side post": {**keys, "主任职": "否", "任职日期": DAY},
        "a side post of the past": {**keys, "主任职": "否", "任职日期": DAY, "离任日期": "2020-04-01"},
        "a main post of the past": {**keys, "主任职": "是", "任职日期": "1990-01-01", "离任日期": "1990-02-01"},
        "a main post to come": {**keys, "主任职": "是", "任职日期": "2090-01-01"},
        "a side post with other facts": {**keys, "主任职": "否", "任职日期": DAY, "人员编号": "ATTACK-1", "手机号": "13800000009", "学历": "博士研究生"},
        "a row of the unit where the person is": {**there, "学历": "博士研究生", "手机号": "13800000009"},
    }
    for what, row in tried.items():
        page = take_in(below, "people", [row])
        if below.get(file).status != 404:
            find("a workbook opens another's file", "/exchange/imports", what)
        if there["单位编码"] in page.text and there["单位编码"] not in row.values():
            find("a workbook tells where somebody is", "/exchange/imports", what)
        for path, fields in (("/correct", {"name": there["姓名"], "why": "x"}), ("/certificates", {"number": "A-1", "title": "a", "issuer": "a", "issued": DAY})):
            if below.insist(file + path, fields).status != 404:
                find("another's file is changed", "/people/ID" + path, what)
    take_in(below, "training-records", [{"证件号码": there["证件号码"], "姓名": there["姓名"], "培训名称": "攻击班", "培训形式": "脱产培训", "开始日期": DAY, "结束日期": DAY, "天数": "1"}])
    if there not in table(city, "people", "HX-JC") or "攻击班" in str(table(city, "training-records", "HX-JC")):
        find("another's file is changed", "/exchange/imports", "the export of the other unit is no longer the same")
    # The same by the form that asks: a request, and the file stays shut.
    below.get("/transfers/new")
    asked = below.insist("/transfers", {"name": there["姓名"], "number": there["证件号码"], "manner": "also", "unit": "HX-LJ-BH", "title": "委员", "from": DAY, "why": "试验"})
    if not (asked.location or "").startswith("/approvals/") or below.get(file).status != 404 or below.insist(asked.location + "/consent", {}).status != 404:
        find("a side post needs no consent", "/transfers", str(asked.status))
    below.get(asked.location or "/approvals")
    below.insist((asked.location or "") + "/withdraw", {})


def units(city, below, find):
    """The own topmost unit is closed, moved and founded on another day by whom it is not left to."""
    own = next(iter(table(city, "organizations", "HX-LJ-BH")), None)
    if own is None:
        return find("nothing to try with", "HX-LJ-BH")
    link = next((found for found in re.findall(r"/organizations/\d+", below.get("/organizations").text)), "")
    tried = {
        "closed": ({**own, "撤销日期": "2026-01-01"}, ""), "founded on another day": ({**own, "成立日期": "2001-01-01"}, ""),
        "moved": ({**own, "上级单位编码": "HX-JC"}, "2026-01-01"), "moved to a unit of its own": ({**own, "上级单位编码": "HX-LJ-BH-FW"}, "2026-01-01"),
    }
    for what, (row, effective) in tried.items():
        take_in(below, "organizations", [row], effective)
        if own not in table(city, "organizations", "HX-LJ-BH"):
            find("a unit is changed over its superior's head", "/exchange/imports", what)
    for act in ("move", "merge", "close"):
        if below.insist(f"{link}/do/{act}", {"day": "2026-01-01", "parent": "HX-LJ-BH-FW", "into": "HX-LJ-BH-FW", "why": "x"}).status != 404:
            find("a unit is changed over its superior's head", f"/organizations/ID/do/{act}")
    # What the city has transferred is not taken back by the former superior's naming.
    below.get(link)
    code = "ATTACK-U"
    beside = next((row["单位编码"] for row in table(city, "organizations", "HX-LJ", subtree=True)
                   if row["单位编码"] != "HX-LJ-BH" and row["上级单位编码"] == "HX-LJ" and row["单位类型"] == own["单位类型"]), "")
    city.get("/organizations")
    facts = {"name": "试验工会", "kind": "enterpriseUnion", "ownership": "非公", "why": "试验"}
    made = city.insist(f"{link}/do/create", {**facts, "code": code, "day": "2015-01-01"}).location
    if not made or city.insist(f"{made}/do/move", {"parent": beside, "day": "2020-01-01", "why": "试验"}).status != 303:
        return find("nothing to try with", "a unit that was moved")
    before = table(city, "organizations", beside, subtree=True)
    moved = next(row for row in before if row["单位编码"] == code)
    take_in(below, "organizations", [{**moved, "上级单位编码": "HX-LJ-BH"}], "2021-01-01")
    if table(city, "organizations", beside, subtree=True) != before:
        find("a unit is changed over its superior's head", "/exchange/imports", "moved back to a former parent")


def ways(city, below, find):
    people(city, below, find)
    units(city, below, find)
