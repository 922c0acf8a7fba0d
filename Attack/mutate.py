"""Takes the guard of each route away, one at a time, and says which loss no test notices.

  python3 Attack/mutate.py [gate|widen|scope] [PART_OF_A_PATH]

gate: the table's row of the route lets everybody in; of routes where the row is all there is. widen: the handler is told
that its caller is an officer of the whole tree, so that whatever it asks of unit, person or record is granted; of lists.
scope: both, of every route that asks for a right. The tree is changed for one build and put back.
Not part of the checks of every change: a quarter of an hour. Survivors and their reasons are in docs/rights.md.
"""
import os, pathlib, re, subprocess, sys

home = pathlib.Path(__file__).resolve().parent.parent
os.chdir(home)
NEW = {
    "Sources/Kit/Web/Mutant.swift": '''
import Foundation
package let mutant = ProcessInfo.processInfo.environment["YUGONG_MUTANT"] ?? ""
nonisolated(unsafe) package var widened: @Sendable (Any) -> Any = { $0 }
func mutated<C>(_ method: String, _ path: String, _ caller: C) -> C {
    ["scope", "widen"].contains { mutant == "\\($0) \\(method) \\(path)" } ? widened(caller) as? C ?? caller : caller
}
''',
    "Sources/Access/Rights/Mutant.swift": '''
import Kit
extension SignedIn {
    package var widened: SignedIn {
        let everywhere = scope.tree.roots.map { Grant(role: .personnelOfficer, organizationID: $0.id, from: .always, to: .open) }
        return SignedIn(account: account, grants: grants + everywhere, tree: scope.tree, token: token, now: now, origin: origin, unread: unread, session: session)
    }
}
''',
}
CHANGED = {
    "Sources/App/App.swift": [
        ("return { need.lets($0) }", 'return { ["gate", "scope"].contains { mutant == "\\($0) \\(method) \\(path)" } || need.lets($0) }'),
        ("let table = RightsRegistration(features.rights)", "widened = { ($0 as? SignedIn)?.widened ?? $0 }; let table = RightsRegistration(features.rights)"),
    ],
    "Sources/Kit/Web/Routes.swift": [
        ("try await handle(asked, caller)", 'try await handle(asked, mutated("GET", path, caller))'),
        ("try await handle(form, asked, caller)", 'try await handle(form, asked, mutated("POST", path, caller))'),
    ],
}
KINDS = {"gate": "anywhere|root|role", "widen": "anywhere", "scope": "right"}
kinds = [a for a in sys.argv[1:] if a in KINDS] or list(KINDS)
part = next((a for a in sys.argv[1:] if a not in KINDS), "")


def run(*command, **more):
    return subprocess.run(command, capture_output=True, text=True, **more)


rows = re.findall(r'RightsRow\("(\w+)", "([^"]+)", (\.\w+(?:\([^)]*\))?), "[^"]*"\)', "".join(path.read_text() for path in sorted(pathlib.Path("Sources").rglob("*Feature.swift"))))
rows = [(f"{method} {path}", need) for method, path, need in rows if part in path and need not in (".open", ".step")]
before = {path: pathlib.Path(path).read_text() for path in CHANGED}
# A guard that is written otherwise now is told before anything is changed or built.
for path, pairs in CHANGED.items():
    for old, new in pairs:
        assert before[path].count(old) == 1, f"{path}: {old}"
try:
    for path, text in NEW.items():
        pathlib.Path(path).write_text(text)
    for path, pairs in CHANGED.items():
        text = before[path]
        for old, new in pairs:
            text = text.replace(old, new)
        pathlib.Path(path).write_text(text)
    built = run("swift", "build", "--build-tests")
    if built.returncode:
        sys.exit(built.stdout[-3000:])

    def told(mutant):
        # One engine is enough to see that a guard is gone.
        environment = {**os.environ, "YUGONG_MUTANT": mutant, "YUGONG_TEST_POSTGRES": ""}
        return run("swift", "test", "--skip-build", "--filter", "MatrixStories|ForeignStories|StepStories", env=environment)

    if told("").returncode:
        sys.exit("The tests fail without any mutation.")
    survivors = 0
    for kind in kinds:
        for name, need in rows:
            if not re.search(KINDS[kind], need):
                continue
            died = told(f"{kind} {name}").returncode != 0
            survivors += not died
            print("noticed " if died else "SURVIVED", kind, name, need, flush=True)
    print(f"{survivors} survived")
finally:
    for path, text in before.items():
        pathlib.Path(path).write_text(text)
    for path in NEW:
        pathlib.Path(path).unlink(missing_ok=True)
