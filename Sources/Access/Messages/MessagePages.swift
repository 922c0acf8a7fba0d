import Kit

/// 通知.
enum MessagePages {
    static func list(_ messages: [Message], next: Int64?, isFirst: Bool, _ signedIn: SignedIn) -> Page {
        let unread = signedIn.unread
        return Page(
            "通知", subtitle: unread > 0 ? "\(Numbers.count(unread)) 条未读" : messages.isEmpty ? nil : "都已读", menu: "notices",
            actions: unread > 0 ? postButton("全部标为已读", to: "/notices/read", token: signedIn.token) : nil,
            body: messages.isEmpty && isFirst
                ? emptyState("还没有通知", "有人办了与您有关的事、回复了您的反映，或您的导入有了结果，都会在这里告诉您。")
                : "<section class=\"panel\"><ul class=\"messages\">\(messages.html(item))</ul></section>"
                    + (next != nil || !isFirst
                        ? "<nav class=\"pages\" aria-label=\"翻页\">\(isFirst ? "" : linkButton("回到最新", "/notices", .quiet, icon: .back))\(next.map { linkButton("更早的", "/notices?before=\($0)") })</nav>"
                        : ""))
    }

    private static func item(_ message: Message) -> HTML {
        let text: HTML = message.link.isEmpty ? "<span>\(message.text)</span>" : "<a href=\"/notices/\(message.id)\">\(message.text)</a>"
        return """
            <li\("class", message.isRead ? nil : "unread")>\(message.isRead ? "" : "<b class=\"unseen\">未读</b>" as HTML)\(text)\
            <small>\(Clock.minute(ofMilliseconds: message.sentMilliseconds)) · \(message.who)</small></li>
            """
    }
}
