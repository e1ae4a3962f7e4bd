/** Compiles the cross-field rules of a pack, once per run. */
import type { DeclarationContent, Place } from '../../model/declaration.ts';
import type { CheckContext, Issue } from '../pack.ts';
import { checks } from './checks/index.ts';
import { compileConditions, type Holds } from './condition.ts';
import { listed, refOf, single, valueOf } from './field.ts';
import { assertKnown } from './known.ts';
import { readRules } from './read.ts';
import type { Check, Facts, Finding, Rule, RuleDeps } from './rule.ts';

type Compiled = { readonly rule: Rule; readonly holds: Holds | undefined; readonly check: Check };

const inOrder: readonly Issue[] = Object.freeze([]);

function valueAt(content: DeclarationContent, { segment, index, tag }: Place): string {
  const entry = index === undefined ? single(content, segment) : listed(content, segment)[index];
  return tag === undefined ? '' : (entry?.[tag] ?? '');
}

/** Beside what the check found: the goods line (or container …) from 1, the first place's value, and the facts that the rule asks for. */
function factsOf(rule: Rule, finding: Finding, content: DeclarationContent, deps: RuleDeps): Facts {
  const [first] = finding.places;
  const facts: Record<string, Facts[string]> = {};
  if (first?.index !== undefined) facts['line'] = first.index + 1;
  if (first !== undefined) facts['found'] = valueAt(content, first);
  for (const { name, field, codeList } of rule.facts) {
    const code = valueOf(content, refOf(field));
    const named = codeList === undefined ? undefined : deps.codeList(codeList)?.get(code)?.zh;
    facts[name] = named === undefined ? code : `${code} ${named}`;
  }
  return { ...facts, ...finding.facts };
}

/**
 * The rules of `rules.json` as one pure function: every issue of a declaration, in the order of the rules.
 * Throws a TypeError where a rule names a check, field or option that does not exist.
 */
export function compileRules(
  json: unknown,
  deps: RuleDeps,
): (content: DeclarationContent, context: CheckContext) => readonly Issue[] {
  const compiled: readonly Compiled[] = readRules(json).map((rule) => {
    const factory = checks[rule.check];
    if (factory === undefined) throw new TypeError(`${rule.code}: there is no check "${rule.check}"`);
    assertKnown(rule, deps);
    return { rule, holds: compileConditions(rule.when, deps), check: factory(rule.options, deps) };
  });
  return (content, context) => {
    let issues: Issue[] | undefined;
    for (const { rule, holds, check } of compiled) {
      if (holds !== undefined && !holds(content)) continue;
      const findings = check(content, context);
      if (findings.length === 0) continue;
      for (const finding of findings) {
        const facts = factsOf(rule, finding, content, deps);
        (issues ??= []).push({ code: rule.code, severity: rule.severity, places: finding.places, facts });
      }
    }
    return issues ?? inOrder;
  };
}
