import Kit

/// Posts beside those that every unit has, so that of every kind of unit some keep what is asked of their staff, some exceed it and most
/// miss it; with the training that some had for it. Where visitors are shown in first nothing is added before the plan that follows.
struct Staffing: Sendable {
    struct Hire: Sendable {
        let role: Folk.Role
        let from: Day
        let age: Int
        var lessons: [Resident.Training] = []
        var learns = true
        /// Whether the unit thinks of 岗前培训 by itself.
        var isInducted = true
    }

    /// A post of somebody of another unit, or of the same.
    struct Side: Sendable {
        let unit: Int
        let workforce: String
        let title: String
        let from: Day
        var lessons: [Resident.Training] = []
    }

    /// By unit.
    private(set) var hires: [Int: [Hire]] = [:]
    /// By the unit whose people take them, one each.
    private(set) var sides: [Int: [Side]] = [:]
    /// By unit and rank.
    private(set) var lessons: [Int: [Int: [Resident.Training]]] = [:]
    /// Units whose social workers and community officers are trained in full every year, with the first one.
    private(set) var trained: [Int: Int] = [:]
    /// Units whose chair became vacant so many days ago, and nobody was elected yet.
    private(set) var vacant: [Int: Int] = [:]

    init() {}

    init(_ city: City) {
        let plain = city.units.indices.filter { place in
            let unit = city.units[place]
            return unit.closed == .open && unit.established == .always && !unit.temperament.isExact && place != city.districts[0] && unit.district != city.districts[0]
        }
        func all(_ kinds: City.Kind...) -> [Int] { plain.filter { kinds.contains(city.units[$0].kind) } }
        let works = all(.enterpriseUnion, .institutionUnion).sorted { (city.units[$0].heads, $1) > (city.units[$1].heads, $0) }
        fillStations(city, all(.serviceCentre), all(.serviceStation), all(.communityJointUnion))
        fillTrades(city)
        // Those with most people for side posts first.
        func people(_ district: Int) -> Int { works.filter { city.units[$0].district == district }.reduce(0) { $0 + max(city.units[$1].heads - 1, 0) } }
        let districts = all(.districtFederation).map { ($0, people($0)) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map(\.0)
        appointGuides(city, districts, all(.industryFederation), all(.serviceStation), works)
        appointLawyers(city, districts, all(.serviceStation), works)
        appointSupervisors(city, districts, works)
        renewEachYear(city, all(.serviceStation), all(.townFederation), all(.communityJointUnion), works)
        trainForDemocracy(city, all(.industryFederation))
        sendToSchool(city, all(.affiliatedInstitution))
        peopleZone(city)
        fillShown(city)
        // Not yet warned about, warned once, twice and three times; two of each, since not every chair can go.
        for (place, days) in zip(all(.institutionUnion).filter { city.units[$0].heads > 2 }, [12, 35, 65, 85, 86, 66, 36, 13]) where city.today != .open { vacant[place] = days }
    }

    // MARK: - Norms

    private static let worker = Folk.Role(category: "grassroots", workforce: "unionSocialWorker", title: "工会社会工作者")

    private mutating func hire(_ count: Int, _ role: Folk.Role, in place: Int, _ city: City, since: Day? = nil) {
        for number in 0..<max(count, 0) {
            var dice = Dice(city.seed, 60, place, hires[place]?.count ?? 0, number)
            hires[place, default: []].append(Hire(role: role, from: Staffing.day(city, since, &dice), age: dice.within(24...36)))
        }
    }

    /// A day in the first two years, or in those after a day.
    private static func day(_ city: City, _ since: Day?, _ dice: inout Dice) -> Day { (since ?? .firstDay(of: city.years.lowerBound)) + dice.within(60...700) }

    private mutating func fillStations(_ city: City, _ centres: [Int], _ stations: [Int], _ communities: [Int]) {
        // Social workers there are of their own: all but the head, and a lawyer perhaps.
        for (place, wanted) in zip(centres, [14, 9, 9]) { hire(wanted - city.units[place].heads + 1, Self.worker, in: place, city) }
        for (place, wanted) in zip(stations, [7, 8, 7]) { hire(wanted - city.units[place].heads, Self.worker, in: place, city) }
        let officer = Folk.Role(category: "grassroots", workforce: "communityOfficer", title: "专职干事")
        for place in communities.filter({ city.units[$0].heads > 1 }).prefix(3) { hire(1, officer, in: place, city) }
        for place in stations.prefix(2) + centres.dropFirst().prefix(1) + communities.filter({ city.units[$0].heads > 1 }).prefix(3) { trained[place] = city.years.lowerBound }
    }

    /// Of the city's trade federations one has too many, one enough, one too few.
    private mutating func fillTrades(_ city: City) {
        let trades = city.units.indices.filter { city.units[$0].kind == .tradeFederation && city.units[$0].parent == city.root && !city.units[$0].temperament.isExact }
        for (place, wanted) in zip(trades, [5, 3]) { hire(wanted - max(city.units[place].heads - 2, 0), Self.worker, in: place, city) }
        guard let last = trades.last(where: { city.units[$0].heads == 0 }) else { return }
        hire(1, Folk.Role(category: "grassroots", engagement: "partTime", title: "主席", isLeadership: true), in: last, city)
        hire(1, Folk.Role(category: "grassroots", title: "秘书长"), in: last, city)
        hire(1, Self.worker, in: last, city)
    }

    /// Side posts in a unit for people of others, as evenly as there are people.
    private mutating func appoint(_ count: Int, _ workforce: String, _ title: String, in place: Int, from sources: [Int], _ city: City, since: Day? = nil) {
        var left = count
        for round in 0..<6 {
            for source in sources where left > 0 && (sides[source]?.count ?? 0) <= round && city.units[source].heads > round + 1 {
                var dice = Dice(city.seed, 61, place, source, left)
                let day = Staffing.day(city, since, &dice)
                sides[source, default: []].append(Side(unit: place, workforce: workforce, title: title, from: day, lessons: dice.chance(700) ? [Self.prepared(city, place, day)] : []))
                left -= 1
            }
        }
    }

    private static let guide = ("negotiationGuide", "集体协商指导员"), supervisor = ("labourLawSupervisor", "劳动法律监督员")

    private mutating func appointGuides(_ city: City, _ districts: [Int], _ industries: [Int], _ stations: [Int], _ works: [Int]) {
        for (place, wanted) in zip(districts, [44, 15]) {
            appoint(wanted, Self.guide.0, Self.guide.1, in: place, from: works.filter { city.units[$0].district == place }, city)
        }
        for place in industries.prefix(2) { appoint(3, Self.guide.0, Self.guide.1, in: place, from: works.filter { city.units[$0].industry == place }, city) }
        for place in stations.suffix(3) {
            let near = works.filter { city.units[$0].town == city.units[place].town }, around = works.filter { city.units[$0].district == city.units[place].district && !near.contains($0) }
            appoint(4, Self.guide.0, Self.guide.1, in: place, from: near + around, city)
        }
    }

    private mutating func appointLawyers(_ city: City, _ districts: [Int], _ stations: [Int], _ works: [Int]) {
        let lawyer = Folk.Role(category: "", workforce: "unionLawyer", title: "公职律师"), sent = Folk.Role(category: "", workforce: "unionLawyer", engagement: "partTime", title: "律师")
        for place in districts.prefix(3) { hire(2, lawyer, in: place, city) }
        // One for every station is more than one for every third.
        if let district = districts.first { for place in stations where city.units[place].district == district { hire(1, sent, in: place, city) } }
        let counsel = Folk.Role(category: "", workforce: "unionLawyer", title: "法律顾问")
        for place in works.filter({ city.units[$0].kind == .enterpriseUnion && (city.units[$0].employees ?? 0) >= 100 }).prefix(3) { hire(1, counsel, in: place, city) }
    }

    private mutating func appointSupervisors(_ city: City, _ districts: [Int], _ works: [Int]) {
        for (place, wanted) in zip(districts.dropFirst(2), [14, 3]) {
            appoint(wanted, Self.supervisor.0, Self.supervisor.1, in: place, from: works.filter { city.units[$0].district == place }, city)
        }
        for place in works.filter({ city.units[$0].kind == .enterpriseUnion && (city.units[$0].employees ?? 0) >= 100 && city.units[$0].heads > 6 }).suffix(3) {
            sides[place] = nil
            for _ in 0..<3 { appoint(1, Self.supervisor.0, "兼职" + Self.supervisor.1, in: place, from: [place], city) }
        }
    }

    /// The first district, which missed nearly all of it, makes up for some.
    private mutating func fillShown(_ city: City) {
        let since = City.planDay, district = city.districts[0]
        let own = city.units.indices.filter { place in
            let unit = city.units[place]
            return unit.district == district && unit.closed == .open && unit.established == .always && !unit.temperament.isExact
        }
        func all(_ kinds: City.Kind...) -> [Int] { own.filter { kinds.contains(city.units[$0].kind) } }
        let works = all(.enterpriseUnion, .institutionUnion).sorted { (city.units[$0].heads, $1) > (city.units[$1].heads, $0) }
        let large = works.filter { city.units[$0].kind == .enterpriseUnion && (city.units[$0].employees ?? 0) >= 100 }
        for place in all(.serviceCentre).prefix(1) { hire(10 - city.units[place].heads, Self.worker, in: place, city, since: since) }
        for place in all(.serviceStation).prefix(1) { hire(7 - city.units[place].heads, Self.worker, in: place, city, since: since) }
        for place in all(.communityJointUnion).prefix(1) {
            hire((city.units[place].enterprises ?? 0) < 100 ? 1 : 2, Folk.Role(category: "grassroots", workforce: "communityOfficer", title: "专职干事"), in: place, city, since: since)
            trained[place] = since.year
        }
        hire(1, Folk.Role(category: "", workforce: "unionLawyer", title: "公职律师"), in: district, city, since: since)
        for place in large.prefix(1) { hire(1, Folk.Role(category: "", workforce: "unionLawyer", title: "法律顾问"), in: place, city, since: since) }
        for place in large.dropFirst().prefix(1) {
            for _ in 0..<2 { appoint(1, Self.supervisor.0, "兼职" + Self.supervisor.1, in: place, from: [place], city, since: since) }
        }
        appoint(3, Self.supervisor.0, Self.supervisor.1, in: district, from: works, city, since: since)
        appoint(15, Self.guide.0, Self.guide.1, in: district, from: works, city, since: since)
    }

    /// Each year some take such a post for the first time, two prepared for it, one not.
    private mutating func renewEachYear(_ city: City, _ stations: [Int], _ towns: [Int], _ communities: [Int], _ works: [Int]) {
        guard !stations.isEmpty, !towns.isEmpty, !communities.isEmpty else { return }
        let officer = Folk.Role(category: "grassroots", workforce: "communityOfficer", title: "专职干事")
        for (number, year) in city.years.enumerated() {
            let day = Day.firstDay(of: year) + 11 + number
            for second in 0..<3 {
                let turn = number * 3 + second, isPrepared = second < 2
                func lessons(_ place: Int) -> [Resident.Training] { isPrepared ? [Self.prepared(city, place, day)] : [] }
                for (workforce, places) in [(Self.guide, stations), (Self.supervisor, towns)] {
                    let place = places[turn % places.count]
                    let source = works.first { city.units[$0].town == (city.units[place].town ?? place) && city.units[$0].heads > (sides[$0]?.count ?? 0) * 2 + 3 }
                        ?? works.first { city.units[$0].district == city.units[place].district && city.units[$0].heads > (sides[$0]?.count ?? 0) * 2 + 3 }
                    if let source { sides[source, default: []].append(Side(unit: place, workforce: workforce.0, title: workforce.1, from: day, lessons: lessons(place))) }
                }
                let station = stations[(turn + 3) % stations.count], community = communities[(turn + 4) % communities.count]
                hires[station, default: []].append(Hire(role: Self.worker, from: day, age: 24 + turn % 9, lessons: lessons(station), isInducted: isPrepared))
                hires[community, default: []].append(Hire(role: officer, from: day, age: 25 + turn % 9, lessons: lessons(community), isInducted: isPrepared))
            }
        }
    }

    // MARK: - Training

    private static func course(
        _ title: String, _ code: String, purpose: String, host: Int, from: Day, halfDays: Int, institution: String = "", isSelected: Bool = true
    ) -> Resident.Training {
        let day = from - (Int(from.number) + 3) % 7, days = (halfDays + 1) / 2
        return Resident.Training(
            sourceCode: code, title: "\(day.year)年\(title)", form: "offJob", isSelected: isSelected, purpose: purpose, content: "professional", host: host,
            institution: institution, from: day, to: day + (days - 1 + (days - 1) / 5 * 2), halfDays: halfDays)
    }

    /// 岗前培训 a month after taking the post, or as soon as the year's classes begin.
    private static func prepared(_ city: City, _ place: Int, _ from: Day) -> Resident.Training {
        let host = city.units[place].kind == .districtFederation ? place : city.units[place].district ?? city.units[place].industry ?? city.root
        let day = from + 33
        return course("工会工作者岗前培训班", "\(city.units[host].code)-\(day)-GQ", purpose: "prePost", host: host, from: day, halfDays: 4)
    }

    /// The whole week of business training that is asked of social workers and community officers, of those who were there.
    func yearly(_ city: City, _ place: Int, _ posts: [Resident.Post]) -> [Resident.Training] {
        guard let host = city.units[place].district, let first = trained[place] else { return [] }
        return city.years.filter { $0 >= first }.compactMap { year in
            let day = Day.firstDay(of: year) + (year == 2020 ? 210 : 70)
            guard posts.contains(where: { $0.isPrimary && $0.unit == place && $0.from <= day && $0.to > day + 6 && ["unionSocialWorker", "communityOfficer"].contains($0.workforce) }) else { return nil }
            return Self.course("工会社会工作者全员培训班", "\(city.units[host].code)-\(year)-QY", purpose: "specialised", host: host, from: day, halfDays: 8)
        }
    }

    /// The city's class in democratic management; in the year of the epidemic there was none.
    private mutating func trainForDemocracy(_ city: City, _ industries: [Int]) {
        for place in industries {
            for rank in 0..<min(city.units[place].heads, 3) {
                for year in city.years where year != 2020 && (year + place + rank) % 2 == 0 {
                    lessons[place, default: [:]][rank, default: []].append(Self.course(
                        "厂务公开民主管理业务示范培训班", "HX-\(year)-MZ", purpose: "democraticManagement", host: city.root, from: .firstDay(of: year) + 100, halfDays: 4))
                }
            }
        }
    }

    /// Two months at the party school for the leaders of some institutions.
    private mutating func sendToSchool(_ city: City, _ institutions: [Int]) {
        for place in institutions.prefix(4) {
            for rank in 0..<min(city.units[place].heads, 2) {
                lessons[place, default: [:]][rank, default: []].append(Self.course(
                    "中青年干部培训班", "HX-DX-2024-ZQ", purpose: "rotation", host: city.root, from: Day.firstDay(of: 2024) + 248, halfDays: 94, institution: "中共衡溪市委党校"))
            }
        }
    }

    /// The development zone's people: of two units of each kind one has trained all in time, the other nobody.
    private mutating func peopleZone(_ city: City) {
        let wanted: [City.Kind: [(category: String, title: String)]] = [
            .zoneDepartment: [("sectionLevel", "主任"), ("officeStaff", "科员"), ("officeStaff", "科员")],
            .village: [("villageCommittee", "村党支部书记"), ("villageCommittee", "村委会主任"), ("graduateVillageOfficial", "村主任助理")],
            .enterprise: [("enterpriseHead", "总经理"), ("enterprisePartyWorker", "党支部书记")],
            .school: [("schoolHead", "校长"), ("keyTeacher", "教研组长"), ("keyTeacher", "骨干教师")],
        ]
        guard let zone = city.districts.last else { return }
        for place in city.units.indices {
            for (number, (category, title)) in (wanted[city.units[place].kind] ?? []).enumerated() {
                let role = Folk.Role(category: category, workforce: "", title: title, isLeadership: number == 0 && category == "sectionLevel")
                let day = Day.firstDay(of: 2019) + 120 + number * 7
                let lesson = Self.course("开发区干部职工系统培训班", "KF-2019-\(number + 1)", purpose: "rotation", host: zone, from: day, halfDays: 6)
                hires[place, default: []].append(Hire(
                    role: role, from: Day.firstDay(of: 2017) + place % 300, age: 30 + number * 4, lessons: city.units[place].code.hasSuffix("1") ? [lesson] : [], learns: false))
            }
        }
    }
}

extension City {
    /// Worlds of fewer people are what they are: nobody is added for show.
    static let leastStaffed = 400
}
