/** What `--also` asks for: further documents by name, some with a file. */
import { resolve } from 'node:path';

export type Asked = { readonly name: string; readonly files: readonly string[] };

/** `cargo-manifest=a,b.csv,delivery-note`: only a comma before a document's name parts. A document named twice has both files. */
export function askedDocuments(text: string): readonly Asked[] {
  const files = new Map<string, string[]>();
  for (const each of parts(text)) {
    const at = each.indexOf('=');
    const name = at === -1 ? each : each.slice(0, at);
    const known = files.get(name) ?? [];
    files.set(name, known);
    if (at !== -1) known.push(each.slice(at + 1));
  }
  return [...files].map(([name, own]) => ({ name, files: own }));
}

/** The same, with files as they are found from `folder`: that of the configuration file that names them. */
export function alsoFrom(folder: string, text: string): string {
  return parts(text)
    .map((each) =>
      each.replace(/=(.+)$/su, (_whole, file: string) => `=${file === '-' ? file : resolve(folder, file)}`),
    )
    .join(',');
}

function parts(text: string): readonly string[] {
  return text.split(/,(?=[a-z][a-z0-9-]*(?:=|,|$))/u);
}
