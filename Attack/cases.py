"""What an attack by hand once found, one by one, where nothing else here tries it: numbers, looks, the log, backups and files."""
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import time

from browser import Browser

LEARNER = "(SELECT a.id FROM account a LEFT JOIN account_grant g ON g.account_id = a.id WHERE g.id IS NULL ORDER BY a.id LIMIT 1)"
OTHER = f"(SELECT id FROM account WHERE id <> {LEARNER} ORDER BY id DESC LIMIT 1)"
VICTIM = "(SELECT min(id) FROM person)"


def copied(source, table, **changes):
    """A row like the last one of a table, with another key and these columns otherwise."""
    names = [row[1] for row in source.execute(f"PRAGMA table_info({table})")]
    changes = {"id": f"(SELECT max(id) + 1 FROM {table})", **changes} if "id" in names else changes
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(changes.get(name, name) for name in names)} FROM {table} ORDER BY rowid DESC LIMIT 1"


def named(source):
    """Edits by hand that once were called sound; each is one transaction of whoever can write to the database."""
    root = "(SELECT id FROM organization ORDER BY id LIMIT 1)"
    return {
        "a grant put in": [copied(source, "account_grant", account_id=LEARNER, role="'securityAdmin'", organization_id=root, appointment_id="NULL", appointment_unit_id="NULL")],
        "a password swapped": [f"UPDATE account SET password_hash = (SELECT password_hash FROM account WHERE id = {OTHER}) WHERE id = {LEARNER}"],
        "an account bound to another person": [f"UPDATE account SET person_id = (SELECT max(id) FROM person) WHERE id = {LEARNER}"],
        "an account put in": [copied(source, "account", name="'attacker'")],
        "a second factor taken away": ["DELETE FROM account_factor WHERE account_id = (SELECT min(account_id) FROM account_factor)"],
        "a certificate prolonged": ["UPDATE post_certificate SET valid_until = valid_until + 3650"],
        "a certificate put in": [copied(source, "post_certificate", number="'ATTACK-9'")],
        "an institution recognised again": ["DELETE FROM unrecognised_institution WHERE rowid = (SELECT min(rowid) FROM unrecognised_institution)"],
        "a person put in": [copied(source, "person", code="'ATTACK-9'", id_index="x'00112233445566778899aabbccddeeff'", phone_index="NULL")],
        "a post put in": [copied(source, "appointment", is_primary="0", title="'攻击'")],
        "a unit put in": [copied(source, "organization", code="'ATTACK-9'")],
        "a person renamed and the key gone": [f"UPDATE person SET name = '攻击' WHERE id = {VICTIM}", f"DELETE FROM person_key WHERE person_id = {VICTIM}"],
    }


class Copies:
    """Copies of the served database with keys of their own, for what is done behind the program's back."""

    def __init__(self, world, server):
        self.world, self.folder, self.program = world, f"{world}/cases", os.readlink(f"/proc/{server}/exe")
        os.makedirs(self.folder + "/tmp", exist_ok=True)
        self.key, self.path = f"{self.folder}/copy.key", f"{self.folder}/copy.db"
        self.environment = dict(os.environ, YUGONG_KEY_FILE=self.key, YUGONG_DATABASE=f"sqlite:{self.path}", TMPDIR=self.folder + "/tmp")
        # The anchor first, which may be behind, and then the database.
        self.kept = {end: open(f"{world}/the.key{end}", "rb").read() for end in ("", ".anchor") if os.path.exists(f"{world}/the.key{end}")}
        with sqlite3.connect(f"{world}/a.db") as source, sqlite3.connect(f"{self.folder}/base.db") as base:
            source.backup(base)

    def fresh(self):
        for name in os.listdir(self.folder):
            if name.startswith("copy."):
                os.unlink(f"{self.folder}/{name}")
        shutil.copy(f"{self.folder}/base.db", self.path)
        for end, content in self.kept.items():
            with open(self.key + end, "wb") as file:
                file.write(content)
            os.chmod(self.key + end, 0o600)

    def edit(self, texts, keeps_triggers=True):
        with sqlite3.connect(self.path, isolation_level=None) as copy:
            copy.execute("PRAGMA ignore_check_constraints = ON")
            triggers = copy.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                copy.execute(f"DROP TRIGGER {name}")
            changed = sum(max(0, copy.execute(text).rowcount) for text in texts)
            for _, sql in triggers if keeps_triggers else []:
                copy.execute(sql)
        return changed

    def run(self, *arguments, **more):
        return subprocess.run([self.program, *arguments], env={**self.environment, **more}, capture_output=True, text=True)

    def serve(self):
        """A server of the copy; its address and where it says what it logs."""
        log = open(f"{self.folder}/log", "w")
        server = subprocess.Popen([self.program, "serve", "--port", "0", "--trusted-proxies", "127.0.0.1"], env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True)
        for line in server.stdout:
            if line.startswith("育工已启动"):
                return server, line.split("：", 1)[1].strip()
        return server, ""


def numbers(city, auditor, find):
    """Hours that no record has, and the number after the last one there is."""
    def entry():
        for person in re.findall(r'href="/people/(\d+)"', city.get("/people").text)[:30]:
            found = re.search(r"/records/\d+", city.get(f"/people/{person}/hours").text + city.get(f"/people/{person}").text)
            if found:
                return found[0]

    record = entry()
    form = next((f for f in city.get(record).page().forms if f["action"].endswith("/correct")), None) if record else None
    if form is None:
        return find("nothing to try with", "/records/ID/correct")
    for hours in ("99999999", "20000000", "-1", "9223372036854775807"):
        answer = city.insist(form["action"], {**form["fields"], "hours": hours, "days": "", "why": "攻击试验"})
        if answer.status not in (200, 400, 422) or answer.location:
            find("hours that no record has are taken", form["action"], f"{hours}: {answer.status}")
    for number in (2**63 - 1, 2**63, -(2**63)):
        if auditor.get(f"/audit/{number}").status != 404:
            find("an act that there is not", f"/audit/{number}")
    if city.get("/").status not in (200, 303):
        find("the server is gone", "after numbers")


def looks(world, city, find):
    """Each page that shows a file says so to the person; of each another file, for one viewer is told once in a while."""
    if not os.path.exists(f"{world}/a.db"):
        return

    def asked(sql, *values):
        with sqlite3.connect(f"file:{world}/a.db?mode=ro", uri=True) as database:
            return database.execute(sql, values).fetchone()[0]

    ends = ["", "/correct", "/certificates", "/appoint", "/end", "/merge", "/erase"]
    people = [person for person in re.findall(r'href="/people/(\d+)"', city.get("/people").text)
              if asked("SELECT count(*) FROM act_change WHERE subject = 'file_view' AND subject_id = ?", int(person)) == 0]
    pages = [("/people/%s" + end) for end in ends] + ["/activation/people/%s", "/records/%s"]
    if len(people) < len(pages):
        return find("nothing to try with", "files nobody has looked at")
    for page, person in zip(pages, people):
        about = asked("SELECT max(id) FROM hour_entry WHERE person_id = ?", int(person)) if page.startswith("/records") else person
        answer = city.get(page % about)
        for _ in range(50):
            if asked("SELECT count(*) FROM act_change WHERE subject = 'file_view' AND subject_id = ?", int(person)) > 0:
                break
            time.sleep(0.1)
        else:
            if answer.status == 200:
                find("a look leaves no trace", page)


def log(copies, find):
    """Edits that once were called sound, and a log that is made to vouch for them."""
    copies.fresh()
    if (sound := copies.run("verify")).returncode:
        return find("verify finds something in a sound world", "verify", sound.stdout[:200])
    source = sqlite3.connect(f"{copies.folder}/base.db")
    for what, texts in named(source).items():
        copies.fresh()
        try:
            changed = copies.edit(texts)
        except sqlite3.Error as problem:
            find("the attack got no further, look whether it still asks the right thing", what, str(problem))
            continue
        if changed == 0:
            find("nothing to try with", what)
        elif copies.run("verify").returncode == 0:
            find("an edit by hand is not found", what)
    copies.fresh()
    copies.edit([], keeps_triggers=False)
    if copies.run("verify").returncode == 0:
        find("an edit by hand is not found", "all triggers dropped")
    # The log made new: whoever starts next must not vouch for it.
    copies.fresh()
    copies.edit(["UPDATE act SET why = '攻击' WHERE id = (SELECT max(id) FROM act)", "DELETE FROM act_link", "DELETE FROM act_chain"])
    os.unlink(copies.key + ".anchor")
    server, _ = copies.serve()
    server.terminate()
    server.wait(60)
    if copies.run("verify").returncode == 0:
        find("a log made new is vouched for", "verify")


def backups(copies, find):
    """A backup that somebody has edited does not go in without a reason."""
    copies.fresh()
    backup, target = f"{copies.folder}/b.backup", f"sqlite:{copies.folder}/copy.restored.db"
    if copies.run("backup", backup).returncode:
        return find("nothing to try with", "backup")
    with sqlite3.connect(backup, isolation_level=None) as edited:
        for name, in edited.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            edited.execute(f"DROP TRIGGER {name}")
        edited.execute("UPDATE person SET name = '攻击' WHERE id = (SELECT min(id) FROM person)")
    if copies.run("restore", backup, YUGONG_DATABASE=target).returncode == 0:
        find("an edited backup goes in", "restore")


def files(copies, people, find):
    """What lies about is nobody else's, what a killed import has left goes, and the log names the caller behind a proxy."""
    copies.fresh()
    os.chmod(copies.path, 0o644)
    server, address = copies.serve()
    try:
        browser = Browser(address)
        if not browser.sign_in(people["city"]):
            return find("cannot sign in", "a copy")
        for name in os.listdir(copies.folder):
            kept = os.stat(f"{copies.folder}/{name}")
            # What only is locked holds nothing.
            if name.startswith("copy.") and kept.st_size > 0 and kept.st_mode & 0o077:
                find("a file that others may read", re.sub(r"\d+", "N", name))
        browser.ask("GET", "/people/1", headers={"X-Forwarded-For": "203.0.113.77"})
        browser.get("/exchange")
        browser.upload("/exchange/imports", {"kind": "people"}, "file", "a.csv", ("姓名,证件号码,单位编码,任职日期\n" + "攻击,11010519491231002X,B,2020-01-01\n" * 400_000).encode())
        for _ in range(100):
            if any(files for _, _, files in os.walk(copies.folder + "/tmp")):
                break
            time.sleep(0.02)
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait(60)
    with open(f"{copies.folder}/log") as said:
        if "from=203.0.113.77" not in said.read():
            find("the log names the proxy", "X-Forwarded-For")
    left = [f"{folder}/{name}" for folder, _, names in os.walk(copies.folder + "/tmp") for name in names]
    print(f"  被杀的导入留下 {len(left)} 个文件")
    server, _ = copies.serve()
    still = [path for path in left if os.path.exists(path)]
    server.terminate()
    server.wait(60)
    if still:
        find("a killed import leaves its file", re.sub(r"[0-9A-F-]{20,}", "N", still[0]))


def cases(world, server, people, city, auditor, find):
    numbers(city, auditor, find)
    looks(world, city, find)
    if os.path.exists(f"{world}/a.db"):
        copies = Copies(world, server)
        log(copies, find)
        backups(copies, find)
        files(copies, people, find)
