/** How often a property is tried: `times` in every run of the tests, and ten times that with MILLE_LONG_TESTS. */
export function runs(times: number): { readonly numRuns: number } {
  return { numRuns: process.env.MILLE_LONG_TESTS === undefined ? times : times * 10 };
}
