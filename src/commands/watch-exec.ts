/** Runs a person's command for one event: without a shell, so that no value of a declaration can become a command. */
import { spawn } from 'node:child_process';
import type { WatchEvent } from '../reports/watch.ts';

/** True where it ended with 0. Its output goes to standard error; the event is also on its standard input, as JSON. */
export async function runFor(
  event: WatchEvent,
  { command, args }: { readonly command: string; readonly args: readonly string[] },
): Promise<boolean> {
  const { event: name, key, entryId, bill, at } = event;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const child = spawn(command, [...args, name, key, entryId, bill, at], {
    shell: false,
    stdio: ['pipe', process.stderr, process.stderr],
    windowsHide: true,
  });
  child.once('error', (error) => {
    process.stderr.write(`${command}: ${error.message}\n`);
    resolve(false);
  });
  child.once('close', (code) => {
    if (code !== 0)
      process.stderr.write(`${command}: ${code === null ? 'ended by a signal' : `exit ${code}`}\n`);
    resolve(code === 0);
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${JSON.stringify(event)}\n`);
  return promise;
}
