/** What a person does to a ledger as a whole: prove it, read it out, copy it, move it, and let old contents go. */
export { verifyLedger } from './verify.ts';
export { exportLedger } from './export.ts';
export { backupBeside, backupLedger, refuseExisting } from './backup.ts';
export { moveLedger } from './move.ts';
export { purgeLedger, type PurgeOptions } from './purge.ts';
