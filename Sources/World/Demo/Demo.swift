import Access
import Accounts
import App
import Kit

/// The demo world in a database: `yugong demo`, and the large worlds of benchmarks.
package enum Demo {
    /// An account of the demo world with the password it was given; passwords are new in each world.
    package struct SignIn: Sendable, Hashable {
        package let name: String
        package let password: String
        package let displayName: String
        /// Nil for a learner, who has no grant.
        package let role: Role?
        /// Code of the unit.
        package let unit: String
        package let unitName: String
        /// 组织人事管理员, or what kind of learner: 学员（学时落后）.
        package let roleWord: String
        /// The secret of the account's authenticator; nil where it has none.
        package var secret: TimeCode.Secret?
    }

    /// Whether a world of these years lives to see the made-up plan: whoever opens its database for it loads that, too.
    package static func knowsPlan(_ years: ClosedRange<Int>, today: Day) -> Bool { City(people: 1, years: years, today: today).knowsPlan }

    /// Fills an empty database with the world of `people` persons and returns the accounts to sign in with.
    ///
    /// The world is the same for the same number of people, years and day; only the time in its ids and the ciphertexts
    /// differ. Without a day it is told to the end of its years. Who comes after the first five years comes beside the `people`.
    /// It is written in acts of ten thousand people, so memory stays flat. `progress` is told the people written
    /// and all people. With `secrets` accounts that need a second factor have it already.
    /// What features add stands in their folders; with `house` people do what they do there, too. Refusals: `demo.notEmpty`, `demo.people`,
    /// `demo.years`, `demo.today`.
    package static func fill(
        _ database: Database, numbers: PersonalNumbers, secrets: AccountSecrets? = nil, people: Int = 3000, years: ClosedRange<Int> = 2019...2023, today: Day? = nil,
        who: Act.Actor, passwords: PasswordHashing.Cost = .standard, features: FeatureSet = Features.all, house: House? = nil,
        progress: @escaping @Sendable (_ done: Int, _ all: Int) -> Void = { _, _ in }
    ) async throws -> [SignIn] {
        guard (1...20_000_000).contains(people) else {
            throw Refusal("demo.people", "演示数据的人数应在 1 到 2000 万之间，这里是 \(people)；请改小或改大后再试。")
        }
        guard years.lowerBound >= 2000, years.upperBound <= 2099, years.count <= 20 else {
            throw Refusal("demo.years", "演示数据的年份应在 2000 到 2099 之间、不超过 20 年，例如 --years 2019-2023。")
        }
        guard today.map({ $0 >= .firstDay(of: years.lowerBound) }) ?? true else {
            throw Refusal("demo.today", "演示数据从 \(years.lowerBound) 年开始，今天不应早于那一年；请改 --today 或 --years。")
        }
        try await database.read { try DemoStore.requireEmpty($0) }
        let world = DemoWorld(people: people, years: years, today: today ?? .open), all = world.count
        let act = Act(who: who, origin: "", kind: world.city.knowsPlan ? DemoFillStore.living : DemoFillStore.ended, why: "演示数据，\(people) 人，人名和号码均为虚构")

        let units = try await database.write(act) { db in
            try DemoStore.requireEmpty(db)
            return try world.found(in: db)
        }
        progress(0, all)
        // The next ten thousand are thought up while the last are written.
        let batches = stride(from: 0, to: all, by: 10_000).map { $0..<min($0 + 10_000, all) }
        var next = Task { try await world.prepare(batches[0], units: units, numbers: numbers) }
        for (place, batch) in batches.enumerated() {
            let ready = try await next.value
            if place + 1 < batches.count {
                next = Task { try await world.prepare(batches[place + 1], units: units, numbers: numbers) }
            }
            try await database.write(act) { db in try world.write(ready, in: db) }
            progress(batch.upperBound, all)
        }
        let officers = world.signIns(), learners = world.learners(besides: officers)
        let signIns = (officers + learners.map(world.signIn)).map { signIn in
            var signIn = signIn
            if secrets != nil, signIn.role?.needsFactor == true { signIn.secret = .random() }
            return signIn
        }
        let hashes = try await onThread { try signIns.map { try PasswordHashing.hashNow($0.password, passwords) } }
        let ground = try await database.write(act) { db in
            // In a small world two accounts may come upon the same person: only one of them is hers.
            var taken: Set<Int64> = [], accounts: [String: Int64] = [:], people: [String: Int64] = [:]
            for (signIn, hash) in zip(signIns, hashes) {
                let unit = world.city.units.firstIndex { $0.code == signIn.unit }.map { units[$0] } ?? units[0]
                let person = try DemoStore.person(named: signIn.displayName, unit: unit, db).flatMap { taken.insert($0).inserted ? $0 : nil }
                let account = try AccountStore.add(signIn.name, displayName: signIn.displayName, hash: hash, personID: person, in: db)
                (accounts[signIn.name], people[signIn.name]) = (account, person)
                if let secrets, let secret = signIn.secret { try FactorStore.set(secret, step: 0, of: account, secrets, in: db) }
                if let role = signIn.role {
                    // Officers hold their office by their post; the three administrators' duty is nobody's post.
                    let post = try role.isAdministrator ? nil : person.flatMap { try DemoStore.post(of: $0, in: unit, db) }
                    try GrantStore.give(Grant(role: role, organizationID: unit, from: .always, to: .open, restingOn: post), to: account, in: db)
                }
            }
            let codes = Dictionary(zip(world.city.units.map(\.code), units), uniquingKeysWith: { first, _ in first })
            let last = world.city.years.upperBound
            let ground = DemoGround(year: last, today: today.flatMap { $0.year == last ? $0 : nil }, units: codes, accounts: accounts, people: people, numbers: numbers)
            for feature in features.all { try feature.demo?.add(ground, db) }
            if world.city.knowsPlan, let today { try DemoDuties.train(codes, world.city, today: today, db) }
            return ground
        }
        if let house { for feature in features.all { try await feature.demo?.live(ground, house) } }
        return signIns
    }
}
