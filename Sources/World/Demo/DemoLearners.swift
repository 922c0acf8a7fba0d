import Kit

/// Learners of the demo world who can sign in: one of each kind that 我的 tells something different.
struct DemoLearner: Sendable {
    /// The name of the account.
    let account: String
    /// What makes the person an example.
    let note: String
    let name: String
    /// The place of the unit where the person's story begins.
    let unit: Int
}

extension DemoWorld {
    /// Somebody of the world as a learner.
    private struct Seen {
        let resident: Resident, unit: Int
        let last: Resident.Post
        /// Hundredths of hours, off the job and online: of the last year, and of the one before.
        let offJob: Int, online: Int, before: (offJob: Int, online: Int)

        var least: Int { min(offJob, online) }
        var leastBefore: Int { min(before.offJob, before.online) }
    }

    /// The same people for the same world: the best examples among the first two thousand, none of them an officer who
    /// has an account already.
    func learners(besides officers: [Demo.SignIn]) -> [DemoLearner] {
        let year = city.years.upperBound, seen = seen(besides: officers, in: year)
        var taken: Set<String> = [], learners: [DemoLearner] = []
        func pick(_ account: String, _ note: String, _ found: Seen?) {
            guard let found, taken.insert(found.resident.idNumber).inserted else { return }
            learners.append(DemoLearner(account: account, note: note, name: found.resident.name, unit: found.unit))
        }
        func free(_ fits: (Seen) -> Bool) -> [Seen] { seen.filter { !taken.contains($0.resident.idNumber) && fits($0) } }
        pickByHours(free, pick)
        pick("xinzhuxi", "新任基层工会主席", free { one in
            let kind = city.units[one.last.unit].kind.rawValue
            return one.last.title == "主席" && ["enterpriseUnion", "institutionUnion", "communityJointUnion"].contains(kind) && one.last.from.year >= year - 1
        }.max { $0.last.from < $1.last.from })
        pick("zhengshu", "上岗证书该复训", free { !$0.last.category.isEmpty && $0.last.title == "主席" }.first)
        pick("wuleibie", "没有人员类别", free { $0.last.category.isEmpty && $0.last.workforce != "unionSocialWorker" && $0.last.workforce != "communityOfficer" }.first)
        pick("diaodong", "调动过", free { one in Set(one.resident.posts.filter(\.isPrimary).map(\.unit)).count > 1 }.first)
        return learners
    }

    /// Who has done everything, and who is behind. Of a year that runs this is told as of today; where it is too young for that, of the year before.
    private func pickByHours(_ free: ((Seen) -> Bool) -> [Seen], _ pick: (String, String, Seen?) -> Void) {
        // Of two as good the first of the world: max and min must not depend on anything else.
        let steady: (Seen) -> Bool = { !$0.last.category.isEmpty && $0.resident.posts.count == 1 }
        let year = city.years.upperBound, online = Schooling.onlineQuota(in: year)
        guard city.today.year == year else {
            pick("xueman", "学时已满", free(steady).max { $0.least < $1.least })
            pick("luohou", "学时落后", free { !$0.last.category.isEmpty && $0.offJob > 0 && $0.online > 0 }.min { $0.least < $1.least })
            return
        }
        let full = free { steady($0) && $0.offJob >= Schooling.quota($0.last.category, in: year) && $0.online >= online }
        // Behind is who has less than the part of the year that has passed asks.
        let passed = min(city.today - .firstDay(of: year), 365)
        let behind = free { one in
            !one.last.category.isEmpty && one.offJob > 0 && one.online > 0 && one.offJob * 365 < Schooling.quota(one.last.category, in: year) * passed && one.online * 365 < online * passed
        }
        if let best = full.max(by: { $0.least < $1.least }) { pick("xueman", "学时已满", best) } else {
            pick("xueman", "上年学时已满", free { steady($0) && $0.leastBefore >= Schooling.onlineQuota(in: year - 1) }.max { $0.leastBefore < $1.leastBefore })
        }
        if let worst = behind.min(by: { $0.least < $1.least }) { pick("luohou", "学时落后", worst) } else {
            pick("luohou", "上年学时落后", free { !$0.last.category.isEmpty && $0.before.offJob > 0 && $0.before.online > 0 }.min { $0.leastBefore < $1.leastBefore })
        }
    }

    private func seen(besides officers: [Demo.SignIn], in year: Int) -> [Seen] {
        var seen: [Seen] = []
        for (place, unit) in city.units.enumerated() where seen.count < 2000 {
            for resident in residents(unit: place) where seen.count < 2000 {
                guard let last = resident.posts.last(where: { $0.isPrimary && $0.to == .open }), resident.posts[0].unit == place,
                    !officers.contains(where: { $0.unit == unit.code && $0.displayName == resident.name })
                else { continue }
                func hours(_ forms: Set<String>, _ year: Int) -> Int {
                    resident.trainings.filter { forms.contains($0.form) && $0.isCompleted && $0.fate == .stands && $0.from.year == year && $0.to.year == year }
                        .reduce(0) { $0 + ($1.halfDays.map { $0 * 400 } ?? $1.hours ?? 0) }
                }
                let offJob: Set = ["offJob", "lecture"], online: Set = ["online", "onlineSpecialClass"]
                seen.append(Seen(
                    resident: resident, unit: place, last: last, offJob: hours(offJob, year), online: hours(online, year),
                    before: (hours(offJob, year - 1), hours(online, year - 1))))
            }
        }
        return seen
    }
}
