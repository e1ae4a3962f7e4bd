/** `declarant check`, as the command line knows it. */
import type { CommandSpec } from './specs.ts';

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
  ],
};
