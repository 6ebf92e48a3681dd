-- One row per person: contacts, members of staff, services. Customers see names alone: of people who never were a
-- contact of anybody (staff above all), of people who are or were contacts of their accounts, and their own.
create table people (
    person_id   uuid   primary key,
    name        text,
    email       text,
    phone       text,
    account_ids uuid[] not null, -- every account whose contact they ever were, in order: whose tenants may know them
    version     bigint not null  -- 0 for somebody of whom nothing but accounts is known
);

alter table people enable row level security;
alter table people force row level security;

create policy projector on people to casestream_projector using (true) with check (true);
create policy staff on people for select to casestream_reader_staff, casestream_reader_auditor, casestream_reader_directory
    using (true);
create policy contact on people for select to casestream_reader_contact using (
    account_ids = '{}'
    or account_ids && (select nullif(current_setting('casestream.accounts', true), ''))::uuid[]
    or person_id = (select nullif(current_setting('casestream.person', true), ''))::uuid
);

grant select, insert, update, delete on people to casestream_projector;
grant select on people to casestream_reader_staff, casestream_reader_auditor, casestream_reader_directory;
grant select (person_id, name) on people to casestream_reader_contact;
