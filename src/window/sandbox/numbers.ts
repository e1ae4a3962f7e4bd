/** The numbers and dates that the sandbox window gives. */
import { createHash } from 'node:crypto';

const beijingMs = 8 * 3_600_000;

/** ISO 8601 with the window's offset, +08:00. */
export function beijingTime(ms: number): string {
  return new Date(ms + beijingMs).toISOString().replace('Z', '+08:00');
}

/** The window's own number (统一编号): `I` or `E`, year, 13 digits; and the customs number (海关编号): office, year, 1 for import or 0 for export, 9 digits (rule R001). Made from reference and content, so that a run can be repeated; `isTaken` tells numbers already given. */
export function numbersFor(declaration: {
  readonly ref: string;
  readonly digest: string;
  readonly office: string;
  readonly isImport: boolean;
  readonly receivedMs: number;
  readonly isTaken: (column: 'window_number' | 'entry_id', number: string) => boolean;
}): { readonly windowNumber: string; readonly entryId: string } {
  const { ref, digest, office, isImport, receivedMs, isTaken } = declaration;
  const seed = createHash('sha256').update(`${digest}\n${ref}`).digest();
  const year = beijingTime(receivedMs).slice(0, 4);
  const free = (column: 'window_number' | 'entry_id', head: string, digits: number, start: number) => {
    const modulus = 10 ** digits;
    for (let serial = start % modulus; ; serial = (serial + 1) % modulus) {
      const number = `${head}${String(serial).padStart(digits, '0')}`;
      if (!isTaken(column, number)) return number;
    }
  };
  return {
    windowNumber: free('window_number', `${isImport ? 'I' : 'E'}${year}`, 13, seed.readUIntBE(0, 6)),
    entryId: free('entry_id', `${office}${year}${isImport ? '1' : '0'}`, 9, seed.readUIntBE(6, 4)),
  };
}
