/**
 * Version 4 of the ledger's schema: which declarations belong to one shipment. `shipment` is a digest of the numbers that a
 * shipment is known by (direction, bill of lading, contract): the numbers themselves stay in the bodies.
 */
export const schema4 = `
CREATE TABLE shipments (
  shipment TEXT NOT NULL,
  declaration INTEGER NOT NULL REFERENCES declarations (id),
  PRIMARY KEY (shipment, declaration)
) STRICT, WITHOUT ROWID;
`;
