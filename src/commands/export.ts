/** `declarant export FILE… --as cn-decmessage -o DIR`: the road of a check, and each declaration that passes becomes a message file. */
import { resolve } from 'node:path';
import { exitCode, Stop } from '../model/stop.ts';
import { type MessageFolder, openMessageFolder } from '../window/cn-client/message-folder.ts';
import type { MessageSettings } from '../window/cn-client/message-file.ts';
import type { CommandInput } from './command.ts';
import { messageForm } from './message-settings.ts';
import { runFiles } from './run-files.ts';

export async function run(input: CommandInput): Promise<number> {
  const { flags, config } = input;
  const folder = resolve(needed(flags, 'messages', '-o DIR'));
  const form = needed(flags, 'as', '--as cn-decmessage');
  if (form !== 'cn-decmessage') throw unknown('--as', form, ['cn-decmessage']);
  const settings: MessageSettings = {
    form: messageForm(config.settings),
    operType: config.settings.operType === 'declare' ? 'C' : 'G',
  };
  let messages: MessageFolder | undefined;
  const openTaker = async (): Promise<MessageFolder> => {
    messages = await openMessageFolder(folder, settings);
    return messages;
  };
  const exit = await runFiles('check', input, { openTaker });
  if (!config.settings.quiet)
    process.stderr.write(told(messages?.count() ?? 0, folder, config.settings.lang));
  return exit;
}

function told(count: number, folder: string, lang: 'zh' | 'en'): string {
  return lang === 'zh' ? `报文 ${count} 个，在 ${folder}\n` : `${count} messages in ${folder}\n`;
}

function needed(flags: CommandInput['flags'], name: string, example: string): string {
  const value = textOf(flags, name);
  if (value !== undefined) return value;
  throw new Stop('message/flag-missing', exitCode.usage, {
    facts: { flag: example },
    hint: 'declarant export --help',
  });
}

function textOf(flags: CommandInput['flags'], name: string): string | undefined {
  const value = flags.get(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function unknown(flag: string, value: string, known: readonly string[]): Stop {
  return new Stop('message/flag-value', exitCode.usage, {
    facts: { flag, value, known },
    hint: 'declarant export --help',
  });
}
