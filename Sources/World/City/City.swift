import Kit

/// The fictional city 衡溪市: its unions, how many people each has, what became of them over the years, and how
/// seriously each takes training. A pure function of the number of people, the years and today.
package struct City: Sendable {
    /// Keys of `vocabulary.yaml`.
    package enum Kind: String, Sendable {
        case cityFederation, districtFederation, industryFederation, bureauGroupUniversityUnion, townFederation
        case serviceStation, serviceCentre, communityJointUnion, tradeFederation, enterpriseUnion, institutionUnion
        case affiliatedInstitution, unionCollege
        case zoneCommittee, zoneDepartment, village, enterprise, school
    }

    /// How a unit keeps the rules, year by year.
    package enum Temperament: Int, Sendable, CaseIterable {
        case exemplary, solid, justMet, justMissed, lagging, failing, improving, declining

        /// Units whose hours are counted out to the hundredth, so that nothing else may disturb them.
        var isExact: Bool { self == .justMet || self == .justMissed }
    }

    package struct Version: Sendable, Equatable {
        package var from: Day
        package var to: Day
        package var parent: Int?
        package var name: String
    }

    package struct Unit: Sendable {
        package var code: String
        package var kind: Kind
        package var creditCode: String
        package var ownership = ""
        package var employees: Int?
        package var members: Int?
        package var enterprises: Int?
        /// Joined without gap, oldest first.
        package var versions: [Version]
        package var temperament = Temperament.solid
        /// People whose story begins here.
        package var heads = 0
        /// The federations whose classes its people are sent to, as places in `units`.
        var district: Int?
        var town: Int?
        var industry: Int?
        /// Where the people go when the unit is dissolved or merged.
        var successor: Int?
        /// When the unit was dissolved or merged in the city's first years; `closed` knows of the later ones, too.
        var closedEarly = Day.open

        package var established: Day { versions[0].from }
        package var closed: Day { versions[versions.count - 1].to }
        package var name: String { versions[0].name }
        package var parent: Int? { versions[0].parent }
        /// Nothing happens to it and its sums may be disturbed: people may move here.
        var takesMovers: Bool { versions.count == 1 && established == .always && closed == .open && !temperament.isExact }
    }

    package let seed: Int
    /// The years in which somebody learns; none after today's.
    package let years: ClosedRange<Int>
    /// The first years: their stories are spread over them as a whole. Later ones are told year by year (`LaterLives`), so that every
    /// year that comes leaves the past as it was told before.
    package let firstYears: ClosedRange<Int>
    /// Nothing begins after it.
    package let today: Day
    package internal(set) var units: [Unit] = []
    private(set) var root = 0
    private(set) var college = 0
    private(set) var districts: [Int] = []
    private(set) var towns: [Int] = []
    private(set) var industries: [Int] = []
    private var destinations: [Neighbourhood: [Int]] = [:]

    /// The city of `people` persons; the same for the same arguments, wherever it is made. `today` is a day of these years or later.
    package init(people: Int, years: ClosedRange<Int>, today: Day = .open) {
        seed = people
        self.today = today
        self.years = years.lowerBound...max(min(years.upperBound, today.year), years.lowerBound)
        firstYears = years.lowerBound...min(self.years.upperBound, years.lowerBound + 4)
        let scale = Double(max(people, 1)) / 3000
        // 500 units at 3,000 people, about 19,000 at a million: x^(5/8) by square roots, which are exact everywhere.
        let target = max(60, Int(500 * scale.squareRoot() * scale.squareRoot().squareRoot().squareRoot()))
        raiseOffices(target)
        raiseGrassroots(target)
        giveTemperaments()
        letYearsPass()
        for place in units.indices { units[place].closedEarly = units[place].closed }
        seatPeople(people, growth: scale.squareRoot().squareRoot())
        for (place, unit) in units.enumerated() where unit.takesMovers && unit.heads > 0 {
            destinations[Neighbourhood(unit), default: []].append(place)
        }
        letLaterYearsPass()
        if knowsPlan, people >= City.leastStaffed {
            raiseTrade()
            raiseZone()
        }
    }

    /// A unit of the same kind nearby to which a person may move; nil where there is none.
    func destination(from place: Int, _ dice: inout Dice) -> Int? {
        let unit = units[place]
        let near = destinations[Neighbourhood(unit)] ?? []
        guard near.count > 1 else { return nil }
        let choice = dice.pick(near)
        return choice == place ? nil : choice
    }

    private struct Neighbourhood: Hashable {
        let kind: Kind
        let district: Int?

        init(_ unit: Unit) {
            kind = unit.kind
            // District federations exchange cadres among themselves.
            district = unit.kind == .districtFederation ? nil : unit.district
        }
    }

    // MARK: - The tree

    @discardableResult
    mutating func add(_ kind: Kind, _ code: String, _ name: String, under parent: Int?) -> Int {
        let place = units.count
        var unit = Unit(
            code: code, kind: kind, creditCode: CreditCode.union(place + 1),
            versions: [Version(from: .always, to: .open, parent: parent, name: name)])
        if let parent {
            let above = units[parent]
            unit.district = above.kind == .districtFederation ? parent : above.district
            unit.town = above.kind == .townFederation ? parent : above.town
            unit.industry = above.kind == .industryFederation || above.kind == .bureauGroupUniversityUnion ? parent : above.industry
        }
        units.append(unit)
        return place
    }

    private mutating func raiseOffices(_ target: Int) {
        root = add(.cityFederation, "HX", "衡溪市总工会", under: nil)
        college = add(.unionCollege, "HX-XY", "衡溪市工会干部学院", under: root)
        add(.serviceCentre, "HX-FW", "衡溪市职工服务中心", under: root)
        for (number, name) in ["衡溪市工人文化宫", "衡溪市工人疗养院", "衡溪市职工技术交流中心"].enumerated() {
            add(.affiliatedInstitution, "HX-SY\(number + 1)", name, under: root)
        }
        for number in 0..<min(max(target / 60, 3), CityWords.industries.count) {
            let name = CityWords.industries[number]
            industries.append(add(.industryFederation, "HX-CY" + two(number + 1), "衡溪市\(name)工会", under: root))
        }
        for number in 0..<min(max(target / 40, 3), CityWords.groups.count) {
            let code = number == 0 ? "HX-JC" : "HX-JT" + two(number + 1)
            industries.append(add(.bureauGroupUniversityUnion, code, CityWords.groups[number] + "工会", under: root))
        }
        for number in 0..<min(max(target / 125, 2), CityWords.trades.count) {
            add(.tradeFederation, "HX-HY" + two(number + 1), "衡溪市\(CityWords.trades[number])行业工会联合会", under: root)
        }
        let perDistrict = min(max(Int(Double(target).squareRoot() / 5.6), 1), 39)
        var placeNumber = 0
        for (name, letters) in CityWords.districts + [("衡溪经济技术开发区", "KF")] {
            let code = "HX-" + letters
            let district = add(.districtFederation, code, name + "总工会", under: root)
            districts.append(district)
            add(.serviceCentre, code + "-FW", name + "职工服务中心", under: district)
            if target >= 400 { add(.affiliatedInstitution, code + "-SY1", name + "工人文化宫", under: district) }
            if target >= 5000 {
                for number in 0..<3 {
                    let trade = CityWords.trades[(district + number) % CityWords.trades.count]
                    add(.tradeFederation, code + "-HY\(number + 1)", "\(name)\(trade)行业工会联合会", under: district)
                }
            }
            for number in 0..<perDistrict {
                let place = CityWords.place(placeNumber)
                placeNumber += 1
                let townCode = code + "-" + place.initials + (number < 1 ? "" : two(number + 1))
                let townName = place.name + (placeNumber <= 2 ? "街道" : CityWords.townEndings[(placeNumber + number) % CityWords.townEndings.count])
                let town = add(.townFederation, townCode, townName + "总工会", under: district)
                towns.append(town)
                add(.serviceStation, townCode + "-FW", townName + "工会服务站", under: town)
                for community in 0..<max(target / (17 * perDistrict * 5), 1) {
                    let place = CityWords.place(placeNumber * 31 + community * 7 + 11)
                    let ending = townName.hasSuffix("街道") ? "社区" : "村"
                    add(
                        .communityJointUnion, townCode + "-S" + two(community + 1),
                        "\(townName)\(place.name)\(ending)联合工会", under: town)
                }
            }
        }
    }

    private mutating func raiseGrassroots(_ target: Int) {
        let communities = units.indices.filter { units[$0].kind == .communityJointUnion }
        let rest = max(target - units.count, 2 * districts.count)
        var children: [Int: Int] = [:]
        var names: Set<String> = []
        for number in 0..<rest {
            var dice = Dice(seed, 1, number)
            let lot = dice.below(100)
            if lot < 24 {
                // Schools, hospitals, offices: under a district, or under their industry.
                let district = districts[number % districts.count]
                let count = children[district, default: 0]
                children[district] = count + 1
                let word = CityWords.institutions[count % CityWords.institutions.count]
                let round = count / CityWords.institutions.count
                let area = String(units[district].name.dropLast(3))
                let name = area + (round == 0 ? "" : CityWords.place(round + district).name) + word + "工会"
                let place = add(.institutionUnion, units[district].code + "-J" + three(count + 1), name, under: district)
                if dice.chance(250) { units[place].industry = industries[dice.below(2)] }
                units[place].ownership = "公有"
                continue
            }
            let parent = switch lot {
            case ..<40: dice.pick(industries)
            case ..<62: dice.pick(communities)
            default: towns[(number * 7 + dice.below(3)) % towns.count]
            }
            let count = children[parent, default: 0]
            children[parent] = count + 1
            var firm = CityWords.enterprise(&dice)
            while !names.insert(firm).inserted { firm = CityWords.enterprise(&dice) + (dice.chance(500) ? "（\(units[parent].code.suffix(2))）" : "制造") }
            let ending = dice.pick(["有限公司", "有限公司", "有限公司", "有限责任公司", "股份有限公司", "集团有限公司"])
            let place = add(.enterpriseUnion, units[parent].code + "-Q" + three(count + 1), firm + ending + "工会", under: parent)
            units[place].ownership = dice.chance(lot < 40 ? 650 : 120) ? "公有" : "非公"
        }
        for place in units.indices {
            var dice = Dice(seed, 2, place)
            switch units[place].kind {
            case .enterpriseUnion, .institutionUnion:
                // Many small, few large.
                let employees = 25 + 60_000 / (dice.below(1000) + 12)
                units[place].employees = employees
                units[place].members = employees * dice.within(78...100) / 100
            case .communityJointUnion:
                let firms = dice.chance(150) ? 100 : dice.within(18...190)
                units[place].enterprises = firms
                units[place].employees = firms * dice.within(6...20)
                units[place].members = (units[place].employees ?? 0) * dice.within(60...95) / 100
            case .serviceStation:
                units[place].members = dice.chance(100) ? 2000 : dice.within(700...6800)
            case .townFederation:
                units[place].employees = dice.within(1800...16_000)
                units[place].members = (units[place].employees ?? 0) * dice.within(70...96) / 100
            case .tradeFederation:
                units[place].enterprises = dice.within(30...400)
            default: break
            }
        }
    }

    // MARK: - What becomes of them

    private mutating func giveTemperaments() {
        for place in units.indices {
            var dice = Dice(seed, 3, place)
            let lot = dice.weighted([18, 22, 8, 8, 16, 10, 12, 6])
            units[place].temperament = Temperament.allCases[lot]
        }
        // The places that visitors are shown first.
        units[root].temperament = .solid
        units[college].temperament = .exemplary
        units[districts[0]].temperament = .improving
        units[towns[0]].temperament = .justMissed
        if towns.count > 1 { units[towns[1]].temperament = .justMet }
        units[districts[1]].temperament = .exemplary
        units[districts[2]].temperament = .failing
    }

    /// A day in the first years, `early` and `late` in thousandths of the whole.
    func day(_ dice: inout Dice, from early: Int = 0, to late: Int = 1000) -> Day {
        let first = Day.firstDay(of: firstYears.lowerBound)
        let length = max(min(Day.lastDay(of: firstYears.upperBound), today) - first, 0)
        return first + dice.within(length * early / 1000...max(length * late / 1000, length * early / 1000))
    }

    private mutating func letYearsPass() {
        // The development zone took its present name.
        if let zone = districts.last {
            var dice = Dice(seed, 4, zone)
            let day = day(&dice, from: 150, to: 250)
            split(zone, on: day) { $0.name = "衡溪经济技术开发区总工会" }
            units[zone].versions[0].name = "衡溪经济开发区总工会"
        }
        mergeTowns()
        for place in units.indices where units[place].kind == .enterpriseUnion && !units[place].temperament.isExact {
            var dice = Dice(seed, 5, place)
            switch dice.below(100) {
            case ..<6 where units[place].versions.count == 1:
                units[place].versions[0].from = day(&dice, from: 20, to: 700)
            case 6..<9 where units[place].versions.count == 1:
                guard let town = units[place].town, let heir = heir(of: place, in: town) else { continue }
                units[place].versions[0].to = day(&dice, from: 250, to: 950)
                units[place].successor = heir
            case 9..<11:
                guard units[place].versions.count == 1, let district = units[place].district else { continue }
                let near = towns.filter { units[$0].district == district && units[$0].closed == .open && $0 != units[place].town }
                guard !near.isEmpty else { continue }
                let home = dice.pick(near)
                split(place, on: day(&dice, from: 200, to: 900)) { $0.parent = home }
            case 11..<13:
                guard units[place].name.hasSuffix("有限公司工会"), !units[place].name.hasSuffix("股份有限公司工会") else { continue }
                split(place, on: day(&dice, from: 200, to: 900)) {
                    $0.name = $0.name.dropLast(6) + "股份有限公司工会"
                }
            default: break
            }
        }
    }

    /// In districts with many towns one was merged into another, with everything below it.
    private mutating func mergeTowns() {
        let middle = firstYears.lowerBound + firstYears.count / 2
        guard let day = Day(middle, 7, 1), day <= today else { return }
        for district in districts {
            let own = towns.filter { units[$0].district == district }
            guard own.count >= 4, let gone = own.last, !units[gone].temperament.isExact else { continue }
            let heir = own[1]
            units[gone].versions[0].to = day
            units[gone].successor = heir
            let stationOfHeir = units.indices.first { units[$0].kind == .serviceStation && units[$0].parent == heir }
            for place in units.indices where units[place].parent == gone {
                if units[place].kind == .serviceStation, let stationOfHeir {
                    units[place].temperament = .lagging
                    units[place].versions[0].to = day
                    units[place].successor = stationOfHeir
                } else {
                    split(place, on: day) { $0.parent = heir }
                }
            }
        }
    }

    private func heir(of place: Int, in town: Int) -> Int? {
        units.indices.dropFirst(place + 1).first {
            units[$0].kind == .enterpriseUnion && units[$0].town == town && Dice.quiet(seed, $0) && !units[$0].temperament.isExact
        } ?? (units[town].closed == .open ? town : nil)
    }

    mutating func split(_ place: Int, on day: Day, _ change: (inout Version) -> Void) {
        let last = units[place].versions.count - 1
        var version = units[place].versions[last]
        guard version.from < day, day < version.to else { return }
        units[place].versions[last].to = day
        version.from = day
        change(&version)
        units[place].versions.append(version)
    }

    // MARK: - How many people each has

    private mutating func seatPeople(_ people: Int, growth: Double) {
        var weights = [Int](repeating: 0, count: units.count)
        var office = 0
        for (place, unit) in units.enumerated() {
            var dice = Dice(seed, 6, place)
            let slow = growth.squareRoot()
            let heads: Double = switch unit.kind {
            case .cityFederation: 60 * growth
            case .unionCollege: 20 * growth
            case .districtFederation: Double(dice.within(12...24)) * growth
            case .industryFederation: Double(dice.within(5...12)) * growth
            case .bureauGroupUniversityUnion: Double(dice.within(4...16)) * growth
            case .townFederation: Double(dice.within(3...8)) * growth
            case .affiliatedInstitution: Double(dice.within(6...14)) * growth
            case .serviceStation: Double(dice.within(3...6)) * slow
            case .serviceCentre: Double(dice.within(5...11)) * slow
            case .communityJointUnion: Double(dice.within(1...3)) * slow
            case .tradeFederation: Double(dice.within(2...4)) * slow
            case .enterpriseUnion, .institutionUnion, .zoneCommittee, .zoneDepartment, .village, .enterprise, .school: 0
            }
            if heads > 0 {
                weights[place] = Int(heads * 16)
                office += Int(heads)
            }
        }
        let inOffices = min(office, people * 55 / 100)
        apportion(inOffices, weights)
        for (place, unit) in units.enumerated() {
            let isGrassroots = unit.kind == .enterpriseUnion || unit.kind == .institutionUnion
            weights[place] = isGrassroots ? 3 + (unit.employees ?? 0) / 45 : 0
        }
        apportion(people - inOffices, weights)
    }

    /// Gives out exactly `count` by weight: each share is the difference of two rounded running sums.
    private mutating func apportion(_ count: Int, _ weights: [Int]) {
        let total = weights.reduce(0, +)
        guard total > 0 else { return }
        var running = 0
        for (place, weight) in weights.enumerated() where weight > 0 {
            let before = count * running / total
            running += weight
            units[place].heads += count * running / total - before
        }
    }

    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    private func three(_ number: Int) -> String { number < 10 ? "00\(number)" : number < 100 ? "0\(number)" : "\(number)" }
}

extension Dice {
    /// Whether `letYearsPass` leaves an enterprise alone: it can take in the people of another.
    static func quiet(_ seed: Int, _ place: Int) -> Bool {
        var dice = Dice(seed, 5, place)
        return dice.below(100) >= 13
    }
}
