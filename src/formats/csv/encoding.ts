/** Decides a text file's encoding: what it says of itself, then what its bytes can be, then which of two is likely. */
import { exitCode, Stop } from '../../model/stop.ts';
import type { InputFile } from '../input-file.ts';
import { utf16Without } from '../recognise.ts';
import { likelyChinese } from './chinese.ts';
import { surveyBytes, surveyLines } from './survey.ts';

export type Encoding = {
  /** A WHATWG name: `utf-8`, `utf-16le`, `utf-16be`, `gb18030`, `big5`, or what the user named. */
  readonly name: string;
  /** `bom`: the file says it; `option`: the user says it; `bytes`: nothing else fits; `likely`: the most plausible of those that fit. */
  readonly by: 'bom' | 'option' | 'bytes' | 'likely';
  /** The line of the first U+FFFD that the file holds: a character that another program lost. */
  readonly replacementLine?: number;
};

const marks: readonly { readonly name: string; readonly bytes: string }[] = [
  { name: 'utf-8', bytes: 'efbbbf' },
  { name: 'utf-16le', bytes: 'fffe' },
  { name: 'utf-16be', bytes: 'feff' },
  { name: 'gb18030', bytes: '84319533' },
];

/** Throws `Stop`: exit 2 for a label that does not exist or that the file contradicts, exit 3 where no encoding fits. */
export async function decideEncoding(input: InputFile, label: string | undefined): Promise<Encoding> {
  const head = await input.bytesAt(0, 4_096);
  const hex = head.toString('hex', 0, 4);
  const mark = marks.find(({ bytes }) => hex.startsWith(bytes))?.name;
  if (label !== undefined) return { name: namedEncoding(input.file, label, mark), by: 'option' };
  if (mark !== undefined && mark !== 'utf-8') return { name: mark, by: 'bom' };
  const wide = mark === undefined ? utf16Without(head) : undefined;
  if (wide !== undefined) return { name: wide, by: 'bytes' };
  const { isUtf8, replacementLine } = await surveyBytes(input);
  if (isUtf8 || mark === 'utf-8') {
    const lost = replacementLine === undefined ? {} : { replacementLine };
    return { name: 'utf-8', by: mark === undefined ? 'bytes' : 'bom', ...lost };
  }
  const name = likelyChinese(await surveyLines(input));
  if (name !== undefined) return { name, by: 'likely' };
  throw new Stop('file/unknown-encoding', exitCode.unreadable, { facts: { file: input.file } });
}

function namedEncoding(file: string, label: string, mark: string | undefined): string {
  let name: string;
  try {
    name = new TextDecoder(label, { fatal: true }).encoding;
  } catch (cause) {
    throw new Stop('file/unknown-encoding-label', exitCode.usage, { facts: { encoding: label }, cause });
  }
  if (mark === undefined || mark === name || (mark === 'gb18030' && name === 'gbk')) return name;
  if (label.toLowerCase() === 'utf-16' && mark.startsWith('utf-16')) return mark;
  throw new Stop('file/encoding-contradicted', exitCode.usage, { facts: { file, encoding: name, mark } });
}
