// Finds what #include names: the language's own headers, and the function's files.
import type { FileSet } from '../frontend';
import { tokenize } from './lexer';
import { createSourceFile, type SourceFile } from './source-file';
import type { Token } from './token';

/** A file to read, with its tokens when they are known already. */
export interface IncludedFile {
  readonly file: SourceFile;
  readonly tokens: readonly Token[] | undefined;
}

/** The language's own headers by name, and their tokens, made once in the process. */
export class SystemHeaders {
  private readonly cache = new Map<string, IncludedFile>();

  constructor(private readonly texts: Readonly<Record<string, string>>) {}

  find(name: string): IncludedFile | undefined {
    const known = this.cache.get(name);
    if (known !== undefined) return known;
    if (!Object.hasOwn(this.texts, name)) return undefined;
    const file = createSourceFile(name, this.texts[name]!, true);
    const header = { file, tokens: tokenize(file, Number.POSITIVE_INFINITY) };
    this.cache.set(name, header);
    return header;
  }

  names(): string[] {
    return Object.keys(this.texts);
  }
}

/** Finds included files for one compilation. */
export class IncludeResolver {
  constructor(
    private readonly system: SystemHeaders,
    private readonly files: FileSet,
  ) {}

  /** Looks `name` up as `#include "name"` in the file `from` does, or as `#include <name>`. */
  find(name: string, isQuoted: boolean, from: SourceFile): IncludedFile | undefined {
    if (!isQuoted || from.isSystem) return this.system.find(name) ?? this.own(name);
    const folder = from.name.slice(0, from.name.lastIndexOf('/') + 1);
    return this.own(folder + name) ?? this.own(name) ?? this.system.find(name);
  }

  /** The names that a message may offer. */
  names(): string[] {
    return [...this.system.names(), ...Object.keys(this.files)];
  }

  private own(path: string): IncludedFile | undefined {
    const name = normalised(path);
    if (name === undefined || !Object.hasOwn(this.files, name)) return undefined;
    return { file: createSourceFile(name, this.files[name]!), tokens: undefined };
  }
}

function normalised(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return path.startsWith('/') ? undefined : parts.join('/');
}
