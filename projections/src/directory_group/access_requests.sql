-- One row per request for access. For those who decide them, and for auditors; everybody else has neither grant nor policy.
create table access_requests (
    request_id      uuid        primary key,
    request_type    text        not null check (request_type in ('portal-access', 'change-or-removal', 'other')),
    account_name    text, -- none once the words are gone, as for all of them
    service_address text,
    description     text,
    submitted_at    timestamptz not null,
    waiting         int         not null, -- for how many people it is not decided yet
    to_carry_out    int         not null, -- of how many it is decided and not done
    is_redacted     boolean     not null,
    version         bigint      not null
);

alter table access_requests enable row level security;
alter table access_requests force row level security;

create policy projector on access_requests to casestream_projector using (true) with check (true);
create policy desk on access_requests for select to casestream_reader_requests, casestream_reader_auditor using (true);

grant select, insert, update, delete on access_requests to casestream_projector;
grant select on access_requests to casestream_reader_requests, casestream_reader_auditor;
