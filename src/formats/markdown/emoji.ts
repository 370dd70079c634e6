/**
 * Emoji as decoration: pictures with their modifiers and joiners, flags, keycaps. The signs ©, ® and ™ are part of
 * names.
 */
const emoji =
  /[0-9#*]\ufe0f?\u20e3|[\u{1f1e6}-\u{1f1ff}]|(?![©®™])\p{Extended_Pictographic}(?:[\u{1f3fb}-\u{1f3ff}]|\ufe0f|\u200d|[\u{e0020}-\u{e007f}])*/gu

export function replaceEmoji(text: string, replacement: (found: string) => string): string {
  return text.replace(emoji, replacement)
}
