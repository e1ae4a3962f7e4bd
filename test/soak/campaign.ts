/** One campaign of the crash soak: one ledger, one failing window, the program killed and started again until it is done, then the checker. */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Campaign, check } from './checker.ts';
import type { FaultOptions } from './fault-window.ts';
import { manifest, setUp, startFaultWindow, startImport } from './place.ts';
import { seeded } from './seeded.ts';

export type CampaignPlan = {
  readonly seed: number;
  readonly kind: FaultOptions['kind'];
  readonly kills: number;
  readonly program?: string;
  readonly keep?: boolean;
};
export type CampaignEnd = {
  readonly kills: number;
  readonly runs: number;
  readonly wrong: readonly string[];
  readonly folder: string;
};

const mostRuns = 40;
/** The window's longest delay is shorter than the settle time less one request: what the configuration promises is true. */
const promises = { settle: 3, timeout: 1.5, perSecond: 0 };
const lateMs = 700;
/** Another one each time that it is asked for. */
const newToken = 'echo kanarie-$$-$(date +%s%N)';

export async function campaign({
  seed,
  kind,
  kills,
  program,
  keep = false,
}: CampaignPlan): Promise<CampaignEnd> {
  const random = seeded(seed);
  const folder = await mkdtemp(join(tmpdir(), 'declarant-soak-'));
  const input = manifest(20 + Math.floor(random() * 40), {
    prefix: `S${seed}-`,
    flawedEvery: random() < 0.5 ? 7 : 0,
  });
  // In one of three campaigns tokens expire in the middle of a run, and are asked for again.
  const expires = process.platform !== 'win32' && Math.floor(seed / 3) % 3 === 0;
  const words = expires ? ['--config', 'declarant.config.json', '--token-command', newToken] : [];
  const faults = [0.15, 0.3, 0.45][Math.floor(random() * 3)] ?? 0.3;
  const window = await startFaultWindow({
    kind,
    log: join(folder, 'window.jsonl'),
    seed,
    faults,
    lateMs,
    perRequest: 3 + Math.floor(random() * 6),
    ...(expires ? { tokenLife: 4 + (seed % 9) } : {}),
  });
  setUp({ folder, address: window.address, kind, promises }, input);
  let killed = 0;
  let runs = 0;
  let last: { code: number | null; stderr: string; results: string } = {
    code: null,
    stderr: '',
    results: '',
  };
  try {
    while (runs < mostRuns) {
      const results = join(folder, `results-${runs}`);
      const { child, ended } = startImport(folder, {
        results,
        words,
        ...(program === undefined ? {} : { program }),
      });
      runs += 1;
      if (killed < kills) {
        const bySight = random() < 0.7;
        const timer = setTimeout(() => child.kill('SIGKILL'), bySight ? 2_000 : 250 + random() * 900);
        void ended.then(() => clearTimeout(timer));
        if (bySight) {
          let left = 1 + Math.floor(random() * 14);
          const pauseMs = random() < 0.5 ? 0 : random() * 12;
          window.onSeen = () => {
            left -= 1;
            if (left === 0) setTimeout(() => child.kill('SIGKILL'), pauseMs);
          };
        }
      }
      const { code, stderr } = await ended;
      window.onSeen = () => undefined;
      last = { code, stderr, results };
      if (code === null) killed += 1;
      // Enough was broken: the rest of the way the window is only a little unwell.
      if (code === null && killed === kills) window.mend();
      if (code === 0 || code === 1 || code === 70 || code === 74) break;
    }
    const wrong = judged(
      { folder, kind, rows: input.rows, results: last.results, exit: last.code ?? -1, canary: 'kanarie-' },
      last.stderr,
    );
    if (wrong.length === 0 && !keep) rmSync(folder, { recursive: true });
    return { kills: killed, runs, wrong, folder };
  } finally {
    await window.close();
  }
}

/** A late commit may still come: the window is given its longest delay before it is believed to be done. */
function judged(of: Campaign, stderr: string): readonly string[] {
  const isDone = of.exit === 0 || of.exit === 1;
  const unfinished = isDone ? [] : [`I7: ended with ${of.exit} after all runs: ${stderr.slice(-400)}`];
  return [...unfinished, ...check(of)];
}
