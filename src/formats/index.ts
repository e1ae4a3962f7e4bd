/** The registry of formats, and the one way to open a file whatever its format. */
import { exitCode, Stop } from '../model/stop.ts';
import type { Format, ReadOptions, SourceBook } from './format.ts';
import { openInputFile } from './input-file.ts';
import { recognise } from './recognise.ts';
import { asStdin, spool } from './stdin.ts';

/** Loaded when needed: `--version` and `--help` pay for none of them. */
const formats = {
  csv: async (): Promise<Format> => (await import('./csv/csv.ts')).csv,
  xlsx: async (): Promise<Format> => (await import('./xlsx/index.ts')).xlsx,
  decmessage: async (): Promise<Format> => (await import('./decmessage/index.ts')).decmessage,
} as const;
type FormatName = keyof typeof formats;

/**
 * Opens a file, or standard input where `path` is `-`. The bytes decide what it is, unless `options.format` names it.
 * Throws `Stop`: exit 3 for a file that cannot be read, exit 2 for a format or encoding that does not exist.
 */
export async function openBook(path: string, options: ReadOptions = {}): Promise<SourceBook> {
  if (path === '-') return await openStdin(process.stdin, options);
  const named = options.format === undefined ? undefined : formatNamed(options.format);
  const found = await findFormat(path);
  const format = named ?? found;
  if (format instanceof Stop) throw format;
  return await (await formats[format]()).open(path, options);
}

/** Writes the input to a private temporary file first, which `close` removes: a workbook cannot be read in one pass. */
export async function openStdin(
  input: AsyncIterable<Buffer>,
  options: ReadOptions = {},
): Promise<SourceBook> {
  const spooled = await spool(input);
  return await asStdin(spooled, () => openBook(spooled.path, options));
}

function formatNamed(name: string): FormatName {
  for (const known of ['csv', 'xlsx', 'decmessage'] as const) if (known === name.toLowerCase()) return known;
  throw new Stop('file/unknown-format', exitCode.usage, {
    facts: { format: name, known: Object.keys(formats) },
  });
}

async function findFormat(path: string): Promise<FormatName | Stop> {
  const input = await openInputFile(path);
  try {
    const recognised = await recognise(input);
    if ('format' in recognised) return recognised.format;
    const { refusal, kind = '' } = recognised;
    return new Stop(refusal, exitCode.unreadable, { facts: { file: path, kind } });
  } finally {
    await input.close();
  }
}
