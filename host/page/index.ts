// `gazelle/browser`: the programmatic interface in a page.
export * from '../core/index';
export { createHost } from './host';
export { pageWorkers } from './start-worker';
