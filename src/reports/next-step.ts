/** What to do after a run: one sentence and the command to type. */
import type { Outcome, RunSummary } from '../model/result.ts';
import type { Lang, Text } from '../model/text.ts';

export type NextCommands = {
  /** The same command again, as it would be typed. */
  readonly again: string;
  /** `declarant import …` after a check. */
  readonly importNext: string;
  /** `declarant map …` for the first file. */
  readonly mapNext: string;
  /** `declarant reconcile` with the same window. */
  readonly reconcileNext: string;
};

const sentences = {
  interrupted: {
    zh: '已在安全处停下。再运行同一命令会接着做完，不会重复申报：',
    en: 'Stopped at a safe point. The same command goes on where it stopped and lodges nothing twice:',
  },
  unknown: {
    zh: '有的报关单不知是否送达。再运行同一命令会先向单一窗口查询，不会重复申报：',
    en: 'It is not known whether some arrived. The same command asks the window first and lodges nothing twice:',
  },
  'not-sent': {
    zh: '单一窗口连接不上。稍后再运行同一命令：',
    en: 'The window could not be reached. Run the same command later:',
  },
  refused: {
    zh: '改正上述单元格并保存，再运行同一命令（已申报的不会重复申报）：',
    en: 'Mend these cells, save the file, and run the same command (what was lodged is not lodged twice):',
  },
  pending: {
    zh: '回执还没有到齐。稍后再运行同一命令即可更新：',
    en: 'Some verdicts are still to come. The same command fetches them later:',
  },
  valid: { zh: '没有错误。接下来：', en: 'No errors. Next:' },
  unconfirmed: {
    zh: '没有错误。有的列是推测的，申报之前要由人确认一次：',
    en: 'No errors. Some columns are only taken to be what they are; confirm them once before lodging:',
  },
  accepted: {
    zh: '全部已受理。放行、查验、税费等后续回执用下面的命令取回：',
    en: 'All accepted. What comes later (release, inspection, duty) is fetched and shown by:',
  },
} satisfies Record<string, Text>;

const guessed = new Set(['header/guessed', 'header/decided-by-context']);

function sentenceFor({ byOutcome, mode, exit, notices }: RunSummary): keyof typeof sentences | undefined {
  const has = (outcome: Outcome): boolean => byOutcome[outcome].rows > 0;
  if (exit === 130 || exit === 143) return 'interrupted';
  if (has('unknown')) return 'unknown';
  if (has('not-sent')) return 'not-sent';
  if (has('set-aside') || has('rejected')) return 'refused';
  if (has('pending')) return 'pending';
  if (mode === 'import') return has('accepted') ? 'accepted' : undefined;
  if (!has('valid')) return undefined;
  return notices.some(({ code }) => guessed.has(code)) ? 'unconfirmed' : 'valid';
}

/** Empty where nothing is left to do. */
export function nextStep(
  summary: RunSummary,
  { again, importNext, mapNext, reconcileNext }: NextCommands,
  lang: Lang,
): string {
  const which = sentenceFor(summary);
  if (which === undefined) return '';
  const commands: Partial<Record<keyof typeof sentences, string>> = {
    valid: importNext,
    unconfirmed: mapNext,
    accepted: reconcileNext,
  };
  return `${sentences[which][lang]}\n  ${commands[which] ?? again}`;
}
