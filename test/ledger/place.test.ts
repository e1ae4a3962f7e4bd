/** Where a ledger may lie, and who may read it. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, link, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { platform, umask } from 'node:process';
import { isMainThread } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { WindowBinding } from '../../src/ledger/binding.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { networkFileSystem, syncedFolder } from '../../src/ledger/shared-storage.ts';
import { lodge, stateOf } from '../conformance/ledger-samples.ts';
import { inPlace, now, sandbox, stopOf, type Place } from './places.ts';

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

async function makeLedger(place: Place): Promise<void> {
  const ledger = await place.open();
  lodge(ledger);
  ledger.close();
}

describe.skipIf(platform === 'win32')('the place of a ledger on POSIX', () => {
  // Where mutants are tried the tests run in threads of one process, and a thread cannot set its umask.
  it.runIf(isMainThread)('is a folder of 0700 with files of 0600, whatever the umask', async () => {
    await inPlace(async ({ folder }) => {
      const before = umask(0);
      try {
        const file = join(folder, '新 文件夹', '台账.sqlite');
        const ledger = await openLedger({ mode: 'write', file, window: sandbox, now });
        lodge(ledger);
        const modes = await Promise.all(
          ['', '-wal', '-shm', '.lock', '.guard'].map((end) => modeOf(`${file}${end}`)),
        );
        expect(modes).toEqual([0o600, 0o600, 0o600, 0o600, 0o600]);
        expect(await modeOf(join(folder, '新 文件夹'))).toBe(0o700);
        ledger.close();
      } finally {
        umask(before);
      }
    });
  });

  it.each([0o620, 0o602, 0o666])('is refused where others can write the file (%o)', async (mode) => {
    await inPlace(async (place) => {
      await makeLedger(place);
      await chmod(place.file, mode);
      const stop = await stopOf(place.open);
      expect([stop?.code, stop?.exit]).toEqual(['ledger/open-to-others', 2]);
      expect(stop?.facts).toEqual({ file: place.file, mode: `0${mode.toString(8)}` });
      expect(stop?.hint).toBe(`chmod 600 '${place.file}'`);
    });
  });

  it('is refused where anybody can write the folder, and remove the files of others there', async () => {
    await inPlace(async (place) => {
      await chmod(place.folder, 0o777);
      const stop = await stopOf(place.open);
      expect([stop?.code, stop?.exit]).toEqual(['ledger/open-to-others', 2]);
      expect(stop?.facts).toEqual({ file: place.folder, mode: '0777' });
      expect(stop?.hint).toBe(`chmod go-w '${place.folder}'`);
      await chmod(place.folder, 0o1777);
      (await place.open()).close();
    });
  });

  it('is made, with its folder, by those who write there alone', async () => {
    await inPlace(async ({ folder }) => {
      const file = join(folder, '新', '台账.sqlite');
      expect((await stopOf(() => openLedger({ mode: 'read', file })))?.code).toBe('ledger/not-found');
      expect(existsSync(join(folder, '新'))).toBe(false);
      (await openLedger({ mode: 'write', file, window: sandbox, now })).close();
      expect(existsSync(file)).toBe(true);
    });
  });

  it('is closed to readers of the group when it is opened for writing', async () => {
    await inPlace(async (place) => {
      await makeLedger(place);
      await chmod(place.file, 0o644);
      (await openLedger({ mode: 'read', file: place.file })).close();
      expect(await modeOf(place.file)).toBe(0o644);
      (await place.open()).close();
      expect(await modeOf(place.file)).toBe(0o600);
    });
  });

  it.each([
    ['symlink', async ({ folder, file }: Place) => symlink(join(folder, 'other.sqlite'), file)],
    ['device', ({ file }: Place) => execFileSync('mkfifo', [file])],
    ['folder', async ({ file }: Place) => mkdir(file)],
    [
      'hard link',
      async ({ folder, file }: Place) => {
        await writeFile(join(folder, 'other.sqlite'), 'x', { mode: 0o600 });
        await link(join(folder, 'other.sqlite'), file);
      },
    ],
  ])('is refused where it is of another kind: %s', async (kind, make) => {
    await inPlace(async (place) => {
      await make(place);
      for (const open of [place.open, () => openLedger({ mode: 'read', file: place.file })]) {
        const stop = await stopOf(open);
        expect([stop?.code, stop?.exit]).toEqual(['ledger/not-a-file', 2]);
        expect(stop?.facts).toEqual({ file: place.file, kind });
      }
    });
  });

  it.each(['.lock', '.guard'])('is refused where its %s file is a link to something else', async (end) => {
    await inPlace(async (place) => {
      const other = join(place.folder, 'other');
      await writeFile(other, 'keep');
      await symlink(other, `${place.file}${end}`);
      expect((await stopOf(place.open))?.code).toMatch(/^ledger\/(?:not-a-file|cannot-open)$/u);
      expect(await readFile(other, 'utf8')).toBe('keep');
    });
  });
});

describe('the place of a ledger', () => {
  it('may hold what a crash left of a ledger being made', async () => {
    await inPlace(async (place) => {
      await writeFile(`${place.file}.new`, 'half');
      await makeLedger(place);
      const ledger = await openLedger({ mode: 'read', file: place.file });
      expect(stateOf(ledger, 1)).toBe('sending');
      ledger.close();
    });
  });

  it('is refused in a folder that other machines get copies of', async () => {
    await inPlace(async ({ folder }) => {
      const file = join(folder, 'OneDrive - 大连公司', 'ledger.sqlite');
      const stop = await stopOf(() => openLedger({ mode: 'write', file, window: sandbox, now }));
      expect([stop?.code, stop?.facts['service']]).toEqual(['ledger/synced-folder', 'OneDrive']);
    });
  });

  it.each([
    ['/mnt/nas', 'linux', 0x6969, 'NFS'],
    ['/mnt/nas', 'linux', 0xff534d42 | 0, 'CIFS'],
    ['\\\\server\\share\\台账', 'win32', undefined, 'UNC'],
    ['\\\\?\\UNC\\server\\share', 'win32', undefined, 'UNC'],
  ])('is known to be on the network at %s (%s)', (folder, system, type, name) => {
    expect(networkFileSystem(folder, system, type)).toBe(name);
  });

  it.each([
    ['/var/lib', 'linux', 0xef53],
    ['C:\\Users\\王', 'win32', undefined],
    ['\\\\?\\C:\\Users', 'win32', undefined],
    ['/Users/wang', 'darwin', undefined],
  ])('is known to be on this machine at %s (%s)', (folder, system, type) => {
    expect(networkFileSystem(folder, system, type)).toBeUndefined();
  });

  it.each(['/home/wang/onedrive-notes', '/srv/dropboxes', '/home/wang/.local/state/declarant'])(
    'is not taken for a synchronised folder: %s',
    (folder) => {
      expect(syncedFolder(folder)).toBeUndefined();
    },
  );
});

function open(file: string, window: WindowBinding): Promise<{ readonly close: () => void }> {
  return openLedger({ mode: 'write', file, window, now });
}

describe('the window of a ledger', () => {
  const real = { name: 'single-window', address: 'https://window.example', environment: 'production' };

  it('may be the sandbox at another port', async () => {
    await inPlace(async (place) => {
      await makeLedger(place);
      const ledger = await openLedger({
        mode: 'write',
        file: place.file,
        window: { ...sandbox, address: 'http://127.0.0.1:9' },
        now,
      });
      expect(stateOf(ledger, 1)).toBe('sending');
      ledger.close();
    });
  });

  it('may change its name, not its origin', async () => {
    await inPlace(async (place) => {
      (await open(place.file, real)).close();
      (await open(place.file, { ...real, name: '单一窗口' })).close();
      expect(
        (await stopOf(() => open(place.file, { ...real, address: 'https://other.example' })))?.code,
      ).toBe('ledger/other-window');
    });
  });

  it.each([
    ['another environment', { ...real, environment: 'test' }],
    ['the sandbox', sandbox],
    ['one that calls itself sandbox at the same origin', { ...real, name: 'sandbox' }],
  ])('is never exchanged for %s', async (_what, other) => {
    await inPlace(async (place) => {
      (await open(place.file, real)).close();
      const stop = await stopOf(() => open(place.file, other));
      expect([stop?.code, stop?.exit]).toEqual(['ledger/other-window', 2]);
      expect(stop?.facts['bound']).toBe('single-window https://window.example (production)');
      expect((await stopOf(() => openLedger({ mode: 'read', file: place.file, window: other })))?.code).toBe(
        'ledger/other-window',
      );
    });
  });
});
