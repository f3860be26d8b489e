-- The categories of entries are listed beside every list of entries: without reading the entries.
CREATE INDEX documents_by_category ON documents (category);
