// A good loop's speed beside the attack gallery.
import { formatPercent } from '../statistics';
import { DIST, inProcess } from './fresh-process';

/** A good loop alone, and beside the attack gallery: instructions a second of the time that it was given. */
export function measureGallery(): unknown {
  const { alone, beside } = inProcess<{ alone: number; beside: number }>(`
    import { readdirSync, readFileSync } from 'node:fs';
    import { GuestExecution } from ${JSON.stringify(`${DIST}/vm.js`)};
    const host = await createHost({ workers: 0 });
    const limits = { instructions: Infinity, wallTimeMs: Infinity };
    const good = await host.tenant('good').deploy({ name: 'good', language: 'lua', limits,
      source: 'local t = {} for i = 1, 100 do t[i] = i end local s = 0 while true do for i = 1, 100 do s = s + t[i] end end' });
    let time = 0, mine = null;
    const run = GuestExecution.prototype.run;
    GuestExecution.prototype.run = function (slice, now, elsewhere) {
      if (this.share !== mine) return run.call(this, slice, now, elsewhere);
      const start = performance.now();
      const state = run.call(this, slice, now, elsewhere);
      time += performance.now() - start;
      return state;
    };
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    mine = good.origin.share;
    const speed = async (ms) => {
      const execution = good.execute();
      await pause(500);
      const [before, timeBefore] = [good.usage.instructions, time];
      await pause(ms);
      const figure = (good.usage.instructions - before) / (time - timeBefore) * 1000;
      execution.cancel();
      await execution;
      if (!(figure > 0)) throw new Error('the good loop was not measured');
      return figure;
    };
    const alone = [], beside = [];
    const hostile = host.tenant('hostile');
    const attacks = [];
    for (const file of readdirSync('test/attacks').filter((name) => /\\.(c|lua|sm)$/.test(name))) {
      attacks.push(await hostile.deploy({ name: file, language: file.split('.').pop(), source: readFileSync('test/attacks/' + file, 'utf8'),
        limits: { instructions: 20_000_000, memoryBytes: 16 << 20 } }));
    }
    for (let round = 0; round < 3; round++) {
      alone.push(await speed(2000));
      let isOver = false;
      const waves = (async () => { while (!isOver) await Promise.all(attacks.map((fn) => fn.execute())); })();
      beside.push(await speed(4000));
      isOver = true;
      await waves;
    }
    await host.close();
    const middle = (list) => list.sort((a, b) => a - b)[1];
    console.log(JSON.stringify({ alone: middle(alone), beside: middle(beside) }));`);
  console.log('\nA good function beside the attack gallery, corrected for its share (bar: 90 %)\n');
  console.log(
    `${(alone / 1e6).toFixed(0)} million instructions a second alone, ${(beside / 1e6).toFixed(0)} beside: ${formatPercent(beside / alone)}`,
  );
  return { alone, beside, ratio: beside / alone };
}
