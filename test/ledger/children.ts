/** Starts `holder.ts` as a process of its own and reads what it says. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export type Child = {
  readonly process: ChildProcess;
  /** The next line it says; nothing once it has ended. */
  readonly line: () => Promise<string | undefined>;
  readonly ended: Promise<unknown>;
};

export function startHolder(deed: 'hold' | 'try' | 'intend', file: string): Child {
  const script = fileURLToPath(new URL('holder.ts', import.meta.url));
  const child = spawn(execPath, [script, deed, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    ended,
    line: async () => {
      const next = await lines.next();
      return next.done === true ? undefined : next.value;
    },
  };
}
