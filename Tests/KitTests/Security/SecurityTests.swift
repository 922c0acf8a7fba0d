import Foundation
import TestBench
import Testing

@testable import Kit

@Suite("Passwords and personal numbers", .ownThreads)
struct SecurityTests {
    @Test("A password is right for its own hash only, and nobody's hash is never right")
    func passwords() async throws {
        let hashing = PasswordHashing()
        let hash = try await hashing.hash("马 电池 订书钉 正确")
        #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(try await hashing.verify("马 电池 订书钉 正确", against: hash))
        #expect(try await !hashing.verify("马 电池 订书钉 错误", against: hash))
        #expect(try await !hashing.verify("", against: nil))
        #expect(try await hash != hashing.hash("马 电池 订书钉 正确"), "each hash has its own salt")
    }

    @Test("A number opens only under its key and in its place, unchanged")
    func seals() throws {
        let numbers = PersonalNumbers(key: .random())
        let sealed = try numbers.seal("11010519491231002X", context: "person.id_cipher")
        #expect(try numbers.open(sealed, context: "person.id_cipher") == "11010519491231002X")
        #expect(throws: (any Error).self) { try numbers.open(sealed, context: "person.phone_cipher") }
        #expect(throws: (any Error).self) { try PersonalNumbers(key: .random()).open(sealed, context: "person.id_cipher") }
        for index in sealed.indices {
            var bent = sealed
            bent[index] ^= 1
            #expect(throws: (any Error).self) { try numbers.open(bent, context: "person.id_cipher") }
        }
        #expect(throws: (any Error).self) { try numbers.open([], context: "person.id_cipher") }
        #expect(try numbers.seal("1", context: "a") != numbers.seal("1", context: "a"), "the same number seals differently")
    }

    @Test("An index finds the same number again and tells nothing of another use")
    func indexes() {
        let key = KeyFile.Key.random(), numbers = PersonalNumbers(key: key), again = PersonalNumbers(key: key)
        #expect(numbers.index(idNumber: "11010519491231002x") == again.index(idNumber: "11010519491231002X"))
        #expect(numbers.index(idNumber: "11010519491231002X").count == 16)
        #expect(numbers.index(idNumber: "13812345678") != numbers.index(phone: "13812345678"))
        #expect(numbers.index(idNumberPart: "11010519491231002X") == numbers.index(idNumberPart: "11010520001231002X"), "only the first six and last four count")
        #expect(numbers.index(idNumberPart: "11010519491231002X") != numbers.index(idNumberPart: "11010619491231002X"))
        #expect(numbers.index(idNumberPart: "123") == nil)
        #expect(PersonalNumbers(key: .random()).index(phone: "1") != numbers.index(phone: "1"))
    }

    @Test("Where the key lies", arguments: [
        (nil, "sqlite:data/yugong.db", "data/yugong.db.key"), (nil, "postgres://u:p@db.example:5432/yugong?sslmode=require", "/srv/a/.local/state/yugong/yugong.key"),
        ("/etc/yugong.key", "sqlite:x.db", "/etc/yugong.key"), ("", "sqlite:x.db", "x.db.key"), (nil, "postgres://db.example/../../etc", "/srv/a/.local/state/yugong/etc.key"),
    ] as [(String?, String, String)])
    func places(explicit: String?, url: String, expected: String) {
        #expect(KeyFile.place(explicit: explicit, databaseURL: url, home: "/srv/a").path == expected)
    }

    @Test("What is done about the key when a database is opened")
    func steps() {
        #expect(DataKeyStore.step(known: [1], given: [1], hasPeople: true) == .use)
        #expect(DataKeyStore.step(known: [1], given: [2], hasPeople: false) == .refuseForeign)
        #expect(DataKeyStore.step(known: [1], given: nil, hasPeople: false) == .refuseMissing)
        #expect(DataKeyStore.step(known: nil, given: nil, hasPeople: true) == .refuseMissing)
        #expect(DataKeyStore.step(known: nil, given: [1], hasPeople: false) == .remember)
        #expect(DataKeyStore.step(known: nil, given: nil, hasPeople: false) == .make)
    }

    @Test("A database makes its key once, keeps to it, and refuses to go on without it or with another")
    func opensOnce() async throws {
        try await onBothEngines { database in
            let file = KeyFile(path: NSTemporaryDirectory() + "/\(UUID().uuidString).key")
            defer { try? FileManager.default.removeItem(atPath: file.path) }
            let first = try DataKeyStore.open(database, file, now: 0)
            #expect(try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int == 0o600)
            #expect(try DataKeyStore.open(database, file, now: 0).numbers.checkValue == first.numbers.checkValue)
            try FileManager.default.removeItem(atPath: file.path)
            #expect(throws: file.missing) { try DataKeyStore.open(database, file, now: 0) }
            _ = try file.make()
            #expect(throws: file.foreign) { try DataKeyStore.open(database, file, now: 0) }
            try "nonsense".write(toFile: file.path, atomically: true, encoding: .utf8)
            let unreadable = #expect(throws: Refusal.self) { try DataKeyStore.open(database, file, now: 0) }
            #expect(unreadable?.name == "key.unreadable")
        }
    }

    @Test("Tokens are long, URL-safe and never the same")
    func tokens() {
        let tokens = Set((0..<100).map { _ in Secrets.token() })
        #expect(tokens.count == 100)
        #expect(tokens.allSatisfy { $0.count == 43 && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") } })
        #expect(Secrets.text(of: [0xFB, 0xFF]) == "-_8")
        #expect(Secrets.password().split(separator: "-").map(\.count) == [4, 4, 4, 4])
    }
}
