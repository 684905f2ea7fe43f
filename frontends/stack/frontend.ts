// The sm frontend: source → lines → program → operations → checked operations → module, or diagnostics.
import { type Module, ModuleError } from '../../vm/index';
import type { CompileOptions, CompileResult, Frontend } from '../frontend';
import { checkBody } from './checker';
import { MAX_SOURCE_BYTES } from './limits';
import { type CheckedFunction, makeModule } from './module-maker';
import { parse } from './parser';
import { Program } from './program';
import { CompilationStopped, Report } from './report';
import { resolveBody } from './resolver';

const START = { line: 1, column: 1, length: 1 };

/** sm, a typed stack assembly: docs/languages/sm.md. */
export const stackFrontend: Frontend = {
  name: 'sm',
  extensions: ['.sm'],
  compile(source: Uint8Array, options: CompileOptions): CompileResult {
    const report = new Report(options.fileName);
    const module = attempt(source, options, report);
    const { diagnostics } = report;
    return module === null ? { diagnostics } : { module, diagnostics };
  },
};

/** The module; null, with errors in the report, when there is none. */
function attempt(source: Uint8Array, options: CompileOptions, report: Report): Module | null {
  try {
    return compile(source, options, report);
  } catch (error) {
    if (error instanceof ModuleError) report.error('limit', START, `the program is too large: ${error.message}`);
    else if (!(error instanceof CompilationStopped)) throw error;
    return null;
  }
}

function compile(source: Uint8Array, options: CompileOptions, report: Report): Module | null {
  const limit = Math.min(options.maxSourceBytes ?? MAX_SOURCE_BYTES, MAX_SOURCE_BYTES);
  if (source.length > limit) {
    report.fatal('limit', START, `the source has ${source.length} bytes; at most ${limit} are compiled`);
  }
  const program = new Program(parse(source, report), report);
  const functions = program.functions.map((fn) => checkFunction(fn, program, report));
  return report.hasErrors ? null : makeModule(program, functions as CheckedFunction[], options.fileName);
}

/** A function whose names are all known is followed; null for others. */
function checkFunction(source: Program['functions'][number], program: Program, report: Report): CheckedFunction | null {
  const body = resolveBody(source, program, report);
  return body.isComplete ? { source, body, checked: checkBody(source, body, report) } : null;
}
