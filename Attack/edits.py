"""Whoever can write to the database changes something in every table: `yugong verify` must say so."""
import os
import random
import sqlite3
import subprocess


def edits(world, server, find):
    """Edits a copy of the database by hand, triggers off, and asks `yugong verify` about each: what it calls sound is a finding."""
    database = f"{world}/a.db"
    if not os.path.exists(database):
        return
    random_row = "(SELECT rowid FROM {0} ORDER BY random() LIMIT 1)"
    program = os.readlink(f"/proc/{server}/exe")
    source = sqlite3.connect(database)
    skipped = {"tail", "migration", "sign_in_attempt", "provider_return", "import_file", "job_run", "job_slot"}
    tables = [name for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'") if name not in skipped]
    # The server goes on: a copy of the anchor first, which may be behind, and then of the database.
    for end in ("", ".anchor"):
        if os.path.exists(f"{world}/the.key{end}"):
            with open(f"{world}/the.key{end}") as old, open(f"{world}/copy.key{end}", "w") as new:
                new.write(old.read())
    base = sqlite3.connect(f"{world}/base.db")
    source.backup(base)
    base.close()

    def verify():
        environment = dict(os.environ, YUGONG_KEY_FILE=f"{world}/copy.key", YUGONG_DATABASE=f"sqlite:{world}/edited.db")
        if os.path.exists(f"{world}/copy.key.verified"):
            os.unlink(f"{world}/copy.key.verified")
        return subprocess.run([program, "verify"], env=environment, capture_output=True, text=True)

    def edited(texts):
        for end in ("", "-wal", "-shm"):
            if os.path.exists(f"{world}/edited.db{end}"):
                os.unlink(f"{world}/edited.db{end}")
        with sqlite3.connect(f"{world}/base.db") as base, sqlite3.connect(f"{world}/edited.db", isolation_level=None) as copy:
            base.backup(copy)
            copy.execute("PRAGMA ignore_check_constraints = ON")
            triggers = copy.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                copy.execute(f"DROP TRIGGER {name}")
            changed = 0
            for text in texts:
                try:
                    changed += copy.execute(text).rowcount
                except sqlite3.IntegrityError:
                    pass
            for _, sql in triggers:
                copy.execute(sql)
        return changed > 0

    edited([])
    if verify().returncode != 0:
        return find("verify finds something in a sound world", "verify", verify().stdout[:200])
    for table in tables:
        columns = [row[1] for row in source.execute(f"PRAGMA table_info({table})")]
        row = random_row.format(table)
        tried = [f"UPDATE {table} SET {c} = CASE typeof({c}) WHEN 'integer' THEN {c} + 1 WHEN 'blob' THEN x'5a5a' ELSE coalesce({c}, '') || '1' END WHERE rowid = {row}"
                 for c in random.sample(columns, min(2, len(columns)))]
        if table not in ("session", "sign_in_step"):
            tried.append(f"DELETE FROM {table} WHERE rowid = {row}")
        for text in tried:
            if edited([text]) and verify().returncode == 0:
                find("an edit by hand is not found", table, text[:120])
    source.close()
