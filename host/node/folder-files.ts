// A folder's files for a function, found when they are asked for: nothing outside of the folder, and no special files.
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';

/** Larger files are not there. */
const MAXIMUM_FILE_BYTES = 16 * 1024 * 1024;

/** What `files` of a deployment may be: finds the files below `folder` by their path from it. Links do not lead out. */
export function folderFiles(folder: string): (path: string) => Uint8Array | undefined {
  const root = realpathSync(resolve(folder));
  return (path) => {
    try {
      const file = realpathSync(join(root, path));
      if (!file.startsWith(root.endsWith(sep) ? root : root + sep)) return undefined;
      const { size } = statSync(file);
      return size <= MAXIMUM_FILE_BYTES && statSync(file).isFile() ? readFileSync(file) : undefined;
    } catch {
      // Not there, or not ours to read: the same to the guest.
      return undefined;
    }
  };
}
