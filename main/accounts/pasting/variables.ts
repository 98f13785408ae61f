/**
 * How programs, shells and configuration files refer to a variable, at one place of a text. Every run is bounded: many
 * places of one text are tried.
 */
const references = [
  // process.env.X, process.env['X'], os.environ['X'], ENV['X'], $_ENV['X']
  /(?:process\.env|import\.meta\.env|os\.environ|ENV|\$_ENV|\$_SERVER)(?:\.|\[\s*["'])([A-Za-z_]\w{0,200})(?![\w.(])["']?\]?/y,
  // os.getenv('X'), os.environ.get('X'), System.getenv("X"), os.Getenv("X"), Environment.GetEnvironmentVariable("X")
  /[\w.:]{0,100}(?:getenv|GetEnvironmentVariable|environ\.get|ENV\.fetch|env::var)!?\(\s*["']([A-Za-z_]\w{0,200})["'][^)\n]{0,200}\)/iy,
  // ${X}, ${{ secrets.X }}
  /["'`]?\$\{\{?\s*(?:(?:env|secrets|vars)[.:])?([A-Za-z_]\w{0,200})[^}\n]{0,200}\}\}?["'`]?/y,
  // $X, $env:X
  /["']?\$(?:env:)?([A-Za-z_]\w{0,200})(?=["'\s,;)]|$)["']?/iy,
  // %X%
  /["']?%([A-Za-z_]\w{0,200})%["']?/y,
];

/** A reference to a variable: its name, and the index behind it. */
export interface Reference {
  readonly name: string;
  readonly end: number;
}

/** The reference that begins at `from`. */
export function referenceAt(text: string, from: number): Reference | null {
  for (const reference of references) {
    reference.lastIndex = from;
    const name = reference.exec(text)?.[1];
    if (name !== undefined) return { name, end: reference.lastIndex };
  }
  return null;
}

/** A reference as the value of a field: what no AccessKey looks like, whatever form it was written in. */
export function asValue({ name }: Reference): string {
  return `\${${name}}`;
}

/** The name of the variable that stands in the place of a value. */
export function variableOf(value: string | null): string | null {
  const reference = value === null ? null : referenceAt(value, 0);
  return reference !== null && reference.end === value?.length ? reference.name : null;
}
