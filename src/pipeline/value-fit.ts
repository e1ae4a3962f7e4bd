/** Whether a column's values are of the kind that a field takes: the second witness of every guess. */
import type { DeclarationContent } from '../model/declaration.ts';
import type { Field, Pack } from '../pack/pack.ts';

/** `proof`: a code list or a date form that hardly anything else satisfies; `form`: numbers, or references; `text`: words of the field's kind. */
export type Fit =
  | { readonly kind: 'proof' | 'form' | 'text'; readonly fitting: number; readonly of: number }
  | undefined;

const decimal = /^[+-]?[\d,]*\.?\d+$/u;
const company =
  /公司|厂|集团|企业|合作社|研究|大学|医院|中心|局|\b(?:CO|LTD|INC|GMBH|LLC|CORP|AG|KG|BV|B\.V|S\.?A|SRL|SPA|PTE|LIMITED|COMPANY)\b/iu;
/** A name in capitals of two words at least, as foreign companies are written. */
const foreignName = /^[A-Z][A-Z0-9.,&'()-]*(?: [A-Z0-9.,&'()-]+)+$/u;
const person = /^[\p{Script=Han}·]{2,4}$/u;
const reference = /^(?=.*[\dA-Z])[A-Z0-9][A-Z0-9 _\-./#*]*$/iu;
const dateLike = /^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}/u;

/** A number or a reference, as registers give them; a date is none. */
function isReference(value: string): boolean {
  return reference.test(value) && !dateLike.test(value);
}

/** Nine values of ten must fit; nothing where the column has no value. */
export function valueFit(field: Field, values: readonly string[], pack: Pack): Fit {
  const distinct = [...new Set(values)].slice(0, 50);
  if (distinct.length === 0) return undefined;
  const test = testOf(field, pack);
  const fitting = distinct.filter((value) => test(value)).length;
  if (fitting < distinct.length * 0.9) return undefined;
  return { kind: kindOfProof(field, distinct, pack), fitting, of: distinct.length };
}

function kindOfProof(field: Field, values: readonly string[], pack: Pack): 'proof' | 'form' | 'text' {
  if (isProof(field, values, pack)) return 'proof';
  return field.type === 'text' && !values.every((value) => reference.test(value)) ? 'text' : 'form';
}

function isProof(field: Field, values: readonly string[], pack: Pack): boolean {
  if (field.type === 'date' || field.tag.endsWith('Scc')) return true;
  // A single digit is in nearly every list.
  return (
    field.codeList !== undefined &&
    pack.codeLists.has(field.codeList) &&
    values.some((value) => value.length > 1 && !/^\d{1,2}$/u.test(value))
  );
}

function testOf(field: Field, pack: Pack): (value: string) => boolean {
  const isRead = (value: string): boolean =>
    !pack.parseCell(field.path, value).issues?.some(({ severity }) => severity === 'error');
  const list = field.codeList === undefined ? undefined : pack.codeLists.get(field.codeList);
  if (list) {
    // A list that is not complete lets other codes pass: they prove nothing.
    const isListed = (text: string): boolean => list.find(text).kind !== 'none';
    return (value) =>
      isRead(value) &&
      (isListed(value) || value.split(/[,;|、，；]/u).every((part) => isListed(part.trim())));
  }
  if (field.type !== 'text' && field.type !== 'code') {
    // An ambiguous date is a date.
    return (value) =>
      isRead(value) ||
      pack.parseCell(field.path, value).issues?.some(({ code }) => code === 'value/ambiguous-date') === true;
  }
  const isOfKind = kindOf(field);
  return (value) => isRead(value) && isOfKind(value) && isShaped(field, value, pack);
}

/** The pack's own lengths and patterns. */
function isShaped(field: Field, value: string, pack: Pack): boolean {
  const entry = { [field.tag]: pack.parseCell(field.path, value).value };
  const content: DeclarationContent = {
    [field.segment]: pack.segments.get(field.segment)?.kind === 'once' ? entry : [entry],
  };
  return !pack
    .checkShape(content)
    .some(
      ({ severity, places }) =>
        severity === 'error' &&
        places.some(({ segment, tag }) => segment === field.segment && tag === field.tag),
    );
}

/** What a text field's own title says of its values. */
function kindOf({ title, tag, example }: Field): (value: string) => boolean {
  const { zh } = title;
  if (/人员$|人员姓名|录入员名|联系人|签发人/u.test(zh))
    return (value) => person.test(value) || /^[A-Z][A-Z .]+$/iu.test(value);
  if (zh.endsWith('项号关系')) return (value) => /^\d{1,2}(?:[,，、]\d{1,2})*$/u.test(value);
  if (/代码|编码|编号|号$|号码|序号|标识$|IC卡/u.test(zh) || /(?:Code|No|Id|Scc)$/u.test(tag))
    return isReference;
  if (/C(?:name|nm)$/u.test(tag)) return (value) => /\p{Script=Han}{2}/u.test(value);
  if (/地址/u.test(zh)) return (value) => value.length >= 6 && !reference.test(value);
  if (/单位名称|企业名称|货人名称|公司|生产商/u.test(zh))
    return (value) => company.test(value) || foreignName.test(value);
  if (/名称（外文）|英文/u.test(zh))
    return (value) => /[A-Z]{2}/iu.test(value) && !/\p{Script=Han}/u.test(value);
  if (example !== undefined && reference.test(example) && !decimal.test(example))
    return (value) => isReference(value) || /\p{L}{2}/u.test(value);
  return (value) => /\p{L}/u.test(value) && !decimal.test(value) && !dateLike.test(value);
}
