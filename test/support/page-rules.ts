// Has Node refuse what browsers refuse: text that is decoded from shared memory, and randomness that is put there.
function refuseShared(bytes: unknown): void {
  if (ArrayBuffer.isView(bytes) && !(bytes.buffer instanceof ArrayBuffer)) {
    throw new TypeError('a page takes no shared memory here');
  }
}

/** From here on, in this process. */
export function refuseSharedMemory(): void {
  const { decode } = TextDecoder.prototype;
  TextDecoder.prototype.decode = function (input, options) {
    refuseShared(input);
    return decode.call(this, input, options);
  };

  const getRandomValues = crypto.getRandomValues.bind(crypto);
  crypto.getRandomValues = (bytes) => {
    refuseShared(bytes);
    return getRandomValues(bytes);
  };
}
