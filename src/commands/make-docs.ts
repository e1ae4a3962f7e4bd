/** Writes `docs/cli.md` from the command line's own data: `node src/commands/make-docs.ts`. A test compares. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configSchema } from '../config/file.ts';
import { flagName, variableName } from '../config/names.ts';
import type { Text } from '../model/text.ts';
import { commandHelp } from './help.ts';
import { commands, commonFlags, type FlagSpec } from './specs.ts';

const exitCodes: readonly (readonly [string, Text])[] = [
  [
    '0',
    {
      zh: '全部办妥（已受理，或不等回执时已收到）；check 为没有错误',
      en: 'done: every row accepted, or received where nothing was waited for; for `check`: valid',
    },
  ],
  ['1', { zh: '有未申报、退回或重复的行', en: 'some rows set aside, rejected or duplicate' }],
  ['2', { zh: '用法或配置有误', en: 'usage or configuration' }],
  ['3', { zh: '文件读不了，或列没有对应', en: 'a file cannot be read or mapped' }],
  [
    '4',
    {
      zh: '有结果未知，或等待后仍未有回执：稍后再运行同一条命令',
      en: 'an outcome is unknown, or still pending after `--wait`: run the same command again later',
    },
  ],
  [
    '5',
    {
      zh: '窗口连不上或要求稍后再发，没有未知结果：稍后再运行',
      en: 'the window is unreachable or throttling, nothing is unknown: run again later',
    },
  ],
  ['6', { zh: '登录被拒绝或过期', en: 'sign-in refused or expired' }],
  ['9', { zh: '没有可做的（配合 --error-on-empty）', en: 'nothing to do (with `--error-on-empty`)' }],
  ['11', { zh: '另一个进程正在使用台账', en: 'another process has the ledger' }],
  ['70', { zh: '程序自身的缺陷', en: 'a defect of the program' }],
  ['74', { zh: '台账损坏，或磁盘已满', en: 'ledger damaged, or disk full' }],
  ['130, 143', { zh: '在安全的位置中断', en: 'interrupted at a safe point' }],
];

function flagRows(flags: readonly FlagSpec[], settings: ReadonlySet<string>): string {
  const rows = flags.map(({ name, short, value, choices, describe }) => {
    const typed = [
      short === undefined ? '' : `\`-${short}\` `,
      `\`${flagName(name)}${value === undefined ? '' : ` ${value}`}\``,
    ].join('');
    const variable = settings.has(name) ? `\`${variableName(name)}\`` : '';
    const choice = choices === undefined ? '' : ` (${choices.map((each) => `\`${each}\``).join(', ')})`;
    return `| ${typed.replaceAll('|', '\\|')} | ${variable} | ${describe.zh}<br>${describe.en}${choice} |`;
  });
  return ['| flag | variable | |', '|---|---|---|', ...rows].join('\n');
}

export function cliDocs(): string {
  const settings = new Set(Object.keys(configSchema().properties ?? {}));
  const sections = commands.map((spec) =>
    [
      `## declarant ${spec.name}`,
      '',
      `${spec.describe.zh}<br>${spec.describe.en}`,
      '',
      '```text',
      commandHelp(spec, 'en').trimEnd(),
      '```',
      ...(spec.flags.length === 0 ? [] : ['', flagRows(spec.flags, settings)]),
    ].join('\n'),
  );
  return `${[
    '# The command line',
    '',
    'Made from `src/commands/specs.ts` by `npm run docs`; a test compares.',
    '',
    'A setting is taken from the flag, then from the `DECLARANT_*` variable, then from `declarant.config.json` in the current folder,',
    "then from the user's own `declarant/config.json`, then from the defaults. `declarant config` shows each value and where it came from.",
    '',
    '给人看的时间一律是北京时间（如 `2026-03-02 09:00:05 +08:00`）；JSON、NDJSON、CSV、日志和 `--exec` 的参数是 ISO 8601，运行编号里的是 UTC。',
    '',
    'What people read tells Beijing time (`2026-03-02 09:00:05 +08:00`); JSON, NDJSON, CSV, the log and the arguments of `--exec` have ISO 8601,',
    "and a run's id has UTC.",
    '',
    '## Flags of every command',
    '',
    flagRows(commonFlags, settings),
    '',
    ...sections.flatMap((section) => [section, '']),
    '## Exit codes',
    '',
    '| code | |',
    '|---|---|',
    ...exitCodes.map(([code, { zh, en }]) => `| ${code} | ${zh}<br>${en} |`),
    '',
    'Any other code is a failure.',
  ].join('\n')}\n`;
}

if (import.meta.main) writeFileSync(join(import.meta.dirname, '../../docs/cli.md'), cliDocs());
