-- What a contact may see of an account, one row per contact: what the service makes of a token's person at each request,
-- and what ADMINs of the account see of the others.
create table contact_access (
    account_id uuid not null, -- the tenant
    person_id  uuid not null,
    role       text not null check (role in ('Member', 'Admin')),
    locations  uuid[], -- the only places whose cases they see; all without
    primary key (account_id, person_id)
);

alter table contact_access enable row level security;
alter table contact_access force row level security;

create policy projector on contact_access to casestream_projector using (true) with check (true);
create policy staff on contact_access for select to casestream_reader_staff, casestream_reader_auditor, casestream_reader_directory
    using (true);
-- The service asks on nobody's behalf: who calls is what it asks for.
create policy service on contact_access for select to casestream_writer using (true);
create policy contact on contact_access for select to casestream_reader_contact using (
    account_id = any ((select nullif(current_setting('casestream.led_accounts', true), '')::uuid[])::uuid[])
    or (
        person_id = (select nullif(current_setting('casestream.person', true), '')::uuid)
        and account_id = any ((select nullif(current_setting('casestream.accounts', true), '')::uuid[])::uuid[])
    )
);

grant select, insert, update, delete on contact_access to casestream_projector;
grant select on contact_access to
    casestream_writer, casestream_reader_contact, casestream_reader_staff, casestream_reader_auditor, casestream_reader_directory;
