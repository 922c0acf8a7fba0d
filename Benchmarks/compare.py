"""Two programs beside one another: python Benchmarks/compare.py OLD NEW [--people N] [--rounds N]

Processor time, not the clock, and the least of several rounds in which they take turns: so a busy machine says the same as a quiet
one. OLD makes the demo world, each has a copy of its own. OLD_HOME and NEW_HOME name the folders of their policies and templates.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Attack"))
from browser import Browser  # noqa: E402


class Program:
    def __init__(self, name, path, folder):
        self.name, self.path, self.folder = name, path, folder / name
        home = os.environ.get(f"{name.upper()}_HOME")
        self.environment = {**os.environ, **({"YUGONG_HOME": home} if home else {}), "YUGONG_KEY_FILE": str(self.folder / "the.key"), "YUGONG_DATABASE": f"sqlite:{self.folder}/a.db"}
        self.folder.mkdir()

    def run(self, *arguments):
        """Seconds of processor time of a command."""
        process = subprocess.Popen([self.path, *arguments], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        assert status == 0, (self.name, arguments, status)
        return used.ru_utime + used.ru_stime

    def serve(self):
        self.server = subprocess.Popen([self.path, "serve", "--port", "0"], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.server.stdout:
            if "：http" in line:
                return line.split("：", 1)[1].strip()
        raise SystemExit(f"{self.name} does not serve")

    def used(self):
        with open(f"/proc/{self.server.pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.server.terminate()
        self.server.wait(60)


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("old")
    ask.add_argument("new")
    ask.add_argument("--people", type=int, default=3000)
    ask.add_argument("--rounds", type=int, default=3)
    options = ask.parse_args()
    found = {}

    def note(what, name, seconds):
        found.setdefault(what, {}).setdefault(name, []).append(seconds)

    with tempfile.TemporaryDirectory() as temporary:
        both = [Program(name, path, pathlib.Path(temporary)) for name, path in (("old", options.old), ("new", options.new))]
        made = subprocess.run([both[0].path, "demo", "--people", str(options.people), "--years", "2019-2023", "--format", "json"], env=both[0].environment, check=True, capture_output=True, text=True)
        accounts = json.loads(made.stdout)
        for file in both[0].folder.iterdir():
            shutil.copy(file, both[1].folder)
        for program in both:
            program.run("migrate")
        for _ in range(options.rounds):
            for program in both:
                note("verify", program.name, program.run("verify"))
                note("export people", program.name, program.run("export", "people", str(program.folder / f"out-{time.monotonic_ns()}.xlsx")))
                address = program.serve()
                time.sleep(3)
                note("serve: start, columns ready", program.name, program.used())
                program.browser = Browser(address)
                assert program.browser.sign_in(accounts[0]), program.name
            browser = both[1].browser
            unit = browser.get("/figures?year=2022").location or "/figures?year=2022"
            person = next(link for link in browser.get("/people").page().links if link.startswith("/people/") and link.split("/")[2].isdigit())
            pages = {"今日": "/", "名册": "/people", "人员档案": person, "单位": "/organizations", "指标": unit, "导入导出": "/exchange", "待办": "/approvals", "自己的账号": "/account"}
            for what, path in pages.items():
                for program in both:
                    for _ in range(20):
                        program.browser.get(path)
                for part in range(2):
                    for program in both:
                        before = program.used()
                        for _ in range(150):
                            program.browser.get(path)
                        note(f"page {what}", program.name, (program.used() - before) / 150)
            for program in both:
                program.stop()
    for what, times in found.items():
        old, new = min(times["old"]), min(times["new"])
        print(f"{what:<34}{old * 1000:>10.2f} ms{new * 1000:>10.2f} ms   {new / old if old else 1:>5.2f}", flush=True)


main()
