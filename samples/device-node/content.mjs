// What lies in a Signal message: UTF-8 JSON, then 0x80, then zeros up to one less than a multiple of 160.

const step = 160;
const end = 0x80;
const largest = 43008;

export function encode(content) {
  const json = Buffer.from(JSON.stringify(content));
  if (json.length > largest) {
    throw new Error('the content is too large');
  }
  const padded = Buffer.alloc(Math.floor((json.length + 1 + step) / step) * step - 1);
  json.copy(padded);
  padded[json.length] = end;
  return padded;
}

/** The content, or null: it isn't of a kind that a device knows. */
export function decode(padded) {
  let length = padded.length;
  while (length > 0 && padded[length - 1] === 0) {
    length--;
  }
  if (length === 0 || padded[length - 1] !== end) {
    return null;
  }
  try {
    const content = JSON.parse(Buffer.from(padded.subarray(0, length - 1)).toString());
    const isOne = content.message === undefined !== (content.receipt === undefined);
    return content.v === 1 && /^[0-9a-f]{16}$/.test(content.id) && isOne ? content : null;
  } catch {
    return null;
  }
}
