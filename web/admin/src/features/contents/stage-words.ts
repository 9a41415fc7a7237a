import type { Target } from "@arv/api-client";

/** What the making of a target is at, as a word the languages know. */
export type StageWord =
  | "queued"
  | "reading"
  | "features"
  | "learning"
  | "scoring"
  | "storing"
  | "ready"
  | "failed";

/** Names the engine and the worker give their steps. */
const STAGES: Record<string, StageWord> = {
  analysing: "features",
  learning: "learning",
  packing: "learning",
  scoring: "scoring",
  done: "storing",
  storing: "storing",
};

/** The step of a target; by its progress when the stage has a name new to us. */
export function stageWord(target: Pick<Target, "status" | "stage" | "progress">): StageWord {
  if (target.status !== "compiling") return target.status;
  const known = target.stage ? STAGES[target.stage] : undefined;
  if (known) return known;
  if (target.progress < 0.1) return "reading";
  return target.progress < 0.7 ? "learning" : "scoring";
}
