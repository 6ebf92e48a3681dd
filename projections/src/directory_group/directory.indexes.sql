-- Names in their order: what sorting a list by account, location, product, contact or owner walks along.
create index if not exists accounts_name on accounts (name, account_id);
create index if not exists locations_name on locations (name, location_id);
create index if not exists products_name on products (name, product_id);
create index if not exists people_name on people (name, person_id);
-- Finds an account by what people call it.
create index if not exists accounts_reference on accounts (reference);
-- Finds whose an e-mail address is.
create index if not exists people_email on people (lower(email)) where email is not null;
-- What an account has, and which accounts a person has.
create index if not exists locations_account on locations (account_id);
create index if not exists products_account on products (account_id);
create index if not exists contacts_person on contacts (person_id);
create index if not exists contact_access_person on contact_access (person_id);
-- Requests for access in their order, those that wait apart; and those of which something is still to be done.
create index if not exists access_requests_submitted on access_requests (submitted_at, request_id);
create index if not exists access_requests_waiting on access_requests (submitted_at, request_id) where waiting > 0;
create index if not exists access_requests_to_carry_out on access_requests (request_id) where to_carry_out > 0;
