-- One row per person named in a request for access, the asker first.
create table access_request_people (
    request_id     uuid not null,
    number         int  not null,
    name           text, -- none once the words are gone, as for all of them
    email          text,
    phone          text,
    outcome        text check (outcome in ('approved', 'declined', 'made-case')), -- none before it is decided
    person_id      uuid, -- who they are here, or the case's contact
    account_id     uuid, -- to which account they get access, or whose case it is
    role           text check (role in ('Member', 'Admin')),
    locations      uuid[],
    case_id        uuid,
    words          text, -- how authority was verified, or why they get none
    decided_by     uuid,
    decided_at     timestamptz,
    is_carried_out boolean not null,
    primary key (request_id, number)
);

alter table access_request_people enable row level security;
alter table access_request_people force row level security;

create policy projector on access_request_people to casestream_projector using (true) with check (true);
create policy desk on access_request_people for select to casestream_reader_requests, casestream_reader_auditor
    using (true);

grant select, insert, update, delete on access_request_people to casestream_projector;
grant select on access_request_people to casestream_reader_requests, casestream_reader_auditor;
