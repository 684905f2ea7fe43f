// The grammar of one line of sm, for ohm. It matches the kinds of the line's tokens (lexer.ts), one character each: that
// is twenty times faster than matching the characters of the source. Lines do not nest, so each is matched alone: an
// error costs one line, and no input makes the parser recurse. What names mean is not the grammar's business.
import { type Grammar, grammar } from 'ohm-js';

let made: Grammar | undefined;

/** The grammar; it matches `line`. Making it takes longer than all else when a host starts, so it waits for a use. */
export function smGrammar(): Grammar {
  made ??= grammar(TEXT);
  return made;
}

// What each terminal stands for is in lexer.ts; here the text in parentheses says it for messages.
const TEXT = String.raw`
  Sm {
    line = declaration | code

    declaration
      = "F" name "(" listOf<variable, ","> ")" results?  -- function
      | "L" nonemptyListOf<variable, ",">                -- local
      | "E"                                              -- end
      | "N" name                                         -- entry
      | "C" name "=" value                               -- constant
      | "D" name alignment? "=" items                    -- data
      | "D" "=" items                                    -- more
      | "R" name value alignment?                        -- reserve
      | "M" stack value                                  -- memory
      | "T" nonemptyListOf<name, ",">                    -- table
    variable = name ":" type
    results = arrow nonemptyListOf<type, ",">
    signature = "(" listOf<type, ","> ")" results?
    alignment = align value
    items = nonemptyListOf<item, ",">
    item
      = string                                           -- string
      | zero value                                       -- zero
      | elementType value+                               -- numbers

    code = instruction*
    instruction
      = name ~":" ("o" value)*                           -- plain
      | (constant | sum)                                 -- constant
      | "n" name                                         -- name
      | "=" name                                         -- set
      | "v" value                                        -- value
      | name ":"                                         -- label
      | "b" nonemptyListOf<name, ",">                    -- table
      | "c" signature                                    -- indirect

    value
      = constant                                         -- constant
      | name                                             -- name
      | sum                                              -- sum
    sum = "(" sign? operand term* ")"
    term = sign operand
    operand = constant | name
    constant (a constant) = "0" | "'" | "&"
    sign (a sign) = "+" | "-"

    name (a name) = "w"
    type (a type) = "t"
    elementType (an element type) = "t" | "e"
    string (a string) = "\""
    arrow (an arrow) = ">"
    stack (the word stack) = "S"
    align (the word align) = "A"
    zero (the word zero) = "Z"
  }
`;
