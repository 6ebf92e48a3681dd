-- The names that people sign in with are the only reservations that end: with the person, when they are erased. The service may
-- delete no reservation itself, so that no account's number and no file's key is ever given to another.

-- Finds what a user has reserved.
create index reservations_sign_in_names on reservations (aggregate_id) where kind = 'sign_in_name';

create function release_sign_in_names(user_id text) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp
as $$
    delete from reservations where kind = 'sign_in_name' and aggregate_type = 'user' and aggregate_id = user_id;
$$;

revoke execute on function release_sign_in_names from public;
grant execute on function release_sign_in_names to casestream_writer;
