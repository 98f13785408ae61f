/** Text as HTML holds it. Control characters would be lost or change on the way; their escapes are read as they are. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'\p{Cc}]/gu, (char) =>
    /\p{Cc}/u.test(char) ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : `&#${char.charCodeAt(0)};`,
  );
}
