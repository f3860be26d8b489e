-- Lists of tickets are looked through in this index alone: rows hold whole requests, and reading all of them takes a second.
CREATE INDEX tickets_listed ON tickets (created_at, reference, subject, requester_email, status, urgency, assignee);
DROP INDEX tickets_by_time;
