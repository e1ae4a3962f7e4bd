/** The window's judgement of one uploaded line, made before the transaction because it needs no lock. */
import type { WindowProblem } from '../../model/receipt.ts';
import type { Check } from './context.ts';
import { triggersOf, type Triggers } from './triggers.ts';
import type { UploadLine } from './upload.ts';

export type JudgedLine = UploadLine & {
  readonly triggers: Triggers;
  readonly complaints: readonly WindowProblem[];
};

export function judge(check: Check, line: UploadLine): JudgedLine {
  const { declaration } = line;
  if (declaration === undefined) {
    const message = '报关单须由节（对象或列表）和文本值组成';
    return {
      ...line,
      triggers: triggersOf({}),
      complaints: [{ code: 'sandbox-shape', severity: 'error', message }],
    };
  }
  return { ...line, triggers: triggersOf(declaration.content), complaints: check(declaration.content) };
}
