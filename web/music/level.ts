/** Levels: linear gain, dB, the scale that meters and faders share, and how a meter moves. */

export const DB_MIN = -60;
export const DB_MAX = 6;
const EXPONENT = 1.6;

/** Fall of 20 dB in 1.7 s, whatever the frame rate (IEC 60268-10). */
export const FALL_DB_PER_MS = 20 / 1700;
export const HOLD_MS = 1500;

export const gainToDb = (gain: number): number => (gain <= 0 ? -Infinity : 20 * Math.log10(gain));

/** Place on the scale −60…+6 dB, 0…1. */
export const dbToPlace = (db: number): number => {
  if (!(db > DB_MIN)) return 0;
  return Math.min(1, ((db - DB_MIN) / (DB_MAX - DB_MIN)) ** EXPONENT);
};

export const placeToDb = (place: number): number =>
  DB_MIN + (DB_MAX - DB_MIN) * Math.max(0, place) ** (1 / EXPONENT);

/** Place of 0 dB: the top of every volume fader. */
export const UNITY_PLACE = dbToPlace(0);

/** Fader 0…1 (1 = 0 dB) of a linear gain, and back. The lowest step is silence. */
export const gainToFader = (gain: number): number => dbToPlace(gainToDb(gain)) / UNITY_PLACE;

export const faderToGain = (fader: number): number => {
  if (fader <= 0) return 0;
  if (fader >= 1) return 1;
  return 10 ** (placeToDb(fader * UNITY_PLACE) / 20);
};

/** "−6.0", "0.0", "−∞": a true minus. */
export const dbFigure = (db: number, digits = 1): string => {
  if (!(db > DB_MIN)) return '−∞';
  const size = Math.abs(db).toFixed(digits);
  return db < 0 && Number(size) !== 0 ? `−${size}` : size;
};

/** "−6.0 dB", "silent". */
export const dbText = (db: number): string => (db > DB_MIN ? `${dbFigure(db)} dB` : 'silent');

/** One channel of a meter; all in dB. */
export interface MeterState {
  level: number;
  hold: number;
  holdLeftMs: number;
}

export const makeMeterState = (): MeterState => ({ level: -120, hold: -120, holdLeftMs: 0 });

/** Moves a channel by `dtMs` towards `inputDb`: up at once, down at the fixed rate. */
export const moveMeter = (meter: MeterState, inputDb: number, dtMs: number): void => {
  const input = Math.max(-120, inputDb);
  meter.level = Math.max(input, meter.level - FALL_DB_PER_MS * dtMs, -120);
  if (input >= meter.hold) {
    meter.hold = input;
    meter.holdLeftMs = HOLD_MS;
    return;
  }
  meter.holdLeftMs -= dtMs;
  if (meter.holdLeftMs <= 0) meter.hold = Math.max(meter.level, meter.hold - FALL_DB_PER_MS * dtMs);
};
