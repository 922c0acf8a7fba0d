/// The rows of a sheet, read ahead on a thread of its own from the first that is asked for: unpacking and reading go on while rows
/// are judged. What waits is bounded in bytes.
final class ReadAhead {
    private let feed: Feed
    private var hasBegun = false
    private var batch: [SheetRow] = [], given = 0
    private var end: Result<Void, any Error>?

    init(_ source: any SheetSource) { feed = Feed(source) }

    deinit { feed.batches.close() }

    /// The next row; nil after the last. What went wrong while reading is thrown where the row would have stood.
    func next() throws -> SheetRow? {
        if !hasBegun {
            hasBegun = true
            ElasticThreads.shared.submit { [feed] in feed.run() }
        }
        while given == batch.count {
            if let end {
                try end.get()
                return nil
            }
            switch feed.batches.take(upTo: 1)?.first {
            case .success(let rows) where !rows.isEmpty: (batch, given) = (rows, 0)
            case .success, nil: end = .success(())
            case .failure(let error): end = .failure(error)
            }
        }
        defer { given += 1 }
        return batch[given]
    }

    /// `@unchecked`: once it runs, its thread alone touches the source.
    private final class Feed: @unchecked Sendable {
        let batches = Queue<Result<[SheetRow], any Error>>(capacity: 4)
        private let source: any SheetSource

        private static let batchRows = 256, batchBytes = 1 << 20

        init(_ source: any SheetSource) { self.source = source }

        /// Puts in batch after batch, an empty one at the end; ends early when nobody asks any more.
        func run() {
            while true {
                var rows: [SheetRow] = [], bytes = 0, failure: (any Error)?
                do {
                    while rows.count < Self.batchRows, bytes < Self.batchBytes, let row = try source.next() {
                        bytes += row.roughBytes
                        rows.append(row)
                    }
                } catch { failure = error }
                // The rows before what is wrong are rows all the same.
                if failure == nil || !rows.isEmpty { guard case .taken = batches.put(.success(rows), waits: true) else { return } }
                if let failure { _ = batches.put(.failure(failure), waits: true) }
                if failure != nil || rows.isEmpty { return }
            }
        }
    }
}

extension SheetRow {
    fileprivate var roughBytes: Int {
        cells.reduce(64) { sum, one in
            switch one.cell {
            case .text(let text), .number(let text), .failed(let text): sum + 40 + text.utf8.count
            default: sum + 40
            }
        }
    }
}
