"""后台工作: what waits, works and failed is seen; what failed is tried again or given up."""

import sqlite3
import time

COLUMNS = "id, kind, job_key, lane, asker, place, state, due_ms, attempts, worker, beat, begun_ms, done_count, total_count, why, failures, enqueued_ms, changed_ms"


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def fill(world, first):
    """As servers note it down: one of each state, and one of which the schedule has failed three times in turn."""
    now, far = int(time.time() * 1000), 4_000_000_000_000
    rows = [
        (first, "approval.remind", "story", "small", 0, 0, "failed", now, 5, "", None, now, 0, None, "数据库所在的磁盘已满，没有保存任何内容。请腾出空间后再试。", 3, now, now),
        (first + 1, "import.judge", None, "large", 0, 0, "failed", now, 5, "", None, now, 0, None, "处理它的服务中途停止", 1, now, now),
        (first + 2, "import.apply", None, "large", 0, 0, "working", now, 1, "qianhai-02/4711", 0, now - 60_000, 48_000, 150_000, "", 0, now, now),
        (first + 3, "import.judge", None, "large", 0, 0, "waiting", far, 2, "", None, now, 0, None, "处理它的服务中途停止", 0, now, now),
        (first + 4, "erasure.carry", None, "small", 0, 0, "waiting", far, 0, "", None, None, 0, None, "", 0, now, now),
        (first + 5, "slip.lapse", None, "small", 0, 0, "done", now, 1, "", None, now, 0, None, "", 0, now, now),
    ]
    with sqlite3.connect(world["database"].removeprefix("sqlite:"), timeout=60) as database:
        database.executemany(f"INSERT INTO job_run ({COLUMNS}) VALUES ({','.join('?' * 18)})", rows)


def beat(world, job):
    """Whoever has it in hand lives."""
    with sqlite3.connect(world["database"].removeprefix("sqlite:"), timeout=60) as database:
        database.execute("UPDATE job_run SET beat = beat + 1 WHERE id = ? AND state = 'working'", (job,))


def test_what_failed_is_tried_again_or_given_up(visitor, world):
    page = visitor.sign_in("xitong")
    page.goto(world["address"] + "/jobs")
    assert page.get_by_text("没有办不成的").is_visible() and fits(page)
    visitor.picture(f"jobs-empty-{visitor.size}")

    first = 100 if visitor.size == "desktop" else 200
    fill(world, first)
    page.reload()
    assert page.get_by_text("件没有办成，不会自动再试").is_visible() and fits(page)
    assert page.get_by_text("像这样连续 3 轮都没有办成").is_visible()
    assert page.get_by_text("已完成").first.is_visible()
    visitor.picture(f"jobs-{visitor.size}")
    page.emulate_media(color_scheme="dark")
    beat(world, first + 2)
    visitor.picture(f"jobs-dark-{visitor.size}")
    page.emulate_media(color_scheme="light", media="print")
    visitor.picture(f"jobs-print-{visitor.size}")
    page.emulate_media(media="screen")
    beat(world, first + 2)

    page.goto(world["address"] + f"/jobs/{first + 2}")
    assert page.get_by_text("qianhai-02（进程 4711）").is_visible() and fits(page)
    visitor.picture(f"job-working-{visitor.size}")
    for one in (first + 2, first + 3, first + 4):
        page.goto(world["address"] + f"/jobs/{one}")
        page.fill("input[name=why]", "只为看一看")
        page.get_by_role("button", name="放弃这一件").click()
        assert page.get_by_text("已放弃，等它结果的人会收到通知").is_visible()

    page.goto(world["address"] + f"/jobs/{first + 1}")
    assert fits(page)
    visitor.picture(f"job-failed-{visitor.size}")
    page.get_by_role("button", name="放弃这一件").click()
    # Nothing is sent without a reason.
    assert page.locator("input[name=why]:invalid").count() == 1 and fits(page)
    visitor.picture(f"job-refused-{visitor.size}")
    page.fill("input[name=why]", "文件已经作废")
    page.get_by_role("button", name="放弃这一件").click()
    page.goto(world["address"] + f"/jobs/{first}")
    page.get_by_role("button", name="再试一次").click()
    assert page.get_by_text("已重新排队，马上再试").is_visible() and fits(page)
    visitor.picture(f"jobs-retried-{visitor.size}")
    # It is done by the server within a moment.
    for _ in range(600):
        page.goto(world["address"] + f"/jobs/{first}")
        if page.get_by_text("已办成").is_visible():
            break
        time.sleep(0.1)
    assert page.get_by_text("已办成").is_visible() and fits(page)
