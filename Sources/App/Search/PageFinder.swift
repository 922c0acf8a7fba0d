import Access
import Kit
import Register

extension Finder {
    /// Pages of the menu, and what is done on pages that open without more, as the table of rights calls them.
    static let pages = Finder("页面和事项", 90, hint: "页面的名字，或要办的事，例如“改密码”", where: { _ in true }) { sought, signedIn, house in
        var links: Set<String> = [], names: Set<String> = [], hits: [Hit] = []
        func add(_ name: String, _ link: String, _ note: String) {
            guard let fit = fit(name, sought), names.insert(name).inserted else { return }
            links.insert(link)
            hits.append(Hit(name, note: note, link: link, fit: fit))
        }
        for group in try house.features.menu(for: signedIn).groups {
            for entry in group.entries { add(entry.name, entry.link, group.name ?? "") }
        }
        let rows = house.features.rights.filter { row in
            !row.isDevelopment && row.opensAlone && !row.path.contains(":") && row.need.caller == .signedIn && row.need.lets(signedIn)
        }
        let pages = Set(rows.filter { $0.method == "GET" }.map(\.path))
        for row in rows where pages.contains(row.path) && row.path != "/search" && !(row.method == "GET" && links.contains(row.path)) {
            add(row.called, row.path, "")
        }
        return Found(hits)
    }

    /// A name by its characters, its sound or the first letters of that.
    private static func fit(_ name: String, _ sought: Sought) -> Hit.Fit? {
        if let fit = sought.fit(name) { return fit }
        guard sought.typed.unicodeScalars.allSatisfy(\.isASCII) else { return nil }
        var reader = PinyinReader()
        let sounds = PinyinReader.query(sought.typed), read = reader.read(name)
        guard sounds.count > 1 else { return nil }
        if read.full == sounds || read.initials == sounds { return .whole }
        return read.full.hasPrefix(sounds) || read.initials.hasPrefix(sounds) ? .start : nil
    }
}
