// The machine's own deterministic numerics: what other folders may use of vm/numbers.
export * from './float';
export * from './integer64';
export * from './integer64-conversion';
export * from './integer64-text';
