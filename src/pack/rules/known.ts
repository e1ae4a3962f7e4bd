/** Every field that a rule names is a field of the pack. */
import type { FieldPath } from '../../model/declaration.ts';
import { refOf } from './field.ts';
import type { Default, Rule, RuleDeps } from './rule.ts';

/** Throws a TypeError on a segment or tag that the pack does not have. */
export function assertKnown(rule: Rule | Default, deps: RuleDeps): void {
  const conditions: readonly FieldPath[] = rule.when.flatMap(({ fields }) => [...fields.keys()]);
  for (const path of [...rule.fields, ...conditions]) {
    const { segment, tag } = refOf(path);
    if (deps.segments.get(segment)?.tags.includes(tag) !== true) {
      throw new TypeError(`${rule.code}: the pack has no field ${path}`);
    }
  }
}
