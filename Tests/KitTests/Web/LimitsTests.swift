import Approvals
import Foundation
import HTTPTypes
import Hummingbird
@testable import Kit
import NIOCore
import TestBench
import Testing

@Suite("How much is taken", .ownThreads)
struct LimitsTests {
    @Test("Connections leave descriptors for files, the database and the anchor, and no address has them all", arguments: [1_000_000, 20_000, 4096, 1024])
    func descriptors(had: Int) {
        let limits = ConnectionLimits().within(descriptors: had)
        #expect(2 * limits.connections + Descriptors.kept <= had)
        #expect(limits.connectionsPerAddress * 4 <= limits.connections && limits.connectionsPerAddress > 0)
        if had == 1_000_000 { #expect(limits.connections == 10_000 && limits.connectionsPerAddress == 1000) }
        let fewest = ConnectionLimits().within(descriptors: 3)
        #expect(fewest.connections == 8 && fewest.connectionsPerAddress == 2)
    }

    @Test("The soft limit of descriptors is raised as far as it is wanted, and never lowered")
    func raising() {
        let now = Descriptors.raise(to: 64)
        #expect(now == 64)
        #expect(Descriptors.raise(to: 100_000) >= now && Descriptors.raise(to: 64) == 64)
    }

    @Test("Addresses of one IPv6 /64 are counted as one, those of IPv4 each for itself")
    func networks() {
        let count = ConnectionCount()
        let entered = (1...10).filter { count.enter("2001:db8:1:2::\(String($0, radix: 16))", limit: 5) }
        #expect(entered.count == 5 && !count.enter("2001:db8:1:2:ffff:ffff:ffff:ffff", limit: 5))
        #expect(count.enter("2001:db8:1:3::1", limit: 5) && count.enter("::ffff:10.0.0.1", limit: 5))
        count.leave("2001:db8:1:2::9")
        #expect(count.enter("2001:db8:1:2::a", limit: 5))
        #expect((1...10).allSatisfy { count.enter("10.0.0.\($0)", limit: 1) })
    }

    @Test("Room is lent to an account, to a network and to all in their measure, and is there again afterwards")
    func room() async throws {
        let room = Room(RoomLimits(ofAccount: 4, ofNetwork: 6, inAll: 8))
        func problem(_ amount: Int, _ account: String?, _ address: String) async throws -> WebProblem? {
            do {
                try await room.lend(amount, to: Sender(account: account, address: address)) {}
                return nil
            } catch let problem as WebProblem { return problem }
        }
        for _ in 0..<2 {
            try await room.lend(3, to: Sender(account: "1", address: "2001:db8::1")) {
                #expect(try await problem(1, "1", "10.0.0.1") == nil)
                #expect(try await problem(2, "1", "10.0.0.1") == .ownCrowded)
                #expect(try await problem(3, "2", "2001:db8::2") == nil)
                #expect(try await problem(4, "2", "2001:db8::2") == .crowded, "one network")
                #expect(try await problem(4, nil, "2001:db8::2") == .crowded)
                try await room.lend(5, to: Sender(account: nil, address: "10.0.0.1")) {
                    let found = try await problem(1, nil, "10.0.0.2")
                    #expect(found == .crowded)
                }
            }
            await #expect(throws: WebProblem.failed) { try await room.lend(6, to: Sender(account: nil, address: "10.0.0.1")) { throw WebProblem.failed } }
        }
        #expect(room.lent == 0)
    }

    // MARK: Bodies

    /// What becomes of a form that arrives in these pieces; how many of them were taken.
    private static func receive(_ pieces: [String], type: String = "multipart/form-data; boundary=X", size: FormSize = .usual, uploadLimit: Int = 1 << 20) async throws -> (problem: WebProblem?, taken: Int) {
        let folder = Scratch.path("upload")
        let taken = Taken()
        let stream = AsyncStream<ByteBuffer> { () -> ByteBuffer? in await taken.next(pieces).map { ByteBuffer(string: $0) } }
        let request = Request(head: HTTPRequest(method: .post, scheme: "http", authority: "localhost", path: "/"), body: RequestBody(asyncSequence: stream))
        let receiver = FormReceiver(size: size, uploadLimit: uploadLimit, folder: URL(fileURLWithPath: folder), accepts: { $0 == "secret" }, headerToken: nil)
        do {
            _ = try await receiver.receive(request, contentType: type)
            return (nil, await taken.count)
        } catch let problem as WebProblem {
            return (problem, await taken.count)
        }
    }

    private actor Taken {
        private(set) var count = 0
        func next(_ pieces: [String]) -> String? {
            guard count < pieces.count else { return nil }
            count += 1
            return pieces[count - 1]
        }
    }

    private static let token = "--X\r\nContent-Disposition: form-data; name=\"_token\"\r\n\r\nsecret\r\n"
    private static func repeated(_ piece: String, _ bytes: Int) -> [String] { Array(repeating: String(repeating: piece, count: max(1, 4096 / piece.utf8.count)), count: bytes / 4096) }

    @Test("A form in parts is refused after a few kilobytes where its token does not come first", arguments: ["a", ";", "\r\n--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb", "\r\n"])
    func lateToken(piece: String) async throws {
        let answer = try await Self.receive(Self.repeated(piece, 1 << 20) + [Self.token + "--X--"])
        #expect(answer.problem == .foreignForm || answer.problem == .malformed)
        #expect(answer.taken <= FormReceiver.tokenLimit / 4096 + 2)
    }

    @Test("No byte of a body is uncounted: between, around and in the headers of parts", arguments: [
        ("epilogue", "--X--", "a"), ("fields", "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n", "b"),
        ("headers", "", "--X\r\nX: " + String(repeating: "h", count: 3900) + "\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n"),
    ])
    func everyByte(place: String, start: String, piece: String) async throws {
        let answer = try await Self.receive([Self.token + start] + Self.repeated(piece, 3 << 20))
        #expect(answer.problem == .tooLarge(limit: FormSize.usual.rawValue) || answer.problem == .malformed, "\(place)")
        #expect(answer.taken <= FormSize.usual.rawValue / 2048 + 4)
    }

    @Test("A file may be larger than a form, and is counted for itself")
    func files() async throws {
        let file = Self.token + "--X\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.csv\"\r\n\r\n"
        #expect(try await Self.receive([file] + Self.repeated("a", 3 << 20) + ["\r\n--X--"], uploadLimit: 4 << 20).problem == nil)
        #expect(try await Self.receive([file] + Self.repeated("a", 3 << 20) + ["\r\n--X--"], uploadLimit: 2 << 20).problem == .tooLarge(limit: 2 << 20))
    }

    @Test("A form without files does not come in parts; of a caller whom nobody knows it is small")
    func small() async throws {
        #expect(try await Self.receive([Self.token + "--X--"], uploadLimit: 0).problem == .unknownKind)
        let urlencoded = "application/x-www-form-urlencoded"
        #expect(try await Self.receive(["_token=secret&a=b"], type: urlencoded, size: .small, uploadLimit: 0).problem == nil)
        #expect(try await Self.receive(["_token=secret&a="] + Self.repeated("b", 40_960), type: urlencoded, size: .small, uploadLimit: 0).problem == .tooLarge(limit: FormSize.small.rawValue))
        #expect(try await Self.receive(["_token=secret"] + Self.repeated("&a=b", 65_536), type: urlencoded, uploadLimit: 0).problem == .malformed)
    }
}
