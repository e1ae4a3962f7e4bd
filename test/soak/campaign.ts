/** One campaign of the crash soak: one ledger, one failing window, the program killed and started again until it is done, then the checker. */
import { rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { breakUntilDone } from './broken-runs.ts';
import { check, checkAfterKill } from './checker/check.ts';
import { type Campaign, type Fate, linesOf } from './checker/evidence.ts';
import { clientCampaign } from './client-campaign.ts';
import type { FaultOptions } from './fault-window.ts';
import { manifest } from './manifest.ts';
import { setUp, startFaultWindow } from './place.ts';
import { seeded } from './seeded.ts';

export const windowKinds = ['key', 'lookup', 'duplicate-refusing', 'none', 'cn-client'] as const;
export type WindowKind = (typeof windowKinds)[number];

export type CampaignPlan = {
  readonly seed: number;
  readonly kind: WindowKind;
  readonly kills: number;
  readonly program?: string | undefined;
  readonly keep?: boolean;
  /** Where absent, drawn by the seed. */
  readonly window?: Partial<Pick<FaultOptions, 'faults' | 'mix' | 'lateMs'>> & { readonly settle?: number };
};
export type CampaignEnd = {
  readonly kills: number;
  readonly runs: number;
  readonly wrong: readonly string[];
  readonly folder: string;
};

/** The window's longest delay is shorter than the settle time less one request: what the configuration promises is true. */
const promises = { settle: 3, timeout: 1.2, perSecond: 0 };
const lateMs = 1_700;

export async function campaign(plan: CampaignPlan): Promise<CampaignEnd> {
  const folder = await mkdtemp(join(tmpdir(), 'declarant-soak-'));
  const canary = `canary-${plan.seed}-of-the-window`;
  const { kind, keep = false } = plan;
  const lodged =
    kind === 'cn-client' ? clientCampaign(folder, plan) : httpCampaign(folder, canary, { ...plan, kind });
  const { kills, runs, wrong, ...end } = await lodged;
  const evidence: Campaign = { folder, kind, canary, ...end };
  writeFileSync(join(folder, 'campaign.json'), JSON.stringify(evidence));
  const all = [...new Set([...wrong, ...check(evidence)])];
  const told = all.some((each) => each.startsWith('I7: ended')) ? [`    ${end.printed.slice(-600)}`] : [];
  if (all.length === 0 && !keep) rmSync(folder, { recursive: true });
  return { kills, runs, wrong: all.length === 0 ? [] : [...all, ...told], folder };
}

export type Lodged = Omit<Campaign, 'folder' | 'kind' | 'canary'> & { readonly printed: string } & Omit<
    CampaignEnd,
    'folder'
  >;

async function httpCampaign(
  folder: string,
  canary: string,
  { seed, kind, kills, program, window: wish = {} }: CampaignPlan & { readonly kind: FaultOptions['kind'] },
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
  const window = await startFaultWindow({
    kind,
    log,
    seed,
    faults: wish.faults ?? drawn,
    lateMs: wish.lateMs ?? lateMs,
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
      random,
      watched: window,
      kills,
      mostSights: 16,
      wait: kind === 'none' ? 0 : 3,
      mayStayUnknown: kind === 'none',
      afterKill: () => checkAfterKill(folder, linesOf(log)),
      mend: () => window.mend(),
    });
    // What came late may still be committed: only then is it known what the window has.
    await window.drain();
    return { ...end, rows: input.rows };
  } finally {
    await window.close();
  }
}

/** Each of these for one declaration, drawn by chance; the rest is good. */
export function fatesOf(
  declarations: number,
  random: () => number,
  fates: readonly Fate[],
): ReadonlyMap<number, Fate> {
  const given = new Map<number, Fate>();
  for (const fate of fates) given.set(Math.floor(random() * declarations), fate);
  return given;
}
