// What isolation costs and holds. Each figure comes from a process of its own, with the bundles as shipped. PARTS=metering,usage
// picks some.
import { measureGallery } from './gallery';
import { measureParked, measureTurnover } from './memory';
import { measureMetering } from './metering';
import { measureNeighbours } from './neighbours';
import { measureUsage } from './usage';
import { measureWorkers } from './workers';

const PARTS: Readonly<Record<string, () => unknown>> = {
  metering: measureMetering,
  neighbours: measureNeighbours,
  gallery: measureGallery,
  parked: measureParked,
  turnover: measureTurnover,
  usage: measureUsage,
  workers: measureWorkers,
};

/** All parts, or those that the environment's PARTS names. */
export async function measureIsolation(): Promise<unknown> {
  const names = process.env.PARTS?.split(',') ?? Object.keys(PARTS);
  const results: Record<string, unknown> = {};
  for (const name of names) results[name] = await PARTS[name]!();
  return results;
}
