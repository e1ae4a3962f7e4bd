/** The rules' page is the one that its data makes. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { rulesPage } from '../../../src/pack/rules/make-docs.ts';
import { readJson } from './samples.ts';

it('docs/rules.md is what make-docs.ts writes', () => {
  const page = readFileSync(path.join(import.meta.dirname, '../../../docs/rules.md'), 'utf8');
  expect(page).toBe(rulesPage(readJson('rules.json'), readJson('defaults.json')));
});
