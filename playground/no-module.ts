// What stands in for a module of Node that a package names, but asks for only where there is a process.
export {};
