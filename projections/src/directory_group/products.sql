-- One row per installed product of an account. Removed ones stay, because cases name them.
create table products (
    product_id  uuid    primary key,
    account_id  uuid    not null, -- the tenant
    location_id uuid, -- where it is installed, if anybody said so
    reference   text,
    name        text,
    is_removed  boolean not null
);

alter table products enable row level security;
alter table products force row level security;

create policy projector on products to casestream_projector using (true) with check (true);
create policy staff on products for select to casestream_reader_staff, casestream_reader_auditor, casestream_reader_directory
    using (true);
create policy contact on products for select to casestream_reader_contact
    using (account_id = any ((select nullif(current_setting('casestream.accounts', true), ''))::uuid[]));

grant select, insert, update, delete on products to casestream_projector;
grant select on products to casestream_reader_contact, casestream_reader_staff, casestream_reader_auditor, casestream_reader_directory;
