/** What a seed decides before anything happens: the window's kind and promises, the declarations, and what goes wrong between runs. */
import type { Declaration } from '../../src/model/declaration.ts';
import { digestOf, parseDeclarationKey, type DeclarationKey } from '../../src/model/ids.ts';
import type { WindowPromises } from '../../src/pack/pack.ts';
import { seeded } from '../soak/seeded.ts';

export type World = {
  readonly random: () => number;
  readonly kind: WindowPromises['kind'];
  readonly promises: WindowPromises;
  readonly requestMs: number;
  readonly keys: readonly DeclarationKey[];
  /** A batch that holds one of these is refused as a whole. */
  readonly poison: ReadonlySet<DeclarationKey>;
  /** The window rejects their first version, some time after it took it. */
  readonly doomed: ReadonlySet<DeclarationKey>;
  /** Somebody else lodged under these before us. */
  readonly foreign: ReadonlySet<DeclarationKey>;
  /** Share of requests that fail. */
  readonly faults: number;
  /** The longest that something is still on its way. */
  readonly lateMs: number;
  /** The window's own clock beside the true one; undefined where it tells none. */
  readonly serverSkewMs: number | undefined;
  /** Past its promise the window no longer knows what it took. */
  readonly forgets: boolean;
  /** What it put off the first time, it takes when the same batch comes again under its key. */
  readonly resumes: boolean;
  /** How far the machine's clock is set, now and then, during a run or between two. */
  readonly jumpsMs: readonly number[];
  /** How long nobody runs the program, now and then. */
  readonly gapsMs: readonly number[];
  readonly kills: number;
};

const kinds = ['key', 'lookup', 'duplicate-refusing', 'none'] as const;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const tenYearsMs = 3_652 * dayMs;
const ahead = [5_000, minuteMs, minuteMs, hourMs, dayMs, tenYearsMs];

export function drawWorld(seed: number): World {
  const random = seeded(seed);
  const kind = kinds[seed % kinds.length] ?? 'key';
  const keys = Array.from({ length: 3 + Math.floor(random() * 20) }, (_, number) => keyOf(number));
  const some = (share: number): ReadonlySet<DeclarationKey> =>
    new Set(random() < share ? keys.filter(() => random() < 0.15) : []);
  const one = keys[Math.floor(random() * keys.length)];
  const poison = new Set(random() < 0.25 && one !== undefined ? [one] : []);
  const lateMs = random() < 0.5 ? 2_500 : 40_000;
  const requestMs = 1_000;
  const lifeMs = random() < 0.5 ? dayMs : 2 * hourMs;
  const gapsMs = random() < 0.3 ? [10 * minuteMs, 0.7 * lifeMs, 0.9 * lifeMs, 1.2 * lifeMs, 3 * lifeMs] : [];
  const serverSkewMs = random() < 0.7 ? Math.floor((random() - 0.5) * dayMs) : undefined;
  // Nothing could tell that time passed where the window tells no time and the clock is set back meanwhile.
  const mayGoBack = serverSkewMs !== undefined || gapsMs.length === 0;
  const jumpsMs = random() < 0.35 ? [...ahead, ...(mayGoBack ? ahead.map((ms) => -ms) : [])] : [];
  return {
    random,
    kind,
    requestMs,
    keys,
    poison,
    doomed: some(0.3),
    foreign: kind === 'duplicate-refusing' ? some(0.3) : new Set(),
    faults: random() * 0.6,
    lateMs,
    serverSkewMs,
    forgets: random() < 0.5,
    resumes: random() < 0.5,
    jumpsMs,
    gapsMs,
    kills: Math.floor(random() * 8),
    promises: {
      kind,
      maxDeclarationsPerBatch: 6,
      maxBytesPerBatch: 1 << 20,
      keyLifeMs: lifeMs,
      duplicateWindowMs: lifeMs,
      settleMs: lateMs + requestMs + 500,
      requestMs,
    },
  };
}

export function pick<T>(random: () => number, from: readonly T[]): T | undefined {
  return from[Math.floor(random() * from.length)];
}

function keyOf(number: number): DeclarationKey {
  const key = parseDeclarationKey(`K${number}`);
  if (key === undefined) throw new Error('the sample is not well formed');
  return key;
}

/** The same content each time it is asked for. */
export function declarationOf(key: DeclarationKey, edition: number): Declaration {
  const content = { DecHead: { BillNo: `B-${key}-${edition}` } };
  const body = JSON.stringify(content);
  const rows = [{ file: 'm.csv', line: Number(key.slice(1)) + 2 }] as const;
  return {
    key,
    digest: digestOf(body),
    direction: 'import',
    content,
    body,
    filled: [],
    rows,
    originOf: () => ({ row: rows[0] }),
  };
}
