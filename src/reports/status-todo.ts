/** What a person must do, from what the ledger holds. */
import type { Text } from '../model/text.ts';
import type { Status } from './status.ts';

export type Todo = {
  readonly kind: 'ask' | 'ask-a-person' | 'mend' | 'attend';
  /** How many declarations. */
  readonly count: number;
  readonly text: Text;
};

/** Past this, a window that has not answered will hardly answer by itself. */
const longMs = 24 * 3_600_000;

/** The most urgent first. */
export function statusTodo({
  counts,
  unknown,
  now,
}: Pick<Status, 'counts' | 'unknown' | 'now'>): readonly Todo[] {
  const count = (...states: readonly string[]): number =>
    states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  const open = count('unknown', 'sending');
  const long = unknown.filter(({ changedAt }) => Date.parse(now) - Date.parse(changedAt) > longMs).length;
  const todo: Todo[] = [
    {
      kind: 'ask-a-person',
      count: long,
      text: {
        zh: `结果不明超过一天的 ${long} 票：带上报关单标识向单一窗口客服或现场海关核实，核实前切勿另行申报。`,
        en: `Unknown for over a day (${long}): ask the window's support or the customs office, naming the declarations; lodge them nowhere else before you know.`,
      },
    },
    {
      kind: 'ask',
      count: open,
      text: {
        zh: `结果不明的 ${open} 票：运行 declarant reconcile 向窗口查询；切勿在别处重新申报。`,
        en: `Unknown (${open}): run declarant reconcile, which asks the window. Do not lodge them elsewhere.`,
      },
    },
    {
      kind: 'mend',
      count: count('rejected'),
      text: {
        zh: `退单的 ${count('rejected')} 票：在清单中改正后再运行 import。`,
        en: `Rejected (${count('rejected')}): mend them in the manifest and run import again.`,
      },
    },
    {
      kind: 'attend',
      count: count('held'),
      text: {
        zh: `查验或待处理的 ${count('held')} 票：联系海关或口岸，配合查验、缴税。`,
        en: `Held (${count('held')}): contact the customs office; an inspection or a payment is due.`,
      },
    },
  ];
  return todo.filter((each) => each.count > 0);
}
