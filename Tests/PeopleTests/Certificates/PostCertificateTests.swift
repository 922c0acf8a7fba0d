@testable import Certificates
import Kit
import TestBench
import Testing

@testable import People

@Suite("上岗证书, on a day", .ownThreads)
struct PostCertificateTests {
    private static let certificate = PostCertificate(
        personID: 1, number: "1", title: "工会干部上岗证书", issuer: "市总工会", issued: Day(2021, 3, 1)!, validUntil: Day(2026, 2, 28)!, refresherDue: Day(2024, 3, 1)!)

    private func state(_ iso: String, reminder: Int = 90, _ change: (inout PostCertificate) -> Void = { _ in }) -> PostCertificate.State {
        var certificate = Self.certificate
        change(&certificate)
        return certificate.state(on: Day(iso: iso)!, reminder: reminder)
    }

    @Test("Its refresher is near from the days before that the vocabulary names, not one earlier")
    func refresher() {
        #expect(state("2023-12-01") == .valid)
        #expect(state("2023-12-02") == .refresherDue(Day(2024, 3, 1)!))
        #expect(state("2024-03-01") == .refresherDue(Day(2024, 3, 1)!))
        #expect(state("2024-03-02") == .refresherMissed(Day(2024, 3, 1)!))
        #expect(state("2024-02-29", reminder: 0) == .valid)
    }

    @Test("Its end is near likewise; the last day still holds, and one without an end has none")
    func end() {
        func noRefresher(_ one: inout PostCertificate) { one.refresherDue = nil }
        #expect(state("2025-11-29", noRefresher) == .valid)
        #expect(state("2025-11-30", noRefresher) == .endsSoon(Day(2026, 2, 28)!))
        #expect(state("2026-02-28", noRefresher) == .endsSoon(Day(2026, 2, 28)!))
        #expect(state("2026-03-01", noRefresher) == .expired)
        #expect(state("2100-01-01") { ($0.refresherDue, $0.validUntil) = (nil, .open) } == .valid)
        #expect(state("2023-01-01") { $0.ended = Day(2023, 1, 1)! } == .ended)
    }
}
