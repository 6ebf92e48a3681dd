-- The files of a case, one row per file, those included that were taken away.
create table case_attachments (
    case_id       uuid        not null,
    attachment_id uuid        not null,
    account_id    uuid        not null, -- whose cases it counts for
    sequence      bigint      not null, -- of the event that added it
    uploader_id   uuid        not null,
    from_desk     boolean     not null, -- else from the customer's side
    name          text, -- none once it was redacted or erased
    withheld_name text, -- what was redacted under legal hold: for auditors
    media_type    text        not null,
    size_bytes    bigint      not null,
    sha256        text, -- goes with the name
    key_id        uuid        not null, -- seals its bytes, which are stored under this id
    of_note       boolean     not null, -- for the desk alone
    message_id    uuid,
    added_at      timestamptz not null,
    removed       boolean     not null, -- its bytes were taken away
    redacted      boolean     not null, -- and its name with them
    moved         boolean     not null, -- it is another case's
    primary key (case_id, attachment_id)
);

-- Finds a file by its id alone.
create index case_attachments_id on case_attachments (attachment_id);
-- Adds up what an account has.
create index case_attachments_account on case_attachments (account_id) include (size_bytes)
    where not removed and not moved;

alter table case_attachments enable row level security;
alter table case_attachments force row level security;

create policy projector on case_attachments to casestream_projector using (true) with check (true);
create policy staff on case_attachments for select to casestream_reader_staff, casestream_reader_auditor using (true);
create policy contact on case_attachments for select to casestream_reader_contact using (
    not of_note
    and not moved
    and exists (select from case_list where case_list.case_id = case_attachments.case_id)
);

grant select, insert, update, delete on case_attachments to casestream_projector;
grant select on case_attachments to casestream_reader_auditor;
grant select (
    case_id, attachment_id, account_id, sequence, uploader_id, from_desk, name, media_type, size_bytes, sha256,
    key_id, of_note, message_id, added_at, removed, redacted, moved
) on case_attachments to casestream_reader_staff;
grant select (
    case_id, attachment_id, sequence, uploader_id, from_desk, name, media_type, size_bytes, sha256, key_id,
    of_note, message_id, added_at, removed, redacted, moved
) on case_attachments to casestream_reader_contact;
