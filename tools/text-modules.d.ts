// Guest sources are bundled as text (see tools/build.mjs).
declare module '*.lua' {
  const text: string;
  export default text;
}
declare module '*.c' {
  const text: string;
  export default text;
}
declare module '*.h' {
  const text: string;
  export default text;
}
declare module '*.sm' {
  const text: string;
  export default text;
}
// Libraries that the build has compiled, as host/core/module-text.ts reads them.
declare module '*.modules' {
  const text: string;
  export default text;
}
