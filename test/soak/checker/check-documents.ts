/** I5 and I10 of the documents of a declaration: with its message are the bytes of the input's files, all of them and no others. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Packed } from './archive.ts';
import type { Campaign, Say } from './evidence.ts';

export type Carrier = {
  readonly name: string;
  readonly ref: string;
  readonly text: string;
  /** What its archive holds beside the message; empty where it has none. */
  readonly documents: readonly Packed[];
};

export function checkDocuments(
  { folder, rows }: Pick<Campaign, 'folder' | 'rows'>,
  carriers: readonly Carrier[],
  say: Say,
): void {
  const wanted = new Map(rows.map(({ ref, documents = [] }) => [ref, documents]));
  for (const { name, ref, text, documents } of carriers) {
    const files = wanted.get(ref) ?? [];
    const named = [...text.matchAll(/<EdocRealation>([^]*?)<\/EdocRealation>/gu)].map(([, entry = '']) => ({
      id: valueOf('EdocID', entry),
      own: valueOf('EdocCopId', entry),
      size: Number(valueOf('EdocSize', entry)),
    }));
    if (named.map(({ own }) => own).join() !== files.map((file) => basename(file)).join())
      say('I5', `${name} names ${named.length} documents, and not the ${files.length} of ${ref}`);
    if (sorted(documents.map((each) => each.name)) !== sorted(named.map(({ id }) => id)))
      say('I5', `${name} carries ${documents.length} documents, and not the ${named.length} that it names`);
    for (const [index, file] of files.entries()) {
      const entry = named[index];
      const carried = documents.find((each) => each.name === entry?.id);
      const given = readFileSync(join(folder, file));
      if (carried?.bytes.equals(given) !== true || entry?.size !== given.length)
        say('I5', `${name} has not the bytes of ${file}`);
    }
  }
}

export function valueOf(tag: string, text: string): string {
  return new RegExp(`<${tag}>([^<]*)</${tag}>`, 'u').exec(text)?.[1] ?? '';
}

function sorted(names: readonly string[]): string {
  return names.toSorted().join();
}
