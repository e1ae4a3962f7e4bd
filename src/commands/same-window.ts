/** What was typed to name the window and the ledger, for the next command: without it, that would speak of another one. */
import { quoted } from './quoted.ts';

const windowFlags: ReadonlySet<string> = new Set([
  '--window',
  '--root',
  '--ledger',
  '--config',
  '--token-file',
  '--token-command',
  '--ca-file',
  '--client-cert',
  '--client-key',
]);

/** The flags among the words typed that name the window, with their values. */
export function windowWords(typed: readonly string[]): readonly string[] {
  return typed.filter((word, at) => {
    const [, flag = ''] = /^(--[a-z-]+)=/u.exec(word) ?? [];
    return windowFlags.has(word) || windowFlags.has(flag) || windowFlags.has(typed[at - 1] ?? '');
  });
}

/** A command, with these flags. */
export function sameWindow(command: string, typed: readonly string[]): string {
  return [command, ...windowWords(typed).map(quoted)].join(' ');
}
