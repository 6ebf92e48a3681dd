-- A key is found where its text is: by the event that holds it. One index in the place of three, its new rows beside those
-- of the same stream, and an event is read together with its keys. The stream's own key stands at 0.
alter table keys add column sequence bigint;
update keys set sequence = 0 where wrapped_by is null;
update keys set sequence = (
    select min(events.sequence) from events
    where events.aggregate_type = keys.aggregate_type and events.aggregate_id = keys.aggregate_id
        and strpos(events.payload::text, keys.key_id::text) > 0
) where wrapped_by is not null;
drop index keys_stream, keys_subject;
alter table keys
    alter column sequence set not null,
    drop constraint keys_pkey,
    add primary key (aggregate_type, aggregate_id, sequence, key_id);

-- A look at the gate (see gate_look), and the first `most` events after `after` up to the last one that may be read, each
-- with the stream's key and those of its own texts: one row, with nulls for an event, where there is none. The look comes
-- first and the events are read after it, by a snapshot of their own, which one plain statement would not promise.
create function gate_read(after bigint, most bigint) returns table (
    drawn bigint, settled bigint, last bigint, holder text, pid int,
    "position" bigint, aggregate_type text, aggregate_id text, sequence bigint, event_type text, event_version text,
    payload text, metadata text, recorded_at timestamptz, hash bytea, key_ids uuid[], wrapped bytea[]
) language plpgsql volatile as $$
#variable_conflict use_column
declare
    look record;
begin
    select * into look from public.gate_look();
    return query
    select look.drawn, look.settled, look.last, look.holder, look.pid,
           event.position, event.aggregate_type, event.aggregate_id, event.sequence, event.event_type,
           event.event_version, event.payload::text, event.metadata::text, event.recorded_at, event.hash,
           key.key_ids, key.wrapped
    from (select) as one
    left join lateral (
        select * from public.events where events.position > after and events.position <= look.last
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

revoke execute on function gate_read from public;
grant execute on function gate_read to casestream_writer;
