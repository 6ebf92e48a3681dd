-- Projecting a stream again, after an erasure above all, changes rows at positions that steps have passed. A step that read
-- the stream's texts before must not write them after: it names the epoch that it began in, and writes in no other.
alter table projection_checkpoints add column epoch bigint not null default 0;
