// The C library: its texts (headers by the name that #include uses, and sources), which frontends/c compiles, and its
// intrinsics.

import assertSource from './assert.c';
import ctypeSource from './ctype.c';
import errnoSource from './errno.c';
import gazelleSource from './gazelle.c';
import assertHeader from './include/assert.h';
import ctypeHeader from './include/ctype.h';
import errnoHeader from './include/errno.h';
import floatHeader from './include/float.h';
import gazelleHeader from './include/gazelle.h';
import inttypesHeader from './include/inttypes.h';
import limitsHeader from './include/limits.h';
import mathHeader from './include/math.h';
import startHeader from './include/start.h';
import stdargHeader from './include/stdarg.h';
import stdboolHeader from './include/stdbool.h';
import stddefHeader from './include/stddef.h';
import stdintHeader from './include/stdint.h';
import stdioHeader from './include/stdio.h';
import stdioFileHeader from './include/stdio-file.h';
import stdlibHeader from './include/stdlib.h';
import stringHeader from './include/string.h';
import timeHeader from './include/time.h';
import mathSource from './math.c';
import startSource from './start.c';
import stdioSource from './stdio.c';
import stdioPrintfSource from './stdio-printf.c';
import stdlibSource from './stdlib.c';
import stdlibMallocSource from './stdlib-malloc.c';
import stdlibSortSource from './stdlib-sort.c';
import stringSource from './string.c';
import timeSource from './time.c';

export { C_INTRINSICS } from './intrinsics';

/** What the C frontend needs of the library. */
export const C_LIBRARY = {
  headers: {
    'assert.h': assertHeader,
    'ctype.h': ctypeHeader,
    'errno.h': errnoHeader,
    'float.h': floatHeader,
    'gazelle.h': gazelleHeader,
    'inttypes.h': inttypesHeader,
    'limits.h': limitsHeader,
    'math.h': mathHeader,
    'start.h': startHeader,
    'stdarg.h': stdargHeader,
    'stdbool.h': stdboolHeader,
    'stddef.h': stddefHeader,
    'stdint.h': stdintHeader,
    'stdio-file.h': stdioFileHeader,
    'stdio.h': stdioHeader,
    'stdlib.h': stdlibHeader,
    'string.h': stringHeader,
    'time.h': timeHeader,
  },
  sources: {
    'assert.c': assertSource,
    'ctype.c': ctypeSource,
    'errno.c': errnoSource,
    'gazelle.c': gazelleSource,
    'math.c': mathSource,
    'start.c': startSource,
    'stdio-printf.c': stdioPrintfSource,
    'stdio.c': stdioSource,
    'stdlib-malloc.c': stdlibMallocSource,
    'stdlib-sort.c': stdlibSortSource,
    'stdlib.c': stdlibSource,
    'string.c': stringSource,
    'time.c': timeSource,
  },
} as const;
