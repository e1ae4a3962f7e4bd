/**
 * Version 3 of the ledger's schema: what became of every row of a run, so that its reports can be made again. `content` is
 * text of the caller's, in stretches, packed by `pack`; `sum` covers run, position and the text.
 */
export const schema3 = `
CREATE TABLE run_results (
  run INTEGER NOT NULL REFERENCES runs (id),
  position INTEGER NOT NULL,
  content ANY NOT NULL,
  sum INTEGER NOT NULL,
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
`;
