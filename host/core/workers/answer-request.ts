// What the compiling thread makes of a request.
import { type Chunk, encodeModule, verifyModule } from '../../../vm/index';
import { callFrontend, findLanguage } from '../compile';
import { Languages } from '../languages';
import { compileLuaChunk } from '../lua-library';
import type { CompileReply, CompileRequest } from './compiler';

const languages = new Languages([]);

export function answerRequest(request: CompileRequest | Chunk): CompileReply {
  try {
    if ('isBinary' in request) return answerChunk(request);
    const { module, diagnostics } = callFrontend(findLanguage(languages, request.language), request);
    if (module === undefined) return { module: null, diagnostics, failure: null };
    verifyModule(module);
    return { module: encodeModule(module), diagnostics, failure: null };
  } catch (error) {
    return { module: null, diagnostics: [], failure: error instanceof Error ? error.message : String(error) };
  }
}

function answerChunk(chunk: Chunk): CompileReply {
  const result = compileLuaChunk(chunk);
  const answer = { diagnostics: [], failure: null };
  return typeof result === 'string'
    ? { ...answer, module: null, refusal: result }
    : { ...answer, module: encodeModule(result) };
}
