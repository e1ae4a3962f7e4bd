/** The reference of `check-csv`: csv-parse alone splits a file into arrays, and every field's length is read. */
import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('node bench/split-csv.ts FILE.csv');
  process.exitCode = 2;
} else {
  let rows = 0;
  let characters = 0;
  const parser = parse({ bom: true });
  parser.on('data', (row: readonly string[]) => {
    rows += 1;
    for (const field of row) characters += field.length;
  });
  parser.on('end', () => console.log(JSON.stringify({ rows, characters })));
  createReadStream(file, { highWaterMark: 256 * 1024 }).pipe(parser);
}
