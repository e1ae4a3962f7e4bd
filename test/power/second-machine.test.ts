/** A ledger that is copied to another machine goes on there, and nothing is lodged a second time. */
import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { check } from '../soak/checker/check.ts';
import { startImport } from '../soak/place.ts';
import { whyNoOtherHost } from '../soak/other-host.ts';
import {
  answeredBatches,
  copyLedger,
  importOn,
  keysLodged,
  type Machines,
  twoMachines,
} from './second-machine.ts';

const secondHost = 'the-second-machine';
const noHost = whyNoOtherHost();
if (noHost !== undefined)
  process.stderr.write(`not run: a ledger under another host name, because ${noHost}\n`);

async function machines(declarations: number, perRequest: number): Promise<Machines> {
  const opened = await twoMachines(declarations, perRequest);
  onTestFinished(() => opened.close());
  return opened;
}

/** Killed in the middle; the second one has what was left, the first one nothing any more. */
async function killedOnTheFirst(): Promise<Machines> {
  const both = await machines(60, 5);
  const { child, ended } = startImport(both.first, { results: join(both.first, 'results-0') });
  let seen = 0;
  both.window.onSeen = (what) => {
    if (what === 'upload' && (seen += 1) === 5) child.kill('SIGKILL');
  };
  expect((await ended).code).toBe(null);
  copyLedger(both);
  rmSync(join(both.first, 'ledger.db'));
  return both;
}

function wrongOnTheSecond({ first, second, input: { rows } }: Machines): readonly string[] {
  copyFileSync(join(first, 'window.jsonl'), join(second, 'window.jsonl'));
  return check({ folder: second, kind: 'key', rows, results: join(second, 'results-0'), exit: 0 });
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
    const both = await killedOnTheFirst();
    const { code } = await importOn(both.second);
    expect(code).toBe(0);
    expect(wrongOnTheSecond(both)).toEqual([]);
  }, 180_000);

  it.skipIf(noHost !== undefined)(
    'goes on under another host name, though the mark of its first holder came along; only its holder there is named',
    async () => {
      const both = await killedOnTheFirst();
      const mark = (): string => readFileSync(join(both.second, 'ledger.db.guard'), 'utf8');
      expect(mark()).toContain(`"host":"${hostname()}"`);
      const answered = answeredBatches(both.second);
      const before = keysLodged(both).length;
      const results = join(both.second, 'results-0');
      const works = startImport(both.second, { results, wait: 900, host: secondHost });
      await new Promise<void>((resolve) => {
        both.window.onSeen = () => {
          if (!mark().includes(secondHost)) return;
          both.window.onSeen = () => undefined;
          works.child.kill('SIGSTOP');
          resolve();
        };
      });
      const next = await startImport(both.second, { results: 'results-late', host: secondHost }).ended;
      works.child.kill('SIGCONT');
      const said = `process ${works.child.pid} on ${secondHost}, command import`;
      expect([next.code, next.stderr]).toEqual([11, expect.stringContaining(said)]);
      expect((await works.ended).code).toBe(0);
      expect(answered.size).toBeGreaterThan(0);
      const again = keysLodged(both).slice(before);
      expect(again.filter((key) => answered.has(key))).toEqual([]);
      expect(wrongOnTheSecond(both)).toEqual([]);
    },
    120_000,
  );
});
