import type { Form } from './form.ts'

/**
 * The tables of a registry. Positions keep the order in which rows were added. Keys are those of `keyOf` in core/commit.
 *
 * Allocations are kept by their endpoint, without a row number: what the checksum covers is then also what a port is looked up by, and a
 * damaged index cannot hide a port. The primary key is the last guard against the same endpoint promised twice, the foreign key against a promise
 * to nobody; it waits for the end of the transaction because a commit may take the rows in any order.
 */
const first = `
  CREATE TABLE meta (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    uuid TEXT NOT NULL,
    host TEXT NOT NULL,
    created_at TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 0)
  ) STRICT;
  CREATE TABLE ranges (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    "from" INTEGER NOT NULL CHECK ("from" BETWEEN 1 AND 65535),
    "to" INTEGER NOT NULL CHECK ("to" BETWEEN "from" AND 65535),
    purpose TEXT NOT NULL,
    examples TEXT NOT NULL
  ) STRICT;
  CREATE TABLE services (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    range TEXT,
    resolved INTEGER NOT NULL CHECK (resolved IN (0, 1)),
    declared TEXT NOT NULL CHECK (declared IN ('active', 'reserved'))
  ) STRICT;
  CREATE TABLE allocations (
    host TEXT NOT NULL,
    protocol TEXT NOT NULL CHECK (protocol IN ('tcp', 'udp')),
    port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
    address TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    fence INTEGER NOT NULL CHECK (fence > 0),
    kind TEXT NOT NULL CHECK (kind IN ('reservation', 'claim')),
    service TEXT NOT NULL,
    service_key TEXT NOT NULL REFERENCES services (key) DEFERRABLE INITIALLY DEFERRED,
    owner TEXT,
    since TEXT NOT NULL,
    expires TEXT,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (host, protocol, port, address)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX allocations_service ON allocations (service_key);
  CREATE TABLE resolutions (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL,
    service TEXT NOT NULL,
    "from" INTEGER CHECK ("from" BETWEEN 1 AND 65535),
    "to" INTEGER NOT NULL CHECK ("to" BETWEEN 1 AND 65535),
    why TEXT NOT NULL,
    "when" TEXT
  ) STRICT;
  CREATE TABLE commits (
    revision INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL,
    effects TEXT NOT NULL,
    committed TEXT NOT NULL
  ) STRICT;
`

/** What people decided about the rules of the audit. */
const second = `
  CREATE TABLE rulings (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    host TEXT,
    rule TEXT NOT NULL,
    about TEXT,
    level TEXT NOT NULL CHECK (level IN ('off', 'notice', 'warning', 'error')),
    why TEXT NOT NULL,
    "when" TEXT
  ) STRICT;
`

/**
 * A row that bears nothing of this has the checksum that it had before, so that the rows of a file of the first form stay as they are. A session
 * has no time in it: it is lost when somebody saw it at one beat for longer than its TTL.
 */
const sessions = `
  CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    host TEXT NOT NULL,
    ttl INTEGER NOT NULL CHECK (ttl > 0),
    beat INTEGER NOT NULL CHECK (beat >= 0)
  ) STRICT, WITHOUT ROWID;
  ALTER TABLE allocations ADD COLUMN begun_boot TEXT;
  ALTER TABLE allocations ADD COLUMN begun_at REAL;
  ALTER TABLE allocations ADD COLUMN token_hash TEXT;
  ALTER TABLE allocations ADD COLUMN session TEXT;
  ALTER TABLE allocations ADD COLUMN standing TEXT CHECK (standing IN ('suspect', 'quarantined'));
`

/** `IZAP` in ASCII. Promises outlive power cuts, hence FULL. */
export const registryForm: Form = { applicationId: 0x495a4150, steps: [first, second, sessions], synchronous: 'FULL' }
