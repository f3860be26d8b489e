-- Who somebody of the staff is for the provider of identities of the company (OpenID Connect): its own name, and the name that
-- it gives the person for ever. None: the account has a password, or waits for one.
ALTER TABLE staff_accounts ADD COLUMN issuer TEXT;
ALTER TABLE staff_accounts ADD COLUMN subject TEXT;
CREATE UNIQUE INDEX staff_accounts_by_subject ON staff_accounts (issuer, subject);
