// Which highlighting goes with which language.
import { StreamLanguage } from '@codemirror/language';
import { c } from '@codemirror/legacy-modes/mode/clike';
import { lua } from '@codemirror/legacy-modes/mode/lua';
import type { Extension } from '@codemirror/state';
import { smParser } from './sm-mode';

const MODES: Readonly<Record<string, Extension>> = {
  c: StreamLanguage.define(c),
  lua: StreamLanguage.define(lua),
  sm: StreamLanguage.define(smParser),
};

/** What people call the languages. */
const LANGUAGE_NAMES: Readonly<Record<string, string>> = { c: 'C', lua: 'Lua', sm: 'sm (stack language)' };

/** Nothing for a language without colours. */
export function modeFor(language: string): Extension {
  return MODES[language] ?? [];
}

export function titleOf(language: string): string {
  return LANGUAGE_NAMES[language] ?? language;
}
