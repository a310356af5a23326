PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE session (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_ms REAL NOT NULL
, removed_ms REAL) STRICT;
INSERT INTO session VALUES('s1','Old',5.0,NULL);
CREATE TABLE run (
  id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES session(id),
  rate_hz INTEGER NOT NULL,
  started_ms REAL NOT NULL,
  ended_ms REAL
, listed_from REAL) STRICT;
INSERT INTO run VALUES('abababababababababababababababab','s1',48000,6.0,NULL,3.0);
CREATE TABLE spool (
  run_id TEXT NOT NULL REFERENCES run(id),
  first_frame REAL NOT NULL,
  to_frame REAL,
  crc INTEGER,
  PRIMARY KEY (run_id, first_frame)
) STRICT;
INSERT INTO spool VALUES('abababababababababababababababab',0.0,100.0,7);
CREATE TABLE gap (
  run_id TEXT NOT NULL REFERENCES run(id),
  from_frame REAL NOT NULL,
  to_frame REAL NOT NULL,
  reason INTEGER NOT NULL,
  PRIMARY KEY (run_id, from_frame)
) STRICT;
INSERT INTO gap VALUES('abababababababababababababababab',5.0,9.0,1);
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
INSERT INTO take VALUES('t1','s1','abababababababababababababababab',0,96000.0,480000.0,48000,24000.0,120.0,4.0,4.0,16.0,0.0,481000.0,0,1,0,0,NULL,1234.0);
INSERT INTO take VALUES('t2','s1','abababababababababababababababab',0,96000.0,480000.0,48000,24000.0,120.0,4.0,4.0,16.0,0.0,481000.0,0,1,0,0,'{"kind":"merge","lengthBeats":16,"framesPerBeat":24000,"layers":[{"originBeat":0,"lengthBeats":16,"offsetFrames":0,"gainLeft":1,"gainRight":1,"takeId":"t1","mode":"repitch","tail":false}]}',1234.0);
INSERT INTO take VALUES('d0','s1','abababababababababababababababab',0,96000.0,480000.0,48000,24000.0,120.0,4.0,4.0,16.0,0.0,481000.0,0,1,0,0,NULL,1234.0);
CREATE TABLE take_file (
  take_id TEXT NOT NULL REFERENCES take(id) ON DELETE RESTRICT,
  part TEXT NOT NULL CHECK (part IN ('window', 'rolls', 'cache')),
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  pre_frames INTEGER NOT NULL,
  PRIMARY KEY (take_id, part)
) STRICT;
INSERT INTO take_file VALUES('t1','window','abababababababababababababababababababababababababababababababab',9,0);
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
  hash TEXT NOT NULL, bar_frac REAL NOT NULL DEFAULT 0, input_chain TEXT NOT NULL DEFAULT '[]',
  UNIQUE (session_id, seq)
) STRICT;
INSERT INTO riff VALUES('root','s1',NULL,0,1000.0,'ROOT',NULL,0.0,'Empty session',120.0,4,4,'','604069b2e480e73c77a641aa250a4d9962df22a8b2419534d456be3116b76906',0.0,'[]');
INSERT INTO riff VALUES('a','s1','root',1,1001.0,'CAPTURE',NULL,0.0,'Empty session',120.0,4,4,'604069b2e480e73c77a641aa250a4d9962df22a8b2419534d456be3116b76906','7e391eac7eb19e1d1b0fa19fb8eb072c587f3e61c91027b27ec88564c46060c5',0.25,'[]');
INSERT INTO riff VALUES('b','s1','a',2,1002.0,'CAPTURE',NULL,0.0,'Empty session',120.0,4,4,'7e391eac7eb19e1d1b0fa19fb8eb072c587f3e61c91027b27ec88564c46060c5','850498795af1d3e95eb09089459e57fb1595ac4801c9d13d276bf55e083cdecb',0.0,'[]');
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
INSERT INTO riff_slot VALUES('a',2,'t1',-4.0,16.0,11.0,4.0,'repitch',0.5,-0.25,1,0,'[]');
INSERT INTO riff_slot VALUES('b',0,'t2',-4.0,16.0,11.0,4.0,'repitch',0.5,-0.25,1,0,'[]');
CREATE TABLE head (
  session_id TEXT PRIMARY KEY REFERENCES session(id),
  riff_id TEXT NOT NULL REFERENCES riff(id) ON DELETE RESTRICT,
  grid_shift REAL NOT NULL
) STRICT;
INSERT INTO head VALUES('s1','a',7.0);
CREATE TABLE head_move (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  session_id TEXT NOT NULL REFERENCES session(id),
  from_riff TEXT REFERENCES riff(id) ON DELETE RESTRICT,
  to_riff TEXT NOT NULL REFERENCES riff(id) ON DELETE RESTRICT,
  cause TEXT NOT NULL,
  at_ms REAL NOT NULL
) STRICT;
INSERT INTO head_move VALUES(1,'m0','s1',NULL,'root','COMMIT',1000.0);
INSERT INTO head_move VALUES(2,'m1','s1','root','a','COMMIT',1001.0);
INSERT INTO head_move VALUES(3,'m2','s1','a','b','COMMIT',1002.0);
INSERT INTO head_move VALUES(4,'m3','s1','b','a','UNDO',9.0);
CREATE TABLE mix (
  session_id TEXT PRIMARY KEY REFERENCES session(id),
  document TEXT NOT NULL
) STRICT;
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
INSERT INTO damage VALUES('t1');
CREATE TABLE epoch (
  run_id TEXT NOT NULL REFERENCES run(id),
  from_frame REAL NOT NULL,
  line_frame REAL NOT NULL,
  line_beat REAL NOT NULL,
  line_bar REAL NOT NULL,
  frames_per_beat REAL NOT NULL,
  beats_per_bar INTEGER NOT NULL,
  PRIMARY KEY (run_id, from_frame)
) STRICT;
CREATE TABLE latency_trim (
  device TEXT NOT NULL,
  rate_hz INTEGER NOT NULL,
  block_frames INTEGER NOT NULL,
  trim_frames INTEGER NOT NULL,
  PRIMARY KEY (device, rate_hz, block_frames)
) STRICT;
CREATE TABLE opened (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  session_id TEXT NOT NULL REFERENCES session(id),
  at_ms REAL NOT NULL
) STRICT;
CREATE TABLE journal (
  seq INTEGER NOT NULL
) STRICT;
INSERT INTO journal VALUES(15);
CREATE TABLE trash (
  sha256 TEXT PRIMARY KEY,
  since_ms REAL NOT NULL
) STRICT;
CREATE TABLE cache_file (
  sound_id TEXT NOT NULL,
  rate_hz INTEGER NOT NULL,
  version TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (sound_id, rate_hz)
) STRICT;
INSERT INTO cache_file VALUES('x',48000,'1','cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd',99);
CREATE TABLE hurt (
  run_id TEXT NOT NULL REFERENCES run(id),
  source INTEGER NOT NULL,
  from_frame REAL NOT NULL,
  to_frame REAL NOT NULL,
  PRIMARY KEY (run_id, source, from_frame)
) STRICT;
INSERT INTO hurt VALUES('abababababababababababababababab',1,2.0,4.0);
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
INSERT INTO plugin VALUES('p0','s1','vst3:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','Room','Maker & Son','maker','/usr/lib/vst3/Room.vst3',0,0,'efefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefef',NULL);
CREATE TABLE dry_side (
  take_id TEXT PRIMARY KEY REFERENCES take(id) ON DELETE RESTRICT,
  dry_id TEXT NOT NULL REFERENCES take(id) ON DELETE RESTRICT,
  notes TEXT NOT NULL
) STRICT;
INSERT INTO dry_side VALUES('t1','d0','[]');
CREATE TABLE settled (
  take_id TEXT PRIMARY KEY REFERENCES take(id) ON DELETE RESTRICT
) STRICT;
INSERT INTO settled VALUES('t2');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('head_move',4);
CREATE INDEX take_of_session ON take(session_id);
CREATE INDEX riff_slot_take ON riff_slot(take_id);
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
CREATE TRIGGER damage_no_update BEFORE UPDATE ON damage
BEGIN SELECT RAISE(ABORT, 'damage is written once'); END;
CREATE TRIGGER damage_no_delete BEFORE DELETE ON damage
BEGIN SELECT RAISE(ABORT, 'damage is written once'); END;
CREATE INDEX opened_of_session ON opened(session_id, at_ms);
CREATE INDEX take_derived ON take(id) WHERE recipe IS NOT NULL;
CREATE INDEX plugin_of_session ON plugin(session_id);
CREATE TRIGGER plugin_no_delete BEFORE DELETE ON plugin
BEGIN SELECT RAISE(ABORT, 'plugin is written once'); END;
CREATE TRIGGER dry_side_no_update BEFORE UPDATE ON dry_side
BEGIN SELECT RAISE(ABORT, 'dry_side is written once'); END;
CREATE TRIGGER dry_side_no_delete BEFORE DELETE ON dry_side
BEGIN SELECT RAISE(ABORT, 'dry_side is written once'); END;
CREATE TRIGGER settled_no_update BEFORE UPDATE ON settled
BEGIN SELECT RAISE(ABORT, 'settled is written once'); END;
CREATE TRIGGER settled_no_delete BEFORE DELETE ON settled
BEGIN SELECT RAISE(ABORT, 'settled is written once'); END;
COMMIT;
PRAGMA user_version = 14;
