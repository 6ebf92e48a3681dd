-- Attempts from a browser that is known are counted where all others are, under what stands for it.
alter table devices add column id uuid not null default gen_random_uuid(); -- stays when its secret is renewed
alter table devices
    drop column failures,
    drop column counted_at,
    drop column next_attempt_at,
    drop column locked_until;

-- Finds those from which nobody has signed in for long.
create index devices_old on devices (signed_in_at);

alter table sign_in_counts
    drop constraint sign_in_counts_failures_check,
    add constraint sign_in_counts_failures_check check (failures >= 0), -- none are left when one was taken back
    add column is_judged boolean not null default false; -- whether the last one was looked at, and was wrong

-- Ends what is counted of a person, from wherever.
create index sign_in_counts_person on sign_in_counts (person) where person is not null;

-- Wrong codes at an authenticator app that is not confirmed yet.
alter table totp_secrets add column tries smallint not null default 0 check (tries >= 0);

-- Where a password stands among all, by what cannot be chosen: a name that is nobody's is compared with the next one.
create function password_place(person uuid) returns uuid language sql immutable strict parallel safe
    as $$ select md5(person::text)::uuid $$;
create index passwords_place on passwords (password_place(person));
