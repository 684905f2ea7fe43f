// What gives a heap its meaning, as a hash: the same in every host and process.
import { encodeInSteps, hexadecimal, moduleHashInSteps } from './codec';
import type { Module } from './module';
import type { Program } from './program';
import { hashInSteps } from './sha256';
import type { Steps } from './steps';
import { encodeUtf8 } from './utf8';

/** A program's identity, as bytes and in hexadecimal. */
export interface ProgramIdentity {
  readonly hash: Uint8Array;
  readonly id: string;
}

const moduleHashes = new WeakMap<Module, string>();
/** By a program's image, which those have too that contexts have extended. */
const identities = new WeakMap<Int32Array, ProgramIdentity>();

/**
 * SHA-256 of the lines of a program's modules' hashes in their order, and that of its image, in which addresses of strings and of
 * the libraries' objects are fixed; the same for what a context has loaded besides. Many steps the first time, then none.
 */
export function* identify(program: Program): Steps<ProgramIdentity> {
  const { image, modules, sharedModuleCount } = program;
  const known = identities.get(image);
  if (known !== undefined) return known;
  const lines: string[] = [];
  for (const module of modules.slice(0, sharedModuleCount)) lines.push(yield* moduleIdentity(module));
  lines.push(yield* moduleHashInSteps(new Uint8Array(image.buffer, image.byteOffset, image.byteLength)));
  const hash = yield* hashInSteps(encodeUtf8(lines.join('\n')));
  const identity = { hash, id: hexadecimal(hash) };
  identities.set(image, identity);
  return identity;
}

/** The hash of a verified module's bytes, which is made once. */
export function* moduleIdentity(module: Module): Steps<string> {
  let hash = moduleHashes.get(module);
  if (hash === undefined) {
    hash = yield* moduleHashInSteps(yield* encodeInSteps(module));
    moduleHashes.set(module, hash);
  }
  return hash;
}
