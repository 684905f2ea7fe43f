// The C frontend: the phases in their order. Nothing of one compilation is kept for another but the library.
import { ModuleError } from '../../vm/index';
import type { CompileOptions, CompileResult, Frontend } from '../frontend';
import { check } from './checker';
import { IncludeResolver } from './include';
import { CLibrary, type LibraryTexts } from './library';
import { MAX_SOURCE_BYTES } from './limits';
import { link } from './linker';
import { parse } from './parser';
import { preprocess } from './preprocessor';
import { CompilationStopped, Report } from './report';
import { createSourceFile } from './source-file';
import { WarningSettings } from './warnings';

/** A C frontend with the library that `texts` are. */
export function createCFrontend(texts: LibraryTexts): Frontend {
  const library = new CLibrary(texts);
  return {
    name: 'c',
    extensions: ['.c'],
    compile: (source, options) => compile(library, source, options),
  };
}

function compile(library: CLibrary, bytes: Uint8Array, options: CompileOptions): CompileResult {
  const report = new Report(new WarningSettings(options.warnings));
  try {
    const module = compileUnit(library, bytes, options, report);
    if (module !== undefined && !report.hasErrors) return { module, diagnostics: report.diagnostics };
  } catch (error) {
    if (!(error instanceof CompilationStopped)) throw error;
  }
  return { diagnostics: report.diagnostics };
}

function compileUnit(library: CLibrary, bytes: Uint8Array, options: CompileOptions, report: Report) {
  const { fileName, files = {}, maxSourceBytes = MAX_SOURCE_BYTES } = options;
  const source = createSourceFile(fileName, bytes);
  const resolver = new IncludeResolver(library.headers, files);
  const tokens = preprocess(source, { report, resolver, maxSourceBytes });
  const tree = parse(tokens, report);
  if (report.hasErrors) return undefined;
  const unit = check(tree, report);
  if (report.hasErrors) return undefined;
  try {
    return link(unit, library, source, report);
  } catch (error) {
    if (!(error instanceof ModuleError)) throw error;
    return report.fatal('too-large', error.message, tokens[tokens.length - 1]!);
  }
}
