/** Cell text → a field's value, by its type and code list. What repeats is parsed once. */
import type { FieldPath } from '../model/declaration.ts';
import type { PackCodeList } from './code-list.ts';
import type { ParsedCell, ParseHint } from './pack.ts';
import { parseCode, parseCodes } from './parse-code.ts';
import { parseDate } from './parse-date.ts';
import { parseNumber } from './parse-number.ts';
import { parseText, visible } from './parse-text.ts';
import type { PackField } from './schema-fields.ts';

/** Remembered texts of one field; beyond it the memory starts anew. */
const remembered = 4096;

type Parser = (text: string, hint?: ParseHint) => ParsedCell;

function remembering(parse: Parser): Parser {
  let known = new Map<string, ParsedCell>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const parsed = parse(text);
    // A long text is not worth its memory, and would keep alive the chunk that it is a slice of.
    if (text.length > 64) return parsed;
    if (known.size >= remembered) known = new Map();
    known.set(text, parsed);
    return parsed;
  };
}

/** Fields whose number is an amount: a currency sign is understood there. */
const money = /(?:Price|Total|Amount|Rate)$/u;

function parserOf(field: PackField, lists: ReadonlyMap<string, PackCodeList>): Parser {
  const list = field.codeList === undefined ? undefined : lists.get(field.codeList);
  if (list !== undefined) {
    const { separator } = field;
    return remembering(
      separator === undefined ? (text) => parseCode(list, text) : (text) => parseCodes(list, text, separator),
    );
  }
  switch (field.type) {
    case 'decimal':
    case 'integer': {
      const options = {
        isInteger: field.type === 'integer',
        unit: field.unit ?? '',
        isMoney: money.test(field.tag),
      };
      return (text) => parseNumber(text, options);
    }
    case 'date': {
      const format = field.dateFormat ?? 'yyyyMMdd';
      const plain = remembering((text) => parseDate(text, format));
      return (text, hint) => (hint?.dateOrder ? parseDate(text, format, hint.dateOrder) : plain(text));
    }
    case 'date-time':
    case 'binary':
      return (text) => ({ value: visible(text) });
    case 'text':
    case 'code':
      break;
  }
  return (text) => parseText(text, field.isHalfWidth);
}

/** An empty or invisible text is the value `''`: an empty cell. A field that the pack does not know is read as text. */
export function makeParseCell(
  fields: ReadonlyMap<FieldPath, PackField>,
  lists: ReadonlyMap<string, PackCodeList>,
): (field: FieldPath, text: string, hint?: ParseHint) => ParsedCell {
  const parsers = new Map<FieldPath, Parser>();
  for (const [path, field] of fields) parsers.set(path, parserOf(field, lists));
  const empty: ParsedCell = { value: '' };
  return (path, text, hint) => {
    if (text === '' || (text.length < 8 && visible(text) === '')) return empty;
    const parse = parsers.get(path);
    return parse === undefined ? parseText(text, false) : parse(text, hint);
  };
}
