/** Accompanying documents (随附单证). */
import { listed, nothing, placeOf, refOf, valueOf } from '../field.ts';
import { readField, readText, readTexts } from '../options.ts';
import type { CheckFactory, Finding } from '../rule.ts';

const segment = 'DecLicenseDocus';
const certificate = { segment, tag: 'CertCode' };

/** A document `code` is there, or one of `unless`, or `recordNo` begins with one of `unlessInitial`. */
export const documentNeeded: CheckFactory = (options) => {
  const wanted = readText(options, 'code');
  const enough = [wanted, ...readTexts(options, 'unless')];
  const record = refOf(readField(options, 'recordNo'));
  const initials = readTexts(options, 'unlessInitial');
  return (content) => {
    if (listed(content, segment).some((document) => enough.includes(document['DocuCode'] ?? '')))
      return nothing;
    if (initials.includes(valueOf(content, record).charAt(0))) return nothing;
    return [{ places: [{ segment, tag: 'DocuCode' }], facts: { document: wanted } }];
  };
};

/** As `documentNeeded`, once some goods line has `value` in `field`. */
export const documentNeededForGoods: CheckFactory = (options, deps) => {
  const field = refOf(readField(options, 'field'));
  const value = readText(options, 'value');
  const needed = documentNeeded(options, deps);
  return (content, context) =>
    listed(content, field.segment).some((line) => line[field.tag] === value)
      ? needed(content, context)
      : nothing;
};

/** Documents of `code`: a 12-character certificate number, a colon, a goods number; each line named once. */
export const catchCertificate: CheckFactory = (options) => {
  const code = readText(options, 'code');
  return (content) => {
    const named = new Set<string>();
    let found: Finding[] | undefined;
    listed(content, segment).forEach((document, index) => {
      const value = document['CertCode'] ?? '';
      if (document['DocuCode'] !== code || value === '') return;
      const line = /^\d{4}[0-9A-Z]{8}:(\d{1,2})$/u.exec(value)?.[1];
      const isLine = line !== undefined && listed(content, 'DecLists').some((goods) => goods['GNo'] === line);
      if (isLine && !named.has(line)) named.add(line);
      else (found ??= []).push({ places: [placeOf(certificate, index)] });
    });
    return found ?? nothing;
  };
};
