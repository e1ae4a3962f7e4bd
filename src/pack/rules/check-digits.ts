/** The check characters of credit codes, organisation codes and container numbers. */

const creditAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
/** By character code; -1 for characters that do not occur. */
const creditValues = Int8Array.from({ length: 128 }, (_, code) =>
  creditAlphabet.indexOf(String.fromCodePoint(code)),
);
const creditWeights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const organisationWeights = [3, 7, 9, 10, 5, 8, 4, 2];

/** The 18th character of a unified social credit code (GB 32100-2015); undefined where its form is wrong. */
export function creditCodeCheck(code: string): string | undefined {
  if (code.length !== 18) return undefined;
  let sum = 0;
  for (let i = 0; i < 17; i++) {
    const value = creditValues[code.charCodeAt(i)] ?? -1;
    if (value < 0) return undefined;
    sum += value * (creditWeights[i] ?? 0);
  }
  return creditAlphabet.charAt((31 - (sum % 31)) % 31);
}

/** The 9th character of an organisation code (GB 11714), letters counting from A = 10; undefined where its form is wrong. */
export function organisationCodeCheck(code: string): string | undefined {
  if (!/^[0-9A-Z]{9}$/u.test(code)) return undefined;
  let sum = 0;
  for (let i = 0; i < 8; i++) sum += Number.parseInt(code.charAt(i), 36) * (organisationWeights[i] ?? 0);
  const check = 11 - (sum % 11);
  return check === 10 ? 'X' : check === 11 ? '0' : String(check);
}

/** The 11th character of a container number (ISO 6346): letters from A = 10 without the multiples of 11. */
export function containerCheck(id: string): string | undefined {
  if (!/^[A-Z]{4}\d{7}$/u.test(id)) return undefined;
  let sum = 0;
  for (let i = 0; i < 10; i++) {
    const base = Number.parseInt(id.charAt(i), 36);
    const value = base < 10 ? base : base + Math.floor((base - 1) / 10);
    sum += value * 2 ** i;
  }
  return String((sum % 11) % 10);
}
