import Foundation
import Synchronization
import TestBench
import Testing

@testable import Kit

@Suite("Work shared out over the cores", .ownThreads)
struct CoresTests {
    private struct Broken: Error, Equatable { let at: Int }

    @Test("What is worked on in pieces stands in its order, however much there is", arguments: [0, 1, 63, 127, 128, 1000, 100_003])
    func order(_ count: Int) throws {
        #expect(try Cores.map(Array(0..<count)) { $0.map { $0 * 3 } } == (0..<count).map { $0 * 3 })
    }

    @Test("What the first piece throws that throws is what is thrown")
    func error() throws {
        let thrown = #expect(throws: Broken.self) {
            try Cores.map(Array(0..<10_000)) { piece in
                for one in piece where one > 10 { throw Broken(at: one) }
                return Array(piece)
            }
        }
        #expect(thrown == Broken(at: 11))
    }

    @Test("Pieces made ahead are used in their order, and few lie ready")
    func ahead() throws {
        let made = Box()
        var used: [Int] = []
        try Cores.ahead { (put: (Int) throws -> Void) in
            for piece in 0..<500 {
                made.value.withLock { $0 = piece }
                try put(piece)
            }
        } _: { piece in
            // Two in line and one in the making.
            #expect(made.value.withLock { $0 } <= piece + 4)
            used.append(piece)
        }
        #expect(used == Array(0..<500))
    }

    @Test("What making throws comes after the pieces before it; what using throws ends the making")
    func endings() async throws {
        var used: [Int] = []
        #expect(throws: Broken(at: 3)) {
            try Cores.ahead { (put: (Int) throws -> Void) in
                for piece in 0..<3 { try put(piece) }
                throw Broken(at: 3)
            } _: { used.append($0) }
        }
        #expect(used == [0, 1, 2])
        let hasEnded = Box()
        #expect(throws: Broken(at: 1)) {
            try Cores.ahead { (put: (Int) throws -> Void) in
                defer { hasEnded.value.withLock { $0 = 1 } }
                for piece in 0... { try put(piece) }
            } _: { if $0 == 1 { throw Broken(at: 1) } }
        }
        try await eventually { hasEnded.value.withLock { $0 } == 1 }
    }

    private final class Box: Sendable {
        let value = Mutex(0)
    }
}
