// The programmatic interface for Node: everything of host/core, functions from the file system, and threads.
export * from '../core/index';
export { folderFiles } from './folder-files';
export * from './function-folder';
export { createHost, startWorker } from './start-worker';
