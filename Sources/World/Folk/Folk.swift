import Access
import Kit

/// A person of a made world with everything that is recorded of them. `unit` and `host` are places in the list of units.
package struct Resident: Sendable {
    package struct Post: Sendable, Equatable {
        package var unit: Int
        package var from: Day
        package var to: Day
        package var isPrimary: Bool
        package var category: String
        package var workforce: String
        package var engagement: String
        package var title: String
        package var isLeadership: Bool
    }

    package struct Training: Sendable, Equatable {
        /// What happened to the posting afterwards.
        package enum Fate: Sendable, Equatable { case stands, reversed, correctedTo(hours: Int) }

        package var sourceCode = ""
        package var title: String
        package var form: String
        package var isSelected = false
        package var purpose = ""
        package var content = ""
        package var host: Int?
        package var institution = ""
        package var from: Day
        package var to: Day
        package var halfDays: Int?
        /// Hundredths of an hour.
        package var hours: Int?
        package var isCompleted = true
        package var fate = Fate.stands
    }

    package var code: String?
    package var name: String
    package var idNumber: String
    package var birth: Day
    package var gender: String
    package var ethnicity: String
    package var politics: String
    package var education: String
    package var degree: String
    package var phone: String?
    package var posts: [Post]
    package var trainings: [Training] = []
}

/// The people of the city, unit by unit and rank by rank, and after them those who came beside; a pure function of the city.
package struct Folk: Sendable {
    package let city: City
    package let people: Int
    /// The ordinal of each unit's first person.
    private let firstOrdinals: [Int]
    /// Who came beside the people of the first years, by their units; empty where the world ends with those years.
    private(set) var newcomers: [Newcomer] = []
    let staffing: Staffing

    /// All people there are.
    package var count: Int { people + newcomers.count }

    package init(city: City, people: Int) {
        self.city = city
        self.people = people
        var next = 0
        firstOrdinals = city.units.map { unit in
            defer { next += unit.heads }
            return next
        }
        staffing = city.knowsPlan && people >= City.leastStaffed ? Staffing(city) : Staffing()
        if livesOn { newcomers = city.units.indices.flatMap { lives(of: $0).newcomers } }
    }

    /// Whether more is to be told than the first years.
    var livesOn: Bool { !city.laterYears.isEmpty || city.knowsPlan }

    /// The person of a rank (0 is the chair) in the unit where their story begins, without their years of training.
    package func resident(unit place: Int, rank: Int) -> Resident { members(of: place)[rank] }

    /// The same of everybody whose story begins in a unit, by rank.
    package func members(of place: Int) -> [Resident] { lives(of: place).founders }

    /// Somebody who came beside them, by their number among those.
    package func newcomer(_ number: Int) -> Resident { resident(newcomers[number], ordinal: people + number) }

    /// Upper bound of the ordinals: no two people share an ID number.
    private var crowd: Int { livesOn ? people * 2 + 1000 : people }

    /// The person of a rank as the first years leave them.
    func early(unit place: Int, rank: Int) -> Resident {
        let unit = city.units[place]
        let ordinal = firstOrdinals[place] + rank
        var dice = Dice(city.seed, 10, ordinal)
        let story = story(of: unit, place, rank, &dice)
        let isMale = dice.chance(story.role.isLeadership ? 680 : 520)
        let birth = FolkNumbers.birthDay(birthWish(story, isMale, &dice), ordinal: ordinal, people: crowd)
        let name = FolkName.make(&dice, birthYear: birth.year, isMale: isMale)
        let posts = posts(of: story, place, rank, birth: birth, isMale: isMale, &dice)
        return file(ordinal, name, birth, isMale, story.role, posts.compactMap(untilToday), &dice)
    }

    private func resident(_ newcomer: Newcomer, ordinal: Int) -> Resident {
        var dice = Dice(city.seed, 12, ordinal)
        let isMale = dice.chance(newcomer.role.isLeadership ? 640 : 450)
        let wish = Day.firstDay(of: newcomer.from.year - newcomer.age) + dice.below(365)
        let birth = FolkNumbers.birthDay(wish, ordinal: ordinal, people: crowd)
        let name = FolkName.make(&dice, birthYear: birth.year, isMale: isMale)
        var resident = file(ordinal, name, birth, isMale, newcomer.role, newcomer.posts, &dice)
        resident.trainings = newcomer.lessons
        return resident
    }

    private func file(_ ordinal: Int, _ name: FolkName, _ birth: Day, _ isMale: Bool, _ role: Role, _ posts: [Resident.Post], _ dice: inout Dice) -> Resident {
        let education = education(birth, role, &dice)
        return Resident(
            code: dice.chance(20) ? nil : "HX" + String(10_000_000 + ordinal).dropFirst(),
            name: name.name, idNumber: FolkNumbers.idNumber(ordinal: ordinal, birth: birth, isMale: isMale), birth: birth,
            gender: isMale ? "男" : "女", ethnicity: name.ethnicity, politics: politics(birth, role, &dice),
            education: education.0, degree: education.1,
            // A few share a number: a couple, or a clerk who filled in their own.
            phone: dice.chance(90) ? nil : FolkNumbers.phone(ordinal: dice.chance(4) ? max(ordinal - 1, 0) : ordinal),
            posts: posts)
    }

    /// A post as today knows it: one that will end is open, one that will begin is not there.
    func untilToday(_ post: Resident.Post) -> Resident.Post? {
        guard post.from <= city.today else { return nil }
        var post = post
        if post.to > city.today { post.to = .open }
        return post
    }

    /// The unit and rank of the person with an ordinal, counted through all units.
    func seat(of ordinal: Int) -> (unit: Int, rank: Int) {
        // The last unit that begins at or before it: units without people begin where the next one does.
        var low = 0, high = firstOrdinals.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if firstOrdinals[middle] <= ordinal { low = middle } else { high = middle }
        }
        return (low, ordinal - firstOrdinals[low])
    }

    // MARK: - The story

    struct Role {
        var category: String
        var workforce = "unionCadre"
        var engagement = "fullTime"
        var title: String
        var isLeadership = false
    }

    private enum Turn { case steady, moves, retires, promoted, hired, leaves, dissolved, becomesChair, wasChair, returns }

    private struct Story {
        var role: Role
        var turn: Turn
        /// When it happens.
        var day: Day
    }

    private func story(of unit: City.Unit, _ place: Int, _ rank: Int, _ dice: inout Dice) -> Story {
        let role = role(in: unit, rank, &dice)
        let start = max(unit.established, Day.firstDay(of: city.years.lowerBound))
        if unit.closedEarly != .open { return Story(role: role, turn: .dissolved, day: unit.closedEarly) }
        if unit.temperament.isExact { return Story(role: role, turn: .steady, day: start) }
        if let day = chairChange(unit, place) {
            if rank == 0 { return Story(role: role, turn: unit.heads > 2 ? .becomesChair : .hired, day: day) }
            if unit.heads > 2, rank == unit.heads - 1 {
                return Story(role: self.role(in: unit, 0, &dice), turn: .wasChair, day: day)
            }
        }
        let day = city.day(&dice, from: 30, to: 970)
        guard start < day - 60 else { return Story(role: role, turn: .steady, day: day) }
        let turn: Turn = switch dice.below(1000) {
        case ..<80: .moves
        case ..<150: .retires
        case ..<240: .promoted
        case ..<330: .hired
        case ..<350: .leaves
        case ..<356: .returns
        default: .steady
        }
        return Story(role: role, turn: turn, day: day)
    }

    /// Nearly half of the grassroots unions have elected a new chair within the years.
    private func chairChange(_ unit: City.Unit, _ place: Int) -> Day? {
        var dice = Dice(city.seed, 11, place)
        let share = switch unit.kind {
        case .enterpriseUnion, .institutionUnion, .communityJointUnion: 450
        case .districtFederation, .townFederation, .industryFederation, .bureauGroupUniversityUnion: 250
        default: 0
        }
        guard unit.established == .always, dice.chance(share) else { return nil }
        return city.day(&dice, from: 40, to: 960)
    }

    private func birthWish(_ story: Story, _ isMale: Bool, _ dice: inout Dice) -> Day {
        let first = city.years.lowerBound
        // Nobody is past the age of retirement a few years after the story ends, except who retires in it.
        let limit = isMale ? 60 : 55
        let oldest = city.firstYears.upperBound + 4 - limit
        let year: Int
        switch story.turn {
        case .retires, .wasChair: year = story.day.year - limit
        case .hired: year = story.day.year - (story.role.isLeadership ? dice.within(34...48) : dice.within(22...33))
        default:
            let age = story.role.isLeadership ? dice.within(36...53) : dice.within(24...51)
            year = max(first - age, oldest)
        }
        return (Day(max(year, oldest - 6), 1, 1) ?? .firstDay(of: first - 40)) + dice.below(365)
    }

    private func posts(
        of story: Story, _ place: Int, _ rank: Int, birth: Day, isMale: Bool, _ dice: inout Dice
    ) -> [Resident.Post] {
        let unit = city.units[place]
        let before = Day.firstDay(of: city.years.lowerBound)
        let adult = birth.adding(years: 22)
        var start = max(before - dice.within(30...5200), adult, unit.established)
        if start >= before, unit.established < before { start = max(before - dice.within(1...200), birth.adding(years: 18)) }
        var role = story.role
        // A few of the offices' staff are on loan from elsewhere.
        if unit.town == nil, role.category == "sectionAndBelow", dice.chance(15) { role.engagement = "seconded" }
        func post(_ role: Role, _ place: Int, _ from: Day, _ to: Day) -> Resident.Post {
            Resident.Post(
                unit: place, from: from, to: to, isPrimary: true, category: role.category, workforce: role.workforce,
                engagement: role.engagement, title: role.title, isLeadership: role.isLeadership)
        }
        var posts: [Resident.Post]
        switch story.turn {
        case .steady:
            posts = [post(role, place, start, .open)]
        case .hired:
            posts = [post(role, place, max(story.day, unit.established), .open)]
        case .dissolved:
            start = min(start, story.day - 1)
            posts = [post(role, place, start, story.day)]
            if let heir = unit.successor {
                var next = self.role(in: city.units[heir], 5 + rank, &dice)
                if unit.kind == .townFederation, rank == 0 { next.title = "副主席"; next.isLeadership = true }
                posts.append(post(next, heir, story.day, .open))
            }
        case .moves:
            guard let home = city.destination(from: place, &dice), start < story.day else { return [post(role, place, start, .open)] }
            var next = role
            if rank == 0 { next.title = "副主席" }
            posts = [post(role, place, start, story.day), post(next, home, story.day, .open)]
        case .promoted:
            posts = [post(role, place, start, story.day), post(promoted(role, unit), place, story.day, .open)]
        case .becomesChair:
            var earlier = self.role(in: unit, unit.heads - 1, &dice)
            if earlier.workforce != "unionCadre" || earlier.isLeadership { earlier = role; earlier.title = "委员"; earlier.isLeadership = false }
            posts = [post(earlier, place, start, story.day), post(role, place, story.day, .open)]
        case .wasChair:
            posts = [post(role, place, start, story.day)]
            // Stays on the committee until the pension.
            let end = pension(birth, isMale)
            if end > story.day + 20 {
                var later = role
                later.title = "委员"
                later.isLeadership = false
                posts.append(post(later, place, story.day, end))
            }
        case .retires:
            posts = [post(role, place, start, max(pension(birth, isMale), start + 1))]
        case .leaves:
            posts = [post(role, place, start, story.day)]
        case .returns:
            posts = [post(role, place, start, story.day), post(role, place, story.day + dice.within(120...400), .open)]
        }
        if let last = posts.last, last.to == .open, let second = secondPost(last, rank, &dice) { posts.append(second) }
        return posts
    }

    /// The first day of the month after the one in which the age is reached.
    func pension(_ birth: Day, _ isMale: Bool) -> Day {
        let (year, month, _) = birth.parts
        let limit = isMale ? 60 : 55
        return Day(year + limit + month / 12, month % 12 + 1, 1) ?? .open
    }

    /// A post beside the primary one: on a committee above, as a part-time vice-chair, or seconded for a year.
    private func secondPost(_ primary: Resident.Post, _ rank: Int, _ dice: inout Dice) -> Resident.Post? {
        let unit = city.units[primary.unit]
        guard dice.chance(rank == 0 ? 70 : 18), let above = unit.district ?? unit.industry, above != primary.unit, city.units[above].takesMovers
        else { return nil }
        let day = max(city.day(&dice, from: 50, to: 800), primary.from)
        let isSeconded = dice.chance(350)
        return Resident.Post(
            unit: above, from: day, to: isSeconded ? day + 365 : .open, isPrimary: false, category: "",
            workforce: "unionCadre", engagement: isSeconded ? "seconded" : "partTime",
            title: isSeconded ? "挂职干部" : dice.chance(400) ? "兼职副主席" : "委员", isLeadership: false)
    }

    // MARK: - Posts

    func role(in unit: City.Unit, _ rank: Int, _ dice: inout Dice) -> Role {
        switch unit.kind {
        case .cityFederation, .districtFederation, .industryFederation, .bureauGroupUniversityUnion:
            return officeRole(unit, rank, &dice)
        case .townFederation:
            if rank == 0 { return Role(category: "grassroots", engagement: dice.chance(600) ? "partTime" : "fullTime", title: dice.chance(300) ? "党工委副书记、主席" : "主席", isLeadership: true) }
            if rank == 1 || rank == 2 && unit.heads > 6 { return Role(category: "grassroots", title: "副主席", isLeadership: true) }
            if rank == 4, dice.chance(600) { return Role(category: dice.chance(500) ? "" : "grassroots", workforce: "negotiationGuide", title: "集体协商指导员") }
            if rank == 5, dice.chance(500) { return Role(category: "", workforce: "labourLawSupervisor", engagement: "partTime", title: "劳动法律监督员") }
            return Role(category: "grassroots", title: dice.pick(["专干", "干事", "组织委员", "女职工委员会主任", "财务"]))
        case .serviceStation, .serviceCentre:
            let isCentre = unit.kind == .serviceCentre
            if rank == 0 {
                return Role(category: isCentre ? "sectionAndBelow" : "grassroots", workforce: isCentre ? "unionCadre" : "unionSocialWorker", title: isCentre ? "主任" : "站长", isLeadership: isCentre)
            }
            if rank == 3, dice.chance(400) { return Role(category: "", workforce: "unionLawyer", engagement: "partTime", title: "律师") }
            return Role(category: dice.chance(930) ? "grassroots" : "", workforce: "unionSocialWorker", title: "工会社会工作者")
        case .communityJointUnion:
            if rank == 0 { return Role(category: "grassroots", engagement: "partTime", title: dice.chance(250) ? "党委书记、主席" : "主席", isLeadership: true) }
            if rank == 1 { return Role(category: dice.chance(900) ? "grassroots" : "", workforce: "communityOfficer", title: "专职干事") }
            return Role(category: "grassroots", engagement: "partTime", title: rank == 2 ? "副主席" : "委员")
        case .tradeFederation:
            if rank == 0 { return Role(category: "grassroots", engagement: "partTime", title: "主席", isLeadership: true) }
            return Role(category: "grassroots", workforce: rank == 1 ? "unionCadre" : "unionSocialWorker", title: rank == 1 ? "秘书长" : "工会社会工作者")
        case .enterpriseUnion, .institutionUnion:
            let isLarge = unit.heads > 12
            if rank == 0 { return Role(category: "grassroots", engagement: isLarge || dice.chance(250) ? "fullTime" : "partTime", title: dice.chance(120) ? "党委副书记、工会主席" : "主席", isLeadership: true) }
            if rank == 1 { return Role(category: "grassroots", engagement: isLarge ? "fullTime" : "partTime", title: dice.chance(100) ? "副主席，女职工委员会主任" : "副主席", isLeadership: isLarge) }
            if rank == 5, dice.chance(200) { return Role(category: "", workforce: "labourLawSupervisor", engagement: "partTime", title: "劳动法律监督员") }
            let title = dice.pick(["委员", "委员", "女职工委员会主任", "经费审查委员", "工会小组长", "工会小组长", "干事", "生产委员", "文体委员", "劳动保护检查员", "主席助理"])
            return Role(category: dice.chance(990) ? "grassroots" : "", engagement: dice.chance(isLarge ? 300 : 120) ? "fullTime" : "partTime", title: title)
        case .affiliatedInstitution, .unionCollege:
            let word = unit.kind == .unionCollege ? "院长" : "主任"
            if rank == 0 { return Role(category: "divisionAndAbove", title: word, isLeadership: true) }
            if rank < 3 { return Role(category: rank == 1 ? "divisionAndAbove" : "sectionAndBelow", title: "副" + word, isLeadership: true) }
            return Role(category: "sectionAndBelow", title: unit.kind == .unionCollege ? dice.pick(["讲师", "副教授", "教务员", "辅导员"]) : dice.pick(["管理员", "办公室主任", "会计", "活动部主任"]))
        case .zoneCommittee, .zoneDepartment, .village, .enterprise, .school:
            // No unions; `Staffing` peoples them.
            return Role(category: "", workforce: "", title: "")
        }
    }

    private func officeRole(_ unit: City.Unit, _ rank: Int, _ dice: inout Dice) -> Role {
        let leaders = min(max(unit.heads / 4, 1), unit.kind == .cityFederation ? 9 : 5)
        if rank < leaders {
            let title = rank == 0 ? (dice.chance(400) ? "党组书记、主席" : "主席") : rank == 1 ? "常务副主席" : rank < 4 ? "副主席" : rank == 4 ? "经费审查委员会主任" : "二级巡视员"
            // 常务副主席 is no whole word 副主席; the register writes both.
            return Role(category: "divisionAndAbove", engagement: rank == 3 && dice.chance(500) ? "partTime" : "fullTime", title: rank == 1 && dice.chance(700) ? "党组副书记、副主席" : title, isLeadership: true)
        }
        if unit.kind == .districtFederation, unit.heads >= 9 {
            switch unit.heads - rank {
            case 1: return Role(category: "", workforce: "unionLawyer", title: "公职律师")
            case 2: return Role(category: "sectionAndBelow", workforce: "negotiationGuide", title: "集体协商指导员")
            case 3: return Role(category: dice.chance(500) ? "" : "sectionAndBelow", workforce: "labourLawSupervisor", title: "劳动法律监督员")
            default: break
            }
        }
        let department = dice.pick(["办公室", "组织部", "权益保障部", "宣传教育部", "经济技术部", "财务部", "女职工部", "网络工作部"])
        if rank < leaders + max(unit.heads / 8, 1) {
            return Role(category: unit.kind == .cityFederation ? "divisionAndAbove" : "sectionAndBelow", title: department + (department == "办公室" ? "主任" : "部长"))
        }
        return Role(category: "sectionAndBelow", title: dice.pick(["一级主任科员", "二级主任科员", "四级主任科员", "一级科员", "干事", department + (department == "办公室" ? "副主任" : "副部长")]))
    }

    func promoted(_ role: Role, _ unit: City.Unit) -> Role {
        var next = role
        switch (unit.kind, role.category) {
        case (.cityFederation, "sectionAndBelow"), (.districtFederation, "sectionAndBelow"):
            next.category = "divisionAndAbove"
            next.title = "四级调研员"
        case (.enterpriseUnion, "grassroots"), (.institutionUnion, "grassroots"), (.communityJointUnion, "grassroots"):
            next.title = role.title == "副主席" || role.title.contains("主席") && role.title != "主席助理" ? "常务副主席" : "副主席"
        default:
            next.title = role.title == "主席" ? "党组书记、主席" : role.isLeadership ? "一级调研员" : "主任科员"
        }
        return next
    }

    private func politics(_ birth: Day, _ role: Role, _ dice: inout Dice) -> String {
        if dice.chance(role.isLeadership ? 930 : 560) { return "中共党员" }
        if birth.year > city.firstYears.upperBound - 28 { return "共青团员" }
        return dice.chance(30) ? dice.pick(["民盟盟员", "民建会员", "九三学社社员", "民进会员"]) : "群众"
    }

    private func education(_ birth: Day, _ role: Role, _ dice: inout Dice) -> (String, String) {
        let isOffice = role.category == "divisionAndAbove" || role.category == "sectionAndBelow"
        let isYoung = birth.year > 1982
        switch dice.weighted(isOffice ? [isYoung ? 30 : 16, 72, 8, 0] : [isYoung ? 6 : 2, 52, 34, isYoung ? 4 : 12]) {
        case 0: return ("研究生", dice.chance(40) ? "博士" : "硕士")
        case 1: return ("大学本科", dice.chance(isYoung ? 900 : 550) ? "学士" : "")
        case 2: return ("大学专科", "")
        default: return ("高中", "")
        }
    }
}
