/** One run for each ledger. */
import { describe, expect, it } from 'vitest';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { runOne, runStart } from '../conformance/ledger-samples.ts';
import { startHolder } from './children.ts';
import { inPlace, now, stopOf } from './places.ts';

describe('the lock of a ledger', () => {
  it('sends the second run away at once and says who holds it since when', async () => {
    await inPlace(async (place) => {
      const holder = startHolder('hold', place.file);
      expect(await holder.line()).toBe('open');
      const stop = await stopOf(place.open);
      expect([stop?.code, stop?.exit]).toEqual(['ledger/locked', 11]);
      expect(stop?.facts).toMatchObject({
        pid: holder.process.pid,
        since: now().toISOString(),
        command: 'import',
        run: runOne,
      });
      holder.process.stdin?.end();
      await holder.ended;
    });
  });

  it('ends when its holder ends, and with it what was said about the holder', async () => {
    await inPlace(async (place) => {
      const holder = startHolder('hold', place.file);
      await holder.line();
      holder.process.stdin?.end();
      await holder.ended;
      const ledger = await place.open();
      const stop = await stopOf(place.open);
      expect(stop?.facts).toMatchObject({ pid: process.pid, command: '?', run: '?' });
      ledger.close();
    });
  });

  it('ends when its holder is killed', async () => {
    await inPlace(async (place) => {
      const holder = startHolder('hold', place.file);
      await holder.line();
      holder.process.kill('SIGKILL');
      await holder.ended;
      const ledger = await place.open();
      expect(ledger.runs(1).map(({ run }) => run)).toEqual([runOne]);
      ledger.close();
    });
  });

  it('stands against a second opening in the same process, and outlasts its refusal', async () => {
    await inPlace(async (place) => {
      const ledger = await place.open();
      expect((await stopOf(place.open))?.code).toBe('ledger/locked');
      const other = startHolder('try', place.file);
      expect(await other.line()).toContain('ledger/locked');
      await other.ended;
      ledger.close();
    });
  });

  it('lets others look while a run holds it', async () => {
    await inPlace(async (place) => {
      const ledger = await place.open();
      const reader = await openLedger({ mode: 'read', file: place.file });
      ledger.beginRun(runStart());
      expect(reader.runs(1).map(({ run }) => run)).toEqual([runOne]);
      reader.close();
      ledger.close();
    });
  });

  it('has one winner among eight processes that begin together', async () => {
    await inPlace(async (place) => {
      const children = Array.from({ length: 8 }, () => startHolder('hold', place.file));
      const said = await Promise.all(children.map((child) => child.line()));
      expect(said.filter((line) => line === 'open')).toHaveLength(1);
      expect(said.filter((line) => line?.includes('"exit":11') === true)).toHaveLength(7);
      for (const child of children) child.process.stdin?.end();
      await Promise.all(children.map((child) => child.ended));
    });
  });
});
