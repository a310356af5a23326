/** What code can be reached from a function of a built library, read from its assembly. */

export interface Reach {
  /** Functions of the library itself. */
  readonly functions: number;
  /** Names of other libraries' functions, each with one caller. */
  readonly outside: ReadonlyMap<string, string>;
  /** Calls through a pointer, by caller: their target cannot be read. */
  readonly blind: readonly string[];
  /**
   * Those that jump through a table which looks like that of a switch. A table of functions looks the
   * same, so each of them has to be known.
   */
  readonly switches: readonly string[];
}

interface Code {
  readonly targets: Set<string>;
  blind: number;
  switches: number;
}

/** `0000 <name>:`, and `call`/`jmp` to a name, with its offset inside it where it has one. */
const HEAD = /^[0-9a-f]+ <(.+)>:$/;
const JUMP = /\s(?:call|jmp|j[a-z]{1,3})\s+[0-9a-f]+ <([^>]+)>/;
/** Also as the last thing a function does: a jump that does not come back. */
const BLIND = /\s(?:call|jmp)\s+\*/;
/** A switch jumps through a table of its own function: offset read, base added, gone. */
const TABLE = [/\smovslq\s+\(%\w+,%\w+,4\),%(\w+)$/, /\sadd\s+%\w+,%(\w+)$/, /\sjmp\s+\*%(\w+)$/];

const isTableJump = (lines: readonly string[]): boolean => {
  const registers = TABLE.map((step, index) => step.exec(lines[index] ?? '')?.[1]);
  return registers[0] !== undefined && registers.every((each) => each === registers[0]);
};

const disassemble = (path: string): Map<string, Code> => {
  const done = Bun.spawnSync(['objdump', '-d', '--no-show-raw-insn', path], { stderr: 'pipe' });
  if (!done.success) throw new Error(done.stderr.toString());
  const code = new Map<string, Code>();
  const fresh = (): Code => ({ targets: new Set(), blind: 0, switches: 0 });
  let now = fresh();
  const lines = done.stdout.toString().split('\n');
  for (const [index, line] of lines.entries()) {
    const head = HEAD.exec(line)?.[1];
    if (head !== undefined) {
      now = fresh();
      code.set(head, now);
      continue;
    }
    const target = JUMP.exec(line)?.[1]?.replace(/\+0x[0-9a-f]+$/, '');
    if (target !== undefined) now.targets.add(target);
    if (!BLIND.test(line)) continue;
    if (isTableJump(lines.slice(index - 2, index + 1))) now.switches += 1;
    else now.blind += 1;
  }
  return code;
};

/** Follows calls and jumps from every function whose name matches. */
export const reachFrom = (path: string, root: RegExp): Reach => {
  const code = disassemble(path);
  const waiting = [...code.keys()].filter((name) => root.test(name));
  if (waiting.length === 0) throw new Error(`${path} has no function like ${root.source}`);
  const seen = new Set(waiting);
  const outside = new Map<string, string>();
  const blind: string[] = [];
  const switches: string[] = [];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const { targets, ...jumps } = code.get(name) ?? { targets: [], blind: 0, switches: 0 };
    if (jumps.blind > 0) blind.push(name);
    if (jumps.switches > 0) switches.push(name);
    for (const target of targets) {
      if (target.includes('@')) {
        outside.set(target.replace(/@.*$/, ''), name);
      } else if (!seen.has(target)) {
        seen.add(target);
        waiting.push(target);
      }
    }
  }
  return { functions: seen.size, outside, blind, switches };
};
