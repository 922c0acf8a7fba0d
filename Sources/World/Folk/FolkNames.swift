/// Names as people of China have them: surnames by their share, given names by era, names of other nationalities
/// with ·, and characters that many systems cannot show.
struct FolkName {
    var name: String
    var ethnicity: String

    static func make(_ dice: inout Dice, birthYear: Int, isMale: Bool) -> FolkName {
        switch dice.below(1000) {
        case ..<42: minority(&dice, isMale: isMale)
        case ..<50: FolkName(name: dice.pick(compoundSurnames) + given(&dice, birthYear, isMale), ethnicity: "汉族")
        case ..<56: FolkName(name: dice.pick(rareSurnames) + given(&dice, birthYear, isMale), ethnicity: "汉族")
        case ..<66: FolkName(name: surname(&dice) + rareGiven(&dice, birthYear, isMale), ethnicity: "汉族")
        default: han(&dice, birthYear, isMale)
        }
    }

    private static func han(_ dice: inout Dice, _ birthYear: Int, _ isMale: Bool) -> FolkName {
        let surname = surname(&dice)
        let ethnicity = dice.chance(22) ? dice.pick(["满族", "土家族", "苗族", "侗族", "瑶族", "白族"]) : "汉族"
        return FolkName(name: surname + given(&dice, birthYear, isMale), ethnicity: ethnicity)
    }

    private static func surname(_ dice: inout Dice) -> String {
        var rest = dice.below(surnameWeight)
        for (surname, weight) in surnames {
            if rest < weight { return surname }
            rest -= weight
        }
        return "王"
    }

    private static func given(_ dice: inout Dice, _ birthYear: Int, _ isMale: Bool) -> String {
        let era = birthYear < 1972 ? 0 : birthYear < 1986 ? 1 : 2
        let letters = isMale ? men[era] : women[era]
        // One character was the fashion of the seventies and eighties.
        if dice.chance([120, 320, 180][era]) { return dice.pick(letters) }
        if era == 0, dice.chance(350) { return dice.pick(isMale ? menOfOld : womenOfOld) }
        let first = dice.pick(letters), second = dice.pick(letters)
        return first == second && dice.chance(600) ? first + dice.pick(["文", "明", "华"]) : first + second
    }

    private static func rareGiven(_ dice: inout Dice, _ birthYear: Int, _ isMale: Bool) -> String {
        let rare = dice.pick(rareLetters)
        let era = birthYear < 1972 ? 0 : birthYear < 1986 ? 1 : 2
        return dice.chance(400) ? rare : dice.chance(500) ? dice.pick(isMale ? men[era] : women[era]) + rare : rare + dice.pick(isMale ? men[era] : women[era])
    }

    private static func minority(_ dice: inout Dice, isMale: Bool) -> FolkName {
        switch dice.below(12) {
        case ..<3:
            FolkName(name: dice.pick(isMale ? uyghurMen : uyghurWomen) + "·" + dice.pick(uyghurMen), ethnicity: "维吾尔族")
        case 3:
            FolkName(name: dice.pick(isMale ? kazakhMen : kazakhWomen) + "·" + dice.pick(kazakhMen), ethnicity: "哈萨克族")
        case 4: FolkName(name: dice.pick(tibetan) + dice.pick(isMale ? tibetanMen : tibetanWomen), ethnicity: "藏族")
        case 5: FolkName(name: dice.pick(isMale ? mongolMen : mongolWomen), ethnicity: "蒙古族")
        case 6: FolkName(name: dice.pick(["吉克", "阿尔", "沙马", "吉木", "马海"]) + "·" + dice.pick(isMale ? yiMen : yiWomen), ethnicity: "彝族")
        case 7: FolkName(name: dice.pick(["金", "朴", "崔", "李"]) + dice.pick(isMale ? ["哲洙", "成浩", "光日", "龙国"] : ["美善", "英姬", "顺玉", "香兰"]), ethnicity: "朝鲜族")
        case 8: FolkName(name: dice.pick(["韦", "覃", "莫", "蓝"]) + dice.pick(isMale ? men[1] : women[1]) + dice.pick(isMale ? men[2] : women[2]), ethnicity: "壮族")
        default: FolkName(name: dice.pick(["马", "哈", "沙", "白", "丁", "海"]) + dice.pick(isMale ? men[1] : women[1]) + dice.pick(isMale ? men[1] : women[1]), ethnicity: "回族")
        }
    }

    /// Weights are about the share of the surname in ten thousand people.
    private static let surnames: [(String, Int)] = [
        ("王", 725), ("李", 719), ("张", 683), ("刘", 538), ("陈", 450), ("杨", 309), ("黄", 222), ("赵", 206), ("周", 202), ("吴", 195),
        ("徐", 166), ("孙", 154), ("马", 129), ("胡", 125), ("朱", 124), ("郭", 118), ("何", 117), ("林", 113), ("罗", 104), ("高", 100),
        ("郑", 88), ("梁", 83), ("谢", 72), ("宋", 67), ("唐", 66), ("许", 65), ("韩", 64), ("邓", 64), ("冯", 62), ("曹", 57),
        ("彭", 56), ("曾", 55), ("肖", 54), ("田", 52), ("董", 51), ("潘", 48), ("袁", 47), ("蔡", 46), ("蒋", 46), ("余", 45),
        ("于", 44), ("杜", 43), ("叶", 42), ("程", 42), ("魏", 42), ("苏", 41), ("吕", 40), ("丁", 38), ("任", 37), ("卢", 36),
        ("姚", 36), ("沈", 35), ("钟", 35), ("姜", 34), ("崔", 33), ("谭", 33), ("陆", 32), ("范", 31), ("汪", 30), ("廖", 30),
        ("石", 29), ("金", 29), ("韦", 28), ("贾", 27), ("夏", 27), ("付", 26), ("方", 25), ("邹", 25), ("熊", 24), ("白", 24),
        ("孟", 23), ("秦", 23), ("邱", 22), ("侯", 22), ("江", 21), ("尹", 20), ("薛", 20), ("闫", 20), ("段", 19), ("雷", 19),
        ("龙", 18), ("黎", 18), ("史", 17), ("陶", 17), ("贺", 16), ("毛", 16), ("郝", 15), ("顾", 15), ("龚", 15), ("邵", 14),
        ("万", 14), ("覃", 13), ("武", 13), ("钱", 13), ("戴", 12), ("严", 12), ("莫", 12), ("孔", 11), ("向", 11), ("常", 11),
        ("单", 6), ("解", 6), ("仇", 4), ("区", 4), ("查", 4), ("盖", 3), ("朴", 3), ("尉迟", 1),
    ]
    private static let surnameWeight = surnames.reduce(0) { $0 + $1.1 }
    private static let compoundSurnames = ["欧阳", "上官", "司马", "诸葛", "皇甫", "令狐", "司徒", "东方", "夏侯", "公孙"]
    private static let rareSurnames = ["䶮", "亓", "仉", "逄", "璩", "麴", "昝", "缑", "𫍯", "郄", "禚", "蔺"]
    private static let rareLetters = ["𬱖", "䶮", "㛃", "堃", "喆", "𣲗", "犇", "翀", "垚", "燊", "昇", "玥", "祎", "赟", "𬭎", "𬍛", "㻏", "䒟", "𬀩", "頔", "偲", "珺", "骉", "彧", "旸"]

    private static func letters(_ text: String) -> [String] { text.map { String($0) } }
    private static let men = [
        letters("国建华明军志文德林福忠永生春成新海平树金玉庆学贵义兴长振光荣祥根宝"),
        letters("伟强勇军斌磊刚涛辉鹏波杰峰健超亮俊凯旭东雷鑫宁飞华洪志海龙晓文"),
        letters("浩宇轩博子豪泽天睿晨逸俊杰瑞思远嘉鹏翔航铭哲皓一鸣昊霖煜宸"),
    ]
    private static let women = [
        letters("秀英桂兰珍玉芳淑华梅凤琴云霞红莲爱春香翠荣菊平素金月清"),
        letters("丽敏静艳娟霞燕玲芳萍红娜莉琳慧颖倩洁雪梅晓岩丹婷蕾晶欣"),
        letters("婷雨欣怡佳梦琪雅思涵诗瑶悦琳宁萱语嫣可馨紫若晗璐妍熙然"),
    ]
    private static let menOfOld = ["建国", "国强", "建军", "卫东", "爱国", "文革", "援朝", "跃进", "国庆", "志强", "德胜", "永红"]
    private static let womenOfOld = ["秀英", "桂英", "秀兰", "玉兰", "桂兰", "淑珍", "凤英", "玉梅", "爱华", "红卫", "春梅", "素芬"]
    private static let uyghurMen = ["买买提", "阿布都拉", "吐尔逊", "艾合买提", "肉孜", "玉素甫", "热合曼", "阿不力孜", "库尔班", "伊力哈木", "艾尔肯", "亚森"]
    private static let uyghurWomen = ["阿依古丽", "古丽娜尔", "热依汗", "帕提古丽", "阿孜古丽", "迪丽努尔", "玛依拉", "祖丽胡玛尔"]
    private static let kazakhMen = ["努尔兰", "叶尔肯", "巴合提", "达吾列提", "阿斯哈尔", "赛力克"]
    private static let kazakhWomen = ["阿依努尔", "古丽米拉", "努尔古丽", "阿依达娜"]
    private static let tibetan = ["次仁", "扎西", "达瓦", "格桑", "丹增", "索朗", "洛桑", "尼玛", "德吉"]
    private static let tibetanMen = ["多吉", "顿珠", "平措", "旺堆", "坚赞", "罗布"]
    private static let tibetanWomen = ["卓玛", "央宗", "拉姆", "曲珍", "白姆", "梅朵"]
    private static let mongolMen = ["巴特尔", "朝鲁", "苏和", "哈斯巴根", "乌力吉", "布和", "孛儿只斤·宝力德", "阿古拉"]
    private static let mongolWomen = ["乌云其木格", "萨仁", "琪琪格", "其其格", "娜仁花", "斯琴", "乌日娜"]
    private static let yiMen = ["尔古", "拉铁", "木呷", "石布", "伍合"]
    private static let yiWomen = ["阿依", "阿呷", "曲布", "阿支", "伍呷"]
}
