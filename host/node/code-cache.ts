// V8's code cache: bytecode that one thread has compiled, for the others.
import { Script } from 'node:vm';
import type { CodeCache } from '../core/index';

export const nodeCodeCache: CodeCache = {
  compile: (text) => new Script(text).createCachedData(),
  load: (text, compiled) => new Script(text, compiled === null ? {} : { cachedData: compiled }).runInThisContext(),
};
