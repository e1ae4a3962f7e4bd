/** Compiles a rule's conditions: plain data about single fields, never an expression. */
import type { DeclarationContent } from '../../model/declaration.ts';
import { refOf, valueOf } from './field.ts';
import { isFieldPath, isObject, readTexts, type Options } from './options.ts';
import type { Condition, RuleDeps } from './rule.ts';

export type Holds = (content: DeclarationContent) => boolean;

/** `when` of the data file: absent, one object, or a list of alternatives. */
export function readConditions(rule: Options): readonly Condition[] {
  const when = rule['when'] ?? [];
  const alternatives: readonly unknown[] = Array.isArray(when) ? when : [when];
  return alternatives.map((item) => {
    if (!isObject(item)) throw new TypeError(`${String(rule['id'])}: "when" must be an object`);
    const { direction, ...rest } = item;
    const fields = new Map(
      Object.entries(rest).map(([path, wanted]) => {
        if (!isFieldPath(path)) throw new TypeError(`${String(rule['id'])}: "when" knows no "${path}"`);
        return [path, wanted === 'filled' || wanted === 'empty' ? wanted : readTexts(item, path)] as const;
      }),
    );
    if (direction === undefined) return { fields };
    if (direction === 'import' || direction === 'export') return { direction, fields };
    throw new TypeError(`${String(rule['id'])}: "direction" must be import or export`);
  });
}

function compileOne({ direction, fields }: Condition, deps: RuleDeps): Holds {
  const tests = [...fields].map(([path, wanted]) => ({ ref: refOf(path), wanted }));
  if (direction !== undefined) {
    tests.unshift({ ref: refOf(deps.direction.field), wanted: [deps.direction[direction]] });
  }
  return (content) => {
    for (const { ref, wanted } of tests) {
      const value = valueOf(content, ref);
      const holds =
        wanted === 'filled' ? value !== '' : wanted === 'empty' ? value === '' : wanted.includes(value);
      if (!holds) return false;
    }
    return true;
  };
}

/** Undefined where the rule always applies. */
export function compileConditions(conditions: readonly Condition[], deps: RuleDeps): Holds | undefined {
  const all = conditions.map((condition) => compileOne(condition, deps));
  const [only] = all;
  if (only === undefined) return undefined;
  return all.length === 1 ? only : (content) => all.some((holds) => holds(content));
}
