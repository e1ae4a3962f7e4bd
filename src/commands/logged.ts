/** Runs a command between the first and the last line of its log. */
import { resolve } from 'node:path';
import { exitCode, Stop } from '../model/stop.ts';
import { noLog, openRunLog, type RunLog } from '../run-log.ts';
import type { CommandInput } from './command.ts';

/** What stopped the command is logged by its code, which is ours; its message may hold values. */
export async function logged(
  name: string,
  { flags }: CommandInput,
  work: (log: RunLog) => Promise<number>,
): Promise<number> {
  const file = flags.get('logFile');
  const log = typeof file === 'string' ? openRunLog(resolve(file), () => new Date()) : noLog;
  const begunAt = performance.now();
  const tookMs = (): number => Math.round(performance.now() - begunAt);
  log.write({ event: 'command-start', command: name });
  try {
    const exit = await work(log);
    log.write({ event: 'command-end', command: name, exit, tookMs: tookMs() });
    return exit;
  } catch (error) {
    const [code, exit] =
      error instanceof Stop ? [error.code, error.exit] : (['run/defect', exitCode.defect] as const);
    log.write({ event: 'command-end', command: name, exit, code, tookMs: tookMs() });
    throw error;
  }
}
