-- How many cases of the list have each status: counted as it is written, since the desk's overview asks for all of them.
create table case_counts (
    status text   primary key,
    cases  bigint not null
);

insert into case_counts select status, 0 from unnest(array['New', 'Open', 'Resolved', 'Closed', 'Canceled']) as status;

alter table case_counts enable row level security;
alter table case_counts force row level security;

create policy projector on case_counts to casestream_projector using (true) with check (true);
create policy staff on case_counts for select to casestream_reader_staff, casestream_reader_auditor using (true);

grant select, update on case_counts to casestream_projector;
grant select on case_counts to casestream_reader_staff, casestream_reader_auditor;

-- One of these three for each statement that writes the list, whatever it is.
create function count_inserted() returns trigger language plpgsql as $$
begin
    update case_counts set cases = cases + change
    from (select status, count(*) as change from rows_after group by status) as changed
    where case_counts.status = changed.status;
    return null;
end
$$;

create function count_updated() returns trigger language plpgsql as $$
begin
    update case_counts set cases = cases + change
    from (
        select status, sum(one) as change
        from (select status, 1 as one from rows_after union all select status, -1 from rows_before) as rows
        group by status
        having sum(one) <> 0
    ) as changed
    where case_counts.status = changed.status;
    return null;
end
$$;

create function count_deleted() returns trigger language plpgsql as $$
begin
    update case_counts set cases = cases - change
    from (select status, count(*) as change from rows_before group by status) as changed
    where case_counts.status = changed.status;
    return null;
end
$$;

create trigger count_inserted after insert on case_list
    referencing new table as rows_after for each statement execute function count_inserted();
create trigger count_updated after update on case_list
    referencing old table as rows_before new table as rows_after for each statement execute function count_updated();
create trigger count_deleted after delete on case_list
    referencing old table as rows_before for each statement execute function count_deleted();
