import App
import Foundation
import Kit
import Ledger
import Register
import TestBench
import Testing
import World

@Suite("取走我的全部资料", .ownThreads) struct ExtractStories {
    private func story(_ person: String, _ body: @escaping @Sendable (App, Named, Browser) async throws -> Void) async throws {
        try await servedOnBothEngines { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            let password = try Learners.account("me", of: person, named, app.database)
            let browser = Browser(port: port)
            try await browser.signIn("me", password)
            _ = try await browser.get("/me/extract")
            try await body(app, named, browser)
        }
    }

    @Test("The JSON holds everything, is a file to keep and not to cache, and its digest is on record")
    func json() async throws {
        try await story("赵𬱖") { app, named, browser in
            let person = named.people["赵𬱖"]!
            let answer = try await browser.take("/me/extract", [("format", "json")])
            #expect(answer.status == 200 && answer.header("Content-Type")?.hasPrefix("application/json") == true)
            #expect(answer.header("Content-Disposition")?.hasPrefix("attachment; filename=") == true)
            #expect(answer.header("Cache-Control")?.contains("no-store") == true)
            let object = try #require(try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any])
            #expect(object["format"] as? String == "yugong-person-extract" && object["version"] as? Int == 1)
            let who = try #require(object["person"] as? [String: Any])
            #expect(who["name"] as? String == "赵𬱖" && (who["idNumber"] as? String)?.count == 18)
            let trainings = try #require(object["trainings"] as? [[String: Any]])
            #expect(trainings.count == 3 && answer.body.contains("7.88") && !answer.body.contains("7.8799"))
            #expect(Set(object.keys) == [
                "format", "version", "madeOn", "numbersMasked", "responsible", "policy", "person", "posts", "trainings", "totals", "certificates", "accounts",
                "objections", "changes", "views", "messages", "savedViews",
            ])
            let digest = Fingerprint.text(of: answer.body)
            let acts = try app.database.readNow { try ActStore.changes(of: "extract", [person], in: $0) }
            #expect(acts.map(\.act.kind) == ["extract.json"] && acts.first?.act.why == digest)
            // The same again is the same bytes.
            #expect(try await browser.take("/me/extract", [("format", "json")]).body == answer.body)
        }
    }

    @Test("Masked, no whole number leaves")
    func masked() async throws {
        try await story("赵𬱖") { app, named, browser in
            let number = try app.database.readNow { db in
                try RosterStore.idNumber(of: RosterStore.person(named.people["赵𬱖"]!, in: db)!, numbers: app.numbers).text
            }
            let whole = try await browser.take("/me/extract", [("format", "json")]), masked = try await browser.take("/me/extract", [("format", "json"), ("masked", "on")])
            #expect(whole.body.contains(number) && !masked.body.contains(number) && masked.body.contains("********"))
        }
    }

    @Test("The PDF is one, with the JSON inside it; without Typst that is said and JSON still works")
    func pdf() async throws {
        let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
        let isInstalled = FileManager.default.fileExists(atPath: home + "/.venv/run.lock")
        try await story("阿依古丽·买买提") { _, _, browser in
            let answer = try await browser.take("/me/extract", [("format", "pdf"), ("masked", "on")])
            if isInstalled {
                #expect(answer.status == 200 && answer.header("Content-Type") == "application/pdf")
                #expect(answer.body.hasPrefix("%PDF"))
            } else {
                #expect(answer.body.contains("没有装排版程序"))
            }
        }
        await #expect(throws: Refusal.self) { try await Typesetting(home: "/nonexistent").pdf("extract.typ", [:]) }
        if isInstalled {
            // Data a template cannot read end in a refusal, not in a hanging or broken server.
            let refusal = await #expect(throws: Refusal.self) { try await Typesetting(home: home).pdf("extract.typ", ["extract": "{", "digest": "", "file": "x"]) }
            #expect(refusal?.name == "typesetting.failed")
        }
    }
}
