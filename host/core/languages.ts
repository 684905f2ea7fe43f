// The languages that a host knows: a frontend each, what is linked in front of its modules, and how it sees the host
// functions that a deployment grants.
import cDefinitions from '../../.build/library/c-definitions.txt';
import { createCFrontend } from '../../frontends/c/index';
import type { Frontend } from '../../frontends/frontend';
import { luaFrontend } from '../../frontends/lua/index';
import { stackFrontend } from '../../frontends/stack/index';
import { C_LIBRARY } from '../../stdlib/c/index';
import { type Module, verifyModule } from '../../vm/index';
import { textToDefinitions } from './built-text';
import { luaLibraryModules } from './libraries';
import { compileLuaLibraryFile } from './lua-library';
import { once } from './once';

/** A language as the host uses it. */
export interface Language {
  readonly frontend: Frontend;
  /** Verified modules that are linked before a function's own. */
  library(): readonly Module[];
  /** A module that makes host functions known by their names; null where the language calls them by a syscall. */
  bindings(names: readonly string[]): Module | null;
}

/** The languages by name. Each host has its own set; libraries are made ready once in a process. */
export class Languages {
  private readonly byName = new Map<string, Language>();

  constructor(frontends: readonly Frontend[]) {
    for (const language of BUILT_IN) this.byName.set(language.frontend.name, language);
    for (const frontend of frontends) this.add(frontend);
  }

  /** Adds a third party's frontend; one of the same name is replaced. Throws TypeError when it is none. */
  private add(frontend: Frontend): void {
    const { name, extensions, compile } = frontend ?? {};
    if (typeof name !== 'string' || name === '' || !Array.isArray(extensions) || typeof compile !== 'function') {
      throw new TypeError('a frontend needs a name, extensions and compile(source, options)');
    }
    this.byName.set(name, {
      frontend,
      library: once(() => verified(frontend.library?.() ?? [])),
      bindings: () => null,
    });
  }

  get names(): string[] {
    return [...this.byName.keys()];
  }

  find(name: string): Language | undefined {
    return this.byName.get(name);
  }

  /** Whether it is one of those that every thread has. */
  isBuiltIn(name: string): boolean {
    return BUILT_IN.includes(this.byName.get(name)!);
  }

  /** The name of the language whose files end like this one. */
  nameForFile(path: string): string | undefined {
    return this.names.find((name) =>
      this.byName.get(name)!.frontend.extensions.some((extension) => path.endsWith(extension)),
    );
  }
}

const cFrontend = createCFrontend({ ...C_LIBRARY, definitions: textToDefinitions(cDefinitions) });

/** The built-in languages: those that every thread can compile. */
const BUILT_IN: readonly Language[] = [
  { frontend: stackFrontend, library: () => [], bindings: () => null },
  { frontend: cFrontend, library: () => [], bindings: () => null },
  { frontend: luaFrontend, library: luaLibraryModules, bindings: luaBindings },
];

const LUA_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const LUA_KEYWORDS = new Set(
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
);

/** Each host function is a global function; one whose name is no Lua name is _G['that name']. */
function luaBindings(names: readonly string[]): Module | null {
  if (names.length === 0) return null;
  const lines = names.map((name) => {
    const target = LUA_NAME.test(name) && !LUA_KEYWORDS.has(name) ? name : `_ENV[${JSON.stringify(name)}]`;
    return `${target} = function(...) return __syscall.host_call(${JSON.stringify(name)}, {...}) end`;
  });
  return compileLuaLibraryFile('host functions', lines.join('\n'));
}

function verified(modules: readonly Module[]): readonly Module[] {
  for (const module of modules) verifyModule(module);
  return modules;
}
