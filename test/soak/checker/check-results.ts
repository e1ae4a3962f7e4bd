/** I1, I3, I7 and I10 as the results show them: every row told once, by what became of it, in files that are whole. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Campaign, type Fate, groupedBy, type Json, linesOf, type Say } from './evidence.ts';

const outcomes: Readonly<Record<Fate, string>> = {
  good: 'accepted',
  flawed: 'set-aside',
  conflict: 'set-aside',
  again: 'duplicate',
  foreign: 'rejected',
  refused: 'rejected',
  'customs-rejects': 'rejected',
};

/** `accepted`: by reference, as often as the window wrote it down. */
export function checkResults(
  campaign: Campaign,
  accepted: ReadonlyMap<string, readonly Json[]>,
  say: Say,
): void {
  const { results, rows, exit, kind } = campaign;
  const isDone = exit === 0 || exit === 1;
  // A window without memory cannot be asked: then a person decides, and exit 4 says so.
  const mayBeUnknown = kind === 'none';
  if (!isDone && !(mayBeUnknown && exit === 4)) say('I7', `ended with exit ${exit}`);
  const file = join(results, 'results.ndjson');
  if (!existsSync(file)) return say('I1', 'the last run left no results');
  const told = linesOf(file).filter(({ type }) => type === 'row');
  const byPlace = groupedBy(told, (row) => `${basename(String(row['file']))} ${String(row['line'])}`);
  if (byPlace.size !== rows.length)
    say('I1', `${byPlace.size} rows have results, the input has ${rows.length}`);
  for (const { file: name, line, ref, fate } of rows) {
    const [result, ...others] = byPlace.get(`${name} ${line}`) ?? [];
    if (result === undefined || others.length > 0)
      say('I1', `${name} line ${line} has ${result === undefined ? 0 : others.length + 1} results`);
    if (result === undefined) continue;
    const outcome = String(result['outcome']);
    if (isDone && outcome === 'unknown') say('I7', `exit ${exit}, and ${ref} is told as unknown`);
    if (fate === 'good' && outcome === 'accepted' && !accepted.has(ref))
      say('I3', `${ref} is told as accepted; the window has it not`);
    if (fate === 'good' && !mayBeUnknown && isDone && !accepted.has(ref)) say('I3', `${ref} was lost`);
    const expected = outcomes[fate];
    const isAsExpected =
      outcome === expected ||
      (mayBeUnknown && fate !== 'flawed' && fate !== 'conflict' && ['pending', 'unknown'].includes(outcome));
    if ((isDone || mayBeUnknown) && !isAsExpected && outcome !== 'unknown')
      say('I1', `${ref}, ${fate}, was told as ${outcome} instead of ${expected}`);
  }
  checkSums(campaign, told, say);
}

/** The line that a person or a script reads: its counts are those of the rows. */
function checkSums({ printed, rows }: Campaign, told: readonly Json[], say: Say): void {
  if (printed === undefined) return;
  const sums = new Map(
    [...printed.matchAll(/(?:^|, )([a-z-]+) (\d+)(?=[,;])/gu)].map(([, word = '', count]) => [
      word,
      Number(count),
    ]),
  );
  if (sums.get('rows') !== rows.length)
    say('I1', `the summary counts ${sums.get('rows') ?? 'no'} rows, the input has ${rows.length}`);
  const groups = new Map(told.map((row) => [groupOf(row), String(row['outcome'])]));
  if (sums.get('declarations') !== groups.size)
    say(
      'I1',
      `the summary counts ${sums.get('declarations') ?? 'no'} declarations, the rows show ${groups.size}`,
    );
  for (const [outcome, some] of groupedBy([...groups.values()], (each) => each))
    if (sums.get(outcome) !== some.length)
      say('I1', `the summary counts ${sums.get(outcome) ?? 'no'} ${outcome}, the rows show ${some.length}`);
}

function groupOf(row: Json): string {
  return `${String(row['file'])} ${String(row['key'] ?? row['line'])}`;
}

/** The token's own file, and what tells the checker what to look for. */
const named: ReadonlySet<string> = new Set(['token', 'campaign.json']);

/** I10: of every run, killed or not, each file of results is whole or not there. */
export function checkFiles({ folder, rows, canary }: Campaign, say: Say): void {
  for (const name of readdirSync(folder).filter((each) => each.startsWith('results-'))) {
    const file = join(folder, name, 'results.ndjson');
    if (existsSync(file)) {
      const text = readFileSync(file, 'utf8');
      const lines = text.split('\n').slice(0, -1);
      const whole = lines.filter((line) => isJson(line));
      const told = whole.filter((line) => line.includes('"type":"row"')).length;
      if (!text.endsWith('\n') || whole.length < lines.length || told !== rows.length)
        say('I10', `${name}/results.ndjson is not whole: ${told} of ${rows.length} rows`);
    }
    const table = join(folder, name, 'results.csv');
    if (existsSync(table)) {
      const shown = readFileSync(table, 'utf8');
      const missing = rows.filter(({ ref }) => !shown.includes(ref));
      if (!shown.endsWith('\n') || missing.length > 0) say('I10', `${name}/results.csv is not whole`);
    }
  }
  if (canary === undefined) return;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !named.has(entry.name) && readFileSync(path).includes(canary))
      say('I11', `${entry.name} holds the secret`);
  }
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
