// Whether one invocation uses the same whenever, wherever and in however many pieces it runs.
import { formatTable } from '../statistics';
import { inProcess } from './fresh-process';

/** A thousand runs of each function: so many in each of these surroundings. */
const RUNS = 125;
const SURROUNDINGS = [0, 1, 2, 3].flatMap((workers) => [500, 20_000].map((slice) => ({ workers, slice })));

const FUNCTIONS: Readonly<Record<string, { language: string; source: string }>> = {
  Lua: {
    language: 'lua',
    source: `local t = {} for i = 1, 400 do t[i] = { i .. "x", i * 0.5 } end
      table.sort(t, function(a, b) return a[1] < b[1] end) print(#t, t[7][1]) return ("x"):rep(2000):gsub("x", "yz")`,
  },
  C: {
    language: 'c',
    source: `#include <stdio.h>
      #include <stdlib.h>
      int main(void) {
        unsigned sum = 0;
        for (unsigned i = 1; i < 200; i++) { char *p = malloc(i * 7); p[i] = i; sum += p[i]; if (i & 1) free(p); }
        printf("%u\\n", sum); return 0; }`,
  },
  sm: {
    language: 'sm',
    source: `func main() -> i32
  local i: i32
  0 =i
again:
  i 1 i32.add =i
  i 20000 i32.lt_s br_if again
  i
end`,
  },
};

/** How many different results, outputs and usages a thousand runs have: one, if counting is exact. */
export function measureUsage(): unknown {
  const rows = Object.entries(FUNCTIONS).map(([name, { language, source }]) => {
    const { usages, instructions } = inProcess<{ usages: number; instructions: number }>(`
      const usages = new Map();
      for (const { workers, slice } of ${JSON.stringify(SURROUNDINGS)}) {
        const host = await createHost({ workers, sliceInstructions: slice });
        if (workers > 0) await host.startWorkers();
        const fn = await host.deploy({ name: 'f', language: '${language}', source: ${JSON.stringify(source)} });
        const results = await Promise.all(Array.from({ length: ${RUNS} }, () => fn.execute()));
        for (const { status, value, stdout, usage } of results) {
          if (status !== 'ok') throw new Error(status);
          const { wallTimeMs, startTimeMs, ...counted } = usage;
          usages.set(JSON.stringify([value, stdout, counted]), counted.instructions);
        }
        await host.close();
      }
      console.log(JSON.stringify({ usages: usages.size, instructions: Math.max(...usages.values()) }));`);
    return { name, runs: RUNS * SURROUNDINGS.length, usages, instructions };
  });
  console.log('\nUsage of the same invocation, workers 0 to 3, slices of 500 and 20,000 instructions\n');
  console.log(
    formatTable(
      ['function', 'runs', 'instructions', 'different usages (bar: 1)'],
      rows.map(({ name, runs, instructions, usages }) => [name, String(runs), String(instructions), String(usages)]),
    ),
  );
  return rows;
}
