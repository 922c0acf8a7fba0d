import ArgumentParser
import Foundation
import Kit

// A reader that closes the pipe early (`yugong export … | head`) ends us quietly at the next write, not with a signal.
signal(SIGPIPE, SIG_IGN)
// What this program writes is for its user alone: the database and its log, keys, exports, backups, whatever lies about.
umask(0o077)

do {
    var command = try Yugong.parseAsRoot()
    if let asynchronous = command as? any AsyncParsableCommand {
        try await perform(asynchronous)
    } else {
        try command.run()
    }
    Opened.anchor()
    leave(ExitStatus.done.rawValue)
} catch let ended as Ended {
    Opened.anchor()
    leave(ended.status.rawValue)
} catch let refusal as Refusal {
    Opened.anchor()
    Talk.note(refusal.description)
    leave(ExitStatus(refusal).rawValue)
} catch {
    Opened.anchor()
    switch Yugong.exitCode(for: error) {
    case .success:
        Talk.say(Yugong.message(for: error))
        leave(ExitStatus.done.rawValue)
    case .validationFailure:
        Talk.note("命令或选项不对：\(Yugong.fullMessage(for: error))")
        leave(ExitStatus.wrongUsage.rawValue)
    default:
        Talk.note("程序内部出错，数据未改动；请把下面这一行连同所用命令发给软件维护人员。\n\(error)")
        leave(ExitStatus.ourFault.rawValue)
    }
}

/// Without the type in hand the call would be to the inherited `run` that only prints the help.
func perform(_ command: some AsyncParsableCommand) async throws {
    var command = command
    try await command.run()
}

/// Ends at once: threads that wait for work must not meet the libraries they use being taken down.
func leave(_ status: Int32) -> Never {
    Scratch.clear()
    fflush(nil)
    _exit(status)
}
