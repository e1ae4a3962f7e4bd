/** The crash soak: `npm run soak -- --kills 1000 --seed 7`. Prints one line for each campaign; exit 1 and the failing seed where an invariant is broken. */
import { parseArgs } from 'node:util';
import { campaign } from './campaign.ts';

const kinds = ['key', 'lookup', 'duplicate-refusing'] as const;
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    lanes: { type: 'string', default: '4' },
    /** One campaign only, as it was printed. */
    only: { type: 'string' },
  },
});
const wanted = Number(values.kills);
let seed = Number(values.seed);
let kills = 0;
let runs = 0;
let campaigns = 0;
let failures = 0;
const startedMs = performance.now();

async function lane(): Promise<void> {
  while (kills < wanted) {
    const own = seed++;
    const kind = kinds[own % kinds.length] ?? 'key';
    const end = await campaign({ seed: own, kind, kills: 12, keep: values.only !== undefined });
    kills += end.kills;
    runs += end.runs;
    campaigns += 1;
    if (end.wrong.length > 0) {
      failures += 1;
      process.stdout.write(
        `FAILED seed ${own} (${kind}), kept in ${end.folder}\n${end.wrong.map((each) => `  ${each}\n`).join('')}  again: npm run soak -- --only ${own}\n`,
      );
    }
    if (values.only !== undefined) return;
  }
}

if (values.only !== undefined) seed = Number(values.only);
await Promise.all(Array.from({ length: values.only === undefined ? Number(values.lanes) : 1 }, lane));
const seconds = Math.round((performance.now() - startedMs) / 1000);
process.stdout.write(
  `${campaigns} campaigns, ${runs} runs, ${kills} kills in ${seconds} s, from seed ${values.only ?? values.seed}: ${failures === 0 ? 'nothing lost, nothing doubled, nothing unexplained' : `${failures} failed`}\n`,
);
process.exitCode = failures === 0 ? 0 : 1;
