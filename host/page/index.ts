// `gazelle/browser`: the programmatic interface in a page.
export * from '../core/index';
export { pageWorkers } from './start-worker';
