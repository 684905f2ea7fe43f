// The machine's public face: what frontends, libraries and hosts may use.
export * from './builder';
export type { Context } from './context';
export * from './errors';
export { NULL_GUARD_BYTES, SHORT_STRING_BYTES, TYPED_REGISTER_WORDS } from './layout';
export * from './module';
export * from './numbers/index';
export * from './opcode-numbers';
export * from './opcodes';
export * from './program';
export { NEXT, TRAP } from './signals';
export * from './syscalls';
