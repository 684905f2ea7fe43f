// Every code that the sm frontend's diagnostics carry (with `sm.` in front), and what it stands for.

/** The codes by name, with their meaning; docs/languages/sm.md lists them. */
export const SM_DIAGNOSTIC_CODES = {
  syntax: 'the line does not follow the grammar',
  character: 'a character that sm does not have',
  text: 'a string or character that is not closed, or an unknown escape sequence',
  number: 'a malformed number',
  range: 'a number that does not fit its place',
  placement: 'a line that stands inside or outside of a function and must not, or a function without an end',
  duplicate: 'a name that is declared a second time',
  reserved: 'a name that means something else already',
  'unknown-instruction': 'no such instruction',
  'unknown-name': 'a name that is not declared',
  'wrong-kind': 'a name of something that cannot stand here, a local where a function belongs for example',
  operand: 'an operand that the instruction does not have',
  underflow: 'an instruction that needs more values than the stack holds',
  type: 'a value of another type than the instruction takes',
  leftover: 'values left on the stack where a function returns',
  join: 'two ways to a label with different stacks',
  'no-return': 'the end of a function is reached without its results',
  entry: 'no function to start with',
  'too-complex': 'a function needs more registers than the machine has',
  limit: 'the source, or what it declares, is larger than a limit',
  unreachable: 'instructions that no way leads to (a warning)',
} as const;

export type SmDiagnosticCode = keyof typeof SM_DIAGNOSTIC_CODES;
