// Running a function's top-level code once, at its deployment, for all of its calls to go on from. It gets no argument, no
// input, no capability and no host function: what it leaves behind must be the same wherever it is deployed.
import { type Limits, MAXIMUM_PREPARED_WORDS, type Program, type Unprepared } from '../../vm/index';
import { type Call, NO_TEXTS, NO_VALUES } from './call';
import { DeployError } from './errors';
import { InputReader } from './input';
import { newAncestry } from './invocations';
import { beginExecution, type Origin } from './local-execution';
import { Outputs } from './output-sinks';
import { formatError } from './result';

const UNPREPARED: Readonly<Record<Unprepared, string>> = {
  function: 'the top-level code must return the function that is to be called',
  size: `what the top-level code leaves behind has more than ${MAXIMUM_PREPARED_WORDS * 4} bytes`,
};

/** Runs it under the limits of a call. Rejects with DeployError `deploy.initialise`. */
export async function runTopLevel(origin: Origin, limits: Limits): Promise<Program> {
  const { engine, parts } = origin;
  const restricted: Origin = { ...origin, parts: { ...parts, capabilities: new Set(), functions: new Map() } };
  let prepared: Program | Unprepared = 'function';
  const take = (program: Program | Unprepared) => {
    prepared = program;
  };
  const result = await engine.track((id) => beginExecution(restricted, id, callOf(limits), take));
  if (result.error !== undefined) throw new DeployError('deploy.initialise', formatError(result.error));
  if (typeof prepared === 'string') throw new DeployError('deploy.initialise', UNPREPARED[prepared]);
  return prepared;
}

/** Nobody waits for more at a deployment: limits of its own end it. What it writes is thrown away. */
function callOf(limits: Limits): Call {
  const nothing = () => undefined;
  return {
    limits,
    policies: {},
    weight: 1,
    input: new InputReader(''),
    outputs: new Outputs({ output: nothing, log: nothing }),
    signal: undefined,
    onSuspended: undefined,
    ancestry: newAncestry(),
    result: undefined,
    values: NO_VALUES,
    texts: NO_TEXTS,
  };
}
