/** The words in the middle of a ring: bars, countdown, progress, or the volume under the finger. */
import type { SlotLook } from '../music/slot-look.ts';
import { dbFigure, gainToDb } from '../music/level.ts';
import { trim } from '../music/words.ts';

export interface CentreInputs {
  readonly look: SlotLook;
  readonly index: number;
  /** Bars of the loop, of the pending capture, and of the next press. */
  readonly bars: number;
  readonly pendingBars: number;
  readonly loopBars: number;
  readonly hasTake: boolean;
  /** Gain while it is dragged. */
  readonly dragged: number | undefined;
  readonly isPhone: boolean;
}

/** [large, small]; an empty large word is a figure that the painter writes. */
export const centreWords = (it: CentreInputs): readonly [string, string] => {
  if (it.dragged !== undefined) return [dbFigure(gainToDb(it.dragged)), 'dB'];
  const unit = it.loopBars === 1 ? 'bar' : 'bars';
  switch (it.look) {
    case 'target':
      return [trim(it.loopBars), it.isPhone ? unit : `${unit} into ${it.index + 1}`];
    case 'empty':
      return ['Press to', `${it.isPhone ? 'take' : 'capture'} ${it.loopBars} ${unit}`];
    case 'recording':
      return ['', `of ${trim(it.pendingBars || it.bars)}${it.isPhone ? '' : ' bars'}`];
    case 'pending':
      return ['', 'beats'];
    default:
      if (!it.hasTake) return ['…', 'sending'];
      if (it.look === 'muted' && it.isPhone) return [trim(it.bars), 'muted'];
      return [trim(it.bars), it.bars === 1 ? 'bar' : 'bars'];
  }
};

/** Writes a moving figure with one decimal, only when it changed. */
export const makeFigure = (element: HTMLElement) => {
  let shown = Number.NaN;
  return {
    forget() {
      shown = Number.NaN;
    },
    write(value: number) {
      const tenths = Math.max(0, Math.round(value * 10));
      if (tenths === shown) return;
      shown = tenths;
      element.textContent = (tenths / 10).toFixed(1);
    },
  };
};
