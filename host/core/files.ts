// A function's own files: checked at deployment, then read-only.
import type { FileSet } from '../../frontends/frontend';
import { DeployError } from './errors';

/** Files and bytes of a deployment: they are kept in the host's memory. */
const MAXIMUM_FILES = 4096;
const MAXIMUM_FILE_BYTES = 64 * 1024 * 1024;

/** Files by relative path, or a function that finds them when they are asked for. */
export type FileSource = Readonly<Record<string, Uint8Array | string>> | ((path: string) => Uint8Array | undefined);

/** A copy of `files` that cannot change. Text becomes UTF-8. Throws DeployError `deploy.files`. */
export function checkFiles(files: FileSource | undefined): FileSet {
  if (typeof files === 'function') return findWith(files);
  const entries = Object.entries(files ?? {});
  if (entries.length > MAXIMUM_FILES) throw refuse(`more than ${MAXIMUM_FILES} files`);
  let bytes = 0;
  const checked = Object.create(null) as Record<string, Uint8Array>;
  for (const [path, contents] of entries) {
    if (!isSoundPath(path)) throw refuse(`'${path}' is no relative path`);
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

/** A set that asks `find` for each path, once, and for nothing but sound paths. */
function findWith(find: (path: string) => Uint8Array | undefined): FileSet {
  const found = new Map<string, Uint8Array | undefined>();
  const get = (path: string | symbol): Uint8Array | undefined => {
    if (typeof path !== 'string' || !isSoundPath(path)) return undefined;
    if (!found.has(path) && found.size < MAXIMUM_FILES) found.set(path, find(path));
    return found.get(path);
  };
  return new Proxy<Record<string, Uint8Array>>(Object.create(null), {
    get: (_, path) => get(path),
    has: (_, path) => get(path) !== undefined,
    getOwnPropertyDescriptor: (_, path) => {
      const value = get(path);
      return value === undefined ? undefined : { value, enumerable: true, configurable: true, writable: false };
    },
  });
}

/** Relative, `/` between names, none of them empty, `.` or `..`. */
function isSoundPath(path: string): boolean {
  if (path.length > 1024 || path.includes('\0') || path.includes('\\')) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function refuse(detail: string): DeployError {
  return new DeployError('deploy.files', detail);
}
