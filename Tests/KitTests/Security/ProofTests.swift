import Crypto
import Foundation
@testable import Kit
import TestBench
import Testing

@Suite("What accounts prove themselves with", .ownThreads)
struct ProofTests {
    static let rfc = TimeCode.Secret(bytes: Array("12345678901234567890".utf8))

    @Test("Codes are those of RFC 6238, appendix B", arguments: [
        (Int64(59), "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"), (2_000_000_000, "279037"), (20_000_000_000, "353130"),
    ])
    func vectors(seconds: Int64, code: String) {
        #expect(TimeCode.code(Self.rfc, step: TimeCode.step(atMilliseconds: seconds * 1000)) == code)
    }

    @Test("A code is taken one step early or late, not two", arguments: [(-2, false), (-1, true), (0, true), (1, true), (2, false)])
    func drift(steps: Int64, isTaken: Bool) {
        let now: Int64 = 1_700_000_000_000, step = TimeCode.step(atMilliseconds: now) + steps
        #expect((TimeCode.step(of: TimeCode.code(Self.rfc, step: step), Self.rfc, now: now, after: 0) != nil) == isTaken)
    }

    @Test("No code is taken a second time, nor one older than the last")
    func once() {
        let now: Int64 = 1_700_000_000_000, present = TimeCode.step(atMilliseconds: now)
        #expect(TimeCode.step(of: TimeCode.code(Self.rfc, step: present), Self.rfc, now: now, after: present) == nil)
        #expect(TimeCode.step(of: TimeCode.code(Self.rfc, step: present - 1), Self.rfc, now: now, after: present) == nil)
        #expect(TimeCode.step(of: TimeCode.code(Self.rfc, step: present + 1), Self.rfc, now: now, after: present) == present + 1)
    }

    @Test("Digits may be typed with spaces or full width; anything else is wrong", arguments: [
        ("287 082", true), (" 287082\u{3000}", true), ("２８７０８２", true), ("28708", false), ("2870822", false), ("28708a", false), ("", false), ("-287082", false),
    ])
    func typing(typed: String, isRight: Bool) { #expect((TimeCode.step(of: typed, Self.rfc, now: 59_000, after: 0) != nil) == isRight) }

    @Test("A secret survives being typed, in any grouping", arguments: [10, 16, 20, 32])
    func base32(length: Int) throws {
        let secret = TimeCode.Secret(bytes: Secrets.random(length))
        #expect(TimeCode.Secret(text: secret.text) == secret)
        #expect(TimeCode.Secret(text: secret.text.lowercased().map { "\($0) " }.joined()) == secret)
        #expect(TimeCode.Secret(text: "0189") == nil && TimeCode.Secret(text: "GEZA") == nil)
        #expect(Self.rfc.text == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    }

    @Test("The address for the QR code names issuer, account, secret and nothing else")
    func address() {
        #expect(
            Self.rfc.address(account: "li si", issuer: "育工")
                == "otpauth://totp/%E8%82%B2%E5%B7%A5:li%20si?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%E8%82%B2%E5%B7%A5&algorithm=SHA1&digits=6&period=30")
    }

    @Test("A handed code is read however it was typed", arguments: ["KFMQR-TWXYZ", "kfmqrtwxyz", " KFMQR twxyz ", "ＫＦＭＱＲ—ＴＷＸＹＺ", "kfm.qrt_wxyz"])
    func handed(typed: String) { #expect(HandedCode(typed: typed)?.text == "KFMQR-TWXYZ") }

    @Test("What can be no handed code is none", arguments: ["", "KFMQR-TWXY", "KFMQR-TWXYZZ", "KFMQI-TWXYZ", "KFMQ1-TWXYZ", "123456"])
    func notHanded(typed: String) { #expect(HandedCode(typed: typed) == nil) }

    @Test("Handed codes use every letter and hardly meet")
    func randomCodes() {
        let codes = (0..<2000).map { _ in HandedCode.random() }
        #expect(Set(codes).count == 2000)
        #expect(Set(codes.flatMap(\.letters)).count == 23)
        #expect(codes.allSatisfy { HandedCode(typed: $0.text) == $0 })
    }

    @Test("A sealed secret opens for its own account, with its own key, unchanged, and in no other case")
    func sealing() throws {
        let key = KeyFile.Key(bytes: Secrets.random(32)), secrets = AccountSecrets(key: key), secret = TimeCode.Secret.random()
        let sealed = try secrets.seal(secret, of: 7)
        #expect(try secrets.open(sealed, of: 7) == secret)
        #expect(try AccountSecrets(key: key).open(sealed, of: 7) == secret)
        #expect(throws: (any Error).self) { try secrets.open(sealed, of: 8) }
        #expect(throws: (any Error).self) { try AccountSecrets(key: KeyFile.Key(bytes: Secrets.random(32))).open(sealed, of: 7) }
        for at in sealed.indices {
            var changed = sealed
            changed[at] ^= 1
            #expect(throws: (any Error).self) { try secrets.open(changed, of: 7) }
        }
        let code = HandedCode.random()
        #expect(secrets.hash(code, of: 7) == AccountSecrets(key: key).hash(code, of: 7))
        #expect(secrets.hash(code, of: 7) != secrets.hash(code, of: 8))
    }
}
