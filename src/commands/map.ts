/** `declarant map FILE`: which column is which field, asked where it is open, shown, saved and remembered. */
import { openOutputFile, stdoutOutput } from '../io.ts';
import { exitCode } from '../model/stop.ts';
import { describeMapping } from '../pipeline/describe-mapping.ts';
import { mappingLines } from '../pipeline/mapping-lines.ts';
import { planBook, unconfirmed } from '../pipeline/plan-book.ts';
import { questionsOf, withAnswers } from '../pipeline/questions.ts';
import { problemText } from '../reports/problem-text.ts';
import { oneLine } from '../reports/terminal-text.ts';
import { askColumns } from './ask-columns.ts';
import { columnTable } from './column-table.ts';
import type { CommandInput } from './command.ts';
import { openBooks, openPack, readMapping } from './open.ts';
import { readMemory, remember } from './remembered.ts';

const words = {
  zh: {
    saved: (file: string) => `已保存到 ${file}。修改后用 --mapping 指定。`,
    remembered: (count: number) => `已记住 ${count} 个表头：以后同样的表头不再询问。`,
    partly: (count: number, open: number) =>
      `已记住 ${count} 个表头；还有 ${open} 处没有确认，申报之前仍须由人确认。`,
    lines: '把下面的内容存成对照文件，补全“…”，再用 --mapping 指定：',
    add: (file: string) => `把下面的内容加进 ${file}，补全“…”，再用 --mapping 指定：`,
  },
  en: {
    saved: (file: string) => `Saved to ${file}. Edit it, then name it with --mapping.`,
    remembered: (count: number) =>
      `Remembered ${count === 1 ? 'this header' : `these ${count} headers`}: the same header is not asked about again.`,
    partly: (count: number, open: number) =>
      `Remembered ${count === 1 ? 'this header' : `these ${count} headers`}; ${open === 1 ? 'one point is' : `${open} points are`} not confirmed, which a person has to do before anything is lodged.`,
    add: (file: string) => `Add this to ${file}, fill in each "…", and name it with --mapping:`,
    lines: 'Save this as a mapping file, fill in each "…", and name it with --mapping:',
  },
};

export async function run({ args, flags, config, reader }: CommandInput): Promise<number> {
  const { settings } = config;
  await using opened = new AsyncDisposableStack();
  const { pack, context } = await openPack(settings);
  reader.context = context;
  const given = await readMapping(settings.mapping, pack);
  const { memory, problems } = await readMemory(config, pack);
  const [book] = await openBooks(args, settings, opened);
  if (book === undefined) throw new Error('a file was counted and is not there');
  const first = await planBook(book, { pack, mapping: given, memory, firstId: 0 });
  const canAsk =
    process.stdin.isTTY &&
    process.stderr.isTTY &&
    !settings.noInput &&
    settings.format === 'human' &&
    args[0] !== '-';
  const terminal = { input: process.stdin, output: process.stderr };
  const answers = canAsk ? await askColumns(questionsOf(first), { pack, context, terminal }) : [];
  const mapping = answers.length > 0 ? withAnswers(given, answers) : given;
  const plan = answers.length > 0 ? await planBook(book, { pack, mapping, memory, firstId: 0 }) : first;
  const json = `${JSON.stringify(describeMapping(plan, { pack, mapping }), null, 2)}\n`;
  const told: string[] = [];
  const say = words[settings.lang];
  const open = [...plan.open, ...unconfirmed(plan)];
  const save = flags.get('save');
  if (typeof save === 'string') {
    const output = await openOutputFile(save);
    opened.defer(() => output.abandon());
    await output.write(json);
    await output.commit();
    told.push(say.saved(oneLine(save, 4096)));
  }
  if (typeof save === 'string' || answers.length > 0) {
    const kept = await remember(plan.tables, config, pack);
    told.push(open.length > 0 ? say.partly(kept.length, open.length) : say.remembered(kept.length));
  }
  if (settings.format === 'json') await stdoutOutput.write(json);
  else if (!settings.quiet) {
    const tables = plan.tables.map((table) => columnTable(table, context, { withSamples: false }));
    const said = [...problems, ...plan.problems, ...plan.open].map((problem) =>
      problemText(problem, context).join('\n'),
    );
    const how = typeof save === 'string' ? say.add(oneLine(save, 4096)) : say.lines;
    const lines = open.length > 0 ? [`${how}\n${mappingLines(plan, open)}`] : [];
    await stdoutOutput.write(
      `${[...tables, ...said, ...lines, told.join('\n')].filter((part) => part !== '').join('\n\n')}\n`,
    );
  }
  return open.length > 0 ? exitCode.unreadable : exitCode.done;
}
