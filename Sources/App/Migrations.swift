import Kit

/// The schema, step by step. A released step is never edited: its digest stands in every database.
/// SwiftPM names the embedded `0001-acts.sql` `_001_acts_sql`.
package enum Migrations {
    package static let all: [Migration] = [
        Migration("0001-acts", PackageResources._001_acts_sql),
        Migration("0002-organizations", PackageResources._002_organizations_sql),
        Migration("0003-people", PackageResources._003_people_sql),
        Migration(
            "0004-primary-span",
            sqlite: PackageResources._004_primary_span_sqlite_sql, postgres: PackageResources._004_primary_span_postgres_sql),
        Migration("0005-ledger", PackageResources._005_ledger_sql),
        Migration(
            "0006-append-only",
            sqlite: PackageResources._006_append_only_sqlite_sql, postgres: PackageResources._006_append_only_postgres_sql),
        Migration("0007-accounts", PackageResources._007_accounts_sql),
        Migration("0008-requests", PackageResources._008_requests_sql),
        Migration("0009-import-jobs", PackageResources._009_import_jobs_sql),
        Migration("0010-chain", PackageResources._010_chain_sql),
        Migration(
            "0011-chain-append-only",
            sqlite: PackageResources._011_chain_append_only_sqlite_sql, postgres: PackageResources._011_chain_append_only_postgres_sql),
        Migration("0012-person-key", PackageResources._012_person_key_sql),
        Migration("0013-second-factor", PackageResources._013_second_factor_sql),
        Migration("0014-grants", PackageResources._014_grants_sql),
        Migration("0015-settings", PackageResources._015_settings_sql),
        Migration("0016-grant-appointment", PackageResources._016_grant_appointment_sql),
        Migration("0017-slips", PackageResources._017_slips_sql),
        Migration("0020-messages", PackageResources._020_messages_sql),
        Migration("0021-certificates", PackageResources._021_certificates_sql),
        Migration("0022-sight", PackageResources._022_sight_sql),
        Migration("0023-completeness", PackageResources._023_completeness_sql),
        Migration("0024-single-sign-on", PackageResources._024_single_sign_on_sql),
        Migration("0025-sign-in-record", PackageResources._025_sign_in_record_sql),
        Migration("0027-key-rotation", PackageResources._027_key_rotation_sql),
        Migration("0028-ranges", sqlite: PackageResources._028_ranges_sqlite_sql, postgres: PackageResources._028_ranges_postgres_sql),
        Migration("0030-erasure-wait", PackageResources._030_erasure_wait_sql),
        Migration("0031-marks", sqlite: PackageResources._031_marks_sqlite_sql, postgres: PackageResources._031_marks_postgres_sql),
        Migration("0032-gone", PackageResources._032_gone_sql),
        Migration("0035-jobs", PackageResources._035_jobs_sql),
        Migration("0036-import-marks", PackageResources._036_import_marks_sql),
        Migration("0040-approvals", PackageResources._040_approvals_sql),
        Migration("0041-approval-days", PackageResources._041_approval_days_sql),
        Migration("0042-job-beats", PackageResources._042_job_beats_sql),
        Migration("0043-made-files", PackageResources._043_made_files_sql),
        Migration("0044-terms", sqlite: PackageResources._044_terms_sqlite_sql, postgres: PackageResources._044_terms_postgres_sql),
        Migration("0045-policy-adoption", sqlite: PackageResources._045_policy_adoption_sqlite_sql, postgres: PackageResources._045_policy_adoption_postgres_sql),
        Migration("0046-changes-of-a-row", sqlite: PackageResources._046_changes_of_a_row_sqlite_sql, postgres: PackageResources._046_changes_of_a_row_postgres_sql),
        Migration("0048-saved-views", PackageResources._048_saved_views_sql),
        Migration("0049-import-undo", PackageResources._049_import_undo_sql),
        Migration("0050-one-index-of-names", PackageResources._050_one_index_of_names_sql),
    ]
}
