/** One seed: the lodging stages in virtual time against a window that fails, killed and started again until all is done; returns what was broken, and the log. */
import { parseBatchId, type DeclarationKey } from '../../src/model/ids.ts';
import type { Outcome } from '../../src/model/result.ts';
import { endWrong, isDone, toldWrong } from './invariants.ts';
import { jump, live, type Surroundings } from './life.ts';
import { memoryStore } from './memory-ledger.ts';
import { simulatedWindow } from './simulated-window.ts';
import { settled, virtualClock } from './virtual-clock.ts';
import { declarationOf, drawWorld, pick } from './world.ts';

export type Simulated = {
  readonly wrong: readonly string[];
  readonly log: readonly string[];
  readonly runs: number;
};

const mostRuns = 60;

export async function simulate(seed: number): Promise<Simulated> {
  const world = drawWorld(seed);
  const { random } = world;
  const clock = virtualClock();
  const log: string[] = [];
  const wrong: string[] = [];
  const say = (line: string): void => void log.push(`${clock.elapsedMs().toFixed(3)} ${line}`);
  let batches = 0;
  const around: Surroundings = {
    world,
    clock,
    window: simulatedWindow(world, clock, say),
    store: memoryStore(),
    log: say,
    wrong: (line) => void wrong.push(line),
    machine: { offsetMs: 0 },
    newBatchId: () => {
      batches += 1;
      const id = parseBatchId(`00000000-0000-4000-8000-${String(batches).padStart(12, '0')}`);
      if (id === undefined) throw new Error('the sample is not well formed');
      return id;
    },
  };
  const editions = new Map<DeclarationKey, number>(world.keys.map((key) => [key, 1]));
  let outcomes = new Map<DeclarationKey, Outcome>();
  let kills = world.kills;
  let runs = 0;
  while (runs < mostRuns && (outcomes.size === 0 || !isDone(outcomes, runs, world))) {
    runs += 1;
    const input = world.keys.map((key) => declarationOf(key, editions.get(key) ?? 1));
    const { end, told } = await live(runs, input, around, kills > 0);
    if (end === 'broken') break;
    if (end === 'killed') kills -= 1;
    const decided = told.flatMap(({ decision: { key, outcome } }) =>
      key === undefined ? [] : [[key, outcome] as const],
    );
    wrong.push(...toldWrong(new Map(decided), around.window));
    if (end === 'ended') {
      outcomes = new Map(decided);
      if (told.length !== world.keys.length || outcomes.size !== told.length)
        wrong.push(`${told.length} decisions for ${world.keys.length} declarations`);
      // A person mends what the window rejected.
      for (const [key, outcome] of outcomes)
        if (outcome === 'rejected' && world.doomed.has(key)) editions.set(key, 2);
    }
    if (wrong.length > 0) break;
    if (random() < 0.3) await clock.pass(pick(random, world.gapsMs) ?? 0);
    if (world.jumpsMs.length > 0 && random() < (end === 'killed' ? 0.6 : 0.2)) jump(around);
  }
  // What is still on its way arrives.
  while (clock.step()) await settled();
  if (!isDone(outcomes, runs, world)) {
    const open = [...outcomes].filter(([, outcome]) => outcome !== 'accepted');
    wrong.push(`not done after ${runs} runs: ${JSON.stringify(open)}`);
  }
  wrong.push(...endWrong(around.store, around.window, world));
  return { wrong, log, runs };
}

if (import.meta.main) {
  const [count = '5000', first = '1'] = process.argv.slice(2);
  const startedMs = performance.now();
  let failed = 0;
  let runs = 0;
  for (let seed = Number(first); seed < Number(first) + Number(count); seed += 1) {
    const one = await simulate(seed);
    runs += one.runs;
    if (one.wrong.length === 0) continue;
    failed += 1;
    process.stdout.write(`FAILED seed ${seed}: ${one.wrong.slice(0, 4).join('; ')}\n`);
    if (count === '1') process.stdout.write(`${one.log.join('\n')}\n`);
  }
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  process.stdout.write(
    `${count} seeds from ${first}, ${runs} runs of the program, in ${seconds} s: ${failed === 0 ? 'nothing lost, nothing doubled' : `${failed} failed`}\n`,
  );
  process.exitCode = failed === 0 ? 0 : 1;
}
