import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/dialog";
import { DialogForm } from "@/components/dialog-form";
import { momentToWall } from "@/lib/zoned-time";
import { rotationWords } from "../rule-words";
import {
  begun,
  type Edited,
  isComplete,
  isRotation,
  PRESETS,
  type Preset,
  type Rules,
} from "../rules";
import { DateFields } from "./date-fields";
import type { VideoFace } from "./poster";
import { RotationFields } from "./rotation-fields";
import classes from "./rule-dialog.module.css";
import { WindowFields } from "./window-fields";

interface RuleDialogProps {
  /** The rule that is changed, a new one to choose, or nothing. */
  edited: Edited | "new" | null;
  rules: Rules;
  zone: string;
  videos: VideoFace[];
  onSave: (edited: Edited) => void;
  onClose: () => void;
}

/** First what kind of rule, then what it says. */
export function RuleDialog(props: RuleDialogProps) {
  const { t } = useTranslation("schedule");
  const { edited, onClose } = props;
  const title = edited === "new" || edited === null ? t("preset.title") : t("rule.edit");
  return (
    <Dialog opened={edited !== null} onClose={onClose} title={title} size="lg">
      {edited !== null && <Inside {...props} edited={edited} />}
    </Dialog>
  );
}

function Inside({ edited, ...props }: RuleDialogProps & { edited: Edited | "new" }) {
  const { t } = useTranslation("schedule");
  const [rule, setRule] = useState<Edited | null>(edited === "new" ? null : edited);
  const today = momentToWall(new Date().toISOString(), props.zone).slice(0, 10);
  if (!rule) return <Presets onChoose={(preset) => setRule(begun(preset, props.videos, today))} />;
  const replaced = edited === "new" && rule.part === "rotation" ? props.rules.rotation : null;
  return (
    <DialogForm
      submitLabel={t("form.save")}
      submitTestId="rule-save"
      onSubmit={() => props.onSave(rule)}
      onCancel={props.onClose}
      pending={false}
      error={null}
      disabled={!isComplete(rule)}
    >
      {replaced && (
        <p className={classes.words}>
          {t("preset.replaces", { name: rotationWords(replaced, t) })}
        </p>
      )}
      <Fields rule={rule} onChange={setRule} zone={props.zone} videos={props.videos} />
    </DialogForm>
  );
}

interface FieldsProps {
  rule: Edited;
  onChange: (rule: Edited) => void;
  zone: string;
  videos: VideoFace[];
}

function Fields({ rule, onChange, zone, videos }: FieldsProps) {
  switch (rule.part) {
    case "date":
      return (
        <DateFields
          rule={rule.rule}
          videos={videos}
          onChange={(part) => onChange({ ...rule, rule: { ...rule.rule, ...part } })}
        />
      );
    case "window":
      return (
        <WindowFields
          rule={rule.rule}
          zone={zone}
          videos={videos}
          onChange={(part) => onChange({ ...rule, rule: { ...rule.rule, ...part } })}
        />
      );
    case "rotation":
      return (
        <RotationFields
          rotation={rule.rule}
          videos={videos}
          onChange={(part) => onChange({ ...rule, rule: { ...rule.rule, ...part } })}
        />
      );
  }
}

const TONES = { year: "date", month: "date", week: "date", window: "window" } as const;

function Presets({ onChoose }: { onChoose: (preset: Preset) => void }) {
  const { t } = useTranslation("schedule");
  return (
    <ul className={classes.presets}>
      {PRESETS.map((preset) => (
        <li key={preset}>
          <button
            type="button"
            className={classes.preset}
            data-tone={isRotation(preset) ? "rotation" : TONES[preset]}
            data-testid={`preset-${preset}`}
            onClick={() => onChoose(preset)}
          >
            <strong>{t(`preset.${preset}`)}</strong>
            <span>{t(`preset.${preset}Hint`)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
