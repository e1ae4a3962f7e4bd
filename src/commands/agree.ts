/** Asks for a word before something is removed or withdrawn for good. */
import { createInterface } from 'node:readline/promises';
import type { Settings } from '../config.ts';
import { exitCode, Stop } from '../model/stop.ts';

/** Whether a person sits there who may be asked. */
export function canAsk({ noInput }: Pick<Settings, 'noInput'>): boolean {
  const isCi = (process.env['CI'] ?? '') !== '' && process.env['CI'] !== 'false';
  return process.stdin.isTTY && process.stderr.isTTY && !noInput && !isCi;
}

/** Returns once the very word was typed, or `--yes` was given. Throws `Stop` (exit 2) where nobody can be asked, or somebody typed otherwise. */
export async function agreedTo({
  word,
  question,
  settings,
}: {
  readonly word: string;
  readonly question: string;
  readonly settings: Settings;
}): Promise<void> {
  if (settings.yes) return;
  if (!canAsk(settings)) throw new Stop('run/needs-agreement', exitCode.usage, { facts: { word } });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C closes the question; then nothing was agreed.
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  const answer = await Promise.race([terminal.question(question), closed]);
  terminal.close();
  if (answer.trim() !== word) throw new Stop('run/not-agreed', exitCode.usage, { facts: { word } });
}
