/** Finds the documents that a declaration names, checks them against the standard for attachments, and gives them their names. */
import { createHash } from 'node:crypto';
import { open, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, posix, relative, sep } from 'node:path';
import type { SegmentContent } from '../../model/declaration.ts';
import type { DocumentFile } from '../../model/documents.ts';
import type { ClientSeqNo } from '../../model/ids.ts';
import type { Fact, ProblemCode, Severity } from '../../model/problem.ts';
import { pdfFacts } from './pdf.ts';
import { filesInZip } from './unzip.ts';
import type { ZipFile } from './zip.ts';

/** Source: format standard for attachments of declarations, edition of 2019; rules R179 and R180. */
const maxFileBytes = 4_194_304;
const maxPageBytes = 409_600;
const maxArchiveBytes = 67_108_864;
const oldestPdf = '1.4';
export const structured = 'S';
const edocId = /^\d{12}(?:IM|SW)\d{18}(?:\.pdf)?$/iu;

export type AttachmentFinding = {
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly tag: string;
  readonly facts: Readonly<Record<string, Fact>>;
};
export type Attachment = {
  /** Absent where the entry is a number without a file, or an error was found. */
  readonly document?: DocumentFile;
  /** The segment's tags as they go into the message. */
  readonly entry: SegmentContent;
  readonly findings: readonly AttachmentFinding[];
};

/** Where documents are looked for. */
export type DocumentPlace = {
  readonly folder: string;
  /** A message that came with its attachments: what it names is in there. */
  readonly archive?: { readonly path: string; readonly files: readonly ZipFile[] };
};

/** `customMaster`: the office that the declaration goes to; `index` counts from 0. */
export async function readAttachment(
  entry: SegmentContent,
  {
    place,
    customMaster,
    clientSeqNo,
    index,
  }: { place: DocumentPlace; customMaster: string; clientSeqNo: ClientSeqNo; index: number },
): Promise<Attachment> {
  // A structured document is a number that customs looks up: it has no file.
  if (entry['EdocFomatType'] === structured) return { entry, findings: [] };
  const { tag, name } = namedFile(entry);
  const refuse = (code: ProblemCode, facts: Readonly<Record<string, Fact>> = {}): Attachment => ({
    entry,
    findings: [{ code, severity: 'error', tag, facts: { name, ...facts } }],
  });
  if (isTrick(name)) return refuse('attachment/outside-folder');
  const found = carried(entry['EdocID'] ?? '', place) ?? (await findFile(place.folder, name));
  if (found === undefined) return refuse('attachment/not-found', { folder: place.folder });
  if (found.isOutside) return refuse('attachment/outside-folder');
  const read = await readWhole(found);
  if (read === 'unreadable') return refuse('attachment/not-readable');
  if (read === 'too-large') return refuse('attachment/too-large', { limitMb: maxFileBytes / 1_048_576 });
  const pdf = pdfFacts(read);
  if (pdf === undefined) return refuse('attachment/not-pdf');
  if (pdf.version < oldestPdf)
    return refuse('attachment/old-pdf', { version: pdf.version, oldest: oldestPdf });
  const sha256 = digestOf(read);
  const id = edocIdOf({ customMaster, category: entry['EdocCode'] ?? '', clientSeqNo, index, sha256 });
  const perPage = pdf.pages === 0 ? 0 : Math.ceil(read.length / pdf.pages);
  const large: AttachmentFinding = {
    code: 'attachment/large-pages',
    severity: 'warning',
    tag,
    facts: { name, kb: Math.ceil(perPage / 1024), limitKb: maxPageBytes / 1024, pages: pdf.pages },
  };
  return {
    document: { id, ...whereIs(found), sha256, bytes: read.length },
    entry: {
      ...entry,
      EdocID: id,
      EdocCopId: found.inside === undefined ? basename(found.path) : entry['EdocCopId'] || found.inside,
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

/** The bytes that were looked at; nothing where the file has changed since, or cannot be read any more. */
export async function bytesOf(document: DocumentFile): Promise<Buffer | undefined> {
  const { sha256 } = document;
  const read = await readWhole(document);
  return typeof read !== 'string' && digestOf(read) === sha256 ? read : undefined;
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Office (4), category (8), `SW`, 18 digits that are always the same for these bytes at this place of this declaration. Rule R179. */
function edocIdOf({
  customMaster,
  category,
  clientSeqNo,
  index,
  sha256,
}: {
  customMaster: string;
  category: string;
  clientSeqNo: ClientSeqNo;
  index: number;
  sha256: string;
}): string {
  const digest = createHash('sha256')
    .update(`EdocID ${clientSeqNo} ${index} ${sha256}`, 'utf8')
    .digest('hex');
  const serial = (BigInt(`0x${digest}`) % 10n ** 18n).toString().padStart(18, '0');
  return `${customMaster}${category}SW${serial}.pdf`;
}

/** Absolute paths, drives, streams and ways up: a manifest must not make us send what lies elsewhere. */
function isTrick(name: string): boolean {
  return name === '' || /^[/\\]|[\\:\u0000]/u.test(name) || name.split('/').includes('..');
}

type Found = { readonly path: string; readonly inside?: string; readonly isOutside: boolean };

function whereIs({ path, inside }: Found): Pick<DocumentFile, 'path' | 'inside'> {
  return inside === undefined ? { path } : { path, inside };
}

function carried(id: string, { archive }: DocumentPlace): Found | undefined {
  return archive?.files.some(({ name }) => name === id) === true
    ? { path: archive.path, inside: id, isOutside: false }
    : undefined;
}

/** A file below the folder, links followed. A name whose full-width letters were made half width finds its file all the same. */
async function findFile(folder: string, name: string): Promise<Found | undefined> {
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

async function readWhole({
  path,
  inside,
}: Pick<DocumentFile, 'path' | 'inside'>): Promise<Buffer | 'too-large' | 'unreadable'> {
  if (inside === undefined) return readFileAt(path, maxFileBytes);
  const file = (await filesIn(path))?.find(({ name }) => name === inside);
  if (file === undefined) return 'unreadable';
  return file.bytes.length > maxFileBytes ? 'too-large' : Buffer.from(file.bytes);
}

/** Nothing where it cannot be read, or is no archive of a message. */
export async function filesIn(archive: string): Promise<readonly ZipFile[] | undefined> {
  const read = await readFileAt(archive, maxArchiveBytes);
  return typeof read === 'string' ? undefined : filesInZip(read);
}

async function readFileAt(path: string, mostBytes: number): Promise<Buffer | 'too-large' | 'unreadable'> {
  const handle = await open(path, 'r').catch(() => undefined);
  if (handle === undefined) return 'unreadable';
  try {
    const { size, isRegular } = await handle
      .stat()
      .then((stat) => ({ size: stat.size, isRegular: stat.isFile() }));
    if (!isRegular) return 'unreadable';
    return size > mostBytes ? 'too-large' : await handle.readFile();
  } catch {
    return 'unreadable';
  } finally {
    await handle.close();
  }
}
