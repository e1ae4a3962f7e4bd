/** Other ledgers beside the one that was looked into: each window has its own, and whoever names none looks into the sandbox's. */
import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Settings } from '../config.ts';
import { oneLine } from '../reports/terminal-text.ts';

/** A line that names them; empty where there are none. */
export async function otherLedgers({ ledger, lang }: Pick<Settings, 'ledger' | 'lang'>): Promise<string> {
  const names = await readdir(dirname(ledger)).catch((): string[] => []);
  const others = names
    .filter((name) => /^ledger.*\.db$/u.test(name) && name !== basename(ledger))
    .toSorted()
    .slice(0, 5)
    .map((name) => oneLine(name, 100));
  if (others.length === 0) return '';
  return lang === 'zh'
    ? `同一文件夹里另有台账 ${others.join('、')}：每个窗口各有一本，用 --window 指明窗口，或用 --ledger 指明台账。\n`
    : `Beside it are other ledgers, one for each window: ${others.join(', ')}. Name the window with --window, or the ledger with --ledger.\n`;
}
