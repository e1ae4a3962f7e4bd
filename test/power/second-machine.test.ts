/** A ledger that is copied to another machine goes on there, and nothing is lodged a second time. */
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { check } from '../soak/checker/check.ts';
import { startImport } from '../soak/place.ts';
import { copyLedger, importOn, type Machines, twoMachines } from './second-machine.ts';

async function machines(declarations: number, perRequest: number): Promise<Machines> {
  const opened = await twoMachines(declarations, perRequest);
  onTestFinished(() => opened.close());
  return opened;
}

describe('a ledger on a second machine', () => {
  it('tells every row of what the first one lodged, with no request to lodge', async () => {
    const both = await machines(1_000, 100);
    const { rows } = both.input;
    const told = new Map([['accepted', rows.length]]);
    expect(await importOn(both.first)).toEqual({ code: 0, stderr: '', told });
    copyLedger(both);
    const before = both.requests();
    expect(before).toBe(20);
    expect(await importOn(both.second)).toEqual({ code: 0, stderr: '', told });
    expect(both.requests()).toBe(before);
  }, 120_000);

  it('goes on where the first one was killed', async () => {
    const both = await machines(60, 5);
    const { child, ended } = startImport(both.first, { results: join(both.first, 'results-0') });
    let seen = 0;
    both.window.onSeen = (what) => {
      if (what === 'upload' && (seen += 1) === 5) child.kill('SIGKILL');
    };
    expect((await ended).code).toBe(null);
    copyLedger(both);
    rmSync(join(both.first, 'ledger.db'));
    const { code } = await importOn(both.second);
    copyFileSync(join(both.first, 'window.jsonl'), join(both.second, 'window.jsonl'));
    const { rows } = both.input;
    expect(code).toBe(0);
    expect(
      check({ folder: both.second, kind: 'key', rows, results: join(both.second, 'results-0'), exit: 0 }),
    ).toEqual([]);
  }, 180_000);
});
