// Elements without a framework. Texts are set as text: nothing that is shown is ever parsed as markup.

/** What an element is made of: text, elements, or nothing. */
export type Content = string | Node | null;

/** Attributes by name. `true` is set without a value; `false` and null are left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | null>>;

/** An element with attributes and content. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...content: readonly Content[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  setAttributes(made, attributes);
  made.append(...content.filter((part) => part !== null));
  return made;
}

/** Sets or removes attributes of an element. */
export function setAttributes(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) target.removeAttribute(name);
    else target.setAttribute(name, value === true ? '' : String(value));
  }
}

/** Sets a text if it differs: a screen reader reads what is set again, and a selection is lost. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** A button that does something. */
export function button(label: string, onClick: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, label);
  made.addEventListener('click', onClick);
  return made;
}

/** An icon drawn by lines in a square of 24 units; only decoration. */
export function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  setAttributes(svg, { viewBox: '0 0 24 24', 'aria-hidden': 'true', class: 'icon' });
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  setAttributes(line, { d: path });
  svg.append(line);
  return svg;
}
