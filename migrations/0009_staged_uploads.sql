-- Files that were uploaded, or are about to be, and belong to no case yet. No projection: a staged upload is forgotten
-- when a case has the file, or when nobody wanted it in time. Read beside `api/src/files`, its only client.
create table staged_uploads (
    attachment_id uuid        primary key,
    token_hash    bytea       not null unique check (octet_length(token_hash) = 32), -- finds the upload of a request
    principal     uuid        not null, -- who may upload it, and attach it
    account_id    uuid        not null, -- for whose cases
    label         bytea       not null, -- the name, then the digest, too; sealed under a key of the service
    media_type    text        not null,
    size_bytes    bigint      not null check (size_bytes > 0), -- as announced, and as it came once it is stored
    key_id        uuid        unique, -- drawn when the bytes begin to come: a token is good for one beginning
    wrapped       bytea, -- that key, under a key of the service
    stored        boolean     not null default false,
    expires_at    timestamptz not null,
    check ((key_id is null) = (wrapped is null))
);

-- Adds up what waits for an account.
create index staged_uploads_account on staged_uploads (account_id);
-- Counts what somebody has begun.
create index staged_uploads_principal on staged_uploads (principal);

grant select, insert, update, delete on staged_uploads to casestream_writer;

-- The service asks for its caller's own in every statement; no other role sees any.
alter table staged_uploads enable row level security;
create policy service on staged_uploads to casestream_writer using (true) with check (true);
