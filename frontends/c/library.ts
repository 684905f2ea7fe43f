// The C library as the linker sees it: translation units that are checked when something of theirs is first used, once
// in the process. What belongs to which header says where to look.
import { check } from './checker';
import { IncludeResolver, SystemHeaders } from './include';
import { MAX_SOURCE_BYTES } from './limits';
import { parse } from './parser';
import { preprocess } from './preprocessor';
import { Report } from './report';
import { createSourceFile } from './source-file';
import type { CheckedUnit, FunctionSymbol, GlobalVariable } from './typed-tree';

/** The library's texts, by name. */
export interface LibraryTexts {
  /** Headers, by the name that #include uses. */
  readonly headers: Readonly<Record<string, string>>;
  /** Translation units by file name. `x.c` defines what `x.h` declares, and may be helped by others. */
  readonly sources: Readonly<Record<string, string>>;
  /**
   * The source that defines a name, as `libraryDefinitions` gives it. Without it sources are compiled until one defines
   * the name: nearly all of them.
   */
  readonly definitions?: ReadonlyMap<string, string>;
}

/** Which source of a library defines which name. Compiles them all. */
export function libraryDefinitions(texts: LibraryTexts): Map<string, string> {
  const library = new CLibrary(texts);
  const definitions = new Map<string, string>();
  for (const source of Object.keys(texts.sources)) {
    for (const name of library.namesIn(source)) {
      if (definitions.has(name)) throw new Error(`the C library defines ${name} twice`);
      definitions.set(name, source);
    }
  }
  return definitions;
}

/** The library of one frontend. */
export class CLibrary {
  readonly headers: SystemHeaders;
  private readonly units = new Map<string, CheckedUnit>();

  constructor(private readonly texts: LibraryTexts) {
    this.headers = new SystemHeaders(texts.headers);
  }

  /** The definition of `name`; `declaredIn` is the file with its declaration. */
  find(name: string, declaredIn: string): FunctionSymbol | GlobalVariable | undefined {
    const known = this.texts.definitions?.get(name);
    for (const source of known === undefined ? this.candidates(declaredIn) : [known]) {
      const unit = this.unit(source);
      const found = unit.functions.get(name) ?? unit.globals.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** What a source defines for others. */
  namesIn(source: string): string[] {
    const { functions, globals } = this.unit(source);
    return [...functions.keys(), ...globals.keys()];
  }

  /** All units, those most likely to define something declared in `header` first. */
  private candidates(header: string): string[] {
    const base = header.replace(/\.h$/, '');
    const isLikely = (source: string) => source === `${base}.c` || source.startsWith(`${base}-`);
    const names = Object.keys(this.texts.sources);
    return [...names.filter(isLikely), ...names.filter((source) => !isLikely(source))];
  }

  private unit(source: string): CheckedUnit {
    let unit = this.units.get(source);
    if (unit === undefined) {
      unit = this.compileUnitOfLibrary(source);
      this.units.set(source, unit);
    }
    return unit;
  }

  private compileUnitOfLibrary(source: string): CheckedUnit {
    const report = new Report();
    const options = {
      report,
      resolver: new IncludeResolver(this.headers, {}),
      maxSourceBytes: MAX_SOURCE_BYTES,
    };
    const file = createSourceFile(source, this.texts.sources[source]!, true);
    const unit = check(parse(preprocess(file, options), report), report);
    const [first] = report.diagnostics;
    if (report.hasErrors) throw new Error(`the C library does not compile: ${JSON.stringify(first)}`);
    return unit;
  }
}
