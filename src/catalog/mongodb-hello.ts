import { bytesOf, hasText } from './wire-text.ts'

const OP_MSG = 2013

/** `{ hello: 1, $db: 'admin' }` as an OP_MSG of the MongoDB wire protocol (bsonspec.org): what every driver asks first, before it signs in. */
export const hello = message(
  document([0x10, ...bytesOf('hello\0'), ...int32(1), 0x02, ...bytesOf('$db\0'), ...int32(6), ...bytesOf('admin\0')]),
)

function document(elements: readonly number[]): number[] {
  return [...int32(elements.length + 5), ...elements, 0]
}

function message(body: readonly number[]): Uint8Array {
  const rest = [...int32(1), ...int32(0), ...int32(OP_MSG), ...int32(0), 0, ...body]
  return Uint8Array.from([...int32(rest.length + 4), ...rest])
}

function int32(value: number): number[] {
  return [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255]
}

/** Whether it is the answer: a message of its own length to the request that is ours, which names the protocol's versions. */
export function isHelloAnswer(bytes: Uint8Array): boolean {
  if (bytes.length < 16) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getInt32(0, true) > bytes.length || view.getInt32(12, true) !== OP_MSG) return false
  return view.getInt32(8, true) === 1 && hasText(bytes, 'maxWireVersion\0')
}
