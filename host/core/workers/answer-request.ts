// What the compiling thread makes of a request.
import { encodeModule, verifyModule } from '../../../vm/index';
import { callFrontend, findLanguage } from '../compile';
import { Languages } from '../languages';
import { compileLuaChunk } from '../lua-library';
import type { CompileReply, CompileRequest } from './compiler';

const languages = new Languages([]);

export function answerRequest(request: CompileRequest): CompileReply {
  try {
    if (request.origin !== undefined) return answerChunk(request, request.origin);
    const { module, diagnostics } = callFrontend(findLanguage(languages, request.language), request);
    if (module === undefined) return { module: null, diagnostics, failure: null };
    verifyModule(module);
    return { module: encodeModule(module), diagnostics, failure: null };
  } catch (error) {
    return { module: null, diagnostics: [], failure: error instanceof Error ? error.message : String(error) };
  }
}

function answerChunk({ source, fileName }: CompileRequest, origin: string): CompileReply {
  const result = compileLuaChunk({ source, name: fileName, origin });
  const answer = { diagnostics: [], failure: null };
  return typeof result === 'string'
    ? { ...answer, module: null, refusal: result }
    : { ...answer, module: encodeModule(result) };
}
