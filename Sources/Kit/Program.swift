import Foundation

/// The program that runs.
package enum Program {
    /// Tells one build or installation of it from another: path, size and moment of its file. What one has worked out for itself another
    /// may work out otherwise.
    package static let mark: String = {
        var info = stat()
        guard stat("/proc/self/exe", &info) == 0 else { return "" }
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return "\(path) \(info.st_size) \(info.st_mtim.tv_sec).\(info.st_mtim.tv_nsec)"
    }()
}
