// Parses what stands in front of declarators: storage, types, struct, union and enum bodies, attributes.
import { ExpressionParser } from './expression-parser';
import {
  type AlignmentSpecifier,
  type BaseSpecifier,
  CONST,
  type Declarator,
  type EnumSpecifier,
  type Expression,
  type MemberDeclaration,
  RESTRICT,
  type RecordSpecifier,
  type Specifiers,
  type Storage,
  VOLATILE,
} from './syntax-tree';
import type { Token } from './token';
import { IdentifierType, PACK_ATTRIBUTE, typeOf } from './token-types';

const OPENING_BRACE = typeOf('{');
const CLOSING_BRACE = typeOf('}');
const _CLOSING_BRACKET = typeOf(']');
const _EQUALS = typeOf('=');

const STORAGES: ReadonlySet<string> = new Set(['typedef', 'extern', 'static', 'auto', 'register']);
export const QUALIFIERS: ReadonlyMap<string, number> = new Map([
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

/** Attributes without which a program does something else. */
const UNSUPPORTED_ATTRIBUTES: ReadonlySet<string> = new Set(
  'alias cleanup constructor destructor ifunc mode vector_size weakref'.split(' '),
);

/** Specifiers while they are being read. */
interface PartialSpecifiers {
  storage: Storage;
  isInline: boolean;
  isNoReturn: boolean;
  isUnused: boolean;
  qualifiers: number;
  alignment: AlignmentSpecifier[];
  words: string[];
  base: BaseSpecifier | undefined;
}

/** What attributes say that matters here. */
interface Attributes {
  /** As RecordSpecifier has it. */
  packing: number;
  isNoReturn: boolean;
  isUnused: boolean;
  alignment: AlignmentSpecifier[];
}

/** The layer of the parser that knows what stands in front of declarators. */
export abstract class SpecifierParser extends ExpressionParser {
  protected abstract parseDeclarator(): Declarator;

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
      isUnused: false,
      qualifiers: 0,
      alignment: [],
      words: [],
      base: undefined,
    };
    while (this.parseSpecifier(partial)) {}
    const { storage, isInline, isNoReturn, isUnused, qualifiers, alignment, words } = partial;
    if (partial.base !== undefined && words.length > 0) {
      this.report.error('bad-type', `'${words.join(' ')}' together with another type`, token);
    }
    const basic: BaseSpecifier = { kind: words.length > 0 ? 'basic' : 'none', token, words: words.sort().join(' ') };
    return { token, storage, isInline, isNoReturn, isUnused, qualifiers, alignment, base: partial.base ?? basic };
  }

  /** Reads one specifier into `partial`; false when the next token is none. */
  private parseSpecifier(partial: PartialSpecifiers): boolean {
    const token = this.peek();
    const { type } = token;
    if (type === 'Identifier') {
      if (partial.base !== undefined || partial.words.length > 0 || !this.isTypedefName(token)) return false;
      partial.base = { kind: 'typedefName', token: this.take() };
    } else if (BASIC_WORDS.has(type)) partial.words.push(this.take().type);
    else if (type === '_Atomic' && this.peekSecond().type === '(') partial.base = this.parseAtomic();
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
        // There is one thread, so its objects are everybody's.
        this.take();
        return;
      case '__attribute__': {
        const attributes = this.parseAttributes();
        partial.isNoReturn ||= attributes.isNoReturn;
        partial.isUnused ||= attributes.isUnused;
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

  /** `_Atomic(type)`: nothing ever comes between, so it is the type. */
  private parseAtomic(): BaseSpecifier {
    const token = this.take();
    this.expectOpening();
    const typeName = this.parseTypeName();
    this.expectClosing();
    return { kind: 'typeofType', token, typeName };
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

  /** Reads any number of `__attribute__((...))`; others than those below are advice, and ignored. */
  protected parseAttributes(): Attributes {
    const found: Attributes = { packing: 0, isNoReturn: false, isUnused: false, alignment: [] };
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

  private parseAttribute(found: Attributes): void {
    const token = this.take();
    const name = token.image.replace(/^__(.*)__$/, '$1');
    if (name === 'packed') found.packing = 1;
    else if (name === 'noreturn' || token.type === '_Noreturn') found.isNoReturn = true;
    else if (name === 'unused' || name === 'used' || name === 'maybe_unused') found.isUnused = true;
    else if (UNSUPPORTED_ATTRIBUTES.has(name)) this.report.error('unsupported', `there is no '${name}' here`, token);
    if (this.peek().type !== '(') return;
    if (name === 'aligned') found.alignment.push(this.parseAlignment(token));
    else if (name === PACK_ATTRIBUTE) found.packing ||= this.parsePacking();
    else this.skipParentheses();
  }

  private parsePacking(): number {
    this.expectOpening();
    const packing = Number(this.take().image);
    this.expectClosing();
    return packing === 1 || packing === 2 || packing === 4 || packing === 8 ? packing : 0;
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
    const behind = members === undefined ? undefined : this.parseAttributes();
    const packing = behind?.packing === 1 ? 1 : before.packing;
    const alignment = [...before.alignment, ...(behind?.alignment ?? [])];
    return { kind: 'record', token, isUnion: token.type === 'union', packing, alignment, tag, members };
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
}
