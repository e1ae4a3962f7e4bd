/** Splits a cell that carries several fields (`商品名称及规格型号`, `数量及单位`, `USD/1200/3`) where that can be done in one way only. */
import type { Pack } from '../pack/pack.ts';
import type { FieldPlan } from './plan.ts';

const lineBreak = /\r\n|\n|\r/u;
/** Signs that also occur inside names: only for columns with a number or a code among their fields. */
const signs = [/[/\uff0f]/u, /[;\uff1b]/u, /\s+/u];
/** A name and the number behind it: `EASTERN HERON/0231W`, `M/V TEAL V.118N`. The number has a digit and no blank: `M/V TEAL` is a name alone. */
const nameAndNumber =
  /^(.{2,}[^\s/\uff0f\\])\s*(?:[/\uff0f\\]\s*(?:V(?:OY)?\.\s*)?|\sV(?:OY)?\.\s*)((?=[A-Z]*\d)[A-Z0-9-]+)$/iu;

/** The fields with their parts, or nothing where the cell cannot be split, or can be in more than one way. */
export function splitCell(
  text: string,
  fields: readonly FieldPlan[],
  pack: Pack,
): readonly (readonly [FieldPlan, string])[] | undefined {
  for (const parts of candidates(text, fields)) {
    const fitting = orders(parts).filter((order) =>
      order.every((part, index) => fits(fields[index], part, pack)),
    );
    const [only] = fitting;
    if (!only) continue;
    // Parts that fit in several orders are taken in the header's own order, and only where that is one of them.
    const chosen =
      fitting.length === 1
        ? only
        : fitting.find((order) => order.every((part, index) => part === parts[index]));
    if (!chosen) return undefined;
    return fields.flatMap((field, index) => {
      const part = chosen[index];
      return part === undefined ? [] : [[field, part] as const];
    });
  }
  return undefined;
}

function* candidates(text: string, fields: readonly FieldPlan[]): Generator<readonly string[]> {
  const count = fields.length;
  const hasOnlyText = fields.every(({ field }) => field.type === 'text');
  for (const separator of hasOnlyText ? [lineBreak] : [lineBreak, ...signs]) {
    const parts = text
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== '');
    if (parts.length === count) yield parts;
  }
  if (count === 2 && hasOnlyText && fields[1]?.field.title.zh.endsWith('号')) {
    const [, name, number] = nameAndNumber.exec(text) ?? [];
    if (name !== undefined && number !== undefined) yield [name, number];
  }
  const glued = /^([\d,.]+)\s*(\D.*)$/u.exec(text);
  if (count === 2 && !hasOnlyText && glued?.[1] && glued[2]) yield [glued[1], glued[2]];
}

function fits(field: FieldPlan | undefined, part: string, pack: Pack): boolean {
  if (!field) return false;
  const { issues } = pack.parseCell(field.path, field.lookup?.get(part) ?? part);
  return !issues?.some((issue) => issue.severity === 'error');
}

/** Every order of up to four parts, the given one first. */
function orders(parts: readonly string[]): readonly (readonly string[])[] {
  if (parts.length > 4) return [];
  if (parts.length <= 1) return [parts];
  return parts.flatMap((part, index) =>
    orders([...parts.slice(0, index), ...parts.slice(index + 1)]).map((rest) => [part, ...rest]),
  );
}
