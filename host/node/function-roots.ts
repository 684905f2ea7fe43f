// What a folder that is to be deployed may be: one function's, or one with functions' folders in it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type FunctionFolder, MANIFEST_FILE, readFunctionFolder, readFunctionFolders } from './function-folder';
import { UsageError } from './source-file';

/** Its functions; `isOne` when it is a function's own. Throws FunctionFolderError, and UsageError when there are none. */
export function readFunctionRoot(root: string): { isOne: boolean; folders: FunctionFolder[] } {
  const isOne = existsSync(join(root, MANIFEST_FILE));
  const folders = isOne ? [readFunctionFolder(root)] : readFunctionFolders(root);
  if (folders.length === 0) throw new UsageError(`there is no ${MANIFEST_FILE} in '${root}' or the folders in it`);
  return { isOne, folders };
}
