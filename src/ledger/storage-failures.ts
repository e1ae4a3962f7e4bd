/** Turns the failures of SQLite and of the file system into stops, by their numbers and never by their texts. */
import { Stop, exitCode, type ExitCode } from '../model/stop.ts';
import type { ProblemCode } from '../model/problem.ts';

/** Primary result codes, https://sqlite.org/rescode.html. */
const busy = 5;
const lockedTable = 6;
const readOnly = 8;
const ioError = 10;
const corrupt = 11;
const full = 13;
const cannotOpen = 14;
const notADatabase = 26;

const bySqliteCode: ReadonlyMap<number, readonly [ProblemCode, ExitCode]> = new Map<
  number,
  readonly [ProblemCode, ExitCode]
>([
  [busy, ['ledger/busy', exitCode.locked]],
  [lockedTable, ['ledger/busy', exitCode.locked]],
  [readOnly, ['ledger/read-only', exitCode.storage]],
  [ioError, ['ledger/disk-error', exitCode.storage]],
  [corrupt, ['ledger/damaged', exitCode.storage]],
  [full, ['ledger/disk-full', exitCode.storage]],
  [cannotOpen, ['ledger/cannot-open', exitCode.storage]],
  [notADatabase, ['ledger/damaged', exitCode.storage]],
]);

const bySystemCode: ReadonlyMap<string, readonly [ProblemCode, ExitCode]> = new Map<
  string,
  readonly [ProblemCode, ExitCode]
>([
  ['ENOSPC', ['ledger/disk-full', exitCode.storage]],
  ['EDQUOT', ['ledger/disk-full', exitCode.storage]],
  ['EIO', ['ledger/disk-error', exitCode.storage]],
  ['EROFS', ['ledger/read-only', exitCode.storage]],
  ['EACCES', ['ledger/cannot-open', exitCode.storage]],
  ['EPERM', ['ledger/cannot-open', exitCode.storage]],
  ['EISDIR', ['ledger/cannot-open', exitCode.storage]],
  ['ENOTDIR', ['ledger/cannot-open', exitCode.storage]],
  ['ELOOP', ['ledger/cannot-open', exitCode.storage]],
  ['EMFILE', ['ledger/cannot-open', exitCode.storage]],
]);

/** The primary result code of SQLite, or nothing where the error is not SQLite's. */
export function sqliteCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  return error.errcode & 0xff;
}

/** A `Stop` for what disks and files do; anything else comes back as it is, a defect. */
export function asStop(error: unknown, file: string): unknown {
  if (error instanceof Stop) return error;
  const found = bySqliteCode.get(sqliteCodeOf(error) ?? -1) ?? bySystemCode.get(systemCodeOf(error) ?? '');
  if (found === undefined) return error;
  const [code, exit] = found;
  const facts = { file, where: error instanceof Error ? error.message : '' };
  return new Stop(code, exit, { facts, cause: error });
}

/** Damage that SQLite does not see: a checksum, a digest or a missing row. `where` names the place for whoever mends it. */
export function damaged(file: string, where: string, cause?: unknown): Stop {
  return new Stop('ledger/damaged', exitCode.storage, { facts: { file, where }, cause });
}

function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
