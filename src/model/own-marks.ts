/** The marks by which a file made by declarant is known when it comes back: columns and sheets of results, and examples. */
import type { Text } from './text.ts';

/** Before the header of every column, and the title of every sheet, that a report adds to a workbook. */
export const resultMark: Text = { zh: '【结果】', en: '【Result】' };

/** A header or title that a report wrote: never declared, never a question. */
export function isResultLabel(text: string): boolean {
  const label = text.trimStart();
  return label.startsWith(resultMark.zh) || label.startsWith(resultMark.en);
}

/** `示例-1`, `EXAMPLE 2`, `示例/EXAMPLE`: a reference that no clerk gives a declaration. */
export function isExampleReference(text: string): boolean {
  return /^(?:示例|EXAMPLE)(?![\p{L}\p{N}])/u.test(text.trim());
}
