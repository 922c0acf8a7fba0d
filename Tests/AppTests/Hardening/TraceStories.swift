import Access
import Accounts
import App
import Foundation
import Kit
import Register
import TestBench
import Testing
import World

@Suite("What is left in logs and addresses", .ownThreads)
struct TraceStories {
    /// A browser that keeps every address that it asked, was sent to, or was shown.
    private actor Walker {
        private let browser: Browser
        private(set) var asked: [String] = []
        /// Addresses that the server made: redirects, links, targets of forms.
        private(set) var made: [String] = []
        private(set) var storable: [String] = []
        private(set) var last = ""

        init(port: Int) { browser = Browser(port: port) }

        @discardableResult
        func get(_ path: String) async throws -> Browser.Answer { note(path, try await browser.get(path)) }

        @discardableResult
        func post(_ path: String, _ fields: [(String, String)] = []) async throws -> Browser.Answer { note(path, try await browser.post(path, fields)) }

        /// The file that a form asks for.
        @discardableResult
        func take(_ path: String, _ fields: [(String, String)] = []) async throws -> Browser.Answer {
            let page = try #require(try await post(path, fields).location)
            while !(try await get(page).body.contains("\(page)/content")) { try await Task.sleep(for: .milliseconds(100)) }
            return try await get(page + "/content")
        }

        @discardableResult
        func upload(_ path: String, _ fields: [(String, String)], name: String, text: String) async throws -> Browser.Answer {
            note(path, try await browser.upload(path, fields, file: ("file", name, Array(text.utf8))))
        }

        func cookies() async -> [String] {
            var found: [String] = []
            for name in ["yugong", "yugong-form", "yugong-step", "yugong-device"] { if let value = await browser.cookie(name) { found.append(value) } }
            return found
        }

        private func note(_ path: String, _ answer: Browser.Answer) -> Browser.Answer {
            asked.append(path)
            last = answer.body
            if let location = answer.location { made.append(location) }
            made += answer.body.matches(of: #/(?:href|action|src|hx-get|hx-post|formaction)="([^"]*)"/#).map { String($0.1).replacing("&amp;", with: "&") }
                // Opened by the phone's authenticator, never asked of a server.
                .filter { !$0.hasPrefix("otpauth:") }
            if answer.header("Cache-Control") != "no-store" { storable.append("\(path): \(answer.header("Cache-Control") ?? "none")") }
            return answer
        }
    }

    @Test("Stories at level debug: no password, code, token, number or name of a person in any line of the log or address we make; nothing may be kept")
    func traces() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let folder = NSTemporaryDirectory() + "/yugong-trace-\(UUID().uuidString)", key = folder + "/the.key", log = folder + "/log"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                defer { try? FileManager.default.removeItem(atPath: folder) }
                let app = try App(database: database, databaseURL: url, settings: Settings(home: Settings.fromEnvironment().home, keyFile: key))
                let named = try await Named.fill(database, numbers: app.numbers)
                let liu = try #require(named.people["刘芳"]), bh = try #require(named.units["HX-LJ-BH"])
                let password = try Accounts.add("OuYang", role: "personnelOfficer", unit: "HX-LJ-BH", displayName: "欧阳静", today: Day(number: 19_000), by: Bench.act, in: database, .least)
                let number = try await database.read { db in
                    try RosterStore.idNumber(of: try #require(try RosterStore.person(liu, in: db)), numbers: app.numbers).text
                }
                let fresh = try PersonNumber.passing("11010519900101002"), other = try PersonNumber.passing("11010519920202002")
                let wrong = "ein-falsches-wort-2026", newPassword = "drei neue worte 2026", phone = "13912345678", name = "司马测试", word = "恶意的查找词"
                var secrets = [password, wrong, newPassword, number, fresh, other, phone, "刘芳", name, word]

                let served = try KillStories.Served(url, key: key, folder: folder, log: log), walker = Walker(port: served.port)
                defer { served.end(SIGTERM) }
                // Signing in: wrong, right, second factor, out, with a recovery code.
                try await walker.get("/sign-in")
                try await walker.post("/sign-in", [("name", "ouyang"), ("password", wrong)])
                try await walker.post("/sign-in", [("name", wrong), ("password", password)])
                try await walker.post("/sign-in", [("name", "ouyang"), ("password", password)])
                secrets += await walker.cookies()
                let enrol = try await walker.get("/sign-in/enrol")
                let secret = try #require(enrol.body.firstMatch(of: #/<code class="secret">([A-Z2-7 ]+)</#).flatMap { TimeCode.Secret(text: String($0.1)) })
                let code = TimeCode.code(secret, step: TimeCode.step(atMilliseconds: Clock.nowMilliseconds))
                try await walker.post("/sign-in/enrol", [("code", "000000")])
                try await walker.get("/sign-in/enrol")
                let saved = try await walker.post("/sign-in/enrol", [("code", code)])
                let recovery = saved.body.matches(of: #/<code>([A-Z]{5}-[A-Z]{5})</#).map { String($0.1) }
                #expect(recovery.count == 10)
                secrets += [secret.text] + recovery
                try await walker.post("/sign-in/saved")
                secrets += await walker.cookies()
                #expect(try await walker.get("/").status == 200)
                // Finding by number and phone, a whole number, what is not there, and what somebody types into the address bar.
                try await walker.get("/people")
                #expect(try await walker.post("/people/find", [("number", number)]).location == "/people/\(liu)")
                try await walker.post("/people/find", [("number", phone)])
                try await walker.get("/people/\(liu)")
                #expect(try await walker.post("/people/\(liu)/unmask", [("number", "idNumber")]).body.contains(number))
                for path in ["/people/\(number)", "/nonsense/\(number)?phone=\(phone)", "/people?q=\(Fields.encode(word))", "/figures/\(bh)?year=\(number)"] { try await walker.get(path) }
                try await walker.post("/people/\(number)/unmask", [("number", number)])
                // Found by name: in the list, and in no address of it.
                for (list, query) in [("/people", "q"), ("/activation", "q"), ("/grants", "who"), ("/grants/new", "q")] {
                    try await walker.get(list)
                    let found = try #require(try await walker.post("/seek", [("_for", list), (query, "刘芳"), ("empty", "")]).location)
                    #expect(found.hasPrefix("\(list)?\(query)=~") && !found.contains("empty"))
                    #expect(try await walker.get(found).body.contains("value=\"刘芳\""), "\(list): what was typed stays in its field")
                    #expect(try await walker.get(found.dropLast(6) + "AAAAAA").status == 200, "an address that was tampered with asks for nobody")
                }
                let long = try #require(try await walker.post("/seek", [("_for", "/people"), ("q", String(repeating: "长", count: 5000))]).location)
                #expect(try await walker.get(long).status == 200 && long.utf8.count < 2000, "an address stays one that every proxy takes")
                for elsewhere in ["//evil.example", "https://evil.example/people", "", "people"] {
                    #expect(try await walker.post("/seek", [("_for", elsewhere), ("q", "刘芳")]).location == "/")
                }
                // A new person, refused and then made; corrected wrongly.
                try await walker.get("/people/new")
                var fields = [("name", name), ("idNumber", fresh), ("phone", "139"), ("unit", "HX-LJ-BH"), ("title", "干事"), ("from", "2024-01-01"), ("why", "新调入")]
                #expect(try await walker.post("/people/new", fields).location == nil)
                fields[2] = ("phone", phone)
                let made = try #require(try await walker.post("/people/new", fields).location)
                for end in ["", "/history", "/correct", "/hours", "/certificates", "/erase"] { try await walker.get(made + end) }
                try await walker.post(made + "/correct", [("name", name), ("idNumber", number), ("why", "改号码")])
                // An import with errors: judged, looked at, taken back marked, taken in as far as it goes.
                let table = "姓名,证件号码,手机号,单位编码,任职日期\n\(name),\(other),\(phone),HX-LJ-BH,2024-01-01\n刘芳,\(other.dropLast())7,139,NIX,gestern\n"
                try await walker.get("/exchange")
                let job = try #require(try await walker.upload("/exchange/imports", [("kind", "people")], name: "人员.csv", text: table).location)
                try await eventually { try await walker.get(job).body.contains("标注") }
                try await walker.get(job + "/progress")
                try await walker.take(job + "/marked")
                try await walker.post(job + "/apply", [("partial", "on")])
                // What leaves the house, the names behind a figure, and the own account.
                #expect(try await walker.take("/exchange/exports", [("kind", "people"), ("unit", "HX-LJ-BH"), ("format", "csv")]).body.contains(number))
                for path in ["/figures/\(bh)?year=2022", "/figures/\(bh)/A1?year=2022&category=grassroots", "/changes", "/notices", "/approvals", "/approvals?view=decided", "/account"] {
                    try await walker.get(path)
                }
                try await walker.take("/figures/\(bh)/A1/people.xlsx?year=2022&category=grassroots")
                try await walker.post("/transfers/find", [("name", "刘芳"), ("number", number)])
                try await walker.post("/account", [("current", wrong), ("new", newPassword), ("again", newPassword)])
                try await walker.post("/account", [("current", password), ("new", newPassword), ("again", newPassword)])
                secrets += await walker.cookies()
                try await walker.post("/sign-out")
                served.end(SIGTERM)

                let text = try String(contentsOfFile: log, encoding: .utf8)
                #expect(text.contains("debug"), "the log was listened to: \(text.prefix(300))")
                let addresses = await walker.made
                #expect(addresses.count > 300 && Set(secrets).count > 20)
                for secret in Set(secrets) {
                    for form in Set([secret, Fields.encode(secret), Data(secret.utf8).base64EncodedString()]) {
                        #expect(!text.contains(form), "in the log: \(form)")
                        let found = addresses.filter { $0.contains(form) }
                        #expect(found == [], "in an address: \(form)")
                    }
                }
                #expect(await walker.storable == [])
            }
        }
    }
}

/// A number that passes its check.
enum PersonNumber {
    static func passing(_ first: String) throws -> String {
        try #require(Array("0123456789X").map { first + String($0) }.first { (try? IDNumber($0, today: .open)) != nil })
    }
}
