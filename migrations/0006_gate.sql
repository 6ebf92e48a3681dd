-- The gate, with less waiting. A writer says how far positions were drawn before its own: all of its own come after that.
-- So a reader needs to wait for nobody: it may read up to the lowest of what the writers at work have said. Before, it
-- waited until all of them had finished.

-- In this order: looks how far positions are drawn, says so by a shared advisory lock on that number (which nobody waits
-- for), and only then draws. Who looks at the locks before it is taken has looked before a position was drawn.
-- The upper 16 bits of the lock's key, 0x4747, tell it from other locks.
create or replace function events_gate() returns trigger language plpgsql as $$
declare
    drawn bigint;
begin
    select case when is_called then last_value else 0 end into drawn from public.events_position_seq;
    perform pg_advisory_xact_lock_shared(x'4747000000000000'::bigint | drawn);
    return null;
end
$$;

grant select on sequence events_position_seq to casestream_writer;

-- How far positions are drawn; up to which of them nobody at work may still commit one; the last event up to there; and
-- who holds readers back from the rest. In this order, which one statement would not promise. Not stable: the lock table is no
-- part of a snapshot, and each statement looks anew.
create function gate_look(
    out drawn bigint, out settled bigint, out last bigint, out holder text, out pid int
) language plpgsql volatile security definer set search_path = pg_catalog, public as $$
begin
    select case when is_called then last_value else 0 end into drawn from public.events_position_seq;
    select (classid::bigint & x'ffff'::bigint) << 32 | objid::bigint, virtualtransaction, pg_locks.pid
    into settled, holder, pid
    from pg_locks
    where locktype = 'advisory' and granted and objsubid = 1 and classid::bigint >> 16 = x'4747'::bigint
        and database = (select oid from pg_database where datname = current_database())
    order by 1
    limit 1;
    if settled is null or settled >= drawn then
        settled := drawn;
        holder := null;
        pid := null;
    end if;
    select coalesce(max(position), 0) into last from public.events where position <= settled;
end
$$;

-- Ends a writer that holds readers back for too long; answers whether it was told to.
create or replace function gate_terminate(holder int) returns boolean
    language plpgsql volatile security definer set search_path = pg_catalog, public as $$
begin
    perform 1 from pg_locks
    where locktype = 'advisory' and granted and objsubid = 1 and classid::bigint >> 16 = x'4747'::bigint
        and pid = holder and database = (select oid from pg_database where datname = current_database());
    return found and pg_terminate_backend(holder);
exception
    when insufficient_privilege then return false;
end
$$;

drop function gate_horizon;
revoke execute on function gate_look from public;
grant execute on function gate_look to casestream_writer, casestream_projector;
