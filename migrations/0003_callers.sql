-- Who calls, and what auditors read. Not projections: nothing of this can be rebuilt from the log.

-- Names of what the log knows by id alone: accounts, people, locations, products. Filled when a token is made or a
-- history imported, until accounts have a life of their own.
create table directory (
    kind      text not null check (kind in ('account', 'person', 'location', 'product')),
    id        uuid not null,
    reference text not null,
    name      text not null,
    primary key (kind, id),
    -- Finds an account by the reference that people use.
    constraint directory_reference unique (kind, reference)
);

-- API tokens: 256 random bits, of which only the SHA-256 is kept.
create table tokens (
    token_hash bytea       primary key check (octet_length(token_hash) = 32),
    person     uuid        not null,
    roles      text[]      not null check (cardinality(roles) > 0),
    accounts   uuid[]      not null default '{}',
    scopes     text[]      not null default '{}',
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz
);

-- What auditors read: who, what, when. Each row carries the hash of the one before it, so that a missing or altered
-- one shows. Partitioned by year, so that old years can be archived.
create table access_log (
    sequence    bigint      not null,
    recorded_at timestamptz not null,
    principal   uuid        not null,
    role        text        not null,
    operation   text        not null,
    object      text        not null,
    request     uuid        not null,
    hash        bytea       not null check (octet_length(hash) = 32),
    primary key (recorded_at, sequence)
) partition by range (recorded_at);

do $$
begin
    for year in 2025..2040 loop
        execute format(
            'create table access_log_%s partition of access_log for values from (%L) to (%L)',
            year, make_date(year, 1, 1), make_date(year + 1, 1, 1)
        );
    end loop;
end
$$;

-- The end of the access log's chain; one row, whose lock orders the writers.
create table access_log_head (
    only_row boolean primary key default true check (only_row),
    sequence bigint  not null,
    hash     bytea   not null
);
insert into access_log_head (sequence, hash) values (0, decode(repeat('00', 32), 'hex'));

create trigger access_log_append_only before update or delete or truncate on access_log
    for each statement execute function refuse_change();

grant select, insert, update on directory to casestream_writer;
grant select on directory to
    casestream_projector, casestream_reader_contact, casestream_reader_staff, casestream_reader_auditor;
grant select, insert, update on tokens to casestream_writer;
grant select, insert on access_log to casestream_writer;
grant select, update on access_log_head to casestream_writer;

-- Customers know of no other customer. People, locations and products show where a case that they see names them.
alter table directory enable row level security;
create policy service on directory to casestream_writer using (true) with check (true);
create policy everybody on directory for select to
    casestream_projector, casestream_reader_staff, casestream_reader_auditor using (true);
create policy contact on directory for select to casestream_reader_contact using (
    kind <> 'account'
    or id = any ((select nullif(current_setting('casestream.accounts', true), ''))::uuid[])
);
