// The machine's own deterministic numerics: what other folders may use of vm/numbers.
export { cosh, exp, exp2, expm1, sinh, tanh } from './exponential';
export * from './float';
export * from './format-float';
export * from './integer64';
export * from './integer64-conversion';
export * from './integer64-text';
export * from './inverse-trigonometric';
export { log, log1p, log2, log10 } from './logarithm';
export * from './numeral';
export * from './parse-float';
export * from './power';
export * from './scaling';
export * from './trigonometric';
