extension StyleRule {
    // MARK: Whose threads are kept

    /// Swift's cooperative pool has as many threads as cores. One that is blocked is a core that answers nobody.
    static let threads: [StyleRule] = [
        StyleRule(
            "Async code blocks no thread.",
            instead: "Await it: database.read, PasswordHashing().hash, Task.sleep; or give it a thread of its own by onThread { … }.",
            bad: [
                ["Sources/App/App.swift": "func keep() async {\n    try? database.readNow { _ in }\n}"],
                ["Sources/App/Today/TodayRoutes.swift": "routes.get(\"/\") { _, signedIn in\n    let view = try facts.viewNow()\n}"],
                ["Sources/Kit/Files/Typesetting.swift": "func pdf() async throws -> [UInt8] {\n    process.waitUntilExit()\n}"],
                ["Sources/World/Demo/Demo.swift": "Task {\n    let hash = try PasswordHashing.hashNow(word)\n}"],
                ["Sources/App/App.swift": "group.addTask { usleep(5) }"],
                ["Sources/App/App.swift": "func stop() async { done.wait() }"],
            ],
            good: [
                ["Sources/App/App.swift": "func keep() async {\n    try? await onThread { try database.readNow { _ in } }\n}"],
                ["Sources/App/App.swift": "func keep() {\n    try? database.readNow { _ in }\n}"],
                ["Sources/App/App.swift": "func keep() async -> Int { 1 }\nfunc other() { usleep(5) }"],
                ["Sources/App/App.swift": "func keep() async {\n    try await database.read { db in try facts.viewNow() }\n    try await Task.sleep(for: .seconds(1))\n}"],
            ],
            inFilesWhere: { $0.area != nil }
        ) { file in
            let code = Array(file.swift.code.utf8)
            let asynchronous = bodies(
                after: "\\bfunc\\s+[^{}]*?\\basync\\b[^{};]*?\\{|\\bTask(?:\\.detached)?(?:\\([^)]*\\))?\\s*\\{|\\.addTask(?:\\([^)]*\\))?\\s*\\{|\\broutes\\.(?:get|post)\\([^)]*\\)\\s*\\{",
                in: file.swift.code, code)
            // Closures of the database and of queues run on threads of their own.
            let elsewhere = bodies(
                after: "\\b(?:onThread|detachNewThread|inLine|start|run)(?:\\([^)]*\\))?\\s*\\{|\\.(?:read|write)(?:\\([^{}]*?\\))?\\s*\\{", in: file.swift.code, code)
            return places("\\b(?:(?:read|write|view|hash|verify)Now\\s*[({]|(?:waitUntilExit|readToEnd|readDataToEndOfFile|availableData|usleep|waitForEnd|concurrentPerform)\\b)|\\bsleep\\(forTimeInterval|\\.wait\\(\\)", in: file.swift.code)
                .filter { place in asynchronous.contains { $0.contains(place.at) } && !elsewhere.contains { $0.contains(place.at) } }
                .map { ($0.line, $0.match) }
        },

        StyleRule(
            "Long work stands in no operation queue, which works on the threads that answer requests.",
            instead: "Use WorkLine(atOnce:), or onThread { … }.",
            bad: [["Sources/App/App.swift": "let queue = OperationQueue()"]],
            good: [["Sources/App/App.swift": "let line = WorkLine(atOnce: 2)"]],
            inFilesWhere: { $0.area != nil }
        ) { file in
            matches("\\bOperationQueue\\b", in: file.swift.code)
        },

        StyleRule(
            "Every suite runs on threads of its own.",
            instead: "Add the trait: @Suite(\"…\", .ownThreads).",
            bad: [
                ["Tests/KitTests/WebTests.swift": "@Suite(\"Web\") struct WebTests {}"], ["Tests/KitTests/WebTests.swift": "@Suite struct WebTests {}"],
                ["Tests/KitTests/WebTests.swift": "@Test(\"alone\") func alone() {}"],
            ],
            good: [["Tests/KitTests/WebTests.swift": "@Suite(\"Web\", .serialized, .ownThreads)\nstruct WebTests {\n    @Test(\"one\") func one() {}\n}"]],
            inFilesWhere: { $0.lies(in: "Tests/") && $0.path.hasSuffix(".swift") }
        ) { file in
            matches("^@(?:Suite|Test)\\b.*$", in: file.swift.code).filter { !$0.match.contains(".ownThreads") }
        },

        StyleRule(
            "How long something takes judges no test.",
            instead: "Wait by eventually { … }; where a limit is what is tested, give it the clock or count the work.",
            bad: [["Tests/KitTests/WebTests.swift": "@Test(\"slow\", .timeLimit(.minutes(1))) func slow() {}"]],
            good: [["Tests/KitTests/WebTests.swift": "try await eventually { await told.count > 2 }"]],
            inFilesWhere: { $0.lies(in: "Tests/") && $0.path.hasSuffix(".swift") }
        ) { file in
            matches("\\.timeLimit\\b", in: file.swift.code)
        },
    ]
}
