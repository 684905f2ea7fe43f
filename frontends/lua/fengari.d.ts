// fengari ships no types; parser-fengari.ts declares those that it uses.
declare module 'fengari/src/*' {
  const module: unknown;
  export default module;
}
