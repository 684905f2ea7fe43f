// The C library: its texts (headers by the name that #include uses, and sources), which frontends/c compiles, and its
// intrinsics.

import assertSource from './assert.c';
import bitsSource from './bits.c';
import ctypeSource from './ctype.c';
import errnoSource from './errno.c';
import fenvSource from './fenv.c';
import gazelleSource from './gazelle.c';
import gazelleHttpSource from './gazelle-http.c';
import gazelleJsonReadSource from './gazelle-json-read.c';
import gazelleJsonWriteSource from './gazelle-json-write.c';
import allocaHeader from './include/alloca.h';
import assertHeader from './include/assert.h';
import ctypeHeader from './include/ctype.h';
import errnoHeader from './include/errno.h';
import fenvHeader from './include/fenv.h';
import floatHeader from './include/float.h';
import gazelleHeader from './include/gazelle.h';
import gazelleJsonHeader from './include/gazelle_json.h';
import inttypesHeader from './include/inttypes.h';
import iso646Header from './include/iso646.h';
import limitsHeader from './include/limits.h';
import localeHeader from './include/locale.h';
import mathHeader from './include/math.h';
import memoryHeader from './include/memory.h';
import setjmpHeader from './include/setjmp.h';
import signalHeader from './include/signal.h';
import startHeader from './include/start.h';
import stdalignHeader from './include/stdalign.h';
import stdargHeader from './include/stdarg.h';
import stdatomicHeader from './include/stdatomic.h';
import stdboolHeader from './include/stdbool.h';
import stddefHeader from './include/stddef.h';
import stdintHeader from './include/stdint.h';
import stdioHeader from './include/stdio.h';
import stdioFileHeader from './include/stdio-file.h';
import stdlibHeader from './include/stdlib.h';
import stdnoreturnHeader from './include/stdnoreturn.h';
import stringHeader from './include/string.h';
import stringsHeader from './include/strings.h';
import tgmathHeader from './include/tgmath.h';
import timeHeader from './include/time.h';
import ucharHeader from './include/uchar.h';
import wcharHeader from './include/wchar.h';
import wctypeHeader from './include/wctype.h';
import inttypesSource from './inttypes.c';
import localeSource from './locale.c';
import mathSource from './math.c';
import mathMoreSource from './math-more.c';
import setjmpSource from './setjmp.c';
import signalSource from './signal.c';
import startSource from './start.c';
import stdioSource from './stdio.c';
import stdioFilesSource from './stdio-files.c';
import stdioLinesSource from './stdio-lines.c';
import stdioPrintfSource from './stdio-printf.c';
import stdioScanfSource from './stdio-scanf.c';
import stdlibSource from './stdlib.c';
import stdlibMallocSource from './stdlib-malloc.c';
import stdlibSortSource from './stdlib-sort.c';
import stringSource from './string.c';
import stringsSource from './strings.c';
import timeSource from './time.c';
import timeCalendarSource from './time-calendar.c';
import ucharSource from './uchar.c';
import wcharSource from './wchar.c';
import wcharStreamsSource from './wchar-streams.c';

export { C_INTRINSICS } from './intrinsics';

/** What the C frontend needs of the library. */
export const C_LIBRARY = {
  headers: {
    'alloca.h': allocaHeader,
    'assert.h': assertHeader,
    'ctype.h': ctypeHeader,
    'errno.h': errnoHeader,
    'fenv.h': fenvHeader,
    'float.h': floatHeader,
    'gazelle.h': gazelleHeader,
    'gazelle_json.h': gazelleJsonHeader,
    'inttypes.h': inttypesHeader,
    'iso646.h': iso646Header,
    'limits.h': limitsHeader,
    'locale.h': localeHeader,
    'math.h': mathHeader,
    'memory.h': memoryHeader,
    'setjmp.h': setjmpHeader,
    'signal.h': signalHeader,
    'start.h': startHeader,
    'stdalign.h': stdalignHeader,
    'stdarg.h': stdargHeader,
    'stdatomic.h': stdatomicHeader,
    'stdbool.h': stdboolHeader,
    'stddef.h': stddefHeader,
    'stdint.h': stdintHeader,
    'stdio.h': stdioHeader,
    'stdio-file.h': stdioFileHeader,
    'stdlib.h': stdlibHeader,
    'stdnoreturn.h': stdnoreturnHeader,
    'string.h': stringHeader,
    'strings.h': stringsHeader,
    'tgmath.h': tgmathHeader,
    'time.h': timeHeader,
    'uchar.h': ucharHeader,
    'wchar.h': wcharHeader,
    'wctype.h': wctypeHeader,
  },
  sources: {
    'assert.c': assertSource,
    'bits.c': bitsSource,
    'ctype.c': ctypeSource,
    'errno.c': errnoSource,
    'fenv.c': fenvSource,
    'gazelle.c': gazelleSource,
    'gazelle-http.c': gazelleHttpSource,
    'gazelle-json-read.c': gazelleJsonReadSource,
    'gazelle-json-write.c': gazelleJsonWriteSource,
    'inttypes.c': inttypesSource,
    'locale.c': localeSource,
    'math.c': mathSource,
    'math-more.c': mathMoreSource,
    'setjmp.c': setjmpSource,
    'signal.c': signalSource,
    'start.c': startSource,
    'stdio.c': stdioSource,
    'stdio-files.c': stdioFilesSource,
    'stdio-lines.c': stdioLinesSource,
    'stdio-printf.c': stdioPrintfSource,
    'stdio-scanf.c': stdioScanfSource,
    'stdlib.c': stdlibSource,
    'stdlib-malloc.c': stdlibMallocSource,
    'stdlib-sort.c': stdlibSortSource,
    'string.c': stringSource,
    'strings.c': stringsSource,
    'time.c': timeSource,
    'time-calendar.c': timeCalendarSource,
    'uchar.c': ucharSource,
    'wchar.c': wcharSource,
    'wchar-streams.c': wcharStreamsSource,
  },
} as const;
