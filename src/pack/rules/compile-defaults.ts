/** Compiles the pack's default rules: what is empty is filled, what a clerk wrote is never touched. */
import type { DeclarationContent, Filled } from '../../model/declaration.ts';
import type { CheckContext } from '../pack.ts';
import { compileConditions } from './condition.ts';
import { fills } from './fills/index.ts';
import { assertKnown } from './known.ts';
import { readDefaults } from './read.ts';
import type { RuleDeps } from './rule.ts';

/**
 * The rules of `defaults.json`, applied in order: a later one sees what an earlier one filled. Changes `content` in place
 * and says what it filled, by the default's code. Throws a TypeError where a rule names a fill, field or option that does not exist.
 */
export function compileDefaults(
  json: unknown,
  deps: RuleDeps,
): (content: DeclarationContent, context: CheckContext) => readonly Filled[] {
  const compiled = readDefaults(json).map((rule) => {
    const factory = fills[rule.fill];
    if (factory === undefined) throw new TypeError(`${rule.code}: there is no fill "${rule.fill}"`);
    assertKnown(rule, deps);
    return { holds: compileConditions(rule.when, deps), fill: factory(rule.options, rule.code, deps) };
  });
  return (content) => {
    const filled: Filled[] = [];
    for (const { holds, fill } of compiled) {
      if (holds === undefined || holds(content)) fill(content, filled);
    }
    return filled;
  };
}
