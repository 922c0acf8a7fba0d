import Access
import Accounts
@testable import Figures
import Foundation
@testable import Kit
import Register
@testable import Rules

extension Target {
    /// Queries and urlencoded forms: what is written again reads the same; addresses stay addresses of ours.
    static let form = Target { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        let fields = Fields(encoded: text)
        promised(Fields(encoded: fields.encoded) == fields, "a query changes when written again")
        for pair in fields.pairs { _ = fields.text(pair.name) }
        var changed = fields
        changed[fields.pairs.last?.name ?? ""] = "x"
        let ask = ListAsk(PageAddress("/", fields))
        _ = (ask.sort, ask.after, ask.filter("name"))
        if let path = Reply.localPath(text) {
            promised(path.hasPrefix("/") && !path.hasPrefix("//") && !path.contains("\\") && !path.contains("\n"), "a redirect leads away")
        }
        let disposition = Reply.disposition(text)
        promised(disposition.unicodeScalars.allSatisfy { (0x20..<0x7F).contains($0.value) }, "a file name breaks its header")
        promised(disposition.filter { $0 == "\"" }.count == 2, "a file name breaks its quotes")
        let escaped = HTML(text).string
        promised(!escaped.contains("<") && !escaped.contains(">") && !escaped.contains("\"") && !escaped.contains("'"), "markup gets through")
    }

    /// Multipart bodies: however they are cut into pieces, the same parts come out.
    static let multipart = Target { bytes in
        func read(_ cut: Int) -> (names: [String], contents: [[UInt8]], isComplete: Bool)? {
            guard var reader = MultipartReader(contentType: "multipart/form-data; boundary=b") else { return nil }
            var names: [String] = [], contents: [[UInt8]] = [], start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + cut)
                guard let events = try? reader.read(bytes[start..<end]) else { return nil }
                for event in events {
                    switch event {
                    case .part(let name, let fileName):
                        names.append(name + "|" + (fileName ?? ""))
                        contents.append([])
                        promised(fileName?.contains("/") != true && fileName != "..", "a file name leads to a folder")
                    case .content(let piece):
                        promised(!contents.isEmpty, "content before a part")
                        contents[contents.count - 1] += piece
                    case .end: break
                    }
                }
                start = end
            }
            return (names, contents, reader.isComplete)
        }
        let whole = read(Int.max >> 1)
        for cut in [1, 3, 7] {
            let pieces = read(cut)
            promised(whole?.names == pieces?.names && whole?.contents == pieces?.contents && whole?.isComplete == pieces?.isComplete, "cut in pieces of \(cut) it reads otherwise")
        }
        _ = MultipartReader(contentType: String(decoding: bytes.prefix(300), as: UTF8.self))
    }

    static let cookie = Target { bytes in
        let cookies = Cookies(header: String(decoding: bytes, as: UTF8.self))
        _ = cookies["yugong"]
    }

    /// Images of rows: what was read is written and read again the same.
    static let image = Target { bytes in
        guard let read = try? RowImage(json: String(decoding: bytes, as: UTF8.self)) else { return }
        guard let again = try? RowImage(json: read.json) else { return promised(false, "an image of ours cannot be read") }
        promised(read.holdsTheSame(as: again), "an image changes when written again")
        for column in read.columns { _ = (read.int(column), read.text(column), read.day(column), read.blob(column)) }
    }

    /// Numbers and days as people write them.
    static let words = Target { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        let today = Day(number: 20_000)
        if let number = try? IDNumber(text, today: today) {
            promised(number.text.utf8.count == 18 && number.birthDay <= today, "an ID number that is none")
            _ = (number.masked, number.gender, number.part)
        }
        if let phone = try? PhoneNumber.checked(text) { _ = PhoneNumber.masked(phone) }
        if let day = Day(iso: text) { promised("\(day)" == text, "a day is shown otherwise") }
        _ = try? Account.name(text)
        _ = try? PasswordRule.judge(text, words: [String(text.prefix(3))], denied: denied)
        _ = HandedCode(typed: text)
    }

    private static let denied = DeniedPasswords(path: "vendor/common-passwords.txt")
    private static let vocabulary = text(of: "vocabulary.yaml")

    /// Policy files, whole and as exceptions to a shipped one.
    static let policy = Target { bytes in
        let written = PolicyText(file: "fuzzed.yaml", text: String(decoding: bytes, as: UTF8.self))
        _ = try? PolicyLibrary([vocabulary, written]) { _ in "sha256:0" }
        _ = try? PolicyLibrary([PolicyText(file: "vocabulary.yaml", text: written.text)]) { _ in "sha256:0" }
    }

    /// Columns kept beside a database, with places of a sound file changed by the input, three bytes each: none, or figures can be computed from
    /// them and they are written and read again. (Their seal is checked before anything is believed; here it is left out.)
    static let keptColumns = Target { bytes in
        guard let (sound, library) = kept, !sound.isEmpty else { return promised(false, "no columns to begin with") }
        var other = sound
        for at in stride(from: 0, to: bytes.count - 2, by: 3) { other[(Int(bytes[at]) << 8 | Int(bytes[at + 1])) % other.count] = bytes[at + 2] }
        if bytes.count % 3 == 1, let end = bytes.last { other.removeLast(min(other.count, Int(end))) }
        guard let read = try? loaded(other, library) else { return }
        for policy in library.policies {
            let cube = Cube(policy, year: policy.years.lowerBound, day: policy.referenceDay(year: policy.years.lowerBound, today: 20_000), columns: read.loaded.columns)
            for unit in 0..<read.loaded.columns.organizationCount { _ = cube.findings(unit: Int32(clamping: unit), subtree: true) }
        }
        guard let again = try? loaded(written(read.loaded, read.heads), library) else { return promised(false, "what was written cannot be read") }
        promised(again.loaded.columns.sums() == read.loaded.columns.sums(), "columns change when they are written again")
    }

    private static let snapshot = FactsSnapshot(SealedFile(path: "", name: ""), AuditKey(bytes: []), program: "")

    private static func loaded(_ bytes: [UInt8], _ library: PolicyLibrary) throws -> (loaded: FactsStore.Loaded, heads: [ChainHead]) {
        var done = 0
        var dump = DumpReader(bytes: bytes.count) { room in
            room.copyBytes(from: bytes[done..<done + room.count])
            done += room.count
        }
        return try snapshot.read(&dump, library)
    }

    private static func written(_ loaded: FactsStore.Loaded, _ heads: [ChainHead]) -> [UInt8] {
        var bytes: [UInt8] = []
        try? snapshot.write(loaded, heads, to: DumpWriter { bytes.append(contentsOf: $0) })
        return bytes
    }

    /// A few people with posts, entries and a term.
    private static let kept: (bytes: [UInt8], library: PolicyLibrary)? = {
        let folder = ProcessInfo.processInfo.environment["YUGONG_FUZZ_POLICIES"] ?? "Policies"
        guard let library = try? PolicyLibrary(folders: [folder], digest: { _ in "sha256:0" }) else { return nil }
        let (always, open) = (Day.always.number, Day.open.number)
        var index = FactsIndex()
        for id in 1...5 { index.addPerson(Int64(id)) }
        for id in 11...13 { index.addOrganization(Int64(id)) }
        index.noteMerged(9, into: 2)
        let kinds = ["cityFederation", "townFederation", "enterpriseUnion"]
        var builder = ColumnsBuilder(
            vocabulary: library.vocabulary, people: 5, organizations: 3,
            versions: kinds.enumerated().map { Columns.Version(organization: Int32(clamping: $0), from: always, to: open, parent: Int32(clamping: $0 - 1), kind: $1) },
            counts: [Columns.Count(organization: 2, key: "members", from: always, to: open, value: 300)])
        for person in 0..<5 as Range<Int32> {
            builder.append(Columns.Appointment(organization: person % 3, from: 17_000, to: open, isPrimary: true, category: "grassroots", title: "主席", isLeadership: true), of: person)
            builder.append(Columns.Entry(kind: Columns.Kind(form: "offJob", isSelected: true, host: 0), from: 18_990, to: 18_995, halfDays: 6), of: person)
            builder.append(Columns.Entry(kind: Columns.Kind(form: "online", purpose: "post"), from: 19_000, to: 19_000, hours: 800, isReversal: person == 3), of: person)
        }
        builder.append(Columns.Holding(organization: 2, key: "workerRepresentative", from: 18_000, to: 19_500, due: 19_800), of: 4)
        let loaded = FactsStore.Loaded(columns: builder.build(), index: index, last: 7, basis: FactsSnapshot.basis(library))
        return (written(loaded, [ChainHead(chain: 1, sequence: 2, mac: [3])]), library)
    }()

    private static func text(of name: String) -> PolicyText {
        let folder = ProcessInfo.processInfo.environment["YUGONG_FUZZ_POLICIES"] ?? "Policies"
        return PolicyText(file: name, text: (try? String(contentsOfFile: folder + "/" + name, encoding: .utf8)) ?? "")
    }
}
