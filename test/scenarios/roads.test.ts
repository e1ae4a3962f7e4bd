/** Imports and exports, by air and by sea, from the clerk's own sheet to OutBox, to receipts, to the warehouse: real processes on real folders. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { declarant } from '../cli/run-cli.ts';
import { faultsIn } from '../window/cn-client/validity.ts';
import {
  confirmColumns,
  type Event,
  type Message,
  remarkOf,
  type Road,
  roadWith,
  startClient,
  valuesOf,
  watchUntil,
  writeRemarks,
} from './road.ts';

/** What each of the declarations in `lives` comes to; every other one is released. */
type Manifest = {
  readonly road: string;
  readonly file: string;
  readonly declarations: number;
  readonly direction: 'I' | 'E';
  /** What the goods' origin and destination are in the sheet, of the one that is returned. */
  readonly countries: readonly [origin: string, destination: string];
  /** What the warehouse's notice of the inspected one says besides the numbers. */
  readonly onNotice: string;
  readonly lives: Readonly<Record<'inspect' | 'return', string>> & {
    readonly held: readonly [string, string];
  };
  /** Where the sheet has no remarks of this kind yet. */
  readonly isRemarked?: true;
};

const roads: readonly Manifest[] = [
  {
    road: 'imports by air',
    file: 'dalian-air-imports.xlsx',
    onNotice: '0902 大连机场',
    declarations: 60,
    direction: 'I',
    countries: ['DEU', 'CHN'],
    lives: {
      inspect: 'DLKQ20261120I00018',
      return: 'DLKQ20261120I00002',
      held: ['held-payment', 'DLKQ20261120I00003'],
    },
    isRemarked: true,
  },
  {
    road: 'imports by sea',
    file: 'qingdao-sea-imports.xlsx',
    onNotice: 'QWLU4020340',
    declarations: 6,
    direction: 'I',
    countries: ['THA', 'CHN'],
    lives: { inspect: 'QDHY26110002', return: 'QDHY26110004', held: ['held-payment', 'QDHY26110003'] },
  },
  {
    road: 'exports by air',
    file: 'shanghai-air-exports.csv',
    onNotice: '2233 浦东机场',
    declarations: 6,
    direction: 'E',
    countries: ['CHN', 'USA'],
    lives: { inspect: 'SHKY26K0002', return: 'SHKY26K0004', held: ['manual', 'SHKY26K0005'] },
  },
  {
    road: 'exports by sea',
    file: 'ningbo-sea-exports.xlsx',
    onNotice: 'BLJU5180623',
    declarations: 6,
    direction: 'E',
    countries: ['CHN', 'DEU'],
    lives: { inspect: 'NBCK-2611-002', return: 'NBCK-2611-003', held: ['held-payment', 'NBCK-2611-004'] },
  },
];

const eventOfHold = { 'held-payment': 'tax-due', manual: 'manual' } as const;
const actionOfHold = { 'held-payment': 'pay', manual: 'contact' } as const;

describe.each(roads)('$road', (manifest) => {
  const { file, declarations, lives } = manifest;
  const [holdWord, held] = lives.held;
  const hold = holdWord === 'manual' ? 'manual' : 'held-payment';
  const lodge = (road: Road, out: string) =>
    road.run('import', file, '--yes', '--wait', '0', '--report', 'none', '--out', out, ...road.mapped);

  test('go from the sheet to OutBox, come back as receipts, and end at the warehouse', async () => {
    const road = await roadWith(file);
    if (manifest.isRemarked)
      await writeRemarks(join(road.place.folder, file), (key, old) => {
        if (key === lives.return) return remarkOf('return');
        return key === held ? remarkOf(hold) : old;
      });
    // The folders are there before the client works, as at an office in the morning.
    await (
      await startClient(road, file)
    )();

    let first = await lodge(road, 'first');
    if (first.code === 3) {
      await confirmColumns(road, first);
      first = await lodge(road, 'confirmed');
    }
    expect(first).toMatchObject({ code: 0 });
    const sent = await road.messages('OutBox');
    expect(sent).toHaveLength(declarations);
    expect(faultsIn(sent.map(({ path }) => path))).toEqual([]);

    await startClient(road, file);
    const released = declarations - 2;
    const events = await watchUntil(road, (told) => {
      const of = (event: string): number => new Set(keysOf(told, event)).size;
      return of('closed') === released && of('returned') === 1 && of(eventOfHold[hold]) >= 1;
    });
    expect(new Set(keysOf(events, 'accepted')).size).toBe(declarations - 1);
    expect(keysOf(events, 'inspection')).toContain(lives.inspect);
    expect(keysOf(events, 'returned')).toEqual([lives.return]);
    expect(keysOf(events, eventOfHold[hold])).toContain(held);
    expect(keysOf(events, 'released')).not.toContain(held);

    await tellsWhatToDo(road, { [lives.return]: 'correct', [held]: actionOfHold[hold] });
    await isToldByBill(road, events, { released: lives.inspect, open: held, says: manifest.onNotice });

    // The clerk mends what customs returned, and runs the same command again: one message goes, with the draft's own number.
    await writeRemarks(join(road.place.folder, file), (_, old) => (old === remarkOf('return') ? '' : old));
    expect(await lodge(road, 'second')).toMatchObject({ code: 0 });
    await watchUntil(road, (told) => keysOf(told, 'closed').includes(lives.return));
    const all = await road.messages('SentBox');
    expect(all).toHaveLength(declarations + 1);
    const twice = all.filter(({ text }) => numberOf(text) === numberOf(correctedIn(all, sent)));
    expect(twice.map(({ text }) => valuesOf(text, 'SeqNo').length).toSorted((a, b) => a - b)).toEqual([0, 1]);
    await isSwappedForExport(road, twice[0]?.path ?? '', manifest);

    const { stdout } = await road.run('status', '--format', 'json');
    expect(JSON.parse(stdout).counts).toEqual({ held: 1, cleared: declarations - 1 });
  }, 240_000);
});

function keysOf(events: readonly Event[], name: string): readonly string[] {
  return events.filter(({ event }) => event === name).map(({ key }) => key);
}

const numberOf = (message: string): string => valuesOf(message, 'ClientSeqNo')[0] ?? '';

/** The message that was not among the first ones. */
function correctedIn(all: readonly Message[], first: readonly Message[]): string {
  const known = new Set(first.map(({ text }) => text));
  return all.find(({ text }) => !known.has(text))?.text ?? '';
}

async function tellsWhatToDo(road: Road, actions: Readonly<Record<string, string>>): Promise<void> {
  const { stdout } = await road.run('status', '--format', 'json');
  const due: readonly { key: string; actions: readonly string[] }[] = JSON.parse(stdout).due;
  expect(Object.fromEntries(due.map((each) => [each.key, each.actions[0]]))).toEqual(actions);
  const shown = await road.run('status');
  for (const key of Object.keys(actions)) expect(shown.stdout).toContain(key);
  expect(shown.stdout).toMatch(/correct and send again: Z \S/u);
}

async function isToldByBill(
  road: Road,
  events: readonly Event[],
  keys: { readonly released: string; readonly open: string; readonly says: string },
): Promise<void> {
  const of = (key: string): Event => {
    const found = events.find((event) => event.key === key && event.entryId !== '');
    if (found === undefined) throw new Error(`no customs number was told of ${key}`);
    return found;
  };
  const free = of(keys.released);
  expect(await road.run('releases', '--bill', free.bill)).toMatchObject({ code: 0 });
  expect(await road.run('notice', '--bill', free.bill, '-o', 'notice.html')).toMatchObject({ code: 0 });
  const page = await readFile(join(road.place.folder, 'notice.html'), 'utf8');
  for (const part of [free.bill, free.entryId, '<svg class="qr"', keys.says]) expect(page).toContain(part);

  // Who forgets to name the window is told that this is another ledger.
  const elsewhere = await declarant(road.place, ['releases', '--bill', free.bill, '--lang', 'en']);
  expect(elsewhere).toMatchObject({ code: 1, stdout: expect.stringContaining('ledger-cn-client.db') });

  const { bill } = of(keys.open);
  const refused = await road.run('releases', '--bill', bill);
  expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining('Do not hand over') });
  expect(await road.run('notice', '--bill', bill, '-o', 'no.html')).toMatchObject({ code: 1 });
  expect(existsSync(join(road.place.folder, 'no.html'))).toBe(false);
}

/** R064: the interface wants them exchanged on exports; whoever reads the message here sees them as the clerk wrote them. */
async function isSwappedForExport(road: Road, path: string, manifest: Manifest): Promise<void> {
  const [origin, destination] = manifest.countries;
  const text = await readFile(path, 'utf8');
  const inMessage = manifest.direction === 'E' ? [destination, origin] : [origin, destination];
  expect(new Set(valuesOf(text, 'OriginCountry'))).toEqual(new Set([inMessage[0]]));
  expect(new Set(valuesOf(text, 'DestinationCountry'))).toEqual(new Set([inMessage[1]]));
  const { stdout } = await road.run('inspect', path, '--format', 'json');
  const columns: readonly { fields: readonly string[]; samples: readonly string[] }[] = JSON.parse(
    stdout,
  ).tables.flatMap((table: { columns: readonly object[] }) => table.columns);
  const samplesOf = (field: string) => columns.find(({ fields }) => fields.includes(field))?.samples;
  expect(samplesOf('DecLists.OriginCountry')).toEqual([origin]);
  expect(samplesOf('DecLists.DestinationCountry')).toEqual([destination]);
}
