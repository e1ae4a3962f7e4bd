/** `declarant config`: every setting, its value and where it came from. */
import type { Origin } from '../config.ts';
import { stdoutOutput } from '../io.ts';
import { exitCode } from '../model/stop.ts';
import type { Text } from '../model/text.ts';
import { alignColumns, oneLine } from '../reports/terminal-text.ts';
import type { CommandInput } from './command.ts';

const kinds: Readonly<Record<Origin['kind'], Text>> = {
  flag: { zh: '命令行', en: 'flag' },
  environment: { zh: '环境变量', en: 'environment' },
  project: { zh: '项目配置', en: 'project file' },
  user: { zh: '用户配置', en: 'user file' },
  default: { zh: '默认', en: 'default' },
};

export async function run({ config }: CommandInput): Promise<number> {
  const { settings, origins } = config;
  const values = new Map<string, unknown>(Object.entries(settings));
  const listed = [...origins].map(([name, origin]) => ({ name, value: values.get(name), origin }));
  if (settings.format === 'json') {
    const members = listed.map(({ name, value, origin }) => [
      name,
      { value, origin: origin.kind, where: origin.where },
    ]);
    await stdoutOutput.write(`${JSON.stringify(Object.fromEntries(members), null, 2)}\n`);
    return exitCode.done;
  }
  if (settings.format === 'ndjson') {
    const lines = listed.map(({ name, value, origin }) =>
      JSON.stringify({ name, value, origin: origin.kind, where: origin.where }),
    );
    await stdoutOutput.write(`${lines.join('\n')}\n`);
    return exitCode.done;
  }
  const rows = listed.map(({ name, value, origin }) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return [name, oneLine(text), kinds[origin.kind][settings.lang], oneLine(origin.where)];
  });
  await stdoutOutput.write(`${alignColumns(rows).join('\n')}\n`);
  return exitCode.done;
}
