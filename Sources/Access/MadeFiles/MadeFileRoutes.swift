import Kit

/// Files that were asked for: each account its own. What is refused when one asks is refused when one fetches.
enum MadeFileRoutes {
    /// What is ready by then goes straight to whoever asked, without a page about waiting.
    private static let looks = 15, lookMilliseconds = 100

    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database, numbers = house.numbers, runner: JobRunner = house.part()
        let kinds = Dictionary(house.features.brought(MadeFileKind.self).map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        // A large file is read and opened as a whole: accounts take turns.
        let fetching = TurnLine(atOnce: 2)

        @Sendable func own(_ request: WebRequest, _ signedIn: SignedIn) async throws -> (file: MadeFile, kind: MadeFileKind) {
            let id = try request.id("file"), account = signedIn.account.id
            guard let file = try await database.read({ try MadeFileStore.file(id, of: account, numbers, in: $0) }), let kind = kinds[file.kind] else { throw WebProblem.missing }
            return (file, kind)
        }
        @Sendable func progress(_ file: MadeFile, _ kind: MadeFileKind) async throws -> JobProgress? {
            let standing = try await database.read { try JobStore.standing(kind.job, key: "\(file.id)", in: $0) }
            return standing.map { runner.progress(of: $0.id) ?? $0.progress }
        }
        /// Throws why this account may not have it now.
        @Sendable func judge(_ file: MadeFile, _ kind: MadeFileKind, _ signedIn: SignedIn) async throws {
            guard let asked = file.order?.asked else { throw MadeFile.gone }
            try file.requireGrants(of: signedIn)
            try await database.read { try kind.judge(house, asked, signedIn, $0) }
        }

        routes.get("/files") { _, signedIn in
            let account = signedIn.account.id, files = try await database.read { try MadeFileStore.files(of: account, numbers, in: $0) }
            return .page(MadeFilePages.list(files, word: { kinds[$0]?.word ?? "" }, now: signedIn.now))
        }
        routes.get("/files/:file") { request, signedIn in
            var (file, kind) = try await own(request, signedIn)
            for _ in 0..<looks where file.state == .making {
                try await Task.sleep(for: .milliseconds(lookMilliseconds))
                (file, kind) = try await own(request, signedIn)
            }
            try await MessageRoutes.markSeen(file.link, signedIn, database)
            if file.isKept(now: signedIn.now) { try await judge(file, kind, signedIn) }
            return .page(MadeFilePages.one(file, kind, try await progress(file, kind), now: signedIn.now))
        }
        routes.get("/files/:file/progress") { request, signedIn in
            let (file, kind) = try await own(request, signedIn)
            guard file.state == .making else { return .redirect(file.link) }
            return .fragment(MadeFilePages.bar(file, try await progress(file, kind), now: signedIn.now))
        }
        routes.get("/files/:file/content") { request, signedIn in
            let (file, kind) = try await own(request, signedIn)
            guard let outcome = file.outcome, file.isKept(now: signedIn.now) else { return .redirect(file.link) }
            try await judge(file, kind, signedIn)
            let path = Scratch.path("made")
            try await fetching.run(of: signedIn.account.id) { try database.readNow { try MadeFileStore.write(file, to: path, numbers, in: $0) } }
            // Each time it leaves is on record.
            try await database.write(signedIn.act("file.fetch")) { try MadeFileStore.noteFetched(file.id, now: signedIn.now, in: $0) }
            return .download(outcome.name, type: outcome.type, file: path, isTemporary: true)
        }
    }
}
