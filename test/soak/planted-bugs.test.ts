/** The planted bugs follow the program: each still finds the one place that it changes. What it breaks, `npm run teeth` shows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bugs } from './planted-bugs.ts';

const root = join(import.meta.dirname, '../..');

test.each(bugs)('$name: what it changes stands in the program, once', ({ edits }) => {
  const found = edits.map(({ file, from }) => readFileSync(join(root, file), 'utf8').split(from).length - 1);
  expect(found).toEqual(edits.map(() => 1));
});
