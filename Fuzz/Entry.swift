import Foundation

@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ one: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Runs libFuzzer over one parser, which `YUGONG_FUZZ_TARGET` names.
///
/// A trap, a memory error or a broken promise of a parser ends the process, and libFuzzer keeps the input.
@main
enum Entry {
    static func main() {
        var count = CommandLine.argc, arguments = CommandLine.unsafeArgv
        exit(runFuzzer(&count, &arguments, fuzzOneInput))
    }
}

/// What libFuzzer calls with each input. Its own `main` wants it by this name.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    Target.chosen.run(start.map { Array(UnsafeBufferPointer(start: $0, count: count)) } ?? [])
    return 0
}

/// A parser of what comes from outside, and what is promised of it.
struct Target: Sendable {
    let run: @Sendable ([UInt8]) -> Void

    static let chosen: Target = {
        let name = ProcessInfo.processInfo.environment["YUGONG_FUZZ_TARGET"] ?? ""
        guard let target = all[name] else {
            FileHandle.standardError.write(Data("YUGONG_FUZZ_TARGET: \(all.keys.sorted().joined(separator: " "))\n".utf8))
            exit(64)
        }
        return target
    }()

    static let all: [String: Target] = [
        "form": form, "multipart": multipart, "cookie": cookie, "image": image, "words": words, "policy": policy,
        "text": text, "xlsx-parts": workbookParts, "xlsx": workbook, "xls": oldWorkbook, "columns": keptColumns,
    ]
}

/// Ends the process where a parser broke its promise.
func promised(_ holds: Bool, _ what: String) {
    if !holds { fatalError(what) }
}
