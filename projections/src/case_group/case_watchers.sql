-- Who gets mail about a case, one row per watcher.
create table case_watchers (
    case_id   uuid        not null,
    watcher   text        not null, -- a contact's id, or an address's fingerprint
    person_id uuid,
    address   text, -- none for a contact, and none once the address is erased
    added_by  uuid        not null,
    added_at  timestamptz not null,
    confirmed boolean     not null, -- else they have yet to say that they want mail
    primary key (case_id, watcher)
);

alter table case_watchers enable row level security;
alter table case_watchers force row level security;

create policy projector on case_watchers to casestream_projector using (true) with check (true);
create policy staff on case_watchers for select to casestream_reader_staff, casestream_reader_auditor using (true);
create policy contact on case_watchers for select to casestream_reader_contact
    using (exists (select from case_list where case_list.case_id = case_watchers.case_id));

grant select, insert, update, delete on case_watchers to casestream_projector;
grant select on case_watchers to
    casestream_reader_contact, casestream_reader_staff, casestream_reader_auditor;
