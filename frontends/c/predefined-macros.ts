// The macros that every translation unit starts with. Sizes and limits of types come from limits.h and its like.
import { numberToken } from './directives';
import { tokenize } from './lexer';
import { createMacro, type Macro } from './macro';
import { createSourceFile } from './source-file';
import { STRING, Token } from './token';
import { StringType } from './token-types';

/** Date and time are fixed: the same source is the same module, whenever it is compiled. */
const DEFINITIONS: Record<string, string> = {
  __STDC__: '1',
  __STDC_VERSION__: '199901L',
  __STDC_HOSTED__: '1',
  __STDC_IEC_559__: '1',
  __STDC_NO_COMPLEX__: '1',
  __STDC_NO_THREADS__: '1',
  __STDC_NO_ATOMICS__: '1',
  __DATE__: '"Jan  1 1970"',
  __TIME__: '"00:00:00"',
  __gazelle__: '1',
  __ILP32__: '1',
  __CHAR_BIT__: '8',
  __SCHAR_MAX__: '127',
  __SHRT_MAX__: '32767',
  __INT_MAX__: '2147483647',
  __LONG_MAX__: '2147483647L',
  __LONG_LONG_MAX__: '9223372036854775807LL',
  __SIZE_TYPE__: 'unsigned long',
  __PTRDIFF_TYPE__: 'long',
  __WCHAR_TYPE__: 'int',
  __INTPTR_TYPE__: 'long',
  __UINTPTR_TYPE__: 'unsigned long',
  __INT64_TYPE__: 'long long',
  __UINT64_TYPE__: 'unsigned long long',
  __SIZEOF_INT__: '4',
  __SIZEOF_LONG__: '4',
  __SIZEOF_LONG_LONG__: '8',
  __SIZEOF_POINTER__: '4',
  __SIZEOF_SIZE_T__: '4',
  __LITTLE_ENDIAN__: '1',
  __ORDER_LITTLE_ENDIAN__: '1234',
  __ORDER_BIG_ENDIAN__: '4321',
  __BYTE_ORDER__: '1234',
};

const fixed: readonly Macro[] = Object.entries(DEFINITIONS).map(([name, text]) => {
  const tokens = tokenize(createSourceFile('<built-in>', text, true), 8);
  return createMacro(name, undefined, false, tokens.slice(0, -1));
});

/** A fresh table of the predefined macros. */
export function predefinedMacros(): Map<string, Macro> {
  const macros = new Map(fixed.map((macro) => [macro.name, { ...macro, isDisabled: false }]));
  let counter = 0;
  addComputed(macros, '__LINE__', (use) => numberToken(String(use.line), use));
  addComputed(macros, '__FILE__', (use) => stringToken(use.file.name, use));
  addComputed(macros, '__COUNTER__', (use) => numberToken(String(counter++), use));
  return macros;
}

function addComputed(macros: Map<string, Macro>, name: string, compute: (use: Token) => Token): void {
  macros.set(name, { ...createMacro(name, undefined, false, []), compute });
}

function stringToken(text: string, place: Token): Token {
  const { file, line, column, spaceBefore } = place;
  const image = `"${text.replace(/["\\]/g, '\\$&')}"`;
  return new Token(STRING, image, StringType, file, line, column, spaceBefore, false, false);
}
