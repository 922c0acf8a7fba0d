import Kit

/// What each person learned over the years: a pure function of the city, the person and the temper of their unit.
package struct Schooling: Sendable {
    private let city: City
    private let catalogue: Catalogue
    /// Small worlds are for looking at: many short classes. Large ones are for measuring: fewer and longer.
    private let isRich: Bool

    package init(city: City, people: Int) {
        self.city = city
        catalogue = Catalogue(city: city, people: people)
        isRich = people <= 20_000
    }

    /// The trainings of a resident whose story begins in a unit at a rank, in the order of their years; what the resident learned already
    /// comes last. None ends after today. Who is not `inducted` gets no training for taking office.
    package func trainings(of resident: Resident, unit place: Int, rank: Int, inducted isInducted: Bool = true) -> [Resident.Training] {
        var dice = Dice(city.seed, 30, place, rank)
        var out: [Resident.Training] = []
        // How eager this person is, in percent around 100.
        let eagerness = dice.within(88...112)
        let first = Day.firstDay(of: city.years.lowerBound), start = city.laterStart
        for year in city.firstYears {
            guard let learner = learner(resident, place, rank, year, eagerness) else { continue }
            attend(learner, &dice, &out)
            studyOnline(learner, &dice, &out)
            learnElsewhere(learner, &dice, &out)
        }
        if isInducted { induct(resident, in: first..<start - 1, &dice, &out) }
        for year in city.laterYears {
            guard let learner = learner(resident, place, rank, year, eagerness) else { continue }
            // Each year has its own luck: none changes those before it.
            var dice = Dice(city.seed, 31, place, rank, year)
            attend(learner, &dice, &out)
            studyOnlineByQuarters(learner, &dice, &out)
            learnElsewhere(learner, &dice, &out)
        }
        if isInducted, !city.laterYears.isEmpty {
            var dice = Dice(city.seed, 32, place, rank)
            induct(resident, in: start - 1..<Day.lastDay(of: city.years.upperBound), &dice, &out)
        }
        if city.knowsPlan {
            var dice = Dice(city.seed, 33, place, rank)
            prepareChair(resident, &dice, &out)
        }
        return (out + resident.trainings).filter { $0.to <= city.today }
    }

    /// What a year asks of a resident; nil where too little of it was spent in a post.
    private func learner(_ resident: Resident, _ place: Int, _ rank: Int, _ year: Int, _ eagerness: Int) -> Learner? {
        let first = Day.firstDay(of: year), end = Day.firstDay(of: year + 1)
        guard let post = resident.posts.last(where: { $0.isPrimary && $0.from < end && $0.to > first }),
            min(post.to, end) - max(post.from, first) >= 45
        else { return nil }
        var learner = Learner(
            post: post, unit: city.units[post.unit], zeal: zeal(of: post.unit, year), year: year,
            window: max(post.from, first)..<min(post.to, end), rank: rank, eagerness: eagerness)
        // The hours of a year go where the person spent most of it; a late transfer changes nothing.
        if post.unit != place { learner.rank = 1_000_000 }
        return learner
    }

    /// What people of a category set themselves in a year, in hundredths of an hour.
    static func quota(_ category: String, in year: Int) -> Int {
        let isInPlan = year >= City.planDay.year
        return switch category {
        case "divisionAndAbove": isInPlan ? 100_00 : 110_00
        case "sectionAndBelow": isInPlan ? 80_00 : 90_00
        case "grassroots": isInPlan ? 48_00 : 40_00
        case "contractStaff": 40_00
        default: 24_00
        }
    }

    /// The same of hours online.
    static func onlineQuota(in year: Int) -> Int { year >= City.planDay.year ? 40_00 : 50_00 }

    // MARK: - Temper

    /// How a unit trains its people in a year, in thousandths and percent.
    private struct Zeal {
        var taking: Int
        var low: Int
        var high: Int
        var selected: Int
        var online: Int
        var inducted: Int
        var exact: Exactness = .none

        enum Exactness { case none, met, missed }

        static let exemplary = Zeal(taking: 1000, low: 101, high: 135, selected: 520, online: 1000, inducted: 985)
        static let solid = Zeal(taking: 975, low: 93, high: 128, selected: 390, online: 930, inducted: 900)
        static let lagging = Zeal(taking: 760, low: 55, high: 105, selected: 210, online: 620, inducted: 620)
        static let failing = Zeal(taking: 340, low: 20, high: 70, selected: 70, online: 280, inducted: 280)

        static func between(_ a: Zeal, _ b: Zeal, _ step: Int, of steps: Int) -> Zeal {
            func mix(_ x: Int, _ y: Int) -> Int { x + (y - x) * step / max(steps, 1) }
            return Zeal(
                taking: mix(a.taking, b.taking), low: mix(a.low, b.low), high: mix(a.high, b.high),
                selected: mix(a.selected, b.selected), online: mix(a.online, b.online), inducted: mix(a.inducted, b.inducted))
        }
    }

    private func zeal(of place: Int, _ year: Int) -> Zeal {
        let step = min(year, city.firstYears.upperBound) - city.firstYears.lowerBound, steps = city.firstYears.count - 1
        switch city.units[place].temperament {
        case .exemplary: return .exemplary
        case .solid:
            var zeal = Zeal.solid
            // The year of the epidemic.
            if year == 2020 { zeal.low -= 22; zeal.high -= 15 }
            return zeal
        case .justMet, .justMissed:
            var zeal = Zeal.exemplary
            zeal.exact = city.units[place].temperament == .justMet ? .met : .missed
            return zeal
        case .lagging: return .lagging
        case .failing: return .failing
        case .improving: return .between(.failing, .exemplary, step, of: steps)
        case .declining:
            // Who had fallen so low was spoken to, and gets up again.
            guard year <= city.firstYears.upperBound else { return .between(.failing, .solid, min(year - city.firstYears.upperBound, 4), of: 4) }
            return .between(.solid, .failing, step, of: steps)
        }
    }

    private struct Learner {
        let post: Resident.Post
        let unit: City.Unit
        let zeal: Zeal
        let year: Int
        let window: Range<Day>
        var rank: Int
        let eagerness: Int

        var audience: Catalogue.Audience {
            switch post.category {
            case "divisionAndAbove": .division
            case "sectionAndBelow": .section
            default: .grassroots
            }
        }

        /// What the year asks of the person's category, in hundredths of an hour.
        var quota: Int { Schooling.quota(post.category, in: year) }
    }

    // MARK: - Classes and lectures

    private func attend(_ learner: Learner, _ dice: inout Dice, _ out: inout [Resident.Training]) {
        let zeal = learner.zeal
        guard dice.chance(zeal.taking) else { return }
        var remaining = learner.quota * dice.within(zeal.low...zeal.high) / 100 * learner.eagerness / 100
        if zeal.low > 100 { remaining = max(remaining, learner.quota) }
        var isSelected = dice.chance(zeal.selected)
        if zeal.exact != .none {
            let heads = learner.unit.heads
            let percent = (learner.audience == .division ? 30 : 25) + (learner.year >= City.planDay.year ? 5 : 0)
            let enough = (heads * percent + 99) / 100
            isSelected = learner.rank < (zeal.exact == .met ? enough : enough - 1)
            remaining = learner.quota
            // One person falls short by 0.04 hours a head: the mean of 40 becomes 39.96.
            if zeal.exact == .missed, learner.rank == min(1, heads - 1) { remaining -= min(heads * 4, learner.quota / 2) }
        }
        let ladder = hosts(above: learner.post.unit)
        var taken: Set<Int> = []
        var isFirst = true
        for (host, offer) in reserved(learner, ladder, &dice) where catalogue.offers(of: host)[offer].halfDays * 400 <= remaining {
            remaining -= go(learner, host, offer, isSelected, &dice, &out)
            taken.insert(key(host, offer))
            isFirst = false
        }
        var tries = isRich ? 7 : 4
        while remaining >= 400, tries > 0 {
            tries -= 1
            guard let (host, offer) = choose(learner, ladder, atMost: remaining / 400, taken, &dice) else { break }
            taken.insert(key(host, offer))
            remaining -= go(learner, host, offer, isSelected && (isFirst || zeal.exact == .none && dice.chance(400)), &dice, &out)
            isFirst = false
        }
        if zeal.exact != .none, remaining > 0 {
            out.append(
                Resident.Training(
                    title: "\(learner.year)年年末专题学习讲座", form: "lecture", purpose: "other", content: "theory",
                    host: learner.post.unit, from: day(learner.year, 12, 16), to: day(learner.year, 12, 18), hours: remaining))
        }
    }

    private func key(_ host: Catalogue.Host, _ offer: Int) -> Int {
        if case .unit(let place) = host { return place * 32 + offer }
        return -1 - offer
    }

    /// Who holds classes for the people of a unit, nearest first.
    private func hosts(above place: Int) -> [Catalogue.Host] {
        let unit = city.units[place]
        var hosts: [Catalogue.Host] = [.unit(place)]
        for host in [unit.town, unit.district, unit.industry, city.root, city.college] {
            if let host, host != place, city.units[host].closed == .open { hosts.append(.unit(host)) }
        }
        return hosts + [.above]
    }

    /// Classes that are held for people like this one.
    private func reserved(_ learner: Learner, _ ladder: [Catalogue.Host], _ dice: inout Dice) -> [(Catalogue.Host, Int)] {
        var classes: [(Catalogue.Host, Int)] = []
        let root = Catalogue.Host.unit(city.root)
        if learner.post.workforce == "unionSocialWorker", let district = learner.unit.district {
            if dice.chance(learner.zeal.taking * 97 / 100) { classes.append((.unit(district), Catalogue.Special.socialWorkers)) }
            if dice.chance(learner.zeal.selected * 7 / 10) { classes.append((root, Catalogue.Special.wideSocialWorkers)) }
        }
        if learner.post.isLeadership, dice.chance(learner.zeal.selected * 8 / 10) {
            switch learner.unit.kind {
            case .districtFederation: classes.append((root, Catalogue.Special.wideDistrictChairs))
            case .industryFederation, .bureauGroupUniversityUnion: classes.append((root, Catalogue.Special.wideIndustryChairs))
            case .townFederation: classes.append((root, Catalogue.Special.wideTownChairs))
            case .affiliatedInstitution: classes.append((root, Catalogue.Special.wideInstitutions))
            default: break
            }
        }
        return classes
    }

    /// A class that fits what is left of the year; the longest in a lean world, any in a rich one.
    private func choose(
        _ learner: Learner, _ ladder: [Catalogue.Host], atMost limit: Int, _ taken: Set<Int>, _ dice: inout Dice
    ) -> (Catalogue.Host, Int)? {
        let mayBeShort = isRich && dice.chance(450)
        let isExact = learner.zeal.exact != .none
        var best = 0
        var found: [(Catalogue.Host, Int)] = []
        for host in ladder {
            for (place, offer) in catalogue.offers(of: host).enumerated() {
                guard offer.audience.contains(learner.audience), offer.halfDays <= limit,
                    offer.season == .any || offer.season == .newYear && !isExact && learner.rank % 5 == 0,
                    offer.purpose != "initial" || learner.window.lowerBound > Day.firstDay(of: learner.year),
                    !taken.contains(key(host, place))
                else { continue }
                if mayBeShort {
                    if offer.halfDays > 2 { found.append((host, place)) }
                } else if offer.halfDays >= best {
                    if offer.halfDays > best { found.removeAll(keepingCapacity: true) }
                    best = offer.halfDays
                    found.append((host, place))
                }
            }
        }
        return found.isEmpty ? (mayBeShort ? choose(learner, ladder, atMost: limit, taken, &dice) : nil) : dice.pick(found)
    }

    /// Books a class and returns the hundredths of an hour it brings.
    private func go(
        _ learner: Learner, _ host: Catalogue.Host, _ place: Int, _ isSelected: Bool, _ dice: inout Dice,
        _ out: inout [Resident.Training]
    ) -> Int {
        let offer = catalogue.offers(of: host)[place]
        let isExact = learner.zeal.exact != .none
        let runs = catalogue.runs(of: host)
        let run = dice.below(runs)
        var course = catalogue.course(host, place, offer, year: learner.year, run: run)
        if !learner.window.contains(course.from) {
            course = catalogue.course(host, place, offer, year: learner.year, run: (run + runs / 2 + 1) % runs)
            // Sent before the post began or after it ended: it happens, but seldom.
            if !learner.window.contains(course.from), !isExact, dice.chance(700) { return 0 }
        }
        var training = Resident.Training(
            title: course.title, form: offer.form, isSelected: isSelected && offer.form == "offJob", purpose: offer.purpose,
            content: offer.content, host: hostPlace(host), institution: course.institution, from: course.from, to: course.to,
            halfDays: offer.halfDays)
        if offer.form == "offJob" || dice.chance(500) { training.sourceCode = course.code }
        if dice.chance(250) { training.hours = offer.halfDays * 400 }
        guard !isExact else {
            out.append(training)
            return offer.halfDays * 400
        }
        switch dice.below(1000) {
        case ..<18: training.isCompleted = false
        case ..<20: training.fate = .reversed
        case ..<23:
            // The clerk had written down the days planned, not the days held.
            training.halfDays = nil
            training.hours = offer.halfDays * 400 + 800
            training.fate = .correctedTo(hours: offer.halfDays * 400)
        default: break
        }
        out.append(training)
        return training.isCompleted && training.fate != .reversed ? offer.halfDays * 400 : 0
    }

    private func hostPlace(_ host: Catalogue.Host) -> Int? {
        if case .unit(let place) = host { return place }
        return nil
    }

    // MARK: - Online

    private func studyOnline(_ learner: Learner, _ dice: inout Dice, _ out: inout [Resident.Training]) {
        let zeal = learner.zeal
        var hours = 0
        if zeal.exact != .none {
            hours = zeal.exact == .missed && learner.rank == min(1, learner.unit.heads - 1) ? 49_50 : 50_00
        } else if dice.chance(zeal.online) {
            hours = 50_00 + dice.below(22) * 100 + (dice.chance(300) ? 50 : 0)
        } else if dice.chance(450) {
            hours = dice.within(4...49) * 100
        }
        if hours > 0 {
            let title = "\(learner.year)年度工会干部网络学院在线学习"
            let from = max(day(learner.year, 12, 20), learner.window.lowerBound)
            if isRich, hours > 30_00, zeal.exact == .none, dice.chance(500) {
                // The platform reported twice.
                let early = hours / 200 * 100
                out.append(online("\(title)（上半年）", "HX-WL-\(learner.year)-1", early, day(learner.year, 6, 30), 0))
                out.append(online("\(title)（下半年）", "HX-WL-\(learner.year)-2", hours - early, from, 0))
            } else {
                out.append(online(title, "HX-WL-\(learner.year)", hours, from, 0))
            }
        }
        specialClass(learner, &dice, &out)
    }

    private func specialClass(_ learner: Learner, _ dice: inout Dice, _ out: inout [Resident.Training]) {
        if dice.chance(isRich ? learner.zeal.selected / 2 : learner.zeal.selected / 8) {
            let topics = ["党史学习教育", "新修改的工会法", "产业工人队伍建设改革", "新就业形态劳动者权益保障", "民法典与职工权益"]
            let topic = dice.below(topics.count)
            var training = online(
                "\(topics[topic])网上专题班", "HX-WZ-\(learner.year)-\(topic + 1)", 20_00, day(learner.year, topic * 2 + 3, 8), 19)
            training.form = "onlineSpecialClass"
            training.content = topic == 0 ? "partySpirit" : "professional"
            out.append(training)
        }
    }

    /// The platform reports each quarter. Who learns in earnest is done by one of them; the rest have what they came to.
    private func studyOnlineByQuarters(_ learner: Learner, _ dice: inout Dice, _ out: inout [Resident.Training]) {
        let zeal = learner.zeal, year = learner.year, full = Schooling.onlineQuota(in: learner.year)
        var hours = 0, quarters = 4
        if zeal.exact != .none {
            hours = zeal.exact == .missed && learner.rank == min(1, learner.unit.heads - 1) ? full - 50 : full
        } else if dice.chance(zeal.online) {
            hours = full + dice.below(22) * 100 + (dice.chance(300) ? 50 : 0)
            quarters = dice.weighted([14, 26, 26, 34]) + 1
        } else if dice.chance(450) {
            hours = dice.within(4...full / 100 - 1) * 100
        }
        let days = [day(year, 3, 31), day(year, 6, 30), day(year, 9, 30), day(year, 12, 20)], words = ["一季度", "二季度", "三季度", "四季度"]
        var reported = 0
        for quarter in 1...4 where quarter <= quarters && learner.window.contains(days[quarter - 1]) {
            let until = hours * quarter / quarters / 50 * 50, some = (quarter == quarters ? hours : until) - reported
            guard some > 0, isRich || quarter == quarters || days[quarter] > city.today else { continue }
            out.append(online("\(year)年度工会干部网络学院在线学习（\(words[quarter - 1])）", "HX-WL-\(year)-\(quarter)", some, days[quarter - 1], 0))
            reported += some
        }
        specialClass(learner, &dice, &out)
    }

    private func online(_ title: String, _ code: String, _ hours: Int, _ from: Day, _ days: Int) -> Resident.Training {
        Resident.Training(
            sourceCode: code, title: title, form: "online", purpose: "other", content: "knowledge", host: city.college,
            from: from, to: from + days, hours: hours)
    }

    // MARK: - Other ways of learning

    private func learnElsewhere(_ learner: Learner, _ dice: inout Dice, _ out: inout [Resident.Training]) {
        switch dice.below(isRich ? 1000 : 4000) {
        case ..<12 where learner.audience != .grassroots:
            let days = dice.within(20...90)
            let from = day(learner.year, 3, 1) + dice.below(120)
            out.append(
                Resident.Training(
                    title: "\(learner.year)年机关干部到基层以岗代训", form: "secondment", isSelected: true, purpose: "post",
                    content: "professional", host: city.root, from: from, to: from + (days * 7 / 5 + 2), halfDays: days * 2))
        case 12..<32:
            out.append(
                Resident.Training(
                    title: "\(learner.year)年在职自学读书计划", form: "selfStudy", purpose: "other", content: "theory",
                    host: learner.post.unit, from: day(learner.year, 1, 4), to: day(learner.year, 12, 10),
                    hours: dice.within(16...80) * 100))
        case 32..<40:
            out.append(
                Resident.Training(
                    title: "在职学历教育（\(dice.pick(["劳动关系", "公共事业管理", "法学", "社会工作"]))专业）\(learner.year)学年", form: "degree",
                    purpose: "other", content: "knowledge", institution: dice.pick(["国家开放大学", "衡溪大学", "中国劳动关系学院"]),
                    from: day(learner.year, 3, 1), to: day(learner.year, 7, 10), hours: dice.within(60...180) * 100))
        default: break
        }
    }

    /// Training on taking office: chairs and vice-chairs of grassroots unions (A14), and the workforces before
    /// they begin (C10). A class is held each quarter; the first one after the start is taken, or a later one, or none.
    private func induct(_ resident: Resident, in span: Range<Day>, _ dice: inout Dice, _ out: inout [Resident.Training]) {
        // Classes after the first years are for those who come then, too.
        let last = span.upperBound
        for (place, post) in resident.posts.enumerated() where post.isPrimary && span.contains(post.from) && !isContinued(place, resident) {
            let unit = city.units[post.unit]
            let isGrassroots = [.enterpriseUnion, .institutionUnion, .communityJointUnion].contains(unit.kind)
            let isChair = isGrassroots && post.title.contains("主席") && post.title != "主席助理"
            let isNew = place == 0 && ["unionSocialWorker", "communityOfficer", "negotiationGuide", "labourLawSupervisor"].contains(post.workforce)
            guard isChair || isNew, let host = isNew ? unit.district : unit.district ?? unit.industry else { continue }
            guard dice.chance(zeal(of: post.unit, min(post.from.year, city.years.upperBound)).inducted) else { continue }
            let offers = catalogue.offers(of: .unit(host))
            let kind = isChair ? Catalogue.Special.newChair : Catalogue.Special.prePost
            guard kind < offers.count else { continue }
            var quarter = post.from.year * 4 + (post.from.parts.month - 1) / 3 + (dice.chance(800) ? 0 : 2)
            var course = catalogue.course(.unit(host), kind, offers[kind], year: quarter / 4, run: quarter % 4)
            while course.from < post.from {
                quarter += 1
                course = catalogue.course(.unit(host), kind, offers[kind], year: quarter / 4, run: quarter % 4)
            }
            guard course.to <= last, course.from < post.to, !out.contains(where: { $0.sourceCode == course.code }) else { continue }
            out.append(
                Resident.Training(
                    sourceCode: course.code, title: course.title, form: "offJob", isSelected: isChair, purpose: offers[kind].purpose,
                    content: offers[kind].content, host: host, institution: course.institution, from: course.from, to: course.to,
                    halfDays: offers[kind].halfDays))
        }
    }

    /// Whether a post only goes on under another category.
    private func isContinued(_ place: Int, _ resident: Resident) -> Bool {
        guard place > 0 else { return false }
        let post = resident.posts[place], before = resident.posts[place - 1]
        return before.to == post.from && before.unit == post.unit && before.title == post.title && before.category != post.category
    }

    /// What every new grassroots chair is to have had (C10), of those whose union thinks of it.
    private func prepareChair(_ resident: Resident, _ dice: inout Dice, _ out: inout [Resident.Training]) {
        let first = Day.firstDay(of: city.years.lowerBound)
        for post in resident.posts where post.isPrimary && post.from >= first && Folk.isChair(post.title) {
            let unit = city.units[post.unit]
            guard [.enterpriseUnion, .institutionUnion, .communityJointUnion].contains(unit.kind), unit.district != city.districts[0], !unit.temperament.isExact,
                let host = unit.district ?? unit.industry, dice.chance(zeal(of: post.unit, min(post.from.year, city.years.upperBound)).inducted * 6 / 10)
            else { continue }
            let day = Catalogue.monday(post.from + dice.within(20...120)), code = city.units[host].code
            out.append(
                Resident.Training(
                    sourceCode: "\(code)-\(day.year)-ZX\(day.parts.month)", title: "\(day.year)年新上岗工会主席岗前培训班", form: "offJob", isSelected: true, purpose: "prePost",
                    content: "professional", host: host, from: day, to: day + 1, halfDays: 4))
        }
    }

    private func day(_ year: Int, _ month: Int, _ day: Int) -> Day { Day(year, month, day) ?? .firstDay(of: year) }
}
