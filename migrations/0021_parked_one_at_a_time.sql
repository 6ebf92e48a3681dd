-- Readers are told whether a stream that they name is parked. The table would name the streams of all customers to each of them.
create function is_parked(of_group text, of_version int, of_type text, of_id text) returns boolean
    language sql stable security definer set search_path = pg_catalog, public
    as $$
        select exists (
            select from public.projection_parked_streams
            where group_name = of_group and version = of_version and aggregate_type = of_type and aggregate_id = of_id
        )
    $$;
revoke all on function is_parked from public;
grant execute on function is_parked to
    casestream_writer, casestream_reader_contact, casestream_reader_staff, casestream_reader_auditor;
revoke select (group_name, version, aggregate_type, aggregate_id) on projection_parked_streams from
    casestream_reader_contact, casestream_reader_staff, casestream_reader_auditor;
