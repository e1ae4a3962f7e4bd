/** What became of everything that was open, as a person reads it. */
import type { RowRef } from '../model/row.ts';
import type { LodgementState } from '../model/state.ts';
import type { Lang } from '../model/text.ts';
import { momentText } from './moment.ts';
import { alignColumns, oneLine } from './terminal-text.ts';
import { stateWords } from './words.ts';

export type ReconciledEntry = {
  readonly key: string;
  readonly before: LodgementState;
  readonly state: LodgementState;
  /** ISO 8601 UTC. */
  readonly intendedAt: string;
  readonly entryId?: string;
  readonly rows: readonly RowRef[];
};

const mostShown = 200;

function isUnknown(state: LodgementState): boolean {
  return state === 'unknown' || state === 'sending';
}

/** With `quiet` the first line only. Unknown ones first. */
export function reconcileReport(
  entries: readonly ReconciledEntry[],
  { lang, quiet }: { readonly lang: Lang; readonly quiet: boolean },
): string {
  const isZh = lang === 'zh';
  const unknown = entries.filter(({ state }) => isUnknown(state));
  const changed = entries.filter(({ state, before }) => state !== before && !isUnknown(state));
  if (entries.length === 0) return isZh ? '没有未了结的报关单。\n' : 'Nothing is open.\n';
  const head = isZh
    ? `已查询 ${entries.length} 票未了结的报关单：${changed.length} 票有变化，${unknown.length} 票仍结果不明。`
    : `Asked about ${entries.length} open declarations: ${changed.length} changed, ${unknown.length} still unknown.`;
  if (quiet) return `${head}\n`;
  const shown = [...unknown, ...changed].slice(0, mostShown);
  const lines = alignColumns(
    shown.map(({ key, before, state, entryId, rows: [row], intendedAt }) => [
      `  ${oneLine(key, 60)}`,
      before === state ? stateWords[state][lang] : `${stateWords[before][lang]} → ${stateWords[state][lang]}`,
      oneLine(entryId ?? ''),
      row === undefined ? '' : `${oneLine(row.file, 60)}:${row.line}`,
      isUnknown(state) ? `${isZh ? '自 ' : 'since '}${momentText(intendedAt)}` : '',
    ]),
  );
  const left = unknown.length + changed.length - shown.length;
  const more = left > 0 ? [isZh ? `  另有 ${left} 票` : `  and ${left} more`] : [];
  return `${[head, ...lines, ...more, ...(unknown.length > 0 ? ['', advice(isZh)] : [])].join('\n')}\n`;
}

function advice(isZh: boolean): string {
  return isZh
    ? '仍结果不明的：切勿在别处重新申报。过几分钟再运行 declarant reconcile；超过一天仍不明的，请带上报关单标识向单一窗口客服核实。'
    : 'Still unknown: do not lodge them elsewhere. Run declarant reconcile again in some minutes; after a day, ask the window’s support, naming the declaration.';
}
