-- Takes what was erased out of the files of PostgreSQL, too. Run it with psql, in the database of the service, as a superuser,
-- after erasing. It locks one table after the other while it writes that anew, so run it when nobody works.

-- Statistics of columns hold values of them.
delete from pg_statistic;
analyze;
-- Deleted rows stay on their pages, even when their place is free: only a table that is written anew is without them.
vacuum (full);
-- What was written before is in the write-ahead log. A segment of it that is used again keeps its old content until it is
-- written over, so none is used again until all that were there are gone.
alter system set wal_recycle = off;
select pg_reload_conf();
do $$
declare
    begun timestamptz := clock_timestamp();
    first_new text := pg_walfile_name(pg_current_wal_lsn());
begin
    for round in 1..1000 loop
        perform pg_switch_wal();
        checkpoint;
        exit when not exists (
            select from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$' and (name <= first_new or modification < begun)
        );
    end loop;
end
$$;
alter system reset wal_recycle;
select pg_reload_conf();
-- What still stands here is held back by a replication slot, by wal_keep_size or by an archive that is behind.
select name as segment_from_before from pg_ls_waldir()
where name ~ '^[0-9A-F]{24}$' and modification < now() - interval '1 hour';
