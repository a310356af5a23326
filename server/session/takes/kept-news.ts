/** What is told of files, by the keeper and by the core: damaged takes, sounds that were found. */
import { ERRORS } from '../../../protocol/errors.ts';
import type { Alerts } from '../state/alerts.ts';
import type { SessionContext } from '../context.ts';
import { adoptFound } from './found-sounds.ts';
import type { KeeperNews, KeeperWork } from '../keeper/keeper-port.ts';
import { playedTakes } from './recipe.ts';

const { code: DAMAGED } = ERRORS.ERR_TAKE_DAMAGED;
const { code: FAILED } = ERRORS.ERR_KEEPER_FAILED;
const { code: CHANGED } = ERRORS.ERR_STORE_CHANGED;

/** Of a backup or a round, a minute apart: that much may be a disk that was away for a moment. */
const FAILURES_MAX = 3;

const onTake = (context: SessionContext, takeId: string, isDamaged: boolean): void => {
  context.takes.setDamaged(takeId, isDamaged);
  for (const [slot, loop] of context.loops.entries()) {
    const take = loop && context.takes.get(loop.takeId);
    if (!take || !playedTakes(take, context.takes).some(({ id }) => id === takeId)) continue;
    context.apply({ t: 'slotContent', slot, content: context.takes.content(loop) });
  }
};

export const makeKeptNews = (
  context: SessionContext,
  alerts: Pick<Alerts, 'begin' | 'follow' | 'notice'>,
) => {
  const damaged = new Set<string>();
  /** In a row. */
  const failures = new Map<KeeperWork, number>();
  const tellFailures = () =>
    alerts.follow(
      FAILED,
      [...failures.values()].some((count) => count >= FAILURES_MAX),
    );
  return (news: KeeperNews): void => {
    switch (news.t) {
      case 'take': {
        const { isDamaged, takeId } = news;
        if (isDamaged === damaged.has(takeId)) return;
        if (isDamaged) damaged.add(takeId);
        else damaged.delete(takeId);
        onTake(context, takeId, isDamaged);
        alerts.follow(DAMAGED, damaged.size > 0);
        return;
      }
      case 'found':
        if (adoptFound(context, news.files) > 0) alerts.notice(ERRORS.ERR_SOUNDS_FOUND.code);
        return;
      case 'torn':
        context.log.aside({ kind: 'torn', sha256s: news.sha256s, atMs: context.wallClock() });
        return;
      case 'file':
        alerts.follow(CHANGED, !news.isWhole);
        return;
      case 'failed':
        failures.set(news.what, (failures.get(news.what) ?? 0) + 1);
        tellFailures();
        return;
      case 'done':
        failures.delete(news.what);
        // Its own thread is there, too.
        failures.delete('thread');
        tellFailures();
        return;
      case 'report':
    }
  };
};
