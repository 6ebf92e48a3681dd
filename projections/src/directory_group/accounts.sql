-- One row per account: the tenants.
create table accounts (
    account_id uuid   primary key,
    reference  text, -- none once the words are gone, as for all names, references and addresses here
    name       text,
    address    text,
    version    bigint not null
);

alter table accounts enable row level security;
alter table accounts force row level security;

create policy projector on accounts to casestream_projector using (true) with check (true);
create policy staff on accounts for select to casestream_reader_staff, casestream_reader_auditor, casestream_reader_directory
    using (true);
-- The setting is read once per statement, not per row.
create policy contact on accounts for select to casestream_reader_contact
    using (account_id = any ((select nullif(current_setting('casestream.accounts', true), ''))::uuid[]));

grant select, insert, update, delete on accounts to casestream_projector;
grant select on accounts to casestream_reader_staff, casestream_reader_auditor, casestream_reader_directory;
grant select (account_id, reference, name, address) on accounts to casestream_reader_contact;
