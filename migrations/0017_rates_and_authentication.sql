-- How often something was tried: requests of the public form, and whatever else guards a credential. Counted here and not
-- in memory, so that several instances, and one that was started anew, count as one. Keys are keyed hashes of addresses and
-- networks. No projection; what has ended is forgotten. Read beside `api/src/identity/rate_guard.rs`, its only client.
create table rate_counts (
    kind         text        not null, -- what is counted
    key          bytea       not null check (octet_length(key) = 32), -- whose tries: HMAC of an address or network
    window_start timestamptz not null, -- windows have fixed ends
    tries        int         not null check (tries > 0),
    ends_at      timestamptz not null, -- when the window does
    primary key (kind, key, window_start)
);

-- Finds what can be forgotten.
create index rate_counts_ends_at on rate_counts (ends_at);

-- Nobody searches by it, and statistics would keep values after their rows are gone.
alter table rate_counts alter column key set statistics 0;

grant select, insert, update, delete on rate_counts to casestream_writer;

-- The access log has what happened to credentials, too. Whoever tried may be unknown then, and from which network it came is
-- kept as a keyed hash. Rows of version 2 have both under their hash.
alter table access_log
    add column version smallint not null default 1 check (version in (1, 2)),
    add column network bytea check (octet_length(network) = 32),
    alter column principal drop not null,
    add constraint access_log_version_1 check (version <> 1 or (principal is not null and network is null));

-- Reads requests for access for supervisors, and nothing else. As all roles it belongs to the cluster, so another database
-- may have made it already, or be making it at this moment.
do $$
begin
    create role casestream_reader_requests nologin;
exception
    when duplicate_object or unique_violation then null;
end;
$$;

do $$
begin
    if not pg_has_role('casestream_writer', 'casestream_reader_requests', 'member') then
        grant casestream_reader_requests to casestream_writer;
    end if;
end;
$$;

grant usage on schema public to casestream_reader_requests;
