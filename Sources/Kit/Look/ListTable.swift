/// A column of a table: its title, how it sorts and filters, and what stands in a row.
package struct ListColumn<Row> {
    package enum Filter: Sendable {
        case text
        case choices([Choice])
    }

    var title: String
    /// Name in the address: `sort=key` or `sort=-key`, filter value, column choice.
    var key: String
    var isNumber = false
    var wraps = false
    var sorts = false
    var filter: Filter?
    var total: HTML?
    var cell: (Row) -> HTML
    /// What stands in a workbook, and how it is written; nil for the words of the cell.
    var content: (kind: SheetColumn.Kind, of: (Row) -> CellContent)?

    /// The same column, with what stands in a workbook: days and numbers leave as such.
    package func inSheet(_ kind: SheetColumn.Kind = .text, _ content: @escaping (Row) -> CellContent) -> ListColumn {
        var column = self
        column.content = (kind, content)
        return column
    }

    /// Words, to the left.
    package static func text(
        _ title: String, _ key: String, sorts: Bool = false, filter: Filter? = nil, wraps: Bool = false, total: HTML? = nil,
        _ cell: @escaping (Row) -> HTML
    ) -> ListColumn {
        ListColumn(title: title, key: key, wraps: wraps, sorts: sorts, filter: filter, total: total, cell: cell)
    }

    /// Numbers, to the right.
    package static func number(
        _ title: String, _ key: String, sorts: Bool = false, total: HTML? = nil, _ cell: @escaping (Row) -> HTML
    ) -> ListColumn {
        ListColumn(title: title, key: key, isNumber: true, sorts: sorts, total: total, cell: cell)
    }
}

/// A list on its way into a workbook: the columns that are seen, in their order, with what is read in them.
package final class ListSheet<Row> {
    private let columns: [ListColumn<Row>]
    private let writer: TableWriter
    /// Rows written.
    package private(set) var count = 0

    /// Throws `Refusal.cannotWrite`.
    package init(to path: String, sheet name: String, _ columns: [ListColumn<Row>], seen ask: ListAsk) throws {
        self.columns = ask.visible(columns)
        writer = try TableWriter(to: path, sheet: name, columns: self.columns.map { column in
            SheetColumn(key: column.key, title: column.title, kind: column.content?.kind ?? (column.isNumber ? .number : .text), width: column.wraps ? 28 : nil)
        })
    }

    package func add(_ row: Row) {
        writer.add(columns.map { column in column.content?.of(row) ?? CellContent(column.cell(row).words) })
        count += 1
    }

    /// Throws `Refusal.cannotWrite`.
    package func finish() throws { try writer.finish() }
}

/// Boxes before the rows of a list: what is ticked goes with the form of that id. One box ticks the whole page where scripts run.
package struct ListTicks<Row> {
    var form: String, name: String
    /// Nil for a row that cannot be chosen.
    var value: (Row) -> String?
    var label: (Row) -> String

    package init(_ name: String, form: String, label: @escaping (Row) -> String, value: @escaping (Row) -> String?) {
        (self.name, self.form, self.label, self.value) = (name, form, label, value)
    }

    /// What may be done with what is ticked: buttons of one form, with how many are ticked where scripts run.
    package static func acts(_ form: String, to path: String, token: FormToken, _ buttons: HTML) -> HTML {
        "<div class=\"acts\">\(postForm(to: path, token: token, id: form, "<span class=\"count\" data-ticked=\"\(form)\" hidden></span>\(buttons)"))</div>"
    }

    var head: HTML { "<th scope=\"col\" class=\"tick\"><input type=\"checkbox\" data-ticks=\"\(form)\" aria-label=\"选这一页的全部\" hidden></th>" }

    func cell(_ row: Row) -> HTML {
        "<td class=\"tick\">\(value(row).map { "<input type=\"checkbox\" form=\"\(form)\" name=\"\(name)\" value=\"\($0)\" aria-label=\"选\(label(row))\">" as HTML })</td>"
    }
}

/// How a list is asked for by its address: `sort`, `after` (keyset paging), `density`, `col` (column choice) and filters.
package struct ListAsk: Sendable {
    package let address: PageAddress
    package init(_ address: PageAddress) { self.address = address }

    /// Rows of a page.
    package static let pageSize = 100

    /// Key of the column sorted by, and whether downward.
    package var sort: (key: String, isDescending: Bool)? {
        guard let sort = address.query["sort"], !sort.isEmpty else { return nil }
        return sort.hasPrefix("-") ? (String(sort.dropFirst()), true) : (sort, false)
    }
    /// Where the page starts: the key of the last row before it, as the store made it.
    package var after: String? { address.query["after"] }
    /// The same where rows are in the order of a text and, of equal ones, of their ids: as `key` joined them.
    package var afterPair: (text: String, id: Int64)? {
        guard let after, let cut = after.lastIndex(of: "~"), let id = Int64(after[after.index(after: cut)...]) else { return nil }
        return (String(after[..<cut]), id)
    }
    package static func key(_ text: String, _ id: Int64) -> String { "\(text)~\(id)" }
    /// The columns that are chosen; all where none of them is.
    func visible<Row>(_ columns: [ListColumn<Row>]) -> [ListColumn<Row>] {
        let chosen = address.query.all("col")
        let found = columns.filter { chosen.contains($0.key) }
        return found.isEmpty ? columns : found
    }
    /// The same list from its beginning, or from the key of the row before a page on.
    package func from(_ after: String?) -> ListAsk { ListAsk(address.with("after", after)) }
    /// What is typed into a column's filter; empty where nothing is.
    package func filter(_ key: String) -> String { address.query.text(key) }
}

extension WebRequest {
    /// How a list is asked for by the query.
    package var list: ListAsk { ListAsk(address) }
}

/// The one table: sticky header, sort links, filter row, density, column choice, total row, keyset paging, export of what is seen.
///
/// `acts` is what may be done with what is ticked, see `ListTicks.acts`; `next` is the key to go on after, when more rows follow; `count` is how many there are, `isMore` where nobody counted on; `export` where the same rows are asked for as xlsx; with `token` what is typed into filters may be a name and goes by `seekForm`'s way.
/// All of it works without scripts: headers are links, the filter row is a form.
package func dataTable<Row>(
    _ label: String, ask: ListAsk, columns: [ListColumn<Row>], rows: some Collection<Row>, next: String? = nil,
    count: Int? = nil, isMore: Bool = false, ticks: ListTicks<Row>? = nil, acts: HTML? = nil, export: (to: String, token: FormToken)? = nil, empty: HTML? = nil, seeking token: FormToken? = nil
) -> HTML {
    let address = ask.address, query = address.query
    let formID = "filter-" + String(label.unicodeScalars.reduce(7 as UInt32) { $0 &* 31 &+ $1.value }, radix: 36)
    let chosen = query.all("col"), visible = ask.visible(columns)
    let filterKeys = Set(columns.filter { $0.filter != nil }.map(\.key))
    let hasFilters = visible.contains { $0.filter != nil }
    let isFiltered = filterKeys.contains { !(query[$0] ?? "").isEmpty }
    let compact = query["density"] == "compact"

    func head(_ column: ListColumn<Row>) -> HTML {
        let kind = column.isNumber ? "n" : nil
        guard column.sorts else { return "<th scope=\"col\"\("class", kind)>\(column.title)</th>" }
        let current = ask.sort.flatMap { $0.key == column.key ? $0.isDescending : nil }
        let link = address.with("sort", current == false ? "-" + column.key : column.key).with("after", nil).link
        let order = current.map { $0 ? "descending" : "ascending" }
        return "<th scope=\"col\"\("class", kind)\("aria-sort", order)><a href=\"\(link)\">\(column.title)<span class=\"order\" aria-hidden=\"true\">\(current.map { $0 ? "↓" : "↑" } ?? "↕")</span></a></th>"
    }

    func filterCell(_ column: ListColumn<Row>) -> HTML {
        let value = query[column.key] ?? ""
        switch column.filter {
        case nil: return "<td></td>"
        case .text: return "<td><input form=\"\(formID)\" type=\"search\" name=\"\(column.key)\" value=\"\(value)\" aria-label=\"按\(column.title)筛选\"></td>"
        case .choices(let choices):
            return "<td><select form=\"\(formID)\" name=\"\(column.key)\" aria-label=\"按\(column.title)筛选\"><option value=\"\">全部</option>\(choices.html { "<option value=\"\($0.value)\"\("selected", if: $0.value == value)>\($0.word)</option>" })</select></td>"
        }
    }

    // What the filter form must carry along besides its own inputs.
    let carried = query.pairs.filter { !filterKeys.contains($0.name) && $0.name != "after" && $0.name != "col" }
    let clearLink = filterKeys.reduce(address.with("after", nil)) { $0.with($1, nil) }.link

    /// A form that is no `seekForm` puts what it carries into the address itself.
    func kept(_ pair: Fields.Pair) -> String { token == nil ? AddressSeal.current?.sealed(pair.name, pair.value) ?? pair.value : pair.value }
    let asking: HTML = token == nil ? "method=\"get\" action=\"\(address.path)\"" : "method=\"post\" action=\"\(seekPath)\""
    let seeking: HTML = token.map { "<input type=\"hidden\" name=\"\(FormToken.field)\" value=\"\($0.value)\"><input type=\"hidden\" name=\"\(seekTarget)\" value=\"\(address.path)\">" } ?? ""

    let tools: HTML = """
        <div class="tools"><form id="\(formID)" \(asking)>\(seeking)\(carried.html { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\(kept($0))\">" })\
        <span class="count">\(count.map { "共 \(Numbers.count($0)) 行\(isMore ? "以上" : "")" as HTML })</span>\
        \(hasFilters ? "<button class=\"button quiet\">\(icon(.search))筛选</button>" as HTML : "")\(isFiltered ? "<a class=\"button quiet\" href=\"\(clearLink)\">清除筛选</a>" as HTML : "")\
        <a class="button quiet" href="\(address.with("density", compact ? nil : "compact").link)">\(compact ? "宽松" : "紧凑")</a>\
        <details class="pick"><summary class="button quiet">\(icon(.columns))列</summary><div class="menu">\(columns.html { column in
            "<label><input type=\"checkbox\" name=\"col\" value=\"\(column.key)\"\("checked", if: chosen.isEmpty || chosen.contains(column.key))>\(column.title)</label>"
        })<button class="button plain">显示所选的列</button></div></details>\
        \(export.map { _ in "<button class=\"button quiet\" form=\"\(formID)-export\">\(icon(.download))导出 Excel</button>" as HTML })</form>\
        \(export.map { postForm(to: $0.to, token: $0.token, id: formID + "-export", "") })</div>
        """

    let body: HTML = rows.isEmpty
        ? "<tr><td class=\"none\" colspan=\"\(visible.count + (ticks == nil ? 0 : 1))\">\(empty ?? (isFiltered ? "没有符合筛选条件的行。<a href=\"\(clearLink)\">清除筛选</a>" : "还没有内容。"))</td></tr>"
        : rows.html { row in
            "<tr>\(ticks.map { $0.cell(row) })\(visible.html { column in "<td\("class", column.isNumber ? "n" : column.wraps ? "wrap" : nil)>\(column.cell(row))</td>" })</tr>"
        }
    let hasTotals = visible.contains { $0.total != nil }
    let foot: HTML = hasTotals && !rows.isEmpty
        ? "<tfoot><tr>\(ticks == nil ? "" : "<td></td>" as HTML)\(visible.enumerated().html { index, column in "<td\("class", column.isNumber ? "n" : nil)>\(column.total ?? (index == 0 ? "合计" : ""))</td>" })</tr></tfoot>"
        : ""
    return """
        \(tools)\(acts)<div class="scroll"><table class="data\(compact ? " compact" : "")" aria-label="\(label)"><thead><tr>\(ticks.map(\.head))\(visible.html(head))</tr>\
        \(hasFilters ? "<tr class=\"filters\">\(ticks == nil ? "" : "<td></td>" as HTML)\(visible.html(filterCell))</tr>" as HTML : "")</thead><tbody>\(body)</tbody>\(foot)</table></div>\(pageLinks(ask, next: next))
        """
}

/// The one line above a list: which part of it is seen, and finding something in it.
package func finderBar(_ parts: HTML...) -> HTML { "<div class=\"finder\">\(parts)</div>" }

/// A search of one line, named for screen readers and where nothing is typed yet.
package func searchBox(_ name: String, _ label: String, value: String) -> HTML {
    "<input type=\"search\" id=\"f-\(name)\" name=\"\(name)\" value=\"\(value)\" placeholder=\"\(label)\" aria-label=\"\(label)\">"
}

/// A column of a list that is held whole, and what it is put in order by.
package struct ListOrder<Row> {
    let key: String
    let isBefore: (Row, Row) -> Bool

    package init<Value: Comparable>(_ key: String, by value: @escaping (Row) -> Value) {
        self.key = key
        isBefore = { value($0) < value($1) }
    }
}

extension ListAsk {
    /// Rows in the order that is asked for; of equal ones, and where none is asked for, the usual order stays.
    package func sorted<Row>(_ rows: [Row], by orders: [ListOrder<Row>]) -> [Row] {
        guard let sort, let order = orders.first(where: { $0.key == sort.key }) else { return rows }
        return rows.enumerated().sorted { a, b in
            let (first, second) = sort.isDescending ? (b, a) : (a, b)
            if order.isBefore(first.element, second.element) { return true }
            return !order.isBefore(second.element, first.element) && a.offset < b.offset
        }.map(\.element)
    }

    /// The page that is asked for of rows that are held whole: it goes on after the row whose key was the last one before it, of several of
    /// one key after the one in its place; where that row is gone, at its place.
    package func page<Row>(of rows: [Row], size: Int = Self.pageSize, by key: (Row) -> String) -> (rows: [Row], next: String?) {
        var start = 0
        if let (last, place) = afterPair {
            start = max(0, min(Int(clamping: place), rows.count))
            if start == 0 || key(rows[start - 1]) != last { start = rows.firstIndex { key($0) == last }.map { $0 + 1 } ?? start }
        }
        let page = Array(rows[start...].prefix(size))
        return (page, start + page.count < rows.count ? page.last.map { Self.key(key($0), Int64(start + page.count)) } : nil)
    }
}

/// Back to the first page of a list and on to the next one; nothing where there is only one.
private func pageLinks(_ ask: ListAsk, next: String?) -> HTML {
    guard next != nil || ask.after != nil else { return "" }
    return """
        <nav class="pages" aria-label="翻页">\(ask.after != nil ? linkButton("回到开头", ask.address.with("after", nil).link, .quiet, icon: .back) : "")\
        \(next.map { linkButton("下一页（每页 100 行）", ask.address.with("after", $0).link, .plain) })</nav>
        """
}

/// A small table without tools, inside a panel: titles and cells as given. `numbers` are the columns set to the right.
package func plainTable(_ titles: [String], numbers: Set<Int> = [], _ rows: [[HTML]]) -> HTML {
    plainTable(titles, numbers: numbers, ticks: nil, of: rows) { $0 }
}

/// The same with boxes before the rows.
package func plainTable<Row>(
    _ titles: [String], numbers: Set<Int> = [], ticks: ListTicks<Row>?, of rows: some Collection<Row>, _ cells: (Row) -> [HTML]
) -> HTML {
    """
    <div class="scroll"><table><thead><tr>\(ticks.map(\.head))\(titles.enumerated().html { "<th scope=\"col\"\("class", numbers.contains($0) ? "n" : nil)>\($1)</th>" })</tr></thead>\
    <tbody>\(rows.html { row in "<tr>\(ticks.map { $0.cell(row) })\(cells(row).enumerated().html { "<td\("class", numbers.contains($0) ? "n" : nil)>\($1)</td>" })</tr>" })</tbody></table></div>
    """
}
