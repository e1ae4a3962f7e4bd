/** The import client as a window: which folder the settings mean, and what is done with a message there. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config, Settings } from '../config.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { loadReceiptCodes } from '../pack/receipt-codes.ts';
import type { SingleWindow } from '../window/single-window.ts';
import { messageForm } from './message-settings.ts';

export type Client = {
  readonly name: string;
  readonly root: string;
  readonly address: string;
  readonly operType: 'draft' | 'declare';
};

export function isClient({ window, windows }: Pick<Settings, 'window' | 'windows'>): boolean {
  const named = Object.hasOwn(windows, window) ? windows[window] : undefined;
  return named === undefined ? window === 'cn-client' : named.protocol === 'cn-client';
}

/** What a ledger calls the import client's window: this and its folder. */
const addressStart = 'cn-client:';

/** Undefined where the window is no import client. Throws `Stop` (exit 2) where it is one and its folder is not given. What is typed wins. */
export function clientOf({ settings }: Pick<Config, 'settings'>): Client | undefined {
  const { window, windows } = settings;
  if (!isClient(settings)) return undefined;
  const named = Object.hasOwn(windows, window) ? windows[window] : undefined;
  const root = settings.root ?? named?.root;
  if (root === undefined) throw new Stop('cn-client/no-root', exitCode.usage, { facts: { window } });
  const operType = settings.operType ?? named?.operType ?? 'draft';
  return { name: window, root, address: `${addressStart}${root}`, operType };
}

/** Its journal lies beside the ledger: the two are one memory. */
export async function openClient(
  { name, root, operType }: Client,
  { config: { settings }, now }: { readonly config: Config; readonly now: () => Date },
): Promise<SingleWindow> {
  const { openFolderWindow } = await import('../window/cn-client/folder-window.ts');
  return openFolderWindow({
    name,
    root,
    journal: journalFile(settings.ledger, root),
    form: messageForm(settings),
    codes: loadReceiptCodes(settings.pack),
    operType: operType === 'draft' ? 'G' : 'C',
    now,
  });
}

/** Beside the ledger; of a backup, the one that was made with it, which is named after it. */
function journalFile(ledger: string, root: string): string {
  const id = createHash('sha256').update(root).digest('hex').slice(0, 12);
  const name = `cn-client-${id}.db`;
  const own = `${ledger}.${name}`;
  return existsSync(own) ? own : join(dirname(ledger), name);
}

/** Where the backup of a ledger's journal goes, for a backup of the ledger in `to`. */
export function journalBackup(journal: string, to: string): string {
  const [name = ''] = /cn-client-[0-9a-f]{12}\.db$/u.exec(journal) ?? [];
  return `${to}.${name}`;
}

/** The journal that is one memory with a ledger bound to this address; undefined where the window is no import client. */
export function journalOf(ledger: string, address: string): string | undefined {
  return address.startsWith(addressStart)
    ? journalFile(ledger, address.slice(addressStart.length))
    : undefined;
}
