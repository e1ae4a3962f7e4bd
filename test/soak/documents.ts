/** PDF files that go with declarations: of many sizes, with bytes that no packing makes smaller, some named by several declarations. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type Documents = {
  /** By the number of the declaration: the names of its files, as the manifest has them. */
  readonly named: ReadonlyMap<number, readonly string[]>;
  readonly files: ReadonlyMap<string, Buffer>;
};

/** Half of the declarations have one to three. */
export function documentsOf(declarations: number, random: () => number): Documents {
  const contract = '单据/合同（共用）.pdf';
  const files = new Map([[contract, pdf(20_000, random)]]);
  const named = new Map<number, readonly string[]>();
  for (let index = 0; index < declarations; index += 1) {
    if (random() < 0.5) continue;
    const own = [`单据/发票-${index}.pdf`, `箱单-${index}.pdf`].slice(0, 1 + Math.floor(random() * 2));
    for (const name of own) files.set(name, pdf(random() < 0.1 ? 300_000 : 60_000 * random(), random));
    named.set(index, random() < 0.3 ? [...own, contract] : own);
  }
  return { named, files };
}

/** Beside the manifest. */
export function writeDocuments(folder: string, { files }: Documents): void {
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}

function pdf(bytes: number, random: () => number): Buffer {
  const start = '%PDF-1.4\n1 0 obj << /Type /Page >> endobj\n<< /Type /Pages >>\n';
  const rest = Buffer.from(Array.from({ length: Math.ceil(bytes) }, () => Math.floor(random() * 256)));
  return Buffer.concat([Buffer.from(start), rest]);
}
