// Which names can be given to things.
import { findInstruction } from './instructions';
import { isReservedWord } from './lexer';
import { MAX_NAME_LENGTH } from './limits';
import { quote, type Report } from './report';
import type { Name } from './syntax-tree';

/** The empty element of a table. */
export const NULL_NAME = 'null';

/** Reports a name that cannot be declared: it means something already, or `isTaken`. */
export function checkName(name: Name, isTaken: boolean, report: Report): void {
  const { text } = name;
  if (isReservedWord(text) || findInstruction(text) !== undefined || text === NULL_NAME) {
    report.error('reserved', name, `'${text}' is no name that can be given to something: it has a meaning`);
  } else if (text.includes('.')) {
    report.error('reserved', name, `'${quote(text)}' has a dot, which names must not have`);
  } else if (text.length > MAX_NAME_LENGTH) {
    report.error('limit', name, `a name has at most ${MAX_NAME_LENGTH} characters`);
  } else if (isTaken) {
    report.error('duplicate', name, `'${quote(text)}' is declared already`);
  }
}
