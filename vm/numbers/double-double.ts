// Double-double arithmetic: a number as the unevaluated sum of two doubles, about 106 bits. The building block of the
// mathematical functions, which compute some 10 bits more than they return. Functions return the head and leave the
// tail in `tail[0]`, to be read at once; a typed array, because a variable of the module would allocate for every
// double. The exactness theorems are Knuth's (sum), Dekker's (product, quotient) and Sterbenz's.

/** The tail of the latest double-double result. */
export const tail = new Float64Array(1);

const SPLITTER = 134217729; // 2^27 + 1

/** a + b exactly. */
export function addExact(a: number, b: number): number {
  const sum = a + b;
  const bPart = sum - a;
  tail[0] = a - (sum - bPart) + (b - bPart);
  return sum;
}

/** a + b exactly, where |a| is at least |b| or a is 0. */
export function addOrdered(a: number, b: number): number {
  const sum = a + b;
  tail[0] = b - (sum - a);
  return sum;
}

/** a * b exactly, for operands below 2^996 and products that neither overflow nor go below 2^-968. */
export function multiplyExact(a: number, b: number): number {
  const product = a * b;
  const aScaled = a * SPLITTER;
  const aTop = aScaled - (aScaled - a);
  const aRest = a - aTop;
  const bScaled = b * SPLITTER;
  const bTop = bScaled - (bScaled - b);
  const bRest = b - bTop;
  tail[0] = aRest * bRest - (product - aTop * bTop - aRest * bTop - aTop * bRest);
  return product;
}

/** a + b. */
export function addDoubles(a: number, aTail: number, b: number, bTail: number): number {
  const sum = addExact(a, b);
  return addOrdered(sum, tail[0] + (aTail + bTail));
}

/** a * b. */
export function multiplyDoubles(a: number, aTail: number, b: number, bTail: number): number {
  const product = multiplyExact(a, b);
  return addOrdered(product, tail[0] + (a * bTail + aTail * b));
}

/** a / b. */
export function divideDoubles(a: number, aTail: number, b: number, bTail: number): number {
  const quotient = a / b;
  const product = multiplyExact(quotient, b);
  return addOrdered(quotient, (a - product - tail[0] + aTail - quotient * bTail) / b);
}

/** The square root of a positive number. */
export function squareRootDoubles(a: number, aTail: number): number {
  const root = Math.sqrt(a);
  const square = multiplyExact(root, root);
  return addOrdered(root, (a - square - tail[0] + aTail) / (2 * root));
}
