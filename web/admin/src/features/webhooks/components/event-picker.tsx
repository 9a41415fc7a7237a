import { Checkbox, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./webhooks.module.css";

/** What events may be about; all of one is `content.*`. */
export const NOUNS = [
  "content",
  "target",
  "video",
  "project",
  "member",
  "invitation",
  "storage",
  "quota",
  "domain",
  "company",
] as const;

const EVERYTHING = "*";

interface EventPickerProps {
  value: string[];
  onChange: (events: string[]) => void;
}

/** All events of some kinds, everything, or single events by name. */
export function EventPicker({ value, onChange }: EventPickerProps) {
  const { t } = useTranslation("notifications");
  const patterns = NOUNS.map((noun) => `${noun}.*`);
  const single = value.filter((event) => event !== EVERYTHING && !patterns.includes(event));
  const kinds = value.filter((event) => !single.includes(event));
  const everything = kinds.includes(EVERYTHING);
  return (
    <>
      <Checkbox.Group
        label={t("webhooks.events")}
        value={kinds}
        onChange={(chosen) => onChange([...chosen, ...single])}
      >
        <div className={classes.choices}>
          <Checkbox value={EVERYTHING} label={t("webhooks.everything")} />
          {NOUNS.map((noun) => (
            <Checkbox
              key={noun}
              value={`${noun}.*`}
              disabled={everything}
              label={t(`webhooks.noun.${noun}`)}
            />
          ))}
        </div>
      </Checkbox.Group>
      <TextInput
        label={t("webhooks.single")}
        description={t("webhooks.singleHint")}
        placeholder="content.published, target.failed"
        defaultValue={single.join(", ")}
        onChange={(event) => onChange([...kinds, ...namesIn(event.currentTarget.value)])}
      />
    </>
  );
}

/** The names in what was typed, however they are set apart. */
export function namesIn(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}
