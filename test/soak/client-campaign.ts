/** One campaign on the folders of the import client: the program is killed by what appears in them, and the client is started again, too. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { breakUntilDone, type Sight, type Watched } from './broken-runs.ts';
import { fatesOf, type CampaignPlan, type Lodged } from './campaign-plan.ts';
import { checkClientAfterKill } from './checker/check.ts';
import { boxes, foreignFiles, foreignText } from './checker/check-folders.ts';
import { documentsOf, writeDocuments } from './documents.ts';
import { manifest } from './manifest.ts';
import { setUpWindow, startImport } from './place.ts';
import { seeded } from './seeded.ts';

const launcher = join(import.meta.dirname, '../../bin/declarant.js');
/** Ten times as fast as the fastest customs; some receipts come 9 s late all the same. */
const speed = 10;
const waitSeconds = 40;
/** A planted bug may leave something open for good: its many runs wait for less. */
const plantedSeconds = 8;
const named = /^OutBox\/D.*\.(?:xml|zip)$/u;

export async function clientCampaign(
  folder: string,
  { seed, kills, program, byNames = 0.33 }: CampaignPlan,
): Promise<Lodged> {
  const random = seeded(seed);
  const declarations = 20 + Math.floor(random() * 30);
  const fates = fatesOf(declarations, random, ['flawed', 'conflict', 'again', 'again', 'customs-rejects']);
  const documents = documentsOf(declarations, random);
  // As on most days: something was handed over before, and the journal is not new.
  const earlier = random() < 0.67 ? 2 : 0;
  const prefix = `S${seed}-`;
  const input = manifest(declarations, { prefix, fates, documents: documents.named, earlier });
  writeDocuments(folder, documents);
  const root = join(folder, 'client');
  for (const box of boxes) mkdirSync(join(root, box), { recursive: true });
  for (const [box, name] of foreignFiles) writeFileSync(join(root, box, name), foreignText);
  setUpWindow(folder, { protocol: 'cn-client', root, environment: 'test' }, input);
  const first = { results: join(folder, 'earlier'), files: ['earlier.csv'], wait: 0 };
  if (earlier > 0) await startImport(folder, program === undefined ? first : { ...first, program }).ended;
  const watched: Watched = { onSeen: () => undefined };
  const watchers = boxes.map((box) =>
    watch(join(root, box), (_, name) => watched.onSeen(`${box}/${name ?? ''}`)),
  );
  const client = restarted(root, seed, random);
  try {
    const end = await breakUntilDone({
      folder,
      files: input.files.map(({ name }) => name),
      program,
      random,
      watched,
      kills,
      sight: () => sightOf(declarations, byNames, random),
      wait: program === undefined ? waitSeconds : plantedSeconds,
      mayStayUnknown: false,
      afterKill: () => checkClientAfterKill(folder, input.rows),
      mend: () => client.leaveAlone(),
      runsAfter: 3,
    });
    return { ...end, rows: input.rows };
  } finally {
    for (const watcher of watchers) watcher.close();
    await client.stop();
  }
}

/** Anything that appears in the folders; in a share of the runs, a message that gets its name: between that and the note of it nothing may be lost. */
function sightOf(declarations: number, byNames: number, random: () => number): Sight {
  if (random() < byNames)
    return { count: 1 + Math.floor(random() * declarations), counts: (what) => named.test(what) };
  return { count: 1 + Math.floor(random() * declarations * 6), counts: () => true };
}

/** The simulator of the product, as people start it; killed every few seconds and started again. */
function restarted(
  root: string,
  seed: number,
  random: () => number,
): { readonly leaveAlone: () => void; readonly stop: () => Promise<void> } {
  const args = [
    'sandbox',
    '--as',
    'cn-client',
    '--root',
    root,
    '--seed',
    String(seed),
    '--speed',
    String(speed),
  ];
  let isEnding = false;
  let timer: NodeJS.Timeout | undefined;
  const start = (): ChildProcess => {
    const child = spawn(process.execPath, [launcher, ...args], { stdio: 'ignore' });
    child.on('exit', () => {
      if (!isEnding) current = start();
    });
    return child;
  };
  let current = start();
  const again = (): void => {
    timer = setTimeout(
      () => {
        current.kill('SIGKILL');
        again();
      },
      3_000 + random() * 6_000,
    );
  };
  again();
  return {
    leaveAlone: () => clearTimeout(timer),
    stop: async () => {
      clearTimeout(timer);
      isEnding = true;
      const ended = new Promise<void>((resolve) => void current.on('exit', () => resolve()));
      current.kill('SIGKILL');
      await ended;
    },
  };
}
