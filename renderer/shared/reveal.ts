/**
 * Scrolls into view what a button of a dialog brought about: the button is always in sight, the end of a long form isn't.
 * An attachment of the box that appears then.
 */
export function reveal(box: Element): void {
  box.scrollIntoView({ block: 'nearest' });
}
