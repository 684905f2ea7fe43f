/* fenv.h: there is one environment, and it never changes. */
#include <fenv.h>

int feclearexcept(int exceptions) { return 0; }
int fegetexceptflag(fexcept_t *flags, int exceptions) { return *flags = 0; }
int feraiseexcept(int exceptions) { return exceptions != 0; }
int fesetexceptflag(const fexcept_t *flags, int exceptions) { return exceptions != 0; }
int fetestexcept(int exceptions) { return 0; }
int fegetround(void) { return FE_TONEAREST; }
int fesetround(int mode) { return mode != FE_TONEAREST; }
int fegetenv(fenv_t *environment) { return *environment = 0; }
int feholdexcept(fenv_t *environment) { return *environment = 0; }
int fesetenv(const fenv_t *environment) { return 0; }
int feupdateenv(const fenv_t *environment) { return 0; }
