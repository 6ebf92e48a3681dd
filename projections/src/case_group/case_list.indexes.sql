-- Finds a case by what people call it, here and in the system that it came from; the first also sorts by number.
create index if not exists case_list_number on case_list (number, case_id);
create index if not exists case_list_external on case_list (external_reference) where external_reference is not null;
-- The desk's lists: newest first, of one status, of an owner, of a queue.
create index if not exists case_list_updated on case_list (updated_at, case_id);
create index if not exists case_list_opened on case_list (opened_at, case_id);
create index if not exists case_list_status on case_list (status, updated_at, case_id);
create index if not exists case_list_owner on case_list (owner_id, updated_at, case_id) where owner_id is not null;
create index if not exists case_list_queue on case_list (queue, updated_at, case_id);
-- A customer's lists, and the desk's of one customer.
create index if not exists case_list_account on case_list (account_id, public_updated_at, case_id);
create index if not exists case_list_account_status on case_list (account_id, status, public_updated_at, case_id);
-- The cases of one place, and of one person.
create index if not exists case_list_location on case_list (location_id) where location_id is not null;
create index if not exists case_list_contact on case_list (contact_id);
-- What time has to do something about.
create index if not exists case_list_wait_until on case_list (wait_until) where wait_until is not null;
create index if not exists case_details_closes_at on case_details (closes_at) where closes_at is not null;
create index if not exists case_details_reminds_at on case_details (resolution_reminds_at)
    where resolution_reminds_at is not null and closes_at is not null;
-- A case's description: its first entry that customers may know of.
create index if not exists case_activity_description on case_activity (case_id) where public_sequence = 1;
-- What happened last to any case, as far as customers may know of it: the desk's overview.
create index if not exists case_activity_latest on case_activity (occurred_at, case_id, public_sequence)
    where public_sequence is not null;
