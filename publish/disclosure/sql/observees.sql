-- The observations, each with a number to find it again.
select row_number() over () as rang, * from observations
