/** Reads `rules.json` and `defaults.json` into rules; throws on the first member that is not as it should be. */
import type { ProblemCode } from '../../model/problem.ts';
import type { ProblemText } from '../pack.ts';
import { readConditions } from './condition.ts';
import {
  isFieldPath,
  isObject,
  readBilingual,
  readFields,
  readObject,
  readText,
  readTexts,
  type Options,
} from './options.ts';
import type { Default, LeftOut, Rule, RuleBase } from './rule.ts';

function list(json: unknown, name: string): readonly Options[] {
  const value = isObject(json) ? json[name] : undefined;
  if (!Array.isArray(value) || !value.every(isObject))
    throw new TypeError(`"${name}" must be a list of objects`);
  return value;
}

function isProblemCode(text: string): text is ProblemCode {
  return /^[a-z]+\/[a-z0-9-]+$/u.test(text);
}

function base(item: Options): RuleBase & { readonly code: ProblemCode } {
  const code = readText(item, 'code');
  if (!isProblemCode(code)) throw new TypeError(`"${code}" is no problem code`);
  const confidence = readText(item, 'confidence');
  if (confidence !== 'A' && confidence !== 'B' && confidence !== 'C' && confidence !== 'D') {
    throw new TypeError(`${code}: "confidence" must be A, B, C or D`);
  }
  return {
    id: readText(item, 'id'),
    code,
    covers: readTexts(item, 'covers'),
    title: readBilingual(item, 'title'),
    source: readText(item, 'source'),
    confidence,
    when: readConditions(item),
    options: { id: code, ...readObject(item, 'options') },
  };
}

function rule(item: Options): Rule {
  const severity = readText(item, 'severity');
  if (severity !== 'error' && severity !== 'warning' && severity !== 'info') {
    throw new TypeError(`"${severity}" is no severity`);
  }
  const facts = Object.entries(item['facts'] === undefined ? {} : readObject(item, 'facts'));
  return {
    ...base(item),
    check: readText(item, 'check'),
    severity,
    fields: readFields(item, 'fields'),
    facts: facts.map(([name, from]) => {
      const [field = '', codeList] = String(from).split(' ');
      if (!isFieldPath(field))
        throw new TypeError(`${String(item['code'])}: fact "${name}" must come from a field`);
      return codeList === undefined ? { name, field } : { name, field, codeList };
    }),
    message: readBilingual(item, 'message'),
    expected: readBilingual(item, 'expected'),
    remedy: readBilingual(item, 'remedy'),
  };
}

export function readRules(json: unknown): readonly Rule[] {
  return list(json, 'rules').map(rule);
}

export function readLeftOut(json: unknown): readonly LeftOut[] {
  return list(json, 'leftOut').map((item) => ({ id: readText(item, 'id'), why: readBilingual(item, 'why') }));
}

export function readDefaults(json: unknown): readonly Default[] {
  return list(json, 'defaults').map((item) => ({
    ...base(item),
    fill: readText(item, 'fill'),
    fields: readFields(item, 'fields'),
  }));
}

/** What is shown to people, by code. */
export function ruleTexts(json: unknown): ReadonlyMap<ProblemCode, ProblemText> {
  return new Map(
    readRules(json).map(({ code, title, message, expected, remedy }) => [
      code,
      { title, message, expected, remedy },
    ]),
  );
}
