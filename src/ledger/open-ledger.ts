/** The door of this room: opens a ledger for one run that lodges, or for anyone who looks. */
import type { WindowBinding } from './binding.ts';
import { openFileForReading, openFileForWriting } from './open-file.ts';
import { SqliteLedger } from './sqlite-ledger.ts';

export type OpenLedgerOptions =
  | {
      /** For the one run that lodges: takes the lock, makes the ledger (folder 0700, file 0600) where there is none. */
      readonly mode: 'write';
      readonly file: string;
      readonly window: WindowBinding;
      readonly now: () => Date;
      /** Shown to those who find the ledger locked, until `beginRun` says more. */
      readonly command?: string;
    }
  | {
      /** For looking: also while a run holds the lock; makes and changes nothing. The window is checked where given. */
      readonly mode: 'read';
      readonly file: string;
      readonly window?: WindowBinding;
      readonly now?: () => Date;
    };

/** Throws `Stop`: exit 2 where the place or the window is wrong, 11 where another run holds it, 74 where it is not whole. */
export async function openLedger(options: OpenLedgerOptions): Promise<SqliteLedger> {
  const opened =
    options.mode === 'read'
      ? await openFileForReading(options.file, options.window)
      : await openFileForWriting(options);
  try {
    return new SqliteLedger(opened);
  } catch (error) {
    opened.close();
    throw error;
  }
}
