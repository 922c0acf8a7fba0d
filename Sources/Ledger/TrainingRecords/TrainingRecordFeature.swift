import Access
import Kit

extension Feature {
    /// 培训记录: workbooks of who was trained where and for how long.
    package static let trainingRecords = Feature(
        sheets: [.trainingRecords], lists: [ListView.Kind.trainingRecords.rawValue: "导出的培训记录，含完整号码"]
    )
}
