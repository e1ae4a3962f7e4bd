/** The sandbox window's limits; those that a client must keep are published at `/v1/limits`. */

export const bounds = {
  declarationsPerRequest: 1000,
  bytesPerRequest: 5 * 1024 * 1024,
  bytesPerDeclaration: 1024 * 1024,
  openBatches: 10,
  /** An open batch that is older no longer counts among the open ones, and can still be filled. */
  openBatchCountsMs: 10 * 60_000,
  keyLifeMs: 14 * 86_400_000,
  /** Of a request with a small JSON body. */
  smallBodyBytes: 64 * 1024,
  headerBytes: 16 * 1024,
  connections: 256,
  waiting: 64,
  waitMs: 30_000,
  eventsPerPage: 1000,
  requestMs: 30_000,
} as const;
