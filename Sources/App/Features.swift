import Access
import Certificates
import Representatives

/// Every feature on one screen. Whoever adds one writes its line here; everything else stands in its folder.
package enum Features {
    package static let all = FeatureSet([
        .assets, .signIn, .slips, .sessions, .factor, .singleSignOn, .ownAccount, .ownRights, .messages, .savedViews, .madeFiles, .dues, .archive, .fileViews,
        .today, .search, .indicators, .reminders, .policies, .clocks, .units, .files, .finding, .bulk, .certificates, .hourEntries, .trainingRecords,
        .recordEntry, .statement,
        .representatives,
        .approvals, .substitutes, .transfers, .erasure, .objections, .activation, .accounts, .institutions, .exchange, .importUndo, .grants, .grantedPosts,
        .sight, .audit, .keys, .settings, .system, .jobs, .gallery,
    ])
}
