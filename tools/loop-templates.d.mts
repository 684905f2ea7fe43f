import type { Plugin } from 'esbuild';

export function writeLoopTemplates(): Promise<void>;
export function loopTemplates(plugins?: readonly Plugin[]): Promise<string>;
