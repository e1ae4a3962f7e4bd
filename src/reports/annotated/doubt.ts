/** Thrown where a workbook is written in a way that cannot be edited without risk: a fresh workbook is made instead. */
export class Doubt extends Error {
  override readonly name = 'Doubt';
}
