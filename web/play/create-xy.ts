/** Two parameters under one finger: across and up, sent as sliders send them, the newest wins. */
import { batch, onCleanup } from 'solid-js';
import type { XyPoint } from '../draw/xy.ts';
import { laterByTimer, makeParamSender } from '../sync/make-param-sender.ts';
import type { Axis, XyPrefs } from '../sync/create-prefs.ts';
import { usePage } from '../use-session.ts';
import { createAxisValue } from './create-axis-value.ts';

export const FIRST_XY: XyPrefs = { isHeld: true };

const X = 0;
const Y = 1;

export const createXy = () => {
  const { session } = usePage();
  const prefs = () => session.prefs.xy ?? FIRST_XY;
  /** Only while its plug-in is loaded; another session has others. */
  const known = (axis: Axis | undefined) =>
    axis && session.state.plugins[axis.instanceId] ? axis : undefined;
  const x = createAxisValue(() => known(prefs().x));
  const y = createAxisValue(() => known(prefs().y));
  const sender = makeParamSender({
    later: laterByTimer,
    send(place, val, isLast) {
      const axis = (place === X ? x : y).axis();
      if (!axis) return;
      const wish = { cmd: 'SET_PARAM', ...axis, val } as const;
      if (isLast) void session.run(wish);
      else session.tell(wish);
    },
  });
  onCleanup(sender.flush);

  const set = (place: typeof X | typeof Y, value: number, isLast: boolean) => {
    const axis = place === X ? x : y;
    if (!axis.canMove()) return;
    if (isLast) axis.end(value);
    else axis.hold(value);
    sender.set(place, value, isLast);
  };

  const setX = (value: number, isLast: boolean) => set(X, value, isLast);
  const setY = (value: number, isLast: boolean) => set(Y, value, isLast);

  return {
    x,
    y,
    isHeld: () => prefs().isHeld,
    toggleHeld: () => session.setPrefs({ xy: { ...prefs(), isHeld: !prefs().isHeld } }),
    canMove: () => x.canMove() || y.canMove(),
    setX,
    setY,
    setBoth: (to: XyPoint, isLast: boolean) =>
      batch(() => {
        setX(to.x, isLast);
        setY(to.y, isLast);
      }),
  };
};

export type Xy = ReturnType<typeof createXy>;
