import Kit
import TestBench
import Testing

@testable import World

/// The world after its first five years, up to a day that is called today.
@Suite("The made world lives in the present", .ownThreads) struct PresentWorldTests {
    private static let day = Day(2026, 11, 29)!

    /// What is told of somebody in the first years, primary posts cut off at their end.
    private static func past(_ resident: Resident, before end: Day) -> [String] {
        resident.posts.filter { $0.isPrimary && $0.from < end }.map { "\($0.unit) \($0.from) \(min($0.to, end)) \($0.title) \($0.category) \($0.isLeadership)" }
    }

    @Test("The past is told as it was told before: the same people in the same posts, who learned the same and perhaps more")
    func past() {
        let (city, before) = MadeWorldTests.everybody(900), end = Day.firstDay(of: 2024)
        let (_, now) = MadeWorldTests.everybody(900, 2019...2026, today: Self.day)
        let shown = Set(city.units.indices.filter { $0 == city.districts[0] || city.units[$0].district == city.districts[0] })
        for (was, resident) in zip(before, now) {
            #expect(was.idNumber == resident.idNumber && was.name == resident.name && was.birth == resident.birth)
            #expect(Self.past(was, before: end) == Self.past(resident, before: end), "\(was.name)")
            let learned = was.trainings.filter { $0.to < end }, told = resident.trainings.filter { $0.to < end }
            #expect(learned.allSatisfy(told.contains), "\(was.name)")
            // Where visitors are shown in first not even that is more.
            if shown.contains(was.posts[0].unit) { #expect(learned == told, "\(was.name)") }
        }
        let later = now.dropFirst(before.count)
        #expect(!later.contains { one in one.posts.contains { shown.contains($0.unit) && $0.from < end } })
    }

    @Test("On any day of a year nothing has begun or ended that is still to come", arguments: [
        "2019-01-01", "2019-01-02", "2021-06-30", "2023-12-31", "2024-01-01", "2024-02-29", "2025-12-31", "2026-01-01", "2026-11-29",
    ])
    func nothingToCome(_ text: String) throws {
        let today = try #require(Day(iso: text))
        let (city, residents) = MadeWorldTests.everybody(420, 2019...2026, today: today)
        for version in city.units.flatMap(\.versions) { #expect(version.from <= today && (version.to == .open || version.to <= today)) }
        for resident in residents {
            #expect(!resident.posts.isEmpty, "\(resident.name)")
            for post in resident.posts {
                #expect(post.from < post.to && post.from <= today && (post.to == .open || post.to <= today), "\(post)")
                #expect(city.units[post.unit].established <= post.from && post.to <= city.units[post.unit].closed, "\(post)")
            }
            let primary = resident.posts.filter(\.isPrimary).sorted { $0.from < $1.from }
            for (earlier, later) in zip(primary, primary.dropFirst()) { #expect(earlier.to <= later.from) }
            var sources: Set<String> = []
            for training in resident.trainings {
                #expect(training.from <= training.to && training.to <= today, "\(training)")
                #expect(sources.insert(training.sourceCode.isEmpty ? "\(training.title) \(training.form) \(training.from) \(training.to)" : training.sourceCode).inserted, "\(training)")
            }
        }
        #expect(Set(residents.map(\.idNumber)).count == residents.count)
        #expect(Set(residents.compactMap(\.code)).count == residents.compactMap(\.code).count)
    }

    @Test("Who leaves is replaced: no year has fewer people in post by a tenth, and nobody stays beyond the pension")
    func staffed() {
        let (_, residents) = MadeWorldTests.everybody(900, 2019...2031, today: Day.lastDay(of: 2031))
        let counts = (2019...2031).map { year in
            let inPost = residents.filter { $0.posts.contains { $0.isPrimary && $0.from <= .lastDay(of: year) && $0.to > .lastDay(of: year) } }
            #expect(inPost.allSatisfy { year - $0.birth.year <= 63 && year - $0.birth.year >= 20 }, "\(year)")
            return inPost.count
        }
        for count in counts { #expect(count * 10 > counts[0] * 9 && count * 10 < counts[0] * 13, "\(counts)") }
    }

    @Test("Life goes on: chairs are elected, people retire, come, move and rise, unions are founded, merged and renamed")
    func variety() {
        let (city, residents) = MadeWorldTests.everybody(3000, 2019...2026, today: Self.day), start = Day.firstDay(of: 2024)
        let begun = residents.flatMap(\.posts).filter { $0.from > start }
        #expect(begun.contains { Folk.isChair($0.title) } && residents.count > 3200)
        #expect(residents.contains { one in zip(one.posts, one.posts.dropFirst()).contains { $1.isPrimary && $1.from > start && $0.unit != $1.unit } })
        #expect(city.units.contains { $0.established >= start } && city.units.contains { $0.closed >= start && $0.closed != .open })
        #expect(city.units.contains { $0.versions.contains { $0.from >= start && $0.name.hasSuffix("股份有限公司工会") } })
        #expect(residents.flatMap(\.posts).contains { $0.category == "contractStaff" && $0.from == start })
        #expect(!residents.flatMap(\.posts).contains { $0.category == "contractStaff" && $0.from < start })
        // A running year looks like one: some have done all of it, some a part, some nothing.
        let year = residents.filter { $0.posts.contains { $0.isPrimary && $0.from < .firstDay(of: 2026) && $0.to == .open } }
            .map { $0.trainings.filter { $0.form == "online" && $0.to.year == 2026 }.reduce(0) { $0 + ($1.hours ?? 0) } }
        #expect(year.contains(0) && year.contains { $0 > 0 && $0 < 40_00 } && year.contains { $0 >= 40_00 })
    }

    @Test("The same people, years and day make the same world; a later day only goes on with it")
    func deterministic() {
        let one = MadeWorldTests.everybody(450, 2019...2026, today: Self.day).residents, other = MadeWorldTests.everybody(450, 2019...2026, today: Self.day).residents
        #expect(one.map { "\($0)" } == other.map { "\($0)" })
        let later = MadeWorldTests.everybody(450, 2019...2026, today: .lastDay(of: 2026)).residents
        #expect(zip(one, later).prefix(450).allSatisfy { $0.name == $1.name && $0.idNumber == $1.idNumber && $0.posts.first?.from == $1.posts.first?.from })
    }
}
