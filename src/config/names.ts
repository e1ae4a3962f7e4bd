/** How a setting is typed, as a flag and as a variable. */

/** `inputFormat` → `--input-format`. */
export function flagName(setting: string): string {
  return `--${setting.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `inputFormat` → `DECLARANT_INPUT_FORMAT`. */
export function variableName(setting: string): string {
  return `DECLARANT_${setting.replace(/[A-Z]/gu, (letter) => `_${letter}`).toUpperCase()}`;
}
