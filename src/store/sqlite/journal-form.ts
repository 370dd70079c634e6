import type { Form } from './form.ts'

const first = `
  CREATE TABLE runs (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    service TEXT NOT NULL,
    service_key TEXT NOT NULL,
    protocol TEXT NOT NULL CHECK (protocol IN ('tcp', 'udp')),
    port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
    command TEXT NOT NULL,
    cwd TEXT NOT NULL,
    log TEXT NOT NULL,
    boot TEXT NOT NULL,
    pid INTEGER NOT NULL,
    start INTEGER NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    exit_code INTEGER,
    exit_signal TEXT
  ) STRICT;
  CREATE INDEX runs_service ON runs (service_key, position);
  CREATE INDEX runs_unended ON runs (position) WHERE ended_at IS NULL;
`

const services = `
  CREATE TABLE wanted (service_key TEXT PRIMARY KEY, service TEXT NOT NULL) STRICT;
  CREATE TABLE turns (
    service_key TEXT PRIMARY KEY,
    boot TEXT NOT NULL,
    pid INTEGER NOT NULL,
    start INTEGER NOT NULL
  ) STRICT;
`

/** By the registry that they are of: a journal is one machine's, and a machine may work with several. */
const sightings = `
  CREATE TABLE sightings (
    position INTEGER PRIMARY KEY,
    store TEXT NOT NULL,
    "of" TEXT NOT NULL CHECK ("of" IN ('claim', 'session')),
    id TEXT NOT NULL,
    mark INTEGER NOT NULL,
    boot TEXT NOT NULL,
    at REAL NOT NULL
  ) STRICT;
  CREATE INDEX sightings_store ON sightings (store, position);
`

/** History: who had which listener, in milliseconds since the boot, and the watches that turn these into times. */
const history = `
  CREATE TABLE watches (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    boot TEXT NOT NULL,
    begun INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    clock_offset INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE tenures (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    protocol TEXT NOT NULL CHECK (protocol IN ('tcp', 'udp')),
    address TEXT NOT NULL,
    port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
    user TEXT NOT NULL,
    holder TEXT,
    boot TEXT NOT NULL,
    begun INTEGER NOT NULL,
    exact INTEGER NOT NULL,
    ended INTEGER,
    ending TEXT CHECK (ending IN ('closed', 'unseen'))
  ) STRICT;
  CREATE INDEX tenures_port ON tenures (port, position);
  CREATE INDEX tenures_open ON tenures (position) WHERE ended IS NULL;
  CREATE TABLE verdict_changes (
    position INTEGER PRIMARY KEY,
    service TEXT NOT NULL,
    protocol TEXT NOT NULL,
    address TEXT NOT NULL,
    port INTEGER NOT NULL,
    boot TEXT NOT NULL,
    at INTEGER NOT NULL,
    verdict_before TEXT NOT NULL,
    verdict_after TEXT NOT NULL
  ) STRICT;
  CREATE INDEX verdict_changes_port ON verdict_changes (port, position);
`

const setbacks = `
  CREATE TABLE setbacks (
    service_key TEXT PRIMARY KEY,
    service TEXT NOT NULL,
    phase TEXT NOT NULL CHECK (phase IN ('unhealthy', 'backing-off', 'failed')),
    ends INTEGER NOT NULL,
    why TEXT NOT NULL,
    at TEXT NOT NULL
  ) STRICT;
`

/**
 * `IZAJ` in ASCII. NORMAL: what was acknowledged survives a kill -9 of every process, and a power cut that loses the last runs has also ended them.
 * So a start does not wait for the disk.
 */
export const journalForm: Form = {
  applicationId: 0x495a414a,
  steps: [first, services, sightings, history, setbacks],
  synchronous: 'NORMAL',
}
