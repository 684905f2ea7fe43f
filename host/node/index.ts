// The programmatic interface for Node: everything of host/core, and functions from the file system.
export * from '../core/index';
export { folderFiles } from './folder-files';
export * from './function-folder';
// In place of host/core's.
export { createHost } from './host';
export { createNodeClient, type NodeClientOptions, type Resolver } from './http/client';
export { startWorker } from './start-worker';
