// Lua's library: guest sources in the order in which they are run, and the intrinsics that they name. They are compiled
// as library code by the host; nothing here knows the frontend.
import type { Intrinsic } from '../../vm/index';
import basic from './basic.lua';
import coroutine from './coroutine.lua';
import debug from './debug.lua';
import gazelle from './gazelle.lua';
import gazelleJson from './gazelle-json.lua';
import { BASIC_INTRINSICS } from './intrinsics/basic';
import { CHUNK_INTRINSICS } from './intrinsics/chunks';
import { COLLECTOR_INTRINSICS } from './intrinsics/collector';
import { COROUTINE_INTRINSICS } from './intrinsics/coroutines';
import { DATE_INTRINSICS } from './intrinsics/dates';
import { DEBUG_FRAME_INTRINSICS } from './intrinsics/debug-frames';
import { DEBUG_INTRINSICS } from './intrinsics/debugging';
import { DUMPING_INTRINSICS } from './intrinsics/dumping';
import { FILE_INTRINSICS } from './intrinsics/files';
import { FORMAT_INTRINSICS } from './intrinsics/format';
import { LIBRARY_INTRINSICS } from './intrinsics/library-parts';
import { LOADING_INTRINSICS } from './intrinsics/loading';
import { MATH_INTRINSICS } from './intrinsics/mathematics';
import { PACKING_INTRINSICS } from './intrinsics/packing';
import { PATTERN_INTRINSICS } from './intrinsics/patterns';
import { RANDOM_INTRINSICS } from './intrinsics/random';
import { STREAM_INTRINSICS } from './intrinsics/streams';
import { STRING_INTRINSICS } from './intrinsics/strings';
import { SUBSTITUTION_INTRINSICS } from './intrinsics/substitution';
import { TABLE_INTRINSICS } from './intrinsics/tables';
import { UTF8_INTRINSICS } from './intrinsics/utf8';
import { VARARG_INTRINSICS } from './intrinsics/varargs';
import io from './io.lua';
import math from './math.lua';
import os from './os.lua';
import packageSource from './package.lua';
import string from './string.lua';
import table from './table.lua';
import utf8 from './utf8.lua';

export { readDump } from './intrinsics/dumping';

/** The library's sources by their names in traces, in the order of their initialisation. */
export const LUA_LIBRARY_SOURCES: readonly { readonly name: string; readonly source: string }[] = [
  { name: 'basic.lua', source: basic },
  { name: 'coroutine.lua', source: coroutine },
  { name: 'string.lua', source: string },
  { name: 'utf8.lua', source: utf8 },
  { name: 'table.lua', source: table },
  { name: 'math.lua', source: math },
  { name: 'io.lua', source: io },
  { name: 'debug.lua', source: debug },
  { name: 'os.lua', source: os },
  // It lists what the others have made.
  { name: 'package.lua', source: packageSource },
  // Behind it: modules that are made when they are required.
  { name: 'gazelle.lua', source: gazelle },
  { name: 'gazelle-json.lua', source: gazelleJson },
];

/** All intrinsics of Lua's library. */
export const LUA_INTRINSICS: readonly Intrinsic[] = [
  ...BASIC_INTRINSICS,
  ...LIBRARY_INTRINSICS,
  ...COLLECTOR_INTRINSICS,
  ...COROUTINE_INTRINSICS,
  ...DEBUG_INTRINSICS,
  ...DEBUG_FRAME_INTRINSICS,
  ...VARARG_INTRINSICS,
  ...STRING_INTRINSICS,
  ...PATTERN_INTRINSICS,
  ...SUBSTITUTION_INTRINSICS,
  ...FORMAT_INTRINSICS,
  ...PACKING_INTRINSICS,
  ...UTF8_INTRINSICS,
  ...TABLE_INTRINSICS,
  ...MATH_INTRINSICS,
  ...RANDOM_INTRINSICS,
  ...DATE_INTRINSICS,
  ...STREAM_INTRINSICS,
  ...FILE_INTRINSICS,
  ...CHUNK_INTRINSICS,
  ...LOADING_INTRINSICS,
  ...DUMPING_INTRINSICS,
];
