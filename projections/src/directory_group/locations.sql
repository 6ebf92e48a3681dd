-- One row per service address of an account. Retired ones stay, because cases name them.
create table locations (
    location_id uuid    primary key,
    account_id  uuid    not null, -- the tenant
    reference   text,
    own_name    text,
    address     text,
    name        text    generated always as (coalesce(own_name, address)) stored, -- what lists show
    is_retired  boolean not null
);

alter table locations enable row level security;
alter table locations force row level security;

create policy projector on locations to casestream_projector using (true) with check (true);
create policy staff on locations for select to casestream_reader_staff, casestream_reader_auditor, casestream_reader_directory
    using (true);
create policy contact on locations for select to casestream_reader_contact
    using (account_id = any ((select nullif(current_setting('casestream.accounts', true), ''))::uuid[]));

grant select, insert, update, delete on locations to casestream_projector;
grant select on locations to casestream_reader_contact, casestream_reader_staff, casestream_reader_auditor, casestream_reader_directory;
