// The version of the package, as its manifest has it.
import { version } from '../../package.json';

export const VERSION: string = version;
