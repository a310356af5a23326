/** Calls and words that have a better replacement here; each rule names it. */
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { isCode, isGenerated, places, ROOT, type Rule, withoutComments } from '../source.ts';

interface Ban {
  readonly where: RegExp;
  readonly except?: RegExp;
  readonly what: RegExp;
  readonly instead: string;
}

const PRODUCT = /^(protocol|server|web)\/.*\.tsx?$/;
const TYPESCRIPT = /\.tsx?$/;
const REAL_TIME = /^Sources\/FlowCore\/(RealTime|Exchange)\//;

const BANS: readonly Ban[] = [
  {
    where: PRODUCT,
    what: /\bconsole\.\w+/g,
    instead: 'stdout carries the ready line only; use server/telemetry/log.ts',
  },
  {
    where: PRODUCT,
    except: /(^|\/)clock\.ts$/,
    what: /\bDate\.now\b|\bnew Date\(\)/g,
    instead: 'time is injected; take the clock as a parameter',
  },
  {
    where: /^(protocol|server|web|tests)\/.*\.tsx?$/,
    except: /^tests\/support\/seed\.ts$/,
    what: /\bMath\.random\b/g,
    instead: 'take a seeded generator, or crypto.randomUUID() for an id',
  },
  { where: TYPESCRIPT, what: /\bas any\b/g, instead: 'name the type, or check an unknown' },
  {
    where: TYPESCRIPT,
    what: /@ts-(ignore|nocheck)\b/g,
    instead: 'use @ts-expect-error with the reason',
  },
  {
    where: /^web\//,
    what: /\b(innerHTML|outerHTML|insertAdjacentHTML)\b/g,
    instead: 'names come from other players; set textContent',
  },
  {
    where: /^tests\/.*\.tsx?$/,
    what: /\b(test|it|describe)\.only\b/g,
    instead: 'the others would not run',
  },
  {
    where: REAL_TIME,
    what: /\b(DispatchQueue|DispatchSemaphore|NSLock|Mutex|Thread\.sleep|usleep|nanosleep|FileHandle)\b/g,
    instead: 'the audio thread waits for nobody; hand the work over by a ring',
  },
  {
    where: /^Sources\/FlowCore\//,
    what: /(?<![.\w])(print|debugPrint|NSLog)\(/g,
    instead: 'stdout carries the ready line only; post an event',
  },
];

export const bannedCalls: Rule = (files) =>
  files
    .filter((file) => !isGenerated(file.path))
    .flatMap((file) =>
      BANS.filter((ban) => ban.where.test(file.path) && !ban.except?.test(file.path)).flatMap(
        (ban) => {
          // A directive lives in a comment; everything else may be spoken of there.
          const text = ban.what.source.startsWith('@ts') ? file.text : withoutComments(file.text);
          return places(file, text, ban.what).map(
            (place) => `${place}: banned (${ban.what.source}); ${ban.instead}`,
          );
        },
      ),
    );

/** A reminder in the source is a task nobody sees. */
export const reminders: Rule = (files) =>
  files
    .filter((file) => isCode(file.path))
    .flatMap((file) =>
      places(file, file.text, /\b(?:FIX(?:ME)|TO(?:DO)|X(?:XX)|HA(?:CK))\b/g).map(
        (place) => `${place}: do it now, or write it down where work is planned`,
      ),
    );

/** Folders of the machine this runs on, and anybody's home. */
const machineFolders = (): RegExp => {
  const parent = dirname(ROOT);
  const here = [ROOT, homedir(), ...(/^\/(tmp|home|Users)?$/.test(parent) ? [] : [parent])];
  const names = here.map((path) => path.replaceAll(/[^\w/]/g, String.raw`\$&`)).join('|');
  return new RegExp(String.raw`(?<![\w.\-])(?:(?:${names})/|/(?:home|Users)/\w+)`, 'g');
};

export const machinePaths: Rule = (files) => {
  const pattern = machineFolders();
  return files.flatMap((file) =>
    places(file, file.text, pattern).map(
      (place) =>
        `${place}: a path of one machine; derive it from the repository or the environment`,
    ),
  );
};
