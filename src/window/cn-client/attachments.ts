/** Finds the documents that a declaration names, checks them against the standard for attachments, and gives them their names. */
import { createHash } from 'node:crypto';
import { open, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, posix, relative, sep } from 'node:path';
import type { SegmentContent } from '../../model/declaration.ts';
import type { ClientSeqNo } from '../../model/ids.ts';
import type { Fact, ProblemCode, Severity } from '../../model/problem.ts';
import { pdfFacts } from './pdf.ts';
import type { ZipFile } from './zip.ts';

/** Source: format standard for attachments of declarations, edition of 2019; rules R179 and R180. */
const maxFileBytes = 4_194_304;
const maxPageBytes = 409_600;
const oldestPdf = '1.4';
const structured = 'S';
const edocId = /^\d{12}(?:IM|SW)\d{18}(?:\.pdf)?$/iu;

export type AttachmentFinding = {
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly tag: string;
  readonly facts: Readonly<Record<string, Fact>>;
};
export type Attachment = {
  readonly file?: ZipFile;
  /** The segment's tags as they go into the message. */
  readonly entry: SegmentContent;
  readonly findings: readonly AttachmentFinding[];
};

/** `folder` is where the manifest lies; `customMaster` the office that the declaration goes to; `index` counts from 0. */
export async function readAttachment(
  entry: SegmentContent,
  {
    folder,
    customMaster,
    clientSeqNo,
    index,
  }: { folder: string; customMaster: string; clientSeqNo: ClientSeqNo; index: number },
): Promise<Attachment> {
  // A structured document is a number that customs looks up: it has no file.
  if (entry['EdocFomatType'] === structured) return { entry, findings: [] };
  const { tag, name } = namedFile(entry);
  const refuse = (code: ProblemCode, facts: Readonly<Record<string, Fact>> = {}): Attachment => ({
    entry,
    findings: [{ code, severity: 'error', tag, facts: { name, ...facts } }],
  });
  if (isTrick(name)) return refuse('attachment/outside-folder');
  const found = await findFile(folder, name);
  if (found === undefined) return refuse('attachment/not-found', { folder });
  if (found.isOutside) return refuse('attachment/outside-folder');
  const read = await readWhole(found.path);
  if (read === 'unreadable') return refuse('attachment/not-readable');
  if (read === 'too-large') return refuse('attachment/too-large', { limitMb: maxFileBytes / 1_048_576 });
  const pdf = pdfFacts(read);
  if (pdf === undefined) return refuse('attachment/not-pdf');
  if (pdf.version < oldestPdf)
    return refuse('attachment/old-pdf', { version: pdf.version, oldest: oldestPdf });
  const id = edocIdOf({ customMaster, category: entry['EdocCode'] ?? '', clientSeqNo, index });
  const perPage = pdf.pages === 0 ? 0 : Math.ceil(read.length / pdf.pages);
  const large: AttachmentFinding = {
    code: 'attachment/large-pages',
    severity: 'warning',
    tag,
    facts: { name, kb: Math.ceil(perPage / 1024), limitKb: maxPageBytes / 1024, pages: pdf.pages },
  };
  return {
    file: { name: id, bytes: read },
    entry: {
      ...entry,
      EdocID: id,
      EdocCopId: basename(found.path),
      EdocSize: String(read.length),
    },
    findings: perPage > maxPageBytes ? [large] : [],
  };
}

/** The clerk's file name stands in `EdocID`; where that is a number in the interface's form already, in `EdocCopId`. */
function namedFile(entry: SegmentContent): { readonly tag: string; readonly name: string } {
  const id = entry['EdocID'] ?? '';
  const own = entry['EdocCopId'] ?? '';
  return edocId.test(id) && own !== '' ? { tag: 'EdocCopId', name: own } : { tag: 'EdocID', name: id };
}

/** Office (4), category (8), `SW`, 18 digits that are always the same for this document of this declaration. Rule R179. */
function edocIdOf({
  customMaster,
  category,
  clientSeqNo,
  index,
}: {
  customMaster: string;
  category: string;
  clientSeqNo: ClientSeqNo;
  index: number;
}): string {
  const digest = createHash('sha256').update(`EdocID ${clientSeqNo} ${index}`, 'utf8').digest('hex');
  const serial = (BigInt(`0x${digest}`) % 10n ** 18n).toString().padStart(18, '0');
  return `${customMaster}${category}SW${serial}.pdf`;
}

/** Absolute paths, drives, streams and ways up: a manifest must not make us send what lies elsewhere. */
function isTrick(name: string): boolean {
  return name === '' || /^[/\\]|[\\:\u0000]/u.test(name) || name.split('/').includes('..');
}

/** A file below the folder, links followed. A name whose full-width letters were made half width finds its file all the same. */
async function findFile(
  folder: string,
  name: string,
): Promise<{ readonly path: string; readonly isOutside: boolean } | undefined> {
  const below = join(folder, ...posix.normalize(name).split('/'));
  const names = await readdir(dirname(below)).catch((): string[] => []);
  const wanted = basename(below);
  const alike = names.filter((each) => each.normalize('NFKC') === wanted.normalize('NFKC'));
  const [found, ...others] = names.includes(wanted) ? [wanted] : alike;
  if (found === undefined || others.length > 0) return undefined;
  const [path, home] = await Promise.all([realpath(join(dirname(below), found)), realpath(folder)]).catch(
    () => [],
  );
  if (path === undefined || home === undefined) return undefined;
  const way = relative(home, path);
  return { path, isOutside: way === '' || isAbsolute(way) || way.split(sep)[0] === '..' };
}

async function readWhole(path: string): Promise<Buffer | 'too-large' | 'unreadable'> {
  const handle = await open(path, 'r').catch(() => undefined);
  if (handle === undefined) return 'unreadable';
  try {
    const { size, isRegular } = await handle
      .stat()
      .then((stat) => ({ size: stat.size, isRegular: stat.isFile() }));
    if (!isRegular) return 'unreadable';
    return size > maxFileBytes ? 'too-large' : await handle.readFile();
  } catch {
    return 'unreadable';
  } finally {
    await handle.close();
  }
}
