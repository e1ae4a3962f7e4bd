/**
 * Version 1 of the ledger's schema. `sum` is `sumOf` over the columns before it, in this order; in `receipts` and `runs`
 * without the id, in `runs` with the files, in `meta` without id and generation. `bodies.content` is the filled values as
 * JSON, a line feed, and the body, packed by `pack`: its `sum` covers id and filled values, the body has its digest.
 */
export const schema1 = `
CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  ledger TEXT NOT NULL,
  window_name TEXT NOT NULL,
  window_address TEXT NOT NULL,
  window_environment TEXT NOT NULL,
  created_at TEXT NOT NULL,
  generation INTEGER NOT NULL,
  sum INTEGER NOT NULL
) STRICT;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  run TEXT NOT NULL UNIQUE,
  command TEXT NOT NULL,
  pack TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  exit INTEGER,
  summary TEXT,
  sum INTEGER NOT NULL
) STRICT;

CREATE TABLE run_files (
  run INTEGER NOT NULL REFERENCES runs (id),
  position INTEGER NOT NULL,
  file TEXT NOT NULL,
  digest TEXT NOT NULL,
  sum INTEGER NOT NULL,
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE batches (
  id INTEGER PRIMARY KEY,
  batch TEXT NOT NULL UNIQUE,
  run INTEGER NOT NULL REFERENCES runs (id),
  pack TEXT NOT NULL,
  members INTEGER NOT NULL,
  intended_at TEXT NOT NULL,
  sum INTEGER NOT NULL
) STRICT;

CREATE TABLE attempts (
  batch INTEGER NOT NULL REFERENCES batches (id),
  number INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  how TEXT CHECK (how IN ('answered', 'not-sent', 'cannot-know')),
  detail TEXT,
  sum INTEGER NOT NULL,
  PRIMARY KEY (batch, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE declarations (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN (
    'prepared', 'sending', 'received', 'registered', 'accepted', 'held', 'released', 'cleared', 'exited',
    'unknown', 'rejected', 'cancelled')),
  run INTEGER NOT NULL REFERENCES runs (id),
  entry_id TEXT,
  intended_at TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  sum INTEGER NOT NULL
) STRICT;
CREATE INDEX declarations_by_state ON declarations (state);
CREATE INDEX declarations_by_run ON declarations (run);

CREATE TABLE bodies (
  id INTEGER PRIMARY KEY,
  content ANY NOT NULL,
  sum INTEGER NOT NULL
) STRICT;

CREATE TABLE versions (
  declaration INTEGER NOT NULL REFERENCES declarations (id),
  number INTEGER NOT NULL,
  batch INTEGER NOT NULL REFERENCES batches (id),
  position INTEGER NOT NULL,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  rows TEXT,
  body INTEGER,
  intended_at TEXT NOT NULL,
  sum INTEGER NOT NULL,
  PRIMARY KEY (declaration, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX versions_by_batch ON versions (batch, position);

CREATE TABLE receipts (
  id INTEGER PRIMARY KEY,
  declaration INTEGER NOT NULL REFERENCES declarations (id),
  version INTEGER NOT NULL,
  receipt TEXT NOT NULL,
  state TEXT,
  recorded_at TEXT NOT NULL,
  raw TEXT,
  sum INTEGER NOT NULL,
  UNIQUE (declaration, receipt)
) STRICT;

CREATE TABLE stray_receipts (
  key TEXT NOT NULL,
  receipt TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  raw TEXT NOT NULL,
  sum INTEGER NOT NULL,
  PRIMARY KEY (key, receipt)
) STRICT, WITHOUT ROWID;

CREATE TABLE cursors (
  window TEXT PRIMARY KEY,
  cursor TEXT NOT NULL,
  sum INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
