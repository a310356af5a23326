/** Which takes are marked when the core tells of damaged frames, or of a damaged take. */
import type { SessionContext } from '../context.ts';
import type { CoreEvent } from '../core/port.ts';
import { SourceRanges } from '../runs/source-ranges.ts';
import { heardSource } from './take-places.ts';

export interface CoreDamage {
  /** Told of takes that may sound already: their last frames had not come then. */
  taint(takeIds: readonly string[]): void;
  onDamaged(event: CoreEvent): void;
  /** Marks what was made of damaged frames before they were told: once for all of a poll. */
  polled(): void;
}

export const makeCoreDamage = (context: SessionContext): CoreDamage => {
  const { damage, log, runId, takes } = context;
  /** Told since the last poll: after a crash hundreds at once. */
  let fresh = new SourceRanges();

  const taint = (takeIds: readonly string[]) => {
    const dry = takeIds.flatMap((id) => takes.drySide(id)?.takeId ?? []);
    const news = takes.taint([...takeIds, ...dry]);
    for (const id of news) log.add({ kind: 'takeTainted', takeId: id });
    for (const [slot, loop] of context.loops.entries()) {
      if (!loop || !news.includes(loop.takeId)) continue;
      context.apply({ t: 'slotContent', slot, content: takes.content(loop) });
    }
  };

  return {
    taint,
    onDamaged({ fromFrame, toFrame, sourceIndex: source }) {
      const hurt = { source, fromFrame, toFrame };
      // After a crash what is stored already is told again.
      if (!damage.holds(hurt)) log.aside({ kind: 'hurt', runId, hurt });
      damage.add(hurt);
      fresh.add(hurt);
    },
    polled() {
      if (fresh.count === 0) return;
      const told = fresh;
      fresh = new SourceRanges();
      const made = takes
        .played()
        .filter((take) => !take.tainted && take.runId === runId)
        .filter((take) => told.touches(heardSource(take), take.fromFrame, take.toFrame));
      if (made.length > 0) taint(made.map(({ id }) => id));
    },
  };
};
