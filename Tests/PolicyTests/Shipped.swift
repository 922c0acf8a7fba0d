import Foundation
import Testing

@testable import Rules

/// The policies this repository ships, loaded once.
enum Shipped {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Policies").path
    static let library = try! PolicyLibrary(folders: [folder]) { _ in "sha256:test" }
    static let beijing = library["beijing-cadres-2019-2023"]!
}

func day(_ text: String) -> Int32 { CivilDate.parse(text)! }
