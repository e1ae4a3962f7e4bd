/** One life of the program: it begins, lodges, and ends by itself, by Ctrl-C, by a full disk, or killed. */
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { Declaration } from '../../src/model/declaration.ts';
import { parseRunId, type BatchId, type DeclarationKey, type RunId } from '../../src/model/ids.ts';
import { exitCode, Stop } from '../../src/model/stop.ts';
import { dedupe } from '../../src/pipeline/dedupe.ts';
import type { Engine } from '../../src/pipeline/engine.ts';
import { openPressure } from '../../src/pipeline/pressure.ts';
import { reconcile } from '../../src/pipeline/reconcile.ts';
import { submit } from '../../src/pipeline/submit.ts';
import type { Decided, Tracked } from '../../src/pipeline/tracked.ts';
import type { SingleWindow } from '../../src/window/single-window.ts';
import { memoryLedger, type MemoryStore } from './memory-ledger.ts';
import type { SimulatedWindow } from './simulated-window.ts';
import { settled, type VirtualClock } from './virtual-clock.ts';
import { pick, type World } from './world.ts';

/** What outlives each life. */
export type Surroundings = {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly window: SimulatedWindow;
  readonly store: MemoryStore;
  readonly log: (line: string) => void;
  readonly wrong: (line: string) => void;
  /** How far the machine's clock stands beside the true one. */
  readonly machine: { offsetMs: number };
  readonly newBatchId: () => BatchId;
};

export type Life = {
  readonly end: 'ended' | 'killed' | 'stopped' | 'broken';
  readonly told: readonly Decided[];
};

const startMs = Date.UTC(2026, 0, 5);
/** A life that takes more steps never ends. */
const mostSteps = 20_000;

class Killed extends Error {}

/** The ledger of one life of the program: unusable once the program is dead. */
function mortal(ledger: Ledger, isDead: () => boolean): Ledger {
  return new Proxy(ledger, {
    get(target, name, receiver) {
      if (isDead()) throw new Killed();
      return Reflect.get(target, name, receiver);
    },
  });
}

export async function live(
  number: number,
  declarations: readonly Declaration[],
  around: Surroundings,
  mayBeKilled: boolean,
): Promise<Life> {
  const { world, clock, window, store, log, wrong, machine } = around;
  const { random } = world;
  const bornMs = clock.elapsedMs();
  const interrupt = new AbortController();
  let isDead = false;
  const die = (where: string): void => {
    if (isDead) return;
    log(`killed ${where}`);
    isDead = true;
  };
  let writesLeft = mayBeKilled && random() < 0.7 ? 1 + Math.floor(random() * 30) : Number.POSITIVE_INFINITY;
  let fullIn = random() < 0.05 ? 1 + Math.floor(random() * 20) : Number.POSITIVE_INFINITY;
  const beforeWriting = (method: string): void => {
    writesLeft -= 1;
    fullIn -= 1;
    if (writesLeft <= 0) die(`before ${method}`);
    if (isDead) throw new Killed();
    if (fullIn !== 0) return;
    log(`disk full at ${method}`);
    throw new Stop('ledger/disk-full', exitCode.storage, { facts: { file: ':memory:' } });
  };
  const at = (chance: number, withinMs: number, what: () => void): void => {
    if (random() < chance) void clock.sleep(random() * withinMs).then(() => (isDead ? undefined : what()));
  };
  at(mayBeKilled && writesLeft === Number.POSITIVE_INFINITY ? 1 : 0, 8_000, () => die('from outside'));
  at(0.1, 8_000, () => {
    log('Ctrl-C');
    interrupt.abort();
  });
  at(world.jumpsMs.length > 0 ? 0.4 : 0, 10_000, () => jump(around));

  const ledger = mortal(memoryLedger(store, beforeWriting), () => isDead);
  const engine: Engine = {
    run: runIdOf(number),
    pack: 'p',
    ledger,
    window: watched(
      window.connect(() => isDead),
      around,
      () => isDead,
    ),
    promises: world.promises,
    random,
    requestMs: world.requestMs,
    now: () => new Date(startMs + clock.elapsedMs() + machine.offsetMs),
    uptimeMs: () => clock.elapsedMs() - bornMs,
    sleep: (ms) =>
      interrupt.signal.aborted
        ? Promise.resolve()
        : Promise.race([
            clock.sleep(ms),
            new Promise<void>((resolve) => interrupt.signal.addEventListener('abort', () => resolve())),
          ]),
    deadline: () => new AbortController().signal,
    newBatchId: around.newBatchId,
    pressure: openPressure(),
    signal: interrupt.signal,
  };
  const told: Decided[] = [];
  const end = await endOf(lodgeAll(engine, declarations, told), clock, () => isDead);
  isDead = true;
  const said = told.map(({ decision }) => `${decision.key} ${decision.outcome}`);
  log(`run ${number} ${end}: ${said.join(', ')}`);
  if (end === 'ended' || end === 'killed' || end === 'stopped') return { end, told };
  wrong(`run ${number}: ${end}`);
  return { end: 'broken', told };
}

/** Sets the machine's clock; a true clock goes on beside it. */
export function jump({ world, machine, log }: Surroundings): void {
  const byMs = pick(world.random, world.jumpsMs) ?? 0;
  log(`the clock is set by ${byMs} ms`);
  machine.offsetMs += byMs;
}

/** The window as the program sees it, and what holds for every request of the program. */
function watched(
  client: SingleWindow,
  { clock, store, wrong }: Surroundings,
  isDead: () => boolean,
): SingleWindow {
  const notBeforeMs = new Map<DeclarationKey, number>();
  return {
    ...client,
    async submit(batch, signal) {
      if (isDead()) throw new Killed();
      if ((store.batches.get(batch.id)?.attempts.length ?? 0) === 0)
        wrong(`batch ${batch.id} goes out before its attempt was written down`);
      for (const { key } of batch.lodgements) {
        const state = store.kept.get(key)?.state;
        if (state === undefined || state === 'prepared') wrong(`${key} goes out in state ${String(state)}`);
        if ((notBeforeMs.get(key) ?? 0) > clock.elapsedMs())
          wrong(`${key} goes out before the window allows`);
      }
      const answers = await client.submit(batch, signal);
      for (const answer of answers) {
        const askedMs = answer.kind === 'answered' ? undefined : answer.reason.retryAfterMs;
        if (askedMs !== undefined) notBeforeMs.set(answer.key, clock.elapsedMs() + askedMs);
      }
      return answers;
    },
  };
}

async function lodgeAll(
  engine: Engine,
  declarations: readonly Declaration[],
  told: Decided[],
): Promise<void> {
  const startedAt = engine.now().toISOString();
  engine.ledger.beginRun({ run: engine.run, command: 'import', pack: 'p', files: [], startedAt });
  await reconcile(engine);
  const flow = (async function* () {
    for (const value of declarations) {
      const [row] = value.rows;
      const live: Tracked<Declaration> = {
        kind: 'live',
        rows: [{ ...row, ordinal: row.line - 2 }],
        value,
        problems: [],
      };
      yield [live];
    }
  })();
  const sent = await submit(dedupe(flow, engine.ledger), engine, {
    waitMs: 5_000,
    pass: (each) => Promise.resolve(void told.push(...each)),
    tell: () => undefined,
  });
  told.push(...sent);
  engine.ledger.endRun(engine.run, { endedAt: engine.now().toISOString(), exit: 0, summary: '{}' });
}

/** Lets time pass until the life ends, by itself or killed. */
async function endOf(life: Promise<void>, { step }: VirtualClock, isDead: () => boolean): Promise<string> {
  let end: string | undefined;
  life.then(
    () => (end ??= 'ended'),
    (error: unknown) => {
      end ??= error instanceof Killed ? 'killed' : error instanceof Stop ? 'stopped' : String(error);
    },
  );
  for (let steps = 0; steps < mostSteps; steps += 1) {
    await settled();
    if (end !== undefined) return end;
    if (isDead()) return 'killed';
    if (!step()) return 'nobody waits and nothing ends';
  }
  return 'it never ends';
}

function runIdOf(number: number): RunId {
  const text = String(number).padStart(2, '0');
  const run = parseRunId(`20260105-0800${text}-aa${text}`);
  if (run === undefined) throw new Error('the sample is not well formed');
  return run;
}
