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
// What the build has computed of the libraries, as host/core/built-text.ts reads it.
declare module '*.txt' {
  const text: string;
  export default text;
}
