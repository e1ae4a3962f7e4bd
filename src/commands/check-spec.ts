/** `declarant check`, as the command line knows it. */
import type { FlagSpec } from './common-flags.ts';
import type { CommandSpec } from './specs.ts';

/** Of `import` as well. */
export const alsoFlag: FlagSpec = {
  name: 'also',
  value: 'NAME[=FILE]',
  isMany: true,
  describe: {
    zh: '同时做另一种单证（见 docs/documents.md），可多次给出：cargo-manifest=舱单文件 与舱单核对',
    en: 'a further document from the same rows (docs/documents.md), several times for several: cargo-manifest=FILE checks against a cargo manifest',
  },
};

export const checkCommand: CommandSpec = {
  name: 'check',
  takes: 'FILE…',
  atLeast: 1,
  atMost: Infinity,
  describe: { zh: '检查清单，不发送任何内容', en: 'check manifests; sends nothing' },
  flags: [
    {
      name: 'asOf',
      value: 'DATE',
      describe: {
        zh: '按这一天判断日期（如 2026-11-24），而不是按今天：同一文件以后检查结果不变',
        en: 'judge dates as of this day (2026-11-24) and not of today: the same file gives the same results later',
      },
    },
    alsoFlag,
  ],
  examples: [
    {
      command: 'declarant check manifest.xlsx',
      does: { zh: '逐行检查并说明每个问题', en: 'checks every row and explains each problem' },
    },
    {
      command: 'declarant check a.csv b.csv --format ndjson',
      does: { zh: '每行一个 JSON 结果', en: 'one JSON result a row' },
    },
    {
      command: 'declarant check manifest.xlsx --also cargo-manifest=cargo.xlsx',
      does: {
        zh: '同时与舱单核对件数和毛重',
        en: 'checks packages and gross weight against the cargo manifest too',
      },
    },
  ],
};
