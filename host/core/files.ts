// A function's own files: checked at deployment, then read-only.
import type { FileSet } from '../../frontends/frontend';
import { DeployError } from './errors';

/** Files and bytes of a deployment: they are kept in the host's memory. */
const MAXIMUM_FILES = 4096;
const MAXIMUM_FILE_BYTES = 64 * 1024 * 1024;

/** A copy of `files` that cannot change. Text becomes UTF-8. Throws DeployError `deploy.files`. */
export function checkFiles(files: Readonly<Record<string, Uint8Array | string>> | undefined): FileSet {
  const entries = Object.entries(files ?? {});
  if (entries.length > MAXIMUM_FILES) throw refuse(`more than ${MAXIMUM_FILES} files`);
  let bytes = 0;
  const checked = Object.create(null) as Record<string, Uint8Array>;
  for (const [path, contents] of entries) {
    checkPath(path);
    checked[path] = copyOf(path, contents);
    bytes += checked[path]!.length;
    if (bytes > MAXIMUM_FILE_BYTES) throw refuse(`the files have more than ${MAXIMUM_FILE_BYTES} bytes`);
  }
  return Object.freeze(checked);
}

function copyOf(path: string, contents: unknown): Uint8Array {
  if (typeof contents === 'string') return new TextEncoder().encode(contents);
  if (contents instanceof Uint8Array) return Uint8Array.from(contents);
  throw refuse(`'${path}' is neither bytes (Uint8Array) nor a string`);
}

/** Relative, `/` between names, none of them empty, `.` or `..`. */
function checkPath(path: string): void {
  const isSound = path.length <= 1024 && !path.includes('\0') && !path.includes('\\');
  if (!isSound || path.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    throw refuse(`'${path}' is no relative path`);
  }
}

function refuse(detail: string): DeployError {
  return new DeployError('deploy.files', detail);
}
