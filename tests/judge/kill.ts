/**
 * Kills processes while loops play, and prints what was heard.
 *
 *   bun tests/judge/kill.ts [--long] [--seed N]
 */
import { judgeEngineKills } from './engine-kills.ts';
import { judgeGatewayKills } from './gateway-kills.ts';

const times = process.argv.includes('--long') ? 20 : 3;
const seed = Number(process.argv[process.argv.indexOf('--seed') + 1]) || 77;
for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
  process.stdout.write(`${JSON.stringify(await judgeGatewayKills(times, signal, seed))}\n`);
}
const report = await judgeEngineKills(Math.max(3, times / 2), seed);
process.stdout.write(`${JSON.stringify(report)}\n`);
