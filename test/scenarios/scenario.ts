/** One scenario: a folder with a command, its input, and what it must print. */
import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { declarant, freshPlace, type Place } from '../cli/run-cli.ts';

const scenariosFolder = join(import.meta.dirname, '..', '..', 'fixtures', 'scenarios');
const fixturesFolder = join(import.meta.dirname, '..', '..', 'fixtures');

/** `command.json`: what is run, one after the other; the last one is what the scenario is about. */
export type Scenario = {
  /** One sentence: what the tool does. */
  readonly behaviour: string;
  /** Files from `fixtures/` that stand in the folder, by their names there. Files in `input/` stand there too. */
  readonly fixtures?: readonly string[];
  readonly commands: readonly (readonly string[])[];
  readonly env?: Readonly<Record<string, string>>;
  readonly exit: number;
  /** Files of the last command to compare, besides stdout and stderr. */
  readonly files?: readonly string[];
};

export const scenarioNames: readonly string[] = readdirSync(scenariosFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

export async function readScenario(name: string): Promise<Scenario> {
  const scenario: Scenario = JSON.parse(await readFile(join(scenariosFolder, name, 'command.json'), 'utf8'));
  return scenario;
}

/** What differs from run to run, given a name: run ids, times, durations, folders. */
export function normalised(text: string, folder: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(folder, '<folder>')
    .replace(/\b\d{8}-\d{6}-[0-9a-z]{4}\b/gu, '<run>')
    .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?/gu, '<time>')
    .replace(/"(startedAt|tookMs|digest|id|windowNumber|entryId)":(?:"[^"]*"|\d+)/gu, '"$1":"<$1>"')
    .replace(/\b(time)="\d+\.\d+"/gu, '$1="<time>"')
    .replace(/\b\d+\.\d (s\b|秒)/gu, '<seconds> $1');
}

/** File name → what it holds, as it is compared. */
export async function play(scenario: Scenario, name: string): Promise<ReadonlyMap<string, string>> {
  const place = await freshPlace();
  await prepare(place, scenario, name);
  const found = new Map<string, string>();
  let last: Awaited<ReturnType<typeof declarant>> | undefined;
  for (const words of scenario.commands) last = await declarant(place, words, { ...scenario.env });
  found.set('exit', `${last?.code ?? 'none'}\n`);
  found.set('stdout', normalised(last?.stdout ?? '', place.folder));
  found.set('stderr', normalised(last?.stderr ?? '', place.folder));
  for (const file of scenario.files ?? [])
    found.set(file, normalised(await readFile(join(place.folder, file), 'utf8'), place.folder));
  return found;
}

async function prepare({ folder }: Place, { fixtures = [] }: Scenario, name: string): Promise<void> {
  for (const fixture of fixtures)
    await cp(join(fixturesFolder, fixture), join(folder, fixture.split('/').at(-1) ?? fixture));
  const input = join(scenariosFolder, name, 'input');
  if (existsSync(input)) await cp(input, folder, { recursive: true });
}

const expectedFolder = (name: string): string => join(scenariosFolder, name, 'expected');

/** The golden files; an empty stream has none. */
export async function expected(name: string): Promise<ReadonlyMap<string, string>> {
  const folder = expectedFolder(name);
  const names = existsSync(folder) ? await readdir(folder, { recursive: true, withFileTypes: true }) : [];
  const found = new Map<string, string>();
  for (const entry of names.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    found.set(
      relative(folder, path).split(sep).join('/'),
      (await readFile(path, 'utf8')).replaceAll('\r\n', '\n'),
    );
  }
  return found;
}

/** Writes what was found as the golden files: for `UPDATE_SCENARIOS=1`, and the difference is read. */
export async function accept(name: string, found: ReadonlyMap<string, string>): Promise<void> {
  for (const [file, text] of found) {
    const path = join(expectedFolder(name), file);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, text);
  }
}
