// Warns about calls of the printf and scanf families whose arguments do not fit a literal format.
import type { CheckContext } from './check-context';
import type { Token } from './token';
import type { FunctionSymbol, TypedExpression } from './typed-tree';
import { type CType, isCharacter, sizeOf, typeName } from './types';

/** Which argument is the format, by the function's name; the arguments for it follow. */
const PRINTERS: ReadonlyMap<string, number> = new Map(
  Object.entries({ printf: 0, fprintf: 1, sprintf: 1, snprintf: 2, asprintf: 1, dprintf: 1 }),
);
const SCANNERS: ReadonlyMap<string, number> = new Map(Object.entries({ scanf: 0, fscanf: 1, sscanf: 1 }));

const CONVERSION = /%([-+ #0']*)(\d+|\*)?(?:\.(\d+|\*)?)?(hh|h|ll|l|j|z|t|L|q)?(\[\^?\]?[^\]]*\]|.)?/gs;
const SCAN = /%(\*)?(\d+)?(hh|h|ll|l|j|z|t|L|m)?(\[\^?\]?[^\]]*\]|.)?/gs;

/** Bytes of an integer, by the length that stands in front of its conversion. */
const INTEGER_SIZES: Readonly<Record<string, number>> = { hh: 1, h: 2, '': 4, l: 4, z: 4, t: 4, ll: 8, j: 8, q: 8 };

/** Warns when the arguments of a call of `symbol` do not fit its format. */
export function warnFormat(context: CheckContext, symbol: FunctionSymbol, args: readonly TypedExpression[]): void {
  if (!symbol.token.file.isSystem) return;
  const isPrinter = PRINTERS.has(symbol.name);
  const place = PRINTERS.get(symbol.name) ?? SCANNERS.get(symbol.name);
  const format = place === undefined ? undefined : args[place];
  const text = format === undefined ? undefined : literalText(format);
  if (place === undefined || text === undefined) return;
  new FormatCheck(context, format!.token, args.slice(place + 1)).check(text, isPrinter);
}

/** The characters of a string literal, up to its first zero. */
function literalText(node: TypedExpression): string | undefined {
  if (node.kind === 'convert') return literalText(node.operand);
  const variable = node.kind === 'addressOf' && node.operand.kind === 'variable' ? node.operand.variable : undefined;
  if (variable?.kind !== 'global' || !variable.isLiteral || variable.data === undefined) return undefined;
  if (variable.type.kind !== 'array' || !isCharacter(variable.type.element)) return undefined;
  return String.fromCharCode(...variable.data.bytes).split('\0')[0];
}

class FormatCheck {
  private next = 0;

  constructor(
    private readonly context: CheckContext,
    private readonly place: Token,
    private readonly args: readonly TypedExpression[],
  ) {}

  check(text: string, isPrinter: boolean): void {
    for (const match of text.matchAll(isPrinter ? CONVERSION : SCAN)) {
      if (isPrinter) this.print(match);
      else this.scan(match);
      if (this.next > this.args.length) return;
    }
    const extra = this.args[this.next];
    if (extra !== undefined) this.warn('more arguments than the format has conversions', extra.token);
  }

  private print([all, , width, precision, length = '', conversion]: RegExpMatchArray): void {
    if (conversion === '%') return;
    for (const part of [width, precision]) {
      if (part === '*') this.expect(all, (type) => isInteger(type, 4), "'int'");
    }
    this.expectOne(all, length, conversion, false);
  }

  private scan([all, skip, , length = '', conversion]: RegExpMatchArray): void {
    if (conversion === '%' || skip !== undefined) return;
    this.expectOne(all, length, conversion?.startsWith('[') ? 's' : conversion, true);
  }

  private expectOne(all: string, length: string, conversion: string | undefined, isPointer: boolean): void {
    const wanted = wantedBy(length, conversion, isPointer);
    if (wanted !== undefined) {
      this.expect(all, wanted.fits, wanted.what);
      return;
    }
    this.warn(`there is no conversion '${all}'`, this.place);
    // What the rest is for is anybody's guess.
    this.next = this.args.length + 1;
  }

  /** Takes the next argument, which must have a type that `fits`. */
  private expect(conversion: string, fits: (type: CType) => boolean, what: string): void {
    const argument = this.args[this.next++];
    if (argument === undefined) {
      this.warn(`'${conversion}' has no argument`, this.place);
    } else if (!fits(argument.type)) {
      this.warn(`'${conversion}' needs ${what}, not '${typeName(argument.type)}'`, argument.token);
    }
  }

  private warn(message: string, token: Token): void {
    this.context.report.optional('format', message, token);
  }
}

interface Wanted {
  readonly fits: (type: CType) => boolean;
  readonly what: string;
}

function wantedBy(length: string, conversion: string | undefined, isPointer: boolean): Wanted | undefined {
  switch (conversion) {
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      return wantedInteger(INTEGER_SIZES[length] ?? 4, isPointer);
    case 'n': {
      const size = INTEGER_SIZES[length] ?? 4;
      return { fits: (type) => isPointerTo(type, (target) => isInteger(target, size)), what: pointerText(size) };
    }
    case 'a':
    case 'e':
    case 'f':
    case 'g':
    case 'A':
    case 'E':
    case 'F':
    case 'G':
      return isPointer ? wantedFloating(length === '' ? 4 : 8) : { fits: isFloating, what: 'a floating number' };
    case 'c':
      if (!isPointer) return { fits: (type) => isInteger(type, 4), what: 'a character' };
      return wantedText(length === 'l' ? 4 : 1);
    case 's':
      return wantedText(length === 'l' ? 4 : 1);
    case 'p':
      return { fits: (type) => type.kind === 'pointer', what: 'a pointer' };
    default:
      return undefined;
  }
}

function wantedInteger(size: number, isPointer: boolean): Wanted {
  if (isPointer) {
    return { fits: (type) => isPointerTo(type, (target) => isInteger(target, size)), what: pointerText(size) };
  }
  // Shorter ones arrive as int.
  const passed = Math.max(size, 4);
  return { fits: (type) => isInteger(type, passed), what: `an integer of ${8 * passed} bits` };
}

function pointerText(size: number): string {
  return `the address of an integer of ${8 * size} bits`;
}

function wantedFloating(size: number): Wanted {
  const fits = (target: CType) => isFloating(target) && sizeOf(target) === size;
  return { fits: (type) => isPointerTo(type, fits), what: `the address of a ${size === 4 ? 'float' : 'double'}` };
}

function wantedText(size: number): Wanted {
  const fits = (target: CType) => isInteger(target, size);
  return { fits: (type) => isPointerTo(type, fits), what: size === 1 ? 'a string' : 'a wide string' };
}

function isInteger(type: CType, size: number): boolean {
  return type.kind === 'integer' && type.size === size;
}

function isFloating(type: CType): boolean {
  return type.kind === 'floating';
}

function isPointerTo(type: CType, fits: (target: CType) => boolean): boolean {
  return type.kind === 'pointer' && fits(type.target);
}
