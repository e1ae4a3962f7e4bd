/** Power loss: what is sent was on the disk before, and whatever the cut leaves of the rest, the next run ends right. */
import { rmSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { withPlanted } from './planted.ts';
import { record, type RecordOptions, sentTooEarly, type Recording } from './recording.ts';
import { replay } from './replay.ts';
import { recordFolderRun, renamedTooEarly } from './folder-run.ts';
import { whyNoTrace } from './strace.ts';

const reason = whyNoTrace();
if (reason !== undefined) process.stderr.write(`not run: power loss, because ${reason}\n`);
const run: RecordOptions = {
  kind: 'key',
  declarations: 10,
  // Attempts in doubt are in the ledger too, and second ones.
  script: ['503', 'reset-after', '500-after', 'missing'],
};

async function recorded(options: RecordOptions = run): Promise<Recording> {
  const recording = await record(options);
  onTestFinished(() => rmSync(recording.folder, { recursive: true, force: true }));
  return recording;
}

describe.skipIf(reason !== undefined)('a run whose every call to the system is recorded', () => {
  it('has the intent and the attempt of every batch on the disk before the first byte of its POST', async () => {
    const recording = await recorded();
    expect(recording.code).toBe(0);
    expect(recording.posts.length).toBeGreaterThanOrEqual(10);
    expect(sentTooEarly(recording)).toEqual([]);
  }, 120_000);

  it('ends right after a power cut at any moment, whatever of its unsynced writes is kept, lost or torn', async () => {
    const { wrong, stopped } = await replay(await recorded(), { states: 24, seed: 20261128 });
    expect(wrong).toEqual([]);
    expect(stopped).toBe(0);
  }, 400_000);

  it('has every message, its journal and its intent on the disk before it is renamed into OutBox', async () => {
    const recording = await recordFolderRun(4);
    onTestFinished(() => rmSync(recording.folder, { recursive: true, force: true }));
    expect([recording.code, recording.renames.length]).toEqual([0, 4]);
    expect(renamedTooEarly(recording)).toEqual([]);
  }, 120_000);
});

describe.skipIf(reason !== undefined)('what finds a power loss that is not guarded against', () => {
  const database = 'src/ledger/database.ts';
  const relaxed = [
    { file: database, from: 'PRAGMA synchronous=FULL;', to: 'PRAGMA synchronous=NORMAL;' },
    { file: database, from: 'const full = 2;', to: 'const full = 1;' },
  ];

  it('sees every POST that goes out before its intent is synced, and what is then lodged twice', async () => {
    await withPlanted(relaxed, async (program) => {
      const recording = await recorded({ kind: 'key', declarations: 10, program });
      expect(recording.code).toBe(0);
      expect(sentTooEarly(recording)).toHaveLength(recording.posts.length);
      const { wrong } = await replay(recording, { states: 12, seed: 1 });
      expect(wrong.join('\n')).toContain('was accepted 2 times');
    });
  }, 300_000);

  it('sees a message that is renamed into OutBox before it is synced', async () => {
    const unsynced = { file: 'src/window/cn-client/folders.ts', from: 'await file.sync();', to: '' };
    await withPlanted([unsynced], async (program) => {
      const recording = await recordFolderRun(2, program);
      onTestFinished(() => rmSync(recording.folder, { recursive: true, force: true }));
      expect(renamedTooEarly(recording)).toHaveLength(2);
    });
  }, 120_000);
});
