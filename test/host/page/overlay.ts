/** An element that lies over the page, out of reach of the page's styles and of its CSP. */
export function makeOverlay(tag: string, css: string): { element: HTMLElement; root: ShadowRoot } {
  const element = document.createElement(tag);
  const root = element.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  document.documentElement.append(element);
  return { element, root };
}
