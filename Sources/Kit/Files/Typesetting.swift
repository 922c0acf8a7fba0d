import Foundation
import Synchronization

/// Sets documents as PDF by Typst, each in a process of its own: bounded in time and memory, and what is personal
/// comes by its standard input and leaves by its standard output, never by a command line or a file that stays.
package struct Typesetting: Sendable {
    private let python: String
    private let folder: String
    private let line = TypesettingLine()

    /// At most so many at a time; others wait in line.
    private static let work = WorkLine(atOnce: 2)
    static let seconds = 30

    /// `home` is the folder of the shipped files: its `.venv` and `Templates`.
    package init(home: String) {
        python = home + "/.venv/bin/python"
        folder = home + "/Templates"
    }

    /// The PDF of a template with texts it reads as `sys.inputs`, for one who asks: each has one in line at a time, so
    /// that everybody's turn comes after at most one of each other's.
    ///
    /// Refusals `typesetting.missing` where Typst is not installed, `typesetting.yours`, `typesetting.busy`, `typesetting.failed`.
    package func pdf(_ template: String, _ inputs: [String: String], for asker: Int64) async throws -> [UInt8] {
        guard FileManager.default.isExecutableFile(atPath: python), FileManager.default.fileExists(atPath: folder + "/" + template) else {
            throw Refusal("typesetting.missing", "这台服务器没有装排版程序，做不了 PDF；JSON 仍可下载。请让维护服务器的人运行 bin/setup run。")
        }
        let input = try JSONEncoder().encode(inputs)
        try line.enter(asker)
        defer { line.leave(asker) }
        return try await Self.work.run { try run(template, input) }
    }

    private func run(_ template: String, _ input: Data) throws -> [UInt8] {
        let failed = Refusal("typesetting.failed", "排版没有成功，这一份 PDF 没有做出来；请再试一次，仍不成功时请先下载 JSON。")
        // A file without a name holds the input: a pipe would end the server if the program left early.
        let path = Scratch.path("json")
        guard FileManager.default.createFile(atPath: path, contents: input, attributes: [.posixPermissions: 0o600]) else { throw failed }
        let source = FileHandle(forReadingAtPath: path)
        try? FileManager.default.removeItem(atPath: path)
        guard let source else { throw failed }
        let process = Process(), output = Pipe()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-I", folder + "/typeset.py", template]
        process.environment = ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent", "RAYON_NUM_THREADS": "2"]
        process.standardInput = source
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let id = process.processIdentifier
        let end = DispatchWorkItem { kill(id, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(Self.seconds), execute: end)
        let document = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        end.cancel()
        guard process.terminationStatus == 0, document.starts(with: Data("%PDF".utf8)) else { throw failed }
        return [UInt8](document)
    }
}

/// Who has a document in line.
final class TypesettingLine: Sendable {
    /// How many may stand in it, of different askers.
    static let longest = 50
    private let askers = Mutex<Set<Int64>>([])

    /// Refusals `typesetting.yours`, `typesetting.busy`.
    func enter(_ asker: Int64) throws(Refusal) {
        let refusal = askers.withLock { askers -> Refusal? in
            if askers.contains(asker) { return Refusal("typesetting.yours", "您要的上一份 PDF 还在排版，这一份没有做；请等上一份下载完再要。") }
            guard askers.count < Self.longest else { return Refusal("typesetting.busy", "正在排版的文件太多，这一份没有做；请过一分钟再试。") }
            askers.insert(asker)
            return nil
        }
        if let refusal { throw refusal }
    }

    func leave(_ asker: Int64) { askers.withLock { _ = $0.remove(asker) } }
}
