-- The read models' books: how far each is, and what it had to leave out. Kept by the crate projections, which also
-- makes the read models' own schemas (`case_v1` and so on), because those come and go with every rebuild.

-- How far every version of every projection group has come. A group is live in exactly one version, which is what
-- everybody reads; a second one is being built beside it during a rebuild.
create table projection_checkpoints (
    group_name text   not null check (group_name ~ '^[a-z_]+$'),
    version    int    not null check (version > 0),
    state      text   not null check (state in ('building', 'live', 'retired')),
    position   bigint not null default 0 check (position >= 0),
    primary key (group_name, version)
);

-- Lets nobody make two versions of a group live at once, and finds the one that is.
create unique index projection_checkpoints_live on projection_checkpoints (group_name) where state = 'live';

-- The streams that a version leaves out, because one of their events could not be applied.
create table projection_parked_streams (
    group_name     text        not null,
    version        int         not null,
    aggregate_type text        not null,
    aggregate_id   text        not null,
    position       bigint      not null, -- of the event that could not be applied
    reason         text        not null, -- for operators; never a customer's words
    since          timestamptz not null default now(),
    primary key (group_name, version, aggregate_type, aggregate_id),
    foreign key (group_name, version) references projection_checkpoints on delete cascade
);

-- The names that lists show beside ids, in their order: what sorting by account, contact or location walks along.
create index directory_name on directory (kind, name, id);

grant select, update on projection_checkpoints to casestream_projector;
grant select, insert, delete on projection_parked_streams to casestream_projector;
grant select on projection_checkpoints, projection_parked_streams to casestream_writer;
-- Whether a case is parked; not why.
grant select (group_name, version, aggregate_type, aggregate_id) on projection_parked_streams to
    casestream_reader_contact, casestream_reader_staff, casestream_reader_auditor;
