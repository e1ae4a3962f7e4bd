/** A move that is killed anywhere: never two ledgers that can send, and the same command ends it. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { Stop } from '../../src/model/stop.ts';
import { intents, lodge } from '../conformance/ledger-samples.ts';
import { inPlace, now, sandbox } from '../ledger/places.ts';
import { root } from './recording.ts';
import { underStrace, whyNoTrace } from './strace.ts';

const reason = whyNoTrace();
if (reason !== undefined) process.stderr.write(`not run: a move that is killed, because ${reason}\n`);

const open = (file: string): ReturnType<typeof openLedger> =>
  openLedger({ mode: 'write', file, window: sandbox, now });

async function canSend(file: string): Promise<boolean> {
  if (!existsSync(file)) return false;
  try {
    const ledger = await open(file);
    const isWhole = isDeepStrictEqual(ledger.openBatches()[0]?.intents, intents(1, 20));
    ledger.close();
    if (!isWhole) throw new Error(`${file} opens and is not whole`);
    return true;
  } catch (error) {
    if (error instanceof Stop) return false;
    throw error;
  }
}

/** What is wrong after a kill at that call; `over` where there are fewer. */
async function killedAt(base: string, inject: string): Promise<'over' | readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'declarant-移-'));
  try {
    const old = join(folder, 'ledger.db');
    const place = join(folder, 'new', 'ledger.db');
    copyFileSync(base, old);
    const words = [join(root, 'bin/declarant.js'), 'ledger', 'move', place, '--ledger', old];
    const { code } = await underStrace({ folder, words, inject });
    const wrong: string[] = [];
    const able: string[] = [];
    for (const file of [old, place, `${place}.moving`]) if (await canSend(file)) able.push(file);
    if (able.length > 1) wrong.push(`${able.join(', ')} can send`);
    const again = code === 0 ? { code: 0, stderr: '' } : await underStrace({ folder, words });
    if (again.code !== 0) wrong.push(`the same command again: ${again.stderr}`);
    if (!(await canSend(place))) wrong.push('the new one cannot send in the end');
    if (await canSend(old)) wrong.push('the old one can send in the end');
    if (code === 0 && wrong.length === 0) return 'over';
    return wrong.map((each) => `${inject}: ${each}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(reason !== undefined)('a move of a ledger that is killed', () => {
  it.each([
    ['sync', 'fsync', 1, 12],
    ['renaming', 'rename', 1, 1],
    ['removal of a file', 'unlink', 1, 3],
    ['write, one in nine', 'pwrite64', 9, 5],
  ])(
    'at any %s never leaves two that can send, and is ended by the same command',
    async (_what, call, step, least) => {
      await inPlace(async (made) => {
        const ledger = await made.open();
        lodge(ledger, 20);
        ledger.close();
        const wrong: string[] = [];
        let kills = 0;
        for (let number = step; wrong.length === 0; number += step) {
          const found = await killedAt(made.file, `${call}:signal=KILL:when=${number}`);
          if (found === 'over') break;
          kills += 1;
          wrong.push(...found);
        }
        expect(wrong).toEqual([]);
        expect(kills).toBeGreaterThanOrEqual(least);
      });
    },
    400_000,
  );
});
