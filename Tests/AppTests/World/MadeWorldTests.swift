import Crypto
import Foundation
import Kit
import TestBench
import Testing

@testable import World

@Suite("The made world", .ownThreads) struct MadeWorldTests {
    static let years = 2019...2023

    /// The city and its people: those of the first years, then those who came beside.
    static func everybody(_ people: Int, _ years: ClosedRange<Int> = years, today: Day = .open) -> (city: City, residents: [Resident]) {
        let world = DemoWorld(people: people, years: years, today: today)
        let residents = world.city.units.indices.flatMap { world.residents(unit: $0) }
        return (world.city, residents + (0..<world.count - people).map { world.newcomer($0) })
    }

    private static func digest(_ people: Int) -> String {
        let (city, residents) = everybody(people)
        var hash = SHA256()
        for unit in city.units { hash.update(data: Data("\(unit)\n".utf8)) }
        for resident in residents { hash.update(data: Data("\(resident)\n".utf8)) }
        return hash.finalize().map { String($0, radix: 16) }.joined()
    }

    @Test("The same number of people makes the same world, another number another one")
    func deterministic() {
        #expect(Self.digest(300) == Self.digest(300))
        #expect(Self.digest(300) != Self.digest(301))
    }

    @Test("The world of 2019 to 2023 is the one that benches have measured since there are benches")
    func measured() {
        let (city, residents) = Self.everybody(300)
        let units = city.units.map { "\($0.code) \($0.name) \($0.heads) \($0.temperament)\n" }
        let people = residents.map { one in
            let posts = one.posts.map { "\($0.unit) \($0.from) \($0.to) \($0.title) \($0.category)" }
            let trainings = one.trainings.map { "\($0.sourceCode) \($0.title) \($0.from) \($0.to) \($0.halfDays ?? 0) \($0.hours ?? 0)" }
            return "\(one.idNumber) \(one.name) \(posts) \(trainings)\n"
        }
        let digest = SHA256.hash(data: Data((units + people).joined().utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        #expect(digest == "2c8131501339dcafc49e25fb1adaf5e544fb8f234dabf7a94df2e25752007f8a")
    }

    @Test("There are exactly as many people as asked, in units of every kind", arguments: [1, 40, 300, 3000])
    func heads(_ people: Int) {
        let city = City(people: people, years: Self.years)
        #expect(city.units.map(\.heads).reduce(0, +) == people)
        #expect(Set(city.units.map(\.code)).count == city.units.count)
        #expect(city.units.allSatisfy { $0.heads >= 0 })
        if people == 3000 {
            #expect((450...550).contains(city.units.count))
            #expect(city.units.filter { $0.kind == .districtFederation }.count == 17)
            #expect(Set(city.units.map(\.kind)).count == 13)
            #expect(city.units.contains { $0.closed != .open })
            #expect(city.units.contains { $0.versions.count > 1 })
        }
    }

    @Test("Versions of a unit join, and what stands above it exists")
    func versions() {
        for unit in City(people: 3000, years: Self.years).units {
            for (earlier, later) in zip(unit.versions, unit.versions.dropFirst()) {
                #expect(earlier.to == later.from)
                #expect(earlier != later)
            }
            #expect(unit.versions.allSatisfy { $0.from < $0.to && !$0.name.isEmpty })
            #expect(unit.kind == .cityFederation || unit.versions.allSatisfy { $0.parent != nil })
        }
    }

    @Test("ID numbers are right, fictional and nobody's twice")
    func numbers() throws {
        let residents = Self.everybody(3000).residents
        #expect(Set(residents.map(\.idNumber)).count == residents.count)
        #expect(Set(residents.compactMap(\.code)).count == residents.compactMap(\.code).count)
        for resident in residents {
            let digits = Array(resident.idNumber.utf8)
            #expect(digits.count == 18 && ["4219", "3419", "3619", "4319"].contains(resident.idNumber.prefix(4)))
            let (year, month, day) = resident.birth.parts
            #expect(resident.idNumber.dropFirst(6).prefix(8) == String(year * 10_000 + month * 100 + day))
            #expect((digits[16] % 2 == 1) == (resident.gender == "男"))
            let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
            let sum = zip(digits, weights).reduce(0) { $0 + Int($1.0 - 48) * $1.1 }
            #expect(digits[17] == Array("10X98765432".utf8)[sum % 11])
        }
    }

    @Test("ID numbers stay unique when a slot holds several people")
    func crowdedSlots() {
        var seen: Set<String> = []
        for ordinal in stride(from: 0, to: 1_000_000, by: 80_000).flatMap({ $0..<$0 + 200 }) {
            let birth = FolkNumbers.birthDay(Day.firstDay(of: 1980), ordinal: ordinal, people: 1_000_000)
            #expect(seen.insert(FolkNumbers.idNumber(ordinal: ordinal, birth: birth, isMale: ordinal % 2 == 0)).inserted)
            #expect(birth > Day.firstDay(of: 1979))
        }
    }

    @Test("Primary posts never overlap, and lie within the life of their unit")
    func posts() {
        let (city, residents) = Self.everybody(3000)
        for resident in residents {
            #expect(!resident.posts.isEmpty)
            for post in resident.posts {
                #expect(post.from < post.to)
                #expect(city.units[post.unit].established <= post.from && post.to <= city.units[post.unit].closed, "\(resident.posts)")
            }
            let primary = resident.posts.filter(\.isPrimary).sorted { $0.from < $1.from }
            for (earlier, later) in zip(primary, primary.dropFirst()) { #expect(earlier.to <= later.from) }
            #expect(Set(resident.posts.map { "\($0.unit) \($0.from) \($0.title)" }).count == resident.posts.count)
        }
    }

    @Test("A record has its days in order, 天数 within them, and a source of its own")
    func trainings() {
        let (city, residents) = Self.everybody(3000)
        for resident in residents {
            var sources: Set<String> = []
            for training in resident.trainings {
                #expect(training.from <= training.to)
                #expect(training.halfDays != nil || training.hours != nil)
                #expect(!training.title.isEmpty)
                if let halfDays = training.halfDays {
                    if training.form == "offJob" || training.form == "lecture" { #expect(halfDays <= 2 * (training.to - training.from + 1), "\(training)") }
                    if let hours = training.hours { #expect(hours == halfDays * 400) }
                }
                #expect(training.host.map { city.units.indices.contains($0) } ?? true)
                let source = training.sourceCode.isEmpty ? "\(training.title) \(training.form) \(training.from) \(training.to)" : training.sourceCode
                #expect(sources.insert(source).inserted, "\(training)")
            }
        }
    }

    @Test("The world has what life has")
    func variety() {
        let (_, residents) = Self.everybody(3000)
        let posts = residents.flatMap(\.posts), trainings = residents.flatMap(\.trainings)
        #expect(Set(posts.map(\.category)) == ["divisionAndAbove", "sectionAndBelow", "grassroots", ""])
        #expect(Set(posts.map(\.engagement)) == ["fullTime", "partTime", "seconded"])
        #expect(Set(posts.map(\.workforce)).count == 6)
        #expect(residents.contains { $0.name.contains("·") })
        #expect(residents.contains { $0.name.unicodeScalars.contains { $0.value > 0xFFFF } })
        #expect(residents.contains { $0.code == nil } && residents.contains { $0.phone == nil })
        #expect(Set(trainings.map(\.form)) == ["offJob", "lecture", "online", "onlineSpecialClass", "secondment", "selfStudy", "degree"])
        #expect(trainings.contains { $0.from.year < $0.to.year && $0.form == "offJob" })
        #expect(trainings.contains { !$0.isCompleted })
        #expect(trainings.contains { $0.fate == .reversed })
        #expect(trainings.contains { ($0.halfDays ?? 0) % 2 == 1 })
        #expect(trainings.contains { Catalogue.unrecognised.contains($0.institution) })
        // Shared by many: the largest class has dozens of people.
        let classes = Dictionary(grouping: trainings.filter { $0.form == "offJob" }, by: \.sourceCode)
        #expect((classes.values.map(\.count).max() ?? 0) >= 20)
        #expect((12...30).contains(trainings.count / residents.count))
    }
}
