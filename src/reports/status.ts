/** The ledger as a person reads it: how many stand where, what is not known since when, the last runs, what to do. */
import type { RowRef } from '../model/row.ts';
import type { LodgementState } from '../model/state.ts';
import { isLodgementState } from '../model/state.ts';
import type { Lang } from '../model/text.ts';
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
  readonly exists: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly unknown: readonly StatusEntry[];
  readonly waiting: readonly StatusEntry[];
  readonly runs: readonly StatusRun[];
};

/** `2026-01-02 03:04 UTC`: ledgers are kept in UTC, and the same everywhere. */
function moment(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

function word(state: string, lang: Lang): string {
  return isLodgementState(state) ? stateWords[state][lang] : state;
}

function entryRows(entries: readonly StatusEntry[], lang: Lang): string[] {
  return alignColumns(
    entries.map(({ key, state, changedAt, entryId, rows: [row] }) => {
      const place = row === undefined ? '' : `${oneLine(row.file, 60)}:${row.line}`;
      return [`  ${oneLine(key, 60)}`, word(state, lang), moment(changedAt), entryId ?? '', place];
    }),
  );
}

function runRow({ run, command, startedAt, endedAt, exit, files }: StatusRun, lang: Lang): string[] {
  const ended =
    endedAt === undefined
      ? lang === 'zh'
        ? '未结束'
        : 'not ended'
      : lang === 'zh'
        ? `退出码 ${exit ?? ''}`
        : `exit ${exit ?? ''}`;
  return [
    `  ${run}`,
    command,
    moment(startedAt),
    ended,
    oneLine(files.map(({ file }) => file).join(' '), 80),
  ];
}

/** What `declarant status` prints. */
export function ledgerStatus({ file, exists, counts, unknown, waiting, runs }: Status, lang: Lang): string {
  const isZh = lang === 'zh';
  if (!exists)
    return isZh
      ? `还没有台账（${oneLine(file, 4096)}）：还没有申报过。\n`
      : `There is no ledger yet (${oneLine(file, 4096)}): nothing was lodged.\n`;
  const blocks: string[][] = [
    [isZh ? `台账：${oneLine(file, 4096)}` : `Ledger: ${oneLine(file, 4096)}`],
    [
      isZh ? '报关单：' : 'Declarations:',
      ...alignColumns(
        Object.entries(counts).map(([state, count]) => [`  ${word(state, lang)}`, String(count)]),
      ),
    ],
  ];
  if (unknown.length > 0) blocks.push([isZh ? '结果不明：' : 'Unknown:', ...entryRows(unknown, lang)]);
  if (waiting.length > 0)
    blocks.push([isZh ? '等待海关：' : 'Waiting for customs:', ...entryRows(waiting, lang)]);
  if (runs.length > 0)
    blocks.push([
      isZh ? '最近的运行：' : 'Last runs:',
      ...alignColumns(runs.map((run) => runRow(run, lang))),
    ]);
  blocks.push(todo({ counts, unknown }, isZh));
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function todo({ counts, unknown }: Pick<Status, 'counts' | 'unknown'>, isZh: boolean): string[] {
  const lines: string[] = [];
  if (unknown.length > 0) {
    lines.push(
      isZh
        ? '  结果不明的：再运行一次当时的 import 命令，会先向单一窗口查询；切勿在别处重新申报。'
        : '  Unknown: run the same import again; it asks the window first. Do not lodge them elsewhere.',
    );
  }
  if ((counts['rejected'] ?? 0) > 0)
    lines.push(
      isZh
        ? '  退单的：在清单中改正后再运行 import。'
        : '  Rejected: mend them in the manifest and run import again.',
    );
  if ((counts['held'] ?? 0) > 0)
    lines.push(isZh ? '  查验或待处理的：联系海关或口岸，配合查验。' : '  Held: contact the customs office.');
  if (lines.length === 0) return [isZh ? '没有需要人处理的。' : 'Nothing for a person to do.'];
  return [isZh ? '需要处理：' : 'To do:', ...lines];
}

/** What `declarant status --run ID` prints. */
export function runStatus(
  { entry, entries }: { readonly entry: StatusRun; readonly entries: readonly StatusEntry[] },
  lang: Lang,
): string {
  const head = alignColumns([runRow(entry, lang)]).map((line) => line.trimStart());
  return `${[...head, ...entryRows(entries, lang)].join('\n')}\n`;
}
