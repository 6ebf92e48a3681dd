-- The roles of the database. They belong to the cluster, not to this database, so another database of the
-- same cluster may have made them already, or be making them at this moment.
--
-- casestream_writer           what the service signs in as. Owns nothing, inherits nothing; it may append to the log
--                             and switches to one of the others, for one transaction, to do anything else.
-- casestream_projector        writes the read models.
-- casestream_reader_contact   reads them for a customer's person, under row-level security.
-- casestream_reader_staff     reads them for those who work cases.
-- casestream_reader_auditor   reads them and the log for auditors.

do $$
declare
    wanted text;
begin
    foreach wanted in array array[
        'casestream_writer login noinherit',
        'casestream_projector nologin',
        'casestream_reader_contact nologin',
        'casestream_reader_staff nologin',
        'casestream_reader_auditor nologin'
    ] loop
        begin
            execute 'create role ' || wanted;
        exception
            when duplicate_object or unique_violation then null;
        end;
    end loop;
end
$$;

do $$
declare
    group_role text;
begin
    foreach group_role in array array[
        'casestream_projector', 'casestream_reader_contact', 'casestream_reader_staff', 'casestream_reader_auditor'
    ] loop
        if not pg_has_role('casestream_writer', group_role, 'member') then
            execute format('grant %I to casestream_writer', group_role);
        end if;
    end loop;
    -- An owner that is no superuser must be able to run the service in development, with one URL for both.
    if not pg_has_role(current_user, 'casestream_writer', 'member') then
        execute format('grant casestream_writer to %I', current_user);
    end if;
end
$$;

-- A writer that was cut off must not hold the gate of the log for ever.
alter role casestream_writer set idle_in_transaction_session_timeout = '10s';

revoke create on schema public from public;
grant usage on schema public to
    casestream_writer, casestream_projector, casestream_reader_contact, casestream_reader_staff,
    casestream_reader_auditor;

-- At start the service compares what was migrated with what it knows.
grant select on _sqlx_migrations to casestream_writer;
