// What programs are linked with: the intrinsics of all languages, and the modules of Lua's library. Every thread has them;
// frontends are where text is compiled (languages.ts).
import luaLibrary from '../../.build/library/lua-modules.txt';
import { C_INTRINSICS } from '../../stdlib/c/intrinsics';
import { LUA_INTRINSICS } from '../../stdlib/lua/index';
import type { Intrinsic, Module } from '../../vm/index';
import { textToModules } from './built-text';
import { once } from './once';

/** The intrinsics that library code may name, whatever its language. */
export const INTRINSICS: readonly Intrinsic[] = [...C_INTRINSICS, ...LUA_INTRINSICS];

/** Verified modules that are linked before a Lua function's own. Made once in a thread. */
export const luaLibraryModules: () => readonly Module[] = once(() => textToModules(luaLibrary));
