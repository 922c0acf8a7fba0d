import App
import Foundation
import Kit
import TestBench
import Testing
import World

@Suite("Killed without warning", .ownThreads)
struct KillStories {
    /// The served program as a process of its own.
    /// `@unchecked`: the process is set up once; afterwards it is only asked, signalled and waited for.
    final class Served: @unchecked Sendable {
        let process = Process()
        let port: Int

        /// `log`: a file that gets everything it says on stderr, at level debug. `shell`: what a shell does before it becomes
        /// the program, `ulimit -n 100`. `temporary`: where its temporary files lie.
        init(_ database: String, key: String, folder: String, log: String? = nil, shell: String? = nil, temporary: String? = nil, options: [String] = []) throws {
            let output = Pipe(), arguments = ["serve", "--port", "0", "--database", database] + options
            process.executableURL = shell == nil ? CommandLineUser.program : URL(fileURLWithPath: "/bin/bash")
            process.arguments = shell.map { ["-c", "\($0); exec \"$0\" \"$@\"", CommandLineUser.program.path] + arguments } ?? arguments
            process.currentDirectoryURL = URL(fileURLWithPath: folder)
            var environment = ProcessInfo.processInfo.environment
            environment["YUGONG_KEY_FILE"] = key
            environment["TMPDIR"] = temporary ?? environment["TMPDIR"]
            process.environment = environment
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            if let log {
                FileManager.default.createFile(atPath: log, contents: nil)
                process.standardError = FileHandle(forWritingAtPath: log)
                environment["YUGONG_LOG"] = "debug"
                process.environment = environment
            }
            try process.run()
            var said = ""
            while said.firstMatch(of: #/http://127\.0\.0\.1:\d+\n/#) == nil {
                let piece = output.fileHandleForReading.availableData
                guard !piece.isEmpty else { throw Refusal("test.served", "服务没有启动：\(said)") }
                said += String(decoding: piece, as: UTF8.self)
            }
            port = said.firstMatch(of: #/127\.0\.0\.1:(\d+)/#).flatMap { Int($0.1) } ?? 0
        }

        func end(_ signal: Int32) {
            kill(process.processIdentifier, signal)
            process.waitUntilExit()
        }
    }

    @Test("Whoever was told that they are signed in still is after kill -9, and after SIGTERM")
    func signedInStays() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let folder = NSTemporaryDirectory() + "/yugong-kill-\(UUID().uuidString)", key = folder + "/the.key"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                defer { try? FileManager.default.removeItem(atPath: folder) }
                let app = try App(database: database, databaseURL: url, settings: Settings(home: Settings.fromEnvironment().home, keyFile: key))
                let named = try await Named.fill(database, numbers: app.numbers)
                let people = ["刘芳", "陈杰"]
                let passwords = try people.enumerated().map { try Learners.account("learner\($0)", of: $1, named, database) }

                var cookies: [String] = []
                for signal in [SIGKILL, SIGTERM] {
                    let served = try Served(url, key: key, folder: folder), port = served.port, told = Told()
                    cookies += await withTaskGroup(of: [String].self) { group in
                        for (index, password) in passwords.enumerated() {
                            group.addTask { @Sendable in
                                var acknowledged: [String] = []
                                // Until the server is gone.
                                while let answer = try? await signIn("learner\(index)", password, port) {
                                    acknowledged += answer
                                    await told.add(answer.count)
                                }
                                return acknowledged
                            }
                        }
                        // In the middle of things, however slow the machine: some were told, others are being served.
                        try? await eventually { await told.count >= 4 }
                        try? await Task.sleep(for: .milliseconds(300))
                        served.end(signal)
                        return await group.reduce(into: []) { $0 += $1 }
                    }
                }
                #expect(cookies.count >= 4)
                let verified = try await onThread { try CommandLineUser(folder: folder, database: url).run("verify") }
                #expect(verified.status == 0, "\(verified.said) \(verified.noted)")
                let again = try Served(url, key: key, folder: folder)
                defer { again.end(SIGTERM) }
                for cookie in cookies {
                    let browser = Browser(port: again.port)
                    await browser.setCookie("yugong", cookie)
                    let page = try await browser.get("/account")
                    #expect(page.location?.hasPrefix("/sign-in") != true)
                }
            }
        }
    }
}

/// How many sign-ins were acknowledged so far.
private actor Told {
    private(set) var count = 0
    func add(_ more: Int) { count += more }
}

/// The cookie of a session that was acknowledged; none where sign-in was refused.
private func signIn(_ name: String, _ password: String, _ port: Int) async throws -> [String] {
    let browser = Browser(port: port)
    let answer = try await browser.signIn(name, password)
    return answer.status == 303 ? [await browser.cookie("yugong")].compactMap(\.self) : []
}
