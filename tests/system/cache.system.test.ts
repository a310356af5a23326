/**
 * Rendered loops are read back after a restart: bit for bit what rendering gives, or rendered again.
 *
 * What an engine had in memory is told by the log it writes: every rendered loop, by the hash of its
 * samples, and whether it was rendered or read. Each loop is found there under the id of what was done to which take at which tempo.
 */
import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import {
  copyFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Client, connect, type Json } from '../judge/client.ts';
import { makeFolder, type Product, startProduct, until, withCleanup } from '../judge/product.ts';
import { healthOf, ok, waitBars } from '../judge/stage.ts';

const SLOTS = 6;
const BARS = 4;
const SCRIPT = join(import.meta.dirname, '../../scripts/replay.ts');
/** Five seconds that a sound has to stand, and time to write all of them. */
const FILED_MS = 30_000;
const DAMAGED = 'a rendered loop was damaged and is made again';

interface Row {
  readonly sound_id: string;
  readonly sha256: string;
}

const lines = (log: string): Json[] =>
  readFileSync(join(log, 'log.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line));

/** Hashes of the loops that came into this engine's memory, by id. */
const loopsIn = (log: string): Map<string, string> =>
  new Map(lines(log).flatMap(({ t, id, sha }) => (t === 'loop' ? [[id, sha] as const] : [])));

/** Of these loops those that this engine rendered; the others it has read. */
const renderedIn = (log: string, ids: readonly string[]): string[] =>
  lines(log).flatMap(({ t, id, isRendered }) =>
    t === 'loop' && isRendered && ids.includes(id) ? [id] : [],
  );

const rowsIn = (data: string): Row[] => {
  const db = new Database(join(data, 'flowzone.db'), { readonly: true });
  const rows = db.query('SELECT sound_id, sha256 FROM cache_file ORDER BY sound_id').all() as Row[];
  db.close();
  return rows;
};

const hexOf = ({ sound_id: id }: Row): string => id.replaceAll('-', '');

class Stage {
  readonly data = makeFolder();
  readonly cache = join(this.data, 'cache');
  readonly #later: (end: () => unknown) => void;

  constructor(later: (end: () => unknown) => void) {
    this.#later = later;
  }

  /** An engine whose log begins here; `loops` are what it has brought into memory. */
  async start() {
    const logs = makeFolder();
    const begun = performance.now();
    const device = ['--device', 'headless', '--bpm', '240', '--log', logs];
    const env = { FLOWZONE_CRASH_GUARD: 'off' };
    const product = await startProduct(device, { data: this.data, env });
    this.#later(() => product.stop('SIGKILL'));
    const log = join(logs, readdirSync(logs).toSorted().at(-1) ?? '');
    return { product, log, begun, loops: () => loopsIn(log) };
  }

  /** Starts, waits until every one of these sounds is in memory, and ends in order. */
  async play(ids: readonly string[]) {
    const { begun, log, loops, product } = await this.start();
    const isThere = () => ids.every((id) => loops().has(id));
    await until('all sounds', isThere, 60_000);
    const ms = Math.round(performance.now() - begun);
    const said = product.log();
    await waitBars(product, 1);
    await product.stop();
    return { ms, log, said, loops: loops() };
  }

  names = (): string[] => readdirSync(this.cache).toSorted();
}

/** Stretched loops, one of them made of two takes, at another tempo than their own. */
const perform = async (product: Product, client: Client) => {
  await waitBars(product, BARS + 1);
  const press = (slot: number, mode = 'replace') =>
    ok(client, { cmd: 'TRIGGER_SLOT', slot, bars: BARS, quantized: true, mode });
  for (let slot = 0; slot < SLOTS; slot += 1) {
    await press(slot);
    await ok(client, { cmd: 'SET_TEMPO_MODE', slot, mode: 'stretch' });
    await waitBars(product, 1);
  }
  await press(0, 'overdub');
  await until('all saved', () =>
    client.state().slots.every((slot: Json) => slot.takeId === null || slot.saved),
  );
  await ok(client, { cmd: 'SET_TEMPO', bpm: 201 });
};

/** The log gives the same master again, in blocks of another size too. */
const expectReplayed = (log: string) => {
  for (const blockFrames of [128, 37]) {
    const done = Bun.spawnSync(['bun', SCRIPT, log, '--block', String(blockFrames)]);
    const says = done.stdout.toString() + done.stderr.toString();
    expect({ code: done.exitCode, says }).toMatchObject({ code: 0 });
    expect(says).toContain('equal');
  }
};

const flip = (path: string) => {
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 0x40, bytes.length >> 1);
  writeFileSync(path, bytes);
};

test(
  'rendered loops come back from their files bit for bit, and never from a wrong one',
  () =>
    withCleanup(async (later) => {
      const stage = new Stage(later);
      const first = await stage.start();
      await perform(first.product, await connect(first.product.url));
      // Each at its tempo, and the overdub at its own.
      await until('all have files', () => rowsIn(stage.data).length === SLOTS + 1, FILED_MS);
      const rows = rowsIn(stage.data);
      const ids = rows.map(hexOf);
      process.kill((await healthOf(first.product)).enginePid, 'SIGKILL');
      await first.product.stop('SIGKILL');
      const rendered = first.loops();
      const expectSame = (loops: Map<string, string>) => {
        for (const id of ids) expect(loops.get(id)).toBe(rendered.get(id) ?? 'not rendered');
      };
      const files = rows.map(({ sha256 }) => `${sha256}.wav`).toSorted();
      expect(stage.names()).toEqual(files);

      // Once after a kill; once after an orderly end, with a log that begins with its run.
      expectSame((await stage.play(ids)).loops);
      const cached = await stage.play(ids);
      expectSame(cached.loops);
      expect(cached.said).not.toContain(DAMAGED);
      expect(renderedIn(first.log, ids).toSorted()).toEqual(ids.toSorted());
      expect(renderedIn(cached.log, ids)).toEqual([]);
      expectReplayed(cached.log);

      // Killed between file and row: the file is not known, does not play and does not stay.
      const orphan = `${'0'.repeat(64)}.wav`;
      copyFileSync(join(stage.cache, files[0] ?? ''), join(stage.cache, orphan));
      writeFileSync(join(stage.cache, 'tmp-0123'), 'half');
      const [changed = '', cut = '', gone = ''] = files.map((name) => join(stage.cache, name));
      flip(changed);
      truncateSync(cut, 5000);
      rmSync(gone);
      const damaged = await stage.play(ids);
      expectSame(damaged.loops);
      for (const path of [changed, cut, gone]) expect(damaged.said).toContain(path);
      expect(damaged.said.split(DAMAGED)).toHaveLength(4);
      expect(renderedIn(damaged.log, ids)).toHaveLength(3);
      const left = stage.names();
      expect(left.filter((name) => name.startsWith('bad-'))).toHaveLength(2);
      expect(left).not.toContain(orphan);
      expect(left).not.toContain('tmp-0123');

      // Without any file everything is rendered, and the same.
      const known = rowsIn(stage.data).length;
      rmSync(stage.cache, { recursive: true });
      const anew = await stage.play(ids);
      expectSame(anew.loops);
      expect(anew.said.split(DAMAGED)).toHaveLength(1 + known);
      expect(renderedIn(anew.log, ids).toSorted()).toEqual(ids.toSorted());
      const ratio = cached.ms / anew.ms;
      process.stdout.write(
        `ready with files ${cached.ms} ms, without ${anew.ms} ms: ratio ${ratio.toFixed(2)}\n`,
      );
    }),
  180_000,
);
