// The machine's public face: what frontends, libraries and hosts may use.
export * from './builder';
export * from './errors';
export { SHORT_STRING_BYTES } from './layout';
export * from './module';
export * from './numbers/index';
export * from './opcodes';
export * from './opcode-numbers';
export * from './program';
export * from './syscalls';
