/**
 * What a Mac can say of FlowZone without anybody listening: each check with what is expected of it.
 *
 * Numbers are those of MAC-CHECK.md. A check that needs ears, plugs or a phone is only there.
 */
export interface Answer {
  readonly code: number;
  readonly text: string;
}

/** FlowZone as it was started for a check. */
export interface Product {
  readonly url: string;
  readonly pid: number;
  readonly enginePid: number;
  /** JSON of one address. */
  get(path: string): Promise<Record<string, unknown>>;
  /** Ends it; the answer is its exit code. */
  stop(): Promise<number>;
}

export interface Tools {
  run(...argv: string[]): Promise<Answer>;
  start(...args: string[]): Promise<Product>;
  wait(ms: number): Promise<void>;
  /** Device of the checks: coreaudio on a Mac. */
  readonly device: string;
}

export interface Verdict {
  /** Null = it says something that somebody has to read. */
  readonly isRight: boolean | null;
  readonly saw: string;
}

export interface Check {
  readonly step: string;
  readonly expect: string;
  check(tools: Tools): Promise<Verdict>;
}

const LINES_MAX = 12;

const tail = (text: string) => text.trimEnd().split('\n').slice(-LINES_MAX).join('\n');

const command = (step: string, expect: string, ...argv: string[]): Check => ({
  step,
  expect,
  async check({ run }) {
    const { code, text } = await run(...argv);
    return { isRight: code === 0, saw: `exit ${code}\n${tail(text)}` };
  },
});

const read = (step: string, expect: string, ...argv: string[]): Check => ({
  step,
  expect,
  async check({ run }) {
    return { isRight: null, saw: tail((await run(...argv)).text) };
  },
});

/** Starts the product, asks it something and ends it again, whatever happens. */
const withProduct = async (
  tools: Tools,
  args: readonly string[],
  ask: (product: Product) => Promise<Verdict>,
): Promise<Verdict> => {
  const product = await tools.start('--device', tools.device, ...args);
  try {
    return await ask(product);
  } finally {
    await product.stop();
  }
};

const SECONDS = 3;

const plays: Check = {
  step: '4. it plays through the hardware',
  expect: 'the device that was asked for, blocks that count at the rate, no late one',
  check: (tools) =>
    withProduct(tools, [], async ({ get }) => {
      const before = await get('/api/health');
      await tools.wait(SECONDS * 1000);
      const after = await get('/api/health');
      const frames = Number(after['frame']) - Number(before['frame']);
      const wanted = SECONDS * Number(after['rateHz']);
      const isRight =
        after['device'] === tools.device &&
        Math.abs(frames - wanted) < wanted / 10 &&
        after['xruns'] === before['xruns'];
      const saw = `${after['device']}, ${after['rateHz']} Hz, block ${after['blockFrames']}, ${frames} frames in ${SECONDS} s, late ${after['xruns']}, load ${after['load']}`;
      return { isRight, saw };
    }),
};

const block = (frames: number): Check => ({
  step: `4. a block of ${frames}`,
  expect: `the hardware takes ${frames} frames, or tells what it took`,
  check: (tools) =>
    withProduct(tools, ['--block', String(frames)], async ({ get }) => {
      const health = await get('/api/health');
      const isRight = Number(health['blockFrames']) === frames;
      const { data } = await get('/api/state');
      return { isRight, saw: JSON.stringify((data as Record<string, unknown>)['devices']) };
    }),
});

const killed: Check = {
  step: '11. the engine is killed',
  expect: 'another engine within 2 s, and nothing left behind at the end',
  check: (tools) =>
    withProduct(tools, [], async ({ enginePid, get }) => {
      await tools.run('kill', '-9', String(enginePid));
      for (let tries = 0; tries < 40; tries += 1) {
        await tools.wait(100);
        const health = await get('/api/health').catch(() => ({}) as Record<string, unknown>);
        const pid = health['enginePid'];
        if (typeof pid === 'number' && pid !== enginePid) {
          return { isRight: tries < 20, saw: `another engine after ${(tries + 1) / 10} s` };
        }
      }
      return { isRight: false, saw: 'no other engine within 4 s' };
    }),
};

const leftovers: Check = {
  step: '11. nothing is left',
  expect: 'launcher, gateway and engine are gone once it has ended',
  async check({ device, run, start }) {
    const product = await start('--device', device);
    const { enginePid, gatewayPid } = await product.get('/api/health');
    const code = await product.stop();
    const pids = [product.pid, gatewayPid, enginePid].map(String);
    const answers = await Promise.all(pids.map((pid) => run('kill', '-0', pid)));
    const alive = pids.filter((_, index) => answers[index]?.code === 0);
    return {
      isRight: code === 0 && alive.length === 0,
      saw: `ended with ${code}; alive: ${alive.join(', ') || 'none'}`,
    };
  },
};

const HOST = '.build/release/PluginHostXPC';

/** @param codes Type, subtype and maker of a unit that every Mac has. */
const unit = (name: string, codes: string): Check => ({
  step: `8. Audio Unit: ${name}`,
  expect: 'it plays every block, and its state makes another one of it the same',
  async check({ run }) {
    const id = Buffer.from(codes).toString('hex').padEnd(32, '0');
    const { code, text } = await run(HOST, 'check', 'audiounit:', id);
    const line = text.split('\n').find((each) => each.startsWith('{"result":'));
    const { result } = JSON.parse(line ?? '{"result":{}}') as { result: Record<string, unknown> };
    const isRight =
      code === 0 &&
      result['failedBlocks64'] === 0 &&
      result['failedBlocks128'] === 0 &&
      Number(result['peak128']) > 0 &&
      result['stateTaken'] === true &&
      result['parametersDiffering'] === 0;
    return { isRight, saw: `exit ${code}\n${tail(text)}` };
  },
});

/** What the machine is; a report without it tells nothing. */
const MACHINE: readonly Check[] = [
  read('0. the system', 'macOS 15 or newer', 'sw_vers'),
  read('0. the processor', 'arm64, or x86_64', 'uname', '-m'),
  read('0. the compiler', 'Swift 6 or newer', 'swift', '--version'),
];

export const CHECKS: readonly Check[] = [
  ...MACHINE,
  command('1. debug build', 'compiles against the real frameworks', 'swift', 'build'),
  command(
    '1. manual rendering',
    'a captured loop through AVAudioEngine, bit for bit',
    'swift',
    'test',
    '--filter',
    'AppleManualTests',
  ),
  command('1. all Swift tests', 'as on Linux', 'swift', 'test'),
  command(
    '1. release build and page',
    'libFlowCore.dylib and the page',
    'sh',
    'scripts/up',
    'build',
  ),
  read(
    "2. Bun's entitlements",
    'com.apple.security.device.audio-input is not among them',
    'sh',
    '-c',
    'codesign -d --entitlements - "$(command -v bun)" 2>&1',
  ),
  plays,
  block(64),
  block(128),
  block(512),
  read('8. Audio Units', 'one line each: of Apple and of others', HOST, 'scan', 'audiounit:'),
  unit('AULowpass', 'aufxlpasappl'),
  unit('DLSMusicDevice', 'aumudls appl'),
  killed,
  leftovers,
];
