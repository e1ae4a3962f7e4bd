/** Finds the parts of a workbook through its relationships (ECMA-376 part 2), never by guessing file names. */
import type { ReadLimits } from '../format.ts';
import { refusal } from './refusal.ts';
import { attribute, maxSmallPartBytes, readXml } from './xml.ts';
import type { Archive } from './zip.ts';

export type Relationship = {
  readonly id: string;
  /** The last word of the type's address: the same for strict and transitional files. */
  readonly kind: string;
  readonly target: string;
  readonly isExternal: boolean;
};

/** The relationships of a part, or of the package itself for `''`. None where the file has no such part. */
export async function relationshipsOf(
  archive: Archive,
  part: string,
  limits: ReadLimits,
): Promise<readonly Relationship[]> {
  const cut = part.lastIndexOf('/') + 1;
  const rels = `${part.slice(0, cut)}_rels/${part.slice(cut)}.rels`;
  if (!archive.has(rels)) return [];
  const found: Relationship[] = [];
  await readXml(
    archive,
    { part: rels, maxBytes: maxSmallPartBytes },
    {
      open(tag) {
        if (tag.local !== 'Relationship') return;
        const type = attribute(tag, 'Type') ?? '';
        found.push({
          id: attribute(tag, 'Id') ?? '',
          kind: type.slice(type.lastIndexOf('/') + 1),
          target: attribute(tag, 'Target') ?? '',
          isExternal: attribute(tag, 'TargetMode') === 'External',
        });
      },
    },
    limits,
  );
  return found;
}

/** The part that a relationship means. A path that leaves the package, and an address, are refused. */
export function targetPart(base: string, relationship: Relationship): string {
  const target = decoded(relationship.target).replaceAll('\\', '/');
  const segments = target.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (
    relationship.isExternal ||
    segments.length === 0 ||
    segments.includes('..') ||
    /^[a-z][a-z0-9+.-]*:/iu.test(target)
  ) {
    throw refusal('workbook/part-path', {
      part: base === '' ? '_rels/.rels' : base,
      target: relationship.target,
    });
  }
  return target.startsWith('/')
    ? segments.join('/')
    : base.slice(0, base.lastIndexOf('/') + 1) + segments.join('/');
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}
