/** A fresh workbook of text made from tables, as a package: what a CSV is annotated in. Cells keep the lines and columns they had. */
import type { SourceRow } from '../../model/row.ts';
import type { ReportInput, WorkbookPackage } from '../index.ts';
import { emptyStyles } from './styles.ts';
import { escapeXml, textCell } from './xml.ts';

const xmlStart = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packaging = 'http://schemas.openxmlformats.org/package/2006';
const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** What a sheet may be called: 31 characters, none of `[]:*?/\`, not twice. */
export function sheetNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const clean =
      name
        .replaceAll(/[[\]:*?/\\\u0000-\u001f]/gu, ' ')
        .replaceAll(/^'+|'+$/gu, '')
        .trim() || 'Sheet';
    let own = clean.slice(0, 31);
    for (let number = 2; taken.has(own.toLowerCase()); number += 1) own = `${clean.slice(0, 27)} ${number}`;
    taken.add(own.toLowerCase());
    return own;
  });
}

function sheetPart(index: number): string {
  return `xl/worksheets/sheet${index + 1}.xml`;
}

/** `names`: one a table. */
export function plainPackage({ tables }: ReportInput, names: readonly string[]): WorkbookPackage {
  const fixed: Readonly<Record<string, string>> = {
    '[Content_Types].xml': `${xmlStart}<Types xmlns="${packaging}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${spreadsheet}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${spreadsheet}.styles+xml"/>${tables.map((_, index) => `<Override PartName="/${sheetPart(index)}" ContentType="${spreadsheet}.worksheet+xml"/>`).join('')}</Types>`,
    '_rels/.rels': `${xmlStart}<Relationships xmlns="${packaging}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${xmlStart}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${names.map((name, index) => `<sheet name="${escapeXml(name)}" sheetId="${index + 1}" r:id="rId${index + 2}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${xmlStart}<Relationships xmlns="${packaging}/relationships"><Relationship Id="rId1" Type="${office}/styles" Target="styles.xml"/>${tables.map((_, index) => `<Relationship Id="rId${index + 2}" Type="${office}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`).join('')}</Relationships>`,
    'xl/styles.xml': emptyStyles
      .replace(
        '</cellXfs>',
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/></cellXfs>',
      )
      .replace('<cellXfs count="1">', '<cellXfs count="2">'),
  };
  const sheets = new Map(tables.map((table, index) => [sheetPart(index), table]));

  async function* read(part: string): AsyncGenerator<Uint8Array> {
    const table = sheets.get(part);
    if (table !== undefined) yield* sheetXml(table.rows());
    else yield Buffer.from((Object.hasOwn(fixed, part) ? fixed[part] : undefined) ?? '', 'utf8');
  }
  return { parts: [...Object.keys(fixed), ...sheets.keys()], read };
}

async function* sheetXml(chunks: AsyncIterable<readonly SourceRow[]>): AsyncGenerator<Uint8Array> {
  yield Buffer.from(
    `${xmlStart}<worksheet xmlns="${main}"><sheetFormatPr defaultColWidth="14" defaultRowHeight="15"/><sheetData>`,
  );
  let last = 0;
  for await (const rows of chunks) {
    let xml = '';
    for (const { line, cells } of rows) {
      // A quoted line break makes two records begin on one line only in damaged files.
      if (line <= last) continue;
      last = line;
      xml += `<row r="${line}">${cells.map((text, column) => (text === '' ? '' : textCell({ column, line, style: 1 }, text, ''))).join('')}</row>`;
    }
    yield Buffer.from(xml, 'utf8');
  }
  yield Buffer.from('</sheetData></worksheet>');
}
