// The machine, in a worker of its own: whatever a function does, the page stays responsive.
import {
  CAPABILITIES,
  compileSource,
  createHost,
  DEFAULT_LIMITS,
  DeployError,
  disassembleModule,
  type Execution,
  type Host,
} from 'gazelle/browser';
import { OutputRelay } from './output-relay';
import {
  type Answer,
  type Call,
  type Compilation,
  fileNameOf,
  type Question,
  type RunOutcome,
  type SourceProgram,
} from './protocol';

// Not awaited here: a module that awaits may miss what is asked before it goes on.
// All of it has a thread of its own: this one.
const machine = createHost({ startWorker: null });
const running = new Map<number, Execution>();

function answer(message: Answer): void {
  self.postMessage(message);
}

function compile(host: Host, program: SourceProgram, wantsAssembly: boolean): Compilation {
  const { language, source } = program;
  const encoder = new TextEncoder();
  const files = Object.fromEntries(Object.entries(program.files).map(([path, text]) => [path, encoder.encode(text)]));
  try {
    const fileName = fileNameOf(program);
    const { module, diagnostics } = compileSource(host.languages, { language, source, files, fileName });
    return { diagnostics, assembly: wantsAssembly ? disassembleModule(module) : null, failure: null };
  } catch (error) {
    return { ...refusalOf(error), assembly: null };
  }
}

async function run(host: Host, id: number, program: SourceProgram, call: Call): Promise<RunOutcome> {
  const { argument, args, stdin, limits, capabilities } = call;
  const { name, language, source, files } = program;
  const fileName = fileNameOf(program);
  const relay = new OutputRelay((stream, text) => answer({ type: 'output', id, stream, text }));
  try {
    const fn = await host.deploy({ name, language, source, files, fileName, limits, capabilities });
    const output = relay.take;
    const execution = fn.execute(argument, { stdin, output, ...(args !== undefined && { args }) });
    running.set(id, execution);
    const result = await execution;
    const { diagnostics } = fn;
    relay.end();
    return { type: 'ended', result, limits: fn.limits, fileName, diagnostics, omittedBytes: relay.omittedBytes };
  } catch (error) {
    return { type: 'refused', ...refusalOf(error) };
  } finally {
    running.delete(id);
  }
}

/** Diagnostics speak for themselves; everything else is told in words. */
function refusalOf(error: unknown): Pick<Compilation, 'diagnostics' | 'failure'> {
  const diagnostics = error instanceof DeployError ? error.diagnostics : [];
  if (diagnostics.length > 0) return { diagnostics, failure: null };
  return { diagnostics, failure: error instanceof Error ? error.message : String(error) };
}

self.onmessage = async ({ data }: MessageEvent<Question>) => {
  const { id } = data;
  if (data.type === 'cancel') return running.get(id)?.cancel();
  const host = await machine;
  if (data.type === 'run') answer({ type: 'ended', id, outcome: await run(host, id, data.program, data.call) });
  else answer({ type: 'compiled', id, compilation: compile(host, data.program, data.wantsAssembly) });
};

const languages = (await machine).languages.names;
answer({ type: 'ready', machine: { languages, capabilities: CAPABILITIES, limits: DEFAULT_LIMITS } });
