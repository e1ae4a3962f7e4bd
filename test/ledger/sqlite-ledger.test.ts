/** The embedded ledger keeps the contract of all ledgers. */
import { ledgerConformance } from '../conformance/ledger.ts';
import { freshPlace } from './places.ts';

ledgerConformance('the SQLite file', freshPlace);
