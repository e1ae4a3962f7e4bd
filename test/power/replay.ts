/** Cuts the power of a recorded run at some moment, gives the window what had reached it by then, and runs the import again on what is left of the files. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check } from '../soak/checker/check.ts';
import { startFaultWindow, startImport } from '../soak/place.ts';
import { seeded } from '../soak/seeded.ts';
import { byChance, Disk, type Fate } from './disk.ts';
import { perRequest, type Recording } from './recording.ts';
import type { Sent } from './requests.ts';

export type Replayed = {
  readonly states: number;
  /** Where the program found damage and stopped with exit 74, and nothing was sent. */
  readonly stopped: number;
  /** What was lost, doubled or left unexplained, each with its seed and moment. */
  readonly wrong: readonly string[];
};

const mostRuns = 4;

/** One after the other: every state's window listens where the recorded one did. */
export async function replay(
  recording: Recording,
  { states, seed, program }: { readonly states: number; readonly seed: number; readonly program?: string },
): Promise<Replayed> {
  const moments = momentsOf(recording);
  const wrong: string[] = [];
  let stopped = 0;
  for (let number = 0; number < states; number += 1) {
    const own = seed + number;
    const random = seeded(own);
    const moment = moments[Math.floor(random() * moments.length)] ?? 0;
    const end = await cutAt(recording, { moment, fate: byChance(random), program });
    if (end === 'stopped') stopped += 1;
    else wrong.push(...end.map((each) => `seed ${own}, call ${moment}: ${each}`));
  }
  return { states, stopped, wrong };
}

type Cut = {
  /** The last call that happened. */
  readonly moment: number;
  readonly fate: Fate;
  readonly program?: string | undefined;
};

/** What is wrong in the end, or that the program stopped with exit 74 and had sent nothing. */
export async function cutAt(
  recording: Recording,
  { moment, fate, program }: Cut,
): Promise<'stopped' | readonly string[]> {
  const place = mkdtempSync(join(tmpdir(), 'declarant-left-'));
  try {
    const disk = new Disk(recording.folder);
    for (const call of recording.calls.slice(0, moment + 1)) disk.apply(call);
    disk.after(fate, place);
    for (const file of ['manifest.csv', 'declarant.config.json'])
      copyFileSync(join(recording.folder, file), join(place, file));
    rmSync(join(place, 'results-0'), { recursive: true, force: true });
    const arrived = recording.posts.filter(
      (post) => post.last !== undefined && post.last <= moment && !recording.refused.has(post),
    );
    return await goOn(recording, { place, arrived, program });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** Each call that changed a file of the run or sent something: the others change nothing that a power cut could show. */
function momentsOf({ calls, folder }: Recording): readonly number[] {
  const own = new Set<number>();
  const moments: number[] = [];
  for (const [index, call] of calls.entries()) {
    if (call.call === 'open') {
      if (call.path.startsWith(`${folder}/`)) own.add(call.fd);
      else own.delete(call.fd);
    }
    const isOurs =
      call.call === 'send' ||
      (call.call === 'rename' && call.to.startsWith(folder)) ||
      (call.call === 'unlink' && call.path.startsWith(folder)) ||
      ('fd' in call && own.has(call.fd) && (call.call !== 'open' || call.isNew));
    if (isOurs) moments.push(index);
  }
  return moments;
}

type State = {
  readonly place: string;
  readonly arrived: readonly Sent[];
  readonly program: string | undefined;
};

async function goOn(
  { kind, port, input }: Recording,
  { place, arrived, program }: State,
): Promise<'stopped' | readonly string[]> {
  const log = join(place, 'window.jsonl');
  const window = await startFaultWindow({ kind, log, seed: 1, faults: 0, lateMs: 100, perRequest }, port);
  try {
    for (const post of arrived) await deliver(window.address, post);
    const before = uploadsIn(log);
    let last: { code: number | null; stderr: string } = { code: null, stderr: '' };
    let results = '';
    for (let run = 1; run <= mostRuns; run += 1) {
      results = join(place, `results-${run}`);
      const { ended } = startImport(place, {
        results,
        wait: 20,
        ...(program === undefined ? {} : { program }),
      });
      last = await ended;
      if (last.code !== 4 && last.code !== 5) break;
    }
    if (last.code === 74)
      return uploadsIn(log) === before ? 'stopped' : [`exit 74 after something was sent: ${last.stderr}`];
    const exit = last.code ?? -1;
    const isDone = exit === 0;
    return [
      ...(isDone ? [] : [`ended with ${exit}: ${last.stderr.slice(-400)}`]),
      ...check({ folder: place, kind, rows: input.rows, results, exit }),
    ];
  } finally {
    await window.close();
  }
}

/** As it went out the first time. */
async function deliver(address: string, { target, headers, body }: Sent): Promise<void> {
  const kept = [...headers].filter(([name]) => !['host', 'connection', 'content-length', ''].includes(name));
  const answer = await fetch(new URL(target, address), { method: 'POST', headers: kept, body });
  await answer.arrayBuffer();
}

function uploadsIn(log: string): number {
  if (!existsSync(log)) return 0;
  return readFileSync(log, 'utf8').split('"type":"upload"').length - 1;
}
