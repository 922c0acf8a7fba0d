import TestBench
import Testing

@testable import Kit

@Suite("Files on their way to an account", .ownThreads)
struct DownloadTests {
    @Test("So many go at a time and no more; each that has ended, however it ended, makes room; others are not asked about")
    func few() throws {
        let downloads = Downloads()
        var held = try (0..<Downloads.most).map { _ in try downloads.begin(of: "1") }
        #expect(throws: WebProblem.downloadsCrowded) { _ = try downloads.begin(of: "1") }
        #expect(throws: Never.self) { _ = try downloads.begin(of: "2") }
        held.removeLast()
        held.append(try downloads.begin(of: "1"))
        #expect(throws: WebProblem.downloadsCrowded) { _ = try downloads.begin(of: "1") }
        held.removeAll()
        held = try (0..<Downloads.most).map { _ in try downloads.begin(of: "1") }
        #expect(held.count == Downloads.most)
    }
}
