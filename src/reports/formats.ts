/** What `--format` puts on standard output, and under which name it stands in a folder until then. */
import type { Output } from './output.ts';
import type { Report, ReportContext } from './report.ts';

/** `human` is no report; `json` is made from the lines of `ndjson`. */
export type StdoutFormat = 'csv' | 'ndjson' | 'json' | 'sarif' | 'junit' | 'github';

type Maker = (output: Output, context: ReportContext) => Report;

export const stdoutFormats: Readonly<
  Record<StdoutFormat, { readonly file: string; readonly load: () => Promise<Maker> }>
> = {
  csv: { file: 'results.csv', load: async () => (await import('./csv.ts')).csvReport },
  ndjson: { file: 'results.ndjson', load: async () => (await import('./ndjson.ts')).ndjsonReport },
  json: { file: 'results.ndjson', load: async () => (await import('./ndjson.ts')).ndjsonReport },
  sarif: { file: 'results.sarif', load: async () => (await import('./ci/sarif.ts')).sarifReport },
  junit: { file: 'results.junit.xml', load: async () => (await import('./ci/junit.ts')).junitReport },
  github: { file: 'annotations.txt', load: async () => (await import('./ci/github.ts')).githubReport },
};
