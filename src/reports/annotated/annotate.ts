/** Writes a copy of a workbook's package with the notes of its tables, a summary sheet, and every other part as it is. */
import type { RunSummary, TablePlace } from '../../model/result.ts';
import { isResultLabel } from '../../model/own-marks.ts';
import type { WorkbookPackage } from '../index.ts';
import type { ReportContext } from '../report.ts';
import { type BookParts, bookParts, relationshipsPart } from './book-parts.ts';
import { emptyComments, emptyDrawing, withBoxes, withComments } from './comments.ts';
import { Doubt } from './doubt.ts';
import type { TableNotes } from './note-store.ts';
import { editedSheet } from './sheet-edit.ts';
import { type SheetLayout, sheetLayout } from './sheet-layout.ts';
import { annotationStyles, emptyStyles, type Styles } from './styles.ts';
import { summarySheet, summarySheetName } from './summary-sheet.ts';
import { escapeXml } from './xml.ts';
import type { Content, ZipWriter } from './zip-writer.ts';

export type Annotation = {
  readonly source: WorkbookPackage;
  readonly tables: readonly TableNotes[];
  /** Of this file; absent where the run does not tell. */
  readonly places: readonly TablePlace[];
  readonly summary: RunSummary;
  readonly context: ReportContext;
  readonly remarks: readonly string[];
};

type Parts = Map<string, () => Content>;

type Plan = {
  readonly book: BookParts;
  readonly styles: Styles;
  /** Parts that are written anew, and parts that are not there yet. */
  readonly changed: Parts;
  readonly added: Map<string, { readonly content: () => Content; readonly type?: string }>;
};

const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Looks at everything that is going to be edited; nothing is written yet. Throws `Doubt`. */
export async function planAnnotation(annotation: Annotation): Promise<(zip: ZipWriter) => Promise<void>> {
  const { source } = annotation;
  const book = await bookParts(source);
  const styles = annotationStyles(book.styles === undefined ? emptyStyles : await book.text(book.styles));
  const plan: Plan = { book, styles, changed: new Map(), added: new Map() };
  for (const table of annotation.tables) await planSheet(table, annotation, plan);
  await planSummary(annotation, plan);
  const stylesPart = book.styles ?? free(plan, 'xl/styles1.xml');
  const late = (): Content => [styles.xml()];
  if (book.styles === undefined) {
    plan.added.set(stylesPart, { content: late, type: `${spreadsheet}.styles+xml` });
    await addRelationship(plan, book.workbook, { kind: 'styles', target: stylesPart });
  }
  const overrides = [...plan.added].map(([part, { type }]) =>
    type === undefined ? '' : `<Override PartName="/${escapeXml(part)}" ContentType="${type}"/>`,
  );
  const types = await book.text(book.contentTypes);
  plan.changed.set(book.contentTypes, () => [inserted(types, 'Types', overrides.join(''))]);
  return async (zip) => {
    for (const part of source.parts) {
      if (part === book.styles) continue;
      await zip.add(part, plan.changed.get(part)?.() ?? source.read(part));
    }
    for (const [part, { content }] of plan.added) if (part !== stylesPart) await zip.add(part, content());
    // Which styles are needed is known when the sheets are written.
    await zip.add(stylesPart, late());
  };
}

async function planSheet(
  table: TableNotes,
  { source, places, context }: Annotation,
  plan: Plan,
): Promise<void> {
  const { book, styles } = plan;
  const sheet = book.sheets.find(({ name }) => table.sheet === undefined || name === table.sheet);
  if (sheet === undefined) throw new Doubt();
  const place = places.find(({ sheet: name }) => name === table.sheet);
  const layout: SheetLayout = await sheetLayout(source.read(sheet.part), {
    headerLine: place?.headerLine ?? Math.max(1, table.firstLine - 1),
    oldColumns: new Set(place?.resultColumns),
  });
  const drawing = await planComments(sheet.part, table, plan);
  plan.changed.set(sheet.part, () =>
    editedSheet(source.read(sheet.part), {
      layout,
      styles,
      notes: table.notes(),
      lang: context.lang,
      ...(drawing === undefined ? {} : { drawing }),
    }),
  );
}

/** The drawing that the sheet must name, where it names none yet. */
async function planComments(
  sheet: string,
  { comments }: TableNotes,
  plan: Plan,
): Promise<{ id: string; namespace: string } | undefined> {
  const { book, changed, added } = plan;
  const known = await book.relationships(sheet);
  const commentsPart = known.find(({ kind }) => kind === 'comments')?.part;
  if (comments.length === 0 && commentsPart === undefined) return undefined;
  const edited = withComments(
    commentsPart === undefined ? emptyComments : await book.text(commentsPart),
    comments,
  );
  const drawingPart = known.find(({ kind }) => kind === 'vmlDrawing')?.part;
  const boxes = withBoxes(drawingPart === undefined ? emptyDrawing : await book.text(drawingPart), edited);
  if (commentsPart !== undefined) changed.set(commentsPart, () => [edited.xml]);
  else {
    const part = free(plan, 'xl/comments1.xml');
    added.set(part, { content: () => [edited.xml], type: `${spreadsheet}.comments+xml` });
    await addRelationship(plan, sheet, { kind: 'comments', target: part });
  }
  if (drawingPart !== undefined) {
    changed.set(drawingPart, () => [boxes]);
    return undefined;
  }
  const part = free(plan, 'xl/drawings/vmlDrawing1.vml');
  added.set(part, {
    content: () => [boxes],
    type: 'application/vnd.openxmlformats-officedocument.vmlDrawing',
  });
  const id = await addRelationship(plan, sheet, { kind: 'vmlDrawing', target: part });
  return { id, namespace: book.namespace };
}

async function planSummary({ summary, context, remarks }: Annotation, plan: Plan): Promise<void> {
  const { book, styles, changed, added } = plan;
  const xml = summarySheet(summary, { context, styles, remarks });
  const old = book.sheets.find(({ name }) => isResultLabel(name));
  if (old !== undefined) {
    changed.set(old.part, () => [xml]);
    return;
  }
  const part = free(plan, 'xl/worksheets/sheet1.xml');
  added.set(part, { content: () => [xml], type: `${spreadsheet}.worksheet+xml` });
  const id = await addRelationship(plan, book.workbook, { kind: 'worksheet', target: part });
  const workbook = await book.text(book.workbook);
  const ids = [...workbook.matchAll(/\ssheetId\s*=\s*["'](\d+)["']/gu)].map(([, number = '0']) =>
    Number(number),
  );
  const prefix = /<((?:[\w.-]+:)?)sheets[\s>]/u.exec(workbook)?.[1] ?? '';
  const tag = `<${prefix}sheet xmlns:r="${book.namespace}" name="${escapeXml(summarySheetName[context.lang])}" sheetId="${Math.max(0, ...ids) + 1}" r:id="${id}"/>`;
  changed.set(book.workbook, () => [inserted(workbook, 'sheets', tag)]);
}

/** `base` with another number where there is such a part. */
function free({ book, added }: Plan, base: string): string {
  for (let number = 1; ; number += 1) {
    const part = base.replace(/\d*(\.\w+)$/u, `${number}$1`);
    if (book.named(part) === undefined && !added.has(part)) return part;
  }
}

async function addRelationship(
  { book, changed, added }: Plan,
  part: string,
  { kind, target }: { kind: string; target: string },
): Promise<string> {
  const name = relationshipsPart(part);
  const rels = book.named(name);
  const earlier = (rels === undefined ? added.get(name)?.content : changed.get(rels))?.();
  let xml = '';
  for await (const chunk of earlier ?? []) xml += String(chunk);
  if (xml === '')
    xml =
      rels === undefined
        ? '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        : await book.text(rels);
  const taken = new Set([...xml.matchAll(/\sId\s*=\s*["']([^"']*)["']/gu)].map(([, id]) => id));
  let id = 'declarant1';
  for (let number = 2; taken.has(id); number += 1) id = `declarant${number}`;
  const next = inserted(
    xml,
    'Relationships',
    `<Relationship Id="${id}" Type="${book.namespace}/${kind}" Target="${escapeXml(relativePath(part, target))}"/>`,
  );
  if (rels === undefined) added.set(name, { content: () => [next] });
  else changed.set(rels, () => [next]);
  return id;
}

/** As most programs write targets, and some insist on: relative to the folder of the part that names it. */
function relativePath(part: string, target: string): string {
  const from = part.split('/').slice(0, -1);
  const to = target.split('/');
  let shared = 0;
  while (shared < from.length && from[shared] === to[shared]) shared += 1;
  return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/');
}

/** `content` at the end of the element, in the element's own namespace where that has no prefix. */
function inserted(xml: string, element: string, content: string): string {
  const empty = new RegExp(`<((?:[\\w.-]+:)?)${element}((?:\\s[^>]*?)?)/>`, 'u').exec(xml);
  const prefix = (empty ?? new RegExp(`<((?:[\\w.-]+:)?)${element}[\\s>]`, 'u').exec(xml))?.[1] ?? '';
  const own =
    prefix === '' ? content : content.replaceAll(/<(?=(?:Override|Relationship)\s)/gu, `<${prefix}`);
  if (empty !== null)
    return xml.replace(empty[0], () => `<${prefix}${element}${empty[2] ?? ''}>${own}</${prefix}${element}>`);
  const end = xml.lastIndexOf(`</${prefix}${element}>`);
  if (end === -1) throw new Doubt();
  return xml.slice(0, end) + own + xml.slice(end);
}
