-- One row per contact of an account. Who leaves has none. That somebody is a contact is known to the other contacts of
-- the account; what they may see stands in a table of its own, because fewer may know that.
create table contacts (
    account_id uuid not null, -- the tenant
    person_id  uuid not null,
    primary key (account_id, person_id)
);

alter table contacts enable row level security;
alter table contacts force row level security;

create policy projector on contacts to casestream_projector using (true) with check (true);
create policy staff on contacts for select to casestream_reader_staff, casestream_reader_auditor, casestream_reader_directory
    using (true);
create policy contact on contacts for select to casestream_reader_contact
    using (account_id = any ((select nullif(current_setting('casestream.accounts', true), ''))::uuid[]));

grant select, insert, update, delete on contacts to casestream_projector;
grant select on contacts to casestream_reader_contact, casestream_reader_staff, casestream_reader_auditor, casestream_reader_directory;
