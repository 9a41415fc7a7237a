/** What the engine found out about a target, read from the free-form `target.report`. */
export interface TargetReport {
  /** Row by row, 0 (nothing survives print and camera) to 1; null when the report has none. */
  heat: HeatMap | null;
  advice: Advice[];
  /** Smallest share of the picture's height the print may fill and still be found. */
  distanceMin: number | null;
  /** Largest angle from which it is found, degrees. */
  tiltMax: number | null;
  /** Lowest light in which it is found, 1 = full. */
  lightMin: number | null;
  /** Share of the picture that holds features, 0 to 1. */
  coverage: number | null;
}

export interface HeatMap {
  columns: number;
  rows: number;
  cells: number[];
}

/** The engine's advice, by the names of `ARV_ADVICE_*`, each with words in every language. */
export const ADVICE = [
  "little_texture",
  "uneven",
  "repetitive",
  "low_contrast",
  "not_from_far",
  "not_tilted",
  "small_image",
  "blur",
] as const;

export type Advice = (typeof ADVICE)[number];

/** The report, with null and empty for whatever an older or newer engine did not write. */
export function readReport(report: unknown): TargetReport {
  const found = isRecord(report) ? report : {};
  const ranges = isRecord(found.ranges) ? found.ranges : {};
  const distance = Array.isArray(ranges.distance) ? ranges.distance : [];
  return {
    heat: readHeat(found.heat_map),
    advice: readAdvice(found.advice),
    distanceMin: positiveOrNull(distance[0]),
    tiltMax: positiveOrNull(ranges.tilt_degrees),
    lightMin: positiveOrNull(ranges.light),
    coverage: positiveOrNull(found.coverage),
  };
}

function readAdvice(advice: unknown): Advice[] {
  if (!Array.isArray(advice)) return [];
  const codes = advice.map((entry) => (isRecord(entry) ? entry.code : entry));
  return ADVICE.filter((known) => codes.includes(known));
}

/** Rows of bytes, as `arv_engine` writes them. */
function readHeat(rows: unknown): HeatMap | null {
  if (!Array.isArray(rows) || !Array.isArray(rows[0])) return null;
  const cells = rows.flat().map(Number);
  const columns = rows[0].length;
  if (cells.length !== rows.length * columns || !cells.every(Number.isFinite)) return null;
  if (cells.every((cell) => cell === 0)) return null;
  return { columns, rows: rows.length, cells: cells.map((cell) => cell / 255) };
}

/** How good a score is, as a word. */
export type Verdict = "excellent" | "good" | "fair" | "weak";

export function verdictOf(score: number): Verdict {
  if (score >= 80) return "excellent";
  if (score >= 60) return "good";
  return score >= 40 ? "fair" : "weak";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The engine writes 0 or less for a range in which nothing was found. */
function positiveOrNull(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : null;
}
