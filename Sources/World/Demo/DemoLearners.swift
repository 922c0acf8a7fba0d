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
    /// The same people for the same world: the best examples among the first two thousand, none of them an officer who
    /// has an account already.
    func learners(besides officers: [Demo.SignIn]) -> [DemoLearner] {
        struct Seen {
            let resident: Resident, unit: Int
            /// Hundredths of hours of the last year, off the job and online.
            let offJob: Int, online: Int
            let last: Resident.Post
        }
        let year = city.years.upperBound
        var seen: [Seen] = []
        for (place, unit) in city.units.enumerated() where seen.count < 2000 {
            for rank in 0..<unit.heads where seen.count < 2000 {
                let resident = resident(unit: place, rank: rank)
                guard let last = resident.posts.last(where: { $0.isPrimary && $0.to == .open }), resident.posts[0].unit == place,
                    !officers.contains(where: { $0.unit == unit.code && $0.displayName == resident.name })
                else { continue }
                func hours(_ forms: Set<String>) -> Int {
                    resident.trainings.filter { forms.contains($0.form) && $0.isCompleted && $0.fate == .stands && $0.from.year == year && $0.to.year == year }
                        .reduce(0) { $0 + ($1.halfDays.map { $0 * 400 } ?? $1.hours ?? 0) }
                }
                seen.append(Seen(resident: resident, unit: place, offJob: hours(["offJob", "lecture"]), online: hours(["online", "onlineSpecialClass"]), last: last))
            }
        }
        var taken: Set<String> = [], learners: [DemoLearner] = []
        func pick(_ account: String, _ note: String, _ found: Seen?) {
            guard let found, taken.insert(found.resident.idNumber).inserted else { return }
            learners.append(DemoLearner(account: account, note: note, name: found.resident.name, unit: found.unit))
        }
        func free(_ fits: (Seen) -> Bool) -> [Seen] { seen.filter { !taken.contains($0.resident.idNumber) && fits($0) } }
        // Of two as good the first of the world: max and min must not depend on anything else.
        pick("xueman", "学时已满", free { !$0.last.category.isEmpty && $0.resident.posts.count == 1 }.max { min($0.offJob, $0.online) < min($1.offJob, $1.online) })
        pick("luohou", "学时落后", free { !$0.last.category.isEmpty && $0.offJob > 0 && $0.online > 0 }.min { min($0.offJob, $0.online) < min($1.offJob, $1.online) })
        pick("xinzhuxi", "新任基层工会主席", free { one in
            let kind = city.units[one.last.unit].kind.rawValue
            return one.last.title == "主席" && ["enterpriseUnion", "institutionUnion", "communityJointUnion"].contains(kind) && one.last.from.year >= year - 1
        }.max { $0.last.from < $1.last.from })
        pick("zhengshu", "上岗证书该复训", free { !$0.last.category.isEmpty && $0.last.title == "主席" }.first)
        pick("wuleibie", "没有人员类别", free { $0.last.category.isEmpty && $0.last.workforce != "unionSocialWorker" && $0.last.workforce != "communityOfficer" }.first)
        pick("diaodong", "调动过", free { one in Set(one.resident.posts.filter(\.isPrimary).map(\.unit)).count > 1 }.first)
        return learners
    }
}
