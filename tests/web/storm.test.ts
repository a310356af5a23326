/** A storm of patches before a stand-in of the gateway: the page stays quick, and ends where the server is. */
import { expect, test } from 'bun:test';
import { at } from '../support/at.ts';
import { DESKTOP, makeStands } from '../support/page-stand.ts';

const { withPage } = makeStands();

const STORM_MS = 5000;
const EACH_MS = 10;
const PATCHES = 10;
/** Of script, on cores that are shared with whoever sends them. */
const PATCH_MS_MAX = 1;

test('a thousand patches a second for five seconds cost the page little each, and none is lost', () =>
  withPage('full', { viewport: DESKTOP, reducedMotion: 'reduce' }, async (stand) => {
    const { fixture, page, sent } = stand;
    await page.waitForTimeout(1500);
    const client = await page.context().newCDPSession(page);
    await client.send('Performance.enable');
    const scriptMs = async () => {
      const { metrics } = await client.send('Performance.getMetrics');
      return 1000 * (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN);
    };
    const before = await scriptMs();
    const beganMs = performance.now();
    let count = 0;
    while (performance.now() - beganMs < STORM_MS) {
      for (let each = 0; each < PATCHES; each += 1) {
        count += 1;
        fixture.change((state) => {
          at(state.slots, count % 8).volume = (count % 100) / 100;
        });
      }
      await Bun.sleep(EACH_MS);
    }
    fixture.change((state) => {
      at(state.slots, 0).volume = 0.5;
      at(state.slots, 7).name = 'The end';
    });
    await page.getByText('The end').first().waitFor();
    await page.locator('[aria-label="More about slot 1, volume −6.0 dB"]').waitFor();
    const eachMs = ((await scriptMs()) - before) / count;
    process.stderr.write(`storm: ${count} patches, ${eachMs.toFixed(2)} ms of script for each\n`);
    expect(count).toBeGreaterThan(1000);
    expect(eachMs).toBeLessThanOrEqual(PATCH_MS_MAX);
    expect(sent('GET_FULL_STATE')).toEqual([]);
    expect(stand.faults).toEqual([]);
  }));
