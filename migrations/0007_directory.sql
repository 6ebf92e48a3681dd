-- Accounts, people, locations and products have lives of their own: their names are read models of their events (the
-- group `directory` of the crate projections), and the table that held names until then goes. What it held is in no
-- event: names that were given to tokens are to be given again, imports are to be run again.
drop table directory;
