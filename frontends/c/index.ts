// The C frontend's public face. The library's texts are given to it: they are stdlib's.
export { C_DIAGNOSTIC_CODES } from './diagnostic-codes';
export { createCFrontend } from './frontend';
export { type LibraryTexts, libraryDefinitions } from './library';
