/** What a person sees while a run goes on, on stderr: a spinner on a terminal, plain lines where asked for, else nothing. */
import type { Ora } from 'ora';
import type { Progress } from './model/progress.ts';
import type { Lang } from './model/text.ts';
import { escapeForTerminal } from './reports/terminal-text.ts';

export type ProgressOptions = {
  readonly how: 'auto' | 'plain' | 'none';
  readonly quiet: boolean;
  readonly lang: Lang;
  /** Milliseconds, ever growing. */
  readonly clock?: () => number;
};

/** `pause` clears the line for a question; the next update brings it back. */
export type PausableProgress = Progress & { readonly pause: () => void };

type Counts = Parameters<Progress['update']>[0];

const plainEveryMs = 3_000;
const phases: Readonly<Record<Counts['phase'], Readonly<Record<Lang, string>>>> = {
  reading: { zh: '正在读取', en: 'reading' },
  checking: { zh: '正在检查', en: 'checking' },
  lodging: { zh: '正在申报', en: 'lodging' },
  waiting: { zh: '等待回执', en: 'waiting for verdicts' },
  writing: { zh: '正在写结果', en: 'writing results' },
};

/** Remembers when the phase began and how many rows an earlier pass found: from these come the rate and the time left. */
export function describeProgress(lang: Lang, clock: () => number): (counts: Counts) => string {
  const begunAt = clock();
  let passBegunAt = begunAt;
  let rowsBefore = 0;
  let rowsInAll: number | undefined;
  const number = new Intl.NumberFormat(lang === 'zh' ? 'zh-CN' : 'en');
  return (counts) => {
    const now = clock();
    if (counts.rows < rowsBefore) {
      // A second pass over the same files.
      rowsInAll = rowsBefore;
      passBegunAt = now;
    }
    rowsBefore = counts.rows;
    const seconds = (now - passBegunAt) / 1000;
    const rate = seconds >= 1 ? Math.round(counts.rows / seconds) : 0;
    const share = counts.bytes
      ? counts.bytes.read / counts.bytes.total
      : rowsInAll
        ? counts.rows / rowsInAll
        : 0;
    const left = share > 0.02 && share < 1 && seconds >= 1 ? Math.ceil((seconds * (1 - share)) / share) : 0;
    const isZh = lang === 'zh';
    const parts = [
      `${phases[counts.phase][lang]} ${number.format(counts.rows)}${isZh ? ' 行' : ' rows'}`,
      `${number.format(counts.declarations)}${isZh ? ' 票' : ' declarations'}`,
      counts.lodged > 0 ? `${isZh ? '已发出 ' : 'lodged '}${number.format(counts.lodged)}` : '',
      counts.decided > 0 ? `${isZh ? '已有回执 ' : 'decided '}${number.format(counts.decided)}` : '',
      rate > 0 ? `${number.format(rate)}${isZh ? ' 行/秒' : ' rows/s'}` : '',
      left > 0 ? (isZh ? `约剩 ${left} 秒` : `about ${left} s left`) : '',
    ];
    return parts.filter((part) => part !== '').join(' · ');
  };
}

/** Loads the spinner only where one is shown. */
export async function openProgress({
  how,
  quiet,
  lang,
  clock = performance.now.bind(performance),
}: ProgressOptions): Promise<PausableProgress> {
  const say = (line: string): void => {
    if (!quiet) process.stderr.write(`${escapeForTerminal(line)}\n`);
  };
  const isOnTerminal = process.stderr.isTTY && process.env['TERM'] !== 'dumb';
  if (quiet || how === 'none' || (how === 'auto' && !isOnTerminal)) {
    return { update: () => undefined, say, end: () => undefined, pause: () => undefined };
  }
  const describe = describeProgress(lang, clock);
  if (how === 'plain') {
    let lastAt = -Infinity;
    let lastPhase: Counts['phase'] | undefined;
    const update = (counts: Counts): void => {
      const line = describe(counts);
      if (clock() - lastAt < plainEveryMs && counts.phase === lastPhase) return;
      lastPhase = counts.phase;
      lastAt = clock();
      process.stderr.write(`${line}\n`);
    };
    return { update, say, end: () => undefined, pause: () => undefined };
  }
  const { default: ora } = await import('ora');
  return onSpinner(ora({ stream: process.stderr, discardStdin: false }), describe);
}

function onSpinner(spinner: Ora, describe: (counts: Counts) => string): PausableProgress {
  return {
    update(counts) {
      spinner.text = describe(counts);
      if (!spinner.isSpinning) spinner.start();
    },
    say(line) {
      spinner.clear();
      process.stderr.write(`${escapeForTerminal(line)}\n`);
    },
    end: () => void spinner.stop(),
    pause: () => void spinner.stop(),
  };
}
