// Parses declarations: specifiers, declarators, initialisers, struct, union and enum bodies, attributes.
import { ExpressionParser } from './expression-parser';
import {
  type AlignmentSpecifier,
  type BaseSpecifier,
  CONST,
  type Declaration,
  type Declarator,
  type Derivation,
  type Designator,
  type EnumSpecifier,
  type Expression,
  type InitDeclarator,
  type Initialiser,
  type InitialiserItem,
  type InitialiserList,
  type MemberDeclaration,
  type Parameter,
  RESTRICT,
  type RecordSpecifier,
  type Specifiers,
  type Storage,
  type TypeName,
  VOLATILE,
} from './syntax-tree';
import type { Token } from './token';
import { IdentifierType, StringType, typeOf } from './token-types';

const OPENING_BRACE = typeOf('{');
const CLOSING_BRACE = typeOf('}');
const CLOSING_BRACKET = typeOf(']');
const EQUALS = typeOf('=');

const STORAGES: ReadonlySet<string> = new Set(['typedef', 'extern', 'static', 'auto', 'register']);
const QUALIFIERS: ReadonlyMap<string, number> = new Map([
  ['const', CONST],
  ['volatile', VOLATILE],
  ['restrict', RESTRICT],
  ['_Atomic', 0],
]);
const BASIC_WORDS: ReadonlySet<string> = new Set(
  'void char short int long float double signed unsigned _Bool _Complex _Imaginary'.split(' '),
);
const OTHER_SPECIFIERS: ReadonlySet<string> = new Set(
  'inline _Noreturn _Thread_local struct union enum typeof _Alignas __attribute__ __extension__'.split(' '),
);

/** Specifiers while they are being read. */
interface PartialSpecifiers {
  storage: Storage;
  isInline: boolean;
  isNoReturn: boolean;
  qualifiers: number;
  alignment: AlignmentSpecifier[];
  words: string[];
  base: BaseSpecifier | undefined;
}

/** What attributes say that matters here. */
interface Attributes {
  isPacked: boolean;
  isNoReturn: boolean;
  alignment: AlignmentSpecifier[];
}

/** The layer of the parser that knows declarations. */
export abstract class DeclarationParser extends ExpressionParser {
  /** Whether a declaration starts with `token`: a specifier or the name of a type. */
  protected startsDeclaration(token: Token): boolean {
    const { type } = token;
    return STORAGES.has(type) || this.startsTypeName(token);
  }

  protected startsTypeName(token: Token): boolean {
    const { type } = token;
    if (type === 'Identifier') return this.isTypedefName(token);
    return BASIC_WORDS.has(type) || QUALIFIERS.has(type) || OTHER_SPECIFIERS.has(type);
  }

  // --- specifiers ---

  protected parseSpecifiers(): Specifiers {
    const token = this.peek();
    const partial: PartialSpecifiers = {
      storage: 'none',
      isInline: false,
      isNoReturn: false,
      qualifiers: 0,
      alignment: [],
      words: [],
      base: undefined,
    };
    while (this.parseSpecifier(partial)) {}
    const { storage, isInline, isNoReturn, qualifiers, alignment, words } = partial;
    if (partial.base !== undefined && words.length > 0) {
      this.report.error('bad-type', `'${words.join(' ')}' together with another type`, token);
    }
    const basic: BaseSpecifier = { kind: words.length > 0 ? 'basic' : 'none', token, words: words.sort().join(' ') };
    return { token, storage, isInline, isNoReturn, qualifiers, alignment, base: partial.base ?? basic };
  }

  /** Reads one specifier into `partial`; false when the next token is none. */
  private parseSpecifier(partial: PartialSpecifiers): boolean {
    const token = this.peek();
    const { type } = token;
    if (type === 'Identifier') {
      if (partial.base !== undefined || partial.words.length > 0 || !this.isTypedefName(token)) return false;
      partial.base = { kind: 'typedefName', token: this.take() };
    } else if (BASIC_WORDS.has(type)) partial.words.push(this.take().type);
    else if (QUALIFIERS.has(type)) partial.qualifiers |= QUALIFIERS.get(this.take().type)!;
    else if (STORAGES.has(type)) this.parseStorage(partial);
    else if (OTHER_SPECIFIERS.has(type)) this.parseOtherSpecifier(partial);
    else return false;
    return true;
  }

  private parseStorage(partial: PartialSpecifiers): void {
    const token = this.take();
    if (partial.storage !== 'none') {
      this.report.error('bad-declaration', `'${token.image}' after '${partial.storage}'`, token);
    }
    partial.storage = token.type as Storage;
  }

  private parseOtherSpecifier(partial: PartialSpecifiers): void {
    const token = this.peek();
    switch (token.type) {
      case 'inline':
        this.take();
        partial.isInline = true;
        return;
      case '_Noreturn':
        this.take();
        partial.isNoReturn = true;
        return;
      case '__extension__':
        this.take();
        return;
      case '_Thread_local':
        this.report.error('unsupported', 'there are no threads', this.take());
        return;
      case '__attribute__': {
        const attributes = this.parseAttributes();
        partial.isNoReturn ||= attributes.isNoReturn;
        partial.alignment.push(...attributes.alignment);
        return;
      }
      case '_Alignas':
        this.take();
        partial.alignment.push(this.parseAlignment(token));
        return;
    }
    if (partial.base !== undefined) this.fail('expected a name');
    if (token.type === 'enum') partial.base = this.parseEnum();
    else if (token.type === 'typeof') partial.base = this.parseTypeof();
    else partial.base = this.nested(() => this.parseRecord());
  }

  private parseTypeof(): BaseSpecifier {
    const token = this.take();
    this.expectOpening();
    const base: BaseSpecifier = this.startsTypeName(this.peek())
      ? { kind: 'typeofType', token, typeName: this.parseTypeName() }
      : { kind: 'typeofExpression', token, operand: this.nested(() => this.parseExpression()) };
    this.expectClosing();
    return base;
  }

  private parseAlignment(token: Token): AlignmentSpecifier {
    this.expectOpening();
    const value = this.startsTypeName(this.peek()) ? this.parseTypeName() : this.parseConditional();
    this.expectClosing();
    return { token, value };
  }

  /** Reads any number of `__attribute__((...))`; unknown ones are ignored, as they only ever are advice. */
  private parseAttributes(): Attributes {
    const found: Attributes = { isPacked: false, isNoReturn: false, alignment: [] };
    while (this.accept('__attribute__') !== undefined) {
      this.expectOpening();
      this.expectOpening();
      while (this.peek().type !== ')') {
        this.parseAttribute(found);
        if (this.accept(',') === undefined) break;
      }
      this.expectClosing();
      this.expectClosing();
    }
    return found;
  }

  protected skipAttributes(): void {
    this.parseAttributes();
  }

  private parseAttribute(found: Attributes): void {
    const token = this.take();
    const name = token.image.replace(/^__(.*)__$/, '$1');
    if (name === 'packed') found.isPacked = true;
    else if (name === 'noreturn' || token.type === '_Noreturn') found.isNoReturn = true;
    if (this.peek().type !== '(') return;
    if (name === 'aligned') found.alignment.push(this.parseAlignment(token));
    else this.skipParentheses();
  }

  private skipParentheses(): void {
    let depth = 0;
    do {
      const token = this.peek();
      if (token.type === 'End') this.fail("expected ')'");
      if (token.type === '(') depth++;
      else if (token.type === ')') depth--;
      this.take();
    } while (depth > 0);
  }

  private parseRecord(): RecordSpecifier {
    const token = this.take();
    const before = this.parseAttributes();
    const tag = this.peek().tokenType === IdentifierType ? this.take() : undefined;
    if (tag === undefined && this.peek().type !== '{') this.fail('expected a tag or a list of members');
    let members: MemberDeclaration[] | undefined;
    if (this.accept('{') !== undefined) {
      members = [];
      while (this.peek().type !== '}' && this.peek().type !== 'End') {
        const member = this.recovering(
          () => this.parseMember(),
          () => this.skipToEndOfStatement(),
        );
        if (member !== undefined) members.push(member);
      }
      this.expect(CLOSING_BRACE);
    }
    const isPacked = before.isPacked || (members !== undefined && this.parseAttributes().isPacked);
    return { kind: 'record', token, isUnion: token.type === 'union', isPacked, tag, members };
  }

  private parseMember(): MemberDeclaration {
    while (this.accept(';') !== undefined) {}
    const specifiers = this.parseSpecifiers();
    if (specifiers.base.kind === 'none') this.fail('expected a type');
    const declarators: MemberDeclaration['declarators'][number][] = [];
    if (this.peek().type !== ';') {
      do {
        const declarator = this.parseDeclarator();
        const width = this.accept(':') === undefined ? undefined : this.parseConditional();
        specifiers.alignment = [...specifiers.alignment, ...this.parseAttributes().alignment];
        declarators.push({ declarator, width });
      } while (this.accept(',') !== undefined);
    }
    this.expectSemicolon();
    while (this.accept(';') !== undefined) {}
    return { specifiers, declarators };
  }

  private parseEnum(): EnumSpecifier {
    const token = this.take();
    this.parseAttributes();
    const tag = this.peek().tokenType === IdentifierType ? this.take() : undefined;
    if (this.peek().type !== '{') {
      if (tag === undefined) this.fail('expected a tag or a list of constants');
      return { kind: 'enum', token, tag, enumerators: undefined };
    }
    this.expect(OPENING_BRACE);
    const enumerators: { name: Token; value: Expression | undefined }[] = [];
    while (this.peek().type !== '}') {
      const name = this.expectName();
      this.parseAttributes();
      const value = this.accept('=') === undefined ? undefined : this.parseConditional();
      this.declareName(name.image, false);
      enumerators.push({ name, value });
      if (this.accept(',') === undefined) break;
    }
    this.expect(CLOSING_BRACE);
    this.parseAttributes();
    return { kind: 'enum', token, tag, enumerators };
  }

  // --- declarators ---

  protected parseTypeName(): TypeName {
    const specifiers = this.parseSpecifiers();
    if (specifiers.base.kind === 'none') this.fail('expected a type');
    return { kind: 'typeName', specifiers, declarator: this.parseDeclarator() };
  }

  /** A declarator with or without a name: which of them may stand here is for the caller to check. */
  protected parseDeclarator(): Declarator {
    return this.nested(() => this.parseDeclaratorLevel());
  }

  private parseDeclaratorLevel(): Declarator {
    const pointers: Derivation[] = [];
    this.parseAttributes();
    for (let token = this.accept('*'); token !== undefined; token = this.accept('*')) {
      pointers.unshift({ kind: 'pointer', token, qualifiers: this.parseQualifiers() });
    }
    const token = this.peek();
    let name: Token | undefined;
    let inner: Declarator | undefined;
    if (token.tokenType === IdentifierType) name = this.take();
    else if (token.type === '(' && !this.startsParameters(this.peekSecond())) {
      this.take();
      inner = this.parseDeclarator();
      this.expectClosing();
    }
    const suffixes: Derivation[] = [];
    for (;;) {
      const next = this.peek();
      if (next.type === '[') suffixes.push(this.parseArraySuffix());
      else if (next.type === '(') suffixes.push(this.nested(() => this.parseFunctionSuffix()));
      else break;
    }
    const derivations = [...(inner?.derivations ?? []), ...suffixes, ...pointers];
    return { token: inner?.token ?? token, name: name ?? inner?.name, derivations };
  }

  /** Tells `(int)`, a parameter list of an abstract declarator, from `(*name)`, a nested declarator. */
  private startsParameters(second: Token): boolean {
    return (
      second.type === ')' ||
      second.type === '...' ||
      (second.type !== '__attribute__' && this.startsDeclaration(second))
    );
  }

  private parseQualifiers(): number {
    let qualifiers = 0;
    for (;;) {
      const { type } = this.peek();
      if (type === '__attribute__') this.parseAttributes();
      else if (QUALIFIERS.has(type)) qualifiers |= QUALIFIERS.get(this.take().type)!;
      else return qualifiers;
    }
  }

  private parseArraySuffix(): Derivation {
    const token = this.take();
    this.accept('static');
    const qualifiers = this.parseQualifiers();
    this.accept('static');
    let size: Expression | undefined;
    const isStar = this.peek().type === '*' && this.peekSecond().type === ']';
    if (isStar) this.take();
    else if (this.peek().type !== ']') size = this.nested(() => this.parseAssignment());
    this.expect(CLOSING_BRACKET);
    return { kind: 'array', token, size, isStar, qualifiers };
  }

  private parseFunctionSuffix(): Derivation {
    const token = this.take();
    const parameters: Parameter[] = [];
    const names: Token[] = [];
    let isVariadic = false;
    if (this.accept(')') !== undefined) return { kind: 'function', token, parameters, isVariadic, names };
    if (this.peek().tokenType === IdentifierType && !this.isTypedefName(this.peek())) {
      return this.parseOldStyleNames(token);
    }
    this.openScope();
    do {
      isVariadic = this.accept('...') !== undefined;
      if (isVariadic) break;
      parameters.push(this.parseParameter());
    } while (this.accept(',') !== undefined);
    this.closeScope();
    this.expectClosing();
    return { kind: 'function', token, parameters, isVariadic, names: undefined };
  }

  private parseOldStyleNames(token: Token): Derivation {
    const names: Token[] = [];
    do {
      const next = this.peek();
      if (next.tokenType === IdentifierType && this.peekSecond().tokenType === IdentifierType) {
        this.fail(`'${next.image}' is no type; expected a parameter`);
      }
      names.push(this.expectName());
    } while (this.accept(',') !== undefined);
    this.expectClosing();
    return { kind: 'function', token, parameters: [], isVariadic: false, names };
  }

  private parseParameter(): Parameter {
    const specifiers = this.parseSpecifiers();
    if (specifiers.base.kind === 'none') this.fail('expected a type');
    const declarator = this.parseDeclarator();
    this.parseAttributes();
    if (declarator.name !== undefined) this.declareName(declarator.name.image, false);
    return { specifiers, declarator };
  }

  // --- initialisers ---

  protected parseInitialiser(): Initialiser {
    return this.peek().type === '{' ? this.parseInitialiserList() : this.parseAssignment();
  }

  protected parseInitialiserList(): InitialiserList {
    const token = this.expect(OPENING_BRACE);
    const items: InitialiserItem[] = [];
    while (this.peek().type !== '}') {
      items.push(this.nested(() => this.parseInitialiserItem()));
      if (this.accept(',') === undefined) break;
    }
    this.expect(CLOSING_BRACE);
    return { kind: 'list', token, items };
  }

  private parseInitialiserItem(): InitialiserItem {
    const designators: Designator[] = [];
    // GNU's old form: `name: value`.
    if (this.peek().tokenType === IdentifierType && this.peekSecond().type === ':') {
      designators.push({ kind: 'member', token: this.take() });
      this.take();
      return { designators, value: this.parseInitialiser() };
    }
    for (;;) {
      const token = this.peek();
      if (this.accept('.') !== undefined) designators.push({ kind: 'member', token: this.expectName() });
      else if (this.accept('[') !== undefined) {
        const index = this.parseConditional();
        const last = this.accept('...') === undefined ? undefined : this.parseConditional();
        this.expect(CLOSING_BRACKET);
        designators.push({ kind: 'index', token, index, last });
      } else break;
    }
    if (designators.length > 0) this.expect(EQUALS);
    return { designators, value: this.parseInitialiser() };
  }

  // --- whole declarations ---

  /** The declarators behind `specifiers`, up to and with the semicolon. The first may have been read already. */
  protected parseInitDeclarators(specifiers: Specifiers, first?: Declarator): Declaration {
    const declarators: InitDeclarator[] = [];
    if (first !== undefined || this.peek().type !== ';') {
      let declarator = first ?? this.parseDeclarator();
      for (;;) {
        declarators.push(this.parseInitDeclarator(specifiers, declarator));
        if (this.accept(',') === undefined) break;
        declarator = this.parseDeclarator();
      }
    }
    this.expectSemicolon();
    return { kind: 'declaration', specifiers, declarators };
  }

  private parseInitDeclarator(specifiers: Specifiers, declarator: Declarator): InitDeclarator {
    if (declarator.name === undefined) this.fail('expected a name');
    if (this.peek().type === 'asm') this.report.fatal('unsupported', 'there is no assembler', this.peek());
    const attributes = this.parseAttributes();
    specifiers.alignment = [...specifiers.alignment, ...attributes.alignment];
    specifiers.isNoReturn ||= attributes.isNoReturn;
    this.declareName(declarator.name!.image, specifiers.storage === 'typedef');
    const initialiser = this.accept('=') === undefined ? undefined : this.parseInitialiser();
    return { declarator, initialiser };
  }

  protected parseStaticAssert(): Declaration {
    const token = this.take();
    this.expectOpening();
    const condition = this.parseConditional();
    const message = this.accept(',') === undefined ? undefined : this.expect(StringType);
    this.expectClosing();
    this.expectSemicolon();
    return { kind: 'staticAssert', token, condition, message };
  }
}
