-- A contact's accounts are read from what happened to the accounts, with each request. A token says who it stands for, and
-- no longer what they may see.
alter table tokens drop column accounts;
