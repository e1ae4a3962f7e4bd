/** Opens a file in LibreOffice, where there is one, and reads what it made of it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';

function found(): boolean {
  try {
    execFileSync('soffice', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export const hasLibreOffice = found();
if (!hasLibreOffice)
  process.stderr.write('No LibreOffice on this machine: what opens in it is not tested here.\n');

/** The converted file's text. `folder` is where its profile and the outcome go. */
export async function convertedBy(path: string, kind: string, folder: string): Promise<string> {
  const out = mkdtempSync(join(folder, 'office-'));
  execFileSync(
    'soffice',
    [
      `-env:UserInstallation=file://${join(out, 'profile')}`,
      '--headless',
      '--convert-to',
      kind,
      '--outdir',
      out,
      path,
    ],
    { stdio: 'ignore', timeout: 120_000, env: { ...process.env, HOME: out } },
  );
  return readFileSync(join(out, `${basename(path, extname(path))}.${kind}`), 'utf8');
}
