// Code for a function in place of its call. Its instructions belong to the line of the call.
import { generateValue } from './generate-expressions';
import { generateStatement } from './generate-statements';
import type { Generation } from './generation';
import { isInlinable } from './inlining';
import { MAX_VARIABLE_REGISTERS } from './limits';
import type { CallNode, FunctionSymbol } from './typed-tree';

/** Registers that must be left for the function's variables. */
const REGISTERS = 24;

/** The definition to be put in place of `node`; undefined where it is to be called. */
export function inlinedFunction(g: Generation, { callee, args }: CallNode): FunctionSymbol | undefined {
  if (callee.kind !== 'function' || g.inlined !== undefined || g.frame.top > MAX_VARIABLE_REGISTERS - REGISTERS) {
    return undefined;
  }
  const definition = g.program.definitionOf(callee.symbol);
  const isFitting = definition.body?.parameters.length === args.length && isInlinable(definition);
  return isFitting ? definition : undefined;
}

function isFloating({ type }: FunctionSymbol): boolean {
  return type.result.kind === 'floating';
}

/** The body of `definition` with the arguments of `node`; the result is in the register given back. */
export function generateInline(
  g: Generation,
  node: CallNode,
  definition: FunctionSymbol,
  want: number | undefined,
): number {
  const { frame, code } = g;
  const { parameters, body } = definition.body!;
  const isVoid = definition.type.result.kind === 'void';
  const register = isVoid && want === undefined ? frame.top : g.destination(want);
  const mark = frame.mark();
  const places = node.args.map((argument) => {
    const place = frame.allocate();
    generateValue(g, argument, place);
    frame.top = place + 1;
    return place;
  });
  parameters.forEach((parameter, index) => {
    frame.place(parameter, { kind: 'register', register: places[index]! });
  });
  frame.firstTemporary = frame.top;
  const end = code.createLabel();
  code.fixedToken = node.token;
  g.inlined = { end, register: isVoid ? undefined : register };
  generateStatement(g, body);
  // A function that ends without a value has returned 0.
  if (code.isReachable && !isVoid) g.constant(isFloating(definition) ? 0 : 0n, definition.type.result, register);
  g.inlined = undefined;
  code.fixedToken = undefined;
  code.token = node.token;
  code.placeForward(end);
  frame.release(mark);
  return register;
}
