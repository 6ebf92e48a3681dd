-- One row per case: what lists show, filter and sort by. What customers may not know stands in columns of its own,
-- which their role may not even name.
create table case_list (
    case_id                uuid        primary key,
    number                 bigint      not null,
    account_id             uuid        not null, -- the tenant
    status                 text        not null check (status in ('New', 'Open', 'Resolved', 'Closed', 'Canceled')),
    case_type              text        not null,
    category               text        not null,
    subject                text, -- none once the words are gone
    subject_given          boolean     not null, -- else it is the description's first line
    subject_text_id        uuid, -- by which a given one is redacted
    location_id            uuid,
    location_not_listed    boolean     not null,
    product_id             uuid,
    product_not_listed     boolean     not null,
    contact_id             uuid        not null,
    opener_id              uuid        not null,
    owner_id               uuid,
    queue                  text        not null,
    priority               smallint    not null check (priority between 1 and 4), -- Low, Normal, High, Critical
    wait_reason            text,
    wait_until             timestamptz,
    waiting_for_customer   boolean     not null,
    waiting_customer_until timestamptz,
    opened_at              timestamptz not null,
    updated_at             timestamptz not null, -- by any event
    public_updated_at      timestamptz not null, -- by an event that customers may know of
    version                bigint      not null,
    public_version         bigint      not null,
    message_count          int         not null,
    note_count             int         not null,
    external_system        text,
    external_reference     text
) with (fillfactor = 85);

alter table case_list enable row level security;
alter table case_list force row level security;

create policy projector on case_list to casestream_projector using (true) with check (true);
create policy staff on case_list for select to casestream_reader_staff, casestream_reader_auditor using (true);
-- The cases of their accounts; where they are limited to some places, the cases there and those that they opened or are
-- the contact of. The settings are read once per statement, not per row.
create policy contact on case_list for select to casestream_reader_contact using (
    account_id = any ((select nullif(current_setting('casestream.accounts', true), '')::uuid[])::uuid[])
    and (
        account_id = any ((select nullif(current_setting('casestream.whole_accounts', true), '')::uuid[])::uuid[])
        or location_id = any ((select nullif(current_setting('casestream.places', true), '')::uuid[])::uuid[])
        or contact_id = (select nullif(current_setting('casestream.person', true), '')::uuid)
        or opener_id = (select nullif(current_setting('casestream.person', true), '')::uuid)
    )
);

grant select, insert, update, delete on case_list to casestream_projector;
grant select on case_list to casestream_reader_staff, casestream_reader_auditor;
grant select (
    case_id, number, account_id, status, case_type, category, subject, location_id, location_not_listed, product_id,
    product_not_listed, contact_id, opener_id, owner_id, waiting_for_customer, waiting_customer_until, opened_at,
    public_updated_at, public_version, message_count, external_system, external_reference
) on case_list to casestream_reader_contact;
