/** The registry of reports that `--report KIND` may ask for: a kind, and the file that makes it, loaded when it is needed. */
import type { SourceRow } from '../model/row.ts';
import { type StdoutFormat, stdoutFormats } from './formats.ts';
import type { ByteOutput, Output } from './output.ts';
import type { Report, ReportContext } from './report.ts';

/** The parts of a workbook's package, under the names that they have in it, in its order. */
export type WorkbookPackage = {
  readonly parts: readonly string[];
  /** The bytes of a part. Throws `Stop` (exit 3) for damage and for more than the reader's limits allow. */
  readonly read: (part: string) => AsyncIterable<Uint8Array>;
};

/** One input file, for reports that show the file itself. */
export type ReportInput = {
  /** As the user named it, and as the results name it. */
  readonly file: string;
  readonly tables: readonly {
    readonly name?: string;
    /** From the file's first row, each time. */
    readonly rows: () => AsyncIterable<readonly SourceRow[]>;
  }[];
  /** Absent where the file is no workbook. */
  readonly package?: WorkbookPackage;
};

/** Where a report goes, and what it may look at besides the results. */
export type ReportPlace = {
  readonly context: ReportContext;
  readonly inputs: readonly ReportInput[];
  /** A file of this name in the folder of the results. Opened when it is written, not before. */
  readonly openText: (name: string) => Promise<Output>;
  readonly openBytes: (name: string) => Promise<ByteOutput>;
};

export type ReportFactory = (place: ReportPlace) => Promise<Report>;

/** What `--format` prints, as a file. */
function fileReport(format: StdoutFormat): () => Promise<ReportFactory> {
  const { file, load } = stdoutFormats[format];
  return async () => {
    const make = await load();
    return async ({ context, openText }) => make(await openText(file), context);
  };
}

/** Kind → what makes it. One line each. */
export const reportKinds: Readonly<Record<string, () => Promise<ReportFactory>>> = {
  xlsx: async () => (await import('./annotated/report.ts')).annotatedReport,
  html: async () => (await import('./html/report.ts')).htmlReportAt,
  sarif: fileReport('sarif'),
  junit: fileReport('junit'),
};
