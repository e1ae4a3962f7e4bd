/** Starts the program again and again, and kills it: at random times, by what the window has seen, with no room on the disk, until it ends by itself. */
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FullDisk } from './campaign-plan.ts';
import { startImport } from './place.ts';

/** What goes on outside the program, and may be the moment to kill it. */
export type Watched = { onSeen: (what: string) => void };

/** So many of those that count. */
export type Sight = { readonly count: number; readonly counts: (what: string) => boolean };

export type BrokenRuns = {
  readonly folder: string;
  readonly files: readonly string[];
  readonly program?: string | undefined;
  /** Besides, on the command line. */
  readonly words?: readonly string[];
  readonly random: () => number;
  readonly watched: Watched;
  /** This many kills; then it may end. */
  readonly kills: number;
  /** Asked before each run: by what it is killed, where it is killed by sight. */
  readonly sight: () => Sight;
  readonly wait: number;
  /** Exit 4 is an end: nobody can be asked about what is unknown. */
  readonly mayStayUnknown: boolean;
  /** After each kill, before the next start: what is wrong already. */
  readonly afterKill: () => readonly string[];
  /** Called once, when the last kill was done. */
  readonly mend: () => void;
  /** Nobody needs so many runs after that; who does, is not ending. */
  readonly runsAfter: number;
  readonly fullDisk?: FullDisk | undefined;
};

export type BrokenEnd = {
  readonly kills: number;
  readonly runs: number;
  readonly exit: number;
  readonly printed: string;
  readonly results: string;
  readonly wrong: readonly string[];
};

/** How long the program takes until something of it is seen, on this machine, now: random times are drawn from that. */
let untilSeenMs: number | undefined;

export async function breakUntilDone(of: BrokenRuns): Promise<BrokenEnd> {
  const { folder, files, program, words = [], random, watched, kills, wait } = of;
  const { share, bytes } = of.fullDisk ?? { share: 0.12, bytes: 200_000 };
  let killed = 0;
  let runs = 0;
  let unknowns = 0;
  let isMended = false;
  let left = kills * 3 + of.runsAfter;
  for (;;) {
    const results = join(folder, `results-${runs}`);
    const isLimited = process.platform !== 'win32' && killed < kills && random() < share;
    const fileBlocks = isLimited ? roomLeft(folder, random() * bytes) : undefined;
    const started = startImport(folder, {
      results,
      files,
      wait,
      words,
      fileBlocks,
      ...(program ? { program } : {}),
    });
    runs += 1;
    if (killed < kills) plan(started, of);
    const isHanging = stopHanging(started);
    const { code, printed } = await started.ended;
    watched.onSeen = () => undefined;
    writeFileSync(join(folder, `printed-${runs}.txt`), printed);
    if (code === null) killed += 1;
    const wrong = isHanging() ? ['I7: a run did not end'] : of.afterKill();
    const exit = code ?? -1;
    const end = { kills: killed, runs, exit, printed, results, wrong };
    if (wrong.length > 0 || exit === 0 || exit === 1) return end;
    // 4, 5: again later. 6: the token expired twice. 130, 143: stopped by a signal. 74 is an end but where we took the room away.
    const goesOn = code === null || [4, 5, 6, 130, 143].includes(exit) || (exit === 74 && isLimited);
    if (!goesOn || left === 0) return end;
    if (code !== null) unknowns = exit === 4 ? unknowns + 1 : 0;
    if (of.mayStayUnknown && unknowns === 2) return end;
    left -= 1;
    if (killed < kills || isMended) continue;
    of.mend();
    isMended = true;
    left = Math.min(left, of.runsAfter);
  }
}

/** No run takes nearly so long. */
const longestRunMs = 240_000;

/** Whether it had to be stopped because it did not end. */
function stopHanging({ child }: ReturnType<typeof startImport>): () => boolean {
  let isHanging = false;
  const timer = setTimeout(() => {
    isHanging = true;
    child.kill('SIGKILL');
  }, longestRunMs);
  child.on('close', () => clearTimeout(timer));
  return () => isHanging;
}

/** By sight, with a pause or without; by time; some by Ctrl-C, twice. What is not seen in good time is killed as well: it waits for something. */
function plan({ child }: ReturnType<typeof startImport>, { watched, random, sight }: BrokenRuns): void {
  const startedMs = performance.now();
  const bySight = untilSeenMs === undefined || random() < 0.75;
  const seenMs = untilSeenMs ?? 10_000;
  const isByHand = random() < 0.08;
  const kill = (): void => {
    if (isByHand) {
      child.kill('SIGINT');
      setTimeout(() => child.kill('SIGINT'), random() * 30).unref();
    } else child.kill('SIGKILL');
  };
  const atMs = bySight ? 2 * seenMs + random() * 2_000 : random() * 1.6 * seenMs;
  const timer = setTimeout(() => child.kill('SIGKILL'), atMs);
  const { count, counts } = sight();
  let left = count;
  const pauseMs = random() < 0.5 ? 0 : random() * 12;
  let isFirst = true;
  watched.onSeen = (what) => {
    if (isFirst) {
      const tookMs = performance.now() - startedMs;
      untilSeenMs = untilSeenMs === undefined ? tookMs : untilSeenMs * 0.8 + tookMs * 0.2;
    }
    isFirst = false;
    if (!counts(what)) return;
    left -= 1;
    if (bySight && left === 0) setTimeout(kill, pauseMs);
  };
  child.on('close', () => clearTimeout(timer));
}

/** Blocks of 512 bytes: as large as the largest of its files is, and a little more: the ledger, the window's own journal, or the log of one. */
function roomLeft(folder: string, bytes: number): number {
  const names = readdirSync(folder).filter((name) => /\.db(?:-wal)?$/u.test(name));
  const sizes = names.map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  return Math.ceil((Math.max(0, ...sizes) + bytes) / 512);
}
