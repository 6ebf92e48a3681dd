-- What a case has to do with others, one row per other case and kind, from its side.
create table case_links (
    case_id  uuid        not null,
    other_id uuid        not null,
    kind     text        not null,
    since    timestamptz not null,
    primary key (case_id, other_id, kind)
);

alter table case_links enable row level security;
alter table case_links force row level security;

create policy projector on case_links to casestream_projector using (true) with check (true);
create policy staff on case_links for select to casestream_reader_staff, casestream_reader_auditor using (true);
-- Those who may see both.
create policy contact on case_links for select to casestream_reader_contact using (
    exists (select from case_list where case_list.case_id = case_links.case_id)
    and exists (select from case_list where case_list.case_id = case_links.other_id)
);

grant select, insert, update, delete on case_links to casestream_projector;
grant select on case_links to
    casestream_reader_contact, casestream_reader_staff, casestream_reader_auditor;
