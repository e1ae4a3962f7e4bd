/** Writes a template as a workbook. The only file that knows the workbook writer; it never reads one. */
import ExcelJS from 'exceljs';
import {
  codesMark,
  type Template,
  type TemplateColumn,
  templateMark,
  type TemplateSheet,
} from '../model/template.ts';

/** Rows that have their drop-downs and formats ready. */
const readyRows = 2000;
const headerRows = 2;

const fills = {
  required: 'FFF8CBAD',
  optional: 'FFDDEBF7',
  english: 'FFF2F2F2',
} as const;

function solid(argb: string): ExcelJS.Fill {
  return { type: 'pattern', pattern: 'solid', fgColor: { argb } };
}

function numberFormat({ kind, digits }: TemplateColumn): string {
  if (kind === 'date') return 'yyyy-mm-dd';
  if (kind !== 'number') return '@';
  return digits === 0 ? '0' : `0.${'0'.repeat(Math.min(digits, 2))}${'#'.repeat(Math.max(0, digits - 2))}`;
}

function exampleValue({ kind, example }: TemplateColumn): ExcelJS.CellValue {
  if (example === '') return null;
  if (kind === 'number') return Number(example);
  const day = /^(\d{4})-(\d{2})-(\d{2})$/u.exec(example);
  return kind === 'date' && day !== null
    ? new Date(Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3])))
    : example;
}

/** Where each list stands on the sheet of codes. */
function writeCodes(book: ExcelJS.Workbook, { lists }: Template): ReadonlyMap<string, string> {
  const sheet = book.addWorksheet('codes', { state: 'hidden' });
  sheet.getCell(1, 1).value = codesMark;
  const ranges = new Map<string, string>();
  let column = 2;
  for (const [name, entries] of lists) {
    const letter = sheet.getColumn(column).letter;
    sheet.getCell(1, column).value = name;
    for (const [index, entry] of entries.entries()) sheet.getCell(index + 2, column).value = entry;
    ranges.set(name, `codes!$${letter}$2:$${letter}$${entries.length + 1}`);
    column += 1;
  }
  return ranges;
}

function writeSheet(
  book: ExcelJS.Workbook,
  { name, columns }: TemplateSheet,
  lang: 'zh' | 'en',
): ExcelJS.Worksheet {
  const sheet = book.addWorksheet(name, { views: [{ state: 'frozen', xSplit: 1, ySplit: headerRows }] });
  for (const [index, column] of columns.entries()) {
    const at = index + 1;
    const own = sheet.getColumn(at);
    own.numFmt = numberFormat(column);
    own.width = Math.min(32, Math.max(12, column.headers.zh.length * 2 + 3, column.example.length + 2));
    const zh = sheet.getCell(1, at);
    zh.value = column.headers.zh;
    zh.font = { bold: true };
    zh.fill = solid(column.isRequired ? fills.required : fills.optional);
    zh.numFmt = '@';
    zh.note = { texts: [{ text: column.comment }], margins: { insetmode: 'auto' } };
    const en = sheet.getCell(2, at);
    en.value = column.headers.en;
    en.font = { italic: true, color: { argb: 'FF595959' } };
    en.fill = solid(fills.english);
    en.numFmt = '@';
    en.alignment = { wrapText: true, vertical: 'top' };
    const example = sheet.getCell(headerRows + 1, at);
    example.value = exampleValue(column);
    example.numFmt = numberFormat(column);
    example.font = { italic: true, color: { argb: 'FF7F7F7F' } };
  }
  sheet.getCell(headerRows + 1, 1).note = {
    texts: [
      {
        text:
          lang === 'zh'
            ? '这一行是示例，导入时不申报。可以留着，也可以删掉。从下一行开始填写，一行一项商品，同一份报关单用同一个业务编号。'
            : 'This line is an example and is not lodged: keep it or delete it. Begin on the next line, one goods item a line; the lines of one declaration have one reference.',
      },
    ],
  };
  return sheet;
}

function offerChoices(
  sheet: ExcelJS.Worksheet,
  { columns }: TemplateSheet,
  ranges: ReadonlyMap<string, string>,
  lang: 'zh' | 'en',
): void {
  // Missing in the package's own types.
  const { dataValidations } = sheet as unknown as {
    dataValidations: { add: (range: string, validation: ExcelJS.DataValidation) => void };
  };
  for (const [index, { list }] of columns.entries()) {
    const range = list === undefined ? undefined : ranges.get(list);
    if (range === undefined) continue;
    const letter = sheet.getColumn(index + 1).letter;
    dataValidations.add(`${letter}${headerRows + 2}:${letter}${headerRows + 1 + readyRows}`, {
      type: 'list',
      allowBlank: true,
      formulae: [range],
      showErrorMessage: true,
      // A warning: a code or a name alone is understood too.
      errorStyle: 'warning',
      errorTitle: lang === 'zh' ? '列表里没有' : 'Not in the list',
      error:
        lang === 'zh'
          ? '列表里没有这一项。只填代码或只填名称也可以。'
          : 'Not an entry of the list. A code or a name alone will do too.',
    });
  }
}

/** The id, and the header under which each field stands, so that a later version can tell what became of them. */
function writeId(book: ExcelJS.Workbook, { id, sheets }: Template): void {
  const sheet = book.addWorksheet('declarant', { state: 'veryHidden' });
  sheet.addRow([templateMark, id.pack, id.version, id.direction]);
  const seen = new Set<string>();
  for (const { path, headers } of sheets.flatMap(({ columns }) => columns)) {
    if (seen.has(path)) continue;
    seen.add(path);
    sheet.addRow([headers.zh, path]);
  }
}

export async function templateWorkbook(template: Template, lang: 'zh' | 'en'): Promise<Uint8Array> {
  const book = new ExcelJS.Workbook();
  book.creator = 'declarant';
  // The same template each time.
  book.created = new Date(Date.UTC(2026, 0, 1));
  book.modified = book.created;
  const written = template.sheets.map((sheet) => ({ sheet, made: writeSheet(book, sheet, lang) }));
  const ranges = writeCodes(book, template);
  for (const { sheet, made } of written) offerChoices(made, sheet, ranges, lang);
  writeId(book, template);
  return new Uint8Array(await book.xlsx.writeBuffer());
}
