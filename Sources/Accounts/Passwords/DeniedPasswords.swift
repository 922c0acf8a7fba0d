import Foundation
import Kit
import Synchronization

/// Passwords that everybody tries first: a file of the commonest, and those of this country and this place.
///
/// Held as sorted fingerprints of 64 bits, eight bytes each: ninety thousand take 0.7 MB. The file is read when the first
/// password is judged, once a process: most commands judge none.
package struct DeniedPasswords: Sendable {
    private let list: List
    /// Whether the file was there.
    package let isWhole: Bool
    package var count: Int { list.keys.count }

    /// Where `bin/setup` puts the file, below the folder of the shipped files: one in a line, lower case.
    package static let file = "vendor/common-passwords.txt"

    private static let lists = Mutex<[String: List]>([:])

    /// The list of a file; where that is missing only the short one of our own. It changes with the program.
    package init(path: String) {
        let isThere = FileManager.default.isReadableFile(atPath: path)
        isWhole = isThere
        list = Self.lists.withLock { lists in
            if let known = lists[path] { return known }
            let new = List(path)
            if isThere { lists[path] = new }
            return new
        }
    }

    private final class List: Sendable {
        private let path: String
        private let read = Mutex<[UInt64]?>(nil)

        init(_ path: String) { self.path = path }

        var keys: [UInt64] {
            read.withLock { read in
                if let read { return read }
                let bytes = FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? []
                var keys = DeniedPasswords.own.map { DeniedPasswords.key($0.utf8) }
                for line in bytes.split(separator: UInt8(ascii: "\n")) { keys.append(DeniedPasswords.key(line)) }
                keys.sort()
                var distinct: [UInt64] = []
                distinct.reserveCapacity(keys.count)
                for key in keys where distinct.last != key { distinct.append(key) }
                read = distinct
                return distinct
            }
        }
    }

    /// Whether a text, as `PasswordRule.plain` gives it, is one of them.
    func contains(_ plain: String) -> Bool {
        let key = Self.key(plain.utf8), keys = list.keys
        var low = 0, high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low < keys.count && keys[low] == key
    }

    /// What the start-up says where the file is missing.
    package var warning: String? {
        isWhole ? nil : "注意：没有找到常见密码的名单（\(Self.file)），新密码只与 \(count) 个最常见的核对。请运行 bin/setup 取得名单后重新启动。"
    }

    /// FNV-1a. Two texts with the same key would be refused alike; among 2^64 that does not happen.
    private static func key(_ text: some Sequence<UInt8>) -> UInt64 {
        var key: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text { key = (key ^ UInt64(truncatingIfNeeded: byte)) &* 0x100_0000_01B3 }
        return key
    }

    /// First guesses of this country, which foreign lists do not have, and the commonest of all for where the file is missing.
    private static let own: [String] = [
        "password", "passw0rd", "qwerty", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qazwsx", "qazwsxedc", "qazwsxedcrfv", "1qaz2wsx", "1qaz2wsx3edc", "1qaz2wsx3e",
        "zaq12wsx", "zaq12wsxcde3", "1q2w3e4r", "1q2w3e4r5t", "1q2w3e4r5t6y", "q1w2e3r4", "q1w2e3r4t5", "1234qwer", "1234qwerasdf", "asdfghjkl;", "admin", "administrator",
        "root", "letmein", "welcome", "changeme", "iloveyou", "monkey", "dragon", "abc", "abcd", "abcde", "abcdef", "a", "aa", "aaa", "q", "qq", "qwe", "qwer", "qweasd", "qweasdzxc", "asd", "asdf", "zxc", "zxcv", "test",
        "woaini", "woaini1314", "woaini520", "woaini1314520", "5201314", "1314520", "520520", "woaiwojia", "woaizhongguo", "woaibeijing", "woaizuguo", "woshishei", "woshini",
        "wodemima", "mima", "nihao", "zhongguo", "zhonghua", "beijing", "shanghai", "guangzhou", "shenzhen", "tiananmen", "changcheng", "caonima", "wocaonima", "laopo", "laogong", "baobao", "xiaoxiao",
        "gonghui", "zonggonghui", "gongren", "laodong", "laomo", "ganbu", "peixun", "xuexi", "zuzhibu", "renshi", "yugong", "dangyuan", "gongchandang", "weirenmin", "weirenminfuwu", "renmin",
        "wang", "zhang", "liu", "chen", "yang", "huang", "zhao", "zhou", "wangwei", "zhangwei", "liwei", "liuwei", "wangfang", "lina", "zhangmin", "lijing", "wangjing", "liqiang", "zhanglei", "wangyong",
        "我爱你", "我的密码", "密码", "中国", "北京", "上海", "工会", "总工会", "为人民服务", "我爱中国", "我爱北京", "我爱北京天安门", "育工", "一二三四五六七八九十",
    ]
}
