const GROUPED = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A whole number with its thousands apart: 3,482. */
export function formatCount(value: number): string {
  return GROUPED.format(Math.floor(value));
}

/** A large count in a few signs: 812, 1.2 k, 25.6 M, 4.1 G. */
export function formatShortCount(value: number): string {
  const units = ["", " k", " M", " G", " T"];
  let power = 0;
  while (value >= 1_000 && power < units.length - 1) {
    value /= 1_000;
    power += 1;
  }
  const shown = power === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1);
  return shown.replace(/\.0$/, "") + units[power];
}

/** A loss: three significant digits, never more than seven signs. */
export function formatLoss(value: number | undefined): string {
  if (value === undefined) return "–";
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  return formatScientific(value, 3);
}

/** A number in text, with a true minus and powers of ten as a person writes them. */
export function formatScientific(value: number, digits: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 10_000)) return powerOfTen(value);
  const decimals = size === 0 ? digits : Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return minus(value.toFixed(Math.min(decimals, 3)));
}

/** A weight or value in a sum: two decimals, 0.83 or −1.20. */
export function formatTerm(value: number): string {
  return minus(value.toFixed(2));
}

/** A learning rate: as short as it can be said, 0.03 or 1·10⁻⁴. */
export function formatRate(value: number): string {
  if (value >= 0.001 && value < 1e5) return String(Number(value.toPrecision(2)));
  return powerOfTen(value);
}

/** A fraction as a percentage. */
export function formatShare(value: number): string {
  return `${(value * 100).toFixed(value === 1 ? 0 : 1)} %`;
}

/** A shape without the batch axis: 16·8·8; any length is *. */
export function formatShape(shape: readonly number[]): string {
  return shape.length === 0 ? "1" : shape.map((side) => (side === 0 ? "*" : side)).join("·");
}

/** A time in a few signs: 0.4 s, 42 s, 3:07, 1:02:30. */
export function formatDuration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours = 0, ...rest] = parts.map(Math.floor);
  const two = rest.map((part) => String(part).padStart(2, "0"));
  return hours ? [hours, ...two].join(":") : two.join(":").replace(/^0/, "");
}

function powerOfTen(value: number): string {
  const [factor = "0", exponent = "0"] = value.toExponential(1).split("e");
  const shown = factor.endsWith(".0") ? factor.slice(0, -2) : factor;
  return `${minus(shown)}·10${raise(Number(exponent))}`;
}

function raise(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]);
  return (exponent < 0 ? "⁻" : "") + digits.join("");
}

function minus(text: string): string {
  return text.replace("-", "−");
}
