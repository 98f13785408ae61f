/** Characters that change how a terminal or a reader takes a text, and halves of characters. */
const controls = /[\p{Control}\p{Zl}\p{Zp}\p{Surrogate}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Escapes control and bidirectional characters, with which a key or a server could rewrite the terminal. */
export function escapeControls(text: string): string {
  return text.replace(controls, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Like escapeControls(), but keeps line breaks and tabs: for a text whose lines are ours. */
export function escapeLines(text: string): string {
  return text.replace(/[^\n\t]+/g, escapeControls);
}
