import Kit
import Rules

/// Where the pages of a unit's figures are: everything that changes the question stands in the query.
package struct FigureAddress: Sendable {
    package let unit: Int64
    package let year: Int
    package let day: Day?
    package let subtree: Bool

    package init(unit: Int64, year: Int, day: Day?, subtree: Bool) {
        self.unit = unit
        self.year = year
        self.day = day
        self.subtree = subtree
    }

    package func query(_ more: [(String, String)] = []) -> String {
        var pairs = [("year", String(year)), ("subtree", subtree ? "1" : "0")]
        if let day { pairs.append(("day", day.description)) }
        return "?" + Fields(pairs + more).encoded
    }
    package var page: String { "/figures/\(unit)" + query() }
    package var workbook: String { "/figures/\(unit)/findings.xlsx" + query() }
    package func with(year: Int) -> String { FigureAddress(unit: unit, year: year, day: nil, subtree: subtree).page }
    package func with(subtree: Bool) -> String { FigureAddress(unit: unit, year: year, day: day, subtree: subtree).page }
    package func with(unit: Int64) -> String { FigureAddress(unit: unit, year: year, day: day, subtree: true).page }
    private func path(_ policy: Policy, _ line: Int) -> (String, [(String, String)]) {
        ("/figures/\(unit)/\(policy.rules[policy.lines[line].rule].id)", policy.lines[line].category.map { [("category", $0)] } ?? [])
    }
    package func names(_ policy: Policy, _ line: Int) -> String {
        let (path, category) = path(policy, line)
        return path + query(category)
    }
    package func namesWorkbook(_ policy: Policy, _ line: Int) -> String {
        let (path, category) = path(policy, line)
        return path + "/people.xlsx" + query(category)
    }
    package func person(_ policy: Policy, _ line: Int, _ person: Int64) -> String {
        let (path, category) = path(policy, line)
        return path + "/people/\(person)" + query(category)
    }
}
