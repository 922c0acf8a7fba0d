import App
import Foundation
import Kit
import World

/// What benchmarks need and the command line does not offer; Benchmarks/run.py calls it and reads one JSON object per run.
@main
struct Bench {
    static func main() async {
        do {
            let arguments = Array(CommandLine.arguments.dropFirst())
            switch arguments.first {
            case "fill" where arguments.count == 4: try await fill(url: arguments[1], key: arguments[2], people: Int(arguments[3]) ?? 0)
            default:
                FileHandle.standardError.write(Data("usage: yugong-bench fill URL KEYFILE PEOPLE\n".utf8))
                exit(64)
            }
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(70)
        }
    }

    /// Fills a new database with a world.
    private static func fill(url: String, key: String, people: Int) async throws {
        let database = try Database(url: url)
        try database.migrate(Migrations.all)
        let file = KeyFile(path: key)
        let numbers = PersonalNumbers(key: try file.read() ?? file.make())
        let start = ContinuousClock.now
        _ = try await Demo.fill(database, numbers: numbers, people: people, who: .commandLine("bench")) { done, all in
            FileHandle.standardError.write(Data("\r\(done)/\(all) \(start.duration(to: .now))   ".utf8))
        }
        print("{\"seconds\": \(start.duration(to: .now) / .seconds(1)), \"peakResidentMB\": \(peakResidentMB)}")
        database.close()
    }

    private static var peakResidentMB: Int {
        var usage = rusage()
        // RUSAGE_SELF; Glibc gives the name another type than the parameter.
        getrusage(0, &usage)
        return usage.ru_maxrss / 1024
    }
}
