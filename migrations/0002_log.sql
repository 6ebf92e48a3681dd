-- The log: what happened, for ever. Read beside the crate event_log, which is its only client.

-- Every fact, in the order of `position` once the safe position has passed it (see the gate below). The columns
-- before `recorded_at` are those of cqrs-es, whose stock repositories can read this table; a row that lacks the
-- others is refused. `json`, not `jsonb`: the stored bytes are what is hashed.
create table events (
    position       bigint      generated always as identity primary key,
    aggregate_type text        not null,
    aggregate_id   text        not null,
    sequence       bigint      not null check (sequence > 0),
    event_type     text        not null,
    event_version  text        not null,
    payload        json        not null,
    metadata       json        not null,
    recorded_at    timestamptz not null,
    hash           bytea       not null check (octet_length(hash) = 32),
    -- Loads a stream, and refuses the second of two writers who decided on the same version.
    constraint events_stream_sequence unique (aggregate_type, aggregate_id, sequence)
);

-- The head of every stream, kept for ever: what the next event must follow.
create table streams (
    aggregate_type text   not null,
    aggregate_id   text   not null,
    version        bigint not null check (version > 0),
    last_hash      bytea  not null check (octet_length(last_hash) = 32),
    last_position  bigint not null,
    primary key (aggregate_type, aggregate_id)
) with (fillfactor = 80);

-- What came of each command that carried an idempotency key, so that a retry is answered and not done again.
-- The outcome says what happened, never what the answer showed. Kept 30 days.
create table commands (
    principal   uuid        not null,
    key         text        not null check (length(key) between 1 and 200),
    request     bytea       not null, -- keyed hash of the request: the same key with another request is refused
    outcome     json        not null,
    position    bigint,               -- of its last event, if it made any
    recorded_at timestamptz not null,
    constraint commands_key primary key (principal, key)
);

-- Finds what is older than 30 days.
create index commands_recorded_at on commands using brin (recorded_at);

-- Values that only one stream may have, as keyed hashes.
create table reservations (
    kind           text  not null,
    value          bytea not null,
    aggregate_type text  not null,
    aggregate_id   text  not null,
    constraint reservations_value primary key (kind, value)
);

-- The keys under which texts are sealed, wrapped by the key above them. Deleting a row erases what it sealed.
create table keys (
    key_id         uuid        primary key,
    aggregate_type text        not null,
    aggregate_id   text        not null,
    subject        uuid,                 -- whose words it seals; none for the key of a stream
    wrapped_by     uuid,                 -- the key above; none where that is the master key
    wrapped        bytea       not null, -- nonce, ciphertext, tag
    created_at     timestamptz not null
);

-- Opens a stream, or a page of the log.
create index keys_stream on keys (aggregate_type, aggregate_id);
-- Finds what a person's erasure must destroy.
create index keys_subject on keys (subject) where subject is not null;

-- In which streams a person has words, kept when the keys are gone: those are projected again on erasure.
create table subject_streams (
    subject        uuid not null,
    aggregate_type text not null,
    aggregate_id   text not null,
    primary key (subject, aggregate_type, aggregate_id)
);

-- The fingerprints of the master keys under which this database was sealed, the newest last: another key is refused
-- at start instead of sealing a second history that nobody can read beside the first.
create table master_keys (
    fingerprint bytea       primary key,
    since       timestamptz not null default now()
);

-- The numbers people call cases by. A refused opening may leave a gap.
create sequence case_numbers;

-- The gate. A position is drawn when a row is inserted and seen when its transaction commits, in any order. Whoever
-- inserts holds the gate, shared, until then; the tailer reads how far positions were drawn, waits for those who
-- held the gate at that moment, and only then lets readers pass. A trigger, so that every writer obeys, psql too.
create function events_gate() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(1129530195, 1);
    return null;
end
$$;

create trigger events_gate before insert on events for each statement execute function events_gate();

-- How far positions were drawn, who may still commit at or before, and the last event that shows up to a position
-- that was drawn before (or up to what is drawn now): in this order, which one statement would not promise. Not stable:
-- the lock table is no part of a snapshot, and each statement looks anew.
create function gate_horizon(up_to bigint, out drawn bigint, out holders text[], out pids int[], out last bigint)
    language plpgsql volatile security definer set search_path = pg_catalog, public as $$
begin
    select case when is_called then last_value else 0 end into drawn from public.events_position_seq;
    select coalesce(array_agg(virtualtransaction), '{}'), coalesce(array_agg(pid), '{}')
    into holders, pids
    from pg_locks
    where locktype = 'advisory' and granted and classid = 1129530195 and objid = 1 and objsubid = 2
        and database = (select oid from pg_database where datname = current_database());
    select coalesce(max(position), 0) into last from public.events where position <= coalesce(up_to, drawn);
end
$$;

-- Ends a writer that holds the gate for too long; answers whether it was told to.
create function gate_terminate(holder int) returns boolean
    language plpgsql volatile security definer set search_path = pg_catalog, public as $$
begin
    perform 1 from pg_locks
    where locktype = 'advisory' and granted and classid = 1129530195 and objid = 1 and objsubid = 2 and pid = holder
        and database = (select oid from pg_database where datname = current_database());
    return found and pg_terminate_backend(holder);
exception
    when insufficient_privilege then return false;
end
$$;

-- Nothing that happened is changed or taken back, whoever asks.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end
$$;

create trigger events_append_only before update or delete or truncate on events
    for each statement execute function refuse_change();
create trigger streams_are_kept before delete or truncate on streams
    for each statement execute function refuse_change();

-- All columns but the position: who may choose one could write into what readers have passed already.
grant insert (
    aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, recorded_at, hash
) on events to casestream_writer;
grant select on events to casestream_writer;
grant select, insert on subject_streams to casestream_writer;
grant select, insert, update on streams to casestream_writer;
grant select, insert, delete on commands, keys to casestream_writer;
grant select, insert on reservations, master_keys to casestream_writer;
grant usage on sequence case_numbers to casestream_writer;
grant select on events, streams, keys to casestream_projector;
grant select on events, streams, keys to casestream_reader_auditor;
revoke execute on function gate_horizon, gate_terminate from public;
grant execute on function gate_horizon to casestream_writer, casestream_projector;
grant execute on function gate_terminate to casestream_writer;
