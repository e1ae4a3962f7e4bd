/** The plan of a cancellation, and what became of it. */
import type { LodgementState } from '../model/state.ts';
import type { Lang, Text } from '../model/text.ts';
import { alignColumns, oneLine } from './terminal-text.ts';
import { stateWords } from './words.ts';

type Entry = { readonly key: string; readonly state: LodgementState; readonly entryId?: string };
type Why = 'unknown' | 'never-lodged' | 'rejected' | 'cancelled' | 'released';
export type CancelTold = {
  readonly answers: readonly (
    | { readonly kind: 'cancelled'; readonly key: string }
    | { readonly kind: 'refused'; readonly key: string; readonly text: string }
    | { readonly kind: 'no-answer'; readonly key: string }
  )[];
  readonly lang: Lang;
  readonly quiet: boolean;
};
type Plan = {
  readonly cancel: readonly Entry[];
  readonly spare: readonly { readonly entry: Entry; readonly why: Why }[];
};

const reasons: Readonly<Record<Why, Text>> = {
  unknown: {
    zh: '结果不明：先运行 declarant reconcile',
    en: 'its outcome is unknown: run declarant reconcile first',
  },
  'never-lodged': { zh: '没有申报过', en: 'it was never lodged' },
  rejected: { zh: '已退单，不需要撤销', en: 'it was rejected: nothing to cancel' },
  cancelled: { zh: '已经撤销', en: 'it is cancelled already' },
  released: {
    zh: '已放行：须向海关申请修改或撤销',
    en: 'the goods were released: apply to customs for its withdrawal',
  },
};

const mostShown = 500;

function list(rows: readonly (readonly string[])[], lang: Lang): string[] {
  const more = rows.length - mostShown;
  return [
    ...alignColumns(rows.slice(0, mostShown)),
    ...(more > 0 ? [lang === 'zh' ? `  另有 ${more} 票` : `  and ${more} more`] : []),
  ];
}

function spared({ spare }: Plan, lang: Lang): string[] {
  if (spare.length === 0) return [];
  const head = lang === 'zh' ? `不能撤销的 ${spare.length} 票：` : `Not to be cancelled (${spare.length}):`;
  const rows = spare.map(({ entry: { key, entryId }, why }) => [
    `  ${oneLine(key, 60)}`,
    oneLine(entryId ?? ''),
    reasons[why][lang],
  ]);
  return [head, ...list(rows, lang)];
}

/** Shown before anything is asked. */
export function cancelPlan(run: string, plan: Plan, lang: Lang): string {
  const head =
    lang === 'zh'
      ? `运行 ${oneLine(run)}：将撤销 ${plan.cancel.length} 票。`
      : `Run ${oneLine(run)}: ${plan.cancel.length} declarations to cancel.`;
  const rows = plan.cancel.map(({ key, state, entryId }) => [
    `  ${oneLine(key, 60)}`,
    stateWords[state][lang],
    oneLine(entryId ?? ''),
  ]);
  return `${[head, ...list(rows, lang), ...spared(plan, lang)].join('\n')}\n`;
}

/** What the window answered; those that it refused by its own words. */
export function cancelResult(plan: Plan, { answers, lang, quiet }: CancelTold): string {
  const isZh = lang === 'zh';
  const done = answers.filter(({ kind }) => kind === 'cancelled').length;
  const refused = answers.flatMap((each) => (each.kind === 'refused' ? [each] : []));
  const open = plan.cancel.length - done - refused.length;
  const head = isZh
    ? `已撤销 ${done} 票，窗口拒绝 ${refused.length} 票，没有答复 ${open} 票。`
    : `${done} cancelled, ${refused.length} refused by the window, ${open} without an answer.`;
  if (quiet) return `${head}\n`;
  const rows = refused.map(({ key, text }) => [`  ${oneLine(key, 60)}`, oneLine(text)]);
  const again = isZh
    ? '没有答复的：再运行一次同一命令即可，重复撤销没有影响。'
    : 'Without an answer: run the same command again; cancelling twice does no harm.';
  const kept = isZh ? '被拒绝撤销的报关单保持原状。' : 'What was not cancelled stands as it was.';
  return `${[head, ...list(rows, lang), ...(refused.length > 0 ? [kept] : []), ...(open > 0 ? [again] : [])].join('\n')}\n`;
}
