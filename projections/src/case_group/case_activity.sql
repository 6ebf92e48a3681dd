-- One row per event of a case: its activity stream. The description is the text of the first.
create table case_activity (
    case_id         uuid        not null,
    sequence        bigint      not null,
    public_sequence bigint, -- its place among what customers may know of; none for internal entries
    kind            text        not null,
    actor_id        uuid        not null,
    actor_role      text        not null,
    on_behalf_of    uuid,
    channel         text        not null,
    inferred        text,
    occurred_at     timestamptz not null,
    written_at      timestamptz, -- of a message that was brought over from another case later
    recorded_at     timestamptz not null,
    message_id      uuid,
    about_id        uuid, -- the person whom the entry is about: an owner, a contact, a watcher
    text            text,
    redacted        boolean     not null, -- there was a text, and it was taken away
    withheld_text   text, -- what was taken away under legal hold: for auditors
    moved           boolean     not null, -- the text is another case's
    moved_text      text, -- what it is there, in case it comes back
    detail          jsonb,
    primary key (case_id, sequence)
);

alter table case_activity enable row level security;
alter table case_activity force row level security;

create policy projector on case_activity to casestream_projector using (true) with check (true);
create policy staff on case_activity for select to casestream_reader_staff, casestream_reader_auditor using (true);
create policy contact on case_activity for select to casestream_reader_contact using (
    public_sequence is not null
    and exists (select from case_list where case_list.case_id = case_activity.case_id)
);

grant select, insert, update, delete on case_activity to casestream_projector;
grant select on case_activity to casestream_reader_auditor;
grant select (
    case_id, sequence, public_sequence, kind, actor_id, actor_role, on_behalf_of, channel, inferred, occurred_at,
    written_at, recorded_at, message_id, about_id, text, redacted, moved, detail
) on case_activity to casestream_reader_staff;
grant select (
    case_id, public_sequence, kind, actor_id, actor_role, on_behalf_of, channel, inferred, occurred_at, written_at,
    recorded_at, message_id, about_id, text, redacted, moved, detail
) on case_activity to casestream_reader_contact;
