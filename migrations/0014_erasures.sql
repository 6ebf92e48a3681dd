-- Who was erased. A key for words of theirs is never made again (the append looks here), and whoever finds an erasure
-- whose read models were not all projected again, because the process that began it was killed, goes on with it.
create table erasures (
    person       uuid        primary key,
    also         uuid[]      not null, -- the subjects of addresses that were theirs; emptied once all is projected
    asked_at     timestamptz not null, -- the last time that somebody asked for it
    projected_at timestamptz           -- when the read models had nothing of theirs any more
);

-- Finds those that are to be gone on with; there is none, as a rule.
create index erasures_unfinished on erasures (person) where projected_at is null;

grant select, insert, update on erasures to casestream_writer;

-- Nobody searches by these, and statistics would keep values of them after their rows are gone.
alter table keys alter column wrapped set statistics 0;
alter table staged_uploads alter column label set statistics 0, alter column wrapped set statistics 0;
