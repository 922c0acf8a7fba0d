import Foundation

/// Sets documents as PDF by Typst, each in a process of its own: bounded in time and memory, and what is personal
/// comes by its standard input and leaves by its standard output, never by a command line or a file that stays.
package struct Typesetting: Sendable {
    private let python: String
    private let folder: String

    /// At most so many at a time; others wait in line.
    private static let work = WorkLine(atOnce: 2)
    static let seconds = 30

    /// `home` is the folder of the shipped files: its `.venv` and `Templates`.
    package init(home: String) {
        python = home + "/.venv/bin/python"
        folder = home + "/Templates"
    }

    /// The PDF of a template with texts it reads as `sys.inputs`.
    ///
    /// Refusals `typesetting.missing` where Typst is not installed, `typesetting.failed`.
    package func pdf(_ template: String, _ inputs: [String: String]) async throws -> [UInt8] {
        guard FileManager.default.isExecutableFile(atPath: python), FileManager.default.fileExists(atPath: folder + "/" + template) else {
            throw Refusal("typesetting.missing", "这台服务器没有装排版程序，做不了 PDF；请换一种格式。请让维护服务器的人运行 bin/setup run。")
        }
        let input = try JSONEncoder().encode(inputs)
        return try await Self.work.run { try run(template, input) }
    }

    private func run(_ template: String, _ input: Data) throws -> [UInt8] {
        let failed = Refusal("typesetting.failed", "排版没有成功，这一份 PDF 没有做出来；请再要一次，仍不成功时请换一种格式。")
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
