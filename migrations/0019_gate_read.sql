-- The look and the reading of 0008, without a function in between: a call that sets a search path of its own, and a
-- statement of its own for the last event, took a quarter of the whole. As before the look comes first, and the events are
-- read after it, by a snapshot of their own. For whoever looks only, gate_look stays.
create or replace function gate_read(after bigint, most bigint) returns table (
    drawn bigint, settled bigint, last bigint, holder text, pid int,
    "position" bigint, aggregate_type text, aggregate_id text, sequence bigint, event_type text, event_version text,
    payload text, metadata text, recorded_at timestamptz, hash bytea, key_ids uuid[], wrapped bytea[]
) language plpgsql volatile as $$
#variable_conflict use_column
declare
    up_to bigint;
    safe bigint;
    writer text;
    backend int;
begin
    select case when is_called then last_value else 0 end into up_to from public.events_position_seq;
    select (locks.classid::bigint & x'ffff'::bigint) << 32 | locks.objid::bigint, locks.virtualtransaction, locks.pid
    into safe, writer, backend
    from pg_catalog.pg_locks as locks
    where locks.locktype = 'advisory' and locks.granted and locks.objsubid = 1
        and locks.classid::bigint >> 16 = x'4747'::bigint
        and locks.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
    order by 1
    limit 1;
    if safe is null or safe >= up_to then
        safe := up_to;
        writer := null;
        backend := null;
    end if;
    return query
    select up_to, safe, one.last, writer, backend,
           event.position, event.aggregate_type, event.aggregate_id, event.sequence, event.event_type,
           event.event_version, event.payload::text, event.metadata::text, event.recorded_at, event.hash,
           key.key_ids, key.wrapped
    from (select coalesce((select max(events.position) from public.events where events.position <= safe), 0) as last) as one
    left join lateral (
        select * from public.events where events.position > after and events.position <= safe
        order by events.position limit most
    ) as event on true
    left join lateral (
        select array_agg(keys.key_id) as key_ids, array_agg(keys.wrapped) as wrapped from public.keys
        where keys.aggregate_type = event.aggregate_type and keys.aggregate_id = event.aggregate_id
            and keys.sequence in (0, event.sequence)
    ) as key on true
    order by event.position;
end
$$;
