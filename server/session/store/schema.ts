/**
 * The tables of flowzone.db.
 *
 * Takes, their files, riffs and what they hold are written once: triggers refuse UPDATE and DELETE, so
 * that no bug of ours can take a loop away. What moves are the head, the mixer as last left, names and stars;
 * what may go are rows of rendered sounds, which are made again.
 */

/** `PRAGMA user_version`; a database of a newer one is not opened. */
export const SCHEMA_VERSION = 15;

/** The first version: what a file that is older than this build holds. */
const TABLES = `
CREATE TABLE session (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_ms REAL NOT NULL
) STRICT;

CREATE TABLE run (
  id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES session(id),
  rate_hz INTEGER NOT NULL,
  started_ms REAL NOT NULL,
  ended_ms REAL
) STRICT;

CREATE TABLE spool (
  run_id TEXT NOT NULL REFERENCES run(id),
  first_frame REAL NOT NULL,
  to_frame REAL,
  crc INTEGER,
  PRIMARY KEY (run_id, first_frame)
) STRICT;

CREATE TABLE gap (
  run_id TEXT NOT NULL REFERENCES run(id),
  from_frame REAL NOT NULL,
  to_frame REAL NOT NULL,
  reason INTEGER NOT NULL,
  PRIMARY KEY (run_id, from_frame)
) STRICT;

CREATE TABLE take (
  id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES session(id),
  run_id TEXT NOT NULL REFERENCES run(id),
  source INTEGER NOT NULL,
  from_frame REAL NOT NULL,
  to_frame REAL NOT NULL CHECK (to_frame > from_frame),
  rate_hz INTEGER NOT NULL,
  frames_per_beat REAL NOT NULL,
  bpm REAL NOT NULL,
  bars REAL NOT NULL,
  origin_beat REAL NOT NULL,
  length_beats REAL NOT NULL,
  offset_frames REAL NOT NULL,
  press_frame REAL NOT NULL,
  tainted INTEGER NOT NULL,
  across_change INTEGER NOT NULL,
  recovered INTEGER NOT NULL,
  loose INTEGER NOT NULL,
  recipe TEXT,
  created_ms REAL NOT NULL
) STRICT;
CREATE INDEX take_of_session ON take(session_id);

CREATE TABLE take_file (
  take_id TEXT NOT NULL REFERENCES take(id) ON DELETE RESTRICT,
  part TEXT NOT NULL CHECK (part IN ('window', 'rolls', 'cache')),
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  pre_frames INTEGER NOT NULL,
  PRIMARY KEY (take_id, part)
) STRICT;

CREATE TABLE riff (
  id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES session(id),
  parent_id TEXT REFERENCES riff(id) ON DELETE RESTRICT,
  seq INTEGER NOT NULL,
  ts_ms REAL NOT NULL,
  cause TEXT NOT NULL,
  slot INTEGER,
  bars REAL NOT NULL,
  label TEXT NOT NULL,
  bpm REAL NOT NULL,
  meter_beats INTEGER NOT NULL,
  meter_unit INTEGER NOT NULL,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  UNIQUE (session_id, seq)
) STRICT;

CREATE TABLE riff_slot (
  riff_id TEXT NOT NULL REFERENCES riff(id) ON DELETE RESTRICT,
  slot INTEGER NOT NULL,
  take_id TEXT REFERENCES take(id) ON DELETE RESTRICT,
  origin_beat REAL NOT NULL,
  length_beats REAL NOT NULL,
  offset_frames REAL NOT NULL,
  bars REAL NOT NULL,
  mode TEXT NOT NULL,
  gain REAL NOT NULL,
  pan REAL NOT NULL,
  muted INTEGER NOT NULL,
  soloed INTEGER NOT NULL,
  chain TEXT NOT NULL,
  PRIMARY KEY (riff_id, slot)
) STRICT;
CREATE INDEX riff_slot_take ON riff_slot(take_id);

CREATE TABLE head (
  session_id TEXT PRIMARY KEY REFERENCES session(id),
  riff_id TEXT NOT NULL REFERENCES riff(id) ON DELETE RESTRICT,
  grid_shift REAL NOT NULL
) STRICT;

CREATE TABLE head_move (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  session_id TEXT NOT NULL REFERENCES session(id),
  from_riff TEXT REFERENCES riff(id) ON DELETE RESTRICT,
  to_riff TEXT NOT NULL REFERENCES riff(id) ON DELETE RESTRICT,
  cause TEXT NOT NULL,
  at_ms REAL NOT NULL
) STRICT;

CREATE TABLE mix (
  session_id TEXT PRIMARY KEY REFERENCES session(id),
  document TEXT NOT NULL
) STRICT;
`;

/** Written once and never again. */
export const IMMUTABLE_TABLES = [
  'take',
  'take_file',
  'riff',
  'riff_slot',
  'head_move',
  'gap',
] as const;

const guard = (table: string, verb: 'UPDATE' | 'DELETE'): string =>
  `CREATE TRIGGER ${table}_no_${verb.toLowerCase()} BEFORE ${verb} ON ${table}
BEGIN SELECT RAISE(ABORT, '${table} is written once'); END;`;

/** What makes a file of one version into one of the next; place 0 leads from 1 to 2. */
const STEPS: readonly string[] = [
  `ALTER TABLE riff ADD COLUMN bar_frac REAL NOT NULL DEFAULT 0;
CREATE TABLE latency (
  device TEXT NOT NULL,
  rate_hz INTEGER NOT NULL,
  block_frames INTEGER NOT NULL,
  frames INTEGER NOT NULL,
  output_frames INTEGER NOT NULL,
  PRIMARY KEY (device, rate_hz, block_frames)
) STRICT;
CREATE TABLE damage (
  take_id TEXT PRIMARY KEY REFERENCES take(id) ON DELETE RESTRICT
) STRICT;
${guard('damage', 'UPDATE')}
${guard('damage', 'DELETE')}`,
  `CREATE TABLE epoch (
  run_id TEXT NOT NULL REFERENCES run(id),
  from_frame REAL NOT NULL,
  line_frame REAL NOT NULL,
  line_beat REAL NOT NULL,
  line_bar REAL NOT NULL,
  frames_per_beat REAL NOT NULL,
  beats_per_bar INTEGER NOT NULL,
  PRIMARY KEY (run_id, from_frame)
) STRICT;`,
  `CREATE TABLE latency_trim (
  device TEXT NOT NULL,
  rate_hz INTEGER NOT NULL,
  block_frames INTEGER NOT NULL,
  trim_frames INTEGER NOT NULL,
  PRIMARY KEY (device, rate_hz, block_frames)
) STRICT;`,
  // Which session was opened when: the newest is the one that is open.
  `CREATE TABLE opened (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  session_id TEXT NOT NULL REFERENCES session(id),
  at_ms REAL NOT NULL
) STRICT;
CREATE INDEX opened_of_session ON opened(session_id, at_ms);`,
  // How many writes were committed; see `journal.ts`.
  `CREATE TABLE journal (
  seq INTEGER NOT NULL
) STRICT;
INSERT INTO journal (seq) VALUES (0);`,
  // Files on their way out; see `store-trash.ts`.
  `CREATE TABLE trash (
  sha256 TEXT PRIMARY KEY,
  since_ms REAL NOT NULL
) STRICT;`,
  `CREATE TABLE cache_file (
  sound_id TEXT NOT NULL,
  rate_hz INTEGER NOT NULL,
  version TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (sound_id, rate_hz)
) STRICT;`,
  // Since when it can be brought back only; null = it is there.
  `ALTER TABLE session ADD COLUMN removed_ms REAL;
CREATE INDEX take_derived ON take(id) WHERE recipe IS NOT NULL;`,
  // Frames of a run whose sound was damaged as it came in; see `damage.ts`.
  `CREATE TABLE hurt (
  run_id TEXT NOT NULL REFERENCES run(id),
  source INTEGER NOT NULL,
  from_frame REAL NOT NULL,
  to_frame REAL NOT NULL,
  PRIMARY KEY (run_id, source, from_frame)
) STRICT;`,
  // What a plug-in is never changes; how it was left does. Chains name them.
  `ALTER TABLE riff ADD COLUMN input_chain TEXT NOT NULL DEFAULT '[]';
CREATE TABLE plugin (
  id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES session(id),
  plugin_id TEXT NOT NULL,
  name TEXT NOT NULL,
  vendor TEXT NOT NULL,
  maker TEXT NOT NULL,
  bundle TEXT NOT NULL,
  is_instrument INTEGER NOT NULL,
  bypassed INTEGER NOT NULL DEFAULT 0,
  state TEXT,
  earlier_state TEXT
) STRICT;
CREATE INDEX plugin_of_session ON plugin(session_id);
${guard('plugin', 'DELETE')}`,
  // What was played before the plug-ins of the input, and keys of instruments; see `dry-takes.ts`.
  `CREATE TABLE dry_side (
  take_id TEXT PRIMARY KEY REFERENCES take(id) ON DELETE RESTRICT,
  dry_id TEXT NOT NULL REFERENCES take(id) ON DELETE RESTRICT,
  notes TEXT NOT NULL
) STRICT;
${guard('dry_side', 'UPDATE')}
${guard('dry_side', 'DELETE')}`,
  // From this frame on all that was damaged is in `hurt`; null = nobody knows.
  `ALTER TABLE run ADD COLUMN listed_from REAL;`,
  // What these lack of files cannot be had any more, and is not asked for; see `late-files.ts`.
  `CREATE TABLE settled (
  take_id TEXT PRIMARY KEY REFERENCES take(id) ON DELETE RESTRICT
) STRICT;
${guard('settled', 'UPDATE')}
${guard('settled', 'DELETE')}`,
  // Stars of riffs, which come and go.
  `CREATE TABLE mark (
  riff_id TEXT PRIMARY KEY REFERENCES riff(id) ON DELETE RESTRICT,
  session_id TEXT NOT NULL REFERENCES session(id),
  label TEXT NOT NULL
) STRICT;
CREATE INDEX mark_of_session ON mark(session_id);`,
];

const FIRST = [
  TABLES,
  ...IMMUTABLE_TABLES.flatMap((table) => [guard(table, 'UPDATE'), guard(table, 'DELETE')]),
].join('\n');

/** What brings a file of this version, 0 = an empty one, to that of this build. */
export const upgradeFrom = (version: number): string =>
  [
    ...(version === 0 ? [FIRST] : []),
    ...STEPS.slice(Math.max(0, version - 1)),
    `PRAGMA user_version = ${SCHEMA_VERSION};`,
  ].join('\n');
