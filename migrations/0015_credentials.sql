-- What people sign in with: passwords, second factors, links by mail, sessions. No projection, nothing of it can be made again
-- from the log, and no event holds any of it. The service alone reads and writes it (`api/src/identity/`); no reader's role has a
-- grant. What was made of 128 random bits or more is kept as its SHA-256; what people choose is kept as argon2id under a pepper
-- that is not in the database. A person who is erased loses every row.

-- One password a person.
create table passwords (
    person         uuid        primary key,
    hash           text        not null,                     -- argon2id with its settings and salt, as a PHC string
    pepper_version smallint    not null check (pepper_version > 0), -- which pepper went into it
    changed_at     timestamptz not null
);

-- Links that were mailed: 256 random bits, good for one person, one purpose and one use. A new one takes the row of the one
-- before it, which is good for nothing from then on.
create table links (
    person     uuid        not null,
    purpose    text        not null check (purpose in ('activation', 'password_reset', 'unlock')),
    token_hash bytea       not null unique check (octet_length(token_hash) = 32), -- finds the link of a request
    issued_at  timestamptz not null,
    expires_at timestamptz not null,
    tries      smallint    not null default 0 check (tries between 0 and 5), -- answers to the challenge question so far
    primary key (person, purpose)
);

-- Wishes for a link, by whoever wrote a name into a form. The name may be nobody's: it is looked up later, by a worker, so that
-- the answer and its time say nothing. Gone when it was looked up.
create table link_requests (
    id           uuid        primary key,
    name         bytea       not null check (octet_length(name) = 64), -- as `reservations` has it: hexadecimal digits of a keyed hash
    purpose      text        not null check (purpose in ('password_reset', 'unlock')),
    requested_at timestamptz not null
);

-- Who is signed in. 256 random bits, renewed with each sign-in.
create table sessions (
    id         uuid        primary key, -- names it in lists; good for nothing else
    token_hash bytea       not null unique check (octet_length(token_hash) = 32), -- finds the session of a request
    person     uuid        not null,
    created_at timestamptz not null,
    used_at    timestamptz not null, -- to the minute; the idle limit counts from here
    expires_at timestamptz not null  -- the absolute limit
);

-- Lists a person's sessions, and ends them.
create index sessions_person on sessions (person);

-- Browsers from which somebody has signed in. One browser may be several people's, and is known by the hash of its cookie. It
-- counts failed attempts of its own, so that whoever locks a name from elsewhere does not lock its owner out.
create table devices (
    token_hash      bytea       not null check (octet_length(token_hash) = 32),
    person          uuid        not null,
    added_at        timestamptz not null,
    signed_in_at    timestamptz not null,
    failures        integer     not null default 0 check (failures >= 0), -- as in sign_in_counts
    counted_at      timestamptz not null,
    next_attempt_at timestamptz not null,
    locked_until    timestamptz,
    primary key (token_hash, person)
);

-- Ends what is known of a person's browsers.
create index devices_person on devices (person);

-- Attempts at signing in that were not successful, in a row. An attempt is counted before its password is looked at. A name that
-- nobody has is counted, delayed and locked like any other.
create table sign_in_counts (
    subject         bytea       primary key check (octet_length(subject) = 64), -- a keyed hash of the person, or of a name that is nobody's
    person          uuid,                  -- whose name it is, if anybody's: whom to tell of a lock
    failures        integer     not null check (failures > 0),
    counted_at      timestamptz not null,  -- when the last one was counted
    next_attempt_at timestamptz not null,  -- until then none is looked at
    locked_until    timestamptz,           -- none before that either, however right it is
    told_until      timestamptz            -- of which lock the person was told
);

-- Finds what can be forgotten.
create index sign_in_counts_old on sign_in_counts (counted_at);
-- Finds locks to tell of.
create index sign_in_counts_locked on sign_in_counts (locked_until) where person is not null and locked_until is not null;

-- Answers to the challenge question.
create table challenge_answers (
    person         uuid        primary key,
    question       text        not null,
    hash           text        not null,
    pepper_version smallint    not null check (pepper_version > 0),
    set_at         timestamptz not null
);

-- Secrets of authenticator apps, sealed under a key of the service. Unconfirmed ones count for nothing yet.
create table totp_secrets (
    person       uuid        primary key,
    sealed       bytea       not null,
    created_at   timestamptz not null,
    confirmed_at timestamptz,
    last_step    bigint      -- the newest step whose code was used; none at or before it is taken again (RFC 6238, section 5.2)
);

-- What stands in for an authenticator app that is lost: 120 random bits each, used once.
create table recovery_codes (
    code_hash bytea primary key check (octet_length(code_hash) = 32),
    person    uuid  not null,
    used_at   timestamptz
);

-- Counts what somebody has left, and replaces them all.
create index recovery_codes_person on recovery_codes (person);

grant select, insert, update, delete on
    passwords, links, link_requests, sessions, devices, sign_in_counts, challenge_answers, totp_secrets, recovery_codes
    to casestream_writer;

-- API tokens are listed and ended one by one: by an id, which is no secret. Those made before get one, too.
alter table tokens add column id uuid not null default gen_random_uuid();
create unique index tokens_id on tokens (id);
-- Lists a person's tokens, and ends them.
create index tokens_person on tokens (person);

-- Nobody searches by these, and statistics would keep values of them after their rows are gone.
alter table passwords alter column hash set statistics 0;
alter table challenge_answers alter column hash set statistics 0;
alter table totp_secrets alter column sealed set statistics 0;

-- No other role sees any.
do $$
declare
    secret text;
begin
    foreach secret in array array[
        'passwords', 'links', 'link_requests', 'sessions', 'devices', 'sign_in_counts', 'challenge_answers', 'totp_secrets',
        'recovery_codes'
    ] loop
        execute format('alter table %I enable row level security', secret);
        execute format('create policy service on %I to casestream_writer using (true) with check (true)', secret);
    end loop;
end
$$;
