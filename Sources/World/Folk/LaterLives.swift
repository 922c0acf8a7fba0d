import Kit

/// What happens to the people of a unit after the first years: they retire, leave, move and are elected, and others come in their place.
/// Nobody's first years change by it.
extension Folk {
    /// Somebody who came beside the people of the first years.
    struct Newcomer: Sendable {
        var role: Role
        var posts: [Resident.Post]
        /// On coming.
        let age: Int
        /// What they learned for a reason of their own.
        var lessons: [Resident.Training] = []
        /// Whether they are trained as their unit trains its people.
        var learns = true
        /// Whether they get 岗前培训 as their unit gives it.
        var isInducted = true

        var from: Day { posts.first?.from ?? .always }
    }

    struct Lives {
        var founders: [Resident]
        var newcomers: [Newcomer] = []
        /// Ranks about which all is told.
        var settled: Set<Int> = []
    }

    /// Everybody whose story begins in a unit, and who comes for them; without their years of training.
    func lives(of place: Int) -> Lives {
        let unit = city.units[place]
        var lives = Lives(founders: (0..<unit.heads).map { early(unit: place, rank: $0) })
        guard livesOn else { return lives }
        if !city.laterYears.isEmpty {
            changeChair(of: place, &lives)
            for rank in lives.founders.indices where !lives.settled.contains(rank) { goOn(place, rank, &lives) }
            if unit.heads == 0, unit.established >= city.laterStart { settle(place, &lives) }
        }
        if city.knowsPlan { staff(place, &lives) }
        for rank in lives.founders.indices { lives.founders[rank].posts = asOfToday(lives.founders[rank].posts) }
        for number in lives.newcomers.indices { lives.newcomers[number].posts = asOfToday(lives.newcomers[number].posts) }
        return lives
    }

    // MARK: - One after the other

    private enum Event { case leaves, moves, promoted }

    /// One event at most in the later years, and retirement when the age is reached.
    private func goOn(_ place: Int, _ rank: Int, _ lives: inout Lives) {
        guard let current = openPost(of: lives.founders[rank]) else { return }
        var dice = Dice(city.seed, 50, place, rank)
        let pension = laterPension(lives.founders[rank]), post = lives.founders[rank].posts[current]
        if !isExact(place), !isExact(post.unit), !Folk.isChair(post.title), let (event, day) = event(of: post, until: pension, &dice) {
            happen(event, on: day, to: rank, current, place, &lives, &dice)
        }
        retire(rank, place, &lives, &dice)
    }

    private func event(of post: Resident.Post, until pension: Day, _ dice: inout Dice) -> (Event, Day)? {
        for year in city.laterYears {
            let lot = dice.below(1000), day = Day.firstDay(of: year) + dice.within(20...345)
            let event: Event? = switch lot {
            case ..<22: .leaves
            case 22..<50: .moves
            case 50..<80: .promoted
            default: nil
            }
            guard let event, day <= city.today, day < pension, day > post.from + 90, day < city.units[post.unit].closed else { continue }
            return (event, day)
        }
        return nil
    }

    private func happen(_ event: Event, on day: Day, to rank: Int, _ current: Int, _ place: Int, _ lives: inout Lives, _ dice: inout Dice) {
        let post = lives.founders[rank].posts[current]
        var next: Resident.Post
        switch event {
        case .leaves:
            end(rank, current, on: day, &lives)
            replace(post, after: day, place, &lives, &dice)
            return
        case .moves:
            guard !post.isLeadership, let home = city.destination(from: post.unit, &dice), city.units[home].closed > day + 30 else { return }
            next = post
            next.unit = home
        case .promoted:
            next = post
            let role = promoted(Role(category: post.category, workforce: post.workforce, engagement: post.engagement, title: post.title, isLeadership: post.isLeadership), city.units[post.unit])
            guard role.title != post.title, !Folk.isChair(role.title) else { return }
            (next.category, next.title) = (role.category, role.title)
        }
        end(rank, current, on: day, &lives)
        next.from = day
        next.to = .open
        lives.founders[rank].posts.insert(next, at: current + 1)
    }

    private func retire(_ rank: Int, _ place: Int, _ lives: inout Lives, _ dice: inout Dice) {
        guard let current = openPost(of: lives.founders[rank]) else { return }
        let day = laterPension(lives.founders[rank]), post = lives.founders[rank].posts[current]
        guard day <= city.today, day > post.from, day >= city.laterStart else { return }
        end(rank, current, on: day, &lives)
        replace(post, after: day, place, &lives, &dice)
    }

    /// Ends a primary post and what somebody held beside it.
    private func end(_ rank: Int, _ current: Int, on day: Day, _ lives: inout Lives) {
        lives.founders[rank].posts[current].to = day
        for other in lives.founders[rank].posts.indices where !lives.founders[rank].posts[other].isPrimary && lives.founders[rank].posts[other].to > day {
            if lives.founders[rank].posts[other].from < day { lives.founders[rank].posts[other].to = day }
        }
        lives.founders[rank].posts.removeAll { !$0.isPrimary && $0.from >= day }
    }

    /// Somebody new for a post that became free; most come soon, some are still waited for.
    private func replace(_ post: Resident.Post, after day: Day, _ place: Int, _ lives: inout Lives, _ dice: inout Dice) {
        let from = day + (dice.chance(250) ? dice.within(60...200) : dice.within(0...50))
        guard from <= city.today, from + 30 < city.units[post.unit].closed, !Folk.isChair(post.title) else { return }
        var role = Role(category: post.category, workforce: post.workforce, engagement: post.engagement, title: post.title, isLeadership: post.isLeadership)
        if role.category == "divisionAndAbove", !role.isLeadership { (role.category, role.title) = ("sectionAndBelow", "四级主任科员") }
        lives.newcomers.append(newcomer(role, in: post.unit, from: from, age: role.isLeadership ? dice.within(34...47) : dice.within(22...32)))
    }

    func newcomer(_ role: Role, in place: Int, from: Day, age: Int) -> Newcomer {
        Newcomer(role: role, posts: [post(role, in: place, from: from)], age: age)
    }

    private func post(_ role: Role, in place: Int, from: Day) -> Resident.Post {
        Resident.Post(
            unit: place, from: from, to: .open, isPrimary: true, category: role.category, workforce: role.workforce, engagement: role.engagement, title: role.title,
            isLeadership: role.isLeadership)
    }

    // MARK: - Chairs

    /// Chairs retire or are voted out. Most are followed at once or within three months, some later, a few by nobody yet.
    private func changeChair(of place: Int, _ lives: inout Lives) {
        let unit = city.units[place]
        guard unit.closed == .open, !unit.temperament.isExact else { return }
        let chairs = lives.founders.indices.flatMap { rank in lives.founders[rank].posts.filter { $0.unit == place && $0.isPrimary && Folk.isChair($0.title) }.map { (rank: rank, post: $0) } }
        guard let last = chairs.max(by: { $0.post.to < $1.post.to }) else { return }
        var dice = Dice(city.seed, 55, place)
        guard last.post.to == .open else {
            // Vacant since the first years. Where visitors are shown in first, their past stays as it was.
            let lot = dice.below(100), wasShown = place == city.districts[0] || unit.district == city.districts[0]
            var day = last.post.to + (lot < 45 ? dice.within(15...85) : dice.within(100...320))
            if lot >= 70 || wasShown && day < city.laterStart { day = max(city.laterStart, last.post.to) + dice.within(20...500) }
            if lot < 92 { elect(on: day, place, &lives, &dice) }
            return
        }
        lives.settled.insert(last.rank)
        let pension = laterPension(lives.founders[last.rank])
        var elected = Day.open
        for year in city.laterYears where elected == .open {
            let day = Day.firstDay(of: year) + dice.within(30...340)
            if dice.chance(130) { elected = day }
        }
        if let days = staffing.vacant[place] { elected = city.today - days }
        let day = min(elected, pension)
        guard day <= city.today, day >= city.laterStart, day > last.post.from + 200, let current = openPost(of: lives.founders[last.rank]) else { return }
        end(last.rank, current, on: day, &lives)
        if day < pension {
            var next = last.post
            (next.from, next.to, next.isLeadership) = (day, .open, false)
            next.title = next.category == "divisionAndAbove" ? "一级调研员" : "委员"
            lives.founders[last.rank].posts.insert(next, at: current + 1)
            retire(last.rank, place, &lives, &dice)
        }
        let lot = dice.below(100)
        let gap = lot < 45 ? 0 : lot < 70 ? dice.within(15...85) : dice.within(95...220)
        if lot < 90, staffing.vacant[place] == nil { elect(on: day + gap, place, &lives, &dice) }
    }

    /// A chair from the unit's own people, or from elsewhere.
    private func elect(on day: Day, _ place: Int, _ lives: inout Lives, _ dice: inout Dice) {
        guard day <= city.today else { return }
        let role = role(in: city.units[place], 0, &dice)
        let own = lives.founders.indices.filter { rank in
            guard !lives.settled.contains(rank), let current = openPost(of: lives.founders[rank]) else { return false }
            let post = lives.founders[rank].posts[current], age = day.year - lives.founders[rank].birth.year
            return post.unit == place && post.workforce == "unionCadre" && !post.isLeadership && post.from < day - 200 && (30...50).contains(age)
        }
        guard day >= city.laterStart, dice.chance(600), !own.isEmpty else {
            lives.newcomers.append(newcomer(role, in: place, from: day, age: dice.within(34...47)))
            return
        }
        let rank = dice.pick(own)
        guard let current = openPost(of: lives.founders[rank]) else { return }
        let former = lives.founders[rank].posts[current]
        lives.settled.insert(rank)
        lives.founders[rank].posts[current].to = day
        lives.founders[rank].posts.insert(post(role, in: place, from: day), at: current + 1)
        replace(former, after: day, place, &lives, &dice)
    }

    /// The first chair and committee of a union that is new.
    private func settle(_ place: Int, _ lives: inout Lives) {
        let unit = city.units[place]
        var dice = Dice(city.seed, 56, place)
        for rank in 0..<dice.within(3...6) {
            let role = role(in: unit, rank, &dice)
            lives.newcomers.append(newcomer(role, in: place, from: unit.established + (rank < 2 ? 0 : dice.within(0...20)), age: dice.within(rank == 0 ? 34...47 : 24...44)))
        }
        lives.newcomers.removeAll { $0.from > city.today }
    }

    // MARK: - Staff

    /// What `Staffing` adds: who was hired beside, and who took a side post.
    private func staff(_ place: Int, _ lives: inout Lives) {
        for hire in staffing.hires[place] ?? [] where hire.from <= city.today {
            var newcomer = newcomer(hire.role, in: place, from: hire.from, age: hire.age)
            newcomer.lessons = hire.lessons
            newcomer.learns = hire.learns
            newcomer.isInducted = hire.isInducted
            lives.newcomers.append(newcomer)
        }
        takeSides(place, &lives)
        for (rank, lessons) in staffing.lessons[place] ?? [:] where lives.founders.indices.contains(rank) { lives.founders[rank].trainings += lessons }
        guard staffing.trained[place] != nil else { return }
        for rank in lives.founders.indices { lives.founders[rank].trainings += staffing.yearly(city, place, lives.founders[rank].posts) }
        for number in lives.newcomers.indices { lives.newcomers[number].lessons += staffing.yearly(city, place, lives.newcomers[number].posts) }
    }

    /// Whoever was there on the day takes a side post, one each, and holds it as long as they stay; then somebody else does.
    private func takeSides(_ place: Int, _ lives: inout Lives) {
        guard !isExact(place) else { return }
        var open = staffing.sides[place] ?? []
        var free = lives.founders.indices.dropFirst().filter { lives.founders[$0].posts.allSatisfy(\.isPrimary) }
        // In the order of the days: what a later day brings changes nothing that was before.
        while let next = open.indices.min(by: { (open[$0].from, $0) < (open[$1].from, $1) }), open[next].from <= city.today {
            let side = open.remove(at: next)
            guard let index = free.firstIndex(where: { stay(of: lives.founders[$0], in: place, on: side.from) != nil }) else { continue }
            let rank = free.remove(at: index), end = stay(of: lives.founders[rank], in: place, on: side.from) ?? .open
            lives.founders[rank].posts.append(Resident.Post(
                unit: side.unit, from: side.from, to: end, isPrimary: false, category: "", workforce: side.workforce, engagement: "partTime", title: side.title, isLeadership: false))
            lives.founders[rank].trainings += side.lessons
            if end < city.today { open.append(Staffing.Side(unit: side.unit, workforce: side.workforce, title: side.title, from: end)) }
        }
    }

    /// Until when somebody stays in a unit who had a primary post there on a day, and before it; nil for others.
    private func stay(of resident: Resident, in place: Int, on day: Day) -> Day? {
        let posts = resident.posts.filter { $0.isPrimary && $0.unit == place }
        guard var end = posts.first(where: { $0.from < day && day + 30 < $0.to })?.to else { return nil }
        while let next = posts.first(where: { $0.from == end && $0.to > end }) { end = next.to }
        return end
    }

    // MARK: - What holds for everybody

    /// Posts in a unit that closes go on in the one that takes its people; what carries a category of the plan that follows carries it from
    /// its first day on; nothing begins after today.
    private func asOfToday(_ posts: [Resident.Post]) -> [Resident.Post] {
        posts.flatMap { post -> [Resident.Post] in
            let unit = city.units[post.unit]
            guard post.to > unit.closed, post.from < unit.closed, let heir = unit.successor else { return [post] }
            var before = post, after = post
            before.to = unit.closed
            (after.unit, after.from, after.isLeadership) = (heir, unit.closed, false)
            if Folk.isChair(after.title) { after.title = "副主席" }
            return post.isPrimary ? [before, after] : [before]
        }
        .compactMap(untilToday)
        .flatMap { post -> [Resident.Post] in
            guard city.knowsPlan, city.today >= City.planDay, post.to > City.planDay, post.category == "grassroots", ["unionSocialWorker", "communityOfficer"].contains(post.workforce)
            else { return [post] }
            var before = post, after = post
            after.category = "contractStaff"
            guard post.from < City.planDay else { return [after] }
            (before.to, after.from) = (City.planDay, City.planDay)
            return [before, after]
        }
    }

    private func isExact(_ place: Int) -> Bool { city.units[place].temperament.isExact }

    /// Where the primary post stands that somebody has until further notice.
    private func openPost(of resident: Resident) -> Int? { resident.posts.lastIndex { $0.isPrimary && $0.to == .open } }

    static func isChair(_ title: String) -> Bool {
        title.split { "、，".contains($0) }.contains { $0.hasSuffix("主席") && !$0.hasSuffix("副主席") }
    }

    /// The pension by the rule of 2025: a month later for every four months of birth, three years at most.
    private func laterPension(_ resident: Resident) -> Day {
        let isMale = resident.gender == "男", day = pension(resident.birth, isMale)
        let (year, month, _) = resident.birth.parts
        let months = (year - (isMale ? 1965 : 1970)) * 12 + month - 1
        guard months >= 0 else { return day }
        let parts = day.parts, later = parts.year * 12 + parts.month - 1 + min(months / 4 + 1, 36)
        return Day(later / 12, later % 12 + 1, 1) ?? day
    }
}
