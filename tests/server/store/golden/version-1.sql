-- flowzone.db as schema version 1 made it: a session, its root, a riff and its take.

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
CREATE TRIGGER take_no_update BEFORE UPDATE ON take
BEGIN SELECT RAISE(ABORT, 'take is written once'); END;
CREATE TRIGGER take_no_delete BEFORE DELETE ON take
BEGIN SELECT RAISE(ABORT, 'take is written once'); END;
CREATE TRIGGER take_file_no_update BEFORE UPDATE ON take_file
BEGIN SELECT RAISE(ABORT, 'take_file is written once'); END;
CREATE TRIGGER take_file_no_delete BEFORE DELETE ON take_file
BEGIN SELECT RAISE(ABORT, 'take_file is written once'); END;
CREATE TRIGGER riff_no_update BEFORE UPDATE ON riff
BEGIN SELECT RAISE(ABORT, 'riff is written once'); END;
CREATE TRIGGER riff_no_delete BEFORE DELETE ON riff
BEGIN SELECT RAISE(ABORT, 'riff is written once'); END;
CREATE TRIGGER riff_slot_no_update BEFORE UPDATE ON riff_slot
BEGIN SELECT RAISE(ABORT, 'riff_slot is written once'); END;
CREATE TRIGGER riff_slot_no_delete BEFORE DELETE ON riff_slot
BEGIN SELECT RAISE(ABORT, 'riff_slot is written once'); END;
CREATE TRIGGER head_move_no_update BEFORE UPDATE ON head_move
BEGIN SELECT RAISE(ABORT, 'head_move is written once'); END;
CREATE TRIGGER head_move_no_delete BEFORE DELETE ON head_move
BEGIN SELECT RAISE(ABORT, 'head_move is written once'); END;
CREATE TRIGGER gap_no_update BEFORE UPDATE ON gap
BEGIN SELECT RAISE(ABORT, 'gap is written once'); END;
CREATE TRIGGER gap_no_delete BEFORE DELETE ON gap
BEGIN SELECT RAISE(ABORT, 'gap is written once'); END;
PRAGMA user_version = 1;
INSERT INTO session (id, name, created_ms) VALUES ('s1', 'Old', 5);
INSERT INTO run (id, session_id, rate_hz, started_ms, ended_ms) VALUES ('abababababababababababababababab', 's1', 48000, 6, NULL);
INSERT INTO take (id, session_id, run_id, source, from_frame, to_frame, rate_hz, frames_per_beat, bpm, bars, origin_beat, length_beats, offset_frames, press_frame, tainted, across_change, recovered, loose, recipe, created_ms) VALUES ('t1', 's1', 'abababababababababababababababab', 0, 96000, 480000, 48000, 24000, 120, 4, 4, 16, 0, 481000, 0, 1, 0, 0, NULL, 1234);
INSERT INTO riff (id, session_id, parent_id, seq, ts_ms, cause, slot, bars, label, bpm, meter_beats, meter_unit, prev_hash, hash) VALUES ('root', 's1', NULL, 0, 1000, 'ROOT', NULL, 0, 'Empty session', 120, 4, 4, '', '604069b2e480e73c77a641aa250a4d9962df22a8b2419534d456be3116b76906');
INSERT INTO riff (id, session_id, parent_id, seq, ts_ms, cause, slot, bars, label, bpm, meter_beats, meter_unit, prev_hash, hash) VALUES ('a', 's1', 'root', 1, 1001, 'CAPTURE', NULL, 0, 'Empty session', 120, 4, 4, '604069b2e480e73c77a641aa250a4d9962df22a8b2419534d456be3116b76906', '5250642a57e9825a6b46c9473108179586036940a9a72b92fbce16b43dbf052b');
INSERT INTO riff_slot (riff_id, slot, take_id, origin_beat, length_beats, offset_frames, bars, mode, gain, pan, muted, soloed, chain) VALUES ('a', 2, 't1', -4, 16, 11, 4, 'repitch', 0.5, -0.25, 1, 0, '[]');
INSERT INTO head (session_id, riff_id, grid_shift) VALUES ('s1', 'a', 7);
INSERT INTO head_move (seq, id, session_id, from_riff, to_riff, cause, at_ms) VALUES (1, 'm0', 's1', NULL, 'root', 'COMMIT', 1000);
INSERT INTO head_move (seq, id, session_id, from_riff, to_riff, cause, at_ms) VALUES (2, 'm1', 's1', 'root', 'a', 'COMMIT', 1001);
