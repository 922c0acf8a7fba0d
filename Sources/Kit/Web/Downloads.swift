import Synchronization

/// The files that are on their way to each account. What is sent lies in memory until it is taken, so that few go to one account at a time.
final class Downloads: Sendable {
    /// On their way to one account at a time.
    static let most = 4

    private let going = Mutex<[String: Int]>([:])

    /// Held until the file is sent, or whoever asked has gone.
    final class Ticket: Sendable {
        private let downloads: Downloads, account: String

        fileprivate init(_ downloads: Downloads, _ account: String) { (self.downloads, self.account) = (downloads, account) }

        deinit { downloads.end(of: account) }
    }

    /// Throws `WebProblem.downloadsCrowded` where as many are on their way already.
    func begin(of account: String) throws(WebProblem) -> Ticket {
        let isFree = going.withLock { going in
            guard going[account, default: 0] < Self.most else { return false }
            going[account, default: 0] += 1
            return true
        }
        guard isFree else { throw .downloadsCrowded }
        return Ticket(self, account)
    }

    private func end(of account: String) {
        going.withLock { going in
            let left = (going[account] ?? 1) - 1
            going[account] = left > 0 ? left : nil
        }
    }
}
