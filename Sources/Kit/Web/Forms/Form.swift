import Foundation
import Hummingbird

/// A form as it was submitted.
package struct Form: Sendable {
    package var fields: Fields
    package var files: [Upload]

    package init(fields: Fields = Fields(), files: [Upload] = []) {
        self.fields = fields
        self.files = files
    }

    /// The text of a field without surrounding spaces; empty where there is none.
    package func text(_ name: String) -> String { fields.text(name) }
    package func isTicked(_ name: String) -> Bool { fields.isTicked(name) }
    /// All values of a name, as of ticked rows.
    package func all(_ name: String) -> [String] { fields.all(name) }
    /// A day as `2022-03-05`; nil where there is none, it does not exist or nobody can mean it.
    package func day(_ name: String) -> Day? { Day(entered: text(name)) }
    /// The file of a field; nil where none was chosen.
    package func file(_ name: String) -> Upload? { files.first { $0.field == name } }
}

/// A file that was sent. It lies in a temporary folder that is removed when the handler returns: move it away to keep it.
package struct Upload: Sendable {
    package var field: String
    /// As the browser named it, without folders.
    package var name: String
    package var path: String
    package var size: Int
}

/// How large a form may be, files apart: every byte of its body counts, whatever it stands for.
package enum FormSize: Int, Sendable {
    /// Of callers whom nobody knows yet: a name, a password, a way back.
    case small = 32_768
    /// A page of ticked rows, a long text.
    case usual = 2_097_152
}

/// Receives a body: the token is judged before the first byte of a file is kept.
struct FormReceiver {
    /// Fields that a form may have: a page of ticked rows is far below.
    static let pairLimit = 10_000
    /// Bytes of a form in parts that are taken before its token: on our pages it comes first.
    static let tokenLimit = 16_384
    /// Seconds a body may take to arrive.
    static let fieldPatience = 60
    static let filePatience = 1800

    let size: FormSize
    let uploadLimit: Int
    /// Where files go; nil for forms without.
    let folder: URL?
    /// Whether a token is the caller's.
    let accepts: @Sendable (String) -> Bool
    /// The token sent as a header, by htmx.
    let headerToken: String?

    func receive(_ request: Request, contentType: String) async throws -> Form {
        // Bodies come as they are: what is packed would have to be unpacked before it is judged.
        guard request.headers[.contentEncoding].map({ $0.lowercased() == "identity" }) ?? true else { throw WebProblem.unknownKind }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > uploadLimit + size.rawValue {
            throw WebProblem.tooLarge(limit: uploadLimit == 0 ? size.rawValue : uploadLimit)
        }
        // Only a form with files comes in parts.
        if uploadLimit > 0, let reader = MultipartReader(contentType: contentType) {
            return try await parts(request.body, reader)
        }
        guard contentType.isEmpty || contentType.lowercased().hasPrefix("application/x-www-form-urlencoded") else { throw WebProblem.unknownKind }
        let deadline = Deadline(seconds: Self.fieldPatience), pace = Pace()
        var bytes: [UInt8] = []
        for try await buffer in request.body {
            guard !deadline.isPast, pace.isKept(bytes: bytes.count) else { throw WebProblem.tooSlow }
            guard bytes.count + buffer.readableBytes <= size.rawValue else { throw WebProblem.tooLarge(limit: size.rawValue) }
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        // Counted before they are taken apart, which takes many times their room.
        guard bytes.count(where: { $0 == UInt8(ascii: "&") }) < Self.pairLimit else { throw WebProblem.malformed }
        var fields = Fields(encoded: String(decoding: bytes, as: UTF8.self))
        guard fields.isSound else { throw WebProblem.malformed }
        guard accepts(headerToken ?? fields[FormToken.field] ?? "") else { throw WebProblem.foreignForm }
        fields[FormToken.field] = nil
        return Form(fields: fields)
    }

    private func parts(_ body: RequestBody, _ reader: MultipartReader) async throws -> Form {
        var reader = reader
        var form = Form()
        var isAccepted = headerToken.map(accepts) ?? false
        var field: (name: String, bytes: [UInt8])?
        var file: (upload: Upload, handle: FileHandle)?
        defer { try? file?.handle.close() }
        let deadline = Deadline(seconds: Self.filePatience), pace = Pace()
        var received = 0, fileBytes = 0

        func finishPart() throws {
            if let done = field {
                let value = String(decoding: done.bytes, as: UTF8.self)
                if done.name == FormToken.field { isAccepted = isAccepted || accepts(value) } else { form.fields.pairs.append(.init(name: done.name, value: value)) }
                field = nil
            }
            if let done = file {
                try done.handle.close()
                // A file field left empty arrives as a nameless empty file.
                if !done.upload.name.isEmpty { form.files.append(done.upload) }
                file = nil
            }
        }

        for try await buffer in body {
            guard !deadline.isPast, pace.isKept(bytes: received) else { throw WebProblem.tooSlow }
            received += buffer.readableBytes
            for event in try reader.read(buffer.readableBytesView) {
                switch event {
                case .part(let name, nil):
                    try finishPart()
                    field = (name, [])
                case .part(let name, let fileName?):
                    try finishPart()
                    guard isAccepted else { throw WebProblem.foreignForm }
                    guard let folder else { throw WebProblem.malformed }
                    guard form.files.count < 20 else { throw WebProblem.malformed }
                    let path = folder.appendingPathComponent("upload-\(form.files.count)").path
                    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                    guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
                        let handle = FileHandle(forWritingAtPath: path)
                    else { throw WebProblem.failed }
                    file = (Upload(field: name, name: fileName, path: path, size: 0), handle)
                case .content(let bytes):
                    if field != nil {
                        field?.bytes.append(contentsOf: bytes)
                    } else if let open = file {
                        fileBytes += bytes.count
                        guard fileBytes <= uploadLimit else { throw WebProblem.tooLarge(limit: uploadLimit) }
                        try open.handle.write(contentsOf: Data(bytes))
                        file?.upload.size += bytes.count
                    }
                case .end:
                    try finishPart()
                }
            }
            guard isAccepted || received <= Self.tokenLimit else { throw WebProblem.foreignForm }
            // What is no file's content is the form's: names, headers, what stands between the parts and around them.
            guard received - fileBytes <= size.rawValue else { throw WebProblem.tooLarge(limit: size.rawValue) }
        }
        guard reader.isComplete, form.fields.isSound else { throw WebProblem.malformed }
        guard isAccepted else { throw WebProblem.foreignForm }
        return form
    }
}

extension Form {
    /// The most bytes of one field. The longest text that is kept has five hundred characters; lists of ticked rows are many fields.
    package static let longestField = 4096

    /// Refusal `form.long`: of what is typed, and before anything looks into it. `names` are fields that keep nothing.
    func checkLengths(but names: Set<String>) throws(Refusal) {
        guard let long = fields.pairs.first(where: { $0.value.utf8.count > Self.longestField && !names.contains($0.name) }) else { return }
        throw Refusal("form.long", "有一栏填了 \(long.value.count) 个字，太长，没有保存。请返回上一页缩短以后再提交。")
    }
}
