-- One row per case: what its own page shows beside the list's columns. The resolution is the last one given, whether
-- or not it still stands; the status says that.
create table case_details (
    case_id              uuid    primary key,
    resolved_at          timestamptz,
    resolution_code      text,
    resolution           text,
    closed_at            timestamptz,
    close_cause          text,
    canceled_at          timestamptz,
    cancel_reason        text,
    cancel_comment       text,
    reopen_count         int     not null,
    satisfaction_score   smallint check (satisfaction_score between 1 and 5),
    satisfaction_comment text,
    legal_hold           boolean not null,
    resolution_text_id   uuid, -- by which the resolution is redacted; likewise below
    cancel_text_id       uuid,
    satisfaction_text_id uuid,
    closes_at            timestamptz, -- when time closes it, unless something happens before; none after an import
    resolution_closes_at timestamptz -- when it would by its last answer, reopened or not
) with (fillfactor = 85);

alter table case_details enable row level security;
alter table case_details force row level security;

create policy projector on case_details to casestream_projector using (true) with check (true);
create policy staff on case_details for select to casestream_reader_staff, casestream_reader_auditor using (true);
create policy contact on case_details for select to casestream_reader_contact
    using (exists (select from case_list where case_list.case_id = case_details.case_id));

grant select, insert, update, delete on case_details to casestream_projector;
grant select on case_details to casestream_reader_staff, casestream_reader_auditor;
grant select (
    case_id, resolved_at, resolution_code, resolution, closed_at, close_cause, canceled_at, cancel_reason,
    cancel_comment, reopen_count, satisfaction_score, satisfaction_comment
) on case_details to casestream_reader_contact;
