// Lists files below a folder; Node 20 has no fs.globSync.
import { readdirSync } from 'node:fs';

/** Paths of the files below `folder` (with `folder` in front) that match `pattern`, sorted. */
export function globSync(folder, pattern) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .filter((path) => pattern.test(path))
    .sort();
}
