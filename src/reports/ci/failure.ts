/** A run that could not go on, as CI wants to hear it. */
import type { RenderedProblem } from '../report.ts';
import { githubFailure } from './github.ts';
import { xml } from './junit.ts';

export type Failure = RenderedProblem & { readonly code: string; readonly exit: number };

const schema = 'https://json.schemastore.org/sarif-2.1.0.json';

/** Nothing for a format that has no word for it. */
export function ciFailure(format: string, { code, exit, title, message, remedy }: Failure): string {
  const text = remedy === '' ? message : `${message}\n${remedy}`;
  if (format === 'github') return githubFailure(`${title} [${code}]`, text);
  if (format === 'junit')
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="declarant" tests="1" failures="0" errors="1">\n<testsuite name="declarant" tests="1" failures="0" errors="1" skipped="0">\n<testcase name="${xml(title)}" classname="declarant"><error message="${xml(message)}" type="${xml(code)}">${xml(text)}</error></testcase>\n</testsuite>\n</testsuites>\n`;
  if (format !== 'sarif') return '';
  const notification = { level: 'error', message: { text: `${title}\n${text}` }, descriptor: { id: code } };
  const invocation = {
    executionSuccessful: false,
    exitCode: exit,
    toolExecutionNotifications: [notification],
  };
  const run = { tool: { driver: { name: 'declarant', rules: [] } }, invocations: [invocation], results: [] };
  return `${JSON.stringify({ $schema: schema, version: '2.1.0', runs: [run] })}\n`;
}
