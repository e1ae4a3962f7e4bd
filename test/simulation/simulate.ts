/** One seed: the lodging stages in virtual time against a window that fails, killed and started again until all is done; returns what was broken, and the log. */
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { Declaration } from '../../src/model/declaration.ts';
import { digestOf, parseBatchId, parseDeclarationKey, parseRunId } from '../../src/model/ids.ts';
import type { WindowPromises } from '../../src/pack/pack.ts';
import { dedupe } from '../../src/pipeline/dedupe.ts';
import type { Engine } from '../../src/pipeline/engine.ts';
import { openPressure } from '../../src/pipeline/pressure.ts';
import { reconcile } from '../../src/pipeline/reconcile.ts';
import { submit } from '../../src/pipeline/submit.ts';
import type { Decided, Tracked } from '../../src/pipeline/tracked.ts';
import { seeded } from '../soak/seeded.ts';
import { memoryLedger, memoryStore } from './memory-ledger.ts';
import { simulatedWindow } from './simulated-window.ts';
import { virtualClock } from './virtual-clock.ts';

export type Simulated = {
  readonly wrong: readonly string[];
  readonly log: readonly string[];
  readonly runs: number;
};

const mostRuns = 60;
const requestMs = 1_000;
const kinds = ['key', 'lookup', 'duplicate-refusing', 'none'] as const;

class Killed extends Error {}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the sample is not well formed');
  return value;
}

function declaration(number: number): Declaration {
  const body = JSON.stringify({ DecHead: { BillNo: `B${number}` } });
  const rows = [{ file: 'm.csv', line: number + 2 }] as const;
  return {
    key: known(parseDeclarationKey(`K${number}`)),
    digest: digestOf(body),
    direction: 'import',
    content: { DecHead: { BillNo: `B${number}` } },
    body,
    filled: [],
    rows,
    originOf: () => ({ row: rows[0] }),
  };
}

/** The ledger of one life of the program: unusable once the program is dead. */
function mortal(ledger: Ledger, isDead: () => boolean): Ledger {
  return new Proxy(ledger, {
    get(target, name, receiver) {
      if (isDead()) throw new Killed();
      return Reflect.get(target, name, receiver);
    },
  });
}

export async function simulate(seed: number): Promise<Simulated> {
  const random = seeded(seed);
  const clock = virtualClock();
  const log: string[] = [];
  const say = (line: string): void => void log.push(`${clock.uptimeMs().toFixed(3)} ${line}`);
  const kind = kinds[seed % kinds.length] ?? 'key';
  const count = 3 + Math.floor(random() * 20);
  const declarations = Array.from({ length: count }, (_, number) => declaration(number));
  const poison = new Set(random() < 0.3 ? [`K${Math.floor(random() * count)}`] : []);
  const lateMs = 2_500;
  const window = simulatedWindow({
    random,
    clock,
    kind,
    faults: random() * 0.5,
    lateMs,
    most: random() < 0.3 ? 3 : 6,
    poison,
    log: say,
  });
  const promises: WindowPromises = {
    kind,
    maxDeclarationsPerBatch: 6,
    maxBytesPerBatch: 1 << 20,
    keyLifeMs: 86_400_000,
    duplicateWindowMs: 86_400_000,
    settleMs: lateMs + requestMs + 500,
    requestMs,
  };
  const store = memoryStore();
  const wrong: string[] = [];
  let kills = Math.floor(random() * 8);
  let runs = 0;
  let batches = 0;
  let outcomes = new Map<string, string>();
  let isDone = false;
  while (!isDone && runs < mostRuns) {
    const run = known(
      parseRunId(`20260105-0800${String(runs % 60).padStart(2, '0')}-aa${String(runs).padStart(2, '0')}`),
    );
    runs += 1;
    let isDead = false;
    let killIn = kills > 0 ? 1 + Math.floor(random() * 30) : Number.POSITIVE_INFINITY;
    const mayDie = (where: string): void => {
      killIn -= 1;
      if (killIn > 0) return;
      say(`killed at ${where}`);
      isDead = true;
      throw new Killed();
    };
    const ledger = mortal(memoryLedger(store, mayDie), () => isDead);
    const client = window.connect(
      () => isDead,
      (batch) => {
        if (isDead) throw new Killed();
        for (const { key } of batch.lodgements) {
          const state = store.kept.get(key)?.state;
          if (state === undefined || state === 'prepared')
            wrong.push(`${key} goes out in state ${String(state)}`);
        }
        if ((store.batches.get(batch.id)?.attempts.length ?? 0) === 0)
          wrong.push(`batch ${batch.id} goes out before its attempt was written down`);
      },
    );
    const engine: Engine = {
      run,
      pack: 'p',
      ledger,
      window: client,
      promises,
      random,
      requestMs,
      now: () => new Date(Date.UTC(2026, 0, 5) + clock.uptimeMs()),
      uptimeMs: clock.uptimeMs,
      sleep: clock.sleep,
      deadline: () => new AbortController().signal,
      newBatchId: () => {
        batches += 1;
        return known(parseBatchId(`00000000-0000-4000-8000-${String(batches).padStart(12, '0')}`));
      },
      pressure: openPressure(),
      signal: new AbortController().signal,
    };
    const told: Decided[] = [];
    const life = (async () => {
      ledger.beginRun({
        run,
        command: 'import',
        pack: 'p',
        files: [],
        startedAt: engine.now().toISOString(),
      });
      await reconcile(engine);
      const flow = (async function* () {
        yield declarations.map((value): Tracked<Declaration> => {
          const [row] = value.rows;
          return { kind: 'live', rows: [{ ...row, ordinal: row.line - 2 }], value, problems: [] };
        });
      })();
      told.push(
        ...(await submit(dedupe(flow, ledger), engine, {
          waitMs: 5_000,
          pass: (each) => Promise.resolve(void told.push(...each)),
          tell: () => undefined,
        })),
      );
    })();
    const end = await untilEnd(life, clock.step, () => isDead);
    if (end === 'killed') {
      kills -= 1;
      continue;
    }
    if (end !== 'ended') {
      wrong.push(`the engine threw: ${end}`);
      break;
    }
    outcomes = new Map(told.map(({ decision }) => [decision.key ?? '', decision.outcome]));
    if (told.length !== count) wrong.push(`${told.length} decisions for ${count} declarations`);
    isDone = [...outcomes].every(
      ([key, outcome]) =>
        outcome === 'accepted' ||
        (poison.has(key) && outcome === 'rejected') ||
        (kind === 'none' && (outcome === 'unknown' || outcome === 'pending')),
    );
    say(`run ${runs} ${JSON.stringify([...outcomes])}`);
  }
  // What is still on its way arrives.
  while (clock.step()) await settled();
  if (!isDone)
    wrong.push(
      `not done after ${runs} runs: ${JSON.stringify([...outcomes].filter(([, outcome]) => outcome !== 'accepted'))}`,
    );
  for (const [key, versions] of window.accepted)
    if (versions.length > 1) wrong.push(`${key} was accepted ${versions.length} times`);
  for (const [key, outcome] of outcomes)
    if (outcome === 'accepted' && !window.accepted.has(known(parseDeclarationKey(key))))
      wrong.push(`${key} is told as accepted and was not`);
  for (const [batch, payloads] of window.payloads)
    if (payloads.size > 1) wrong.push(`batch ${batch} came with ${payloads.size} payloads`);
  for (const key of poison)
    if (outcomes.get(key) === 'accepted') wrong.push(`${key} is poison and was told as accepted`);
  for (const { state, key } of store.kept.values())
    if ((state === 'rejected' || state === 'prepared') && window.accepted.has(key))
      wrong.push(`${key} is ${state} in the ledger and accepted by the window`);
  return { wrong, log, runs };
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Lets time pass until the life ends, by itself or killed. */
async function untilEnd(life: Promise<void>, step: () => boolean, isDead: () => boolean): Promise<string> {
  let end: string | undefined;
  life.then(
    () => (end ??= 'ended'),
    (error: unknown) => (end ??= error instanceof Killed ? 'killed' : String(error)),
  );
  for (;;) {
    await settled();
    if (end !== undefined) return end;
    if (isDead()) return 'killed';
    if (!step()) return 'nobody waits and nothing ends';
  }
}

if (import.meta.main) {
  const [count = '5000', first = '1'] = process.argv.slice(2);
  const startedMs = performance.now();
  let failed = 0;
  for (let seed = Number(first); seed < Number(first) + Number(count); seed += 1) {
    const { wrong } = await simulate(seed);
    if (wrong.length === 0) continue;
    failed += 1;
    process.stdout.write(`FAILED seed ${seed}: ${wrong.slice(0, 4).join('; ')}\n`);
  }
  process.stdout.write(
    `${count} seeds from ${first} in ${Math.round((performance.now() - startedMs) / 1000)} s: ${failed === 0 ? 'nothing lost, nothing doubled' : `${failed} failed`}\n`,
  );
  process.exitCode = failed === 0 ? 0 : 1;
}
