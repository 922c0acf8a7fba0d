@testable import Access
@testable import Accounts
import Kit
import TestBench
import Testing

@Suite("Whether two are independent", .ownThreads) struct IndependenceTests {
    typealias Side = Independence.Side

    @Test("One person is one, with whatever account and behind whatever merged file; makers count both ways, a common one where nothing can be set right", arguments: [
        (Side(accounts: [1], files: [10]), Side(accounts: [2], files: [20]), nil, nil),
        (Side(accounts: [1, 2], files: [10]), Side(accounts: [2], files: [20]), .same, .same),
        (Side(accounts: [1], files: [10, 11]), Side(accounts: [2], files: [11]), .same, .same),
        (Side(accounts: [1], makers: [2: [.slip, .grant]]), Side(accounts: [2]), .asker(.slip), .asker(.slip)),
        (Side(accounts: [1]), Side(accounts: [2], makers: [1: [.file]]), .decider(.file), .decider(.file)),
        (Side(accounts: [1], makers: [3: [.grant]]), Side(accounts: [2], makers: [3: [.slip]]), nil, .maker),
        (Side(accounts: [1], makers: [3: [.grant]]), Side(accounts: [2], makers: [4: [.slip]]), nil, nil),
        // Of whoever has no account of theirs, as of the command line, nothing came from anybody.
        (Side(), Side(accounts: [2], makers: [4: [.slip]]), nil, nil),
    ] as [(Side, Side, Independence.Tie?, Independence.Tie?)])
    func ties(asker: Side, decider: Side, tie: Independence.Tie?, final: Independence.Tie?) {
        #expect(Independence.tie(asker: asker, decider: decider) == tie)
        #expect(Independence.tie(asker: asker, decider: decider, isFinal: true) == final)
    }

    @Test("A common maker counts by what it did for the other")
    func makers() {
        let giver = Side(accounts: [1], makers: [3: [.grant]])
        for (deeds, isShared) in [([.slip], true), ([.grant], false), ([.grant, .file], true)] as [(Set<Independence.Deed>, Bool)] {
            #expect(giver.sharesMaker(with: Side(accounts: [2], makers: [3: deeds]), by: [.file, .account, .slip, .factor]) == isShared)
        }
        #expect(giver.sharesMaker(with: Side(accounts: [2], makers: [3: [.grant]])) && !giver.sharesMaker(with: Side(accounts: [2], makers: [4: [.slip]])))
    }

    @Test("Each tie is refused by its name, and says who may decide instead")
    func names() {
        func refused(_ asker: Side, _ decider: Side) -> Refusal? {
            do { try Independence.check(asker: asker, decider: decider, isFinal: true) { "请由衡溪市总工会的林晓红办理。" } } catch { return error as? Refusal }
            return nil
        }
        #expect(refused(Side(accounts: [1]), Side(accounts: [1]))?.name == "second.same")
        #expect(refused(Side(accounts: [1], makers: [2: [.file]]), Side(accounts: [2]))?.name == "second.asker")
        #expect(refused(Side(accounts: [1]), Side(accounts: [2], makers: [1: [.factor]]))?.name == "second.decider")
        let common = refused(Side(accounts: [1], makers: [3: [.grant]]), Side(accounts: [2], makers: [3: [.grant]]))
        #expect(common?.name == "second.maker" && common?.sentence.hasSuffix("请由衡溪市总工会的林晓红办理。") == true)
        #expect(refused(Side(accounts: [1]), Side(accounts: [2])) == nil)
    }
}
