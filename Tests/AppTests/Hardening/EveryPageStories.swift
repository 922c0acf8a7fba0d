import Access
import Accounts
import App
import Approvals
import Foundation
import Kit
import Rules
import TestBench
import Testing
import World

@Suite("Every page there is a way to", .ownThreads)
struct EveryPageStories {
    /// The headers that every answer carries.
    static let fixed: [String: String] = [
        "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store",
    ]

    /// Follows every link from the first page on, one of each kind; gives the answers by address.
    static func walk(_ browser: Browser, from start: String = "/", limit: Int = 150) async throws -> [String: Browser.Answer] {
        var found: [String: Browser.Answer] = [:], kinds: Set<String> = [], waiting = [start]
        while let link = waiting.popLast(), found.count < limit {
            let path = link.prefix { $0 != "?" }
            let names = Fields(encoded: link.dropFirst(path.count + 1)).pairs.map(\.name).sorted()
            let kind = path.split(separator: "/").map { $0.contains(where: \.isNumber) ? "#" : String($0) }.joined(separator: "/") + "?" + names.joined(separator: "&")
            guard kinds.insert(kind).inserted else { continue }
            let answer = try await browser.get(link)
            found[link] = answer
            if let elsewhere = answer.location, elsewhere.hasPrefix("/") { waiting.append(elsewhere) }
            let links = answer.body.matches(of: #/(?:href|hx-get)="(/[^"#]*)/#).map { String($0.1).replacing("&amp;", with: "&") }
            waiting += links.filter { !$0.hasPrefix("/assets/") && !$0.hasPrefix("/sign-out") }
        }
        return found
    }

    static func judge(_ link: String, _ answer: Browser.Answer) {
        for (name, value) in fixed { #expect(answer.header(name) == value, "\(name) of \(link)") }
        #expect(answer.header("Content-Security-Policy")?.contains("default-src 'none'; script-src 'self'; style-src 'self'") == true, "\(link)")
        #expect(answer.header("X-Request-Id")?.isEmpty == false, "\(link)")
        #expect(answer.status < 500, "\(link)")
        guard answer.header("Content-Type")?.hasPrefix("text/html") == true else {
            if answer.status == 200 { #expect(answer.header("Content-Disposition")?.hasPrefix("attachment; ") == true, "\(link)") }
            return
        }
        // What a policy without inline script and style would silently not run.
        for pattern in [#/\sstyle\s*=/#, #/<style/#, #/\son[a-z]+\s*=\s*"/#, #/javascript:/#, #/<script(?![^>]*\ssrc=")/#, #/\ssrc="(?!\/|data:image\/)/#] {
            #expect(answer.body.firstMatch(of: pattern.ignoresCase()) == nil, "\(link)")
        }
    }

    @Test("Of an officer: every header, nothing inline, files only to keep, and never a failure")
    func officer() async throws {
        try await servedOnBothEngines { app, port in
            _ = try await Named.fill(app.database, numbers: app.numbers)
            let code = try await app.database.read { db in try db.first(SQL("SELECT code FROM organization ORDER BY id LIMIT 1")) { $0.text(0) } } ?? ""
            let password = try Accounts.add("OuYang", role: "personnelOfficer", unit: code, displayName: "欧阳静", today: Day(number: 19_000), by: Bench.act, in: app.database, .least)
            let browser = Browser(port: port)
            try await browser.signIn("ouyang", password)
            let pages = try await Self.walk(browser)
            #expect(pages.count > 30)
            for (link, answer) in pages { Self.judge(link, answer) }
        }
    }

    @Test("Of a security administrator likewise")
    func security() async throws {
        try await servedOnBothEngines { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            _ = try Learners.account("liufang", of: "刘芳", named, app.database)
            let password = try Accounts.add("an.quan", role: "securityAdmin", unit: "HX", displayName: "安全", today: Day(number: 19_000), by: Bench.act, in: app.database, .least)
            let browser = Browser(port: port)
            try await browser.signIn("an.quan", password)
            let pages = try await Self.walk(browser)
            #expect(pages.keys.contains("/accounts") && pages.count > 5)
            for (link, answer) in pages { Self.judge(link, answer) }
        }
    }

    @Test("Of a learner likewise")
    func learner() async throws {
        try await servedOnBothEngines { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            let password = try Learners.account("liufang", of: "刘芳", named, app.database), browser = Browser(port: port)
            try await browser.signIn("liufang", password)
            let pages = try await Self.walk(browser)
            #expect(pages.count > 3)
            for (link, answer) in pages { Self.judge(link, answer) }
        }
    }
}
