/** Preloaded into a measured process: leaves its CPU time and peak memory in the file that `BENCH_USAGE` names. */
import { writeFileSync } from 'node:fs';

const file = process.env['BENCH_USAGE'];
if (file !== undefined) {
  process.on('exit', (code) => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    // CPU times in microseconds, memory in KiB.
    writeFileSync(file, JSON.stringify({ code, userCPUTime, systemCPUTime, maxRSS }));
  });
}
