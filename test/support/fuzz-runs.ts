// How many runs the fuzz tests make: GAZELLE_FUZZ_RUNS (`npm run fuzz -- --runs N`), or what a test run has time for.

export function fuzzRuns(usual: number): number {
  const asked = Number(process.env.GAZELLE_FUZZ_RUNS ?? usual);
  if (!Number.isSafeInteger(asked) || asked < 1000) throw new RangeError('GAZELLE_FUZZ_RUNS: a number from 1000 on');
  return asked;
}
