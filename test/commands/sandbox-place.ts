/** A place with a sandbox window of its own, and manifests whose declarations live as a word says. */
import { parse } from 'csv-parse/sync';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const manifest = join(
  import.meta.dirname,
  '..',
  '..',
  'fixtures',
  'manifests',
  'dalian-air-imports-utf8.csv',
);

/** 40 rows, 10 declarations; the remarks of each say `word`, where there is one. `change` may bend each row. */
export async function manifestText(
  word?: string,
  change: (row: readonly string[], header: readonly string[], index: number) => readonly string[] = (row) =>
    row,
): Promise<string> {
  const [header = [], ...rows]: string[][] = parse(await readFile(manifest), { bom: true });
  const remarks = header.indexOf('报关单备注');
  const bent = rows.map((row, index) =>
    change(word === undefined ? row : row.with(remarks, `#SANDBOX:${word}`), header, index),
  );
  return [header, ...bent]
    .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
    .join('\n');
}

export async function putManifest(file: string, word?: string): Promise<void> {
  await writeFile(file, await manifestText(word));
}

/** The id of the run that `status` names last. */
export function lastRun(status: string): string {
  const { runs }: { readonly runs: readonly { readonly run: string }[] } = JSON.parse(status);
  return runs[0]?.run ?? '';
}
