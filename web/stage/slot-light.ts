/** The light of a slot follows its level, at most eight style writes a second. */
const EVERY_MS = 125;
const SMOOTH_MS = 200;
const FROM_DB = -26;
const RANGE_DB = 22;
const LEAST_CHANGE = 0.25;

export const makeSlotLight = (element: HTMLElement) => {
  let light = 0;
  let shown = -1;
  let writtenMs = 0;
  return {
    /** `floor` and `slope` are those of the theme, in percent and percent per dB. */
    move(
      isOn: boolean,
      levelDb: number,
      floor: number,
      slope: number,
      nowMs: number,
      dtMs: number,
    ) {
      const above = Math.max(0, Math.min(RANGE_DB, levelDb - FROM_DB));
      const goal = isOn ? floor + slope * above : 0;
      light += (goal - light) * Math.min(1, dtMs / SMOOTH_MS);
      if (nowMs - writtenMs < EVERY_MS || Math.abs(light - shown) < LEAST_CHANGE) return;
      writtenMs = nowMs;
      shown = light;
      element.style.setProperty('--lit', light.toFixed(1));
    },
  };
};
