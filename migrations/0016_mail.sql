-- Mail that is to go out, and who wants which. No projections: what was sent cannot be made again from the log. Read beside
-- `api/src/mail`, their only client.

-- How far those have come who follow the log to do something, once for each event: one row for each of them. Whoever holds
-- the row's lock does the next step, and moves it in the same transaction.
create table consumers (
    name     text   primary key check (name ~ '^[a-z_]+$'),
    position bigint not null check (position >= 0)
);

-- Nobody is mailed of what happened before there was mail.
insert into consumers (name, position) select 'notices', coalesce(max(position), 0) from events;

-- The outbox. A row says what a mail is about and whom it is for, by ids; its words and the address are read when it is
-- made, so that it holds nothing that was erased or redacted meanwhile. An address and a link that nobody could read again
-- then stand in `sealed`, under a key of the service.
create table mails (
    mail_id       uuid        primary key, -- the left part of its Message-ID, however often it is sent
    kind          text        not null,
    about         text        not null unique, -- what it tells whom: the same thing is told once
    person        uuid,                    -- whom it is for,
    address       text,                    -- or the keyed hash of an address that a watch list or a request knows
    told_as       text                     -- what they are to the case
        check (told_as in ('contact', 'opener', 'watcher', 'owner', 'queue')),
    case_id       uuid,
    position      bigint,                  -- the event that it tells of
    sealed        bytea,                   -- gone once it was sent, or never will be
    created_at    timestamptz not null,
    due_at        timestamptz not null,    -- when it is tried next
    expires_at    timestamptz,             -- when there is no use in it any more
    attempts      int         not null default 0,
    claimed_until timestamptz,             -- until when somebody is at it; later they are taken for dead
    state         text        not null default 'waiting' check (state in ('waiting', 'sent', 'dropped', 'dead')),
    ended_at      timestamptz check ((ended_at is null) = (state = 'waiting')),
    reason        text                     -- why the last attempt failed, or why it was not sent; never an address
);

-- Finds what is due.
create index mails_due on mails (due_at, mail_id) where state = 'waiting';
-- Lists what could not be delivered, the newest first.
create index mails_dead on mails (ended_at desc, mail_id desc) where state = 'dead';
-- Finds what waits for somebody: older links, which a new one replaces, and everything, once they are erased.
create index mails_of_person on mails (person) where state in ('waiting', 'dead');
-- Finds what is old enough to be forgotten.
create index mails_ended on mails (ended_at) where state in ('sent', 'dropped');

-- Which mail people want, in which language and with the times of which place. Whoever has no row gets all of it.
create table mail_preferences (
    person    uuid   primary key,
    language  text   check (language in ('en', 'es')),
    time_zone text,                        -- a name of the IANA database
    unwanted  text[] not null default '{}' -- kinds of mail; those about signing in are sent all the same
);

-- Statistics would keep values after their rows are gone.
alter table mails alter column sealed set statistics 0;

grant select, insert, update on consumers to casestream_writer;
grant select, insert, update, delete on mails, mail_preferences to casestream_writer;

-- No other role sees any.
alter table consumers enable row level security;
alter table mails enable row level security;
alter table mail_preferences enable row level security;
create policy service on consumers to casestream_writer using (true) with check (true);
create policy service on mails to casestream_writer using (true) with check (true);
create policy service on mail_preferences to casestream_writer using (true) with check (true);
