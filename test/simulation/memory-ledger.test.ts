/** The simulation's ledger keeps the contract of all ledgers. */
import { ledgerConformance } from '../conformance/ledger.ts';
import { memoryLedger, memoryStore } from './memory-ledger.ts';

ledgerConformance('the ledger in memory', () => {
  const store = memoryStore();
  return Promise.resolve({
    open: () => Promise.resolve(memoryLedger(store)),
    remove: () => Promise.resolve(),
  });
});
