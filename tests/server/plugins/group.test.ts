/** Which makers' plug-ins share a process, also where the player knows better. */
import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groupOf } from '../../../server/plugins/group.ts';
import { readGroups } from '../../../server/plugins/group-file.ts';
import { Rig } from '../session/rig.ts';
import { printedSeed } from '../../support/seed.ts';

describe('the group of a maker', () => {
  test('is the same however the maker writes the name', () => {
    const same = (...names: string[]) =>
      expect(new Set(names.map((name) => groupOf(name))).size).toBe(1);
    same('Linux Studio Plugins', 'LSP', 'linux studio plugins project', ' LSP VST3 ');
    same(
      'Acme',
      'ACME',
      'Acme Inc.',
      'Acme, Inc',
      'acme GmbH',
      'Acme and Friends',
      'Acme & Sons',
      'Acme – Berlin',
    );
    same('Dragonfly', 'Dragonfly, Rob', 'Dragonfly / Michael', 'Dragonfly with others');
    same('', '  ', 'unknown maker');
  });

  test('is another one for another maker', () => {
    const makers = ['Acme', 'Acme Sound', 'Andy', 'Bandwidth', 'Ltd Edition'];
    expect(new Set(makers.map((name) => groupOf(name))).size).toBe(makers.length);
    expect(groupOf('Bandwidth')).toBe('bandwidth');
  });

  test('fits the core’s field and is never empty, whatever a bundle says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (vendor) => {
        const bytes = Buffer.byteLength(groupOf(vendor));
        expect(bytes).toBeGreaterThan(0);
        expect(bytes).toBeLessThan(128);
      }),
      { numRuns: 2000, seed: printedSeed() },
    );
  });
});

describe('plugins/groups.json', () => {
  const withFile = (text: string | null, act: (found: ReturnType<typeof readGroups>) => void) => {
    const folder = mkdtempSync(join(tmpdir(), 'fz-groups-'));
    try {
      mkdirSync(join(folder, 'plugins'));
      if (text !== null) writeFileSync(join(folder, 'plugins', 'groups.json'), text);
      act(readGroups(folder));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  test('has the last word', () => {
    withFile('{ "Acme, Inc.": "bad ones", "Other": "bad ones", "X": 7 }', ({ groups, trouble }) => {
      expect(trouble).toBeNull();
      expect([groupOf('ACME', groups), groupOf('Other', groups)]).toEqual(['bad ones', 'bad ones']);
      expect([groupOf('X', groups), groupOf('Third', groups)]).toEqual(['x', 'third']);
      expect(groupOf('constructor', groups)).toBe('constructor');
    });
  });

  test('that is none, or not there, changes nothing; what is wrong with it is told', () => {
    withFile(null, (found) => expect(found).toEqual({ groups: {}, trouble: null }));
    for (const text of ['[', '[]', '7']) {
      withFile(text, ({ groups, trouble }) => {
        expect(groups).toEqual({});
        expect(trouble).not.toBeNull();
      });
    }
  });

  test('reaches the list of plug-ins', () => {
    const rig = new Rig();
    const plugin = { pluginId: `vst3:${'1'.repeat(32)}`, name: 'A', vendor: 'Acme' };
    const more = { version: '1', kind: 'effect', categories: [] } as const;
    rig.session.onPlugins({
      t: 'bundle',
      bundle: {
        path: '/a.vst3',
        folder: 0,
        name: 'a',
        classes: [{ ...plugin, ...more }],
        isConfirmed: true,
        refusal: null,
      },
    });
    const group = () => {
      rig.session.onMessage({ t: 'query', id: 1, query: { kind: 'plugins' } });
      const answer = rig.emitted.findLast((each) => each.t === 'result');
      const result = answer?.t === 'result' ? answer.result : null;
      return result?.kind === 'plugins' ? result.items[0]?.group : undefined;
    };
    expect(group()).toBe('acme');
    rig.session.onPlugins({ t: 'groups', groups: { acme: 'alone' } });
    expect(group()).toBe('alone');
  });
});
