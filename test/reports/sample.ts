/** Results as the pipeline gives them, made by hand; a catalogue of their own; and an output that keeps what it gets. */
import { parseDeclarationKey, parseEntryId, parseRunId } from '../../src/model/ids.ts';
import type { Problem } from '../../src/model/problem.ts';
import { type Decision, outcomes, type RowResult, type RunSummary } from '../../src/model/result.ts';
import type { RowRef } from '../../src/model/row.ts';
import type { Lang, Text } from '../../src/model/text.ts';
import { openCatalogue } from '../../src/reports/catalogue.ts';
import type { Output } from '../../src/reports/output.ts';
import type { ReportContext } from '../../src/reports/report.ts';

export function keptOutput(): Output & { text: () => string } {
  let kept = '';
  return {
    write: async (text) => {
      kept += text;
    },
    commit: async () => 'kept',
    abandon: async () => {
      kept = '';
    },
    text: () => kept,
  };
}

const text = (en: string) => ({ zh: `中${en}`, en });

export const entries = new Map([
  [
    'code/unknown',
    {
      title: text('Unknown code'),
      message: text('“{value}” in {cell} ({field}) is not among {list}'),
      expected: text('{candidates}'),
      remedy: text('mend {header}'),
    },
  ],
  ['group/odd', { title: text('Odd'), message: text('odd'), expected: text(''), remedy: text('') }],
]);

const titles: Readonly<Record<string, Text>> = {
  'DecLists.OriginCountry': { zh: '原产国', en: 'Country of origin' },
};

function fieldTitle(path: string): Text | undefined {
  return titles[path];
}

export function contextIn(lang: Lang): ReportContext {
  const catalogue = openCatalogue({ extra: entries, fieldTitle });
  return { lang, fieldTitle, render: (problem) => catalogue.render(problem, lang) };
}

function refTo(line: number): RowRef {
  return { file: '清单.xlsx', sheet: '表体', line };
}

export function refs(...lines: number[]): [RowRef, ...RowRef[]] {
  const [first = 2, ...rest] = lines;
  return [refTo(first), ...rest.map(refTo)];
}

export function unknownCode(line: number, value = '新加波'): Problem {
  return {
    code: 'code/unknown',
    severity: 'error',
    row: refs(line)[0],
    column: 27,
    header: '原产国（地区）',
    field: 'DecLists.OriginCountry',
    value,
    facts: { list: 'cn-country', candidates: ['SGP', 'JPN'], count: 3 },
  };
}

export function decision(rows: Decision['rows'], change: Partial<Decision> = {}): Decision {
  return { rows, outcome: 'set-aside', receipts: [], problems: [], filled: [], ...change };
}

export function resultsOf(decided: Decision): RowResult[] {
  return decided.rows.map((ref) => ({ ref, decision: decided }));
}

export function key(words: string): { key: NonNullable<Decision['key']> } {
  const parsed = parseDeclarationKey(words);
  if (parsed === undefined) throw new Error(words);
  return { key: parsed };
}

export function accepted(line: number): Decision {
  const entryId = parseEntryId('090220261246992980');
  const made = key('A1');
  if (entryId === undefined) throw new Error('entry id');
  const receipt = {
    ...made,
    id: 'r1',
    state: 'accepted' as const,
    at: '2026-01-02T03:04:05+08:00',
    entryId,
    code: 'J',
    text: '已接受',
    problems: [{ code: 'w', severity: 'warning' as const, message: 'm', pointer: '/DecHead/BillNo' }],
  };
  return decision(refs(line), {
    ...made,
    outcome: 'accepted',
    state: 'accepted',
    entryId,
    receipts: [receipt],
    filled: [
      { place: { segment: 'DecLists', index: 0, tag: 'DutyMode' }, value: '1', rule: 'default/duty-mode' },
    ],
    isEarlier: true,
  });
}

export function summaryOf(change: Partial<RunSummary> = {}): RunSummary {
  const run = parseRunId('20260102-030405-abcd');
  if (run === undefined) throw new Error('run id');
  const none = Object.fromEntries(
    outcomes.map((outcome) => [outcome, { declarations: 0, rows: 0 }]),
  ) as RunSummary['byOutcome'];
  return {
    run,
    mode: 'import',
    pack: 'cn-goods-declaration 2026.1',
    window: 'sandbox',
    files: ['清单.xlsx'],
    startedAt: '2026-01-02T03:04:05.000Z',
    tookMs: 3210,
    rows: 3,
    declarations: 2,
    notices: [],
    earlier: 0,
    problems: [],
    exit: 0,
    ...change,
    byOutcome: { ...none, ...change.byOutcome },
  };
}
