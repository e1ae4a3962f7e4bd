/** A disk that fails at the n-th call of a run: the run must stop before anything more is sent, and the next one must end right. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { allLost } from './disk.ts';
import { record } from './recording.ts';
import { cutAt } from './replay.ts';

export type Failing = {
  /** As strace names calls and errors, `fsync,fdatasync:error=EIO:when=`; the number follows. */
  readonly inject: string;
  /** `+`: from that call on, as on a full disk; otherwise that call alone. */
  readonly goesOn?: '+';
};

/** What is wrong; `over` where the run has fewer such calls. Afterwards the power fails too: what was never synced, or whose sync failed, is lost. */
export async function failAt(
  { inject, goesOn }: Failing,
  number: number,
): Promise<'over' | readonly string[]> {
  const recording = await record({
    kind: 'key',
    declarations: 4,
    inject: `${inject}${number}${goesOn ?? ''}`,
  });
  const { calls, code, posts, folder, stderr } = recording;
  try {
    const first = calls.findIndex((call) => call.call === 'failed' && call.path.startsWith(folder));
    const failed = calls[first];
    if (failed?.call !== 'failed') return 'over';
    const wrong: string[] = [];
    const isStopped = code === 74 && stderr.includes('ledger/disk-');
    // strace counts for each thread: the same number may fail once more where results are synced, which a pool of threads does.
    const isOfResults = (path: string): boolean => path.startsWith(join(folder, 'results-'));
    const areResultsLost =
      calls.some((call) => call.call === 'failed' && isOfResults(call.path)) &&
      code === 74 &&
      stderr.includes('run/disk-full');
    const isHarmless =
      (code === 0 || areResultsLost) &&
      !isNeeded(
        failed.path,
        folder,
        posts.some((post) => post.first > first),
      );
    if (!isStopped && !isHarmless) wrong.push(`ended with ${code}: ${stderr}`);
    if (!isHarmless && posts.some((post) => post.first > first)) wrong.push('something was sent afterwards');
    const end = await cutAt(recording, { moment: calls.length - 1, fate: allLost });
    if (end !== 'stopped') wrong.push(...end);
    else wrong.push('the next run stopped too');
    return wrong.map((each) => `${failed.name} ${number} (${failed.path.slice(folder.length)}): ${each}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Two kinds of failure may pass. SQLite syncs the folder and keeps quiet about a failure; the folder was synced before, by us.
 * And while the ledger is closed its log is written back: where that fails, the log stays, and the next run reads it.
 */
function isNeeded(path: string, folder: string, isSentAfterwards: boolean): boolean {
  return path !== folder && isSentAfterwards;
}
