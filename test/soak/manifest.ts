/** What a campaign wants lodged: many declarations of one pattern, and some that must never reach a window. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fate, Row } from './checker/evidence.ts';

const fixture = readFileSync(
  join(import.meta.dirname, '../../fixtures/manifests/dalian-air-imports-utf8.csv'),
  'utf8',
).replace(/^\ufeff/u, '');
const [header = '', ...bodyLines] = fixture.split(/\r?\n/u).filter((line) => line !== '');
const columns = header.split(',');
const weightColumn = columns.indexOf('毛重（千克）');
const billColumn = columns.indexOf('提运单号');
const contractColumn = columns.indexOf('合同协议号');
const remarksColumn = columns.indexOf('报关单备注');

/** The rows of one declaration of the fixture, the shortest there is, without its reference. No cell of it holds a quote. */
const template: readonly (readonly string[])[] = (() => {
  const groups = [...Map.groupBy(bodyLines, (line) => line.slice(0, line.indexOf(','))).values()];
  const plain = groups.filter((lines) => lines.every((line) => !line.includes('"')));
  const [shortest = []] = plain.toSorted((a, b) => a.length - b.length);
  return shortest.map((line) => line.split(','));
})();

export type Manifest = {
  readonly files: readonly { readonly name: string; readonly csv: string }[];
  readonly rows: readonly Row[];
  /** The first file, `manifest.csv`. */
  readonly csv: string;
};

export type ManifestOptions = {
  readonly prefix?: string;
  /** Which fate each has; `good` where nothing is said. */
  readonly fates?: ReadonlyMap<number, Fate>;
  /** The PDF files that each names, one on each of its rows: at most three. */
  readonly documents?: ReadonlyMap<number, readonly string[]>;
  /** So many of the first ones stand in a file of their own, `earlier.csv`. */
  readonly earlier?: number;
};

const documentHeaders = ['随附单据文件类别', '随附单据编号', '随附单据格式类型'];

/** The number of the bill of lading says which declaration it is: a message of customs names no reference of ours. */
export function billOf(ref: string): string {
  return `B${ref}`;
}

/** As many declarations as asked for, in `manifest.csv` but for those of earlier; `again.csv` repeats those whose fate says so, every other one with another weight. */
export function manifest(
  declarations: number,
  { prefix = 'SOAK', fates = new Map(), documents = new Map(), earlier = 0 }: ManifestOptions = {},
): Manifest {
  const more = documents.size > 0 ? documentHeaders : [];
  const before = table('earlier.csv', more);
  const first = table('manifest.csv', more);
  const second = table('again.csv', more);
  for (let index = 0; index < declarations; index += 1) {
    const ref = `${prefix}${String(index).padStart(6, '0')}`;
    const fate = fates.get(index) ?? 'good';
    const own = { ref, fate, documents: documents.get(index) ?? [] };
    const place = index < earlier ? before : first;
    place.add({ ...own, fate: fate === 'again' ? 'good' : fate });
    if (fate === 'conflict') place.add(own, { [contractColumn]: 'ANOTHER-1' });
    if (fate === 'again') second.add(own, index % 2 === 0 ? {} : { [weightColumn]: '95.5' });
  }
  const tables = [before, first, second].filter(({ rows }) => rows.length > 0);
  return {
    files: tables.map(({ name, csv }) => ({ name, csv: csv() })),
    rows: tables.flatMap(({ rows }) => rows),
    csv: first.csv(),
  };
}

type Declared = Required<Pick<Row, 'ref' | 'fate' | 'documents'>>;

function table(name: string, moreHeaders: readonly string[]) {
  const lines: string[] = [];
  const rows: Row[] = [];
  return {
    name,
    rows,
    csv: () => `${[[header, ...moreHeaders].join(','), ...lines].join('\n')}\n`,
    add({ ref, fate, documents }: Declared, more: Readonly<Record<number, string>> = {}) {
      const special: Readonly<Record<number, string>> = {
        0: ref,
        [billColumn]: billOf(ref),
        // Less gross than net: our own check must see it.
        ...(fate === 'flawed' ? { [weightColumn]: '0.01' } : {}),
        ...(fate === 'customs-rejects' ? { [remarksColumn]: '#SANDBOX:reject' } : {}),
        ...more,
      };
      for (const [index, cells] of template.entries()) {
        const document = documents[index];
        const named = document === undefined ? ['', '', ''] : ['00000001', document, 'US'];
        rows.push({ file: name, line: lines.length + 2, ref, fate, documents });
        const own = cells.map((cell, at) => special[at] ?? cell);
        lines.push([...own, ...(moreHeaders.length > 0 ? named : [])].join(','));
      }
    },
  };
}
