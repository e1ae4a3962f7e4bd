/** The ledger as a person reads it: how many stand where, what is not known since when, the last runs, what to do. */
import type { RowRef } from '../model/row.ts';
import type { LodgementState } from '../model/state.ts';
import { isLodgementState } from '../model/state.ts';
import type { Lang } from '../model/text.ts';
import type { DueTable } from './due.ts';
import { momentText } from './moment.ts';
import { type MovedTo, movedText } from './moved.ts';
import { statusTodo } from './status-todo.ts';
import { alignColumns, oneLine } from './terminal-text.ts';
import { stateWords } from './words.ts';

export type StatusEntry = {
  readonly key: string;
  readonly state: LodgementState;
  readonly changedAt: string;
  readonly entryId?: string;
  readonly rows: readonly RowRef[];
};
export type StatusRun = {
  readonly run: string;
  readonly command: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly exit?: number;
  readonly files: readonly { readonly file: string }[];
};
export type Status = {
  readonly file: string;
  readonly movedTo?: MovedTo;
  readonly exists: boolean;
  readonly counts: Readonly<Record<string, number>>;
  /** When the oldest of each state that is still open was lodged. */
  readonly oldest: Readonly<Record<string, string>>;
  /** The oldest of them; `counts` has them all. */
  readonly unknown: readonly StatusEntry[];
  readonly waiting: readonly StatusEntry[];
  /** How many receipts match no declaration. */
  readonly unmatched: number;
  readonly runs: readonly StatusRun[];
  /** ISO 8601 UTC: what ages are counted from. */
  readonly now: string;
};

/** In the largest unit that says enough; never below zero, whatever the clock did. */
export function age(since: string, now: string, lang: Lang): string {
  const minutes = Math.max(0, Math.floor((Date.parse(now) - Date.parse(since)) / 60_000));
  if (!(minutes >= 1)) return lang === 'zh' ? '不到 1 分钟' : 'under a minute';
  if (minutes < 120) return lang === 'zh' ? `${minutes} 分钟` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return lang === 'zh' ? `${hours} 小时` : `${hours} h`;
  const days = Math.floor(hours / 24);
  return lang === 'zh' ? `${days} 天` : `${days} days`;
}

function word(state: string, lang: Lang): string {
  return isLodgementState(state) ? stateWords[state][lang] : oneLine(state);
}

function entryRows(entries: readonly StatusEntry[], { now, lang }: { now?: string; lang: Lang }): string[] {
  return alignColumns(
    entries.map(({ key, state, changedAt, entryId, rows: [row] }) => {
      const place = row === undefined ? '' : `${oneLine(row.file, 60)}:${row.line}`;
      const since = now === undefined ? [] : [age(changedAt, now, lang)];
      return [
        `  ${oneLine(key, 60)}`,
        word(state, lang),
        momentText(changedAt),
        ...since,
        oneLine(entryId ?? ''),
        place,
      ];
    }),
  );
}

function runRow({ run, command, startedAt, endedAt, exit, files }: StatusRun, lang: Lang): string[] {
  const isZh = lang === 'zh';
  const open = isZh ? '未结束' : 'not ended';
  const ended = isZh ? `退出码 ${exit ?? ''}` : `exit ${exit ?? ''}`;
  return [
    `  ${oneLine(run)}`,
    oneLine(command),
    momentText(startedAt),
    endedAt === undefined ? open : ended,
    oneLine(files.map(({ file }) => file).join(' '), 80),
  ];
}

/** What `declarant status` prints. `receipts` is the command that shows receipts which match nothing. */
export function ledgerStatus(
  status: Status,
  lang: Lang,
  { receipts, due }: { readonly receipts: string; readonly due: DueTable },
): string {
  const { file, exists, counts, oldest, unknown, runs, now } = status;
  const isZh = lang === 'zh';
  if (!exists)
    return isZh
      ? `还没有台账（${oneLine(file, 4096)}）：还没有申报过。\n`
      : `There is no ledger yet (${oneLine(file, 4096)}): nothing was lodged.\n`;
  const number = (...states: readonly string[]): number =>
    states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  const list = (title: string, entries: readonly StatusEntry[], all: number): string[] => [
    title,
    ...entryRows(entries, { now, lang }),
    ...(all > entries.length
      ? [isZh ? `  另有 ${all - entries.length} 票` : `  and ${all - entries.length} more`]
      : []),
  ];
  const blocks: string[][] = [
    [
      isZh ? `台账：${oneLine(file, 4096)}` : `Ledger: ${oneLine(file, 4096)}`,
      ...(status.movedTo === undefined ? [] : [`  ${movedText(status.movedTo, lang)}`]),
    ],
    [
      isZh ? '报关单：' : 'Declarations:',
      ...alignColumns(
        Object.entries(counts).map(([state, count]) => {
          const since = oldest[state];
          const old = since === undefined ? '' : age(since, now, lang);
          return [
            `  ${word(state, lang)}`,
            String(count),
            old === '' ? '' : isZh ? `最早的已 ${old}` : `the oldest for ${old}`,
          ];
        }),
      ),
    ],
  ];
  if (unknown.length > 0)
    blocks.push(
      list(isZh ? '结果不明（自何时起）：' : 'Unknown, since:', unknown, number('unknown', 'sending')),
    );
  if (due.lines.length > 0) blocks.push([...due.lines]);
  if (status.unmatched > 0)
    blocks.push([
      isZh
        ? `${status.unmatched} 张回执没有对应的报关单，见 ${oneLine(receipts)}`
        : `${status.unmatched} receipts match no declaration: see ${oneLine(receipts)}`,
    ]);
  if (runs.length > 0)
    blocks.push([
      isZh ? '最近的运行：' : 'Last runs:',
      ...alignColumns(runs.map((run) => runRow(run, lang))),
    ]);
  // What is to be mended or attended to stands in the table, one by one.
  const todo = statusTodo(status).filter(({ kind }) => kind === 'ask' || kind === 'ask-a-person');
  if (todo.length > 0)
    blocks.push([isZh ? '需要处理：' : 'To do:', ...todo.map(({ text }) => `  ${text[lang]}`)]);
  else if (due.needs === 0) blocks.push([isZh ? '没有需要人处理的。' : 'Nothing for a person to do.']);
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** What `declarant status --run ID` prints. */
export function runStatus(
  { entry, entries }: { readonly entry: StatusRun; readonly entries: readonly StatusEntry[] },
  lang: Lang,
): string {
  const head = alignColumns([runRow(entry, lang)]).map((line) => line.trimStart());
  return `${[...head, ...entryRows(entries, { lang })].join('\n')}\n`;
}
