// What the compiling thread makes of a request.
import { encodeModule, verifyModule } from '../../../vm/index';
import { callFrontend, findLanguage } from '../compile';
import { Languages } from '../languages';
import type { CompileReply, CompileRequest } from './compiler';

const languages = new Languages([]);

export function answerRequest(request: CompileRequest): CompileReply {
  try {
    const { module, diagnostics } = callFrontend(findLanguage(languages, request.language), request);
    if (module === undefined) return { module: null, diagnostics, failure: null };
    verifyModule(module);
    return { module: encodeModule(module), diagnostics, failure: null };
  } catch (error) {
    return { module: null, diagnostics: [], failure: error instanceof Error ? error.message : String(error) };
  }
}
