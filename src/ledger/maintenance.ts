/** What a person does to a ledger as a whole: prove it, read it out, copy it, and let old contents go. */
export { verifyLedger, type LedgerFindings } from './verify.ts';
export { exportLedger, type ExportedLedger } from './export.ts';
export { backupLedger } from './backup.ts';
export { purgeLedger, type PurgeOptions, type Purged } from './purge.ts';
