-- Reads accounts and people for administrators, and no case. As all roles it belongs to the cluster, so another database
-- may have made it already, or be making it at this moment.
do $$
begin
    create role casestream_reader_directory nologin;
exception
    when duplicate_object or unique_violation then null;
end;
$$;

do $$
begin
    if not pg_has_role('casestream_writer', 'casestream_reader_directory', 'member') then
        grant casestream_reader_directory to casestream_writer;
    end if;
end;
$$;

grant usage on schema public to casestream_reader_directory;
