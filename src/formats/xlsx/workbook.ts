/** What the workbook part says: its sheets in order, its date system, and the parts it needs. */
import type { ReadLimits } from '../format.ts';
import { relationshipsOf, targetPart } from './package.ts';
import type { Relationship } from './package.ts';
import { refusal } from './refusal.ts';
import { attribute, isTrue, maxSmallPartBytes, prefixedAttribute, readXml } from './xml.ts';
import type { Archive } from './zip.ts';

export type Workbook = {
  readonly part: string;
  readonly uses1904: boolean;
  /** Worksheets only: chart sheets hold no cells. */
  readonly sheets: readonly { readonly name: string; readonly part: string; readonly isHidden: boolean }[];
  readonly strings?: string;
  readonly styles?: string;
  readonly hasMacros: boolean;
  readonly hasExternalLinks: boolean;
};

/** The transitional and the strict namespace of SpreadsheetML. */
export const mainNamespaces: ReadonlySet<string> = new Set([
  'http://schemas.openxmlformats.org/spreadsheetml/2006/main',
  'http://purl.oclc.org/ooxml/spreadsheetml/main',
]);

type SheetEntry = { readonly name: string; readonly id: string; readonly isHidden: boolean };

export async function readWorkbook(archive: Archive, limits: ReadLimits): Promise<Workbook> {
  const root = (await relationshipsOf(archive, '', limits)).find((one) => one.kind === 'officeDocument');
  if (root === undefined)
    throw refusal(archive.has('[content_types].xml') ? 'workbook/part-missing' : 'workbook/not-a-workbook', {
      part: '_rels/.rels',
    });
  const part = targetPart('', root);
  if (part.toLowerCase().endsWith('.bin')) throw refusal('workbook/binary-workbook', { part });
  const { entries, uses1904 } = await readWorkbookPart(archive, part, limits);
  const relationships = await relationshipsOf(archive, part, limits);
  const sheets = entries.flatMap((entry) => {
    const relationship = relationships.find((one) => one.id === entry.id);
    if (relationship === undefined) throw refusal('workbook/sheet-missing', { sheet: entry.name });
    return relationship.kind === 'worksheet'
      ? [{ name: entry.name, part: targetPart(part, relationship), isHidden: entry.isHidden }]
      : [];
  });
  if (sheets.length === 0) throw refusal('workbook/no-sheets', {});
  const partOf = (kind: string): string | undefined => only(relationships, kind, part);
  const strings = partOf('sharedStrings');
  const styles = partOf('styles');
  return {
    part,
    uses1904,
    sheets,
    ...(strings === undefined ? {} : { strings }),
    ...(styles === undefined ? {} : { styles }),
    hasMacros: relationships.some((one) => one.kind === 'vbaProject' || /macrosheet$/iu.test(one.kind)),
    hasExternalLinks: relationships.some((one) => one.kind === 'externalLink'),
  };
}

function only(relationships: readonly Relationship[], kind: string, base: string): string | undefined {
  const found = relationships.find((one) => one.kind === kind);
  return found === undefined ? undefined : targetPart(base, found);
}

async function readWorkbookPart(
  archive: Archive,
  part: string,
  limits: ReadLimits,
): Promise<{ readonly entries: readonly SheetEntry[]; readonly uses1904: boolean }> {
  const entries: SheetEntry[] = [];
  const names = new Set<string>();
  let uses1904 = false;
  let isRoot = true;
  await readXml(
    archive,
    { part, maxBytes: maxSmallPartBytes },
    {
      open(tag) {
        if (isRoot && (tag.local !== 'workbook' || !mainNamespaces.has(tag.uri)))
          throw refusal('workbook/not-a-workbook', { part });
        isRoot = false;
        if (!mainNamespaces.has(tag.uri)) return;
        if (tag.local === 'workbookPr') uses1904 = isTrue(attribute(tag, 'date1904'));
        if (tag.local !== 'sheet') return;
        const name = attribute(tag, 'name') ?? '';
        const state = attribute(tag, 'state');
        if (names.has(name.toLowerCase())) throw refusal('workbook/sheet-twice', { sheet: name });
        names.add(name.toLowerCase());
        entries.push({
          name,
          id: prefixedAttribute(tag, 'id') ?? '',
          isHidden: state === 'hidden' || state === 'veryHidden',
        });
      },
    },
    limits,
  );
  return { entries, uses1904 };
}
