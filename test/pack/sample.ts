/** A declaration whose shape is right, made from the pack's own examples and code lists. */
import type { DeclarationContent, Direction, SegmentContent } from '../../src/model/declaration.ts';
import type { Field, Pack } from '../../src/pack/pack.ts';

const byTag: Readonly<Record<string, string>> = {
  CopCode: '123456789',
  TradeCoScc: '91210200MA0ABCDE0X',
  AgentCodeScc: '91210200MA0ABCDE0X',
  OwnerCodeScc: '91210200MA0ABCDE0X',
};

function valueOf(field: Field, pack: Pack): string {
  const given = field.example ?? byTag[field.tag];
  if (given !== undefined) return given;
  const list = field.codeList === undefined ? undefined : pack.codeLists.get(field.codeList);
  for (const entry of list?.search('') ?? []) return entry.code;
  if (field.type === 'decimal' || field.type === 'integer') return '1';
  return field.type === 'date' ? '20260105' : '文字';
}

/** Only what the direction needs, in the head and one goods item. */
export function soundDeclaration(
  pack: Pack,
  direction: Direction,
): DeclarationContent & { DecHead: SegmentContent; DecLists: SegmentContent[] } {
  const head: SegmentContent = {};
  const goods: SegmentContent = {};
  for (const field of pack.fields.values()) {
    const need = field.need[direction];
    if (need !== 'save' && need !== 'declare') continue;
    if (field.segment === 'DecHead') head[field.tag] = valueOf(field, pack);
    if (field.segment === 'DecLists') goods[field.tag] = valueOf(field, pack);
  }
  head['IEFlag'] = pack.direction[direction];
  return { DecHead: head, DecLists: [goods] };
}
