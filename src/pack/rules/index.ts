/** The door of the rules: what the pack compiles them with. */
export { compileDefaults } from './compile-defaults.ts';
export { compileRules } from './compile-rules.ts';
export { readDefaults, readLeftOut, readRules, ruleTexts } from './read.ts';
export type { RuleDeps } from './rule.ts';
