/** Where confirmed headers are remembered: the clerk's own folder, and the office's, which `--mappings` names. */
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { openOutputFile } from '../io.ts';
import type { Problem } from '../model/problem.ts';
import { Stop } from '../model/stop.ts';
import type { Pack } from '../pack/pack.ts';
import { headerTexts, settledColumns } from '../pipeline/describe-mapping.ts';
import { parseMapping } from '../pipeline/mapping.ts';
import { headerSignature, type Remembered } from '../pipeline/memory.ts';
import type { TablePlan } from '../pipeline/plan.ts';

/** More than an office has; a folder with more is another folder. */
const mostFiles = 1000;
const mostBytes = 1 << 20;

export type Memory = { readonly memory: readonly Remembered[]; readonly problems: readonly Problem[] };

/** The user's own folder. */
export function memoryFolder({ stateFolder }: Pick<Config, 'stateFolder'>): string {
  return join(stateFolder, 'mappings');
}

/** Every mapping file of both folders. One that cannot be used is a warning, and no more. */
export async function readMemory(config: Config, pack: Pack): Promise<Memory> {
  const memory: Remembered[] = [];
  const problems: Problem[] = [];
  const { mappings } = config.settings;
  const folders = [
    { folder: memoryFolder(config), owner: 'clerk' },
    ...(mappings === undefined ? [] : [{ folder: mappings, owner: 'office' } as const]),
  ] as const;
  for (const { folder, owner } of folders) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names
      .filter((each) => each.endsWith('.json'))
      .toSorted()
      .slice(0, mostFiles)) {
      const file = join(folder, name);
      try {
        memory.push(...(await readOne(file, owner, pack)));
      } catch (error) {
        const reason =
          error instanceof Stop ? String(error.facts['where']) : error instanceof Error ? error.message : '';
        problems.push({ code: 'mapping/memory-unreadable', severity: 'warning', facts: { file, reason } });
      }
    }
  }
  return { memory, problems };
}

/** A mapping file; `headers` beside its sheets says what else stood in the header. */
async function readOne(file: string, owner: Remembered['owner'], pack: Pack): Promise<readonly Remembered[]> {
  const text = await readFile(file, 'utf8');
  if (text.length > mostBytes) throw new Error('EFBIG');
  const json: unknown = JSON.parse(text.replace(/^\ufeff/u, ''));
  if (typeof json !== 'object' || json === null) throw new TypeError('no JSON object');
  const { headers, ...mapping } = Object.fromEntries(Object.entries(json));
  const isTexts = Array.isArray(headers) && headers.every((each): each is string => typeof each === 'string');
  const { sheets = {} } = parseMapping(mapping, { file, pack });
  return Object.values(sheets).flatMap(({ columns }) =>
    columns === undefined
      ? []
      : [{ name: file, owner, headers: isTexts ? headers : Object.keys(columns), columns }],
  );
}

/** One file a header, readable by its owner alone; the same header again replaces it. Returns the files written. */
export async function remember(
  tables: readonly TablePlan[],
  config: Config,
  pack: Pack,
): Promise<readonly string[]> {
  const folder = memoryFolder(config);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const written: string[] = [];
  for (const table of tables) {
    const headers = headerTexts(table);
    const columns = Object.fromEntries(settledColumns(table));
    const content = {
      $schema: 'urn:declarant:mapping:1',
      version: 1,
      pack: pack.name,
      headers,
      sheets: { '*': { columns } },
    };
    const file = join(folder, `${headerSignature(headers, pack)}.json`);
    const output = await openOutputFile(file);
    await output.write(`${JSON.stringify(content, null, 2)}\n`);
    await output.commit();
    await chmod(file, 0o600);
    written.push(file);
  }
  return written;
}
