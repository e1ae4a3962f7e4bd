/** A made document as CSV for people who open it in a spreadsheet: one line a declaration, or an entry of one of its lists. */
import type {
  DocumentElement,
  DocumentSpec,
  MadeShipment,
  MadeValues,
  SettledPart,
} from '../../model/document.ts';
import { isLodgementState } from '../../model/state.ts';
import type { Lang, Text } from '../../model/text.ts';
import { csvCell } from '../csv.ts';
import { outcomeWords, releaseWords, stateWords } from '../words.ts';

const byteOrderMark = '\ufeff';
const headers: readonly Text[] = [
  { zh: '提运单是否报全', en: 'Bill complete' },
  { zh: '本票结果', en: 'This declaration' },
];
const complete: Text = { zh: '报全', en: 'complete' };
const incomplete: Text = { zh: '未报全', en: 'NOT COMPLETE' };
const missed: Text = { zh: '缺', en: 'MISSING' };
const noBill: Text = { zh: '提运单号不明', en: 'bill not known' };

export type CsvWords = {
  readonly lang: Lang;
  /** A value as people read it: a code with its name. */
  readonly say: (element: DocumentElement, value: string) => string;
};

/** In the reader's language; UTF-8 with a byte order mark. */
export function csvHead(spec: DocumentSpec, { lang }: CsvWords): string {
  const titles = [...headers, ...spec.elements.map(({ title }) => title)];
  return `${byteOrderMark}${line(titles.map((title) => title[lang]))}`;
}

export function csvShipment(shipment: MadeShipment, spec: DocumentSpec, words: CsvWords): string {
  const { lang } = words;
  const { values, isComplete, declarations, missing } = shipment;
  const whole = (isComplete ? complete : incomplete)[lang];
  const lines = declarations.flatMap((part) =>
    entriesOf(part, spec).map((entry) => [
      whole,
      outcomeWords[part.outcome][lang],
      ...spec.elements.map((element) => cell(element, { values, part, entry }, words)),
    ]),
  );
  const named = missing.map((part) => [
    whole,
    missingText(part, lang),
    ...spec.elements.map((element) => known(element, values, part)),
  ]);
  return [...lines, ...named].map(line).join('');
}

/** Declarations whose bill is not known: they may belong to any. */
export function csvTail(
  withoutBill: readonly SettledPart[],
  { elements }: DocumentSpec,
  { lang }: CsvWords,
): string {
  return withoutBill
    .map((part) =>
      line([
        noBill[lang],
        `${outcomeWords[part.outcome][lang]} ${placeOf(part)}`,
        ...elements.map((element) => known(element, {}, part)),
      ]),
    )
    .join('');
}

/** One at least: a declaration without entries is still a line. */
function entriesOf({ lists }: SettledPart, { csvLine }: DocumentSpec): readonly MadeValues[] {
  const entries = csvLine === 'declaration' ? [] : (lists[csvLine] ?? []);
  return entries.length === 0 ? [{}] : entries;
}

type Line = {
  readonly values: MadeShipment['values'];
  readonly part: SettledPart;
  readonly entry: MadeValues;
};

function cell(element: DocumentElement, { values, part, entry }: Line, { lang, say }: CsvWords): string {
  const { name, level, from } = element;
  const said = (value: string | undefined): string => (value === undefined ? '' : say(element, value));
  if (level === 'shipment') return [values[name] ?? []].flat().map(said).join('; ');
  const own = part.values[name];
  if (level === 'declaration') return 'run' in from ? inWords(own ?? '', lang) : said(own);
  if (entry[name] !== undefined) return said(entry[name]);
  return (part.lists[level] ?? []).map((each) => said(each[name])).join('; ');
}

/** Of what is missing: its bill and what it is known by, nothing that may be wrong. */
function known(
  { name, level, from }: DocumentElement,
  values: MadeShipment['values'],
  part: SettledPart,
): string {
  if (level === 'shipment') return typeof values[name] === 'string' ? values[name] : '';
  return 'run' in from && from.run === 'Reference' ? (part.key ?? '') : '';
}

function missingText(part: SettledPart, lang: Lang): string {
  const colon = lang === 'zh' ? '：' : ': ';
  return `${missed[lang]}${colon}${outcomeWords[part.outcome][lang]} ${placeOf(part)}`;
}

function placeOf({ row }: SettledPart): string {
  return `(${[row.file, row.sheet, row.line].filter((each) => each !== undefined).join(' ')})`;
}

function inWords(fact: string, lang: Lang): string {
  if (isLodgementState(fact)) return stateWords[fact][lang];
  return releaseWords.get(fact)?.[lang] ?? fact;
}

function line(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}
