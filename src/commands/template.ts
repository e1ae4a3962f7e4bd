/** `declarant template -o FILE`: an empty manifest to fill in, made from the pack. */
import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { fromChoices } from './choices.ts';
import { openOutputBytes, stdoutOutput } from '../io.ts';
import { exitCode, Stop } from '../model/stop.ts';
import type { Template } from '../model/template.ts';
import { readTemplate } from '../pack/template.ts';
import { planTemplate } from '../pipeline/template.ts';
import { oneLine } from '../reports/terminal-text.ts';
import type { CommandInput } from './command.ts';
import { openPack, readMapping } from './open.ts';

const words = {
  zh: {
    written: (file: string, columns: number, required: number) =>
      `模板已写入 ${file}：${columns} 列，其中 ${required} 列必填（标 * ）。`,
    next: '把鼠标停在列名上可看说明；第 3 行是示例，不会申报。从第 4 行起填写，一行一项商品，同一份报关单各行填同一个业务编号。填好保存后：',
  },
  en: {
    written: (file: string, columns: number, required: number) =>
      `Template written to ${file}: ${columns} columns, ${required} of them required (marked *).`,
    next: 'Rest the mouse on a header to read about it; line 3 is an example and is not lodged. Fill in from line 4 on, one goods item a line, the lines of one declaration under one reference. Save it, then:',
  },
};

async function contentOf(template: Template, file: string, lang: 'zh' | 'en'): Promise<Uint8Array> {
  const kind = extname(file).toLowerCase();
  if (kind === '.csv')
    return Buffer.from((await import('../reports/template-csv.ts')).templateCsv(template), 'utf8');
  if (kind === '.xlsx')
    return (await import('../reports/template-workbook.ts')).templateWorkbook(template, lang);
  throw new Stop('template/unknown-kind', exitCode.usage, { facts: { file } });
}

export async function run({ flags, config, reader }: CommandInput): Promise<number> {
  const { settings } = config;
  const { lang } = settings;
  const { pack, context } = await openPack(settings);
  reader.context = context;
  const mapping = await readMapping(settings.mapping, pack);
  const given = flags.get('output');
  const file = typeof given === 'string' ? given : `${pack.name}.template.xlsx`;
  // What a clerk filled in is never written over.
  if (existsSync(file)) throw new Stop('template/file-exists', exitCode.usage, { facts: { file } });
  const direction = fromChoices('--direction', flags.get('direction'), ['import', 'export']);
  const asked = fromChoices('--layout', flags.get('layout'), ['one', 'two']);
  const layout = extname(file).toLowerCase() === '.csv' ? 'one' : asked;
  const template = planTemplate({
    pack,
    template: readTemplate(settings.pack, pack, direction),
    mapping,
    direction,
    layout,
    lang,
  });
  const content = await contentOf(template, file, lang);
  const output = await openOutputBytes(file);
  try {
    await output.write(content);
    await output.commit();
  } catch (error) {
    await output.abandon();
    throw error;
  }
  const columns = new Map(
    template.sheets.flatMap((sheet) => sheet.columns).map((column) => [column.path, column]),
  );
  const required = [...columns.values()].filter(({ isRequired }) => isRequired).length;
  const withMapping = settings.mapping === undefined ? '' : ` --mapping ${JSON.stringify(settings.mapping)}`;
  const name = /^[\p{L}\p{N}_\-./\\:]+$/u.test(file) ? file : JSON.stringify(file);
  const lines = [words[lang].written(oneLine(file, 4096), columns.size, required)];
  if (!settings.quiet)
    lines.push(
      '',
      words[lang].next,
      `  declarant check ${name}${withMapping}`,
      `  declarant import ${name}${withMapping}`,
    );
  await stdoutOutput.write(`${lines.join('\n')}\n`);
  return exitCode.done;
}
