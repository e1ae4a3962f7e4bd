/** A clerk's manifest on its way through the import client: what every step of the road needs. */
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { encodeGb18030 } from '../../fixtures/making/gb18030.ts';
import { declarant, type Finished, freshPlace, type Place } from '../cli/run-cli.ts';
import { openWorkbook } from './annotated-copy.ts';

const manifests = join(import.meta.dirname, '..', '..', 'fixtures', 'manifests');
const remarkHeader = '报关单备注';
/** The sandbox's life words, as they stand in the remarks. */
export const remarkOf = (word: string): string => `#SANDBOX:${word}`;

export type Event = {
  readonly event: string;
  readonly key: string;
  readonly bill: string;
  readonly entryId: string;
};
export type Road = {
  readonly place: Place;
  readonly root: string;
  /** The flags that name the mapping which the clerk confirmed. */
  readonly mapped: string[];
  readonly run: (...words: readonly string[]) => Promise<Finished>;
  /** Every message that lies in a folder of the client: by declaration's number, in the order they went. */
  readonly messages: (box: 'OutBox' | 'SentBox') => Promise<readonly Message[]>;
};
export type Message = { readonly path: string; readonly text: string };

/** The manifest in a folder of its own, beside the client's. */
export async function roadWith(manifest: string): Promise<Road> {
  const place = await freshPlace();
  const root = join(place.folder, 'ImpPath', 'DecCus001');
  await copyFile(join(manifests, manifest), join(place.folder, manifest));
  const run = (...words: readonly string[]): Promise<Finished> =>
    declarant(place, [...words, '--window', 'cn-client', '--root', root, '--lang', 'en']);
  const messages = async (box: 'OutBox' | 'SentBox'): Promise<readonly Message[]> => {
    const names = await readdir(join(root, box), { recursive: true });
    const files = names.filter((name) => name.endsWith('.xml')).toSorted();
    return Promise.all(
      files.map(async (name) => {
        const path = join(root, box, name);
        return { path, text: await readFile(path, 'utf8') };
      }),
    );
  };
  return { place, root, mapped: [], run, messages };
}

/** The client and customs, as a process of their own: some receipts late, twice, or before the one that links them. */
export async function startClient({ place, root }: Road, seed: string): Promise<() => Promise<Finished>> {
  const client = place.start([
    'sandbox',
    '--as',
    'cn-client',
    '--root',
    root,
    '--seed',
    seed,
    '--speed',
    '20',
  ]);
  const stop = async (): Promise<Finished> => {
    client.kill('SIGTERM');
    return client.finished;
  };
  onTestFinished(async () => void (await stop()));
  await client.prints(root);
  return stop;
}

/** Looks again and again until what was told is enough; the test's own limit ends it. */
export async function watchUntil(
  { run }: Road,
  isEnough: (events: readonly Event[]) => boolean,
): Promise<readonly Event[]> {
  const events: Event[] = [];
  while (!isEnough(events)) {
    const { code, stdout, stderr } = await run('watch', '--once', '--format', 'ndjson');
    if (code !== 0) throw new Error(`watch ended with ${code}: ${stderr}`);
    events.push(
      ...stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Event),
    );
  }
  return events;
}

/** Changes remarks as a clerk does: in the cells, or in the text of a CSV in GB18030. */
export async function writeRemarks(
  path: string,
  remark: (key: string, old: string) => string,
): Promise<void> {
  if (path.endsWith('.csv')) {
    const text = new TextDecoder('gb18030').decode(await readFile(path));
    const lines = text.split('\r\n').map((line) => {
      const [old = ''] = /#SANDBOX:[a-z-]*/u.exec(line) ?? [];
      return line.replace(old, remark(line.split(',')[0] ?? '', old));
    });
    await writeFile(path, encodeGb18030(lines.join('\r\n')));
    return;
  }
  const book = await openWorkbook(path);
  for (const sheet of book.worksheets) {
    let column = 0;
    sheet.eachRow((row) => {
      const cell = column > 0 ? row.getCell(column) : undefined;
      if (cell === undefined) {
        row.eachCell((each, at) => (column = each.value === remarkHeader ? at : column));
      } else if (cell.master === cell && row.getCell(1).text !== '') {
        const old = typeof cell.value === 'string' ? cell.value : '';
        cell.value = remark(row.getCell(1).text, old) || null;
      }
    });
  }
  await book.xlsx.writeFile(path);
}

/** A column that was decided by those beside it is confirmed by a person, once, as the refusal says. */
export async function confirmColumns(road: Road, { stderr }: Finished): Promise<void> {
  if (!stderr.includes('mapping/unconfirmed')) throw new Error(stderr);
  const [mapping = ''] = /\{"version".*\}/u.exec(stderr) ?? [];
  await writeFile(join(road.place.folder, 'mapping.json'), mapping);
  road.mapped.push('--mapping', 'mapping.json');
}

/** The texts of an element, in the order of the message. */
export function valuesOf(message: string, tag: string): readonly string[] {
  return [...message.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, 'gu'))].map(([, value = '']) => value);
}
