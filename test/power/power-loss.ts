/** Power cuts over recorded runs, `npm run power-loss -- --states 500 --seed 7`, and with `--every-write` a disk that is full from each write on. Exit 1, with seed and moment, where something is lost, doubled or unexplained. */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { failAt } from './failing.ts';
import { record, sentTooEarly } from './recording.ts';
import { replay } from './replay.ts';
import { whyNoTrace } from './strace.ts';

const kinds = ['key', 'lookup', 'duplicate-refusing'] as const;
/** What goes wrong while it is recorded, so that the ledger holds attempts in doubt too. */
const scripts = [[], ['503', 'reset-after', '500-after', 'missing']] as const;

const { values } = parseArgs({
  options: {
    states: { type: 'string', default: '500' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    'every-write': { type: 'boolean', default: false },
  },
});
const reason = whyNoTrace();
if (reason !== undefined) throw new Error(`power loss cannot be recorded here: ${reason}`);
const each = Math.ceil(Number(values.states) / (kinds.length * scripts.length));
const startedMs = performance.now();
let states = 0;
let stopped = 0;
let wrong = 0;
/** At once: a long run may be broken off. */
function tell(found: readonly string[]): void {
  wrong += found.length;
  process.stdout.write(found.map((what) => `FAILED ${what}\n`).join(''));
}
let posts = 0;
for (const kind of kinds) {
  for (const script of scripts) {
    const recording = await record({ kind, declarations: 10, script });
    posts += recording.posts.length;
    const early = sentTooEarly(recording);
    const end = await replay(recording, { states: each, seed: Number(values.seed) + states });
    rmSync(recording.folder, { recursive: true });
    states += end.states;
    stopped += end.stopped;
    process.stdout.write(`${kind}, ${script.length} faults: ${end.states} states, ${end.stopped} stopped\n`);
    tell([...early, ...end.wrong]);
  }
}
let writes = 0;
while (values['every-write']) {
  const found = await failAt({ inject: 'pwrite64:error=ENOSPC:when=', goesOn: '+' }, writes + 1);
  if (found === 'over') break;
  writes += 1;
  tell(found);
}
if (writes > 0) process.stdout.write(`full from each of ${writes} writes on\n`);
const seconds = Math.round((performance.now() - startedMs) / 1000);
process.stdout.write(
  `${states} states, ${posts} POSTs in ${seconds} s, from seed ${values.seed}: ${wrong === 0 ? `nothing lost, nothing doubled, ${stopped} stopped with exit 74` : `${wrong} wrong`}\n`,
);
process.exitCode = wrong === 0 ? 0 : 1;
