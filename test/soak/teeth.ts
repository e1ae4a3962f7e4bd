/** Plants bugs in copies of the program, one at a time, and demands that each is found, for its own reason: a checker that finds nothing proves nothing. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { campaign } from './campaign.ts';
import { type Bug, bugs } from './planted-bugs.ts';

const root = join(import.meta.dirname, '../..');
const mostKills = 200;
const killsOfCampaign = 12;
/** The rarest bug shows in about one of 250. */
const seeds = 2_000;
const parts = ['bin', 'src', 'schemas', 'package.json', 'test/simulation', 'test/soak', 'fixtures/manifests'];

/** A copy of the program with the bug in it; throws where a place is no longer there. */
function planted({ edits }: Bug): string {
  const copy = mkdtempSync(join(tmpdir(), 'declarant-teeth-'));
  for (const part of parts) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  for (const { file, from, to } of edits) {
    const text = readFileSync(join(copy, file), 'utf8');
    if (!text.includes(from)) throw new Error(`${file} no longer holds: ${from}`);
    writeFileSync(
      join(copy, file),
      text.replace(from, () => to),
    );
  }
  return copy;
}

/** What was found; undefined: nothing. */
function bySimulation(copy: string): string | undefined {
  const ended = spawnSync(process.execPath, [join(copy, 'test/simulation/simulate.ts'), String(seeds)], {
    encoding: 'utf8',
    timeout: 300_000,
  });
  const count = ended.stdout.split('\n').filter((line) => line.startsWith('FAILED')).length;
  return count > 0 ? `${count} of ${seeds} seeds` : undefined;
}

type Found = { readonly kills: number; readonly right: string | undefined };

/** One campaign: the first invariant that the checker names and this bug breaks; another one alone is not the right reason. */
async function oneCampaign(
  { breaks, kills = killsOfCampaign, ...how }: NonNullable<Bug['bySoak']>,
  seed: number,
  copy: string,
): Promise<Found> {
  const program = join(copy, 'bin/declarant.js');
  const end = await campaign({ ...how, seed, kills, program });
  rmSync(end.folder, { recursive: true, force: true });
  const right = end.wrong.find((each) => breaks.includes(each.slice(0, each.indexOf(':'))));
  return { kills: end.kills, right };
}

/** Campaigns until one finds it. */
async function bySoak({ bySoak: how }: Bug, copy: string): Promise<string | undefined> {
  if (how === undefined) return undefined;
  let kills = 0;
  for (let seed = 1; kills < mostKills && seed <= mostKills; seed += 1) {
    const found = await oneCampaign(how, seed, copy);
    kills += found.kills;
    if (found.right !== undefined && kills <= mostKills)
      return `after ${kills} kills: ${found.right.slice(0, 90)}`;
  }
  return undefined;
}

/** How surely: in how many campaigns of as many it is found. */
async function howSurely({ bySoak: how }: Bug, copy: string, campaigns: number): Promise<string | undefined> {
  if (how === undefined) return undefined;
  let found = 0;
  let kills = 0;
  for (let seed = 1; seed <= campaigns; seed += 1) {
    const end = await oneCampaign(how, seed, copy);
    kills += end.kills;
    if (end.right !== undefined) found += 1;
  }
  return found === 0 ? undefined : `in ${found} of ${campaigns} campaigns, ${kills} kills`;
}

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    by: { type: 'string', default: 'soak' },
    lanes: { type: 'string', default: '3' },
    /** So many campaigns for each bug, whether it is found before or not. */
    campaigns: { type: 'string' },
  },
});
const isSoak = values.by === 'soak';
const chosen = bugs.filter(
  (bug) =>
    (values.only === undefined || bug.name.includes(values.only)) &&
    (isSoak ? bug.bySoak !== undefined : bug.bySimulation),
);
let missed = 0;

async function bite(bug: Bug): Promise<void> {
  const copy = planted(bug);
  const { campaigns } = values;
  const bySoaking = (): Promise<string | undefined> =>
    campaigns === undefined ? bySoak(bug, copy) : howSurely(bug, copy, Number(campaigns));
  const found = isSoak ? await bySoaking() : bySimulation(copy);
  rmSync(copy, { recursive: true, force: true });
  if (found === undefined) missed += 1;
  process.stdout.write(
    `${found === undefined ? 'MISSED' : 'found'}  ${bug.name}${found === undefined ? '' : `  (${found})`}\n`,
  );
}

const queue = [...chosen];
const lane = async (): Promise<void> => {
  for (let bug = queue.shift(); bug !== undefined; bug = queue.shift()) await bite(bug);
};
await Promise.all(Array.from({ length: Number(values.lanes) }, lane));
process.stdout.write(
  `${chosen.length} planted, ${chosen.length - missed} found by ${isSoak ? 'kills and the checker' : 'simulation'}\n`,
);
process.exitCode = missed === 0 ? 0 : 1;
