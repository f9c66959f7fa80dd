-- +goose Up

-- What a respondent answered about age: thresholds, yes or no, and days, and for a child who agreed. Never an age, a date of birth or a name. It lies
-- in the row of the response, so that it goes with it, and in no column that is counted.
alter table response add column age_checks text; -- privacy.AgeChecks as JSON; null = nothing was asked
