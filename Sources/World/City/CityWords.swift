/// What the fictional city 衡溪市 and its places, firms and offices are called.
enum CityWords {
    static let districts: [(name: String, code: String)] = [
        ("临江区", "LJ"), ("城北区", "CB"), ("望湖区", "WH"), ("云栖区", "YX"), ("东华区", "DH"), ("南屏区", "NP"),
        ("石桥区", "SQ"), ("鹿鸣区", "LM"), ("金沙区", "JS"), ("青溪区", "QX"), ("锦屏区", "JP"), ("玉峰区", "YF"),
        ("丰陵县", "FL"), ("双渡县", "SD"), ("沅北县", "YB"), ("白鹤县", "BH"),
    ]

    private static let firsts: [(String, String)] = [
        ("滨", "B"), ("西", "X"), ("东", "D"), ("南", "N"), ("北", "B"), ("新", "X"), ("上", "S"), ("下", "X"), ("青", "Q"), ("白", "B"),
        ("红", "H"), ("龙", "L"), ("凤", "F"), ("石", "S"), ("松", "S"), ("竹", "Z"), ("梅", "M"), ("兰", "L"), ("金", "J"), ("长", "C"),
        ("平", "P"), ("永", "Y"), ("和", "H"), ("安", "A"), ("丰", "F"), ("泰", "T"), ("兴", "X"), ("柳", "L"), ("杨", "Y"),
    ]
    private static let seconds: [(String, String)] = [
        ("河", "H"), ("渡", "D"), ("桥", "Q"), ("溪", "X"), ("塘", "T"), ("湾", "W"), ("坪", "P"), ("庄", "Z"), ("店", "D"),
        ("岭", "L"), ("泉", "Q"), ("沟", "G"), ("洲", "Z"), ("港", "G"), ("浦", "P"), ("林", "L"), ("园", "Y"), ("门", "M"), ("关", "G"),
        ("畈", "F"), ("圩", "X"), ("堰", "Y"), ("垱", "D"),
    ]

    /// The place name of a running number with its initials; the first 29 × 23 numbers all differ.
    static func place(_ number: Int) -> (name: String, initials: String) {
        // 23 and 29 have no common factor, so the pair never comes back within 667 numbers.
        let first = firsts[number % 29], second = seconds[number % 23]
        return (first.0 + second.0, first.1 + second.1)
    }

    static let townEndings = ["街道", "街道", "街道", "镇", "乡"]

    static let industries = [
        "教育", "卫生健康", "机械冶金建材", "交通运输", "轻工纺织", "财贸金融", "建设建筑", "能源化工", "邮政电信", "农林水利", "文化旅游", "科技信息", "公用事业", "国防工业",
    ]

    static let groups = [
        "机床集团", "衡溪大学", "地铁集团", "港务集团", "钢铁集团", "衡溪师范学院", "公共交通集团", "热力集团", "医药集团", "城市建设投资集团",
        "纺织集团", "自来水集团", "市公安局", "市税务局", "衡溪职业技术学院", "电子信息集团", "汽车工业集团", "农垦集团", "市教育局机关", "市卫生健康委员会机关",
        "出版集团", "广播电视台", "商业银行", "环卫集团", "园林集团", "化工集团", "造船集团", "粮食集团", "物资集团", "旅游集团",
        "市交通运输局", "市自然资源局", "市住房和城乡建设局", "市民政局", "市水务局", "市场监督管理局", "衡溪医科大学", "衡溪理工学院", "机场集团", "燃气集团",
    ]

    static let institutions = [
        "第一中学", "人民医院", "教育局机关", "卫生健康局机关", "第二中学", "中医医院", "财政局机关", "实验小学", "图书馆", "妇幼保健院", "民政局机关", "第三中学",
        "环境卫生管理所", "文化馆", "农业农村局机关", "疾病预防控制中心", "职业高中", "市场监督管理局", "水务所", "机关事务管理局", "第四中学", "城市管理执法局", "幼儿园", "养老服务中心",
    ]

    static let trades = ["快递", "餐饮", "家政服务", "物流货运", "网约车", "建筑装饰", "物业管理", "美容美发", "保安服务", "外卖配送"]

    private static let brands = [
        "华", "盛", "恒", "瑞", "天", "宏", "信", "达", "鑫", "泰", "远", "通", "博", "嘉", "康", "正", "大", "光", "力", "奥",
        "科", "锦", "源", "百", "佳", "润", "昌", "隆", "众", "诚", "顺", "维", "亿", "联", "飞", "鸿", "德", "利", "星", "宇",
    ]
    private static let businesses = [
        "精密机械", "电子科技", "食品", "建筑工程", "物流", "汽车零部件", "服饰", "化工", "医疗器械", "软件", "家具", "包装", "环保设备", "电力设备", "生物科技",
        "餐饮管理", "物业服务", "酒店管理", "新材料", "仪器仪表", "印刷", "塑料制品", "五金", "水泥制品", "商贸", "农业发展", "能源", "照明", "陶瓷", "纸业",
    ]

    static func enterprise(_ dice: inout Dice) -> String {
        let first = dice.below(brands.count)
        let second = (first + dice.within(1...(brands.count - 1))) % brands.count
        return (dice.chance(600) ? "衡溪" : "") + brands[first] + brands[second] + dice.pick(businesses)
    }
}
