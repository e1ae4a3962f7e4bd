/** The tests of one group of mutants, named by the program that makes them. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    setupFiles: ['test/properties.ts'],
    include: (process.env['MUTATION_TESTS'] ?? '').split(' '),
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
