import { expect, test } from 'bun:test';
import { EVENT_KIND, HOST_STATE, PLUGIN_HEARD } from '../../../protocol/abi.ts';
import { makePluginLog } from '../../../server/engine/plugin-log.ts';
import { makeEvent } from '../session/core-event.ts';

test('each process of plug-ins that comes or goes is a line, and who is to blame is in it', () => {
  const lines: unknown[] = [];
  const log = makePluginLog((level, event, fields) => lines.push([level, event, fields]));
  const host = { kind: EVENT_KIND.pluginHost, slot: 2 };
  const events = [
    makeEvent({ ...host, detail: HOST_STATE.running, value2: 4711 }),
    makeEvent({ kind: EVENT_KIND.captured }),
    makeEvent({ ...host, detail: HOST_STATE.lost, code: 3001, id: [0, 0, 0, 9], value: 1 }),
    makeEvent({ kind: EVENT_KIND.pluginHeard, detail: PLUGIN_HEARD.wet }),
    makeEvent({ kind: EVENT_KIND.pluginHeard, detail: 0, code: 3002, id: [0, 0, 0, 9] }),
  ];
  expect(log.reading(events)).toBe(events);
  const instanceId = '00000000-0000-0000-0000-000000000009';
  const lost = { host: 2, state: 'lost', retries: 1, pid: 0, code: 3001, instanceId };
  expect(lines).toEqual([
    ['info', 'plug-in process', { host: 2, state: 'running', retries: 0, pid: 4711 }],
    ['warn', 'plug-in process', lost],
    ['warn', 'plug-in', { isHeard: false, code: 3002, instanceId }],
  ]);
});
