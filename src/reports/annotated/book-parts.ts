/** Finds the parts of a workbook that an annotation touches, and reads the small ones. */
import type { WorkbookPackage } from '../index.ts';
import { Doubt } from './doubt.ts';
import { attribute } from './xml.ts';

export type Relationship = {
  readonly id: string;
  /** The last word of its type. */ readonly kind: string;
  readonly part: string;
};

export type BookParts = {
  /** As they are named in the package. */
  readonly contentTypes: string;
  readonly workbook: string;
  readonly styles: string | undefined;
  readonly sheets: readonly { readonly name: string; readonly part: string }[];
  /** Where the relationships of the office's own kinds begin: strict and transitional workbooks differ. */
  readonly namespace: string;
  readonly text: (part: string) => Promise<string>;
  /** The name as it stands in the package; nothing where there is no such part. */
  readonly named: (part: string) => string | undefined;
  readonly relationships: (part: string) => Promise<readonly Relationship[]>;
};

const longestPart = 1 << 25;

export function relationshipsPart(part: string): string {
  const cut = part.lastIndexOf('/') + 1;
  return `${part.slice(0, cut)}_rels/${part.slice(cut)}.rels`;
}

export async function bookParts(source: WorkbookPackage): Promise<BookParts> {
  const names = new Map(source.parts.map((part) => [part.toLowerCase(), part]));
  const named = (part: string): string | undefined => names.get(part.toLowerCase());

  async function text(part: string): Promise<string> {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    let all = '';
    try {
      for await (const chunk of source.read(part)) {
        all += decoder.decode(chunk, { stream: true });
        if (all.length > longestPart) throw new Doubt();
      }
      return all + decoder.decode();
    } catch (error) {
      if (error instanceof TypeError) throw new Doubt('not UTF-8', { cause: error });
      throw error;
    }
  }

  async function relationships(part: string): Promise<readonly Relationship[]> {
    const rels = named(relationshipsPart(part));
    if (rels === undefined) return [];
    const xml = await text(rels);
    if (/<!|encoding\s*=\s*["'](?!utf-8["'])/iu.test(xml)) throw new Doubt();
    return [...xml.matchAll(/<(?:[\w.-]+:)?Relationship\s[^>]*>/gu)].flatMap(([tag]) => {
      if (attribute(tag, 'TargetMode') === 'External') return [];
      const type = attribute(tag, 'Type') ?? '';
      const target = resolved(part, attribute(tag, 'Target') ?? '');
      return [
        {
          id: attribute(tag, 'Id') ?? '',
          kind: type.slice(type.lastIndexOf('/') + 1),
          part: named(target) ?? target,
        },
      ];
    });
  }

  const contentTypes = named('[Content_Types].xml');
  const workbook = (await relationships('')).find(({ kind }) => kind === 'officeDocument')?.part;
  if (contentTypes === undefined || workbook === undefined) throw new Doubt();
  const xml = await text(workbook);
  if (xml.includes('<!') || /encoding\s*=\s*["'](?!utf-8["'])/iu.test(xml)) throw new Doubt();
  const own = await relationships(workbook);
  const sheets = [...xml.matchAll(/<(?:[\w.-]+:)?sheet\s[^>]*>/gu)].flatMap(([tag]) => {
    const id = /\s[\w.-]+:id\s*=\s*["']([^"']*)["']/u.exec(tag)?.[1];
    const target = own.find((each) => each.id === id);
    return target?.kind === 'worksheet' ? [{ name: attribute(tag, 'name') ?? '', part: target.part }] : [];
  });
  const isStrict = xml.includes('http://purl.oclc.org/ooxml/spreadsheetml/main');
  const namespace = isStrict
    ? 'http://purl.oclc.org/ooxml/officeDocument/relationships'
    : 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  return {
    contentTypes,
    workbook,
    styles: own.find(({ kind }) => kind === 'styles')?.part,
    sheets,
    namespace,
    text,
    named,
    relationships,
  };
}

function resolved(part: string, target: string): string {
  const path = target.replaceAll('\\', '/');
  const segments = path.startsWith('/') ? [] : part.split('/').slice(0, -1);
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return segments.join('/');
}
