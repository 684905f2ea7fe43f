// Reads a function's folder, as in functions/: manifest.json, the entry file, and further files that it may include.
// Checks the manifest's shape and reports what is wrong where. Which languages, capabilities and limits there are is
// for the host to judge when the function is deployed; the folder only carries them.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { HttpRule } from '../core/index';

export const MANIFEST_FILE = 'manifest.json';

/** A JSON value, as arguments and results are. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** One call with what must come of it; what is left out is not expected to be anything in particular. */
export interface FunctionSample {
  readonly argument?: Json;
  readonly args?: readonly string[];
  readonly stdin?: string;
  readonly value?: Json;
  readonly stdout?: string;
  readonly exitCode?: number;
  /** A part of the message of the error that the call must end with. */
  readonly error?: string;
}

/** At most: instructions, bytes of heap, milliseconds from start to end. */
export interface FunctionLimits {
  readonly instructions?: number;
  readonly memoryBytes?: number;
  readonly wallTimeMs?: number;
}

/** What stands in for the service that a function asks, in tests and the demo. */
export interface SampleService {
  /** As the function's samples and rules have it: `http://customers.example`. */
  readonly origin: string;
  /** JSON by path. */
  readonly answers: { readonly [path: string]: Json };
}

/** A function as its folder describes it; `options` is what `host.deploy` takes. */
export interface FunctionFolder {
  readonly folder: string;
  /** The source file's path from the folder. */
  readonly entry: string;
  readonly description: string;
  readonly samples: readonly FunctionSample[];
  readonly service?: SampleService;
  readonly options: {
    readonly name: string;
    readonly language: string;
    readonly source: string;
    readonly files: Record<string, Uint8Array>;
    readonly limits: FunctionLimits;
    readonly capabilities: string[];
    readonly http?: { readonly allow: HttpRule[] };
    readonly invoke?: string[];
    readonly initialise?: boolean;
  };
}

/** Why a folder is no function: `unreadable` (a file cannot be read), `not-json`, or `invalid` (a field is wrong). */
export type FunctionFolderErrorCode = 'unreadable' | 'not-json' | 'invalid';

/** A folder that cannot be deployed. `file` is the path, `field` the place in the manifest, as `samples[0].args`. */
export class FunctionFolderError extends Error {
  override readonly name = 'FunctionFolderError';
  constructor(
    readonly code: FunctionFolderErrorCode,
    readonly file: string,
    readonly field: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`${file}: ${field === '' ? '' : `${field}: `}${reason}`, options);
  }
}

/** Reads the function in `folder`. Throws FunctionFolderError. */
export function readFunctionFolder(folder: string): FunctionFolder {
  const manifestFile = join(folder, MANIFEST_FILE);
  const manifest = new Fields(manifestFile, '', parseJson(manifestFile, readText(manifestFile)), MANIFEST_FIELDS);
  const entry = manifest.text('entry', ENTRY_PATTERN);
  const files = readFiles(folder);
  if (!Object.hasOwn(files, entry)) throw manifest.error('entry', `there is no file '${entry}' in the folder`);
  const { [entry]: source, [MANIFEST_FILE]: _, ...others } = files;
  return {
    folder,
    entry,
    description: manifest.text('description'),
    samples: manifest.list('samples', readSample),
    ...(manifest.has('service') && { service: readService(manifest) }),
    options: {
      name: manifest.text('name', NAME_PATTERN),
      language: manifest.text('language'),
      source: new TextDecoder().decode(source),
      files: others,
      limits: readLimits(manifest),
      capabilities: manifest.list('capabilities', (value, place) => asText(manifestFile, place, value)),
      ...(manifest.has('http') && { http: { allow: manifest.object('http', ['allow']).list('allow', readRule) } }),
      ...(manifest.has('invoke') && {
        invoke: manifest.list('invoke', (value, place) => asText(manifestFile, place, value)),
      }),
      ...(manifest.has('initialise') && { initialise: manifest.boolean('initialise') }),
    },
  };
}

/** Reads every folder in `root` that has a manifest, in the order of their names. Throws FunctionFolderError. */
export function readFunctionFolders(root: string): FunctionFolder[] {
  return attempt(root, () => readdirSync(root, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => readFunctionFolder(join(root, name)));
}

/**
 * What a caller takes from a finished call: the text that the function printed, without the newline at its end, or else
 * its value as JSON (a string as itself). So the same function can be compared across languages.
 */
export function answerOf(result: { readonly stdout: string; readonly value?: unknown }): string {
  if (result.stdout !== '') return result.stdout.replace(/\n$/, '');
  return typeof result.value === 'string' ? result.value : (JSON.stringify(result.value) ?? '');
}

const MANIFEST_FIELDS = [
  'name',
  'description',
  'language',
  'entry',
  'limits',
  'capabilities',
  'samples',
  'http',
  'invoke',
  'initialise',
  'service',
];
const LIMIT_FIELDS = ['instructions', 'memoryBytes', 'wallTimeMs'];
const EXPECTATIONS = ['value', 'stdout', 'exitCode', 'error'];
const SAMPLE_FIELDS = ['argument', 'args', 'stdin', ...EXPECTATIONS];
const NAME_PATTERN = /^[A-Za-z0-9._-]{1,128}$/;
/** A file of the folder itself: nothing that leads out of it. */
const ENTRY_PATTERN = /^(?!\.)[A-Za-z0-9._-]+$/;

/** The fields of one JSON object of the manifest, checked as they are asked for. */
class Fields {
  private readonly values: Record<string, unknown>;

  constructor(
    private readonly file: string,
    private readonly place: string,
    value: unknown,
    known: readonly string[],
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.error('', 'must be an object');
    this.values = value as Record<string, unknown>;
    const unknown = Object.keys(value).find((name) => !known.includes(name));
    if (unknown !== undefined) throw this.error(unknown, `is no field here; known are ${known.join(', ')}`);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.values, name);
  }

  value(name: string): unknown {
    if (!this.has(name)) throw this.error(name, 'is missing');
    return this.values[name];
  }

  text(name: string, pattern = /./s): string {
    return asText(this.file, this.path(name), this.value(name), pattern);
  }

  integer(name: string, least: number): number {
    const value = this.value(name);
    if (!Number.isSafeInteger(value) || (value as number) < least)
      throw this.error(name, `must be a whole number from ${least} on`);
    return value as number;
  }

  boolean(name: string): boolean {
    const value = this.value(name);
    if (typeof value !== 'boolean') throw this.error(name, 'must be true or false');
    return value;
  }

  list<T>(name: string, read: (value: unknown, place: string, file: string) => T): T[] {
    const value = this.value(name);
    if (!Array.isArray(value)) throw this.error(name, 'must be a list');
    return value.map((element, i) => read(element, `${this.path(name)}[${i}]`, this.file));
  }

  object(name: string, known: readonly string[]): Fields {
    return new Fields(this.file, this.path(name), this.value(name), known);
  }

  error(name: string, reason: string): FunctionFolderError {
    return new FunctionFolderError('invalid', this.file, this.path(name), reason);
  }

  private path(name: string): string {
    return [this.place, name].filter((part) => part !== '').join('.');
  }
}

function readLimits(manifest: Fields): FunctionLimits {
  const fields = manifest.object('limits', LIMIT_FIELDS);
  return Object.fromEntries(
    LIMIT_FIELDS.filter((name) => fields.has(name)).map((name) => [name, fields.integer(name, 1)]),
  );
}

function readRule(value: unknown, place: string, file: string): HttpRule {
  const fields = new Fields(file, place, value, ['host', 'port', 'methods']);
  return {
    host: fields.text('host'),
    ...(fields.has('port') && { port: fields.integer('port', 1) }),
    ...(fields.has('methods') && { methods: fields.list('methods', (method, at) => asText(file, at, method)) }),
  };
}

function readService(manifest: Fields): SampleService {
  const fields = manifest.object('service', ['origin', 'answers']);
  return { origin: fields.text('origin'), answers: fields.value('answers') as SampleService['answers'] };
}

function readSample(value: unknown, place: string, file: string): FunctionSample {
  const fields = new Fields(file, place, value, SAMPLE_FIELDS);
  if (!EXPECTATIONS.some((name) => fields.has(name)))
    throw fields.error('', `expects nothing; it needs one of ${EXPECTATIONS.join(', ')}`);
  return {
    ...(fields.has('argument') && { argument: fields.value('argument') as Json }),
    ...(fields.has('args') && {
      args: fields.list('args', (element, at) => asText(file, at, element, ANY_TEXT)),
    }),
    ...(fields.has('stdin') && { stdin: fields.text('stdin', ANY_TEXT) }),
    ...(fields.has('value') && { value: fields.value('value') as Json }),
    ...(fields.has('stdout') && { stdout: fields.text('stdout', ANY_TEXT) }),
    ...(fields.has('exitCode') && { exitCode: fields.integer('exitCode', -(2 ** 31)) }),
    ...(fields.has('error') && { error: fields.text('error') }),
  };
}

const ANY_TEXT = /^/;

function asText(file: string, place: string, value: unknown, pattern = /./s): string {
  if (typeof value !== 'string') throw new FunctionFolderError('invalid', file, place, 'must be a string');
  if (!pattern.test(value))
    throw new FunctionFolderError('invalid', file, place, value === '' ? 'must not be empty' : `must match ${pattern}`);
  return value;
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FunctionFolderError('not-json', file, '', `is not JSON: ${(cause as Error).message}`, { cause });
  }
}

function readText(file: string): string {
  return attempt(file, () => readFileSync(file, 'utf8'));
}

/** The folder's files by their path from it, with `/` between names. */
function readFiles(folder: string): Record<string, Uint8Array> {
  return Object.fromEntries(
    listFiles(folder).map((path) => [path, attempt(join(folder, path), () => readFileSync(join(folder, path)))]),
  );
}

/** Regular files only: a symbolic link could lead out of the folder. */
function listFiles(folder: string): string[] {
  return attempt(folder, () => readdirSync(folder, { withFileTypes: true, recursive: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

function attempt<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new FunctionFolderError('unreadable', file, '', (cause as Error).message, { cause });
  }
}
