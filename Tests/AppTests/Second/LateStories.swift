@testable import Access
@testable import Accounts
@testable import App
import Foundation
import Kit
@testable import Register
import TestBench
import Testing
import World

/// What is under way when somebody is locked out, or loses a right, does not go on as if nothing had happened.
@Suite("Rights are those of the moment something is done", .ownThreads) struct LateStories {
    @Test("A form that comes slowly is handled by the rights that its sender has once it is there", arguments: ["", "locked", "lost"])
    func form(meanwhile: String) async throws {
        try await Puppeteer.story { one in
            let victim = one.named.people[Puppeteer.victim]!, post = try await one.app.database.read { db in try #require(try RosterStore.appointments(of: [victim], in: db).last) }
            let session = try await one.app.database.write(Bench.act) { try Caller.session(one.account, in: $0) }
            let body = Array(Fields([(FormToken.field, Caller.token), ("post", "\(post.id)"), ("day", "2024-01-01"), ("why", "到龄")]).encoded.utf8)
            let client = try RawClient(port: one.port)
            client.say("""
                POST /people/\(victim)/end HTTP/1.1\r\nHost: 127.0.0.1:\(one.port)\r\nOrigin: http://127.0.0.1:\(one.port)\r\nCookie: yugong=\(session)\r\n\
                Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(body.count)\r\n\r\n
                """)
            client.say(Array(body[..<20]))
            // Let in, and still to send the rest.
            try await Task.sleep(for: .milliseconds(300))
            try await one.app.database.write(Bench.act) { db in
                switch meanwhile {
                case "locked": try AccountStore.set(.locked, of: #require(try AccountStore.account(one.account, in: db)), in: db)
                case "lost": try GrantStore.endAll(of: one.account, on: Clock.today, in: db)
                default: break
                }
            }
            try await Task.sleep(for: .milliseconds(1200))
            client.say(Array(body[20...]))
            let answer = client.hear(until: { $0.contains("\r\n\r\n") }).text
            #expect(answer.hasPrefix("HTTP/1.1 303") && answer.contains("/sign-in") == !meanwhile.isEmpty, "\(meanwhile): \(answer.prefix(300))")
            let end = try await one.app.database.read { try RosterStore.appointment(post.id, in: $0)?.to }
            #expect((end == Day(iso: "2024-01-01")) == meanwhile.isEmpty, "\(meanwhile)")
        }
    }

    @Test("A workbook that waited in line is not taken in for somebody who is locked out by then, or keeps less", arguments: ["", "locked", "lost"])
    func workbook(meanwhile: String) async throws {
        try await Puppeteer.story { one in
            let exchange = one.app.exchange, account = one.account, units: Set = [one.named.units["HX-LJ"]!, one.named.units["HX-LJ-BH"]!]
            let number = try PersonNumber.passing("11010519900101003")
            let id = try await one.app.database.write(Bench.act) { db in
                let file = "姓名,证件号码,单位编码,任职日期,人员类别\n王五,\(number),HX-LJ-BH,2020-01-01,基层\n"
                let id = try ImportJobStore.add(
                    kind: .people, fileName: "人员.csv", file: Array(file.utf8), effective: nil, accountID: account, one.app.numbers, db)
                try ImportJobStore.move(id, from: [.judging], to: .applying, exchange, db)
                try ImportWork.enqueueApplying(id, ImportWork.Confirmed(partial: false, name: "张伟", origin: "", units: units), one.app.numbers, in: db)
                switch meanwhile {
                case "locked": try AccountStore.set(.locked, of: #require(try AccountStore.account(account, in: db)), in: db)
                case "lost": try GrantStore.endAll(of: account, on: Clock.today, in: db)
                default: break
                }
                return id
            }
            func job() async throws -> ImportJob { try #require(try await one.app.database.read { try ImportJobStore.job(id, of: account, exchange, from: $0) }) }
            try await eventually { try await job().state != .applying }
            let done = try await job(), people = try await one.app.database.read { try $0.count("SELECT count(*) FROM person WHERE name = '王五'") }
            #expect(done.state == (meanwhile.isEmpty ? .done : .failed) && people == (meanwhile.isEmpty ? 1 : 0), "\(meanwhile): \(done.report?.refusal ?? "")")
            #expect(meanwhile.isEmpty || done.report?.refusal?.contains("没有导入任何内容") == true)
        }
    }
}
