-- One row per portal user: what lets a person sign in, and what they are to the desk. Whoever was erased keeps a row
-- without words, so that nothing of theirs is good any more.
create table users (
    person_id         uuid        primary key,
    status            text        not null check (status in ('invited', 'active', 'deactivated', 'erased')),
    roles             text[]      not null, -- in the order of their weight
    username          text,       -- none once the words are gone, as for the address
    email             text,       -- where mail about credentials goes, which need not be the person's address
    locked_until      timestamptz,
    has_second_factor boolean     not null,
    question          text,       -- the challenge question, if they chose one
    invited_at        timestamptz not null, -- when the newest invitation was sent
    was_activated     boolean     not null,
    version           bigint      not null
);

alter table users enable row level security;
alter table users force row level security;

create policy projector on users to casestream_projector using (true) with check (true);
-- Whoever works cases has no use for what people sign in with: supervisors read it as whoever runs the installation does.
create policy staff on users for select to casestream_reader_directory, casestream_reader_auditor using (true);
-- The service asks on nobody's behalf: what somebody is who calls, or is to own a case.
create policy service on users for select to casestream_writer using (true);

grant select, insert, update, delete on users to casestream_projector;
grant select on users to casestream_reader_directory, casestream_reader_auditor;
grant select (person_id, status, roles, locked_until) on users to casestream_writer;
