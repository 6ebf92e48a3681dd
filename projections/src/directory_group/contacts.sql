-- One row per contact of an account. Who leaves has none.
create table contacts (
    account_id uuid not null, -- the tenant
    person_id  uuid not null,
    role       text not null check (role in ('Member', 'Admin')),
    locations  uuid[], -- the only places whose cases they see; all without
    primary key (account_id, person_id)
);

alter table contacts enable row level security;
alter table contacts force row level security;

create policy projector on contacts to casestream_projector using (true) with check (true);
create policy staff on contacts for select to casestream_reader_staff, casestream_reader_auditor using (true);
create policy contact on contacts for select to casestream_reader_contact
    using (account_id = any ((select nullif(current_setting('casestream.accounts', true), ''))::uuid[]));

grant select, insert, update, delete on contacts to casestream_projector;
grant select on contacts to casestream_reader_staff, casestream_reader_auditor;
-- That somebody is a contact; not what they may see.
grant select (account_id, person_id) on contacts to casestream_reader_contact;
