// The C frontend's public face.
import { C_LIBRARY } from '../../stdlib/c/index';
import { createCFrontend } from './frontend';

export { C_DIAGNOSTIC_CODES } from './diagnostic-codes';
export { createCFrontend } from './frontend';
export type { LibraryTexts } from './library';

/** C with its library. */
export const cFrontend = createCFrontend(C_LIBRARY);
