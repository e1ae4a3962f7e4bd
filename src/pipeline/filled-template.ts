/** Knows a filled-in template when it comes back, and holds it against the pack of today. */
import type { SourceRow } from '../model/row.ts';
import { isResultLabel } from '../model/own-marks.ts';
import { exitCode, Stop } from '../model/stop.ts';
import type { Problem } from '../model/problem.ts';
import { codesMark, templateMark } from '../model/template.ts';
import type { Pack } from '../pack/pack.ts';
import type { Mapping } from './mapping.ts';
import { meaningOf } from './match-column.ts';

/** A sheet that the program itself put into the file: a template's id or codes, or the results of an earlier run. */
export function isOwnSheet(rows: readonly SourceRow[]): boolean {
  const first = rows[0]?.cells[0] ?? '';
  return first === templateMark || first === codesMark || isResultLabel(first);
}

export type TemplateCheck = {
  readonly file: string;
  readonly pack: Pack;
  readonly mapping: Mapping | undefined;
};

/**
 * What a person should know of the template's version. An older or newer one is read where each of its headers still
 * means the same field; else `Stop` (exit 3) names the headers that do not.
 */
export function checkTemplate(
  rows: readonly SourceRow[],
  { file, pack, mapping }: TemplateCheck,
): readonly Problem[] {
  const [id, ...columns] = rows;
  if (id?.cells[0] !== templateMark) return [];
  const [, name = '', version = ''] = id.cells;
  if (name !== pack.name)
    throw new Stop('template/other-pack', exitCode.unreadable, {
      facts: { file, found: name, expected: pack.name },
      hint: `declarant import ${JSON.stringify(file)} --pack ${name}`,
    });
  if (version === pack.version) return [];
  const facts = { file, found: version, expected: pack.version };
  const changed = columns.flatMap(({ cells: [header = '', path = ''] }) => {
    const sheet = mapping?.sheets?.['*'];
    return header === '' || meaningOf(header, { pack, sheet })?.meaning.fields.join() === path
      ? []
      : [header];
  });
  if (changed.length > 0)
    throw new Stop('template/changed', exitCode.unreadable, {
      facts: { ...facts, headers: changed.slice(0, 20) },
      hint: 'declarant template -o new.xlsx',
    });
  return [{ code: 'template/other-version', severity: 'info', facts }];
}
