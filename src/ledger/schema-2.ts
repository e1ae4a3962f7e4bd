/** Version 2 of the ledger's schema: when an attempt began by the window's own clock. In `attempts`, `sum` covers it after the columns before it, where there is one. */
export const schema2 = `
ALTER TABLE attempts ADD COLUMN server_at TEXT;
`;
