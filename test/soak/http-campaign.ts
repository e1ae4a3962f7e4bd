/** One campaign at a window over HTTP that fails on purpose. */
import { join } from 'node:path';
import { breakUntilDone } from './broken-runs.ts';
import { type CampaignPlan, fatesOf, type Lodged } from './campaign-plan.ts';
import { checkAfterKill } from './checker/check.ts';
import { type Fate, linesOf } from './checker/evidence.ts';
import type { FaultOptions } from './fault-window.ts';
import { manifest } from './manifest.ts';
import { setUp, startFaultWindow } from './place.ts';
import { seeded } from './seeded.ts';

/** The window's longest delay is shorter than the settle time less one request: what the configuration promises is true. */
const promises = { settle: 3, timeout: 1.2, perSecond: 0 };
const lateMs = 1_700;

export async function httpCampaign(
  folder: string,
  canary: string,
  {
    seed,
    kind,
    kills,
    program,
    fullDisk,
    seenAtMost = 16,
    window: wish = {},
  }: CampaignPlan & { readonly kind: FaultOptions['kind'] },
): Promise<Lodged> {
  const random = seeded(seed);
  const declarations = 40 + Math.floor(random() * 60);
  const fates = fatesOf(declarations, random, [
    'flawed',
    'conflict',
    'again',
    'again',
    ...(random() < 0.4 ? (['refused'] as const) : []),
    ...(kind === 'duplicate-refusing' ? (['foreign'] as const) : []),
  ]);
  const input = manifest(declarations, { prefix: `S${seed}-`, fates });
  const log = join(folder, 'window.jsonl');
  const drawn = [0.15, 0.3, 0.45][Math.floor(random() * 3)] ?? 0.3;
  const having = (fate: Fate): readonly string[] => [
    ...new Set(input.rows.filter((row) => row.fate === fate).map(({ ref }) => ref)),
  ];
  // In one of three campaigns tokens expire in the middle of a run, and are asked for again: another one each time.
  const expires = process.platform !== 'win32' && random() < 0.33;
  const words = expires ? ['--token-command', `echo ${canary}-$$-$(date +%s%N)`] : [];
  const window = await startFaultWindow({
    kind,
    log,
    seed,
    faults: wish.faults ?? drawn,
    lateMs: wish.lateMs ?? lateMs,
    // More than eight questions that are put together, each once more: a token that lives shorter never gets through.
    ...(expires ? { tokenLife: 10 + Math.floor(random() * 9) } : {}),
    perRequest: 3 + Math.floor(random() * 6),
    foreign: having('foreign'),
    poison: having('refused'),
    ...(wish.mix === undefined ? {} : { mix: wish.mix }),
  });
  const settle = wish.settle ?? promises.settle;
  setUp({ folder, address: window.address, kind, promises: { ...promises, settle }, canary }, input);
  try {
    const end = await breakUntilDone({
      folder,
      files: input.files.map(({ name }) => name),
      program,
      words,
      random,
      watched: window,
      kills,
      sight: () => ({ count: 1 + Math.floor(random() * seenAtMost), counts: () => true }),
      wait: kind === 'none' ? 0 : 3,
      mayStayUnknown: kind === 'none',
      afterKill: () => checkAfterKill(folder, linesOf(log)),
      mend: () => window.mend(),
      runsAfter: 30,
      fullDisk,
    });
    // What came late may still be committed: only then is it known what the window has.
    await window.drain();
    return { ...end, rows: input.rows };
  } finally {
    await window.close();
  }
}
