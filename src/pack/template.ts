/** What a pack says of its template: the columns in their order, their headers and examples, and the rules to tell of each. */
import type { Direction, FieldPath } from '../model/declaration.ts';
import { exitCode, Stop } from '../model/stop.ts';
import type { Text } from '../model/text.ts';
import type { Field, Need, Pack } from './pack.ts';
import { findPack, readJson } from './pack-files.ts';

export type TemplatePart = 'head' | 'goods' | 'attached';
export type PackColumn = { readonly header: string; readonly field: Field; readonly example: string };

export type PackTemplate = {
  readonly columns: Readonly<Record<TemplatePart, readonly PackColumn[]>>;
  /** The titles of the rules that look at a field. */
  readonly rulesOf: (path: FieldPath) => readonly Text[];
};

const parts = ['head', 'goods', 'attached'] as const;
const wanted: ReadonlySet<Need> = new Set<Need>(['save', 'declare', 'conditional']);

type Named = { readonly header: string; readonly field: string; readonly example: string };
type TemplateFile = Partial<Record<Direction, Readonly<Record<TemplatePart, readonly Named[]>>>>;

/** From the pack's `template.json`; a pack without one gets a column for every field that may be needed. Throws `Stop` (exit 2). */
export function readTemplate(nameOrFolder: string, pack: Pack, direction: Direction): PackTemplate {
  const folder = findPack(nameOrFolder);
  // The pack's own file, as every other of its files.
  const file = readJson(folder, 'template.json', {}) as TemplateFile;
  const own = file[direction];
  const resolve = ({ header, field, example }: Named): PackColumn => {
    const found = [...pack.fields.values()].find(({ path }) => path === field);
    if (found !== undefined) return { header, field: found, example };
    throw new Stop('pack/broken', exitCode.usage, { facts: { file: 'template.json', reason: field } });
  };
  const { rules = [] } = readJson(folder, 'rules.json', { rules: [] }) as {
    readonly rules?: readonly { readonly fields: readonly string[]; readonly title: Text }[];
  };
  return {
    columns:
      own === undefined
        ? neededColumns(pack, direction)
        : { head: own.head.map(resolve), goods: own.goods.map(resolve), attached: own.attached.map(resolve) },
    rulesOf: (path) => rules.filter(({ fields }) => fields.includes(path)).map(({ title }) => title),
  };
}

function neededColumns(pack: Pack, direction: Direction): PackTemplate['columns'] {
  const identity = new Set(pack.identity.flatMap(({ needs }) => needs));
  const columns: Record<TemplatePart, PackColumn[]> = { head: [], goods: [], attached: [] };
  for (const field of pack.fields.values()) {
    const level = pack.segments.get(field.segment)?.level;
    if (level === undefined || !(wanted.has(field.need[direction]) || identity.has(field.path))) continue;
    const isAttached = !parts.slice(0, 2).some((part) => part === level);
    if (isAttached && field.need[direction] === 'conditional') continue;
    const names = [field.title.zh, field.title.en, field.path];
    const header = names.find(
      (name) => pack.headerWords.get(pack.normaliseHeader(name))?.fields.join() === field.path,
    );
    columns[level].push({ header: header ?? field.path, field, example: field.example ?? '' });
  }
  return columns;
}
