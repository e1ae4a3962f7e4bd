/** `declarant report --also`: the documents of an earlier run made again, from what the ledger kept. */
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { purgeLedger } from '../../src/ledger/purge.ts';
import { parseRunId } from '../../src/model/ids.ts';
import { declarant, freshPlace, type Finished, type Place } from '../cli/run-cli.ts';

const manifests = join(import.meta.dirname, '..', '..', 'fixtures', 'manifests');
const valid = 'dalian-air-imports-utf8.csv';
const isMade = /^(?:delivery-note|container-list)\./u;

/** The valid manifest, with a declaration of the first one's bill that is set aside, and one without a bill. */
async function flawed(place: Place): Promise<string> {
  const text = await readFile(join(manifests, valid), 'utf8');
  const lines = text.trimEnd().split('\r\n');
  const [first, second, third] = [...new Set(lines.slice(1).map((line) => line.split(',')[0] ?? ''))];
  const billOf = (key = ''): string =>
    (lines.find((line) => line.startsWith(key)) ?? '').split(',').find((cell) => /^\d{11}_/u.test(cell)) ??
    '';
  const bent = lines.map((line) => {
    if (line.startsWith(second ?? '-'))
      return line.replace(billOf(second), billOf(first)).replace(/,(?:0902|大连机场),/u, ',九九九九,');
    return line.startsWith(third ?? '-') ? line.replace(billOf(third), '') : line;
  });
  await writeFile(join(place.folder, 'm.csv'), `${bent.join('\r\n')}\r\n`);
  return 'm.csv';
}

/** The made documents in a folder, but for the moment at which they were made. */
async function madeIn(place: Place, folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(join(place.folder, folder))).filter((name) => isMade.test(name)).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(place.folder, folder, name), 'utf8')));
  return Object.fromEntries(
    names.map((name, at) => [name, (texts[at] ?? '').replace(/"madeAt":"[^"]*"/u, '')]),
  );
}

const report = (place: Place, ...words: readonly string[]): Promise<Finished> =>
  declarant(place, ['report', '--report', 'none', '--lang', 'en', ...words]);

describe('declarant report --also', { timeout: 60_000 }, () => {
  it('makes the very documents of the import again, with what was set aside named under its bill', async () => {
    const place = await freshPlace();
    const file = await flawed(place);
    const also = ['--also', 'delivery-note,container-list'];
    await declarant(place, ['import', file, '--yes', '--out', 'then', ...also]);
    const { code, stdout } = await report(place, '--out', 'again', ...also);
    expect(code).toBe(0);
    const then = await madeIn(place, 'then');
    expect(Object.keys(then)).toHaveLength(4);
    expect(await madeIn(place, 'again')).toEqual(then);
    expect(JSON.parse(then['delivery-note.json']?.replace(',,', ',') ?? '').withoutBill).toHaveLength(1);
    expect(stdout.match(/are not complete/gu)).toHaveLength(1);
  });

  it('makes them of an import that made none', async () => {
    const place = await freshPlace();
    const file = await flawed(place);
    await declarant(place, ['import', file, '--yes', '--out', 'then']);
    const { code, stdout } = await report(place, '--out', 'again', '--also', 'delivery-note');
    expect(code).toBe(0);
    expect(stdout).toContain('Of 8 bills in the delivery note, 1 are not complete');
    const { 'delivery-note.csv': csv = '' } = await madeIn(place, 'again');
    expect(csv.split('\r\n').filter((line) => line.startsWith('NOT COMPLETE,'))).toHaveLength(2);
  });

  it('tells the states of today, and when the document was made', async () => {
    const place = await freshPlace();
    await copyFile(join(manifests, valid), join(place.folder, valid));
    const pending = await declarant(place, ['import', valid, '--yes', '--wait', '0', '--format', 'json']);
    const { run, startedAt } = JSON.parse(pending.stdout).summary;
    await declarant(place, ['import', valid, '--yes', '--wait', '30']);
    const { code } = await report(place, '--run', run, '--out', 'again', '--also', 'delivery-note');
    expect(code).toBe(0);
    const note = JSON.parse(await readFile(join(place.folder, 'again', 'delivery-note.json'), 'utf8'));
    expect(note).toMatchObject({ run, mode: 'import' });
    expect(Date.parse(note.madeAt)).toBeGreaterThan(Date.parse(startedAt));
    const complete: readonly { readonly isComplete: boolean }[] = note.shipments;
    expect(complete.map(({ isComplete }) => isComplete)).toEqual(Array.from({ length: 10 }, () => true));
  });

  it('makes none of a run of which a declaration was purged: a bill could look complete that is not', async () => {
    const place = await freshPlace();
    await copyFile(join(manifests, valid), join(place.folder, valid));
    const words = ['import', valid, '--yes', '--wait', '30', '--ledger', 'ledger.db'];
    await declarant(place, words);
    const again = await declarant(place, [...words, '--format', 'json']);
    const { startedAt } = JSON.parse(again.stdout).summary;
    const file = join(place.folder, 'ledger.db');
    const now = (): Date => new Date();
    const { declarations } = await purgeLedger({ file, olderThan: new Date(startedAt), now });
    expect(declarations).toBe(10);
    const { code, stderr } = await report(
      place,
      '--ledger',
      'ledger.db',
      '--out',
      'again',
      '--also',
      'delivery-note',
    );
    expect(code).toBe(2);
    expect(stderr).toContain('report/document-not-kept');
    expect(stderr).toContain(`${valid} line 2`);
    expect(await readdir(place.folder)).not.toContain('again');
  });

  it('makes none of results that an earlier version kept, where a bill is not in them', async () => {
    const place = await freshPlace();
    const file = await flawed(place);
    await declarant(place, ['import', file, '--yes', '--ledger', 'ledger.db', '--out', 'then']);
    const now = (): Date => new Date();
    const at = { file: join(place.folder, 'ledger.db'), now };
    const looked = await openLedger({ ...at, mode: 'read' });
    const { window } = looked;
    looked.close();
    const ledger = await openLedger({ ...at, mode: 'write', window });
    const [last] = ledger.runs(1);
    if (last === undefined) throw new Error('no run');
    const [text = ''] = ledger.resultsOf(last.run);
    const run = parseRunId(last.run.replace(/.{4}$/u, 'olds'));
    if (run === undefined) throw new Error('no run id');
    const { command, pack, files, startedAt } = last;
    ledger.beginRun({ run, command, pack, files, startedAt });
    ledger.keepResults(run, text.replaceAll(/,"fields":\{[^}]*\}/gu, ''));
    ledger.endRun(run, { endedAt: now().toISOString(), exit: 1, summary: last.summary ?? '' });
    ledger.close();
    const words = ['--ledger', 'ledger.db', '--run', run, '--out', 'again'];
    const { code, stderr } = await report(place, ...words, '--also', 'delivery-note');
    expect(code).toBe(2);
    expect(stderr).toContain('report/document-not-kept');
    expect((await report(place, ...words)).code).toBe(0);
  });

  it('compares with nothing again: typed it is refused, in the configuration it is passed over', async () => {
    const place = await freshPlace();
    await copyFile(join(manifests, valid), join(place.folder, valid));
    await declarant(place, ['import', valid, '--yes', '--out', 'then']);
    const typed = await report(place, '--out', 'again', '--also', 'cargo-manifest=cargo.csv');
    expect(typed.code).toBe(2);
    expect(typed.stderr).toContain('report/not-compared-again');
    const settings = { also: 'cargo-manifest=cargo.csv,delivery-note' };
    await writeFile(join(place.folder, 'declarant.config.json'), JSON.stringify(settings));
    const { code } = await report(place, '--out', 'again');
    expect(code).toBe(0);
    expect(Object.keys(await madeIn(place, 'again'))).toEqual(['delivery-note.csv', 'delivery-note.json']);
  });
});
