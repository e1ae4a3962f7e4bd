/** The annotated workbook: the clerk's own file, copied, with what became of each row beside it. */
import { basename, extname } from 'node:path';
import type { RunSummary } from '../../model/result.ts';
import type { ReportFactory, ReportInput, ReportPlace } from '../index.ts';
import { type Annotation, planAnnotation } from './annotate.ts';
import { Doubt } from './doubt.ts';
import { mostComments, noteStore, type TableNotes } from './note-store.ts';
import { plainPackage, sheetNames } from './plain-package.ts';
import { type ZipWriter, zipWriter } from './zip-writer.ts';

/** One workbook for each input file: `manifest.annotated.xlsx`. */
export const annotatedReport: ReportFactory = async (place) => {
  const store = noteStore(place.context);
  return {
    add: (results) => store.add(results),
    async end(summary) {
      try {
        const tables = await store.tables();
        const names = outputNames(place.inputs);
        const written: string[] = [];
        for (const [index, input] of place.inputs.entries()) {
          const own = tables.filter(({ file }) => file === input.file);
          written.push(
            await writeOne(input, { place, summary, tables: own, name: names[index] ?? 'annotated' }),
          );
        }
        return written;
      } finally {
        await store.remove();
      }
    },
    abandon: () => store.remove(),
  };
};

type One = {
  readonly place: ReportPlace;
  readonly summary: RunSummary;
  readonly tables: readonly TableNotes[];
  readonly name: string;
};

async function writeOne(input: ReportInput, { place, summary, tables, name }: One): Promise<string> {
  const { context } = place;
  const places = (summary.tables ?? []).filter(({ file }) => file === input.file);
  const more = tables.some(({ hasMoreComments }) => hasMoreComments) ? [remarks.comments[context.lang]] : [];
  const common = { tables, places, summary, context };
  const { write, extension } = await planFor(input, common, more);
  const output = await place.openBytes(name + extension);
  try {
    const zip = zipWriter(output);
    await write(zip);
    await zip.end();
    return await output.commit();
  } catch (error) {
    await output.abandon();
    throw error;
  }
}

/** The file itself where it can be edited without risk; else a fresh workbook with its cells as text, which says so. */
async function planFor(
  input: ReportInput,
  common: Omit<Annotation, 'source' | 'remarks'>,
  more: readonly string[],
): Promise<{ readonly write: (zip: ZipWriter) => Promise<void>; readonly extension: string }> {
  const { context } = common;
  if (input.package !== undefined) {
    try {
      const own = extname(input.file).toLowerCase();
      const write = await planAnnotation({ ...common, source: input.package, remarks: more });
      return { write, extension: ownExtensions.has(own) ? own : '.xlsx' };
    } catch (error) {
      if (!(error instanceof Doubt)) throw error;
    }
  }
  const names = sheetNames(input.tables.map((table) => table.name ?? stem(input.file)));
  const source = plainPackage(input, names);
  const renamed = new Map(input.tables.map((table, index) => [table.name, names[index] ?? '']));
  const places = common.places.map((place) => ({ ...place, sheet: renamed.get(place.sheet) ?? '' }));
  const tables = common.tables.map((table) => ({ ...table, sheet: renamed.get(table.sheet) ?? '' }));
  const remark = input.package === undefined ? [] : [remarks.fresh[context.lang]];
  const write = await planAnnotation({ ...common, tables, places, source, remarks: [...more, ...remark] });
  return { write, extension: '.xlsx' };
}

const remarks = {
  comments: {
    zh: `批注太多会拖慢表格：每张表只加前 ${mostComments} 个，其余单元格只标颜色，问题见右侧各列。`,
    en: `Only the first ${mostComments} faulty cells of a sheet have a comment; the others are coloured, and their problems stand in the columns on the right.`,
  },
  fresh: {
    zh: '原工作簿的写法特殊，无法在副本中原样批注：这里是重新生成的工作簿，只含文字，原文件的格式请看原文件。',
    en: 'The workbook is written in an unusual way and could not be annotated in place: this is a fresh workbook with its cells as text.',
  },
} as const;

function stem(file: string): string {
  return file === '-' ? 'stdin' : basename(file, extname(file));
}

/** A workbook keeps its extension: one with macros opens only under its own. */
const ownExtensions: ReadonlySet<string> = new Set(['.xlsm', '.xltx', '.xltm']);

/** A name for each input, none twice, without its extension. */
function outputNames(inputs: readonly ReportInput[]): readonly string[] {
  const taken = new Set<string>();
  return inputs.map(({ file }) => {
    const own = stem(file).replace(/\.annotated(?:-\d+)?$/u, '');
    let name = `${own}.annotated`;
    for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${own}.annotated-${number}`;
    taken.add(name.toLowerCase());
    return name;
  });
}
