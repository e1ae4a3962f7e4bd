/** What disks and files do is told by its number, and what is none of theirs stays a defect. */
import { describe, expect, it } from 'vitest';
import { asStop, damaged, sqliteCodeOf } from '../../src/ledger/storage-failures.ts';
import { Stop } from '../../src/model/stop.ts';

const sqlite = (errcode: unknown): Error => Object.assign(new Error('said by SQLite'), { errcode });
const system = (code: unknown): Error => Object.assign(new Error('said by the system'), { code });

describe('a failure of storage', () => {
  it.each([
    [5, 'ledger/busy', 11],
    [6, 'ledger/busy', 11],
    [8, 'ledger/read-only', 74],
    [10, 'ledger/disk-error', 74],
    [11, 'ledger/damaged', 74],
    [13, 'ledger/disk-full', 74],
    [14, 'ledger/cannot-open', 74],
    [26, 'ledger/damaged', 74],
    // An extended code: SQLITE_IOERR_FSYNC.
    [1034, 'ledger/disk-error', 74],
  ])('that SQLite numbers %i is %s', (errcode, code, exit) => {
    const error = sqlite(errcode);
    expect(asStop(error, '/台账.db')).toMatchObject({
      code,
      exit,
      facts: { file: '/台账.db', where: 'said by SQLite' },
      cause: error,
    });
  });

  it.each([
    ['ENOSPC', 'ledger/disk-full'],
    ['EDQUOT', 'ledger/disk-full'],
    ['EIO', 'ledger/disk-error'],
    ['EROFS', 'ledger/read-only'],
    ['EACCES', 'ledger/cannot-open'],
    ['EPERM', 'ledger/cannot-open'],
    ['EISDIR', 'ledger/cannot-open'],
    ['ENOTDIR', 'ledger/cannot-open'],
    ['ELOOP', 'ledger/cannot-open'],
    ['EMFILE', 'ledger/cannot-open'],
  ])('that the system calls %s is %s', (name, code) => {
    const facts = { file: 'f', where: 'said by the system' };
    expect(asStop(system(name), 'f')).toMatchObject({ code, exit: 74, facts });
  });

  it.each([
    ['that SQLite has for a mistake of ours', sqlite(1)],
    ['with a number that is none', sqlite('13')],
    ['with a name that nobody knows', system('EWHATEVER')],
    ['with a name that is none', system(28)],
    ['without either', new Error('a defect')],
    ['that is no error', 'ENOSPC'],
    ['that only looks like one', { code: 'ENOSPC', errcode: 13 }],
  ])('is not one %s', (_, error) => {
    expect(asStop(error, 'f')).toBe(error);
  });

  it('that was told already stays as it was told', () => {
    const stop = damaged('f', 'runs.sum', 7);
    expect(stop).toMatchObject({
      code: 'ledger/damaged',
      exit: 74,
      facts: { file: 'f', where: 'runs.sum' },
      cause: 7,
    });
    expect(asStop(Object.assign(stop, { errcode: 13 }), 'g')).toBe(stop);
    expect(stop).toBeInstanceOf(Stop);
  });

  it('has the number that SQLite gave it, without what extends it', () => {
    expect([sqlite(1034), sqlite(13), new Error('x'), undefined].map(sqliteCodeOf)).toEqual([
      10,
      13,
      undefined,
      undefined,
    ]);
  });
});
