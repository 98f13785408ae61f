/**
 * Characters that no one sees and no link, name or secret is meant to hold: zero-width blanks, directional marks, soft
 * hyphens, byte-order marks, and lone surrogates, which have no UTF-8. The joiners stay where they shape a word or an
 * emoji, as they may in a file's name.
 */
const invisible =
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}])[\u200c\u200d]|\u034f|[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu;

/** Text without its invisible characters. */
export function withoutInvisible(text: string): string {
  return /[^\p{ASCII}]/u.test(text) ? text.replace(invisible, '') : text;
}
