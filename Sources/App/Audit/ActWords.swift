import Kit

/// What kinds of acts there are, in words: the one place.
enum ActWords {
    static let all: [(kind: String, word: String)] = [
        ("person.create", "新建人员档案"), ("person.correct", "更正人员信息"), ("person.appoint", "登记任职"),
        ("person.transfer", "办理调动"), ("person.end", "办理离任"), ("appointment.correct", "更正任职"), ("person.merge", "合并两份档案"),
        ("person.lookup", "按证件号码查找外单位人员"), ("person.unmask", "查看完整证件号码或手机号"), ("file.view", "查看个人档案"), ("list.view", "查看人员名单"), ("export.names", "导出指标名单"),
        ("undo", "撤回一次操作"), ("access.refused", "要求不存在或无权看的内容"),
        ("organization.create", "新设单位"), ("organization.amend", "登记单位变更"), ("organization.correct", "更正单位信息"),
        ("organization.move", "单位划转"), ("organization.merge", "并入另一单位"), ("organization.close", "撤销单位"),
        ("request.transfer", "申请调入"), ("request.side", "申请兼任"), ("request.reopen", "重新申请调入"), ("request.consent", "同意调入或兼任"),
        ("request.decline", "不同意调入或兼任"), ("request.withdraw", "收回调入或兼任申请"),
        ("entry.reverse", "冲销学时"), ("entry.correct", "更正学时"), ("institution.mark", "认定培训机构不合格"),
        ("institution.restore", "恢复培训机构认定"), ("certificate.add", "登记上岗证书"), ("certificate.correct", "更正上岗证书"),
        ("certificate.end", "注销上岗证书"), ("objection.ask", "反映档案有误"), ("objection.withdraw", "收回反映"),
        ("objection.answer", "答复反映"), ("erasure.ask", "申请依法删除档案"), ("erasure.consent", "同意删除档案"), ("erasure.undo", "撤销已同意的删除"), ("erasure.carry", "等候期满，清除档案"), ("erasure.decline", "退回删除申请"),
        ("erasure.withdraw", "撤销删除申请"),
        ("import.organizations", "导入单位"), ("import.people", "导入人员"), ("import.training-records", "导入培训记录"),
        ("import.representatives", "导入职工代表"), ("import.upload", "上传待导入的文件"), ("import.confirm", "确认导入"),
        ("import.judging", "检查待导入的文件"), ("import.judged", "检查完待导入的文件"), ("import.applying", "开始导入"), ("import.done", "导入完成"),
        ("import.failed", "导入未成"), ("import.interrupted", "导入中断"),
        ("export.organizations", "导出单位"), ("export.people", "导出人员"), ("export.training-records", "导出培训记录"),
        ("export.representatives", "导出职工代表"), ("extract.pdf", "导出个人档案（PDF）"), ("extract.json", "导出个人档案（数据）"),
        ("session.try", "尝试登录"), ("session.open", "登录成功"), ("session.begin", "第一步通过，待第二步验证"), ("session.code", "核对验证码"), ("session.step", "完成第二步验证"), ("account.factor", "设置验证器"), ("account.factor.remove", "取消第二步验证"), ("account.recovery", "生成新的恢复码"), ("session.end", "退出别处的登录"),
        ("session.seen", "继续使用"), ("session.close", "退出登录"), ("session.refused", "登录被拒"), ("identity.bind", "绑定统一身份"), ("identity.unbind", "解除统一身份绑定"), ("session.lost", "授权结束，登录随之结束"), ("grant.give", "授权"), ("grant.end", "结束授权"), ("grant.remind", "提醒授权的期限"),
        ("setting.contact", "更改登录页的联系方式"), ("setting.announce", "发布或撤下公告"),
        ("password.try", "核对旧密码"), ("account.password", "更换密码"), ("slip.make", "制作激活码"), ("slip.reset", "制作重设密码的码"), ("slip.void", "作废一次性码"), ("slip.try", "尝试用一次性码"), ("slip.open", "一次性码正确"),
        ("account.activate", "用一次性码激活账号"), ("account.renew", "用一次性码重设密码"), ("account.sessions", "退出账号的全部登录"), ("account.lock", "锁定账号"),
        ("account.unlock", "解锁账号"), ("account.factor.take", "取消账号的验证器"), ("account.close", "停用账号"),
        ("account.add", "新建账号"), ("account.reset", "重置密码"),
        ("message.read", "阅读通知"), ("audit.export", "导出审计记录"), ("key.adopt", "登记密钥"), ("key.begin", "开始更换数据密钥"), ("key.rekey", "用新密钥重新加密"), ("key.replace", "换好数据密钥"),
        ("key.audit", "更换审计密钥"), ("anchor.begin", "锚点文件不在，重新开始"), ("chain.base", "把各表现有的行记进操作记录"),
        ("audit.acknowledge", "确认操作记录的中断"),
        ("backup.make", "写出备份"), ("backup.restore", "从备份恢复"),
        ("chain.open", "开始一条审计链"), ("chain.begin", "开始记审计链"), ("demo.fill", "写入演示数据"),
    ]

    private static let words = Dictionary(all.map { ($0.kind, $0.word) }, uniquingKeysWith: { first, _ in first })

    static func word(_ kind: String) -> String { words[kind] ?? kind }
    static func isKnown(_ kind: String) -> Bool { words[kind] != nil }

    static let subjects: [String: String] = [
        "person": "人员", "appointment": "任职", "organization": "单位", "organization_version": "单位沿革", "hour_entry": "学时",
        "request": "调入申请", "erasure_wait": "待清除的档案", "account": "账号", "account_factor": "验证器", "slip": "一次性码", "account_grant": "授权", "account_identity": "统一身份", "sign_in": "登录账号", "setting": "系统设置", "unmask": "查看完整号码", "file_view": "查看档案", "list_view": "查看或导出名单", "lookup": "外单位查找",
        "post_certificate": "上岗证书", "unrecognised_institution": "培训机构", "extract": "个人档案导出", "act_chain": "审计链", "kept_table": "纳入核对的表", "schema": "数据库结构", "break": "操作记录的中断", "export": "导出",
    ]

    /// Columns of images in words; one that is not here is shown by its name.
    static let columns: [String: String] = [
        "id": "编号", "code": "编码", "name": "名称", "pinyin": "拼音", "initials": "首字母", "id_cipher": "证件号码（密文）", "id_index": "证件号码（检索码）",
        "id_part_index": "证件号码前六后四（检索码）", "birth_day": "出生日期", "gender": "性别", "ethnicity": "民族", "politics": "政治面貌", "education": "学历",
        "degree": "学位", "phone_cipher": "手机号（密文）", "phone_index": "手机号（检索码）", "merged_into": "并入的档案", "person_id": "人员编号",
        "organization_id": "单位", "from_day": "开始日期", "to_day": "结束日期", "is_primary": "主任职", "category": "人员类别", "workforce": "队伍类别",
        "engagement": "专兼挂", "title": "职务或名称", "is_leadership": "领导班子成员", "parent_id": "上级单位", "kind": "种类", "credit_code": "统一社会信用代码",
        "ownership": "所有制", "employees": "职工人数", "members": "会员人数", "enterprises": "企业数", "last": "最后一条", "rows": "条数", "digest": "摘要",
        "times": "次数", "subtree": "含下级", "day": "日期", "number": "号码", "state": "状态", "content": "内容", "role": "身份", "display_name": "显示名", "account_id": "账号",
        "appointment_id": "依托的任职", "appointment_unit_id": "任职所在单位", "contact": "联系方式", "announcement": "公告", "announced_from": "公告开始", "announced_to": "公告结束",
        "process": "服务进程", "heads": "其他链的链头", "unchained": "此前未记链的操作数", "unchained_digest": "此前操作的摘要", "found": "找到", "masked": "号码遮盖",
        "table": "表", "columns": "列", "objects": "结构", "made_by": "依据", "break": "中断之处", "decider_id": "决定单位", "subject_id": "对象", "issuer": "发证单位", "issued_day": "发证日期", "valid_until": "有效期至", "refresher_due": "复训期限", "ended_day": "注销日期", "set_ms": "设置时间（毫秒）", "takes_factor": "连验证器", "due_ms": "清除时间（毫秒）", "ending": "怎样结束", "provider": "统一身份平台", "refusal": "被拒的原因",
    ]
}
