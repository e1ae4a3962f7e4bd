/** Asks a person which field each open column is: examples from the file, the likeliest fields numbered, an empty line for yes or later. */
import { createInterface } from 'node:readline';
import { exitCode, Stop } from '../model/stop.ts';
import { columnName } from '../model/row.ts';
import type { Pack } from '../pack/pack.ts';
import type { Target } from '../pipeline/memory.ts';
import { answerOf, type Question } from '../pipeline/questions.ts';
import type { ReportContext } from '../reports/report.ts';
import { oneLine } from '../reports/terminal-text.ts';

export type Terminal = { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream };
export type Answered = { readonly question: Question; readonly target: Target };

const words = {
  zh: {
    intro: (count: number) =>
      `有 ${count} 列需要确认。输入编号、字段名或列名；“-”表示不申报，“?”表示以后再定。`,
    confirm: '回车 = 就是 1',
    later: '回车 = 以后再定',
    again: '没有这个编号或字段。',
  },
  en: {
    intro: (count: number) =>
      `${count} columns are open. Type a number, a field or a header word; "-" for not declared, "?" for later.`,
    confirm: 'Enter = yes, 1',
    later: 'Enter = later',
    again: 'There is no such number or field.',
  },
};

function asked(
  { column, header, samples, proposed, choices }: Question,
  { lang, fieldTitle }: ReportContext,
): string {
  const lines = choices.map((path, index) => `  ${index + 1}  ${fieldTitle(path)?.[lang] ?? path}  ${path}`);
  const examples = samples.map((each) => oneLine(each, 40)).join(' | ');
  const hint = proposed === undefined ? words[lang].later : words[lang].confirm;
  return [
    `\n${columnName(column)}  ${oneLine(header, 60)}${lang === 'zh' ? '：' : ': '}${examples}`,
    ...lines,
    `${hint} > `,
  ].join('\n');
}

/** Throws `Stop` (exit 2) where the terminal ends before the last answer: nothing is then saved. */
export async function askColumns(
  questions: readonly Question[],
  { pack, context, terminal }: { pack: Pack; context: ReportContext; terminal: Terminal },
): Promise<readonly Answered[]> {
  if (questions.length === 0) return [];
  const { lang } = context;
  const { input, output } = terminal;
  const lines = createInterface({ input, crlfDelay: Infinity });
  const answers = lines[Symbol.asyncIterator]();
  const answered: Answered[] = [];
  try {
    output.write(`${words[lang].intro(questions.length)}\n`);
    for (const question of questions) {
      output.write(asked(question, context));
      for (let isOpen = true; isOpen;) {
        const line = await answers.next();
        if (line.done) throw new Stop('mapping/not-answered', exitCode.usage);
        const answer = answerOf(line.value, question, pack);
        isOpen = answer.kind === 'not-understood';
        if (isOpen) output.write(`${words[lang].again} > `);
        if (answer.kind === 'target') answered.push({ question, target: answer.target });
      }
    }
    return answered;
  } finally {
    lines.close();
  }
}
