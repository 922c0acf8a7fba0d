@testable import Access
@testable import Accounts
@testable import App
import Kit
import TestBench
import Testing

/// Between the steps of signing in, and with sessions that are worth nothing any more or nothing here.
@Suite("Who is not quite signed in", .ownThreads) struct StepStories {
    private static let kinds: [SignInStep.Kind] = [.code, .enrol, .saved, .set]

    @Test("A step's routes open to that step alone: a stranger, a session, another step, one that is over are led elsewhere and change nothing")
    func steps() async throws {
        try await servedOnBothEngines { app, port in
            let account = try await app.database.write(Bench.act) { try AccountStore.add("keeper", displayName: "管档案的人", hash: "-", in: $0) }
            let session = try await app.database.write(Bench.act) { try Caller.session(account, in: $0) }
            var steps: [(kind: SignInStep.Kind, token: String)] = []
            for kind in Self.kinds { steps.append((kind, try await Self.begin(kind, of: account, app))) }
            let over = try await Self.begin(.code, of: account, app)
            try await app.database.write(Bench.act) { _ = try $0.run("UPDATE sign_in_step SET expires_ms = 0 WHERE fingerprint = \(Secrets.fingerprint(over))") }
            let rows = Features.all.rights.filter { $0.need == .step }
            #expect(Set(rows.map(\.path)).isSubset(of: Self.kinds.map(\.path)))
            let before = try await EveryTable(app.database)
            for row in rows {
                func led(_ cookies: [String: String]) async throws -> String? {
                    let browser = Browser(port: port)
                    for (name, value) in cookies { await browser.setCookie(name, value) }
                    let answer = row.method == "GET" ? try await browser.get(row.path) : try await browser.post(row.path, [("code", "000000"), ("name", "neuer.name"), ("password", "drei worte reichen"), ("again", "drei worte reichen")], token: Caller.token)
                    return answer.status == 303 ? answer.location : "\(answer.status)"
                }
                #expect(try await led([:]) == "/sign-in", "\(row.path) to a stranger")
                #expect(try await led(["yugong": session]) == "/sign-in", "\(row.path) to a session")
                #expect(try await led(["yugong-step": session]) == "/sign-in?over=1", "\(row.path) to a session's token as a step's")
                #expect(try await led(["yugong-step": "made-up"]) == "/sign-in?over=1", "\(row.path) to a made-up token")
                #expect(try await led(["yugong-step": over]) == "/sign-in?over=1", "\(row.path) to a step that is over")
                for step in steps where step.kind.path != row.path {
                    #expect(try await led(["yugong-step": step.token]) == step.kind.path, "\(row.path) to the step \(step.kind)")
                }
            }
            #expect(try await before.differences(app.database) == [])
        }
    }

    @Test("A step's token, a session without the second factor that its account owes, one that has ended and one of an account that may not be used open no route")
    func worthless() async throws {
        try await servedOnBothEngines { app, port in
            let subjects = try await Subjects.make(app)
            let root = try #require(subjects.named.units["HX"])
            var worthless: [(what: String, cookie: String, value: String)] = []
            func account(_ name: String, _ role: Role = .personnelOfficer, _ state: Account.State = .active) async throws -> Int64 {
                try await app.database.write(Bench.act) { db in
                    let id = try AccountStore.add(name, displayName: name, hash: "-", in: db)
                    try GrantStore.give(Grant(role: role, organizationID: root, from: .always, to: .open), to: id, in: db)
                    try db.run("UPDATE account SET state = \(state.rawValue) WHERE id = \(id)")
                    return id
                }
            }
            func session(_ id: Int64, isStrong: Bool = true) async throws -> String { try await app.database.write(Bench.act) { try Caller.session(id, isStrong: isStrong, in: $0) } }
            let active = try await account("active")
            for kind in Self.kinds {
                let token = try await Self.begin(kind, of: active, app)
                worthless.append(("a step's token as a session's", "yugong", token))
                worthless.append(("a step's token", "yugong-step", token))
            }
            for role in Role.allCases where role.needsFactor {
                worthless.append(("a session without the second factor of a \(role)", "yugong", try await session(try await account("weak-\(role.rawValue.lowercased())", role), isStrong: false)))
            }
            for state in Account.State.allCases where state != .active {
                worthless.append(("a session of an account that is \(state)", "yugong", try await session(try await account("\(state)", .personnelOfficer, state))))
            }
            for (what, column) in [("idle too long", "seen_ms"), ("over its time", "expires_ms")] {
                let ended = try await session(active)
                try await app.database.write(Bench.act) { _ = try $0.run(SQL(stringLiteral: "UPDATE session SET \(column) = 0 WHERE number = (SELECT max(number) FROM session)")) }
                worthless.append(("a session \(what)", "yugong", ended))
            }
            let good = try await session(active), goodBrowser = Browser(port: port)
            await goodBrowser.setCookie("yugong", good)
            #expect(try await goodBrowser.get("/people").status == 200, "the same account with a whole session reaches it")
            worthless.append(("the name of a session in capitals", "YUGONG", good))
            worthless.append(("a session of the cookie for TLS alone, without TLS", "__Host-yugong", good))
            worthless.append(("a device's cookie", "yugong-device", good))

            let rows = Features.all.rights.filter { !$0.isDevelopment && $0.need.caller == .signedIn }, cookies = worthless
            let before = try await EveryTable(app.database)
            try await atOnce(cookies.indices.map { $0 }) { number in
                let (what, cookie, value) = cookies[number], browser = Browser(port: port)
                for row in rows {
                    await browser.setCookie(cookie, value)
                    let answer = try await MatrixStories.ask(row, browser, subjects)
                    #expect(answer.status == 303 && answer.location?.hasPrefix("/sign-in") == true && answer.body.isEmpty, "\(row.method) \(row.path) with \(what): \(answer.status)")
                }
            }
            #expect(try await before.differences(app.database) == [])
        }
    }

    /// A step as it is after the one before it, its form token the known one.
    private static func begin(_ kind: SignInStep.Kind, of account: Int64, _ app: App) async throws -> String {
        try await app.database.write(Bench.act) { db in
            let sealed = kind == .enrol ? try app.entrance.secrets.seal(.random(), of: account) : nil
            let token = try SignInStepStore.begin(kind, of: account, proof: .password, sealed: sealed, target: "", in: db)
            _ = try db.run("UPDATE sign_in_step SET form_secret = \(Caller.token) WHERE fingerprint = \(Secrets.fingerprint(token))")
            return token
        }
    }
}
