import Access
import Accounts
import Foundation
@testable import Kit
import Register
import Rules

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

    private static func text(of name: String) -> PolicyText {
        let folder = ProcessInfo.processInfo.environment["YUGONG_FUZZ_POLICIES"] ?? "Policies"
        return PolicyText(file: name, text: (try? String(contentsOfFile: folder + "/" + name, encoding: .utf8)) ?? "")
    }
}
