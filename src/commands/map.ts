/** `declarant map FILE`: which column is which field, shown, and saved as a mapping file to be edited. */
import { openOutputFile, stdoutOutput } from '../io.ts';
import { exitCode } from '../model/stop.ts';
import { describeMapping, type Described } from '../pipeline/describe-mapping.ts';
import { columnName } from '../model/row.ts';
import { problemText } from '../reports/problem-text.ts';
import type { ReportContext } from '../reports/report.ts';
import { alignColumns, oneLine } from '../reports/terminal-text.ts';
import type { CommandInput } from './command.ts';
import { openBooks, openPack, readMapping } from './open.ts';

function describedTables({ tables }: Described, { lang, fieldTitle }: ReportContext): string {
  const arrow = lang === 'zh' ? '不申报' : 'not declared';
  return tables
    .map(({ sheet, headerLine, columns, idle }) => {
      const rows = [
        ...columns.map(({ column, header, fields }) => ({
          column,
          cells: [
            oneLine(header),
            fields.map(({ path }) => path).join(' + '),
            fields.map(({ path }) => fieldTitle(path)?.[lang] ?? '').join(' + '),
          ],
        })),
        ...idle.map(({ column, header }) => ({ column, cells: [oneLine(header), '-', arrow] })),
      ].toSorted((left, right) => left.column - right.column);
      const name = sheet === undefined ? '' : `${oneLine(sheet)}  `;
      const head =
        lang === 'zh' ? `${name}（表头在第 ${headerLine} 行）` : `${name}(header on line ${headerLine})`;
      return [
        head,
        ...alignColumns(rows.map(({ column, cells }) => [`  ${columnName(column)}`, ...cells])),
      ].join('\n');
    })
    .join('\n\n');
}

export async function run({ args, flags, config, reader }: CommandInput): Promise<number> {
  const { settings } = config;
  await using opened = new AsyncDisposableStack();
  const { pack, context } = await openPack(settings);
  reader.context = context;
  const mapping = await readMapping(settings.mapping, pack);
  const [book] = await openBooks(args, settings, opened);
  if (book === undefined) throw new Error('a file was counted and is not there');
  const described = await describeMapping(book, { pack, mapping });
  const json = `${JSON.stringify(described.mapping, null, 2)}\n`;
  const save = flags.get('save');
  if (typeof save === 'string') {
    const output = await openOutputFile(save);
    opened.defer(() => output.abandon());
    await output.write(json);
    await output.commit();
  }
  if (settings.format === 'json') await stdoutOutput.write(json);
  else if (!settings.quiet) {
    const open = described.open.map((problem) => problemText(problem, context).join('\n'));
    const saved =
      typeof save !== 'string'
        ? []
        : [
            settings.lang === 'zh'
              ? `已保存到 ${oneLine(save, 4096)}。修改后用 --mapping 指定。`
              : `Saved to ${oneLine(save, 4096)}. Edit it, then name it with --mapping.`,
          ];
    await stdoutOutput.write(`${[describedTables(described, context), ...open, ...saved].join('\n\n')}\n`);
  }
  return described.open.length > 0 ? exitCode.unreadable : exitCode.done;
}
